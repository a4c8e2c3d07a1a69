"""How fast probability flows into the combined hard body at one instant."""

from __future__ import annotations

from math import cos, erfc, exp, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.small_matrices import inverse_trace, root_determinant, solved, squared_length

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_ORDERS = (12, 24, 48, 96, 192)
# Nodes per half of the sphere: Alfano's cases settle to 1e-6 at two per sigma, with ten to spare.
_NODES_PER_SIGMA = 2.0
SHARPEST_RATIO = (_ORDERS[-1] - 10) / _NODES_PER_SIGMA
"""Hard-body radii by the smallest sigma up to which the sphere is resolved."""

_TAIL = 90.0  # of a squared distance beyond the nearest: e-20 of the density
_SQRT2 = sqrt(2.0)
_SQRT2PI = sqrt(2.0 * pi)


def _rules() -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights, row by row of `_ORDERS`, on 0..1."""
    nodes, weights = np.zeros((2, len(_ORDERS), _ORDERS[-1]))
    for row, order in enumerate(_ORDERS):
        x, w = np.polynomial.legendre.leggauss(order)
        nodes[row, :order], weights[row, :order] = 0.5 * (1.0 + x), 0.5 * w
    return nodes, weights


_HEIGHTS, _WEIGHTS = _rules()
_ORDER_OF = np.array(_ORDERS)


@kernel
def sharpness(factor, radius):  # type: ignore[no-untyped-def]
    """Radius by the smallest sigma of position, at most 1.7 times too large."""
    return radius * sqrt(inverse_trace(factor))


@kernel
def collision_rate(work, radius):  # type: ignore[no-untyped-def]
    """Expected collisions per second, from the Gaussian relative state that `work` holds.

    The density on the sphere times the mean inward speed there, integrated over the sphere.
    Gauss-Legendre in height about the relative velocity, one rule for either half: where the
    velocity is well known the inflow has a kink at the equator.

    Source: Coppola (2012), "Including Velocity Uncertainty in the Probability of Collision
    Between Space Objects", AAS 12-247.
    """
    mean, factor = work.mean, work.factor
    slope, left, velocity = velocity_given_position(mean, work.covariance, factor)
    pole, first, second = direction_axes(velocity)
    rule = _rule_for(sharpness(factor, radius))
    count = 2 * _ORDER_OF[rule]
    turn = 2.0 * pi / count
    total, nearest = 0.0, np.inf
    r, apart = np.empty(3), np.empty(3)
    for i in range(count):
        node = i // 2
        height = _HEIGHTS[rule, node] if i % 2 else -_HEIGHTS[rule, node]
        across = sqrt(1.0 - height * height)
        ring = 0.0
        for j in range(count):
            x, y = across * cos(j * turn), across * sin(j * turn)
            for k in range(3):
                r[k] = height * pole[k] + x * first[k] + y * second[k]
                apart[k] = radius * r[k] - mean[k]
            squared = squared_length(factor, apart[0], apart[1], apart[2])
            if squared < nearest + _TAIL:
                nearest = min(nearest, squared)
                ring += exp(-0.5 * squared) * _inward_speed(r, apart, mean, slope, left)
        total += _WEIGHTS[rule, node] * ring
    return total * turn * radius * radius / (_SQRT2PI**3 * root_determinant(factor))


@kernel
def velocity_given_position(mean, covariance, factor):  # type: ignore[no-untyped-def]
    """Velocity is mean + slope (r - r mean), with the covariance that is left; and at r = 0."""
    slope, left, velocity = np.empty((3, 3)), np.empty((3, 3)), np.empty(3)
    for i in range(3):
        x, y, z = solved(factor, covariance[0, 3 + i], covariance[1, 3 + i], covariance[2, 3 + i])
        slope[i, 0], slope[i, 1], slope[i, 2] = x, y, z
        velocity[i] = mean[3 + i] - x * mean[0] - y * mean[1] - z * mean[2]
        for j in range(3):
            left[i, j] = covariance[3 + i, 3 + j] - (
                x * covariance[0, 3 + j] + y * covariance[1, 3 + j] + z * covariance[2, 3 + j]
            )
    return slope, left, velocity


@kernel
def sphere_points(sharp):  # type: ignore[no-untyped-def]
    """How many points of the sphere a rate takes."""
    return 4 * _ORDER_OF[_rule_for(sharp)] ** 2


@kernel
def _rule_for(sharp):  # type: ignore[no-untyped-def]
    for rule in range(_ORDER_OF.shape[0]):
        if _ORDER_OF[rule] >= 10.0 + _NODES_PER_SIGMA * sharp:
            return rule
    return _ORDER_OF.shape[0] - 1


@kernel
def direction_axes(velocity):  # type: ignore[no-untyped-def]
    """Unit vectors along a velocity and across it; any axes where it is zero."""
    pole = np.zeros(3)
    speed = length(velocity)
    pole[0] = 1.0
    if speed > 0.0:
        pole[:] = velocity / speed
    least = np.zeros(3)
    least[np.argmin(np.abs(pole))] = 1.0
    first = np.cross(pole, least)
    first /= length(first)
    return pole, first, np.cross(pole, first)


@kernel
def length(vector):  # type: ignore[no-untyped-def]
    return sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2])


@kernel
def _inward_speed(r, apart, mean, slope, left):  # type: ignore[no-untyped-def]
    """Mean of max(0, -v·r) at the point r of the unit sphere."""
    outward, variance = 0.0, 0.0
    for i in range(3):
        speed = mean[3 + i]
        spread = 0.0
        for j in range(3):
            speed += slope[i, j] * apart[j]
            spread += left[i, j] * r[j]
        outward += r[i] * speed
        variance += r[i] * spread
    if not variance > 0.0:
        return max(0.0, -outward)
    sigma = sqrt(variance)
    z = outward / sigma
    if z > 9.0:
        return 0.0
    return sigma * (exp(-0.5 * z * z) / _SQRT2PI - 0.5 * z * erfc(z / _SQRT2))
