"""Messages in keyword = value notation, written by their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.message import Block, Comment, Field
from skypact.formats.ccsds.tables import Observations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skypact.formats.ccsds.message import Message, RowRun
    from skypact.formats.ccsds.tables import Section

_WIDEST = 40  # characters of a keyword that the others are aligned with


def write_kvn(message: Message) -> bytes:
    """The message in keyword = value notation, in UTF-8; numbers as they were written."""
    lines = [(message.version_keyword, message.version), *_lines(message.root)]
    width = max(len(name) for name, _ in lines if len(name) <= _WIDEST)
    return "".join(_line(name, value, width) for name, value in lines).encode()


def _line(name: str, value: str | None, width: int) -> str:
    if value is None:
        return f"{name}\n"
    return f"{name:{width}} = {value}".rstrip(" ") + "\n"


def _lines(block: Block) -> Iterator[tuple[str, str | None]]:
    """Keywords with their values; a line that is no keyword has none."""
    group: Section | None = None
    for item in block.items:
        section = item.section if isinstance(item, Block) else None
        if group is not None and group is not section and not isinstance(item, Comment):
            yield group.group_marks[1], None  # type: ignore[index]
            group = None
        if isinstance(item, Block):
            if item.section.group_marks and group is None:
                group = item.section
                yield item.section.group_marks[0], None
            yield from _section(item)
        elif isinstance(item, Field):
            yield item.keyword, _value(item, block)
        elif isinstance(item, Comment):
            yield f"COMMENT {item.text}".rstrip(" "), None
        else:
            yield from _rows(item)
    if group is not None:
        yield group.group_marks[1], None  # type: ignore[index]


def _section(block: Block) -> Iterator[tuple[str, str | None]]:
    marks = block.section.marks
    if marks:
        yield marks[0], None
    yield from _lines(block)
    if marks:
        yield marks[1], None


def _value(field: Field, block: Block) -> str:
    unit = unit_of(field, block.section)
    return f"{field.value} [{unit}]" if unit else field.value


def unit_of(field: Field, section: Section) -> str:
    """The unit to write with a field: its own, or its table's."""
    slot = plan_of(section).slot(field.keyword)
    if slot is None or not field.value or not slot.shows_unit:
        return field.unit
    return field.unit or slot.keyword.unit


def _rows(run: RowRun) -> Iterator[tuple[str, str | None]]:
    for line in run.text.split("\n"):
        words = line.strip(" \t\r")
        if words and isinstance(run.rows, Observations):
            name, _, value = words.partition(" ")
            yield name, value
        elif words:
            yield words, None
