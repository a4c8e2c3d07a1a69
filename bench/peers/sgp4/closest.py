"""Exact minima of the range of one pair, from positions of the reference alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from peers.sgp4.propagation import one_position_m

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_DEGREE = 4


class Minimum(NamedTuple):
    tca_s: float
    miss_m: float
    speed_m_s: float


def closest(
    a: Any, b: Any, start_utc: np.datetime64, near_s: float, half_s: float
) -> Minimum | None:
    """The minimum of |r1 - r2| within `half_s` of `near_s`, or None if it lies at an end.

    Two ever finer grids, then a polynomial through 61 squared ranges: their rounding noise
    averages out, which a difference of neighbours would not let it. The speed is that of
    the positions, not SGP4's velocity.
    """
    centre_s = near_s
    for width_s, points in ((half_s, 49), (half_s / 12.0, 41)):
        times_s = centre_s + np.linspace(-width_s, width_s, points)
        square = _square_range(a, b, start_utc, times_s)
        if not np.isfinite(square).all():
            return None
        k = int(np.argmin(square))
        if k in (0, points - 1) and width_s == half_s:
            return None
        centre_s = float(times_s[k])
    step_s = 0.5 * half_s
    ends = _separation(a, b, start_utc, centre_s + np.array([-step_s, step_s]))
    speed_m_s = float(np.linalg.norm(ends[1] - ends[0]) / (2.0 * step_s))
    return _polished(a, b, start_utc, centre_s, speed_m_s)


def _polished(
    a: Any, b: Any, start_utc: np.datetime64, centre_s: float, speed_m_s: float
) -> Minimum:
    width_s = float(np.clip(200.0 / max(speed_m_s, 1.0), 0.1, 3.0))
    unit = np.linspace(-1.0, 1.0, 61)
    square = _square_range(a, b, start_utc, centre_s + width_s * unit)
    fitted = np.polynomial.Polynomial.fit(unit, square, _DEGREE, domain=[-1.0, 1.0])
    slope, bend = fitted.deriv(1), fitted.deriv(2)
    x = 0.0
    for _ in range(8):
        x = float(np.clip(x - slope(x) / bend(x), -1.0, 1.0)) if bend(x) > 0.0 else x
    tca_s = centre_s + width_s * x
    miss_m = float(np.sqrt(_square_range(a, b, start_utc, np.array([tca_s]))[0]))
    return Minimum(tca_s, miss_m, speed_m_s)


def _separation(a: Any, b: Any, start_utc: np.datetime64, times_s: Floats) -> Floats:
    return one_position_m(b, start_utc, times_s) - one_position_m(a, start_utc, times_s)


def _square_range(a: Any, b: Any, start_utc: np.datetime64, times_s: Floats) -> Floats:
    apart = _separation(a, b, start_utc, times_s)
    square: Floats = np.einsum("tk,tk->t", apart, apart)
    return square
