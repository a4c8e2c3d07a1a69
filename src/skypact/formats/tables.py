"""Tables as CSV, JSON, JSON lines and Parquet.

Column names are the table's own, SI units included. Times are ISO 8601 in UTC; a time whose
table says `…_in_leap_second` reads `:60`. Unknown numbers and times are empty (CSV) or null.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import numpy as np

from skypact.astro.time import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from skypact.base.table import Table
    from skypact.records.conjunctions import Screening

_DECIMALS = 9


def write_csv(table: Table, stream: BinaryIO) -> None:
    """Header and rows after RFC 4180; unknown values are empty fields."""
    columns = _texts_and_numbers(table)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(columns)
    rows.writerows(zip(*columns.values(), strict=True))
    text.detach()


def write_json_lines(table: Table, stream: BinaryIO) -> None:
    """One JSON object per row and line; unknown values are null."""
    encoder = msgspec.json.Encoder()
    for row in _rows(table):
        stream.write(encoder.encode(row) + b"\n")


def write_screening_json(screening: Screening, stream: BinaryIO) -> None:
    """The whole screening as one JSON object: marks, certificate, conjunctions, coverage."""
    document = {
        "marks": screening.conjunctions.marks,
        "certificate": screening.certificate,
        "conjunctions": list(_rows(screening.conjunctions)),
        "coverage": list(_rows(screening.coverage)),
    }
    stream.write(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")


def write_json(table: Table, stream: BinaryIO) -> None:
    """The rows as one JSON array; unknown values are null."""
    stream.write(msgspec.json.encode(list(_rows(table))) + b"\n")


def write_parquet(table: Table, stream: BinaryIO, *, metadata: Mapping[str, str]) -> None:
    """One Parquet file; what the table and the caller say about it goes into its metadata."""
    import polars as pl

    # By way of memory: Polars tells a closed pipe or a full disk in an error of its own.
    file = io.BytesIO()
    pl.DataFrame(table).write_parquet(file, metadata={**table.arrow_metadata(), **metadata})
    stream.write(file.getbuffer())


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    columns = _texts_and_numbers(table)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _texts_and_numbers(table: Table) -> dict[str, list[Any]]:
    columns = table.columns()
    plain = {name: _plain(values) for name, values in columns.items()}
    for name, leap in columns.items():
        time = f"{name.removesuffix('_in_leap_second')}_utc"
        if time != f"{name}_utc" and time in columns:
            for row in np.flatnonzero(leap):
                plain[time][row] = _leap_text(columns[time][row])
    return plain


def _leap_text(utc: np.datetime64) -> str:
    return utc_text(utc, in_leap_second=True, decimals=_DECIMALS)


def _plain(values: npt.NDArray[Any]) -> list[Any]:
    kind = values.dtype.kind
    if kind == "M":
        texts = np.datetime_as_string(values, unit="ns").tolist()
        return [None if text == "NaT" else f"{text}Z" for text in texts]
    if kind == "f":
        return [None if value != value else value for value in values.tolist()]
    return [str(value) for value in values] if kind == "T" else values.tolist()
