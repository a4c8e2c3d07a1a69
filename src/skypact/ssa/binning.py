"""Making a step of the sweep ready: margins, moves, and every track in its cell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.grid import CELLS, LANES, cell_of
from skypact.ssa.sampling import BLOCK

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

RING = 2 * BLOCK  # positions are kept for two blocks of steps
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


class Work(NamedTuple):
    """Memory of one slab's sweep, for n tracks."""

    ring_m: npt.NDArray[np.float32]  # (RING, 3, n): positions
    margin_m: npt.NDArray[np.float32]  # (n,)
    half_move_m: npt.NDArray[np.float32]  # (n,): |u|
    bend_m: npt.NDArray[np.float32]  # (n,): |q|
    key: npt.NDArray[np.int32]  # (n,): cell, -1 for none
    ends: npt.NDArray[np.int32]  # (2 * CELLS**2,): where each cell's tracks end
    order: npt.NDArray[np.int32]  # (n,): tracks by cell
    state_m: npt.NDArray[np.float32]  # (6 * (n + LANES),): positions and u in that order
    fast: npt.NDArray[np.int32]  # (n,): tracks outside the grid


class Limits(NamedTuple):
    """What a track in the grid stays below, and what follows from it (all m)."""

    half_move_m: np.float32
    bend_m: np.float32
    margin_m: np.float32
    within_m: np.float32  # how near two tracks of the grid must pass on straight lines
    cell_m: np.float32


@kernel
def allocate(n):  # type: ignore[no-untyped-def]
    return Work(
        ring_m=np.full((RING, 3, n), np.nan, np.float32),
        margin_m=np.empty(n, np.float32),
        half_move_m=np.empty(n, np.float32),
        bend_m=np.empty(n, np.float32),
        key=np.empty(n, np.int32),
        ends=np.zeros(2 * CELLS * CELLS, np.int32),
        order=np.empty(n, np.int32),
        # Up to a vector beyond the last track is read, though never used.
        state_m=np.full(6 * (n + LANES), np.nan, np.float32),
        fast=np.empty(n, np.int32),
    )


@kernel
def set_margins(sweep, sampled, margin_m):  # type: ignore[no-untyped-def]
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
def limits_of(sweep, tracks):  # type: ignore[no-untyped-def]
    reach_m = 0.0
    for t in range(tracks.shape[0]):
        reach_m = max(reach_m, sweep.reach_m[tracks[t]])
    half_move = _GRID_SPEED_M_S * sweep.step_s / 2.0
    bend = _GRID_ACCELERATION_M_S2 * sweep.step_s**2 / 8.0
    within = reach_m + 2.0 * (bend + _GRID_MARGIN_M)
    cell = (within + 2.0 * half_move) * (1.0 + 1e-5)
    return Limits(np.float32(half_move), np.float32(bend), np.float32(_GRID_MARGIN_M),
                   np.float32(within), np.float32(cell))  # fmt: skip


@kernel
def measure_moves(work, slots):  # type: ignore[no-untyped-def]
    """|u| and |q| of each track around a step."""
    before, now, after = work.ring_m[slots[0]], work.ring_m[slots[1]], work.ring_m[slots[2]]
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
def bin_tracks(sweep, tracks, step, work, slots, limits):  # type: ignore[no-untyped-def]
    """Sort the tracks into the cells of the grid; list those that do not fit in it.

    Returns how many are in the grid, how many are not, and the largest |u|.
    """
    now, before, after = work.ring_m[slots[1]], work.ring_m[slots[0]], work.ring_m[slots[2]]
    ends, key, order, state = work.ends, work.key, work.order, work.state_m
    half_move_m, bend_m, margin_m = work.half_move_m, work.bend_m, work.margin_m
    first_step, last_step, fast_tracks = sweep.first_step, sweep.last_step, work.fast
    focus, is_focused = sweep.focus, sweep.is_focused
    ends[:] = 0
    in_grid, fast, fastest = 0, 0, np.float32(0.0)
    per_cell = np.float32(1.0) / limits.cell_m
    for t in range(tracks.shape[0]):
        u = half_move_m[t]
        key[t] = -1
        # u is NaN where the track has no position
        if not u >= np.float32(0.0) or step < first_step[tracks[t]] or step > last_step[tracks[t]]:
            continue
        fastest = max(fastest, u)
        apart = is_focused and focus[tracks[t]]
        calm = (
            u <= limits.half_move_m
            and bend_m[t] <= limits.bend_m
            and margin_m[t] <= limits.margin_m
        )
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
