"""Published ways to the same planar probability, beside the exact one, for comparison.

All take misses and sigmas along the principal axes of the joint covariance in the encounter
plane, shape (n,), with `sigma_major_m` >= `sigma_minor_m` > 0 and a positive radius; rows
outside that, and rows with NaN, are NaN. Each says where it stops being true; nothing here
guards against that, because showing it is what a comparison is for.
"""

from __future__ import annotations

from math import ceil, cos, erf, exp, expm1, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.disc_integral import chord_probability
from skypact.ssa.encounter_plane import encounter_planes
from skypact.ssa.probability import PlanarProbabilities

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]

_CHAN_TERMS = 20
_FEWEST_STRIPS = 10
_MOST_STRIPS = 100_000
_FIRST_CORNERS = 64
_MOST_CORNERS = 1 << 20
_HALF_SIDE = 0.5 * sqrt(pi)  # of the square with a unit disc's area


def planar_comparison(encounters: Encounters) -> tuple[PlanarProbabilities, ...]:
    """Every method of this module on the same encounters, as `collision_probability` sees them."""
    planes = encounter_planes(encounters)
    methods = {
        "2D-Pc, equal-area square": equal_area_square,
        "2D-Pc, Chan (1997)": chan_1997,
        "2D-Pc, Alfano (2005)": alfano_2005,
        "2D-Pc, Patera (2005)": patera_2005,
    }
    return tuple(
        PlanarProbabilities(
            method=name,
            probability=method(
                planes.miss_major_m,
                planes.miss_minor_m,
                planes.sigma_major_m,
                planes.sigma_minor_m,
                encounters.hard_body_radius_m,
            ),
            repaired=planes.repaired,
        )
        for name, method in methods.items()
    )


def equal_area_square(
    miss_major_m: Floats,
    miss_minor_m: Floats,
    sigma_major_m: Floats,
    sigma_minor_m: Floats,
    radius_m: Floats,
) -> Floats:
    """The disc replaced by the square of its area, sides along the principal axes.

    A square spreads 5 % wider than its disc: at a tenth of the minor sigma it is good to 1e-3
    up to four sigmas of miss; bodies wider than the sigmas are off by tens of percent.

    Source: Alfano (2005), "Review of Conjunction Probability Methods for Short-Term
    Encounters", discusses squares; the side is that of equal area.
    """
    return _by_row(_squares, miss_major_m, miss_minor_m, sigma_major_m, sigma_minor_m, radius_m)


def chan_1997(
    miss_major_m: Floats,
    miss_minor_m: Floats,
    sigma_major_m: Floats,
    sigma_minor_m: Floats,
    radius_m: Floats,
) -> Floats:
    """The ellipse made round at equal area: a series of Poisson terms, cut after 20.

    Needs a radius small against both sigmas; it fails by orders of magnitude for a thin
    ellipse that the disc is wider than, and the cut shows for wide bodies that are far off.

    Source: Chan (1997), "Collision Probability Analyses for Earth Orbiting Satellites",
    Advances in the Astronautical Sciences 96. Twenty terms are what Orekit sums.
    """
    return _by_row(_chans, miss_major_m, miss_minor_m, sigma_major_m, sigma_minor_m, radius_m)


def alfano_2005(
    miss_major_m: Floats,
    miss_minor_m: Floats,
    sigma_major_m: Floats,
    sigma_minor_m: Floats,
    radius_m: Floats,
) -> Floats:
    """Simpson's rule over strips, each a difference of two error functions.

    The differences lose all digits in the far tail: beyond about eight sigmas along the
    major axis it is off by percents (5 % at 2e-20 in one published case), then zero.

    Source: Alfano (2005), "A Numerical Implementation of Spherical Object Collision
    Probability", Journal of the Astronautical Sciences 53(1).
    """
    return _by_row(_alfanos, miss_major_m, miss_minor_m, sigma_major_m, sigma_minor_m, radius_m)


def patera_2005(
    miss_major_m: Floats,
    miss_minor_m: Floats,
    sigma_major_m: Floats,
    sigma_minor_m: Floats,
    radius_m: Floats,
) -> Floats:
    """The disc's rim seen from the density's centre: a contour integral over its angle.

    Exact for any shape. The corners of the contour are doubled until two sums agree within
    1e-12; a rim that passes within a thousandth of its own radius of the centre may need
    more than the million that are allowed, and is NaN then.

    Source: Patera (2005), "Calculating Collision Probability for Arbitrary Space Vehicle
    Shapes via Numerical Quadrature", Journal of Guidance, Control, and Dynamics 28(6).
    """
    return _by_row(_pateras, miss_major_m, miss_minor_m, sigma_major_m, sigma_minor_m, radius_m)


def _by_row(rows_kernel: Callable[..., None], *columns: Floats) -> Floats:
    rows = np.ascontiguousarray(np.stack(np.broadcast_arrays(*columns), axis=-1), np.float64)
    major_m, minor_m, radius_m = rows[:, 2], rows[:, 3], rows[:, 4]
    able = np.isfinite(rows).all(axis=1) & (major_m >= minor_m) & (minor_m > 0) & (radius_m > 0)
    found = np.full(len(rows), np.nan)
    rows_kernel(rows[able], found_able := np.empty(int(able.sum())))
    found[able] = found_able
    return found


@kernel
def _squares(rows, found):  # type: ignore[no-untyped-def]
    for i in range(found.shape[0]):
        found[i] = _square(rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3], rows[i, 4])


@kernel
def _chans(rows, found):  # type: ignore[no-untyped-def]
    for i in range(found.shape[0]):
        found[i] = _chan(rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3], rows[i, 4])


@kernel
def _alfanos(rows, found):  # type: ignore[no-untyped-def]
    for i in range(found.shape[0]):
        found[i] = _alfano(rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3], rows[i, 4])


@kernel
def _pateras(rows, found):  # type: ignore[no-untyped-def]
    for i in range(found.shape[0]):
        found[i] = _patera(rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3], rows[i, 4])


@kernel
def _square(miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    half = _HALF_SIDE * radius
    along = chord_probability(half, abs(miss_x), sigma_x)
    return along * chord_probability(half, abs(miss_y), sigma_y)


@kernel
def _chan(miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    size = 0.5 * radius * radius / (sigma_x * sigma_y)
    distance = 0.5 * ((miss_x / sigma_x) ** 2 + (miss_y / sigma_y) ** 2)
    # The share of Poisson(size) above m, summed from above: 1 - (sum below) would cancel.
    above = np.zeros(_CHAN_TERMS)
    term = exp(-size)
    for k in range(1, _CHAN_TERMS):
        term *= size / k
    rest, k = 0.0, _CHAN_TERMS
    step = term * size / k
    while step > 1e-17 * rest or k <= size:
        rest += step
        k += 1
        step *= size / k
    for m in range(_CHAN_TERMS - 1, -1, -1):
        above[m] = rest
        rest += term
        term *= m / size
    total, weight = 0.0, exp(-distance)
    for m in range(_CHAN_TERMS):
        total += weight * above[m]
        weight *= distance / (m + 1)
    return total


@kernel
def _alfano(miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    """Strips across the minor axis, both halves of the disc folded onto one."""
    narrow = min(sigma_y, sqrt(miss_x * miss_x + miss_y * miss_y))
    strips = _MOST_STRIPS
    if narrow * _MOST_STRIPS > 5.0 * radius:
        strips = max(_FEWEST_STRIPS, int(5.0 * radius / narrow))
    step = 0.5 * radius / strips
    # A hundredth and a half of a step inside the rim stands for the rim, where strips vanish.
    ends = _folded(0.015 * step - radius, miss_x, miss_y, sigma_x, sigma_y, radius)
    middle = _folded(0.0, miss_x, miss_y, sigma_x, sigma_y, radius)
    total = 2.0 * ends + middle
    for i in range(1, strips + 1):
        odd = (2 * i - 1) * step - radius
        total += 4.0 * _folded(odd, miss_x, miss_y, sigma_x, sigma_y, radius)
        if i < strips:
            even = 2 * i * step - radius
            total += 2.0 * _folded(even, miss_x, miss_y, sigma_x, sigma_y, radius)
    return total * step / (3.0 * sqrt(8.0 * pi) * sigma_y)


@kernel
def _folded(y, miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    half_chord, scale = sqrt(max(radius * radius - y * y, 0.0)), sqrt(2.0) * sigma_x
    strip = erf((miss_x + half_chord) / scale) + erf((half_chord - miss_x) / scale)
    below, above = (y + miss_y) / sigma_y, (y - miss_y) / sigma_y
    return strip * (exp(-0.5 * below * below) + exp(-0.5 * above * above))


@kernel
def _patera(miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    corners = max(_FIRST_CORNERS, min(_MOST_CORNERS, ceil(8.0 * radius / sigma_y)))
    coarse = _contour(corners, 0.0, miss_x, miss_y, sigma_x, sigma_y, radius) / corners
    while corners < _MOST_CORNERS:
        # Corners between those before: the mean of both sums is the finer rule.
        between = _contour(corners, 0.5, miss_x, miss_y, sigma_x, sigma_y, radius) / corners
        fine = 0.5 * (coarse + between)
        corners *= 2
        if abs(fine - coarse) <= 1e-12 * abs(fine):
            return fine
        coarse = fine
    return np.nan


@kernel
def _contour(corners, offset, miss_x, miss_y, sigma_x, sigma_y, radius):  # type: ignore[no-untyped-def]
    """Sum over the rim of 1 - exp(-distance²/2), in sigmas, by the angle at the centre."""
    around = sqrt(miss_x * miss_x + miss_y * miss_y) < radius
    total = 0.0
    for k in range(corners):
        angle = 2.0 * pi * (k + offset) / corners
        cosine, sine = cos(angle), sin(angle)
        x, y = (miss_x + radius * cosine) / sigma_x, (miss_y + radius * sine) / sigma_y
        square = x * x + y * y
        turn = radius * (x * cosine / sigma_y + y * sine / sigma_x) / square
        # The angle makes one whole turn or none: without one its 1 would only cancel.
        total -= turn * (expm1(-0.5 * square) if around else exp(-0.5 * square))
    return total
