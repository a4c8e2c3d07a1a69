"""States between the nodes of an ephemeris, and how far such states can be trusted.

Both methods are evaluated in product form. With l_j the Lagrange polynomial of node j,

    Lagrange   r(t) = sum_j l_j r_j
    Hermite    r(t) = sum_j (1 - 2 (t - t_j) l_j'(t_j)) l_j^2 r_j + (t - t_j) l_j^2 v_j

and velocities are the derivatives. Nothing is divided by t - t_j, so a time at or beside a
node needs no special case; a node's own position comes back bit for bit. Positions enter as
differences from the nearest node, so that rounding scales with the window, not the radius.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    State = tuple[float, float, float, float, float, float]

LAGRANGE = 0
HERMITE = 1
_NOBODY = -1


@kernel
def nodes_needed(degree: int, method: int) -> int:
    """Nodes that a polynomial of `degree` rests on: Hermite takes two conditions from each.

    An even Hermite degree is rounded up to the next odd one.
    """
    return degree // 2 + 1 if method == HERMITE else degree + 1


@kernel
def ephemeris_state(
    t_s: float,
    times_s: Floats,
    r_m: Floats,
    v_m_s: Floats,
    first: int,
    last: int,
    degree: int,
    method: int,
) -> State:
    """Position and velocity (x, y, z, vx, vy, vz) in SI at `t_s`.

    `times_s` (n,) increases over rows first..last-1, which alone are used; `r_m` and `v_m_s`
    are (n, 3). `method` is LAGRANGE (positions only) or HERMITE (positions and velocities).
    The window is centred on `t_s` and shifted at the ends; with fewer rows than the degree
    needs, all of them are used. Beyond the ends the edge window extrapolates: whether that
    is good enough is the caller's decision.
    """
    size = min(nodes_needed(degree, method), last - first)
    start = _window_start(t_s, times_s, first, last, size)
    return _window_state(t_s, times_s, r_m, v_m_s, start, start + size, _NOBODY, method)


@kernel
def ephemeris_states(
    t_s: Floats,
    times_s: Floats,
    r_m: Floats,
    v_m_s: Floats,
    first: int,
    last: int,
    degree: int,
    method: int,
) -> Floats:
    """`ephemeris_state` at many times: shape (len(t_s), 6)."""
    out = np.empty((t_s.shape[0], 6))
    for i in range(t_s.shape[0]):
        out[i, :] = ephemeris_state(t_s[i], times_s, r_m, v_m_s, first, last, degree, method)
    return out


@kernel
def leave_one_out_error_m(
    times_s: Floats,
    r_m: Floats,
    v_m_s: Floats,
    first: int,
    last: int,
    degree: int,
    method: int,
) -> Floats:
    """Distance between each row's position and the one that its neighbours predict.

    Shape (last - first,); NaN at the two ends, where leaving one out would extrapolate, and
    wherever fewer than two rows would be left. Leaving a node out doubles the gap
    there, so this overstates the error between nodes (7 to 30 times on a smooth orbit).
    """
    rows = last - first
    errors_m = np.full(rows, np.nan)
    size = min(nodes_needed(degree, method), rows - 1)
    if (size < 2 and method == LAGRANGE) or size < 1:
        return errors_m
    for i in range(first + 1, last - 1):
        start = _window_start(times_s[i], times_s, first, last, size + 1)
        x, y, z, _, _, _ = _window_state(
            times_s[i], times_s, r_m, v_m_s, start, start + size + 1, i, method
        )
        errors_m[i - first] = np.sqrt(
            (x - r_m[i, 0]) ** 2 + (y - r_m[i, 1]) ** 2 + (z - r_m[i, 2]) ** 2
        )
    return errors_m


@kernel
def _window_start(t_s: float, times_s: Floats, first: int, last: int, size: int) -> int:
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if times_s[middle] <= t_s:
            low = middle + 1
        else:
            high = middle
    # low: the first row after t. An even window has as many rows on either side; an odd one
    # has its middle row nearest to t.
    start = low - size // 2
    if size % 2 == 1 and (
        low == last or (low > first and (t_s - times_s[low - 1] < times_s[low] - t_s))
    ):
        start -= 1
    return max(first, min(start, last - size))


@kernel
def _window_state(
    t_s: float,
    times_s: Floats,
    r_m: Floats,
    v_m_s: Floats,
    start: int,
    stop: int,
    left_out: int,
    method: int,
) -> State:
    centre = _nearest(t_s, times_s, start, stop, left_out)
    x = y = z = vx = vy = vz = 0.0
    for j in range(start, stop):
        if j == left_out:
            continue
        t_j = times_s[j]
        value, rate, rate_at_node = 1.0, 0.0, 0.0
        for i in range(start, stop):
            if i != j and i != left_out:
                per_gap = 1.0 / (t_j - times_s[i])
                factor = (t_s - times_s[i]) * per_gap
                rate = rate * factor + value * per_gap
                value *= factor
                rate_at_node += per_gap
        if method == HERMITE:
            from_node = t_s - t_j
            square, square_rate = value * value, 2.0 * value * rate
            tilt = 1.0 - 2.0 * from_node * rate_at_node
            rate = tilt * square_rate - 2.0 * rate_at_node * square
            value = tilt * square
            slope, slope_rate = from_node * square, square + from_node * square_rate
            x += slope * v_m_s[j, 0]
            y += slope * v_m_s[j, 1]
            z += slope * v_m_s[j, 2]
            vx += slope_rate * v_m_s[j, 0]
            vy += slope_rate * v_m_s[j, 1]
            vz += slope_rate * v_m_s[j, 2]
        x += value * (r_m[j, 0] - r_m[centre, 0])
        y += value * (r_m[j, 1] - r_m[centre, 1])
        z += value * (r_m[j, 2] - r_m[centre, 2])
        vx += rate * (r_m[j, 0] - r_m[centre, 0])
        vy += rate * (r_m[j, 1] - r_m[centre, 1])
        vz += rate * (r_m[j, 2] - r_m[centre, 2])
    return x + r_m[centre, 0], y + r_m[centre, 1], z + r_m[centre, 2], vx, vy, vz


@kernel
def _nearest(t_s: float, times_s: Floats, start: int, stop: int, left_out: int) -> int:
    nearest = stop - 1 if left_out == start else start
    for j in range(start, stop):
        if j != left_out and abs(times_s[j] - t_s) < abs(times_s[nearest] - t_s):
            nearest = j
    return nearest
