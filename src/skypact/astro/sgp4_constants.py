"""SGP4's physical constants (WGS72) and the kinds of orbit that it tells apart.

Source: Vallado, Crawford, Hujsak and Kelso (2006), AIAA 2006-6753, `getgravconst` and `dscom`.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

EARTH_RADIUS_M: Final = 6_378_135.0
EARTH_GM_M3_S2: Final = 3.986008e14
XKE: Final = 60.0 / sqrt(6378.135**3 / 398600.8)  # Earth radii^1.5 per minute
J2: Final = 0.001082616
J4: Final = -0.00000165597
J3_OVER_J2: Final = -0.00000253881 / 0.001082616

EARTH_RATE_RAD_MIN: Final = 4.37526908801129966e-3
SUN_RATE_RAD_MIN: Final = 1.19459e-5
MOON_RATE_RAD_MIN: Final = 1.5835218e-4
SUN_ECCENTRICITY: Final = 0.01675
MOON_ECCENTRICITY: Final = 0.05490

# Kinds of orbit, as column `kind` of the terms holds them.
NEAR_SIMPLE: Final = 0.0  # perigee below 220 km: drag terms truncated
NEAR: Final = 1.0
DEEP: Final = 2.0  # a period of 225 minutes or more
DEEP_ONE_DAY: Final = 3.0  # in resonance with the Earth's rotation
DEEP_HALF_DAY: Final = 4.0
