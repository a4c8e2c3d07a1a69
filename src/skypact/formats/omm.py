"""Element sets by the keywords of the Orbit Mean-elements Message, whatever spelled them.

Every reader of this room (TLE, CSV, JSON, XML, KVN) brings its records as texts under these
keywords, and here they become columns in SI units. Conventions:

- Only SGP4's elements are taken: frame TEME, time UTC, centre EARTH, theory SGP4 or SGP/SGP4.
  SGP4-XP is read (`ephemeris_type` 4) for the sake of being told about later. CSV and JSON
  seldom state these; where nothing is stated, this is what their sources mean.
- `MEAN_MOTION_DOT` and `_DDOT`: the standard calls them derivatives, but CelesTrak and
  Space-Track put the fields of the TLE there, which are a half and a sixth of the
  derivatives, and Orekit reads them so. They are multiplied by 2 and 6 here.
- What identifies or moves the object must be readable, or the record is a fault. What does
  not (element set and revolution number) becomes -1 with a warning; -1 also means not stated.
- Data mode: `DATA_MODE` (a column, or a user-defined keyword); else EXERCISE if the object's
  name or a comment begins with that word; else REAL.

Source: derivatives, Orekit's `OmmTleKey` (units of 2 rev/d2 and 6 rev/d3) and Space-Track's
`TLE_LINE1` beside its OMM keywords.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import inf, nextafter, pi, tau
from typing import TYPE_CHECKING, Any

import numpy as np

from skypact.base.errors import FormatError
from skypact.base.table import TEXT
from skypact.formats.ccsds.times import EXPECTED, clock_readings
from skypact.formats.decimals import scaled, whole_numbers
from skypact.records.marks import DataMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from skypact.formats.ccsds.times import Readings
    from skypact.formats.decimals import Value

    Booleans = npt.NDArray[np.bool_]
    Integers = npt.NDArray[np.int64]

_DAY_S = 86400.0


@dataclass(frozen=True)
class Quantity:
    """How a keyword's number becomes a column: times `factor`, within low..high (inclusive)."""

    keyword: str
    column: str
    factor: float
    unit: str
    expected: str
    period: float | None = None
    low: float = -inf
    high: float = inf
    is_optional: bool = False


QUANTITIES = (
    Quantity(
        "MEAN_MOTION", "mean_motion_rad_s", tau / _DAY_S, "rev/day",
        "a mean motion above 0 rev/day (SGP4 takes no semi-major axis)", low=nextafter(0.0, 1.0),
    ),
    Quantity(
        "ECCENTRICITY", "eccentricity", 1.0, "", "an eccentricity from 0 to below 1",
        low=0.0, high=nextafter(1.0, 0.0),
    ),
    Quantity(
        "INCLINATION", "inclination_rad", pi / 180.0, "deg", "an inclination of 0 to 180 deg",
        low=0.0, high=pi,
    ),
    Quantity("RA_OF_ASC_NODE", "raan_rad", pi / 180.0, "deg", "an angle in deg", 360.0),
    Quantity(
        "ARG_OF_PERICENTER", "argument_of_perigee_rad", pi / 180.0, "deg", "an angle in deg", 360.0
    ),
    Quantity("MEAN_ANOMALY", "mean_anomaly_rad", pi / 180.0, "deg", "an angle in deg", 360.0),
    Quantity(
        "BSTAR", "bstar_per_earth_radius", 1.0, "1/ER", "a drag term in 1/(Earth radius)"
    ),
    Quantity(
        "MEAN_MOTION_DOT", "mean_motion_dot_rad_s2", 2.0 * tau / _DAY_S**2, "rev/day**2",
        "a number in rev/day**2", is_optional=True,
    ),
    Quantity(
        "MEAN_MOTION_DDOT", "mean_motion_ddot_rad_s3", 6.0 * tau / _DAY_S**3, "rev/day**3",
        "a number in rev/day**3", is_optional=True,
    ),
)  # fmt: skip

_UNITS = {quantity.keyword: quantity.unit for quantity in QUANTITIES}
_MODE_KEYWORDS = ("DATA_MODE", "USER_DEFINED_DATA_MODE")
_STATED = {
    "REF_FRAME": (("TEME", "TEMEOFDATE"), "TEME, the frame of SGP4"),
    "TIME_SYSTEM": (("UTC",), "UTC"),
    "CENTER_NAME": (("EARTH",), "EARTH"),
    "MEAN_ELEMENT_THEORY": (("SGP4", "SGP/SGP4", "SGP4-XP"), "SGP4"),
}
_BOOKKEEPING = {"ELEMENT_SET_NO": "element_set_no", "REV_AT_EPOCH": "rev_at_epoch"}
_XP = 4
_SHOWN = 60  # characters of a value that messages repeat

CELESTRAK = (
    "OBJECT_NAME", "OBJECT_ID", "EPOCH", "MEAN_MOTION", "ECCENTRICITY", "INCLINATION",
    "RA_OF_ASC_NODE", "ARG_OF_PERICENTER", "MEAN_ANOMALY", "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE", "NORAD_CAT_ID", "ELEMENT_SET_NO", "REV_AT_EPOCH", "BSTAR",
    "MEAN_MOTION_DOT", "MEAN_MOTION_DDOT",
)  # fmt: skip
KEYWORDS = (*CELESTRAK, *_STATED, *_MODE_KEYWORDS, "COMMENT", "ORIGINATOR")
OBLIGATORY = ("EPOCH", "ECCENTRICITY", "NORAD_CAT_ID")  # what every form must have


@dataclass(frozen=True, kw_only=True)
class Records:
    """n records as their file spells them, with the faults of those that are no record at all.

    `texts` has a column for each keyword that the file knows; `lines` are the records' first
    lines, `field_lines` those of single fields where they differ. A record that lacks one of
    `required` is a fault. `epochs` is given by forms that have a spelling of their own.
    """

    lines: Sequence[int]
    texts: Mapping[str, Sequence[Value]]
    field_lines: Mapping[str, Sequence[int]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    epochs: Readings | None = None
    epoch_form: str = EXPECTED
    faults: tuple[FormatError, ...] = ()
    warnings: tuple[FormatError, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The good records, in the columns of `Elements` by name; `lines` and `modes` row by row."""

    columns: dict[str, npt.NDArray[Any]]
    lines: Integers
    modes: npt.NDArray[Any]
    originators: frozenset[str]
    faults: tuple[FormatError, ...]
    warnings: tuple[FormatError, ...]


class _Sieve:
    """Which records are still good, and what was wrong with the others: one fault for each."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.size = len(records.lines)
        self.is_good = np.ones(self.size, np.bool_)
        self.faults = list(records.faults)
        self.warnings = list(records.warnings)

    def column(self, keyword: str) -> Sequence[Value]:
        return self.records.texts.get(keyword) or (None,) * self.size

    def refuse(self, keyword: str, wrong: Booleans, expected: str) -> None:
        rows = np.flatnonzero(wrong & self.is_good).tolist()
        self.faults += [self._finding(keyword, row, expected) for row in rows]
        self.is_good[rows] = False

    def warn(self, keyword: str, wrong: Booleans, expected: str) -> None:
        rows = np.flatnonzero(wrong & self.is_good).tolist()
        self.warnings += [self._finding(keyword, row, expected) for row in rows]

    def _finding(self, keyword: str, row: int, expected: str) -> FormatError:
        lines = self.records.field_lines.get(keyword, self.records.lines)
        value, norad_id = self.column(keyword)[row], self.column("NORAD_CAT_ID")[row]
        found = "nothing" if is_missing(value) else repr(value)[:_SHOWN]
        is_named = keyword != "NORAD_CAT_ID" and not is_missing(norad_id)
        of = f" in object {str(norad_id).strip()[:_SHOWN]}" if is_named else ""
        return FormatError(lines[row], keyword, expected, found + of)


def is_missing(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _present(values: Sequence[Value], among: Booleans) -> Booleans:
    """Where a value is given; looked up only `among` some rows, false elsewhere."""
    present = np.zeros(len(values), np.bool_)
    rows = np.flatnonzero(among).tolist()
    present[rows] = [not is_missing(values[row]) for row in rows]
    return present


def interpret(records: Records) -> Columns:
    """Columns of the records that can be used; the others become faults."""
    sieve = _Sieve(records)
    for keyword in records.required:
        is_missing_here = ~_present(sieve.column(keyword), sieve.is_good)
        sieve.refuse(keyword, is_missing_here, f"{keyword}, which this form requires")
    for keyword, (allowed, expected) in _STATED.items():
        if keyword in records.texts:
            values = sieve.column(keyword)
            is_other = ~_is_one_of(values, allowed)
            sieve.refuse(keyword, _present(values, is_other), expected)
    columns: dict[str, npt.NDArray[Any]] = {
        "norad_id": catalogue_numbers(sieve.column("NORAD_CAT_ID"))
    }
    expected = "a catalogue number of 1 to 9 digits, or alpha-5"
    sieve.refuse("NORAD_CAT_ID", columns["norad_id"] < 0, expected)
    columns["epoch_utc"] = _epochs(sieve)
    columns["ephemeris_type"] = _ephemeris_types(sieve)
    for quantity in QUANTITIES:
        columns[quantity.column] = _quantity(sieve, quantity, columns["ephemeris_type"] == _XP)
    for keyword, name in _BOOKKEEPING.items():
        columns[name] = whole_numbers(sieve.column(keyword))
        is_odd = _present(sieve.column(keyword), columns[name] < 0)
        sieve.warn(keyword, is_odd, "a whole number; the record is kept without it")
    columns["name"] = _text(sieve.column("OBJECT_NAME"))
    columns["object_id"] = _text(sieve.column("OBJECT_ID"))
    columns["classification"] = _text(sieve.column("CLASSIFICATION_TYPE"))
    modes = _modes(sieve, columns["name"])
    good = sieve.is_good
    return Columns(
        columns={name: column[good] for name, column in columns.items()},
        lines=np.array(records.lines, np.int64)[good],
        modes=modes[good],
        originators=frozenset(
            "" if name is None else str(name).strip() for name in set(sieve.column("ORIGINATOR"))
        ),
        faults=tuple(sieve.faults),
        warnings=tuple(sieve.warnings),
    )


_ALPHA5 = re.compile(r"\s*([A-HJ-NP-Z])(\d{4})\s*", re.ASCII)
_ALPHA5_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O look like digits; A stands for 10


def catalogue_numbers(values: Sequence[Value]) -> Integers:
    """Catalogue numbers of up to nine digits or in alpha-5; -1 where there is none.

    >>> catalogue_numbers(["00005", 900000001, "Z9999", "I0000"]).tolist()
    [5, 900000001, 339999, -1]
    """
    numbers = whole_numbers(values)
    for row in np.flatnonzero(numbers < 0).tolist():
        match = _ALPHA5.fullmatch(str(values[row]))
        if match:
            numbers[row] = (10 + _ALPHA5_LETTERS.index(match[1])) * 10_000 + int(match[2])
    return numbers


def _is_one_of(values: Sequence[Value], words: tuple[str, ...]) -> Booleans:
    ours = {value for value in set(values) if _word(value) in words}
    return np.array([value in ours for value in values], np.bool_)


def _word(value: Value) -> str:
    return str(value).strip().upper()


def _epochs(sieve: _Sieve) -> npt.NDArray[np.datetime64]:
    readings = sieve.records.epochs
    if readings is None:
        readings = clock_readings([str(value).strip() for value in sieve.column("EPOCH")])
    sieve.refuse("EPOCH", readings.unreadable, sieve.records.epoch_form)
    # Repeating the second before would displace the object by 7 km.
    sieve.refuse("EPOCH", readings.second_60, "an epoch outside leap seconds")
    return readings.clock_ns.astype("M8[ns]")


def _ephemeris_types(sieve: _Sieve) -> Integers:
    values = sieve.column("EPHEMERIS_TYPE")
    types = whole_numbers(values)
    sieve.refuse("EPHEMERIS_TYPE", _present(values, types < 0), "a whole number such as 0")
    is_xp = _is_one_of(sieve.column("MEAN_ELEMENT_THEORY"), ("SGP4-XP",))
    return np.where(is_xp, _XP, np.maximum(types, 0))


def _quantity(sieve: _Sieve, quantity: Quantity, is_xp: Booleans) -> npt.NDArray[np.float64]:
    texts = sieve.column(quantity.keyword)
    values = scaled(texts, quantity.factor, quantity.period)
    if quantity.period is not None:
        values[values >= tau] = 0.0  # 359.99… deg may round up to a full turn
    is_wrong = ~((values >= quantity.low) & (values <= quantity.high))  # NaN is wrong, too
    may_lack = is_xp if quantity.keyword == "BSTAR" else np.full(sieve.size, quantity.is_optional)
    if may_lack.any() and is_wrong.any():
        is_wrong &= _present(texts, is_wrong) | ~may_lack
    sieve.refuse(quantity.keyword, is_wrong, quantity.expected)
    return values


def _text(values: Sequence[Value]) -> npt.NDArray[Any]:
    return np.array(["" if value is None else str(value).strip() for value in values], TEXT)


_IS_EXERCISE = re.compile(r"\s*EXERCISE\b")


def _modes(sieve: _Sieve, names: npt.NDArray[Any]) -> npt.NDArray[Any]:
    modes = np.full(sieve.size, DataMode.REAL.value, "<U9")
    modes[np.strings.startswith(names, "EXERCISE")] = DataMode.EXERCISE.value
    if any(sieve.records.texts.get("COMMENT", ())):
        comments = [str(comment) for comment in sieve.column("COMMENT")]
        modes[[bool(_IS_EXERCISE.match(comment)) for comment in comments]] = DataMode.EXERCISE.value
    for keyword in _MODE_KEYWORDS:
        if keyword in sieve.records.texts:
            words = sieve.column(keyword)
            is_stated = _present(words, sieve.is_good)
            is_other = is_stated & ~_is_one_of(words, tuple(DataMode))
            sieve.refuse(keyword, is_other, " or ".join(DataMode))
            modes[is_stated] = [_word(words[row]) for row in np.flatnonzero(is_stated).tolist()]
    return modes


@dataclass(slots=True)
class Message:
    """One message of a form that states its keywords with every record, as it is being read."""

    line: int
    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    fault: FormatError | None = None

    def add(self, line: int, keyword: str, value: str) -> None:
        if keyword == "COMMENT":
            if _IS_EXERCISE.match(value):  # nothing else in comments matters
                self.values[keyword] = (line, value)
        elif keyword in self.values and self.fault is None:
            self.fault = FormatError(line, keyword, "each keyword once", "it again")
        else:
            self.values[keyword] = (line, _without_unit(keyword, value))


def _without_unit(keyword: str, value: str) -> str:
    """The number alone if the unit is the standard's; with any other, no number is seen."""
    if "[" not in value:
        return value
    number, _, unit = value.partition("[")
    return number.strip() if unit.strip("] ").lower() == _UNITS.get(keyword, "").lower() else value


def from_messages(messages: Sequence[Message], faults: Iterable[FormatError] = ()) -> Records:
    """Records of messages, which must state their frame, time system, centre and theory."""
    whole = [message for message in messages if message.fault is None]
    broken = [message.fault for message in messages if message.fault is not None]
    stated = set[str]().union(*(message.values for message in whole))
    texts, lines = {}, {}
    for keyword in (keyword for keyword in KEYWORDS if keyword in stated):
        found = [message.values.get(keyword) or (message.line, "") for message in whole]
        texts[keyword] = [value for _, value in found]
        lines[keyword] = [line for line, _ in found]
    return Records(
        lines=[message.line for message in whole],
        texts=texts,
        field_lines=lines,
        required=tuple(_STATED),
        faults=(*broken, *faults),
    )
