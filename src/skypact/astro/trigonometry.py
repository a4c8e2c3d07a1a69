"""Sine and cosine that a compiler can put into vector lanes: no branch, no table, no call.

numba from the package index has no vector mathematics library, so a loop that calls
`math.sin` runs one lane at a time. These polynomials are within 1.8e-16 of the truth for
arguments up to 1e6 rad.

Source: reduction and coefficients as in fdlibm (Sun Microsystems, 1993), `k_sin.c`,
`k_cos.c`, `e_rem_pio2.c`.
"""

from __future__ import annotations

from skypact.base.kernel import inlined

_TWO_OVER_PI = 6.36619772367581382433e-01
_HALF_PI_HIGH = 1.57079632673412561417  # 33 bits: k times it is exact for |k| < 2**20
_HALF_PI_LOW = 6.07710050650619224932e-11
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding and subtracting it rounds to an integer

_S1, _S2, _S3 = -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04
_S4, _S5, _S6 = 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10
_C1, _C2, _C3 = 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05
_C4, _C5, _C6 = -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11

_T3, _T4, _T5, _T6 = -1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, -1.0 / 720.0
_T7, _T8, _T9, _T10 = -1.0 / 5040.0, 1.0 / 40320.0, 1.0 / 362880.0, -1.0 / 3628800.0


@inlined
def sincos(angle_rad: float) -> tuple[float, float]:
    """Sine and cosine of one angle, |angle| <= 1e6 rad.

    The error is 1.8e-16 of one, not of the value: beside a zero few digits may be right.
    1e6 rad are 27 years of a low orbit; at 1e7 rad the error is 1e-9, as much as the angle
    itself is rounded by; from 1e15 rad on the values mean nothing. NaN and infinity give NaN.
    """
    turns = (angle_rad * _TWO_OVER_PI + _ROUND) - _ROUND
    x = (angle_rad - turns * _HALF_PI_HIGH) - turns * _HALF_PI_LOW
    z = x * x
    sine = x + x * z * (_S1 + z * (_S2 + z * (_S3 + z * (_S4 + z * (_S5 + z * _S6)))))
    cosine = (1.0 - 0.5 * z) + z * z * (
        _C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6))))
    )
    quadrant = turns - 4.0 * ((turns * 0.25 + _ROUND) - _ROUND)  # -2, -1, 0, 1 or 2
    odd = quadrant * quadrant == 1.0
    sin_size = cosine if odd else sine
    cos_size = sine if odd else cosine
    sin_sign = -1.0 if quadrant * quadrant > 2.0 or quadrant == -1.0 else 1.0
    cos_sign = -1.0 if quadrant * quadrant > 2.0 or quadrant == 1.0 else 1.0
    return sin_sign * sin_size, cos_sign * cos_size


@inlined
def small_sincos(angle_rad: float) -> tuple[float, float]:
    """Sine and cosine of a small angle: to 1e-16 for |angle| <= 0.1 rad, by Taylor series."""
    z = angle_rad * angle_rad
    sine = angle_rad * (1.0 + z * (_T3 + z * (_T5 + z * (_T7 + z * _T9))))
    cosine = 1.0 + z * (-0.5 + z * (_T4 + z * (_T6 + z * (_T8 + z * _T10))))
    return sine, cosine
