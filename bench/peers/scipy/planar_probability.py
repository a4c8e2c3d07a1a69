"""2D-Pc by SciPy's adaptive quadratures: what most programs do, and the reference."""

from __future__ import annotations

from math import cos, erfc, exp, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import dblquad, quad

if TYPE_CHECKING:
    import numpy.typing as npt
    from peers.numpy.planar_probability import Plane

    Floats = npt.NDArray[np.float64]

_RELATIVE = 1e-12


def double_quadrature(plane: Plane) -> Floats:
    """SciPy's dblquad over the disc, with its default tolerances relative to the result."""
    return np.array([_double(*row) for row in plane.T.tolist()])


def _double(x: float, y: float, sigma_x: float, sigma_y: float, radius: float) -> float:
    def density(v: float, u: float) -> float:
        return exp(-0.5 * (((u - x) / sigma_x) ** 2 + ((v - y) / sigma_y) ** 2))

    def edge(u: float) -> float:
        return sqrt(max(radius * radius - u * u, 0.0))

    whole, _ = dblquad(density, -radius, radius, lambda u: -edge(u), edge, epsabs=0.0)
    return float(whole / (2.0 * pi * sigma_x * sigma_y))


def adaptive(plane: Plane) -> Floats:
    """One adaptive quadrature of strips across the major axis, to 1e-12: the reference."""
    return np.array([_adaptive(*row) for row in plane.T.tolist()])


def _adaptive(x: float, y: float, sigma_x: float, sigma_y: float, radius: float) -> float:
    x, y, scale = abs(x), abs(y), sqrt(2.0) * sigma_y

    def strip(angle: float) -> float:
        half, across = radius * cos(angle), (radius * sin(angle) - x) / sigma_x
        chord = 0.5 * (erfc((y - half) / scale) - erfc((y + half) / scale))
        return chord * half * exp(-0.5 * across * across)

    whole = quad(strip, -0.5 * pi, 0.5 * pi, epsabs=0.0, epsrel=_RELATIVE, limit=400, full_output=1)
    return float(whole[0] / (sigma_x * sqrt(2.0 * pi)))
