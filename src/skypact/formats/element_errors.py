"""Tables of the errors of element sets, read back from CSV or JSON as Skypact writes them."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from skypact.base.errors import FormatError
from skypact.base.table import TEXT
from skypact.formats.incoming import read_text
from skypact.records.element_errors import ElementErrors
from skypact.records.marks import DataMode, Marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

_MAX_BYTES = 16 * 2**20
_WORDS = ("regime", "source", "data_mode")
_COUNTS = ("pairs", "objects")
_COLUMNS = tuple(field.name for field in fields(ElementErrors) if field.name != "marks")


def read_element_errors(stream: BinaryIO, *, source: str) -> ElementErrors:
    """A table of errors from CSV with a header, or a JSON array of objects, gzipped or not.

    An empty or null number is unknown (NaN); of an upper limit (`…_until_…`) it is no limit.
    Every column must be there, in any order. One bad row makes the table unusable: a sigma
    that is left out would be taken from another row.

    Raises:
        FormatError: a column is missing, a value is no number, a sigma is negative, a range is
            empty, or there is no row.
    """
    text = read_text(stream, _MAX_BYTES).text
    rows = _from_json(text) if text.lstrip().startswith("[") else _from_csv(text)
    if not rows:
        raise FormatError(0, "file", "at least one row of element errors", "none")
    columns: dict[str, Any] = {
        name: np.array(values, TEXT if name in _WORDS else None)
        for name, values in _columns(rows).items()
    }
    mode = DataMode(str(rows[0][1]["data_mode"]))
    return ElementErrors(marks=Marks(originator="", source=source, data_mode=mode), **columns)


def _from_json(text: str) -> list[tuple[int, Mapping[str, object]]]:
    try:
        rows = msgspec.json.decode(text, type=list[dict[str, object]])
    except msgspec.MsgspecError as error:
        raise FormatError(0, "file", "a JSON array of rows", str(error)) from None
    return list(enumerate(rows, start=1))


def _from_csv(text: str) -> list[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(io.StringIO(text))
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise FormatError(reader.line_num, "row", "comma-separated values", str(error)) from None


def _columns(rows: list[tuple[int, Mapping[str, object]]]) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {name: [] for name in _COLUMNS}
    for line, row in rows:
        for name in _COLUMNS:
            if name not in row:
                raise FormatError(line, name, "a column of this name", "none")
            columns[name].append(_value(line, name, row[name]))
        _refuse_mixed_modes(line, columns["data_mode"])
        _refuse_empty_ranges(line, {name: values[-1] for name, values in columns.items()})
    return columns


def _value(line: int, name: str, value: object) -> object:
    if name in _WORDS:
        return str(value or "")
    if value in (None, ""):
        value = math.inf if "_until" in name else math.nan
    try:
        number = float(value)  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError):
        raise FormatError(line, name, "a number", repr(value)) from None
    if number < 0.0:
        raise FormatError(line, name, "zero or more", f"{number:g}")
    if name not in _COUNTS:
        return number
    if not number.is_integer():
        raise FormatError(line, name, "a whole number", f"{number:g}")
    return int(number)


def _refuse_mixed_modes(line: int, modes: list[object]) -> None:
    allowed = [modes[0]] if len(modes) > 1 else list(DataMode)
    if modes[-1] not in allowed:
        expected = ", ".join(map(str, allowed))
        raise FormatError(line, "data_mode", expected, repr(modes[-1]))


def _refuse_empty_ranges(line: int, row: dict[str, Any]) -> None:
    for name in (name for name in _COLUMNS if "_from" in name):
        low, high = row[name], row[name.replace("_from", "_until")]
        if not low < high:
            raise FormatError(line, name, f"below its upper limit, {high:g}", f"{low:g}")
