"""Volumes around an object that a close approach must enter, and the usual ones by regime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct

from skypact.astro.sgp4_constants import EARTH_GM_M3_S2, EARTH_RADIUS_M
from skypact.base.errors import InputError

if TYPE_CHECKING:
    from skypact.records.elements import Elements

Kind = Literal["sphere", "ellipsoid", "box"]


class Volume(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region centred on an object, aligned with its radial, transverse and normal axes.

    The three numbers are semi-axes (of a box: half its edges); a sphere has three equal
    ones. `source` says who uses it.

    Raises:
        InputError: a semi-axis is not a positive number, or a sphere's differ.
    """

    kind: Kind
    radial_m: float
    transverse_m: float
    normal_m: float
    source: str = ""

    def __post_init__(self) -> None:
        axes_m = (self.radial_m, self.transverse_m, self.normal_m)
        if not all(0.0 < axis_m < float("inf") for axis_m in axes_m):
            raise InputError(f"the semi-axes of a volume must be positive metres, not {axes_m}")
        if self.kind == "sphere" and len(set(axes_m)) > 1:
            raise InputError(f"a sphere has one radius, not {axes_m} m; say ellipsoid instead")


def sphere(radius_m: float, *, source: str = "") -> Volume:
    """A sphere of this radius."""
    return Volume(
        kind="sphere", radial_m=radius_m, transverse_m=radius_m, normal_m=radius_m, source=source
    )


PRESETS = {
    "leo": Volume(
        kind="ellipsoid",
        radial_m=500.0,
        transverse_m=17_000.0,
        normal_m=20_000.0,
        source="NASA CARA's low-Earth group; Hejduk and Pachura (2017)",
    ),
    "geo": sphere(15_000.0, source="NASA's geosynchronous missions; Narvet (2011)"),
    "socrates": sphere(5_000.0, source="CelesTrak SOCRATES, celestrak.org/SOCRATES"),
}

# Regimes after the protected regions of the IADC guidelines (2021): low orbits below 2000 km
# height, geosynchronous ones within 200 km of 35,786 km and 15 degrees of the equator.
_LEO_CEILING_M = EARTH_RADIUS_M + 2.0e6
_GEO_RADIUS_M = EARTH_RADIUS_M + 35.786e6
_GEO_HALF_DEPTH_M = 200e3
_GEO_HALF_WIDTH_RAD = np.radians(15.0)


def by_regime(elements: Elements) -> dict[int, Volume]:
    """The preset of the regime that each object flies in, by catalogue number.

    Objects in no regime that has one are left out. Of several element sets the last decides.
    """
    axis_m = np.cbrt(EARTH_GM_M3_S2 / elements.mean_motion_rad_s**2)
    reach_m = axis_m * elements.eccentricity
    low = axis_m + reach_m < _LEO_CEILING_M
    geosynchronous = (
        (np.abs(axis_m - _GEO_RADIUS_M) + reach_m < _GEO_HALF_DEPTH_M)
        & (elements.inclination_rad < _GEO_HALF_WIDTH_RAD)
    )  # fmt: skip
    numbers = elements.norad_id
    return {
        **dict.fromkeys(numbers[low].tolist(), PRESETS["leo"]),
        **dict.fromkeys(numbers[geosynchronous].tolist(), PRESETS["geo"]),
    }
