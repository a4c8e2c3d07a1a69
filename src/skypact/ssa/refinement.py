"""Third phase of a screening: exact minima, entries and exits of the pairs that remain.

A *chain* is a pair of tracks over consecutive steps that passed the gate; whatever happens
inside a volume happens inside a chain. It is cut into panels of at most 80 s. On a panel the
two tracks are evaluated directly at eight Chebyshev nodes and the polynomials through them
stand for the motion; two further evaluations check them, and a panel that misses by more
than 0.1 mm is halved (so a jump of SGP4 is closed in to a millisecond).

Minima are where d . d', made from positions alone, changes sign: SGP4's velocity is not the
derivative of its position. All in double precision, the same bits on any number of threads.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.sgp4_scratch import SCRATCH, TIME, X, Y, Z
from skypact.base.kernel import kernel
from skypact.ssa.motion import track_positions
from skypact.ssa.shapes import ELLIPSOID, SPHERE, in_rtn

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

NODES = 8
_POINTS = 17  # looked at on each panel
_PANEL_S = 80.0
_AGREEMENT_M = 1.0e-4
_SHORTEST_S = 1.0e-3
_STALLS = 5
_ROUGHEST_M = 0.1
_CHECKS = (-0.55, 0.31)
_HALVINGS = 60

# Columns of a row that is found.
TRACK_A, TRACK_B, TCA, ENTRY, EXIT, IS_MINIMUM, AT_EDGE = range(7)
COLUMNS = 7


class Chebyshev(NamedTuple):
    """Nodes in -1..1 and the matrices from values at nodes to coefficients and to points."""

    nodes: Floats
    coefficients: Floats
    value: Floats
    slope: Floats


def chebyshev() -> Chebyshev:
    """The matrices for NODES nodes and equidistant points (ends included)."""
    angle = (np.arange(NODES) + 0.5) * np.pi / NODES
    order = np.arange(NODES)
    coefficients = 2.0 / NODES * np.cos(order[:, None] * angle[None, :])
    coefficients[0] *= 0.5
    points = np.linspace(-1.0, 1.0, _POINTS)
    basis = np.polynomial.chebyshev.chebvander(points, NODES - 1)
    derivative = np.polynomial.chebyshev.chebder(np.eye(NODES), axis=0)
    slope = np.polynomial.chebyshev.chebvander(points, NODES - 2) @ derivative
    return Chebyshev(np.cos(angle), coefficients, basis @ coefficients, slope @ coefficients)


@kernel
def refine_chains(motion, volumes, chains, spans_s, cheb, rows):  # type: ignore[no-untyped-def]
    """Rows of every chain (track a, track b) in its span (start, end).

    Returns how many rows there are: more than `rows` holds means that it must be called again
    with more room.
    """
    s = np.empty(SCRATCH)
    values, coef = np.empty((6, NODES)), np.empty((6, NODES))
    g, phi = np.empty(_POINTS), np.empty((2, _POINTS))
    found = 0
    for m in range(chains.shape[0]):
        a, b = chains[m, 0], chains[m, 1]
        found = _refine(
            motion, volumes, a, b, spans_s[m], cheb, s, values, coef, g, phi, rows, found
        )
    return found


@kernel
def _refine(  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0913, PLR0915
    motion, volumes, a, b, span_s, cheb, s, values, coef, g, phi, rows, found
):
    curved = volumes.kind[a] != SPHERE or volumes.kind[b] != SPHERE
    breaks, falls = np.empty(3), np.empty(3, np.bool_)
    inside, entry_s, first_row = False, span_s[0], found
    g_last, stalls, residual_before_m, agreement_m = 0.0, 0, np.inf, _AGREEMENT_M
    low, stop = span_s[0], span_s[1]
    panel_s = (stop - low) / max(1.0, math.ceil((stop - low) / _PANEL_S))
    length_s = panel_s
    while low < stop:
        high = low + length_s
        high = stop if high > stop - 1e-9 else high
        residual_m = _fit(motion, a, b, low, high, cheb, s, values, coef)
        if not residual_m <= agreement_m and high - low > _SHORTEST_S:
            # Halving helps a smooth motion at once. Where it does not, five times on end, SGP4
            # is rough (years from its epoch): then the roughness is as near as one can agree.
            stalls = stalls + 1 if high - low < 1.0 and residual_m > 0.5 * residual_before_m else 0
            residual_before_m = residual_m
            if stalls < _STALLS or residual_m > _ROUGHEST_M:
                length_s = 0.5 * (high - low)
                continue
            agreement_m = 2.0 * residual_m
        _look(volumes, a, b, cheb, values, coef, g, phi)
        if low == span_s[0]:
            inside = min(phi[0, 0], phi[1, 0]) <= 0.0
            if inside and g[0] > 0.0:
                found = _put(rows, found, a, b, low, 0.0, 1.0)
        else:
            # Two polynomials differ a little where they meet: whether a turning point there
            # belongs to the one or the other, it must be found once.
            g[0] = g_last
        for p in range(1, _POINTS):
            x = _point(p - 1)
            count = _breaks(volumes, a, b, coef, g, phi, p, curved, breaks, falls)
            for part in range(count + 1):
                x_next = breaks[part] if part < count else _point(p)
                depth = min(phi[0, p], phi[1, p])
                if part < count:
                    depth = _depth(volumes, a, b, coef, x_next)
                if (depth <= 0.0) != inside:
                    at = low + (high - low) * 0.5 * (
                        1.0 + _crossing(volumes, a, b, coef, x, x_next, inside)
                    )
                    if inside:
                        found = _close(rows, first_row, found, a, b, entry_s, at, span_s, motion, s)
                    else:
                        entry_s, first_row = at, found
                    inside = not inside
                if part < count and falls[part] and depth <= 0.0:
                    found = _put(
                        rows, found, a, b, low + (high - low) * 0.5 * (1.0 + x_next), 1.0, 0.0
                    )
                x = x_next
        g_last = g[_POINTS - 1]
        low = high
        length_s = min(panel_s, 2.0 * length_s)
    if inside:
        if g_last < 0.0:
            found = _put(rows, found, a, b, stop, 0.0, 1.0)
        found = _close(rows, first_row, found, a, b, entry_s, stop, span_s, motion, s)
    return found


@kernel
def _point(p):  # type: ignore[no-untyped-def]
    return -1.0 + 2.0 * p / (_POINTS - 1)


@kernel
def _fit(motion, a, b, low, high, cheb, s, values, coef):  # type: ignore[no-untyped-def]
    """Coefficients of b - a (rows 0..2) and of a (rows 3..5) on a panel; by how much they miss."""
    half, middle = 0.5 * (high - low), 0.5 * (high + low)
    residual_m = 0.0
    for body in range(2):
        for k in range(NODES):
            s[TIME + k] = middle + half * cheb.nodes[k]
        s[TIME + NODES] = middle + half * _CHECKS[0]
        s[TIME + NODES + 1] = middle + half * _CHECKS[1]
        track_positions(motion, a if body == 0 else b, NODES + 2, s)
        for axis in range(3):
            row = X + axis * (Y - X)
            for k in range(NODES):
                if body == 0:
                    values[3 + axis, k] = s[row + k]
                else:
                    values[axis, k] = s[row + k] - values[3 + axis, k]
            out = 3 + axis if body == 0 else axis
            for c in range(NODES):
                total = 0.0
                for k in range(NODES):
                    total += cheb.coefficients[c, k] * values[out, k]
                coef[out, c] = total
            for check in range(2):
                found, _ = _polynomial(coef, out, _CHECKS[check])
                wanted = s[row + NODES + check]
                if body == 1:
                    of_a, _ = _polynomial(coef, 3 + axis, _CHECKS[check])
                    wanted -= of_a
                miss_m = abs(found - wanted)
                residual_m = miss_m if not miss_m <= residual_m else residual_m
    return residual_m


@kernel
def _polynomial(coef, row, x):  # type: ignore[no-untyped-def]
    """Value and derivative (by x) of one row of coefficients at x in -1..1."""
    t_before, t_now, u_before, u_now = 1.0, x, 0.0, 1.0
    value, slope = coef[row, 0] + coef[row, 1] * x, coef[row, 1]
    for k in range(2, NODES):
        t_before, t_now = t_now, 2.0 * x * t_now - t_before
        u_before, u_now = u_now, 2.0 * x * u_now - u_before
        value += coef[row, k] * t_now
        slope += coef[row, k] * k * u_now
    return value, slope


@kernel
def _look(volumes, a, b, cheb, values, coef, g, phi):  # type: ignore[no-untyped-def]
    """d . d' and the depths in the volumes of a and b (those that count) at a panel's points."""
    for p in range(_POINTS):
        total = 0.0
        for axis in range(3):
            d, slope = 0.0, 0.0
            for k in range(NODES):
                d += cheb.value[p, k] * values[axis, k]
                slope += cheb.slope[p, k] * values[axis, k]
            total += d * slope
        g[p] = total
        phi[0, p] = _depth_at(volumes, a, coef, _point(p), 0)
        phi[1, p] = _depth_at(volumes, b, coef, _point(p), 1)


@kernel
def _along(coef, x):  # type: ignore[no-untyped-def]
    total = 0.0
    for axis in range(3):
        d, slope = _polynomial(coef, axis, x)
        total += d * slope
    return total


@kernel
def _depth(volumes, a, b, coef, x):  # type: ignore[no-untyped-def]
    """At most 0 inside a volume that counts, above 0 outside of all that count."""
    return min(_depth_at(volumes, a, coef, x, 0), _depth_at(volumes, b, coef, x, 1))


@kernel
def _depth_at(volumes, track, coef, x, share):  # type: ignore[no-untyped-def]
    """Depth in the volume of a track that is a (share 0) or b (share 1) of the pair."""
    if not volumes.counts[track]:
        return np.inf
    kind, axes_m = volumes.kind[track], volumes.axes_m[track]
    dx, sx = _polynomial(coef, 0, x)
    dy, sy = _polynomial(coef, 1, x)
    dz, sz = _polynomial(coef, 2, x)
    if kind == SPHERE:
        return (dx * dx + dy * dy + dz * dz) / (axes_m[0] * axes_m[0]) - 1.0
    rx, vx = _polynomial(coef, 3, x)
    ry, vy = _polynomial(coef, 4, x)
    rz, vz = _polynomial(coef, 5, x)
    rx, ry, rz = rx + share * dx, ry + share * dy, rz + share * dz
    vx, vy, vz = vx + share * sx, vy + share * sy, vz + share * sz
    radial, transverse, normal = in_rtn(rx, ry, rz, vx, vy, vz, dx, dy, dz)
    radial, transverse, normal = radial / axes_m[0], transverse / axes_m[1], normal / axes_m[2]
    if kind == ELLIPSOID:
        return radial * radial + transverse * transverse + normal * normal - 1.0
    return max(abs(radial), abs(transverse), abs(normal)) - 1.0


@kernel
def _breaks(volumes, a, b, coef, g, phi, p, curved, breaks, falls):  # type: ignore[no-untyped-def]
    """Where the interval before point p must be cut.

    At turning points of the range (`falls` marks minima) and, for volumes other than spheres,
    where the pair is deepest in either.
    """
    count = 0
    if (g[p - 1] < 0.0) != (g[p] < 0.0) and g[p - 1] != 0.0 and _moves(coef, _point(p)):
        breaks[0] = _turning_point(coef, _point(p - 1), _point(p), g[p - 1], g[p])
        falls[0] = g[p - 1] < 0.0
        count = 1
    for body in range(2 if curved else 0):
        depth = phi[body]
        if not (depth[p - 1] > 0.0 and 0.0 < depth[p] < np.inf):
            continue
        left = p < 2 or depth[p - 2] >= depth[p - 1]
        right = p > _POINTS - 2 or depth[p + 1] >= depth[p]
        if left and right:
            track = a if body == 0 else b
            deepest = _deepest(volumes, track, body, coef, _point(p - 1), _point(p))
            at = count
            while at > 0 and breaks[at - 1] > deepest:
                breaks[at], falls[at] = breaks[at - 1], falls[at - 1]
                at -= 1
            breaks[at], falls[at] = deepest, False
            count += 1
    return count


@kernel
def _moves(coef, x):  # type: ignore[no-untyped-def]
    """Whether the pair moves by more than the panel is exact over it; else turns are noise."""
    total = 0.0
    for axis in range(3):
        _, slope = _polynomial(coef, axis, x)
        total += slope * slope
    return total > _AGREEMENT_M * _AGREEMENT_M


@kernel
def _turning_point(coef, low, high, g_low, g_high):  # type: ignore[no-untyped-def]
    """Zero of d . d' between two points of opposite sign, by false position (Illinois)."""
    for _ in range(_HALVINGS):
        x = (low * g_high - high * g_low) / (g_high - g_low)
        if not low < x < high:
            x = 0.5 * (low + high)
        g = _along(coef, x)
        if g == 0.0 or high - low < 1e-13:
            return x
        if (g < 0.0) == (g_low < 0.0):
            if x - low < 1e-13:
                return x
            low, g_low, g_high = x, g, 0.5 * g_high
        else:
            if high - x < 1e-13:
                return x
            high, g_high, g_low = x, g, 0.5 * g_low
    return 0.5 * (low + high)


@kernel
def _crossing(volumes, a, b, coef, low, high, inside_first):  # type: ignore[no-untyped-def]
    """Where the depth changes sign between two points on which it differs in sign."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if (_depth(volumes, a, b, coef, middle) <= 0.0) == inside_first:
            low = middle
        else:
            high = middle
        if high - low < 1e-12:
            break
    return 0.5 * (low + high)


@kernel
def _deepest(volumes, track, share, coef, low, high):  # type: ignore[no-untyped-def]
    """Where the depth in one volume is smallest between two points, by golden section."""
    golden = 0.6180339887498949
    inner, outer = high - golden * (high - low), low + golden * (high - low)
    at_inner = _depth_at(volumes, track, coef, inner, share)
    at_outer = _depth_at(volumes, track, coef, outer, share)
    for _ in range(40):
        if at_inner <= at_outer:
            high, outer, at_outer = outer, inner, at_inner
            inner = high - golden * (high - low)
            at_inner = _depth_at(volumes, track, coef, inner, share)
        else:
            low, inner, at_inner = inner, outer, at_outer
            outer = low + golden * (high - low)
            at_outer = _depth_at(volumes, track, coef, outer, share)
    return 0.5 * (low + high)


@kernel
def _put(rows, found, a, b, tca_s, is_minimum, at_edge):  # type: ignore[no-untyped-def]
    if found < rows.shape[0]:
        rows[found, TRACK_A], rows[found, TRACK_B], rows[found, TCA] = a, b, tca_s
        rows[found, IS_MINIMUM], rows[found, AT_EDGE] = is_minimum, at_edge
    return found + 1


@kernel
def _close(rows, first_row, found, a, b, entry_s, exit_s, span_s, motion, s):  # type: ignore[no-untyped-def]
    """End a stay: its rows learn when it began and ended; one without a minimum gets a row."""
    if found == first_row:
        at_entry = _range(motion, a, b, entry_s, s) <= _range(motion, a, b, exit_s, s)
        nearer = entry_s if at_entry else exit_s
        # Whoever is inside at an end of the span is so because the window or a track ends there.
        at_edge = 1.0 if nearer in (span_s[0], span_s[1]) else 0.0
        found = _put(rows, found, a, b, nearer, 0.0, at_edge)
    for row in range(first_row, min(found, rows.shape[0])):
        rows[row, ENTRY], rows[row, EXIT] = entry_s, exit_s
    return found


@kernel
def _range(motion, a, b, t_s, s):  # type: ignore[no-untyped-def]
    s[TIME] = t_s
    track_positions(motion, a, 1, s)
    x, y, z = s[X], s[Y], s[Z]
    s[TIME] = t_s
    track_positions(motion, b, 1, s)
    return math.sqrt((s[X] - x) ** 2 + (s[Y] - y) ** 2 + (s[Z] - z) ** 2)
