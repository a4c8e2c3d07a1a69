"""How often two uncertain orbits collide, by trying."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.equinoctial import GM_M3_S2, H, K, N, write_state
from skypact.base.errors import InputError
from skypact.base.kernel import kernel
from skypact.ssa.binomial_bounds import binomial_bounds
from skypact.ssa.encounter_interval import encounter_intervals_s, half_shorter_period_s
from skypact.ssa.peak_overlap import element_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]

_BLOCK = 100_000
_PADDING_RATIO = 0.5  # of the interval, added either side
_NARROW = 0.9**3  # the line between both objects may pass this far inside their perigees
_STEEPEST_S2 = GM_M3_S2 / 6.0e6**3
_STRAIGHT = 0.02  # of curvature to speed: a hit is then decided to 2e-4 of the radius
_DEEPEST_SPLIT = 60
_SETTLED = 1e-4  # of the radius


@dataclass(frozen=True, kw_only=True)
class MonteCarlo:
    """Trials of one encounter and those that hit, with 95 % confidence bounds.

    `lost` trials drew a state that is no ellipse: they count as misses in `probability` and
    `lower_bound`, and as hits in `upper_bound`. Times count from `tca_tai_ns`.
    `negative_ratio` is what repair of the covariance took away, as in `ElementPairs`.
    """

    trials: int
    hits: int
    lost: int
    probability: float
    lower_bound: float
    upper_bound: float
    start_s: float
    stop_s: float
    negative_ratio: float


def monte_carlo(
    encounter: Encounters,
    *,
    trials: int,
    seed: int,
    enough_hits: int | None = None,
    half_span_s: float | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> MonteCarlo | None:
    """Share of sampled pairs of orbits that come within the hard-body radius.

    One trial draws both objects' states, twelve numbers with all their correlations, as
    Gaussian equinoctial elements, follows both on two-body orbits over the encounter and
    asks whether their distance falls below the radius. A pair inside it when the interval
    starts, which only a given `half_span_s` can bring about, has collided before. None where
    a covariance, a state or the radius is unknown.

    The same seed gives the same result on one type of machine. After each block of 100,000
    trials `on_progress` is told how many are done; what it raises ends the run. `enough_hits`
    ends it early: 100 of them give a relative sigma of 10 %.

    Take the encounter (one row) as its message states it, not moved by `at_closest_approach`.

    Raises:
        InputError: not one encounter, or no trials.

    Source: the kind of trial is that of Hall, Casali, Johnson, Skrehart & Baars (2018),
    "High Fidelity Collision Probabilities Estimated Using Brute Force Monte Carlo
    Simulations", AAS 18-244, with two-body motion.
    """
    if len(encounter) != 1 or trials < 1:
        raise InputError(
            f"1 encounter and 1 or more trials are wanted, not {len(encounter)} and {trials}"
        )
    pairs = element_pairs(encounter)
    limit_s = half_shorter_period_s(pairs)[0] if half_span_s is None else half_span_s
    start_s, stop_s = encounter_intervals_s(encounter, pairs, half_span_s=np.array([limit_s]))[
        0
    ].tolist()
    if not start_s < stop_s:
        return None
    pad_s = _PADDING_RATIO * (stop_s - start_s)
    start_s, stop_s = max(start_s - pad_s, -limit_s), min(stop_s + pad_s, limit_s)
    root = _root(pairs.covariances[0])
    radius_m = float(encounter.hard_body_radius_m[0])
    done = hits = lost = 0
    while done < trials and (enough_hits is None or hits < enough_hits):
        count = min(_BLOCK, trials - done)
        random = np.random.default_rng([seed, done // _BLOCK])
        found = _block(random, pairs.means[0], root, start_s, stop_s, radius_m, count)
        done, hits, lost = done + count, hits + found[0], lost + found[1]
        if on_progress is not None:
            on_progress(done)
    return MonteCarlo(
        trials=done, hits=hits, lost=lost, probability=hits / done,
        lower_bound=binomial_bounds(hits, done)[0],
        upper_bound=binomial_bounds(hits + lost, done)[1],
        start_s=start_s, stop_s=stop_s, negative_ratio=float(pairs.negative_ratio[0]),
    )  # fmt: skip


def _root(covariance: Floats) -> Floats:
    """A matrix (12, 12) whose product with its transpose is the covariance."""
    sigmas = np.sqrt(np.diagonal(covariance))
    scale = np.where(sigmas > 0.0, sigmas, 1.0)
    values, axes = np.linalg.eigh(covariance / np.outer(scale, scale))
    # Made triangular: half the products, and the eigenvalues may be zero.
    _, upper = np.linalg.qr((axes * np.sqrt(np.maximum(values, 0.0))).T)
    root: Floats = np.ascontiguousarray(scale[:, None] * upper.T)
    return root


@kernel
def _block(random, means, root, start, stop, radius, count):  # type: ignore[no-untyped-def]
    hits = lost = 0
    normals, elements = np.empty(12), np.empty(12)
    states, stack = np.empty((2, 6)), np.empty((_DEEPEST_SPLIT + 2, 2))
    for _ in range(count):
        for i in range(12):
            normals[i] = random.standard_normal()
        for i in range(12):
            total = means[i]
            for j in range(i + 1):
                total += root[i, j] * normals[j]
            elements[i] = total
        gradient = max(_steepest(elements, 0), _steepest(elements, 6))
        if gradient < np.inf:
            if _meets(elements, gradient, start, stop, radius, states, stack):
                # Who is inside at the start has collided before.
                hits += _relative(elements, start, states)[0] > radius * radius
        else:
            lost += 1
    return hits, lost


@kernel
def _steepest(elements, first):  # type: ignore[no-untyped-def]
    """Bound of gravity's gradient at and above an orbit's perigee: 2 GM / r³.

    Wild draws pass through the Earth; nothing can meet there, so that the bound need not hold.
    """
    n, h, k = elements[first + N], elements[first + H], elements[first + K]
    perigee = 1.0 - sqrt(h * h + k * k)  # by semi-major axis
    if not (n > 0.0 and perigee > 0.0):
        return np.inf
    return 2.0 * min(_STEEPEST_S2, n * n / (perigee * perigee * perigee)) / _NARROW


@kernel
def _relative(elements, time, states):  # type: ignore[no-untyped-def]
    """Relative position, velocity and what of them closest approach needs."""
    write_state(elements[:6], time, states[0])
    write_state(elements[6:], time, states[1])
    squared = along = speed2 = 0.0
    for i in range(3):
        d, v = states[1, i] - states[0, i], states[1, 3 + i] - states[0, 3 + i]
        squared, along, speed2 = squared + d * d, along + d * v, speed2 + v * v
    return squared, along, speed2


@kernel
def _meets(elements, gradient, start, stop, radius, states, stack):  # type: ignore[no-untyped-def]
    """Whether the distance falls below the radius between two times.

    About the middle of an interval motion is straight but for the difference of gravity, at
    most `gradient` times the distance. Where straight motion with that margin misses, so does
    the true one; where the margin grows slower than the distance, the closest approach is
    where Newton's search finds it; otherwise the interval is halved.
    """
    stack[0, 0], stack[0, 1] = start, stop
    left = 1
    while left > 0:
        left -= 1
        low, high = stack[left, 0], stack[left, 1]
        middle, half = 0.5 * (low + high), 0.5 * (high - low)
        squared, along, speed2 = _relative(elements, middle, states)
        if squared < radius * radius:
            return True
        distance, speed = sqrt(squared), sqrt(speed2)
        to_closest = -along / speed2 if speed2 > 0.0 else np.inf
        bend = _bend(gradient, distance, speed, half)
        if _misses(squared, speed, to_closest, bend, half, radius):
            continue
        if abs(to_closest) <= half and _bend(gradient, distance, speed, 2.0 * half) < (
            _STRAIGHT * speed
        ):
            if _closest_is_inside(elements, middle + to_closest, radius, states):
                return True
            continue
        if left + 2 > _DEEPEST_SPLIT:
            continue  # an interval of 1e-18 of the first: no time is left in it
        stack[left, 0], stack[left, 1] = low, middle
        stack[left + 1, 0], stack[left + 1, 1] = middle, high
        left += 2
    return False


@kernel
def _bend(gradient, distance, speed, half):  # type: ignore[no-untyped-def]
    """Largest departure from straight motion within a time, by that time."""
    room = 1.0 - 0.5 * gradient * half * half
    if not room > 0.0:
        return np.inf
    return gradient * half * (0.5 * distance + speed * half / 6.0) / room


@kernel
def _misses(squared, speed, to_closest, bend, half, radius):  # type: ignore[no-untyped-def]
    if abs(to_closest) > half:
        nearest = abs(to_closest) - half
        passing2 = max(0.0, squared - (speed * to_closest) ** 2)
        return sqrt(passing2 + (speed * nearest) ** 2) - bend * half > radius
    passing2 = max(0.0, squared - (speed * to_closest) ** 2)
    if not bend < speed:
        return sqrt(passing2) - bend * half > radius
    steep = sqrt(1.0 - (bend / speed) ** 2)
    return sqrt(passing2) * steep - bend * abs(to_closest) > radius


@kernel
def _closest_is_inside(elements, time, radius, states):  # type: ignore[no-untyped-def]
    for _ in range(20):
        squared, along, speed2 = _relative(elements, time, states)
        if squared < radius * radius:
            return True
        step = -along / speed2
        time += step
        if step * step * speed2 < (_SETTLED * radius) ** 2:
            break
    return False
