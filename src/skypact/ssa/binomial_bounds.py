"""How far a share of trials can be from the probability behind it."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

from skypact.base.kernel import kernel

_MOST_TERMS = 1_000_000
_TINY = 1e-300


def binomial_bounds(hits: int, trials: int, confidence_ratio: float = 0.95) -> tuple[float, float]:
    """Exact lower and upper confidence bounds of a probability from `hits` of `trials`.

    Source: Clopper & Pearson (1934), "The Use of Confidence or Fiducial Limits Illustrated in
    the Case of the Binomial".

    >>> [round(bound, 4) for bound in binomial_bounds(0, 100)]
    [0.0, 0.0362]
    """
    tail = 0.5 * (1.0 - confidence_ratio)
    lower = 0.0 if hits == 0 else _beta_quantile(tail, float(hits), float(trials - hits + 1))
    upper = (
        1.0 if hits == trials else _beta_quantile(1.0 - tail, float(hits + 1), float(trials - hits))
    )
    return lower, upper


@kernel
def _beta_quantile(share, a, b):  # type: ignore[no-untyped-def]
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if _beta_share(middle, a, b) < share:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return 0.5 * (low + high)


@kernel
def _beta_share(x, a, b):  # type: ignore[no-untyped-def]
    """Regularised incomplete beta function."""
    if not 0.0 < x < 1.0:
        return 0.0 if x <= 0.0 else 1.0
    scale = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        return exp(scale) * _fraction(x, a, b) / a
    return 1.0 - exp(scale) * _fraction(1.0 - x, b, a) / b


@kernel
def _fraction(x, a, b):  # type: ignore[no-untyped-def]
    """Continued fraction of the incomplete beta function, by Lentz's method."""
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value, m = d, 1.0
    for _ in range(_MOST_TERMS):
        even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        for term in (even, odd):
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + term / c
            c = c if abs(c) > _TINY else _TINY
            value *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
        m += 1.0
    return value
