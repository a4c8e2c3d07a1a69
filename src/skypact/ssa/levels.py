"""How much attention a conjunction needs: levels from thresholds that are data."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from skypact.astro.sgp4_constants import EARTH_RADIUS_M
from skypact.base.errors import InputError
from skypact.ssa.volumes import PRESETS, Volume

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


class Level(IntEnum):
    """What an event asks of its operator; a higher number goes first.

    UNKNOWN: the probability was sought and could not be determined. It stands above YELLOW,
    because it may be anything, and below RED, because a known danger goes first.
    """

    GREEN = 0
    YELLOW = 1
    UNKNOWN = 2
    RED = 3


class Thresholds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the levels begin.

    A probability at or above `red_probability` is RED while the closest approach is at most
    `red_within_s` away, and YELLOW before; at or above `yellow_probability` it is YELLOW.
    Events whose probability is not known are ordered by a volume around the primary: `low`
    for a primary below `low_ceiling_m` from the Earth's centre, `high` for the others.

    Source: 1e-7 and 1e-4 are NASA CARA's, nasa.gov/cara/step-2-close-approach-risk-assessment;
    volumes as in `ssa.volumes.PRESETS`; low orbits as the IADC's protected region.

    Raises:
        InputError: a probability is not one, or yellow begins above red.
    """

    yellow_probability: float = 1e-7
    red_probability: float = 1e-4
    red_within_s: float = math.inf
    low: Volume = PRESETS["leo"]
    high: Volume = PRESETS["geo"]
    low_ceiling_m: float = EARTH_RADIUS_M + 2.0e6
    source: str = "NASA CARA"

    def __post_init__(self) -> None:
        if not 0.0 < self.yellow_probability <= self.red_probability <= 1.0:
            raise InputError(
                "thresholds must satisfy 0 < yellow <= red <= 1, not "
                f"{self.yellow_probability:g} and {self.red_probability:g}"
            )
        if not self.red_within_s > 0.0:
            raise InputError(f"red must begin before the approach, not {self.red_within_s} s")


def levels(
    collision_probability: Floats, time_to_tca_s: Floats, thresholds: Thresholds
) -> Integers:
    """Level of each row, as the numbers of `Level`. Shapes (n,).

    NaN, and anything that is no probability, is UNKNOWN. A time to the closest approach that
    is not known (NaN) counts as near; one that has passed keeps the level that it had.
    """
    known = (collision_probability >= 0.0) & (collision_probability <= 1.0)
    red = collision_probability >= thresholds.red_probability
    soon = ~(time_to_tca_s > thresholds.red_within_s)
    yellow = collision_probability >= thresholds.yellow_probability
    found = np.where(red & soon, Level.RED, np.where(yellow, Level.YELLOW, Level.GREEN))
    return np.where(known, found, Level.UNKNOWN).astype(np.int64)


def depths(miss_rtn_m: Floats, geocentric_m: Floats, thresholds: Thresholds) -> Floats:
    """How far each miss (n, 3) lies in the primary's volume: 0 at its centre, 1 on its face.

    `geocentric_m` (n,) is the primary's distance from the Earth's centre. NaN where the miss
    or, with two different volumes, that distance is not known.
    """
    found: Floats = np.where(
        geocentric_m < thresholds.low_ceiling_m,
        _depth(miss_rtn_m, thresholds.low),
        _depth(miss_rtn_m, thresholds.high),
    )
    if thresholds.low != thresholds.high:
        found = np.where(np.isnan(geocentric_m), np.nan, found)
    return found


def _depth(miss_rtn_m: Floats, volume: Volume) -> Floats:
    axes_m = np.array([volume.radial_m, volume.transverse_m, volume.normal_m])
    scaled = np.abs(miss_rtn_m) / axes_m
    if volume.kind == "box":
        return np.asarray(scaled.max(axis=-1), np.float64)
    return np.asarray(np.linalg.norm(scaled, axis=-1), np.float64)


def worst_first(
    level: Integers, collision_probability: Floats, depth_ratio: Floats, miss_distance_m: Floats
) -> Integers:
    """Row numbers in the order in which they need attention. Shapes (n,).

    By level; within it the known by probability, the unknown by whether they lie in the
    volume, then by miss distance. What is not known about an unknown row counts as worst.
    """
    likely = np.where(level == Level.UNKNOWN, 0.0, -collision_probability)
    outside = (level == Level.UNKNOWN) & (depth_ratio > 1.0)
    miss_m = np.where(np.isnan(miss_distance_m), -1.0, miss_distance_m)
    return np.lexsort((miss_m, outside, likely, -level)).astype(np.int64)
