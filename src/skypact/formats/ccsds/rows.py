"""Rows of a time tag and numbers, as navigation messages carry them by the thousand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import FormatError
from skypact.formats.ccsds.times import EXPECTED, Readings, clock_readings
from skypact.formats.incoming import pieces

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# Made of these, a word that Python takes for a number is one of CCSDS's too.
_CHARACTERS = b"0123456789+-.eETZ: \t\r\n"
# What XML cannot hold; the standards want printable characters only.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_MANY = 1_000_000  # characters; Python reads fewer before a kernel is fetched from the disk


@dataclass(frozen=True)
class TimedRows:
    """n rows: their lines, times and numbers (n, width); what one lacks of another is NaN."""

    lines: npt.NDArray[np.int64]
    readings: Readings
    values: Floats


def is_number(text: str) -> bool:
    """Whether a word is a finite decimal number as CCSDS 502.0 writes them."""
    return bool(NUMBER.fullmatch(text)) and bool(np.isfinite(float(text)))


def number(text: str, line: int, field: str) -> float:
    """One decimal number.

    Raises:
        FormatError: not a finite decimal number as CCSDS 502.0 writes them.
    """
    if not is_number(text):
        raise FormatError(line, field, "a finite decimal number", repr(text[:60]))
    return float(text)


def odd_character(line: int, text: str) -> FormatError | None:
    """The first character of a text, from line number `line` on, that is not printable."""
    odd = _UNPRINTABLE.search(text)
    if odd is None:
        return None
    where = line + text.count("\n", 0, odd.start())
    return FormatError(where, "text", "printable characters", repr(odd[0]))


def timed_rows(line: int, text: str, names: tuple[str, ...], widths: tuple[int, ...]) -> TimedRows:
    """Rows `time number number …` from `text`, whose first line is number `line`.

    `names` name the numbers; a row has as many of them as one of `widths` allows.

    Raises:
        FormatError: the first row that has another number of columns, no time or no number.
    """
    if len(text) >= _MANY:
        rows = _many_rows(line, text, widths)
        if rows is not None:
            return rows
    # Piece by piece: words take ten times the memory of their text.
    parts = [_few_rows(line + at - 1, rows, names, widths) for at, rows in pieces(text, _MANY)]
    return parts[0] if len(parts) == 1 else _joined(parts)


def _few_rows(
    line: int, texts: list[str], names: tuple[str, ...], widths: tuple[int, ...]
) -> TimedRows:
    lines = []
    for at, row in enumerate(texts, line):
        words = row.split()
        if words and len(words) - 1 not in widths:
            expected = f"a time and {' or '.join(map(str, widths))} numbers"
            raise FormatError(at, words[0][:40], expected, f"{len(words) - 1} numbers")
        if words:
            lines.append((at, words))
    text = "\n".join(texts)
    values = _plain_numbers(text, [words for _, words in lines])
    if values is None:
        if odd := odd_character(line, text):
            raise odd
        values = _judged_numbers(lines, names)
    readings = clock_readings([words[0] for _, words in lines])
    if readings.unreadable.any():
        at, words = lines[int(readings.unreadable.argmax())]
        raise FormatError(at, "EPOCH", EXPECTED, repr(words[0][:40]))
    return TimedRows(np.array([at for at, _ in lines], np.int64), readings, values)


def _many_rows(line: int, text: str, widths: tuple[int, ...]) -> TimedRows | None:
    """All rows at once; None where they are not all alike and plain."""
    from skypact.formats.ccsds.row_kernel import parsed_rows

    width = len(text[: text.find("\n")].split()) - 1
    found = parsed_rows(text, width) if width in widths else None
    if found is None:
        return None
    clock_ns, values = found
    none = np.zeros(len(clock_ns), np.bool_)
    return TimedRows(np.arange(line, line + len(none)), Readings(clock_ns, none, none), values)


def _joined(parts: list[TimedRows]) -> TimedRows:
    width = max(part.values.shape[1] for part in parts)
    values = np.full((sum(len(part.lines) for part in parts), width), np.nan)
    row = 0
    for part in parts:
        values[row : row + len(part.lines), : part.values.shape[1]] = part.values
        row += len(part.lines)
    return TimedRows(
        np.concatenate([part.lines for part in parts]),
        Readings(
            np.concatenate([part.readings.clock_ns for part in parts]),
            np.concatenate([part.readings.second_60 for part in parts]),
            np.concatenate([part.readings.unreadable for part in parts]),
        ),
        values,
    )


def _plain_numbers(text: str, rows: list[list[str]]) -> Floats | None:
    """Numbers of rows of one width; None where they need a closer look."""
    width = len(rows[0]) if rows else 0
    if any(len(words) != width for words in rows):
        return None
    if not text.isascii() or text.encode().translate(None, _CHARACTERS):
        return None
    try:
        numbers = list(map(float, chain.from_iterable(words[1:] for words in rows)))
    except ValueError:
        return None
    values = np.array(numbers).reshape(len(rows), -1)
    return values if np.isfinite(values).all() else None


def _judged_numbers(lines: list[tuple[int, list[str]]], names: tuple[str, ...]) -> Floats:
    width = max((len(words) for _, words in lines), default=1) - 1
    values = np.full((len(lines), width), np.nan)
    for row, (line, words) in enumerate(lines):
        for column, word in enumerate(words[1:]):
            values[row, column] = number(word, line, names[column])
    return values
