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

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.grid import (
    CELLS,
    LANES,
    cell_of,
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

_RING = 2 * BLOCK  # positions are kept for two blocks of steps
_JERK_SHARE = 7.0 / 48.0
_ROUNDING = 2.0**-24  # of a coordinate kept in single precision
_GRID_SPEED_M_S = 7_950.0  # what moves faster stays out of the grid: a matter of cost only,
_GRID_ACCELERATION_M_S2 = 12.0  # and so are these two
_GRID_MARGIN_M = 250.0


class Sweep(NamedTuple):
    """What the sweep knows of each track, and the step.

    `reach_m` is the radius of the sphere around the track's volume; `first_step` and
    `last_step` bound the steps around which the track exists. Tracks of one object are no
    pair, nor are two of one `fleet` (-1: none); and only pairs with at least one `sought`
    and at least one `changed` track count. If
    `is_focused`, these pairs are few, and each has a track in `focus`.
    """

    step_s: float
    reach_m: Floats
    object_key: Integers
    fleet: Integers
    sought: npt.NDArray[np.bool_]
    changed: npt.NDArray[np.bool_]
    focus: npt.NDArray[np.bool_]
    is_focused: bool
    first_step: Integers
    last_step: Integers


class Bounds(NamedTuple):
    """Largest values met in a slab, for the certificate, and how much work there was."""

    error_m: float
    rounding_m: float
    acceleration_m_s2: float
    relative_speed_m_s: float
    object_steps: int
    pairs_compared: int
    pairs_measured: int


class _Work(NamedTuple):
    """Memory of one slab's sweep, for n tracks."""

    ring: npt.NDArray[np.float32]  # (_RING, 3, n): positions
    margin_m: npt.NDArray[np.float32]  # (n,)
    half_move_m: npt.NDArray[np.float32]  # (n,): |u|
    bend_m: npt.NDArray[np.float32]  # (n,): |q|
    key: npt.NDArray[np.int32]  # (n,): cell, -1 for none
    ends: npt.NDArray[np.int32]  # (2 * CELLS**2,): where each cell's tracks end
    order: npt.NDArray[np.int32]  # (n,): tracks by cell
    state: npt.NDArray[np.float32]  # (6 * (n + LANES),): positions and u in that order
    fast: npt.NDArray[np.int32]  # (n,): tracks outside the grid


class _Limits(NamedTuple):
    """What a track in the grid stays below, and what follows from it (all m)."""

    half_move: np.float32
    bend: np.float32
    margin: np.float32
    within: np.float32  # how near two tracks of the grid must pass on straight lines
    cell: np.float32


@kernel
def sweep_slab(sweep, tracks, slab_start, steps, sampled, weights, hits, stop):  # type: ignore[no-untyped-def]
    """Every (track, track, step) of a slab that passes the gate, in rows of `hits`.

    Returns how many there are (more than `hits` holds: call again with a larger one; -1:
    `stop[0]` was set from outside) and the Bounds.
    """
    work = _allocate(tracks.shape[0])
    rounding_m = _set_margins(sweep, sampled, work.margin_m)
    limits = _limits(sweep, tracks)
    found, object_steps, compared, measured = 0, 0, 0, 0
    fastest_m, most_bent_m = np.float32(0.0), np.float32(0.0)
    for block in (-BLOCK, 0):
        fill_block(sampled.knots, sampled.offsets, sampled.powers, weights, block,
                   work.ring, block % _RING)  # fmt: skip
    for k in range(steps):
        if stop[0]:
            return -1, Bounds(0.0, 0.0, 0.0, 0.0, 0, 0, 0)
        if k % BLOCK == BLOCK - 1:
            fill_block(sampled.knots, sampled.offsets, sampled.powers, weights, k + 1,
                       work.ring, (k + 1) % _RING)  # fmt: skip
        slots = ((k - 1) % _RING, k % _RING, (k + 1) % _RING)
        _measure_moves(work, slots)
        step = slab_start + k
        in_grid, fast, fastest = _bin(sweep, tracks, step, work, slots, limits)
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
def _allocate(n):  # type: ignore[no-untyped-def]
    return _Work(
        ring=np.full((_RING, 3, n), np.nan, np.float32),
        margin_m=np.empty(n, np.float32),
        half_move_m=np.empty(n, np.float32),
        bend_m=np.empty(n, np.float32),
        key=np.empty(n, np.int32),
        ends=np.zeros(2 * CELLS * CELLS, np.int32),
        order=np.empty(n, np.int32),
        # Up to a vector beyond the last track is read, though never used.
        state=np.full(6 * (n + LANES), np.nan, np.float32),
        fast=np.empty(n, np.int32),
    )


@kernel
def _set_margins(sweep, sampled, margin_m):  # type: ignore[no-untyped-def]
    """Margin of each track beside its measured bend; returns the largest part from rounding."""
    worst = 0.0
    for t in range(margin_m.shape[0]):
        largest = 0.0
        for k in range(sampled.offsets[t], sampled.offsets[t + 1]):
            size = abs(sampled.knots[k])
            largest = size if size > largest else largest
        # Three coordinates are rounded, and the differences count them twice in all.
        rounding = 2.0 * math.sqrt(3.0) * largest * _ROUNDING
        worst = max(worst, rounding)
        margin_m[t] = (
            4.0 * sampled.error_m[t]
            + rounding
            + _JERK_SHARE * sampled.jerk_m_s3[t] * sweep.step_s**3
        )
    return worst


@kernel
def _limits(sweep, tracks):  # type: ignore[no-untyped-def]
    reach_m = 0.0
    for t in range(tracks.shape[0]):
        reach_m = max(reach_m, sweep.reach_m[tracks[t]])
    half_move = _GRID_SPEED_M_S * sweep.step_s / 2.0
    bend = _GRID_ACCELERATION_M_S2 * sweep.step_s**2 / 8.0
    within = reach_m + 2.0 * (bend + _GRID_MARGIN_M)
    cell = (within + 2.0 * half_move) * (1.0 + 1e-5)
    return _Limits(np.float32(half_move), np.float32(bend), np.float32(_GRID_MARGIN_M),
                   np.float32(within), np.float32(cell))  # fmt: skip


@kernel
def _measure_moves(work, slots):  # type: ignore[no-untyped-def]
    """|u| and |q| of each track around a step."""
    before, now, after = work.ring[slots[0]], work.ring[slots[1]], work.ring[slots[2]]
    half_move_m, bend_m = work.half_move_m, work.bend_m
    for t in range(half_move_m.shape[0]):
        ax, ay, az = after[0, t], after[1, t], after[2, t]
        bx, by, bz = before[0, t], before[1, t], before[2, t]
        ux, uy, uz = ax - bx, ay - by, az - bz
        qx = (ax - now[0, t]) - (now[0, t] - bx)
        qy = (ay - now[1, t]) - (now[1, t] - by)
        qz = (az - now[2, t]) - (now[2, t] - bz)
        half_move_m[t] = np.float32(0.25) * np.sqrt(ux * ux + uy * uy + uz * uz)
        bend_m[t] = np.float32(0.125) * np.sqrt(qx * qx + qy * qy + qz * qz)


@kernel
def _bin(sweep, tracks, step, work, slots, limits):  # type: ignore[no-untyped-def]
    """Sort the tracks into the cells of the grid; list those that do not fit in it.

    Returns how many are in the grid, how many are not, and the largest |u|.
    """
    now, before, after = work.ring[slots[1]], work.ring[slots[0]], work.ring[slots[2]]
    ends, key, order, state = work.ends, work.key, work.order, work.state
    half_move_m, bend_m, margin_m = work.half_move_m, work.bend_m, work.margin_m
    first_step, last_step, fast_tracks = sweep.first_step, sweep.last_step, work.fast
    focus, is_focused = sweep.focus, sweep.is_focused
    ends[:] = 0
    in_grid, fast, fastest = 0, 0, np.float32(0.0)
    per_cell = np.float32(1.0) / limits.cell
    for t in range(tracks.shape[0]):
        u = half_move_m[t]
        key[t] = -1
        # u is NaN where the track has no position
        if not u >= np.float32(0.0) or step < first_step[tracks[t]] or step > last_step[tracks[t]]:
            continue
        fastest = max(fastest, u)
        apart = is_focused and focus[tracks[t]]
        calm = u <= limits.half_move and bend_m[t] <= limits.bend and margin_m[t] <= limits.margin
        if calm and not apart:
            key[t] = cell_of(now[0, t], now[1, t], now[2, t], per_cell)
            ends[key[t]] += 1
            in_grid += 1
        else:
            fast_tracks[fast] = t
            fast += 1
    total, size = 0, order.shape[0] + LANES
    for c in range(ends.shape[0]):
        count = ends[c]
        ends[c] = total
        total += count
    for t in range(tracks.shape[0]):
        if key[t] >= 0:
            at = ends[key[t]]
            ends[key[t]] = at + 1
            order[at] = t
            for axis in range(3):
                state[axis * size + at] = now[axis, t]
                state[(3 + axis) * size + at] = np.float32(0.25) * (
                    after[axis, t] - before[axis, t]
                )
    return in_grid, fast, fastest


@kernel
def _grid_pairs(sweep, tracks, step, work, slots, limits, hits, found):  # type: ignore[no-untyped-def]
    """All pairs within the grid around a step that pass the gate.

    Each pair is met from one side only. In one half-space a track is compared with what
    follows it in its cell, with the next cell, and with three cells of the next row; across
    the plane z = 0, from the upper side, with all nine.
    """
    state, order, ends = work.state, work.order, work.ends
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
        if half == 0 and _lowest(state, 2 * size, low, high) <= limits.cell:
            for other in range(-1, 2):
                across = row_spans(ends, 1, row + other, column, 1, spans, across)
        for f in range(low, high):
            for axis in range(6):
                pair[axis] = state[axis * size + f]
            spans[0, 0], spans[0, 1] = f + 1, last
            for m in range(across if pair[2] <= limits.cell else beside):
                compared += spans[m, 1] - spans[m, 0]
                passing = passing_near(
                    state, size, pair, limits.within, spans[m, 0], spans[m, 1], near
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
    state, order, ends, ring, tracks_outside = (
        work.state,
        work.order,
        work.ends,
        work.ring,
        work.fast,
    )
    size = order.shape[0] + LANES
    compared, measured, bent = 0, 0, np.float32(0.0)
    near, pair = np.empty(size, np.int32), np.empty(6, np.float32)
    spans = np.empty((8 * CELLS, 2), np.int64)
    for f in range(fast):
        a = tracks_outside[f]
        if sweep.is_focused and not sweep.focus[tracks[a]]:
            continue
        for axis in range(3):
            pair[axis] = ring[slots[1], axis, a]
            pair[3 + axis] = np.float32(0.25) * (ring[slots[2], axis, a] - ring[slots[0], axis, a])
        within = limits.within - limits.bend - limits.margin + work.bend_m[a] + work.margin_m[a]
        reach = within + limits.half_move + work.half_move_m[a]
        for m in range(spans_around(ends, pair, reach, limits.cell, spans)):
            compared += spans[m, 1] - spans[m, 0]
            passing = passing_near(state, size, pair, within, spans[m, 0], spans[m, 1], near)
            for n in range(passing):
                measured += 1
                passed, q = _gate(sweep, tracks, work, slots, a, order[near[n]])
                bent = max(bent, q)
                if passed:
                    found = _hit(hits, found, tracks[a], tracks[order[near[n]]], step)
        for g in range(fast):
            # Each pair once: from the earlier one, but for those that are not asked about.
            asked = not sweep.is_focused or sweep.focus[tracks[tracks_outside[g]]]
            if g == f or (g < f and asked):
                continue
            compared, measured = compared + 1, measured + 1
            passed, q = _gate(sweep, tracks, work, slots, a, tracks_outside[g])
            if passed:
                bent = max(bent, q)
                found = _hit(hits, found, tracks[a], tracks[tracks_outside[g]], step)
    return found, compared, measured, bent


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
    ring = work.ring
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
