"""Two-line element sets, with or without a line for the name.

Catalogue numbers may be alpha-5. Two-digit years 57 to 99 are 1957 to 1999, 00 to 56 are 2000
to 2056: Sputnik flew in 1957. A record whose checksum is wrong is a fault; one whose checksum
is absent is used with a warning. What stands behind column 69 is not looked at.

Source: CelesTrak, "NORAD Two-Line Element Set Format" (documentation/tle-fmt.php).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import FormatError
from skypact.formats.ccsds.times import Readings
from skypact.formats.decimals import whole_numbers
from skypact.formats.incoming import pieces
from skypact.formats.omm import Records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]

_COLUMNS = 69
_FULL = _COLUMNS - 1  # without the checksum
_LONGEST_NAME = 40  # the catalogue's have 24 characters
_PIVOT = 57
_EPOCH_FORM = "two digits of the year, a day of that year and its fraction"
_DAY_NS = 86_400_000_000_000

# A line that was cut is still known by its number, one that lost its number by its length.
_DATA = re.compile(r"([12]) (?:[ \dA-Z][ \d]{3}\d\b|[ \dA-Z][ \d]{3}\d[ A-Z]|.{58})")
_BLANKS = {"1": (1, 8, 17, 32, 43, 52, 61, 63), "2": (1, 7, 16, 25, 33, 42, 51)}
_POINTS = {"1": (23, 34), "2": (11, 20, 37, 46, 54)}

_WEIGHTS = np.zeros(256, np.int64)
_WEIGHTS[ord("0") : ord("9") + 1] = np.arange(10)
_WEIGHTS[ord("-")] = 1


@dataclass(slots=True)
class _Pairing:
    """Lines of one piece of the file, put together to element sets."""

    names: list[str] = field(default_factory=list)
    numbers: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    ones: list[str] = field(default_factory=list)
    twos: list[str] = field(default_factory=list)
    faults: list[FormatError] = field(default_factory=list)


def is_data_line(line: str) -> bool:
    """Whether this is line 1 or 2 of an element set, be it a damaged one."""
    return _DATA.match(line) is not None


def read_tle(text: str) -> Iterator[Records]:
    """Records some megabytes at a time; lines that begin with `#` are comments."""
    name, first = "", (0, "")
    for start, lines in pieces(text):
        pairs = _Pairing()
        for number, whole_line in enumerate(lines, start):
            line = whole_line.strip()
            data = _DATA.match(line)
            if data is None and (not line or line[0] == "#"):
                continue
            if data is None and len(line) > _LONGEST_NAME:
                expected = "a name, line 1 or line 2"
                pairs.faults.append(FormatError(number, "line", expected, repr(line[:24])))
            if data is None or data[1] == "1":
                _refuse_lonely(first, pairs)
                first = (number, line) if data else (0, "")
                name = name if data else "" if line == "0" else line.removeprefix("0 ").strip()
                continue
            _pair(name, first, (number, line), pairs)
            name, first = "", (0, "")
        yield _records(pairs)
    last = _Pairing()
    _refuse_lonely(first, last)
    yield _records(last)


def _refuse_lonely(first: tuple[int, str], pairs: _Pairing) -> None:
    number, line = first
    if number:
        pairs.faults.append(
            FormatError(number, "TLE line 1", "its line 2 to follow", repr(line[:24]))
        )


def _pair(name: str, first: tuple[int, str], second: tuple[int, str], pairs: _Pairing) -> None:
    if not first[0]:
        expected = "a line 1 before it"
        pairs.faults.append(FormatError(second[0], "TLE line 2", expected, repr(second[1][:24])))
        return
    for number, line in (first, second):
        if len(line) < _FULL:
            pairs.faults.append(
                FormatError(
                    number, f"TLE line {line[0]}", f"{_COLUMNS} columns", f"{len(line)}: {line!r}"
                )
            )
            return
    if first[1][2:7] != second[1][2:7]:
        expected = f"the catalogue number of line 1, {first[1][2:7]}"
        pairs.faults.append(FormatError(second[0], "NORAD_CAT_ID", expected, second[1][2:7]))
        return
    pairs.names.append(name)
    for lines, numbers, (number, line) in zip(
        (pairs.ones, pairs.twos), pairs.numbers, (first, second), strict=True
    ):
        lines.append(line)
        numbers.append(number)


def _records(pairs: _Pairing) -> Records:
    warnings: list[FormatError] = []
    good = np.ones(len(pairs.ones), np.bool_)
    for lines, numbers in zip((pairs.ones, pairs.twos), pairs.numbers, strict=True):
        _check(lines, numbers, good, pairs.faults, warnings)
    rows = np.flatnonzero(good).tolist()
    ones, twos = [pairs.ones[row] for row in rows], [pairs.twos[row] for row in rows]
    numbers_1, numbers_2 = ([numbers[row] for row in rows] for numbers in pairs.numbers)
    of_line_2 = _texts_of_line_2(twos)
    epoch_texts = [line[18:32] for line in ones]
    return Records(
        lines=numbers_1,
        texts={
            "OBJECT_NAME": [pairs.names[row] for row in rows],
            "EPOCH": epoch_texts,
            **_texts_of_line_1(ones),
            **of_line_2,
        },
        field_lines=dict.fromkeys(of_line_2, numbers_2),
        epochs=epochs(epoch_texts),
        epoch_form=_EPOCH_FORM,
        faults=tuple(pairs.faults),
        warnings=tuple(warnings),
    )


def _check(
    lines: list[str],
    numbers: list[int],
    good: npt.NDArray[np.bool_],
    faults: list[FormatError],
    warnings: list[FormatError],
) -> None:
    """Mark lines whose checksum or layout is wrong; one warning tells how many checksums lack.

    The layout matters where there is no checksum, and because the sum does not see a line
    that is shifted.
    """
    if not lines:
        return
    padded = "".join([line[:_COLUMNS].ljust(_COLUMNS) for line in lines])
    table = np.frombuffer(padded.encode("latin-1", "replace"), np.uint8).reshape(-1, _COLUMNS)
    sums, last = _WEIGHTS[table[:, :_FULL]].sum(axis=1) % 10 + ord("0"), table[:, _FULL]
    absent = last == ord(" ")
    blanks, points = list(_BLANKS[lines[0][0]]), list(_POINTS[lines[0][0]])
    shifted = (table[:, blanks] != ord(" ")).any(axis=1) | (table[:, points] != ord(".")).any(
        axis=1
    )
    for row in np.flatnonzero(good & (shifted | (~absent & (sums != last)))).tolist():
        line, number, where = lines[row], numbers[row], f"TLE line {lines[row][0]}"
        if sums[row] != last[row] and not absent[row]:
            expected, found = f"{chr(sums[row])} in column 69", repr(line[_FULL])
            faults.append(FormatError(number, f"checksum of {where}", expected, found))
        else:
            faults.append(FormatError(number, where, *_misplaced(line)))
        good[row] = False
    unproved = np.flatnonzero(good & absent)
    if len(unproved):
        where, found = f"checksum of TLE line {lines[0][0]}", f"none in {len(unproved)} such lines"
        number = numbers[int(unproved[0])]
        warnings.append(
            FormatError(number, where, "a digit in column 69", f"{found}; all are used")
        )


def _misplaced(line: str) -> tuple[str, str]:
    wrong = [(at, "a blank") for at in _BLANKS[line[0]] if line[at] != " "]
    wrong += [(at, "a point") for at in _POINTS[line[0]] if line[at] != "."]
    at, expected = min(wrong)
    return f"{expected} in column {at + 1}", repr(line[at])


def _texts_of_line_1(lines: list[str]) -> dict[str, Sequence[str]]:
    return {
        "NORAD_CAT_ID": [line[2:7] for line in lines],
        "CLASSIFICATION_TYPE": [line[7] for line in lines],
        "OBJECT_ID": [_object_id(line[9:17]) for line in lines],
        "MEAN_MOTION_DOT": [line[33:43] for line in lines],
        "MEAN_MOTION_DDOT": [_assumed_point(line[44:52]) for line in lines],
        "BSTAR": [_assumed_point(line[53:61]) for line in lines],
        "EPHEMERIS_TYPE": [line[62] for line in lines],
        "ELEMENT_SET_NO": [line[64:68] for line in lines],
    }


def _texts_of_line_2(lines: list[str]) -> dict[str, Sequence[str]]:
    return {
        "INCLINATION": [line[8:16] for line in lines],
        "RA_OF_ASC_NODE": [line[17:25] for line in lines],
        "ECCENTRICITY": [f".{line[26:33]}" for line in lines],
        "ARG_OF_PERICENTER": [line[34:42] for line in lines],
        "MEAN_ANOMALY": [line[43:51] for line in lines],
        "MEAN_MOTION": [line[52:63] for line in lines],
        "REV_AT_EPOCH": [line[63:68] for line in lines],
    }


def _object_id(text: str) -> str:
    """`58002B` as 1958-002B; what is not of this form stays as it is."""
    if not text[:5].isdigit():
        return text.strip()
    century = "19" if int(text[:2]) >= _PIVOT else "20"
    return f"{century}{text[:2]}-{text[2:].rstrip()}"


def _assumed_point(text: str) -> str:
    """`-11606-4` as -.11606e-4."""
    if text.isspace():
        return ""
    return f"{text[0]}.{text[1:6]}e{text[6:8].replace(' ', '+')}"


def epochs(texts: list[str]) -> Readings:
    """Epochs such as 06176.82412014: exact, since 1e-8 day is a whole number of nanoseconds."""
    years = whole_numbers([text[:2] for text in texts], 100)
    days = whole_numbers([text[2:5] for text in texts], 367)
    # The 1 in front keeps leading zeros apart from blanks, which int() would skip.
    parts = whole_numbers([f"1{text[6:].rstrip():0<8}" for text in texts], 2 * 10**8) - 10**8
    is_wrong = (years < 0) | (days < 1) | (parts < 0)
    years += np.where(years >= _PIVOT, 1900, 2000)
    new_year = (years - 1970).astype("M8[Y]").astype("M8[D]")
    next_new_year = (years - 1969).astype("M8[Y]").astype("M8[D]")
    date = new_year + (days - 1)
    is_wrong |= date >= next_new_year
    clock_ns = date.astype(np.int64) * _DAY_NS + parts * (_DAY_NS // 10**8)
    return Readings(clock_ns, np.zeros(len(texts), np.bool_), is_wrong)
