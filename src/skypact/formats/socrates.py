"""The CSV of CelesTrak's SOCRATES service: close approaches with their maximum probability.

Source: T. S. Kelso, "SOCRATES: Documentation", celestrak.org/SOCRATES/socrates-format.php.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from skypact.astro.time import parse_utc, utc_text
from skypact.base.errors import FormatError, InputError
from skypact.base.table import TEXT
from skypact.records.marks import MarkedTable, Marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skypact.records.conjunctions import Booleans, Floats, Integers, Text, Times

COLUMNS = (
    "NORAD_CAT_ID_1", "OBJECT_NAME_1", "DSE_1",
    "NORAD_CAT_ID_2", "OBJECT_NAME_2", "DSE_2",
    "TCA", "TCA_RANGE", "TCA_RELATIVE_SPEED", "MAX_PROB", "DILUTION",
)  # fmt: skip
_DAY_S = 86_400.0


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SocratesReport(MarkedTable):
    """Rows of a SOCRATES run, in SI units.

    Objects 1 and 2 are the two of a pair, without a meaning of primary and secondary.
    `age_1_s` is TCA minus the epoch of object 1's elements. Unknown numbers are NaN, and -1
    where a catalogue number is not known.
    """

    norad_id_1: Integers
    name_1: Text
    age_1_s: Floats
    norad_id_2: Integers
    name_2: Text
    age_2_s: Floats
    tca_utc: Times
    tca_in_leap_second: Booleans
    miss_distance_m: Floats
    relative_speed_m_s: Floats
    maximum_probability: Floats
    dilution_m: Floats


class SocratesReading(NamedTuple):
    """What a file holds: its good rows, and one error for each other row."""

    report: SocratesReport
    faults: tuple[FormatError, ...]


def write_socrates(report: SocratesReport, stream: BinaryIO) -> None:
    """Rows in the service's own columns, units and number of digits; unknown is empty."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows(_printed(row) for row in report.rows())
    text.detach()


def _printed(row: dict[str, Any]) -> tuple[str, ...]:
    tca = utc_text(row["tca_utc"], in_leap_second=bool(row["tca_in_leap_second"]))
    return (
        _number(row["norad_id_1"]),
        str(row["name_1"]),
        _fixed(row["age_1_s"] / _DAY_S),
        _number(row["norad_id_2"]),
        str(row["name_2"]),
        _fixed(row["age_2_s"] / _DAY_S),
        tca.replace("T", " ").removesuffix("Z"),
        _fixed(row["miss_distance_m"] / 1e3),
        _fixed(row["relative_speed_m_s"] / 1e3),
        "" if np.isnan(row["maximum_probability"]) else f"{row['maximum_probability']:.3E}",
        _fixed(row["dilution_m"] / 1e3),
    )


def _number(norad_id: int) -> str:
    return "" if norad_id < 0 else str(norad_id)


def _fixed(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"


def read_socrates(stream: BinaryIO, *, source: str) -> SocratesReading:
    """The good rows of a SOCRATES file, and what is wrong with the others.

    Raises:
        FormatError: the text is not UTF-8, or the header lacks a column.
    """
    lines = _lines(stream)
    header = next(lines, (1, []))[1]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise FormatError(
            1, "header", f"the columns of SOCRATES, {missing[0]} too", ",".join(header)
        )
    place = {name: header.index(name) for name in COLUMNS}
    good: list[tuple[Any, ...]] = []
    faults: list[FormatError] = []
    for line, fields in lines:
        try:
            good.append(_row(line, fields, place, width=len(header)))
        except FormatError as fault:
            faults.append(fault)
    return SocratesReading(_report(good, source), tuple(faults))


def _lines(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    rows = csv.reader(text)
    try:
        for fields in rows:
            if fields:
                yield rows.line_num, fields
    except UnicodeDecodeError as error:
        raise FormatError(rows.line_num + 1, "text", "UTF-8", error.reason) from None
    except csv.Error as error:
        raise FormatError(rows.line_num, "row", "comma-separated values", str(error)) from None
    finally:
        text.detach()


def _row(line: int, fields: Sequence[str], place: dict[str, int], *, width: int) -> tuple[Any, ...]:
    if len(fields) != width:
        raise FormatError(line, "row", f"{width} columns", f"{len(fields)}")

    def number(name: str, scale: float) -> float:
        found = fields[place[name]].strip()
        try:
            return float(found) * scale if found else np.nan
        except ValueError:
            raise FormatError(line, name, "a number", repr(found)) from None

    def identity(name: str) -> int:
        found = fields[place[name]].strip()
        if not found:
            return -1
        if not (found.isascii() and found.isdigit() and len(found) <= 9):
            raise FormatError(line, name, "a catalogue number of up to 9 digits", repr(found))
        return int(found)

    try:
        tca_utc, in_leap_second = parse_utc(fields[place["TCA"]])
    except InputError as error:
        raise FormatError(line, "TCA", "a UTC time", str(error)) from None
    return (
        identity("NORAD_CAT_ID_1"),
        fields[place["OBJECT_NAME_1"]],
        number("DSE_1", _DAY_S),
        identity("NORAD_CAT_ID_2"),
        fields[place["OBJECT_NAME_2"]],
        number("DSE_2", _DAY_S),
        tca_utc,
        in_leap_second,
        number("TCA_RANGE", 1e3),
        number("TCA_RELATIVE_SPEED", 1e3),
        number("MAX_PROB", 1.0),
        number("DILUTION", 1e3),
    )


def _report(rows: list[tuple[Any, ...]], source: str) -> SocratesReport:
    kinds: tuple[Any, ...] = (
        np.int64, TEXT, np.float64, np.int64, TEXT, np.float64,
        "M8[ns]", np.bool_, np.float64, np.float64, np.float64, np.float64,
    )  # fmt: skip
    columns = [
        np.array([row[place] for row in rows], dtype=kind) for place, kind in enumerate(kinds)
    ]
    names = list(SocratesReport.__dataclass_fields__)[1:]
    marks = Marks(originator="CelesTrak SOCRATES", source=source)
    by_name: dict[str, Any] = dict(zip(names, columns, strict=True))
    return SocratesReport(marks=marks, **by_name)
