"""A Gaussian's integral over a disc: a power series, and quadrature where that ends."""

from __future__ import annotations

from math import acos, cos, erfc, exp, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

WIDEST_RATIO = 1e6
"""Hard-body radii per minor sigma up to which the integral holds; beyond it is NaN."""

_LARGEST_SERIES = 20.0  # half the square of radii per sigma: 1e-12 there, 1e-10 at ten times it
_LARGEST_TILT = 1e4  # of the density across the disc, in the series' own unit
_LARGEST_EXPONENT = 690.0  # the density at the centre must not vanish before the sum grows
_TERMS = 400
_RELATIVE = 1e-13
_k = np.arange(_TERMS)
# What the recurrence divides by, at each step.
_OVER_0 = 1.0 / ((_k + 2.0) * (_k + 3.0) * (_k + 4.0) ** 2 * (_k + 5.0))
_OVER_1 = 1.0 / ((_k + 3.0) * (_k + 4.0) ** 2 * (_k + 5.0))
_OVER_2 = 1.0 / ((_k + 4.0) ** 2 * (_k + 5.0))
_OVER_3 = 1.0 / ((_k + 4.0) * (_k + 5.0))

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_DEEP = 45.0  # exponents below its top at which the integrand is 3e-20 of it
_PANELS = 400
_SQRT2 = sqrt(2.0)


def disc_probability(
    miss_major_m: Floats,
    miss_minor_m: Floats,
    sigma_major_m: Floats,
    sigma_minor_m: Floats,
    radius_m: Floats,
) -> Floats:
    """Probability that a point spread by the sigmas about the miss lies in the disc.

    Arguments have one shape, or broadcast to it. Misses are given along the principal axes,
    `sigma_major_m` >= `sigma_minor_m` > 0. Against adaptive quadrature the relative error stays
    below 1e-9 for probabilities down to 1e-290 where the minor sigma is at least
    1e-6 radii, whatever the ratio of the sigmas (tried to 1e10). Outside that domain, and for
    NaN, the result is NaN; below 1e-290 it may be 0. A radius of 0 gives exactly 0, an
    infinite one 1.

    Source: the series is that of Serra, Arzelier, Joldes, Lasserre, Rondepierre & Salvy
    (2016), "Fast and Accurate Computation of Orbital Collision Probability for Short-Term
    Encounters", Journal of Guidance, Control, and Dynamics 39(5).

    >>> one = np.ones(1)
    >>> print(round(float(disc_probability(0 * one, 0 * one, one, one, one)[0]), 6))
    0.393469
    """
    columns = np.broadcast_arrays(
        miss_major_m, miss_minor_m, sigma_major_m, sigma_minor_m, radius_m
    )
    miss_x, miss_y, sigma_x, sigma_y, radius = (
        np.asarray(column, np.float64).ravel() for column in columns
    )
    probability = np.empty(len(radius))
    _disc_probability(miss_x, miss_y, sigma_x, sigma_y, radius, probability)
    return probability.reshape(columns[0].shape)


@kernel
def _disc_probability(miss_x, miss_y, sigma_x, sigma_y, radius, probability):  # type: ignore[no-untyped-def]
    for i in range(probability.shape[0]):
        probability[i] = disc_integral(miss_x[i], miss_y[i], sigma_x[i], sigma_y[i], radius[i])


@kernel
def disc_integral(miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    """One disc; x is the major axis."""
    # "not >=" also catches NaN.
    if not (radius >= 0.0 and sigma_x >= sigma_y and abs(miss_x) + abs(miss_y) < np.inf):
        return np.nan
    if radius == 0.0:
        return 0.0
    if radius == np.inf and sigma_x < np.inf:
        return 1.0
    if not (radius <= WIDEST_RATIO * sigma_y and sigma_x < np.inf):
        return np.nan
    width = 0.5 * (radius / sigma_y) ** 2
    far_x, far_y = miss_x / sigma_x, miss_y / sigma_y
    tilt_x = (0.5 * far_x * radius / sigma_x) ** 2
    tilt_y = (0.5 * far_y * radius / sigma_y) ** 2
    exponent = 0.5 * (far_x * far_x + far_y * far_y) + width
    within = width <= _LARGEST_SERIES and tilt_x + tilt_y <= _LARGEST_TILT
    if within and exponent < _LARGEST_EXPONENT:
        scale = 0.5 * (radius / sigma_x) * (radius / sigma_y) * exp(-exponent)
        flatness = 1.0 - (sigma_y / sigma_x) ** 2
        return min(scale * _series(width, flatness, tilt_x, tilt_y), 1.0)
    return min(_quadrature(abs(miss_x), abs(miss_y), sigma_x, sigma_y, radius), 1.0)


@kernel
def _series(width, flatness, tilt_x, tilt_y):  # type: ignore[no-untyped-def]
    """Sum of terms that are all positive, so that none cancels another."""
    half = 1.0 + 0.5 * flatness
    first = width * half + tilt_x + tilt_y
    square = width * width
    flat2 = flatness * flatness
    second = square * (1.0 + 0.5 * flat2) + 2.0 * width * flatness * tilt_x
    third = 2.0 * square * (width * (1.0 + 0.5 * flatness * flat2) + 3.0 * flat2 * tilt_x)
    a, b, c = 1.0, 0.5 * first, (first * first + second) / 12.0
    d = (first * (first * first + 3.0 * second) + third) / 144.0
    total = a + b + c + d
    by_a = -width * square * flat2 * tilt_y
    by_b = square * flatness
    by_b0, by_b1 = by_b * (2.5 * width * flatness + 2.0 * tilt_y * half), by_b * width * flatness
    by_c1 = -2.0 * square * flatness * half
    by_c0 = 2.5 * by_c1 - width * (flatness * (2.0 * tilt_y + 1.5 * width) + tilt_x + tilt_y)
    by_d1 = width * (2.0 * flatness + 1.0)
    by_d0 = 3.0 * by_d1 + first
    for k in range(_TERMS):
        new = (
            by_a * a * _OVER_0[k]
            + (by_b0 + k * by_b1) * b * _OVER_1[k]
            + (by_c0 + k * by_c1) * c * _OVER_2[k]
            + (by_d0 + k * by_d1) * d * _OVER_3[k]
        )
        a, b, c, d = b, c, d, new
        total += new
        if new <= _RELATIVE * total:
            break
    return total


@kernel
def _quadrature(miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    """Strips across the minor axis, at y = radius sin(angle), on panels halved where needed."""
    top = nearest_angle(miss_x, miss_y, sigma_x, sigma_y, radius)
    floor = mahalanobis_depth(top, miss_x, miss_y, sigma_x, sigma_y, radius) + _DEEP
    start = _edge(top, -0.5 * pi, floor, miss_x, miss_y, sigma_x, sigma_y, radius)
    end = _edge(top, 0.5 * pi, floor, miss_x, miss_y, sigma_x, sigma_y, radius)
    # Where the disc's rim passes the density's ridge the strips fill or empty at once.
    rim = acos(min(1.0, miss_x / radius))
    lows, highs, sums = np.empty(_PANELS), np.empty(_PANELS), np.empty(_PANELS)
    low, count, total = start, 0, 0.0
    for stop in (-rim, min(top, rim), max(top, rim), end):
        if low < stop:
            high = min(stop, end)
            lows[count], highs[count] = low, high
            sums[count] = _panel(low, high, miss_x, miss_y, sigma_x, sigma_y, radius)
            total += sums[count]
            low, count = high, count + 1
    found = 0.0
    while count > 0:
        count -= 1
        low, high, whole = lows[count], highs[count], sums[count]
        middle = 0.5 * (low + high)
        left = _panel(low, middle, miss_x, miss_y, sigma_x, sigma_y, radius)
        right = _panel(middle, high, miss_x, miss_y, sigma_x, sigma_y, radius)
        total += left + right - whole
        if abs(left + right - whole) <= 1e-12 * total or high - low < 1e-14:
            found += left + right
        elif count + 2 > _PANELS:
            return np.nan
        else:
            lows[count], highs[count], sums[count] = low, middle, left
            lows[count + 1], highs[count + 1], sums[count + 1] = middle, high, right
            count += 2
    return found / (sigma_y * sqrt(2.0 * pi))


@kernel
def _panel(low, high, miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    half, middle = 0.5 * (high - low), 0.5 * (high + low)
    total = 0.0
    for k in range(_NODES.shape[0]):
        angle = middle + half * _NODES[k]
        chord = radius * cos(angle)
        across = (radius * sin(angle) - miss_y) / sigma_y
        strip = chord_probability(chord, miss_x, sigma_x)
        total += _WEIGHTS[k] * strip * chord * exp(-0.5 * across * across)
    return half * total


@kernel
def chord_probability(half_chord, miss_x, sigma_x):  # type: ignore[no-untyped-def]
    """Probability of one coordinate to lie within the half-chord of zero."""
    if half_chord * (sigma_x + miss_x) < 0.02 * sigma_x * sigma_x:
        # The two tails would agree in all their digits. Three nodes of Gauss and Legendre.
        node = 0.7745966692414834 * half_chord  # √(3/5)
        near, centre = (miss_x - node) / sigma_x, miss_x / sigma_x
        far = (miss_x + node) / sigma_x
        ends = exp(-0.5 * near * near) + exp(-0.5 * far * far)
        mean = (5.0 * ends + 8.0 * exp(-0.5 * centre * centre)) / 18.0
        return 2.0 * half_chord * mean / (sigma_x * sqrt(2.0 * pi))
    scale = _SQRT2 * sigma_x
    return 0.5 * (erfc((miss_x - half_chord) / scale) - erfc((miss_x + half_chord) / scale))


@kernel
def mahalanobis_depth(angle, miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    """Half the squared Mahalanobis distance of the strip's nearest point: convex in y."""
    across = (radius * sin(angle) - miss_y) / sigma_y
    beside = max(0.0, miss_x - radius * cos(angle)) / sigma_x
    return 0.5 * (across * across + beside * beside)


@kernel
def nearest_angle(miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    """Angle of the disc's nearest point to the density's centre, in 0..pi/2."""
    low, high = 0.0, 0.5 * pi
    for _ in range(60):
        angle = 0.5 * (low + high)
        across = (radius * sin(angle) - miss_y) * cos(angle) / sigma_y
        beside = max(0.0, miss_x - radius * cos(angle)) * sin(angle) / sigma_x
        if across / sigma_y + beside / sigma_x > 0.0:
            high = angle
        else:
            low = angle
    return 0.5 * (low + high)


@kernel
def _edge(top, end, floor, miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    """Angle between the top and an end beyond which the integrand is too deep to count."""
    if mahalanobis_depth(end, miss_x, miss_y, sigma_x, sigma_y, radius) <= floor:
        return end
    inside, outside = top, end
    for _ in range(50):
        angle = 0.5 * (inside + outside)
        if mahalanobis_depth(angle, miss_x, miss_y, sigma_x, sigma_y, radius) <= floor:
            inside = angle
        else:
            outside = angle
    return outside
