"""Mean orbital elements: what a public catalogue consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skypact.records.marks import MarkedTable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Text = npt.NDArray[Any]  # StringDType, which the type checkers do not know yet
    Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Elements(MarkedTable):
    """SGP4 mean elements in TEME, one row per element set; an object may have several.

    Angles are in [0, 2 pi), `epoch_utc` is `datetime64[ns]`, `mean_motion_rad_s` is Kozai's
    mean motion as element sets publish it, `bstar_per_earth_radius` multiplies density in
    units of SGP4's own. The two derivatives of mean motion are carried, not used, by SGP4;
    they are the true derivatives, not the halves and sixths that a TLE prints.
    `ephemeris_type` 0 is SGP4, 4 is SGP4-XP.
    """

    norad_id: Integers
    name: Text
    object_id: Text
    epoch_utc: Times
    mean_motion_rad_s: Floats
    eccentricity: Floats
    inclination_rad: Floats
    raan_rad: Floats
    argument_of_perigee_rad: Floats
    mean_anomaly_rad: Floats
    bstar_per_earth_radius: Floats
    mean_motion_dot_rad_s2: Floats
    mean_motion_ddot_rad_s3: Floats
    ephemeris_type: Integers
    classification: Text
    element_set_no: Integers
    rev_at_epoch: Integers
