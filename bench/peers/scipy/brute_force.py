"""Brute force: a KD-tree of reference positions every ten seconds, then every near pair exactly.

Nothing is taken from the screening under test, and nothing can slip through:

* objects in orbit move below 11.2 km/s, a pair below 22.4 km/s, so whoever comes within the
  threshold half a step (5 s) from a sample stands within threshold + 112 km at the sample;
* relative acceleration stays below twice that of gravity at the surface, 19.7 m/s^2, so over
  half a step a straight line errs by less than 250 m (and its speed, a chord over 20 s, by 2 m);
  another 250 m are for the steps that SGP4 itself makes.

Left out, and counted: pairs slower than 1 m/s, whose minima positions cannot tell from noise.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from agreement import Events
from peers.sgp4.closest import closest
from peers.sgp4.propagation import states_km
from scipy.spatial import cKDTree
from sgp4.api import SatrecArray

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

STEP_S = 10.0
_FASTEST_M_S = 22_400.0
_BENT_M = 500.0
_SLOW_M_S = 1.0
_REACH_S = 0.5 * STEP_S + 0.5  # neighbours overlap, so that no minimum falls between them
_EPOCHS_AT_ONCE = 64


class BruteForce(NamedTuple):
    events: Events
    slow_pairs: int
    epochs: int


def brute_force(
    satellites: list[Any],
    norad_id: Integers,
    start_utc: np.datetime64,
    from_s: float,
    until_s: float,
    *,
    miss_m: float,
) -> BruteForce:
    """Every minimum of the range below `miss_m` from `from_s` to `until_s`, for all pairs."""
    steps = np.arange(from_s, until_s + STEP_S, STEP_S)
    batch = SatrecArray(satellites)
    near: list[tuple[Integers, Integers, Floats]] = []
    slow: set[tuple[int, int]] = set()
    cuts = [*range(0, len(steps), _EPOCHS_AT_ONCE), len(steps)]
    for first, stop in pairwise(cuts):
        # A sample more on either side: speeds are chords between neighbours.
        times_s = steps[0] + STEP_S * np.arange(first - 1, stop + 1)
        error, r_km, _ = states_km(batch, start_utc, times_s)
        usable = error == 0
        for k in range(1, len(times_s) - 1):
            rows = np.flatnonzero(usable[:, k - 1 : k + 2].all(axis=1))
            a, b, when_s, speed_m_s = _near(r_km[rows, k - 1 : k + 2] * 1000.0, miss_m)
            is_slow = speed_m_s <= _SLOW_M_S
            slow.update(zip(rows[a[is_slow]].tolist(), rows[b[is_slow]].tolist(), strict=True))
            fast = ~is_slow
            near.append((rows[a[fast]], rows[b[fast]], times_s[k] + when_s[fast]))
    events = _exact(satellites, norad_id, start_utc, near, miss_m)
    inside = (events.tca_s >= from_s) & (events.tca_s < until_s) & (events.miss_m < miss_m)
    return BruteForce(Events(*(column[inside] for column in events)), len(slow), len(steps))


def _near(r_m: Floats, miss_m: float) -> tuple[Integers, Integers, Floats, Floats]:
    """Pairs (by row) that may be within `miss_m` half a step around the middle sample."""
    reach_m = miss_m + 0.5 * STEP_S * _FASTEST_M_S
    pairs = cKDTree(r_m[:, 1]).query_pairs(reach_m, output_type="ndarray")
    a, b = pairs[:, 0], pairs[:, 1]
    apart_m = r_m[b, 1] - r_m[a, 1]
    chord_m_s = (r_m[:, 2] - r_m[:, 0]) / (2.0 * STEP_S)
    velocity_m_s = chord_m_s[b] - chord_m_s[a]
    square = np.maximum(np.einsum("pk,pk->p", velocity_m_s, velocity_m_s), 1e-12)
    when_s = -np.einsum("pk,pk->p", apart_m, velocity_m_s) / square
    clipped_s = np.clip(when_s, -_REACH_S, _REACH_S)
    closest_m = np.linalg.norm(apart_m + velocity_m_s * clipped_s[:, None], axis=1)
    keep = closest_m < miss_m + _BENT_M
    return a[keep], b[keep], clipped_s[keep], np.sqrt(square[keep])


def _exact(
    satellites: list[Any],
    norad_id: Integers,
    start_utc: np.datetime64,
    near: list[tuple[Integers, Integers, Floats]],
    miss_m: float,
) -> Events:
    found: dict[tuple[int, int, int], tuple[float, ...]] = {}
    for a, b, when_s in near:
        for i, j, near_s in zip(a.tolist(), b.tolist(), when_s.tolist(), strict=True):
            one = closest(satellites[i], satellites[j], start_utc, near_s, STEP_S)
            if one is None or one.miss_m >= miss_m:
                continue
            low, high = sorted((int(norad_id[i]), int(norad_id[j])))
            # Two samples see one minimum; the fast do not have two within a second.
            if not any((low, high, int(one.tca_s) + k) in found for k in (-1, 0, 1)):
                found[low, high, int(one.tca_s)] = (low, high, *one, 0.0)
    return Events.of_rows(list(found.values()))
