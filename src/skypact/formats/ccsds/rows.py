"""Rows of a time tag and numbers, as navigation messages carry them by the thousand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import FormatError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FEW = 20_000  # characters; below, splitting lines is quicker than waking a parser up


@dataclass(frozen=True)
class TimedRows:
    """n rows: their lines, time tags and numbers (n, width); what one lacks of another is NaN."""

    lines: npt.NDArray[np.int64]
    epochs: list[str]
    values: Floats


def is_number(text: str) -> bool:
    """Whether a word is a finite decimal number as CCSDS 502.0 writes them."""
    return bool(_NUMBER.fullmatch(text)) and bool(np.isfinite(float(text)))


def number(text: str, line: int, field: str) -> float:
    """One decimal number.

    Raises:
        FormatError: not a finite decimal number as CCSDS 502.0 writes them.
    """
    value = float(text) if _NUMBER.fullmatch(text) else np.nan
    if not np.isfinite(value):
        raise FormatError(line, field, "a finite decimal number", repr(text))
    return float(value)


def timed_rows(line: int, text: str, names: tuple[str, ...], widths: tuple[int, ...]) -> TimedRows:
    """Rows `time number number …` from `text`, whose first line is number `line`.

    `names` name the numbers; a row has as many of them as one of `widths` allows.

    Raises:
        FormatError: the first row that has another number of columns or is no number.
    """
    if len(text) >= _FEW:
        values = _columns(text, widths)
        if values is not None:
            epochs, numbers = values
            return TimedRows(np.arange(line, line + len(epochs)), epochs, numbers)
    return _row_by_row(line, text, names, widths)


def _columns(text: str, widths: tuple[int, ...]) -> tuple[list[str], Floats] | None:
    """All rows at once; None where they are not all alike and plain."""
    content = text.strip().encode()
    return _parsed(content, widths) or _parsed(_single_spaced(content), widths)


def _parsed(content: bytes, widths: tuple[int, ...]) -> tuple[list[str], Floats] | None:
    import polars as pl

    width = content.count(b" ", 0, content.find(b"\n"))
    if width not in widths:
        return None
    schema = {"epoch": pl.String} | {f"n{i}": pl.Float64 for i in range(width)}
    try:
        table = pl.read_csv(
            content, separator=" ", has_header=False, schema=schema, quote_char=None
        )
    except pl.exceptions.PolarsError:
        return None
    values = table.drop("epoch").to_numpy(order="c")
    lines = int(np.count_nonzero(np.frombuffer(content, np.uint8) == ord("\n"))) + 1
    if len(values) != lines or not np.isfinite(values).all():
        return None
    return table["epoch"].to_list(), values


def _single_spaced(content: bytes) -> bytes:
    content = content.replace(b"\t", b" ").replace(b"\r", b"")
    while b"  " in content:
        content = content.replace(b"  ", b" ")
    return content.replace(b" \n", b"\n").replace(b"\n ", b"\n")


def _row_by_row(line: int, text: str, names: tuple[str, ...], widths: tuple[int, ...]) -> TimedRows:
    lines, epochs, values = [], [], []
    for row, content in enumerate(text.split("\n"), start=line):
        words = content.split()
        if not words:
            continue
        if len(words) - 1 not in widths:
            expected = f"a time and {' or '.join(map(str, widths))} numbers"
            raise FormatError(row, words[0], expected, f"{len(words) - 1} numbers")
        numbers = [number(w, row, name) for w, name in zip(words[1:], names, strict=False)]
        lines.append(row)
        epochs.append(words[0])
        values.append(numbers)
    width = max(map(len, values), default=0)
    padded = [numbers + [np.nan] * (width - len(numbers)) for numbers in values]
    return TimedRows(np.array(lines, np.int64), epochs, np.array(padded).reshape(-1, width))
