"""Element sets as comma-separated values under a header of OMM keywords, both ways."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError
from skypact.formats.decimals import spelled
from skypact.formats.incoming import pieces
from skypact.formats.omm import CELESTRAK, KEYWORDS, OBLIGATORY, QUANTITIES, Records
from skypact.records.marks import DataMode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from skypact.records.elements import Elements


def read_csv(text: str) -> Iterator[Records]:
    """Records some megabytes at a time, from CelesTrak's columns or Space-Track's many.

    Raises:
        FormatError: the header lacks a column that nobody can do without.
    """
    header: list[str] = []
    for first_line, lines in pieces(text):
        start = 0
        if not header:
            start = next(i for i, line in enumerate(lines) if line.strip() and line[0] != "#")
            header = _header(first_line + start, lines[start])
            start += 1
        while lines and not lines[-1]:
            lines.pop()
        yield _records(header, first_line + start, lines[start:])


def _header(number: int, line: str) -> list[str]:
    header = [name.strip().upper() for name in _split([line])[0]]
    for keyword in (*OBLIGATORY, *(q.keyword for q in QUANTITIES if not q.is_optional)):
        if header.count(keyword) != 1:
            raise FormatError(
                number, keyword, "one column of this name", str(header.count(keyword))
            )
    return header


def _split(lines: Sequence[str]) -> list[list[str]]:
    """One row per line: no field holds a line end, so a stray quote cannot swallow others."""
    if not any('"' in line for line in lines):
        return [line.split(",") for line in lines]
    try:
        rows = list(csv.reader(lines))
    except csv.Error:
        rows = []
    return rows if len(rows) == len(lines) else [_split_one(line) for line in lines]


def _split_one(line: str) -> list[str]:
    try:
        return next(csv.reader((line,)))
    except csv.Error:  # a field beyond the csv module's limit of 128 KiB
        return [line]


def _records(header: list[str], first_line: int, lines: list[str]) -> Records:
    """All lines at once if they are alike and plain, else one by one."""
    text = "\n".join(lines)
    commas = len(header) - 1
    is_plain = '"' not in text and all(line.count(",") == commas for line in lines)
    if not is_plain or ",".join(header) in text:
        return _uneven_records(header, first_line, lines)
    values = text.replace("\n", ",").split(",") if lines else []
    texts = {
        keyword: values[column :: len(header)]
        for column, keyword in enumerate(header)
        if keyword in KEYWORDS
    }
    return Records(lines=range(first_line, first_line + len(lines)), texts=texts)


def _uneven_records(header: list[str], first_line: int, lines: list[str]) -> Records:
    numbers, rows, faults = [], [], []
    for number, row in enumerate(_split(lines), start=first_line):
        if len(row) == len(header):
            numbers.append(number)
            rows.append(row)
        elif any(value.strip() for value in row) and not row[0].startswith("#"):
            expected = f"{len(header)} values, as the header has"
            faults.append(FormatError(number, "row", expected, f"{len(row)}: {','.join(row)[:40]}"))
    if header in rows:  # files that were put one after the other repeat it
        numbers = [number for number, row in zip(numbers, rows, strict=True) if row != header]
        rows = [row for row in rows if row != header]
    columns = dict(zip(header, zip(*rows, strict=True), strict=False))
    texts = {keyword: columns[keyword] for keyword in KEYWORDS if keyword in columns}
    return Records(lines=numbers, texts=texts, faults=tuple(faults))


def write_omm_csv(elements: Elements, stream: BinaryIO) -> None:
    """Element sets as CSV in CelesTrak's columns, with digits enough to read the same bits back.

    Other than REAL, the data mode follows in a column `DATA_MODE`. NaN is an empty field.
    """
    columns = {
        "OBJECT_NAME": elements.name.tolist(),
        "OBJECT_ID": elements.object_id.tolist(),
        "EPOCH": elements.epoch_utc.astype("M8[ns]").astype(str).tolist(),
        "CLASSIFICATION_TYPE": elements.classification.tolist(),
        "NORAD_CAT_ID": elements.norad_id.tolist(),
        "EPHEMERIS_TYPE": elements.ephemeris_type.tolist(),
        "ELEMENT_SET_NO": _stated(elements.element_set_no.tolist()),
        "REV_AT_EPOCH": _stated(elements.rev_at_epoch.tolist()),
    }
    for quantity in QUANTITIES:
        values = getattr(elements, quantity.column)
        columns[quantity.keyword] = spelled(values, quantity.factor, quantity.period)
    header = list(CELESTRAK)
    if elements.marks.data_mode is not DataMode.REAL:
        header.append("DATA_MODE")
        columns["DATA_MODE"] = [elements.marks.data_mode.value] * len(elements)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(header)
    rows.writerows(zip(*(columns[keyword] for keyword in header), strict=True))
    stream.write(text.getvalue().encode())


def _stated(numbers: list[int]) -> list[int | str]:
    return [number if number >= 0 else "" for number in numbers]
