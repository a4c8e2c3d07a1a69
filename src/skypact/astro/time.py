"""UTC at the edges, TAI inside: elapsed SI seconds across leap seconds.

An instant is an int64 count of TAI nanoseconds since 1970-01-01 00:00:00 TAI. Before 1972,
when UTC ran at changing rates, TAI - UTC is held at 10 s (within 10 s of the truth; no
element set in use is that old).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from skypact.base.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    Instants = npt.NDArray[np.int64]
    Times = npt.NDArray[np.datetime64]

NANOSECONDS = 1_000_000_000
J2000_TT_TAI_NS = 946_727_967_816_000_000  # 2000-01-01 12:00:00 TT, in TAI nanoseconds

# First UTC day of each value of TAI - UTC, in seconds. Source: IERS Bulletin C, up to no. 72
# (no leap second at the end of December 2026).
_STEPS = (
    ("1972-01-01", 10), ("1972-07-01", 11), ("1973-01-01", 12), ("1974-01-01", 13),
    ("1975-01-01", 14), ("1976-01-01", 15), ("1977-01-01", 16), ("1978-01-01", 17),
    ("1979-01-01", 18), ("1980-01-01", 19), ("1981-07-01", 20), ("1982-07-01", 21),
    ("1983-07-01", 22), ("1985-07-01", 23), ("1988-01-01", 24), ("1990-01-01", 25),
    ("1991-01-01", 26), ("1992-07-01", 27), ("1993-07-01", 28), ("1994-07-01", 29),
    ("1996-01-01", 30), ("1997-07-01", 31), ("1999-01-01", 32), ("2006-01-01", 33),
    ("2009-01-01", 34), ("2012-07-01", 35), ("2015-07-01", 36), ("2017-01-01", 37),
)  # fmt: skip
_STARTS_UTC_NS = np.array([day for day, _ in _STEPS], "M8[ns]").astype(np.int64)
_TAI_MINUS_UTC_NS = np.array([seconds for _, seconds in _STEPS], np.int64) * NANOSECONDS
# The leap second itself begins one second before the new offset does.
_STARTS_TAI_NS = _STARTS_UTC_NS + _TAI_MINUS_UTC_NS

_UTC_TEXT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<minute>[0-9]{2}:[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]*))?)?)?Z?"
)

# In days, so that comparing them with a far year in coarse units does not overflow.
EARLIEST_UTC = np.datetime64("1957-01-01", "D")
LATEST_UTC = np.datetime64("2200-01-01", "D")


def tai_ns_from_utc(utc: Times, *, in_leap_second: npt.NDArray[np.bool_] | None = None) -> Instants:
    """TAI instants of UTC times, shape kept.

    Where `in_leap_second` is true the time repeats the second before it (23:59:59.x stands
    for 23:59:60.x).

    Raises:
        InputError: a time is NaT or outside 1957..2200, where nanoseconds would overflow.

    >>> tai_ns_from_utc(np.array(["2017-01-01"], "M8[ns]")) - tai_ns_from_utc(
    ...     np.array(["2016-12-31"], "M8[ns]"))
    array([86401000000000])
    """
    utc = np.asarray(utc)
    outside = ~((utc >= EARLIEST_UTC) & (utc < LATEST_UTC))  # ~(and): NaT counts as outside
    if outside.any():
        found = utc[outside].flat[0]
        raise InputError(f"a time must lie between 1957 and 2200, not at {found}")
    utc_ns = utc.astype("M8[ns]").astype(np.int64)
    step = np.maximum(np.searchsorted(_STARTS_UTC_NS, utc_ns, side="right") - 1, 0)
    tai_ns: Instants = utc_ns + _TAI_MINUS_UTC_NS[step]
    if in_leap_second is not None:
        tai_ns = tai_ns + np.where(in_leap_second, NANOSECONDS, 0)
    return tai_ns


def utc_from_tai_ns(tai_ns: Instants) -> tuple[Times, npt.NDArray[np.bool_]]:
    """UTC times of TAI instants, and which of them fall inside a leap second.

    Inside a leap second the time repeats the second before it.
    """
    tai_ns = np.asarray(tai_ns, np.int64)
    step = np.maximum(np.searchsorted(_STARTS_TAI_NS, tai_ns, side="right") - 1, 0)
    following = np.minimum(step + 1, len(_STEPS) - 1)
    leap = (tai_ns >= _STARTS_TAI_NS[following] - NANOSECONDS) & (following > step)
    utc_ns = tai_ns - _TAI_MINUS_UTC_NS[step] - np.where(leap, NANOSECONDS, 0)
    return utc_ns.astype("M8[ns]"), leap


def utc_text(utc: np.datetime64, *, in_leap_second: bool = False, decimals: int = 3) -> str:
    """One UTC time in ISO 8601, rounded down to `decimals` (0 to 9); a leap second reads `:60`.

    An unknown time (NaT) reads `NaT`.

    >>> utc_text(np.datetime64("2016-12-31T23:59:59.25", "ns"), in_leap_second=True)
    '2016-12-31T23:59:60.250Z'
    """
    if np.isnat(utc):
        return "NaT"
    text = str(utc.astype("M8[ns]"))
    whole, _, fraction = text.partition(".")
    if in_leap_second:
        whole = f"{whole[:-2]}60"
    return f"{whole}.{fraction[:decimals]}Z" if decimals else f"{whole}Z"


def parse_utc(text: str) -> tuple[np.datetime64, bool]:
    """A UTC time from ISO 8601 text (`Z` or no zone), and whether it is in a leap second.

    A date, a minute or a second, whose fraction is cut to nanoseconds; `T` or a space
    between date and time.

    Raises:
        InputError: not such a time, not in 1957..2200, or a second 60 where UTC had none.
    """
    match = _UTC_TEXT.fullmatch(text.strip())
    if match is None:
        raise InputError(f"expected a UTC time such as 2026-11-20T06:00:00Z, found {text!r}")
    second_60 = match["second"] == "60"
    second = "59" if second_60 else match["second"] or "00"
    try:
        whole = np.datetime64(f"{match['day']}T{match['minute'] or '00:00'}:{second}", "s")
    except ValueError:  # a thirteenth month
        raise InputError(f"there is no time {text!r}") from None
    tai_ns = tai_ns_from_utc(np.array([whole]), in_leap_second=np.array([second_60]))
    if second_60 and not utc_from_tai_ns(tai_ns)[1][0]:
        raise InputError(f"there was no leap second at {text!r}")
    fraction_ns = int((match["fraction"] or "")[:9].ljust(9, "0"))
    return whole.astype("M8[ns]") + np.timedelta64(fraction_ns, "ns"), second_60


def seconds_since(tai_ns: Any, epoch_tai_ns: int) -> Any:
    """SI seconds from an explicit epoch: to 1 ns within 100 days, 0.5 microseconds in a century."""
    return (np.asarray(tai_ns, np.int64) - np.int64(epoch_tai_ns)) / NANOSECONDS
