"""Second phase of a screening: which pairs may come close around which step.

Around step k, |tau| <= h/2, the relative position of two tracks is

    d(tau) = d_k + s u + rest,   u = (d_k+1 - d_k-1) / 4,   s = 2 tau / h in -1..1

with |rest| <= |q| + 7/48 J h^3 + 2 e, where q = (d_k+1 - 2 d_k + d_k-1) / 8 is measured, J
bounds the third derivative (Taylor: 1/48 from the remainder, 4/48 and 2/48 from the two
differences) and e bounds the error of the sampled positions. Once more e, twice, is allowed
for a jump of the motion within the step. So a pair that comes within T of each other has
min over s of |d_k + s u| <= T + |q| + sum of the two tracks' margins: the gate. And since
|d_k| <= T + |u| + |rest|, it stands in neighbouring cells of a grid that is wide enough.

The grid itself is in `grid`. Tracks that move too fast for its cells (perigees of eccentric
orbits), or whose margins are large, stay out of it and look up as many cells as they need. So
do all tracks in focus when only few are asked about; then nothing else is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.binning import (
    RING,
    allocate,
    bin_tracks,
    limits_of,
    measure_moves,
    set_margins,
)
from skypact.ssa.grid import (
    CELLS,
    LANES,
    pass_near_sums,
    passing_near,
    row_spans,
    span,
    spans_around,
)
from skypact.ssa.sampling import BLOCK, fill_block

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


class Bounds(NamedTuple):
    """Largest values met in a slab, for the certificate, and how much work there was."""

    error_m: float
    rounding_m: float
    acceleration_m_s2: float
    relative_speed_m_s: float
    object_steps: int
    pairs_compared: int
    pairs_measured: int


@kernel
def sweep_slab(sweep, tracks, slab_start, steps, sampled, weights, hits, stop):  # type: ignore[no-untyped-def]
    """Every (track, track, step) of a slab that passes the gate, in rows of `hits`.

    Returns how many there are (more than `hits` holds: call again with a larger one; -1:
    `stop[0]` was set from outside) and the Bounds.
    """
    work = allocate(tracks.shape[0])
    rounding_m = set_margins(sweep, sampled, work.margin_m)
    limits = limits_of(sweep, tracks)
    found, object_steps, compared, measured = 0, 0, 0, 0
    fastest_m, most_bent_m = np.float32(0.0), np.float32(0.0)
    for block in (-BLOCK, 0):
        fill_block(sampled.knots, sampled.offsets, sampled.powers, weights, block,
                   work.ring_m, block % RING)  # fmt: skip
    for k in range(steps):
        if stop[0]:
            return -1, Bounds(0.0, 0.0, 0.0, 0.0, 0, 0, 0)
        if k % BLOCK == BLOCK - 1:
            fill_block(sampled.knots, sampled.offsets, sampled.powers, weights, k + 1,
                       work.ring_m, (k + 1) % RING)  # fmt: skip
        slots = ((k - 1) % RING, k % RING, (k + 1) % RING)
        measure_moves(work, slots)
        step = slab_start + k
        in_grid, fast, fastest = bin_tracks(sweep, tracks, step, work, slots, limits)
        object_steps += in_grid + fast
        fastest_m = max(fastest_m, fastest)
        if not sweep.is_focused:
            found, seen, taken, bent = _grid_pairs(
                sweep, tracks, step, work, slots, limits, hits, found
            )
            compared, measured = compared + seen, measured + taken
            most_bent_m = max(most_bent_m, bent)
        found, seen, taken, bent = _fast_pairs(
            sweep, tracks, step, work, slots, limits, fast, hits, found
        )
        compared, measured, most_bent_m = compared + seen, measured + taken, max(most_bent_m, bent)
    h = sweep.step_s
    error_m = sampled.error_m.max() if tracks.shape[0] else 0.0
    return found, Bounds(error_m, rounding_m, most_bent_m * 8.0 / (h * h), 4.0 * fastest_m / h,
                         object_steps, compared, measured)  # fmt: skip


@kernel
def _grid_pairs(sweep, tracks, step, work, slots, limits, hits, found):  # type: ignore[no-untyped-def]
    """All pairs within the grid around a step that pass the gate.

    Each pair is met from one side only. In one half-space a track is compared with what
    follows it in its cell, with the next cell, and with three cells of the next row; across
    the plane z = 0, from the upper side, with all nine.
    """
    state, order, ends = work.state_m, work.order, work.ends
    size = order.shape[0] + LANES
    compared, measured, bent = 0, 0, np.float32(0.0)
    near, pair, spans = (
        np.empty(size, np.int32),
        np.empty(6, np.float32),
        np.empty((12, 2), np.int64),
    )
    low = 0
    for cell in range(2 * CELLS * CELLS):
        high = ends[cell]
        if low == high:
            continue
        half, row, column = cell // (CELLS * CELLS), (cell // CELLS) % CELLS, cell % CELLS
        last = ends[cell + 1] if column < CELLS - 1 else high
        beside = 1 if column < CELLS - 1 else span(ends, cell - column, cell - column, spans, 1)
        beside = row_spans(ends, half, row + 1, column, 1, spans, beside)
        across = beside
        if half == 0 and _lowest(state, 2 * size, low, high) <= limits.cell_m:
            for other in range(-1, 2):
                across = row_spans(ends, 1, row + other, column, 1, spans, across)
        for f in range(low, high):
            for axis in range(6):
                pair[axis] = state[axis * size + f]
            spans[0, 0], spans[0, 1] = f + 1, last
            for m in range(across if pair[2] <= limits.cell_m else beside):
                compared += spans[m, 1] - spans[m, 0]
                passing = passing_near(
                    state, size, pair, limits.within_m, spans[m, 0], spans[m, 1], near
                )
                for n in range(passing):
                    measured += 1
                    a, b = order[f], order[near[n]]
                    passed, q = _gate(sweep, tracks, work, slots, a, b)
                    bent = max(bent, q)
                    if passed:
                        found = _hit(hits, found, tracks[a], tracks[b], step)
        low = high
    return found, compared, measured, bent


@kernel
def _lowest(state, offset, low, high):  # type: ignore[no-untyped-def]
    least = state[offset + low]
    for f in range(low + 1, high):
        least = min(least, state[offset + f])
    return least


@kernel
def _fast_pairs(sweep, tracks, step, work, slots, limits, fast, hits, found):  # type: ignore[no-untyped-def]
    """All pairs with a track outside the grid: each with what is within its own reach."""
    state, order, ends, outside = work.state_m, work.order, work.ends, work.fast
    size, room = order.shape[0] + LANES, fast + LANES
    compared, measured, bent = 0, 0, np.float32(0.0)
    near, pair = np.empty(size, np.int32), np.empty(6, np.float32)
    spans = np.empty((8 * CELLS, 2), np.int64)
    others, slack = _outside_states(work, slots, fast)
    for f in range(fast):
        a = outside[f]
        if sweep.is_focused and not sweep.focus[tracks[a]]:
            continue
        for axis in range(6):
            pair[axis] = others[axis * room + f]
        of_a = limits.within_m - np.float32(2.0) * (limits.bend_m + limits.margin_m)
        of_a += work.bend_m[a] + work.margin_m[a]
        within = of_a + limits.bend_m + limits.margin_m
        reach = within + limits.half_move_m + work.half_move_m[a]
        for m in range(spans_around(ends, pair, reach, limits.cell_m, spans)):
            compared += spans[m, 1] - spans[m, 0]
            passing = passing_near(state, size, pair, within, spans[m, 0], spans[m, 1], near)
            for n in range(passing):
                measured += 1
                passed, q = _gate(sweep, tracks, work, slots, a, order[near[n]])
                bent = max(bent, q)
                if passed:
                    found = _hit(hits, found, tracks[a], tracks[order[near[n]]], step)
        # Each pair outside the grid once: from the earlier one that is asked about.
        first = 0 if sweep.is_focused else f + 1
        compared += fast - first
        passing = passing_near(others, room, pair, of_a + slack, first, fast, near)
        for n in range(passing):
            g = near[n]
            if g == f or (g < f and sweep.focus[tracks[outside[g]]]):
                continue
            measured += 1
            passed, q = _gate(sweep, tracks, work, slots, a, outside[g])
            bent = max(bent, q)
            if passed:
                found = _hit(hits, found, tracks[a], tracks[outside[g]], step)
    return found, compared, measured, bent


@kernel
def _outside_states(work, slots, fast):  # type: ignore[no-untyped-def]
    """Position and u of the tracks outside the grid, and their largest bend and margin."""
    room = fast + LANES
    states, slack = np.full(6 * room, np.nan, np.float32), np.float32(0.0)
    before, now, after = work.ring_m[slots[0]], work.ring_m[slots[1]], work.ring_m[slots[2]]
    for f in range(fast):
        t = work.fast[f]
        slack = max(slack, work.bend_m[t] + work.margin_m[t])
        for axis in range(3):
            states[axis * room + f] = now[axis, t]
            states[(3 + axis) * room + f] = np.float32(0.25) * (after[axis, t] - before[axis, t])
    return states, slack


@kernel
def _hit(hits, found, i, j, step):  # type: ignore[no-untyped-def]
    if found < hits.shape[0]:
        hits[found, 0], hits[found, 1], hits[found, 2] = i, j, step
    return found + 1


@kernel
def _gate(sweep, tracks, work, slots, a, b):  # type: ignore[no-untyped-def]
    """Whether a pair may come within reach around this step, and how far its path bends."""
    i, j = tracks[a], tracks[b]
    same = sweep.object_key[i] == sweep.object_key[j]
    same |= sweep.fleet[i] >= 0 and sweep.fleet[i] == sweep.fleet[j]
    wanted = (sweep.sought[i] or sweep.sought[j]) and (sweep.changed[i] or sweep.changed[j])
    if same or not wanted:
        return False, np.float32(0.0)
    ring = work.ring_m
    du, uu, dd, qq = np.float32(0.0), np.float32(0.0), np.float32(0.0), np.float32(0.0)
    for axis in range(3):
        before = ring[slots[0], axis, b] - ring[slots[0], axis, a]
        d = ring[slots[1], axis, b] - ring[slots[1], axis, a]
        after = ring[slots[2], axis, b] - ring[slots[2], axis, a]
        half = np.float32(0.25) * (after - before)
        bend = np.float32(0.125) * ((after - d) - (d - before))
        dd += d * d
        du += d * half
        uu += half * half
        qq += bend * bend
    q = np.sqrt(qq)
    within = max(sweep.reach_m[i], sweep.reach_m[j]) + q + work.margin_m[a] + work.margin_m[b]
    return pass_near_sums(dd, du, uu, within * within), q
