"""Hall's 2D-Nc: the short encounter that stands for one of curved, uncertain orbits."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.kernel import kernel
from skypact.records.encounters import Encounters
from skypact.ssa.collision_rate import velocity_given_position
from skypact.ssa.covariance import joint_covariances
from skypact.ssa.encounter_interval import half_shorter_period_s, relative_states
from skypact.ssa.peak_overlap import element_pairs, find_overlap, scratch
from skypact.ssa.probability import collision_probability
from skypact.ssa.small_matrices import root_determinant, solved, write_cholesky

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_MOST_STEPS = 25
_STEP_SIGMAS = 0.25  # of the differences that give slope and curvature
_TOLERANCE_SIGMAS = 1e-3
_COLUMNS = 19  # peak, sigma, departure, factor; miss, velocity, covariance
_GRID = 257


class ShortEncounters(NamedTuple):
    """2D-Nc of n encounters, and what tells how far to trust it: all (n,).

    The rate of collisions is taken as a Gaussian in time with its peak `peak_s` after
    `tca_tai_ns` and a width of `sigma_s`; `departure_ratio` is the largest misfit of its
    exponent two sigmas either side, zero for a true Gaussian, `negative_ratio` what repair took
    away, as in `ElementPairs`. A value of NaN could not be determined.
    """

    value: Floats
    peak_s: Floats
    sigma_s: Floats
    departure_ratio: Floats
    negative_ratio: Floats


def expected_collisions_2d(encounters: Encounters) -> ShortEncounters:
    """Expected collisions from the one instant at which two uncertain orbits overlap most.

    There the motion linearised about the most likely meeting gives a miss, a velocity and a
    covariance, and these a probability in their encounter plane. The width in time of the
    rate, from its curvature, replaces that of straight motion. A few evaluations per
    encounter do, against thousands for `expected_collisions_3d`.

    Take encounters as their message states them, not moved by `at_closest_approach`.

    Source: the method is Hall's (2021), "Expected Collision Rates for Tracked Satellites"; the
    search for the peak is Skypact's.
    """
    pairs = element_pairs(encounters)
    found = np.full((len(encounters), _COLUMNS), np.nan)
    _effective_encounters(
        pairs, relative_states(encounters), joint_covariances(encounters),
        half_shorter_period_s(pairs), found,
    )  # fmt: skip
    planar = collision_probability(_as_encounters(found, encounters)).probability
    return ShortEncounters(
        planar * found[:, 3], found[:, 0], found[:, 1], found[:, 2], pairs.negative_ratio
    )


def _as_encounters(found: Floats, encounters: Encounters) -> Encounters:
    nowhere = np.zeros((len(encounters), 3))
    covariances = np.full((len(encounters), 6, 6), np.nan)
    covariances[:, :3, :3] = found[:, 10:19].reshape(-1, 3, 3)
    certain = np.zeros_like(covariances)
    return Encounters(
        tca_tai_ns=encounters.tca_tai_ns,
        r1_m=nowhere,
        v1_m_s=nowhere,
        r2_m=found[:, 4:7],
        v2_m_s=found[:, 7:10],
        covariances1=covariances,
        covariances2=certain,
        cross_covariances=certain,
        hard_body_radius_m=encounters.hard_body_radius_m,
    )


@kernel
def _effective_encounters(pairs, relative, joint, half_span, found):  # type: ignore[no-untyped-def]
    work = scratch()
    for i in range(relative.shape[0]):
        means, covariances, floor = pairs.means[i], pairs.covariances[i], pairs.floor_m2[i]
        if not (np.isfinite(means).all() and np.isfinite(covariances).all()):
            continue
        limit = half_span[i]
        peak, sigma = _straight_peak(relative[i], joint[i], work)
        peak, sigma = _peak(means, covariances, floor, peak, sigma, limit, work)
        if not sigma > 0.0:
            peak, sigma = _likeliest(means, covariances, floor, -limit, limit, work)
            peak, sigma = _peak(means, covariances, floor, peak, sigma, limit, work)
        if sigma > 0.0:
            _write(means, covariances, floor, peak, sigma, work, found[i])


@kernel
def _straight_peak(relative, joint, work):  # type: ignore[no-untyped-def]
    """Time and width of the overlap, were the motion straight and the velocity certain."""
    write_cholesky(joint, work.factor)
    x, y, z = solved(work.factor, relative[3], relative[4], relative[5])
    rate = relative[3] * x + relative[4] * y + relative[5] * z
    return -(relative[0] * x + relative[1] * y + relative[2] * z) / rate, 1.0 / sqrt(rate)


@kernel
def _likeliest(means, covariances, floor, start, stop, work):  # type: ignore[no-untyped-def]
    """The best of some instants of an interval, and their distance."""
    least, best = np.inf, start
    for knot in range(_GRID):
        time = start + (stop - start) * knot / (_GRID - 1)
        found = _unlikelihood(means, covariances, floor, time, work)
        if found < least:
            least, best = found, time
    return best, (stop - start) / (_GRID - 1)


@kernel
def _unlikelihood(means, covariances, floor, time, work):  # type: ignore[no-untyped-def]
    """-2 log of the collision rate of a small body, but for a constant."""
    squared, _ = find_overlap(means, covariances, floor, time, work)
    velocity = velocity_given_position(work.mean, work.covariance, work.factor)[2]
    speed2 = velocity[0] ** 2 + velocity[1] ** 2 + velocity[2] ** 2
    return squared + 2.0 * log(root_determinant(work.factor)) - log(speed2)


@kernel
def _peak(means, covariances, floor, peak, sigma, limit, work):  # type: ignore[no-untyped-def]
    """Newton's search for the most likely time; returns a sigma of NaN where it fails."""
    for _ in range(_MOST_STEPS):
        if not (sigma > 0.0 and abs(peak) <= limit):
            break
        h = min(_STEP_SIGMAS * sigma, 0.01 * limit)
        middle = _unlikelihood(means, covariances, floor, peak, work)
        before = _unlikelihood(means, covariances, floor, peak - h, work)
        after = _unlikelihood(means, covariances, floor, peak + h, work)
        curvature = (after - 2.0 * middle + before) / (h * h)
        if not curvature > 0.0:
            break
        step = (before - after) / (2.0 * h * curvature)
        sigma = sqrt(2.0 / curvature)
        peak += min(4.0 * sigma, max(-4.0 * sigma, step))
        if abs(step) < _TOLERANCE_SIGMAS * sigma:
            return peak, sigma
    return peak, np.nan


@kernel
def _write(means, covariances, floor, peak, sigma, work, found):  # type: ignore[no-untyped-def]
    least = _unlikelihood(means, covariances, floor, peak, work)
    departure = 0.0
    for side in (-2.0, 2.0):
        rise = _unlikelihood(means, covariances, floor, peak + side * sigma, work) - least
        departure = max(departure, abs(rise / 4.0 - 1.0))
    find_overlap(means, covariances, floor, peak, work)
    mean, covariance = work.mean, work.covariance
    velocity = velocity_given_position(mean, covariance, work.factor)[2]
    x, y, z = solved(work.factor, velocity[0], velocity[1], velocity[2])
    along = mean[0] * x + mean[1] * y + mean[2] * z
    rate = velocity[0] * x + velocity[1] * y + velocity[2] * z
    # In its plane, straight motion has its own peak and width; both give way to the true ones.
    found[0], found[1], found[2] = peak, sigma, departure
    found[3] = exp(-0.5 * along * along / rate) * sigma * sqrt(rate)
    for i in range(3):
        found[4 + i], found[7 + i] = mean[i], velocity[i]
        for j in range(3):
            found[10 + 3 * i + j] = covariance[i, j]
