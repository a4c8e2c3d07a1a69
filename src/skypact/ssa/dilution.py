"""Whether worse data would make a collision look likelier, and what it could become at most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.covariance import CovarianceKind, covariance_kinds
from skypact.ssa.disc_integral import (
    disc_integral,
    disc_probability,
    mahalanobis_depth,
    nearest_angle,
)
from skypact.ssa.encounter_plane import encounter_planes, principal_axes
from skypact.ssa.planar_methods import equal_area_square

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

_GRID = 32
_GOLDEN = 0.5 * (sqrt(5.0) - 1.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class Dilution:
    """n encounters' largest 2D-Pc over all sizes of their joint covariance.

    `sigma_ratio` is the factor on the sigmas that gives `probability`. Below 1 the encounter
    is diluted: its probability is low because the orbits are poorly known, and better data
    may raise it up to `probability`. NaN where the 2D-Pc is.
    """

    probability: Floats
    sigma_ratio: Floats
    is_diluted: Booleans


def dilution(encounters: Encounters) -> Dilution:
    """The largest probability by the size of the covariance, its shape kept.

    Where the hard body reaches over the miss, certainty is reached at a size of 0. Otherwise
    the size lies where some point of the disc is √2 sigmas away, a bracket that holds for
    any disc; in it the best of 32 sizes is refined to 1e-8.

    Source: Alfano (2005), "Relating Position Uncertainty to Maximum Conjunction
    Probability"; Hejduk, Snow & Newman (2019), "Satellite Conjunction Assessment Risk
    Analysis for 'Dilution Region' Events", on what it means.
    """
    planes = encounter_planes(encounters)
    miss_x, miss_y = np.abs(planes.miss_major_m), np.abs(planes.miss_minor_m)
    probability, ratio = np.empty(len(encounters)), np.empty(len(encounters))
    _dilution(
        np.stack(
            [
                miss_x,
                miss_y,
                planes.sigma_major_m,
                planes.sigma_minor_m,
                encounters.hard_body_radius_m,
            ],
            axis=1,
        ),
        probability,
        ratio,
    )
    return Dilution(probability=probability, sigma_ratio=ratio, is_diluted=ratio < 1.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class OneCovarianceMaximum:
    """n encounters' largest probability when one object's covariance could be anything.

    `lacking` is the object whose covariance is missing (1 or 2), 0 where both are there:
    then the value is the plain 2D-Pc, and 3 where neither is: NaN. `equal_area_square`
    is the same with the disc replaced by a square, as NASA CARA's figures are.
    """

    probability: Floats
    equal_area_square: Floats
    lacking: Integers


def one_covariance_maximum(encounters: Encounters) -> OneCovarianceMaximum:
    """Frisbee's bound for a pair of which one object has no covariance.

    Missing is a position covariance that is unknown, zero or a default. The other's is
    widened along the miss until the miss is one sigma away; a miss within one sigma
    stays as it is. That is the worst for a hard body that is small against the covariance.

    Source: Frisbee (2015), "An Upper Bound on High Speed Satellite Collision Probability
    When Only One Object Has Position Uncertainty Information", AAS 15-717.
    """
    gone = [_is_missing(encounters.covariances1), _is_missing(encounters.covariances2)]
    one, other = (missing[:, None, None] for missing in gone)
    planes = encounter_planes(
        replace(
            encounters,
            covariances1=np.where(one, 0.0, encounters.covariances1),
            covariances2=np.where(other, 0.0, encounters.covariances2),
            cross_covariances=np.where(one | other, 0.0, encounters.cross_covariances),
        )
    )
    lacking = gone[0] + 2 * gone[1]
    widened = planes.covariances_m2.copy()
    extra = _critical_variance_m2(widened, planes.offset_m)
    widened[:, 0, 0] += np.where((lacking == 1) | (lacking == 2), extra, 0.0)
    radius_m = np.ascontiguousarray(encounters.hard_body_radius_m)
    major_m, minor_m, angle_rad, _ = principal_axes(widened, radius_m)
    offset_m = planes.offset_m
    miss_x_m, miss_y_m = offset_m * np.cos(angle_rad), offset_m * np.sin(angle_rad)
    plane = (miss_x_m, miss_y_m, major_m, minor_m, radius_m)
    return OneCovarianceMaximum(
        probability=disc_probability(*plane),
        equal_area_square=equal_area_square(*plane),
        lacking=lacking,
    )


def _is_missing(covariances: Floats) -> Integers:
    kinds = covariance_kinds(covariances)
    known = (kinds == CovarianceKind.KNOWN) | (kinds == CovarianceKind.POSITION_ONLY)
    return np.asarray(~known, np.int64)


def _critical_variance_m2(covariances_m2: Floats, offset_m: Floats) -> Floats:
    """What must be added along x so that the offset is one sigma away; 0 where it is nearer."""
    along_x, mixed, along_z = (covariances_m2[:, i, j] for i, j in ((0, 0), (0, 1), (1, 1)))
    with np.errstate(invalid="ignore", divide="ignore"):
        # 1 / (C⁻¹)xx: the variance along x given z. A singular matrix has none.
        conditional = along_x - mixed**2 / along_z
        conditional = np.where(conditional > 0.0, conditional, 0.0)
    extra: Floats = np.maximum(offset_m**2 - conditional, 0.0)
    return extra


@kernel
def _dilution(rows, probability, ratio):  # type: ignore[no-untyped-def]
    for i in range(rows.shape[0]):
        x, y, major, minor, radius = rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3], rows[i, 4]
        now = disc_integral(x, y, major, minor, radius)
        if not (now >= 0.0 and 0.0 < radius < np.inf):
            probability[i], ratio[i] = now, np.nan
        elif sqrt(x * x + y * y) <= radius:
            probability[i], ratio[i] = 1.0, 0.0
        else:
            probability[i], ratio[i] = _best_size(x, y, major, minor, radius)


@kernel
def _best_size(x, y, major, minor, radius):  # type: ignore[no-untyped-def]
    angle = nearest_angle(x, y, major, minor, radius)
    depth = mahalanobis_depth(angle, x, y, major, minor, radius)
    farthest = sqrt((x / major) ** 2 + (y / minor) ** 2) + radius / minor
    low, high = 0.5 * log(max(depth, 1e-24)), log(farthest / sqrt(2.0))
    step = (high - low) / _GRID
    best, top = low, -1.0
    for k in range(_GRID + 1):
        value = _at_size(low + k * step, x, y, major, minor, radius)
        if value > top:
            best, top = low + k * step, value
    left, right = best - step, best + step
    while right - left > 1e-8:
        first, second = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
        at_first = _at_size(first, x, y, major, minor, radius)
        if at_first > _at_size(second, x, y, major, minor, radius):
            right = second
        else:
            left = first
    middle = 0.5 * (left + right)
    return _at_size(middle, x, y, major, minor, radius), exp(middle)


@kernel
def _at_size(log_ratio, x, y, major, minor, radius):  # type: ignore[no-untyped-def]
    size = exp(log_ratio)
    return disc_integral(x, y, size * major, size * minor, radius)
