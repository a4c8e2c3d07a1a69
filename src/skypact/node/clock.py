"""The one place that reads the clock; everything else is handed a `Clock`."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

Clock = Callable[[], float]
"""Seconds since 1970-01-01 UTC, without leap seconds, as operating systems count."""


def system_clock() -> float:
    """The time of the operating system."""
    return time.time()


def utc(seconds: float) -> np.datetime64:
    """A clock reading as `datetime64[ns]`, to the microsecond."""
    return np.datetime64(round(seconds * 1e6) * 1000, "ns")


def duration(seconds: float) -> str:
    """A length of time in one unit that a person reads at a glance.

    >>> duration(5400.0), duration(59.6), duration(200_000.0)
    ('1.5 h', '60 s', '2.3 days')
    """
    if seconds < 120.0:
        return f"{seconds:.0f} s"
    if seconds < 5400.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.1f} h" if seconds < 172_800.0 else f"{seconds / 86_400.0:.1f} days"
