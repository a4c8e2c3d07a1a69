"""The disc's integral by SciPy's adaptive quadrature, across the other axis than Skypact's."""

from __future__ import annotations

from itertools import pairwise
from math import acos, asin, cos, erfc, exp, pi, sin, sqrt

from scipy import integrate


def disc_quadrature(
    miss_major_m: float,
    miss_minor_m: float,
    sigma_major_m: float,
    sigma_minor_m: float,
    radius_m: float,
) -> float:
    """Strips across the major axis, at x = radius sin(angle), between breakpoints."""
    miss_x, miss_y = abs(miss_major_m), abs(miss_minor_m)
    scale = sqrt(2.0) * sigma_minor_m

    def strip(angle: float) -> float:
        half = radius_m * cos(angle)
        across = (radius_m * sin(angle) - miss_x) / sigma_major_m
        if half * (sigma_minor_m + miss_y) < 1e-3 * sigma_minor_m**2:  # both tails are one
            m = miss_y / sigma_minor_m
            bend = 1.0 + (half / sigma_minor_m) ** 2 * (m * m - 1.0) / 6.0
            chord = 2.0 * half / (sigma_minor_m * sqrt(2.0 * pi)) * exp(-0.5 * m * m) * bend
        else:
            chord = 0.5 * (erfc((miss_y - half) / scale) - erfc((miss_y + half) / scale))
        return chord * half * exp(-0.5 * across * across)

    edges = {-0.5 * pi, 0.5 * pi}
    for sigmas in (-8, -4, -2, -1, 0, 1, 2, 4, 8):
        along, level = miss_x + sigmas * sigma_major_m, miss_y + sigmas * sigma_minor_m
        if abs(along) < radius_m:
            edges.add(asin(along / radius_m))
        if 0.0 < level < radius_m:
            edges |= {acos(level / radius_m), -acos(level / radius_m)}
    places = sorted(edges)
    whole = sum(
        # With the full output a remark on rounding, which 1e-12 provokes, is no warning.
        integrate.quad(strip, low, high, epsabs=1e-300, epsrel=1e-12, limit=200, full_output=1)[0]
        for low, high in pairwise(places)
    )
    return float(whole / (sigma_major_m * sqrt(2.0 * pi)))
