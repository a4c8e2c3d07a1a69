"""Expected number of collisions in one encounter, with both orbits curved and uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.collision_rate import collision_rate, sharpness, sphere_points
from skypact.ssa.encounter_interval import encounter_intervals_s
from skypact.ssa.peak_overlap import element_pairs, find_overlap, scratch

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]

_FEWEST_PANELS = 32
_MOST_PANELS = 4096
_MOST_POINTS = 5e7  # of sphere and time: a body of many sigmas is not refined for minutes
_COLUMNS = 8
_TIME_TOLERANCE = 1e-7


class ExpectedCollisions(NamedTuple):
    """Expected collisions of n encounters, and what tells how far to trust them: all (n,).

    Times count from `tca_tai_ns`. The rate of collisions is integrated from `start_s` to
    `stop_s` and largest at `peak_s`. Ratios are of one: `cut_ratio` bounds what lies outside
    the interval where it had to be cut, `change_ratio` is the effect of the last refinement
    in time, `unsettled_ratio` the share that comes from instants at which the point of
    linearisation was not found, `sharpness_ratio` the radius by the smallest sigma of
    position at the peak, `collision_rate.SHARPEST_RATIO` being the most that the sphere's
    nodes resolve, `negative_ratio` what repair took away, as in `ElementPairs`.

    One encounter rarely gives two collisions, so the number is the probability. A value of
    NaN could not be determined (a covariance without velocity, no ellipse).
    """

    value: Floats
    start_s: Floats
    stop_s: Floats
    peak_s: Floats
    cut_ratio: Floats
    change_ratio: Floats
    unsettled_ratio: Floats
    sharpness_ratio: Floats
    negative_ratio: Floats


def expected_collisions_3d(
    encounters: Encounters, *, half_span_s: Floats | None = None
) -> ExpectedCollisions:
    """Hall's 3D-Nc: the collision rate integrated over the sphere and over time.

    Both objects follow two-body orbits whose errors are Gaussian in equinoctial elements; at
    each instant motion is linearised about the most likely meeting, not about the means.
    Times up to `half_span_s` (n,) either side count: by default half of the shorter period,
    so that an encounter once per orbit is one event.

    Take encounters as their message states them, not moved by `at_closest_approach`: the
    integral finds its own times, and a state moved along a line without its covariance
    turning changes the far tail by up to 6e-3.

    Source: Hall (2021), "Expected Collision Rates for Tracked Satellites";
    the rate after Coppola (2012), AAS 12-247.
    """
    pairs = element_pairs(encounters)
    intervals_s = encounter_intervals_s(encounters, pairs, half_span_s=half_span_s)
    found = np.full((len(encounters), _COLUMNS), np.nan)
    _expected_collisions(
        pairs, intervals_s, np.ascontiguousarray(encounters.hard_body_radius_m), found
    )
    return ExpectedCollisions(*np.vstack([found.T, pairs.negative_ratio]))


@kernel
def _expected_collisions(pairs, intervals, radius, found):  # type: ignore[no-untyped-def]
    work = scratch()
    for i in range(intervals.shape[0]):
        start, stop = intervals[i]
        if start < stop:
            means, covariances, floor = pairs.means[i], pairs.covariances[i], pairs.floor_m2[i]
            _integrate(means, covariances, floor, radius[i], start, stop, work, found[i])


@kernel
def _integrate(means, covariances, floor, radius, start, stop, work, found):  # type: ignore[no-untyped-def]
    """Trapezoids, doubled until they agree: at the ends a rate is as good as zero.

    For such a function the rule converges faster than any power of the step.
    """
    panels, step = _FEWEST_PANELS, (stop - start) / _FEWEST_PANELS
    peak, peak_s, sharp, unsettled = -1.0, start, 0.0, 0.0
    total, ends, before, change = 0.0, 0.0, 0.0, np.inf
    first, stride, points = 0, 1, 0
    while True:
        for panel in range(first, panels + 1, stride):
            time = start + panel * step
            squared, settled = find_overlap(means, covariances, floor, time, work)
            rate = 0.0
            if squared < np.inf:
                rate = collision_rate(work, radius)
                points += sphere_points(sharpness(work.factor, radius))
            if rate > peak:
                peak, peak_s = rate, time
                if squared < np.inf:
                    sharp = sharpness(work.factor, radius)
            unsettled += 0.0 if settled else rate
            at_end = panel == 0 or panel == panels
            total += 0.5 * rate if at_end else rate
            ends += rate if at_end else 0.0
        change = abs(total * step - before)
        before = total * step
        if change <= _TIME_TOLERANCE * before or panels >= _MOST_PANELS:
            break
        if points > _MOST_POINTS:
            break
        panels, step, first, stride = 2 * panels, 0.5 * step, 1, 2
    found[0], found[1], found[2], found[3] = before, start, stop, peak_s
    scale = before if before > 0.0 else 1.0
    found[4], found[5] = ends * (stop - start) / scale, change / scale
    found[6], found[7] = unsettled * step / scale, sharp
