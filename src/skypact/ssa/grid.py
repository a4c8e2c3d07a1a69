"""The grid of a sweep: which tracks are neighbours, and which of them pass near each other.

The grid has cells in x and y only, once for the upper half-space and once for the lower, and
wraps around like a torus, so it needs no edges: what meets by wrapping is rejected by
distance. Sorted by cell, the tracks of neighbouring cells of one row stand in one span, which
is compared a whole vector at a time.
"""

from __future__ import annotations

import math

import numpy as np

from skypact.base.kernel import inlined, kernel

CELLS = 128  # along each side of a torus
LANES = 16
_TINY = 1e-20  # keeps 0 / 0 out of the vector lanes
_LOSS = 2e-6  # of a squared distance, in single precision


@inlined
def index(coordinate_m, per_cell):  # type: ignore[no-untyped-def]
    return np.int32(np.floor(coordinate_m * per_cell)) & np.int32(CELLS - 1)


@inlined
def cell_of(x_m, y_m, z_m, per_cell):  # type: ignore[no-untyped-def]
    """Half-space, row and column in one number."""
    row_and_column = index(y_m, per_cell) * np.int32(CELLS) + index(x_m, per_cell)
    return row_and_column + (np.int32(CELLS * CELLS) if z_m < np.float32(0.0) else np.int32(0))


@inlined
def passing_near(state, size, pair, within, low, high, near):  # type: ignore[no-untyped-def]
    """Which of the sorted tracks low..high-1 pass near on straight lines: how many, in `near`."""
    x, y, z, ux, uy, uz = pair[0], pair[1], pair[2], pair[3], pair[4], pair[5]
    # Unsigned: such an index needs no test for counting from the end.
    rows, square = np.uint64(size), within * within
    count = 0
    lanes = min(LANES, size)  # of a length unknown to the compiler, which would unroll it
    for chunk in range(low, high, LANES):
        # A whole vector at once, what lies beyond the range too: mostly none passes near.
        some, first = np.int32(0), np.uint64(chunk)
        for lane in range(lanes):
            o = first + np.uint64(lane)
            dx, dy, dz = state[o] - x, state[rows + o] - y, state[_2 * rows + o] - z
            wx, wy, wz = (
                state[_3 * rows + o] - ux,
                state[_4 * rows + o] - uy,
                state[_5 * rows + o] - uz,
            )
            some |= np.int32(1) if _pass_near(dx, dy, dz, wx, wy, wz, square) else np.int32(0)
        if some == 0:
            continue
        for m in range(chunk, min(chunk + LANES, high)):
            o = np.uint64(m)
            dx, dy, dz = state[o] - x, state[rows + o] - y, state[_2 * rows + o] - z
            wx, wy, wz = (
                state[_3 * rows + o] - ux,
                state[_4 * rows + o] - uy,
                state[_5 * rows + o] - uz,
            )
            if _pass_near(dx, dy, dz, wx, wy, wz, square):
                near[count] = m
                count += 1
    return count


_2, _3, _4, _5 = np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(5)


@inlined
def _pass_near(dx, dy, dz, wx, wy, wz, square):  # type: ignore[no-untyped-def]
    dd, ww = dx * dx + dy * dy + dz * dz, wx * wx + wy * wy + wz * wz
    return pass_near_sums(dd, dx * wx + dy * wy + dz * wz, ww, square)


@inlined
def pass_near_sums(dd, dw, ww, square):  # type: ignore[no-untyped-def]
    """Whether |d + s w|^2 gets below `square` for an s in -1..1, given the products of d and w."""
    one, two = np.float32(1.0), np.float32(2.0)
    along = -dw / (ww + np.float32(_TINY))
    along = one if along > one else along
    along = -one if along < -one else along
    # The square is a difference of large numbers: allow for what single precision loses.
    return dd + along * (two * dw + along * ww) <= square + np.float32(_LOSS) * dd


@inlined
def span(ends, first_cell, last_cell, spans, count):  # type: ignore[no-untyped-def]
    """Append where the tracks of neighbouring cells of one row stand, if there are any."""
    low = ends[first_cell - 1] if first_cell > 0 else 0
    high = ends[last_cell]
    if low < high:
        spans[count, 0], spans[count, 1] = low, high
        count += 1
    return count


@kernel
def row_spans(ends, half, row, column, rings, spans, count):  # type: ignore[no-untyped-def]
    """The cells of one row up to `rings` beside a column, around the torus if need be."""
    base = half * CELLS * CELLS + (row & (CELLS - 1)) * CELLS
    if rings <= column < CELLS - rings:
        return span(ends, base + column - rings, base + column + rings, spans, count)
    if 2 * rings + 1 >= CELLS:
        return span(ends, base, base + CELLS - 1, spans, count)
    first, last = column - rings, column + rings
    if first < 0:
        count = span(ends, base + first + CELLS, base + CELLS - 1, spans, count)
    if last >= CELLS:
        count = span(ends, base, base + last - CELLS, spans, count)
    return span(ends, base + max(first, 0), base + min(last, CELLS - 1), spans, count)


@kernel
def spans_around(ends, pair, reach_m, cell_m, spans):  # type: ignore[no-untyped-def]
    """Where all tracks of the grid within reach of a track outside it stand."""
    per_cell = np.float32(1.0) / cell_m
    # In this order: a reach without limit makes no number of rings.
    wide = not reach_m * per_cell < CELLS // 2
    rings = CELLS // 2 if wide else math.ceil(reach_m * per_cell)
    column, row = int(index(pair[0], per_cell)), int(index(pair[1], per_cell))
    count = 0
    for half in range(2):
        if (half == 0 and pair[2] < -reach_m) or (half == 1 and pair[2] > reach_m):
            continue
        for beside in range(-rings, min(rings, CELLS - 1 - rings) + 1):
            count = row_spans(ends, half, row + beside, column, rings, spans, count)
    return count
