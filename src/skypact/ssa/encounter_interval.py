"""From when to when two uncertain orbits may meet."""

from __future__ import annotations

from math import log, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.equinoctial import GM_M3_S2, N
from skypact.base.kernel import kernel
from skypact.ssa.collision_rate import sharpness
from skypact.ssa.covariance import joint_covariances
from skypact.ssa.peak_overlap import find_overlap, scratch
from skypact.ssa.small_matrices import root_determinant

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters
    from skypact.ssa.peak_overlap import ElementPairs

    Floats = npt.NDArray[np.float64]

_SIGMAS = 8.3
"""Half of the interval that holds all but 1e-16 of a normal density."""

_DEEPEST = 75.0  # of -2 log rate above its least: a rate of 5e-17 of the peak's
_FEWEST_KNOTS = 33
# Over the widest interval, a period: the overlaps of slow pairs last longer than a thousandth
# of one (70 s in GEO, 14 s in LEO).
_MOST_KNOTS = 1025
_MOST_WIDENINGS = 60


def encounter_intervals_s(
    encounters: Encounters, pairs: ElementPairs, *, half_span_s: Floats | None = None
) -> Floats:
    """First and last time (n, 2) after `tca_tai_ns` at which a meeting is not negligible.

    Both lie within `half_span_s` (n,), by default half of the shorter period. NaN where a
    covariance, an ellipse or the radius is unknown.
    """
    if half_span_s is None:
        half_span_s = half_shorter_period_s(pairs)
    intervals_s = np.full((len(encounters), 2), np.nan)
    _encounter_intervals(
        pairs, relative_states(encounters), joint_covariances(encounters),
        np.ascontiguousarray(encounters.hard_body_radius_m),
        np.ascontiguousarray(half_span_s, np.float64), intervals_s,
    )  # fmt: skip
    return intervals_s


def straight_duration_s(encounters: Encounters) -> Floats:
    """How long (n,) straight relative motion may be within the radius; see `linear_interval_s`.

    At most the shorter period. NaN where a covariance, an ellipse or the radius is unknown.
    """
    duration_s = np.full(len(encounters), np.nan)
    _straight_durations(
        relative_states(encounters), joint_covariances(encounters),
        np.ascontiguousarray(encounters.hard_body_radius_m), 0.5 * period_s(encounters),
        duration_s,
    )  # fmt: skip
    return duration_s


def period_s(encounters: Encounters) -> Floats:
    """The shorter period (n,) of each pair; NaN where one is no ellipse."""
    shorter = np.full(len(encounters), np.inf)
    for r_m, v_m_s in (
        (encounters.r1_m, encounters.v1_m_s),
        (encounters.r2_m, encounters.v2_m_s),
    ):
        with np.errstate(invalid="ignore", divide="ignore"):
            energy = 2.0 / np.linalg.norm(r_m, axis=1) - (v_m_s**2).sum(axis=1) / GM_M3_S2
            period = 2.0 * pi * energy**-1.5 / sqrt(GM_M3_S2)
        shorter = np.minimum(shorter, period)
    return shorter


def half_shorter_period_s(pairs: ElementPairs) -> Floats:
    """Half of the shorter of both periods, (n,)."""
    half: Floats = pi / np.maximum(pairs.means[:, N], pairs.means[:, 6 + N])
    return half


def relative_states(encounters: Encounters) -> Floats:
    """Position and velocity (n, 6) of object 2 minus those of object 1."""
    return np.hstack([encounters.r2_m - encounters.r1_m, encounters.v2_m_s - encounters.v1_m_s])


@kernel
def _encounter_intervals(pairs, relative, joint, radius, half_span, intervals):  # type: ignore[no-untyped-def]
    work = scratch()
    for i in range(relative.shape[0]):
        means, covariances, floor = pairs.means[i], pairs.covariances[i], pairs.floor_m2[i]
        known = np.isfinite(means).all() and np.isfinite(covariances).all()
        if known and 0.0 <= radius[i] < np.inf:
            guess = linear_interval_s(relative[i], joint[i], radius[i], half_span[i])
            intervals[i] = meeting_interval_s(
                means, covariances, floor, guess, radius[i], half_span[i], work
            )


@kernel
def _straight_durations(relative, joint, radius, limit, durations):  # type: ignore[no-untyped-def]
    for i in range(durations.shape[0]):
        known = np.isfinite(relative[i]).all() and np.isfinite(joint[i]).all()
        if known and 0.0 <= radius[i] < np.inf:
            start, stop = linear_interval_s(relative[i], joint[i], radius[i], limit[i])
            durations[i] = stop - start


@kernel
def linear_interval_s(relative, joint, radius, limit_s):  # type: ignore[no-untyped-def]
    """First and last time at which straight relative motion may be within the radius.

    Only the coordinate along the relative velocity counts, and its sigma, which grows with
    the uncertainty of the velocity. Where that outgrows the motion itself the interval has no
    end, and is `limit_s` either way.

    Source: after Coppola (2012), "Evaluating the Short Encounter Assumption of the
    Probability of Collision Formula", AAS 12-248, with gamma = 1e-16.
    """
    speed2 = relative[3] ** 2 + relative[4] ** 2 + relative[5] ** 2
    speed = sqrt(speed2)
    along = a = b = c = 0.0
    for i in range(3):
        along += relative[i] * relative[3 + i] / speed
        for j in range(3):
            share = relative[3 + i] * relative[3 + j] / speed2
            a += share * joint[i, j]
            b += share * joint[i, 3 + j]
            c += share * joint[3 + i, 3 + j]
    quadratic = speed2 - _SIGMAS**2 * c
    if not quadratic > 0.0:
        return -limit_s, limit_s
    start_s, stop_s = np.inf, -np.inf
    for side in (-radius, radius):
        linear = speed * (along + side) - _SIGMAS**2 * b
        constant = (along + side) ** 2 - _SIGMAS**2 * a
        root = linear * linear - quadratic * constant
        if root >= 0.0:
            start_s = min(start_s, (-linear - sqrt(root)) / quadratic)
            stop_s = max(stop_s, (-linear + sqrt(root)) / quadratic)
    if not start_s < stop_s:
        return -limit_s, limit_s
    return max(start_s, -limit_s), min(stop_s, limit_s)


@kernel
def unlikelihood(means, covariances, floor_m2, time_s, radius, work):  # type: ignore[no-untyped-def]
    """-2 log of the density of a meeting at a time, but for a constant; NaN if not known.

    The distance counts from the sphere, not from its centre: a hard body wider than the
    errors is met long before the centres would meet.
    """
    squared, _ = find_overlap(means, covariances, floor_m2, time_s, work)
    if not squared < np.inf:
        return np.nan
    near = max(0.0, sqrt(squared) - sharpness(work.factor, radius))
    return near * near + 2.0 * log(root_determinant(work.factor))


@kernel
def meeting_interval_s(means, covariances, floor_m2, guess_s, radius, limit_s, work):  # type: ignore[no-untyped-def]
    """First and last time of a meeting that is not negligible, within `limit_s` of zero.

    The guess is widened until both ends are unlikely enough, then narrowed to what counts:
    slow pairs often meet, if at all, a quarter of an orbit away from their nominal TCA.
    """
    start_s, stop_s = guess_s
    for _ in range(_MOST_WIDENINGS):
        share = (stop_s - start_s) / (2.0 * limit_s)
        knots = max(_FEWEST_KNOTS, int(share * _MOST_KNOTS))
        grid = np.empty(knots)
        step_s = (stop_s - start_s) / (knots - 1)
        for knot in range(knots):
            found = unlikelihood(
                means, covariances, floor_m2, start_s + knot * step_s, radius, work
            )
            grid[knot] = found if found < np.inf else np.inf
        highest = grid.min() + _DEEPEST
        before, after = start_s, stop_s
        if grid[0] < highest or grid[0] == grid.min():
            before = max(-limit_s, start_s - 0.5 * (stop_s - start_s))
        if grid[-1] < highest or grid[-1] == grid.min():
            after = min(limit_s, stop_s + 0.5 * (stop_s - start_s))
        if before == start_s and after == stop_s:
            inside = np.flatnonzero(grid <= highest)
            if inside.size == 0:
                return start_s, stop_s
            first, last = max(0, inside[0] - 1), min(knots - 1, inside[-1] + 1)
            before, after = start_s + first * step_s, start_s + last * step_s
            if 2 * (last - first) > knots:
                return before, after
        start_s, stop_s = before, after
    return start_s, stop_s
