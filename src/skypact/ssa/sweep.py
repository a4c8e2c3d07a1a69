"""Second phase of a screening: which pairs may come close around which step.

Around step k, |tau| <= h/2, the relative position of two tracks is

    d(tau) = d_k + s u + rest,   u = (d_k+1 - d_k-1) / 4,   s = 2 tau / h in -1..1

with |rest| <= |q| + 7/48 J h^3 + 2 e, where q = (d_k+1 - 2 d_k + d_k-1) / 8 is measured, J
bounds the third derivative (Taylor: 1/48 from the remainder, 4/48 and 2/48 from the two
differences) and e bounds the error of the sampled positions. Once more e, twice, is allowed
for a jump of the motion within the step. So a pair that comes within T of each other has
min over s of |d_k + s u| <= T + |q| + sum of the two tracks' margins: the gate. And since
|d_k| <= T + |u| + |rest|, it stands in neighbouring cells of a grid that is wide enough.

The grid has cells in x and y only and wraps around like a torus, so it needs no edges: what
meets by wrapping is rejected by distance. Tracks that move too fast for the cells (perigees
of eccentric orbits), or whose margins are large, stay out of the grid and look up as many
cells as they need.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.kernel import inlined, kernel
from skypact.ssa.sampling import BLOCK, fill_block

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

CELLS = 256  # along each side of the torus
_LANES = 16
_RING = 2 * BLOCK  # positions are kept for two blocks of steps
_JERK_SHARE = 7.0 / 48.0
_ROUNDING = 2.0**-24  # of a coordinate kept in single precision
_GRID_SPEED_M_S = 7_950.0  # what moves faster stays out of the grid: a matter of cost only
_GRID_ACCELERATION_M_S2 = 12.0
_GRID_MARGIN_M = 250.0


class Sweep(NamedTuple):
    """What the sweep knows of each track, and the step.

    `reach_m` is the radius of the sphere around the track's volume; `first_step` and
    `last_step` bound the steps around which the track exists. Tracks of one object are no pair,
    nor are two of one `fleet` (-1: none); and only pairs with at least one `sought` track count.
    """

    step_s: float
    reach_m: Floats
    object_key: Integers
    fleet: Integers
    sought: npt.NDArray[np.bool_]
    first_step: Integers
    last_step: Integers


class Bounds(NamedTuple):
    """Largest values met in a slab, for the certificate, and how much work there was."""

    error_m: float
    rounding_m: float
    acceleration_m_s2: float
    relative_speed_m_s: float
    object_steps: int
    pairs_in_cells: int
    pairs_within_reach: int


class _Work(NamedTuple):
    """Memory of one slab's sweep; n tracks, single precision where many are looked at."""

    ring: npt.NDArray[np.float32]  # (_RING, 3, n): positions
    margin_m: npt.NDArray[np.float32]  # (n,)
    half_move_m: npt.NDArray[np.float32]  # (n,): |u|
    bend_m: npt.NDArray[np.float32]  # (n,): |q|
    key: npt.NDArray[np.int32]  # (n,): cell
    starts: npt.NDArray[np.int32]  # (CELLS**2 + 2,): of each cell's tracks in the next four
    order: npt.NDArray[np.int32]
    x_m: npt.NDArray[np.float32]
    y_m: npt.NDArray[np.float32]
    z_m: npt.NDArray[np.float32]
    fast: npt.NDArray[np.int32]  # (n,): tracks outside the grid


class _Limits(NamedTuple):
    """What a track in the grid stays below, and what follows from it (all m)."""

    half_move: np.float32
    bend: np.float32
    margin: np.float32
    gate: np.float32
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
    found, object_steps, looked, within = 0, 0, 0, 0
    fastest_m, most_bent_m = np.float32(0.0), np.float32(0.0)
    for block in (-BLOCK, 0):
        fill_block(sampled.knots, sampled.offsets, sampled.spacing, weights, block,
                   work.ring, block % _RING)  # fmt: skip
    for k in range(steps):
        if stop[0]:
            return -1, Bounds(0.0, 0.0, 0.0, 0.0, 0, 0, 0)
        if k % BLOCK == BLOCK - 1:
            fill_block(sampled.knots, sampled.offsets, sampled.spacing, weights, k + 1,
                       work.ring, (k + 1) % _RING)  # fmt: skip
        slots = ((k - 1) % _RING, k % _RING, (k + 1) % _RING)
        _measure_moves(work, slots)
        step = slab_start + k
        in_grid, fast, fastest = _bin(sweep, tracks, step, work, slots[1], limits)
        object_steps += in_grid + fast
        fastest_m = max(fastest_m, fastest)
        found, pairs, near, bent = _grid_pairs(sweep, tracks, step, work, slots, limits, in_grid, hits, found)
        looked, within, most_bent_m = looked + pairs, within + near, max(most_bent_m, bent)
        found, pairs, bent = _fast_pairs(sweep, tracks, step, work, slots, limits, in_grid, fast, hits, found)
        looked, most_bent_m = looked + pairs, max(most_bent_m, bent)
    h = sweep.step_s
    error_m = sampled.error_m.max() if tracks.shape[0] else 0.0
    return found, Bounds(error_m, rounding_m, most_bent_m * 8.0 / (h * h), 4.0 * fastest_m / h,
                         object_steps, looked, within)  # fmt: skip


@kernel
def _allocate(n):  # type: ignore[no-untyped-def]
    # One vector beyond the end is read (never used): those entries must exist.
    room = n + _LANES
    return _Work(
        np.full((_RING, 3, n), np.nan, np.float32),
        np.empty(n, np.float32), np.empty(n, np.float32), np.empty(n, np.float32),
        np.empty(n, np.int32), np.zeros(CELLS * CELLS + 2, np.int32), np.empty(n, np.int32),
        np.full(room, np.nan, np.float32), np.full(room, np.nan, np.float32),
        np.full(room, np.nan, np.float32), np.empty(n, np.int32),
    )  # fmt: skip


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
            4.0 * sampled.error_m[t] + rounding + _JERK_SHARE * sampled.jerk_m_s3[t] * sweep.step_s**3
        )
    return worst


@kernel
def _limits(sweep, tracks):  # type: ignore[no-untyped-def]
    reach_m = 0.0
    for t in range(tracks.shape[0]):
        reach_m = max(reach_m, sweep.reach_m[tracks[t]])
    half_move = _GRID_SPEED_M_S * sweep.step_s / 2.0
    bend = _GRID_ACCELERATION_M_S2 * sweep.step_s**2 / 8.0
    gate = reach_m + 2.0 * (half_move + bend + _GRID_MARGIN_M)
    return _Limits(np.float32(half_move), np.float32(bend), np.float32(_GRID_MARGIN_M),
                   np.float32(gate), np.float32(gate * (1.0 + 1e-5)))  # fmt: skip


@kernel
def _measure_moves(work, slots):  # type: ignore[no-untyped-def]
    """|u| and |q| of each track around a step."""
    before, now, after = work.ring[slots[0]], work.ring[slots[1]], work.ring[slots[2]]
    for t in range(work.half_move_m.shape[0]):
        ax, ay, az = after[0, t], after[1, t], after[2, t]
        bx, by, bz = before[0, t], before[1, t], before[2, t]
        ux, uy, uz = ax - bx, ay - by, az - bz
        qx = (ax - now[0, t]) - (now[0, t] - bx)
        qy = (ay - now[1, t]) - (now[1, t] - by)
        qz = (az - now[2, t]) - (now[2, t] - bz)
        work.half_move_m[t] = np.float32(0.25) * np.sqrt(ux * ux + uy * uy + uz * uz)
        work.bend_m[t] = np.float32(0.125) * np.sqrt(qx * qx + qy * qy + qz * qz)


@kernel
def _bin(sweep, tracks, step, work, slot, limits):  # type: ignore[no-untyped-def]
    """Sort the tracks into the cells of the grid; list those that do not fit in it.

    Returns how many are in the grid, how many are not, and the largest |u|.
    """
    x_m, y_m, z_m = work.ring[slot, 0], work.ring[slot, 1], work.ring[slot, 2]
    starts, key = work.starts, work.key
    starts[:] = 0
    in_grid, fast, fastest = 0, 0, np.float32(0.0)
    per_cell = np.float32(1.0) / limits.cell
    for t in range(tracks.shape[0]):
        i = tracks[t]
        u = work.half_move_m[t]
        key[t] = -1
        # u is NaN where the track has no position
        if not u >= np.float32(0.0) or step < sweep.first_step[i] or step > sweep.last_step[i]:
            continue
        fastest = max(fastest, u)
        if u <= limits.half_move and work.bend_m[t] <= limits.bend and work.margin_m[t] <= limits.margin:
            cell = _index(y_m[t], per_cell) * CELLS + _index(x_m[t], per_cell)
            key[t] = cell
            starts[cell + 1] += 1
            in_grid += 1
        else:
            work.fast[fast] = t
            fast += 1
    total = 0
    for c in range(CELLS * CELLS + 1):
        total += starts[c]
        starts[c] = total
    starts[CELLS * CELLS + 1] = total
    # Filled from the front; starts[c] moves to where cell c ends, which is where the entry
    # behind it should say, so the entries are read one to the left afterwards.
    for t in range(tracks.shape[0]):
        if key[t] >= 0:
            at = starts[key[t]]
            starts[key[t]] = at + 1
            work.order[at] = t
            work.x_m[at], work.y_m[at], work.z_m[at] = x_m[t], y_m[t], z_m[t]
    return in_grid, fast, fastest


@kernel
def _begin(starts, cell):  # type: ignore[no-untyped-def]
    return starts[cell - 1] if cell > 0 else 0


@inlined
def _index(coordinate_m, per_cell):  # type: ignore[no-untyped-def]
    return np.int32(np.floor(coordinate_m * per_cell)) & np.int32(CELLS - 1)


@kernel
def _grid_pairs(sweep, tracks, step, work, slots, limits, in_grid, hits, found):  # type: ignore[no-untyped-def]
    """Pairs in the same or neighbouring cells: each cell with itself and half its neighbours."""
    looked, near, bent = 0, 0, np.float32(0.0)
    starts, order, key = work.starts, work.order, work.key
    x_m, y_m, z_m = work.x_m, work.y_m, work.z_m
    square = limits.gate * limits.gate
    for p in range(in_grid):
        c = key[order[p]]
        x, y, z = x_m[p], y_m[p], z_m[p]
        column = c % CELLS
        below = ((c // CELLS + 1) % CELLS) * CELLS
        for part in range(2 if 0 < column < CELLS - 1 else 4):
            if part == 0:  # the rest of this cell, and the next one in the row
                low, high = p + 1, starts[c + 1] if column < CELLS - 1 else starts[c]
            elif part == 1:  # three cells of the next row
                low = _begin(starts, below + max(column - 1, 0))
                high = starts[below + min(column + 1, CELLS - 1)]
            elif part == 2:  # around the torus: the first cell of this row
                low, high = 0, 0
                if column == CELLS - 1:
                    low, high = _begin(starts, c - CELLS + 1), starts[c - CELLS + 1]
            else:  # and the far end of the next row
                far = below + (CELLS - 1 if column == 0 else 0)
                low, high = _begin(starts, far), starts[far]
            looked += high - low
            for chunk in range(low, high, _LANES):
                # A whole vector at once, what lies beyond the range too: mostly none is near.
                # (An unsigned index needs no test for counting from the end.)
                any_near, base = 0, np.uint64(chunk)
                for lane in range(_LANES):
                    o = base + np.uint64(lane)
                    dx, dy, dz = x_m[o] - x, y_m[o] - y, z_m[o] - z
                    any_near += 1 if dx * dx + dy * dy + dz * dz <= square else 0
                if any_near == 0:
                    continue
                for m in range(chunk, min(chunk + _LANES, high)):
                    o = np.uint64(m)
                    dx, dy, dz = x_m[o] - x, y_m[o] - y, z_m[o] - z
                    if not dx * dx + dy * dy + dz * dz <= square:
                        continue
                    near += 1
                    passed, q = _gate(sweep, tracks, work, slots, order[p], order[o])
                    bent = max(bent, q)
                    if passed:
                        found = _hit(hits, found, tracks[order[p]], tracks[order[o]], step)
    return found, looked, near, bent


@kernel
def _fast_pairs(sweep, tracks, step, work, slots, limits, in_grid, fast, hits, found):  # type: ignore[no-untyped-def]
    """Each track outside the grid with all within its own reach, and with one another."""
    looked, bent = 0, np.float32(0.0)
    per_cell = np.float32(1.0) / limits.cell
    for f in range(fast):
        a = work.fast[f]
        reach = limits.gate - limits.half_move - limits.bend - limits.margin
        reach += work.half_move_m[a] + work.bend_m[a] + work.margin_m[a]
        rings = min(int(math.ceil(reach * per_cell)), CELLS // 2)
        column = _index(work.ring[slots[1], 0, a], per_cell)
        row = _index(work.ring[slots[1], 1, a], per_cell)
        for dr in range(-rings, rings + 1):
            base = ((row + dr) % CELLS) * CELLS
            for dc in range(-rings, rings + 1):
                c = base + (column + dc) % CELLS
                for o in range(_begin(work.starts, c), work.starts[c]):
                    looked += 1
                    passed, q = _gate(sweep, tracks, work, slots, a, work.order[o])
                    bent = max(bent, q)
                    if passed:
                        found = _hit(hits, found, tracks[a], tracks[work.order[o]], step)
        for g in range(f + 1, fast):
            looked += 1
            passed, q = _gate(sweep, tracks, work, slots, a, work.fast[g])
            if passed:
                bent = max(bent, q)
                found = _hit(hits, found, tracks[a], tracks[work.fast[g]], step)
    return found, looked, bent


@inlined
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
    if same or not (sweep.sought[i] or sweep.sought[j]):
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
    along = -du / uu if uu > np.float32(0.0) else np.float32(0.0)
    along = min(max(along, np.float32(-1.0)), np.float32(1.0))
    least = dd + along * (np.float32(2.0) * du + along * uu)
    within = max(sweep.reach_m[i], sweep.reach_m[j]) + q + work.margin_m[a] + work.margin_m[b]
    # The square is a difference of large numbers: allow for what single precision loses.
    return least <= within * within + np.float32(1e-6) * dd, q
