"""Rows of messages, judged by their table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.base.errors import FormatError
from skypact.formats.ccsds.message import RowRun
from skypact.formats.ccsds.rows import number, odd_character, timed_rows
from skypact.formats.ccsds.slots import TIME
from skypact.formats.ccsds.tables import Columns, Triangle

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Findings
    from skypact.formats.ccsds.slots import Slot
    from skypact.formats.ccsds.tables import Rows


def row_run(line: int, rows: Rows, text: str, findings: Findings) -> RowRun:
    """Rows as a message carries them, with what is wrong with them told."""
    run = RowRun(line, rows, text)
    try:
        if isinstance(rows, Columns):
            widths = tuple(width - 1 for width in rows.widths)
            run.values = timed_rows(line, text, rows.names[1:], widths)
        elif odd := odd_character(line, text):
            raise odd
        elif isinstance(rows, Triangle):
            triangle_of(run)
    except FormatError as fault:
        findings.take(fault)
    return run


def triangle_of(run: RowRun) -> list[float]:
    """The elements of a triangle, in the order of its names.

    Raises:
        FormatError: a row is too long or short, or holds what is no number.
    """
    assert isinstance(run.rows, Triangle)
    names, values, width = run.rows.names, list[float](), 0
    for line, content in enumerate(run.text.split("\n"), start=run.line):
        words = content.split()
        if not words:
            continue
        width += 1
        if len(values) == len(names) or len(words) != width:
            expected = f"{width} in row {width}" if len(values) < len(names) else "no further row"
            raise FormatError(line, "covariance", expected, f"{len(words)} in row {width}")
        wanted = names[len(values) : len(values) + width]
        values += [number(word, line, name) for word, name in zip(words, wanted, strict=True)]
    if len(values) != len(names):
        raise FormatError(run.line, "covariance", f"{len(names)} numbers", str(len(values)))
    return values


def observation_fault(line: int, slot: Slot, words: str) -> FormatError | None:
    """What is wrong with `time value` behind the keyword of an observation."""
    time, _, value = words.partition(" ")
    value = value.strip(" \t")
    if not value:
        return FormatError(line, slot.name, "a time and a value", repr(words[:60]))
    expected = TIME.expected(time) or slot.expected(value)
    return FormatError(line, slot.name, expected, repr(words[:60])) if expected else None
