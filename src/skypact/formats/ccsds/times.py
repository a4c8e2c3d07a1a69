"""CCSDS time tags (calendar or day of year, optional Z), many at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{4}-\d{3})T(?P<clock>\d\d:\d\d):(?P<second>\d\d)"
    r"(?P<fraction>\.\d*)?Z?",
    re.ASCII,
)
_PUNCTUATION = {4: b"-", 7: b"-", 10: b"T", 13: b":", 16: b":"}
_FIRST_YEAR, _LAST_YEAR = 1957, 2199  # beyond, and nanoseconds overflow unnoticed
_WIDEST = 38  # numpy reads up to 18 decimals
EXPECTED = "a time such as 2026-11-20T06:00:00.000 or 2026-324T06:00:00.000, 1957 to 2199"


@dataclass(frozen=True)
class Readings:
    """What n time tags say, before anyone knows which time scale they count in.

    `clock_ns` are nanoseconds since 1970-01-01 on that clock; where `second_60` is true they
    repeat the second before. `unreadable` tags have an arbitrary reading.
    """

    clock_ns: npt.NDArray[np.int64]
    second_60: npt.NDArray[np.bool_]
    unreadable: npt.NDArray[np.bool_]


def clock_readings(texts: Sequence[str]) -> Readings:
    """Read time tags; fractions beyond the nanosecond are cut off."""
    packed = _packed(texts)
    if packed is not None and _is_plain(packed):
        try:
            clock_ns = packed.astype("M8[ns]").astype(np.int64)
        except ValueError:
            return _one_by_one(texts)
        none = np.zeros(len(texts), np.bool_)
        return Readings(clock_ns, none, none)
    return _one_by_one(texts)


def _packed(texts: Sequence[str]) -> npt.NDArray[np.bytes_] | None:
    """The texts as one array of bytes; None where they cannot all be plain times."""
    joined = "".join(texts)
    if not joined.isascii() or "\0" in joined or not texts:
        return None
    width = len(texts[0])
    if not 19 <= width <= _WIDEST:
        return None
    if len(joined) == width * len(texts):  # three times as fast as text by text
        return np.frombuffer(joined.encode(), f"S{width}")
    packed = np.array(texts, "S")
    return packed if packed.itemsize <= _WIDEST else None


def _is_plain(packed: npt.NDArray[np.bytes_]) -> bool:
    """All of the form that numpy reads the same way: YYYY-MM-DDThh:mm:ss[.f], second < 60.

    Texts of unlike length whose mean is the first one's fail here too: their marks do not
    stand below one another.
    """
    letters = packed.view("S1").reshape(len(packed), -1)
    if any((letters[:, place] != mark).any() for place, mark in _PUNCTUATION.items()):
        return False
    codes = letters.view(np.uint8)
    digits = np.delete(codes[:, :19], list(_PUNCTUATION), axis=1) - np.uint8(ord("0"))
    years = digits[:, :4] @ np.array([1000, 100, 10, 1])
    return bool(
        (digits <= 9).all()  # below "0" wraps round to above 9
        and ((years >= _FIRST_YEAR) & (years <= _LAST_YEAR)).all()
        and (letters[:, 17] < b"6").all()
        and ((codes[:, 19:20] == ord(".")) | (codes[:, 19:20] == 0)).all()
        and ((codes[:, 20:] - np.uint8(ord("0")) <= 9) | (codes[:, 20:] == 0)).all()
    )


def _one_by_one(texts: Sequence[str]) -> Readings:
    rows = [_clock_reading(text) for text in texts]
    return Readings(
        np.array([0 if row is None else row[0] for row in rows], np.int64),
        np.array([row is not None and row[1] for row in rows], np.bool_),
        np.array([row is None for row in rows], np.bool_),
    )


def _clock_reading(text: str) -> tuple[int, bool] | None:
    match = _TIME.fullmatch(text)
    if match is None or not _FIRST_YEAR <= int(text[:4]) <= _LAST_YEAR:
        return None
    date, second_60 = match["date"], match["second"] == "60"
    fraction = (match["fraction"] or ".")[:10]
    second = "59" if second_60 else match["second"]
    try:
        day = np.datetime64(date if len(date) == 10 else f"{date[:4]}-01-01", "D")
        if len(date) == 8:
            day += np.timedelta64(int(date[5:]) - 1, "D")
        if str(day)[:4] != date[:4]:  # day 0, or day 366 of a common year
            return None
        clock = np.datetime64(f"{day}T{match['clock']}:{second}{fraction}0", "ns")
    except ValueError:
        return None
    return int(clock.astype(np.int64)), second_60
