"""Instants in UTC with the time of the reader's own place beside it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from skypact.astro.time import utc_from_tai_ns
from skypact.ssa.event_words import utc_words


def utc_and_local(tai_ns: int) -> str:
    """`2026-11-18 11:06:03 UTC (20:06 JST)`; where the zone is UTC itself, UTC alone.

    The day is told too where it is another one there.
    """
    instant_utc = utc_from_tai_ns(np.array([tai_ns]))[0][0]
    seconds = int(instant_utc.astype("M8[s]").astype(np.int64))
    there = datetime.fromtimestamp(seconds, UTC).astimezone()
    if not there.utcoffset():
        return utc_words(tai_ns)
    here_day = str(instant_utc)[:10]
    day = "" if f"{there:%Y-%m-%d}" == here_day else f"{there:%Y-%m-%d} "
    return f"{utc_words(tai_ns)} ({day}{there:%H:%M} {there.tzname()})"
