"""Two-body motion in equinoctial elements, which stay regular for round and equatorial orbits."""

from __future__ import annotations

from math import atan2, cos, floor, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import inlined, kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

GM_M3_S2 = 3.986004418e14
"""The Earth's gravity. Source: IERS Conventions (2010), Technical Note 36, table 1.1."""

N, H, K, P, Q, LONGITUDE = range(6)
"""Columns of elements: mean motion in rad/s, h = e sin(ω+Ω), k = e cos(ω+Ω),
p = tan(i/2) sin Ω, q = tan(i/2) cos Ω, mean longitude M+ω+Ω in rad."""

_MOST_NEWTON_STEPS = 20


def elements_from_states(r_m: Floats, v_m_s: Floats) -> Floats:
    """Equinoctial elements (n, 6) of inertial states of shape (n, 3), columns as `N` and on.

    A state that is not on an ellipse (too fast, on a line through the Earth, not finite) or
    whose inclination is 180 degrees has NaN for every element.

    Source: Broucke & Cefola (1972), "On the Equinoctial Orbit Elements".

    >>> round_orbit = elements_from_states(np.array([[7e6, 0, 0]]), np.array([[0, 7546.0533, 0]]))
    >>> bool(np.hypot(round_orbit[0, H], round_orbit[0, K]) < 1e-8)
    True
    """
    elements = np.empty((len(r_m), 6))
    _elements_from_states(
        np.ascontiguousarray(r_m, np.float64), np.ascontiguousarray(v_m_s, np.float64), elements
    )
    return elements


def states_from_elements(elements: Floats, times_s: Floats) -> tuple[Floats, Floats]:
    """Position and velocity, both (n, 3), of row i of the elements (n, 6) at `times_s[i]`.

    Times count from the epoch of the elements. Rows that are no ellipse are NaN.
    """
    r_m, v_m_s = np.empty((len(elements), 3)), np.empty((len(elements), 3))
    _states_from_elements(
        np.ascontiguousarray(elements, np.float64),
        np.ascontiguousarray(times_s, np.float64),
        r_m,
        v_m_s,
    )
    return r_m, v_m_s


@kernel
def _elements_from_states(r_m, v_m_s, elements):  # type: ignore[no-untyped-def]
    for i in range(r_m.shape[0]):
        write_elements(r_m[i], v_m_s[i], elements[i])


@kernel
def _states_from_elements(elements, times_s, r_m, v_m_s):  # type: ignore[no-untyped-def]
    state = np.empty(6)
    for i in range(elements.shape[0]):
        write_state(elements[i], times_s[i], state)
        r_m[i], v_m_s[i] = state[:3], state[3:]


@kernel
def write_elements(r, v, out):  # type: ignore[no-untyped-def]
    """Elements of one state, in place."""
    out[:] = np.nan
    radius = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2])
    speed2 = v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
    wx = r[1] * v[2] - r[2] * v[1]
    wy = r[2] * v[0] - r[0] * v[2]
    wz = r[0] * v[1] - r[1] * v[0]
    momentum = sqrt(wx * wx + wy * wy + wz * wz)
    energy = 2.0 / radius - speed2 / GM_M3_S2
    if not (energy > 0.0 and momentum + wz > 0.0 and momentum > 0.0):  # also NaN
        return
    a = 1.0 / energy
    p, q = wx / (momentum + wz), -wy / (momentum + wz)
    fx, fy, fz, gx, gy, gz = _plane(p, q)
    # The eccentricity vector, v x (r x v) / GM - r / |r|.
    factor, along = speed2 / GM_M3_S2 - 1.0 / radius, _dot(r, v) / GM_M3_S2
    ex, ey, ez = (
        factor * r[0] - along * v[0],
        factor * r[1] - along * v[1],
        factor * r[2] - along * v[2],
    )
    k, h = ex * fx + ey * fy + ez * fz, ex * gx + ey * gy + ez * gz
    x, y = r[0] * fx + r[1] * fy + r[2] * fz, r[0] * gx + r[1] * gy + r[2] * gz
    if not h * h + k * k < 1.0:
        return
    s = sqrt(1.0 - h * h - k * k)
    b = 1.0 / (1.0 + s)
    c = k + ((1.0 - k * k * b) * x - h * k * b * y) / (a * s)
    d = h + ((1.0 - h * h * b) * y - h * k * b * x) / (a * s)
    longitude = atan2(d, c) + h * c - k * d
    out[N], out[H], out[K], out[P], out[Q] = sqrt(GM_M3_S2 / a) / a, h, k, p, q
    out[LONGITUDE] = longitude


@inlined
def _dot(a, b):  # type: ignore[no-untyped-def]
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@inlined
def _plane(p, q):  # type: ignore[no-untyped-def]
    """The two axes of the orbit's plane from which the longitudes count."""
    scale = 1.0 / (1.0 + p * p + q * q)
    return (
        (1.0 - p * p + q * q) * scale, 2.0 * p * q * scale, -2.0 * p * scale,
        2.0 * p * q * scale, (1.0 + p * p - q * q) * scale, 2.0 * q * scale,
    )  # fmt: skip


@inlined
def eccentric_longitude(longitude, h, k):  # type: ignore[no-untyped-def]
    """Solves Kepler's equation; returns the cosine and sine of the eccentric longitude."""
    longitude -= 2.0 * pi * floor(longitude / (2.0 * pi) + 0.5)
    c, s = cos(longitude), sin(longitude)
    # First order in the eccentricity is a start good to e² for near-circular orbits.
    angle = longitude + k * s - h * c
    for _ in range(_MOST_NEWTON_STEPS):
        c, s = cos(angle), sin(angle)
        step = (longitude - angle - h * c + k * s) / (1.0 - h * s - k * c)
        # A step of more than a radian overshoots on a long ellipse.
        step = min(1.0, max(-1.0, step))
        angle += step
        if abs(step) < 1e-7:
            # The next step would be its square: the last turn needs no cosine of its own.
            return c - step * (s + 0.5 * step * c), s + step * (c - 0.5 * step * s)
    return cos(angle), sin(angle)


@kernel
def write_state(elements, time_s, out):  # type: ignore[no-untyped-def]
    """Position and velocity of one set of elements, in place; NaN if it is no ellipse."""
    n, h, k = elements[N], elements[H], elements[K]
    if not (n > 0.0 and h * h + k * k < 1.0):
        out[:] = np.nan
        return
    x, y, u, w = _in_plane(n, h, k, elements[LONGITUDE] + n * time_s)
    fx, fy, fz, gx, gy, gz = _plane(elements[P], elements[Q])
    out[0], out[1], out[2] = x * fx + y * gx, x * fy + y * gy, x * fz + y * gz
    out[3], out[4], out[5] = u * fx + w * gx, u * fy + w * gy, u * fz + w * gz


@inlined
def _in_plane(n, h, k, longitude):  # type: ignore[no-untyped-def]
    """Position and velocity along the two axes of the plane."""
    c, s = eccentric_longitude(longitude, h, k)
    a = (GM_M3_S2 / (n * n)) ** (1.0 / 3.0)
    b = 1.0 / (1.0 + sqrt(1.0 - h * h - k * k))
    speed = a * n / (1.0 - h * s - k * c)
    x = a * ((1.0 - h * h * b) * c + h * k * b * s - k)
    y = a * ((1.0 - k * k * b) * s + h * k * b * c - h)
    u = speed * (h * k * b * c - (1.0 - h * h * b) * s)
    w = speed * ((1.0 - k * k * b) * c - h * k * b * s)
    return x, y, u, w


@kernel
def write_partials(elements, time_s, state, partials):  # type: ignore[no-untyped-def]
    """State at a time, and its derivatives (6, 6) by the elements at their epoch, in place.

    The second index counts the elements.
    """
    write_state(elements, time_s, state)
    n, h, k, p, q = elements[N], elements[H], elements[K], elements[P], elements[Q]
    longitude = elements[LONGITUDE] + n * time_s
    c, s = eccentric_longitude(longitude, h, k)
    a = (GM_M3_S2 / (n * n)) ** (1.0 / 3.0)
    root = sqrt(1.0 - h * h - k * k)
    b = 1.0 / (1.0 + root)
    b_h, b_k = b * b * h / root, b * b * k / root
    ratio = 1.0 - h * s - k * c  # radius by semi-major axis
    angle_h, angle_k = -c / ratio, s / ratio
    # Position by a along the axes, and velocity by a n times the ratio, as in `_in_plane`.
    one, two, mixed = 1.0 - h * h * b, 1.0 - k * k * b, h * k * b
    one_h, one_k = -2.0 * h * b - h * h * b_h, -h * h * b_k
    two_h, two_k = -k * k * b_h, -2.0 * k * b - k * k * b_k
    mixed_h, mixed_k = k * b + h * k * b_h, h * b + h * k * b_k
    x_angle, y_angle = -one * s + mixed * c, two * c - mixed * s
    x_h = one_h * c + mixed_h * s + x_angle * angle_h
    x_k = one_k * c + mixed_k * s - 1.0 + x_angle * angle_k
    y_h = two_h * s + mixed_h * c - 1.0 + y_angle * angle_h
    y_k = two_k * s + mixed_k * c + y_angle * angle_k
    ratio_angle = k * s - h * c
    ratio_h, ratio_k = -s + ratio_angle * angle_h, -c + ratio_angle * angle_k
    u, w = x_angle / ratio, y_angle / ratio
    u_angle, w_angle = -one * c - mixed * s, -two * s - mixed * c
    u_h = (-one_h * s + mixed_h * c + u_angle * angle_h - u * ratio_h) / ratio
    u_k = (-one_k * s + mixed_k * c + u_angle * angle_k - u * ratio_k) / ratio
    w_h = (two_h * c - mixed_h * s + w_angle * angle_h - w * ratio_h) / ratio
    w_k = (two_k * c - mixed_k * s + w_angle * angle_k - w * ratio_k) / ratio
    fx, fy, fz, gx, gy, gz = _plane(p, q)
    f, g = (fx, fy, fz), (gx, gy, gz)
    turn = 2.0 / (1.0 + p * p + q * q)
    pole = (p * turn, -q * turn, 0.5 * turn * (1.0 - p * p - q * q))
    x, y = _dot(state[:3], f), _dot(state[:3], g)
    vx, vy = _dot(state[3:], f), _dot(state[3:], g)
    pull = -n * a * a * a / (a * ratio) ** 3  # GM / (n r³)
    for i in range(3):
        partials[i, H], partials[i, K] = (
            a * (x_h * f[i] + y_h * g[i]),
            a * (x_k * f[i] + y_k * g[i]),
        )
        partials[3 + i, H] = a * n * (u_h * f[i] + w_h * g[i])
        partials[3 + i, K] = a * n * (u_k * f[i] + w_k * g[i])
        f_p, g_p = -turn * (q * g[i] + pole[i]), turn * q * f[i]
        f_q, g_q = turn * p * g[i], turn * (pole[i] - p * f[i])
        partials[i, P], partials[i, Q] = x * f_p + y * g_p, x * f_q + y * g_q
        partials[3 + i, P], partials[3 + i, Q] = vx * f_p + vy * g_p, vx * f_q + vy * g_q
        partials[i, LONGITUDE], partials[3 + i, LONGITUDE] = state[3 + i] / n, pull * state[i]
        partials[i, N] = -2.0 / (3.0 * n) * state[i] + time_s * partials[i, LONGITUDE]
        partials[3 + i, N] = state[3 + i] / (3.0 * n) + time_s * partials[3 + i, LONGITUDE]
