"""Numbers of an event as a person reads them."""

from __future__ import annotations

import math

import numpy as np

from skypact.astro.time import NANOSECONDS, utc_from_tai_ns, utc_text

_KM_FROM_M = 10_000.0
_KM_S_FROM_M_S = 1_000.0
_HOURS_TOLD_DAYS = 14
_LARGEST = 1e6
_SMALLEST_RATIO = 1e-3  # what is likelier than this is also said in per cent


def probability_words(value: float | None) -> str:
    """`3.2e-4 (1 in 3,100)`; what is not known says so.

    >>> probability_words(3.24e-4), probability_words(0.0), probability_words(None)
    ('3.2e-4 (1 in 3,100)', '0', 'unknown')
    """
    if value is None or math.isnan(value):
        return "unknown"
    if value == 0.0:
        return "0"
    if value >= _SMALLEST_RATIO:
        return f"{spelt(value)} ({100.0 * value:.2g} %)"
    if value < 1e-12:
        return spelt(value)
    digits = 1 - math.floor(math.log10(1.0 / value))
    return f"{spelt(value)} (1 in {round(1.0 / value, digits):,.0f})"


def spelt(value: float | None) -> str:
    """A probability in two digits, without the exponent's zeros.

    >>> spelt(3.24e-4), spelt(4e-168), spelt(0.0), spelt(None)
    ('3.2e-4', '4.0e-168', '0', 'unknown')
    """
    if value is None or math.isnan(value):
        return "unknown"
    if value == 0.0:
        return "0"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def brief(value: float) -> str:
    """A round number, such as a threshold.

    >>> brief(1e-4), brief(2.5e-7), brief(0.01), brief(1000.0)
    ('1e-4', '2.5e-7', '0.01', '1000')
    """
    if value == 0.0 or _SMALLEST_RATIO <= abs(value) < _LARGEST:
        return f"{value:g}"
    mantissa, _, exponent = f"{value:.5e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def distance_words(distance_m: float) -> str:
    """A length in metres, from 10 km up in kilometres.

    >>> distance_words(67.08), distance_words(12_303.0), distance_words(-0.4)
    ('67 m', '12.3 km', '-0.4 m')
    """
    if math.isnan(distance_m):
        return "unknown"
    if abs(distance_m) >= _KM_FROM_M:
        return (
            f"{distance_m / 1000.0:,.3g} km"
            if abs(distance_m) < 1e6
            else f"{distance_m / 1000.0:,.0f} km"
        )
    return f"{distance_m:,.0f} m" if abs(distance_m) >= 10.0 else f"{distance_m:.2g} m"


def radius_words(radius_m: float, source: str) -> str:
    """The combined radius and where it comes from.

    >>> radius_words(2.0, "message: line 18")
    'Combined radius 2 m (message: line 18)'
    >>> radius_words(14.8, "9.8 m (table) + 5 m (message)")
    'Combined radius 14.8 m = 9.8 m (table) + 5 m (message)'
    """
    told = f"= {source}" if ") + " in source else f"({source})"
    radius = "unknown" if math.isnan(radius_m) else f"{radius_m:,.3g} m"
    return f"Combined radius {radius} {told}"


def speed_words(speed_m_s: float) -> str:
    """A speed, from 1 km/s up in km/s.

    >>> speed_words(0.314), speed_words(0.0), speed_words(14_203.0)
    ('0.31 m/s', '0 m/s', '14.2 km/s')
    """
    if speed_m_s >= _KM_S_FROM_M_S:
        return f"{speed_m_s / 1000.0:.3g} km/s"
    return f"{speed_m_s:.3g} m/s" if speed_m_s >= 1.0 else f"{speed_m_s:.2g} m/s"


def duration_words(duration_s: float) -> str:
    """A length of time, without its sign, in one unit or two.

    >>> duration_words(59.0), duration_words(5400.0), duration_words(-200_000.0)
    ('59 s', '1 h 30 min', '2 days 8 h')
    """
    if math.isnan(duration_s):
        return "unknown"
    whole = round(abs(duration_s))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        parts = (f"{hours} h" if hours else "", f"{rest} min" if rest else "")
        return " ".join(part for part in parts if part)
    days, hours = divmod(round(minutes / 60), 24)
    return f"{days} days {hours} h" if hours and days < _HOURS_TOLD_DAYS else f"{days:,} days"


def utc_words(tai_ns: int) -> str:
    """An instant in UTC, to the second.

    >>> utc_words(1_795_000_000_000_000_000)
    '2026-11-18 11:06:03 UTC'
    """
    utc, leap = utc_from_tai_ns(np.array([tai_ns]))
    text = utc_text(utc[0], in_leap_second=bool(leap[0]), decimals=0)
    return f"{text.replace('T', ' ').removesuffix('Z')} UTC"


def seconds_between(later_tai_ns: int, earlier_tai_ns: int) -> float:
    return (later_tai_ns - earlier_tai_ns) / NANOSECONDS
