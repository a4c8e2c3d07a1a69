"""Messages drawn from their tables: every keyword, row and section that a table allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from skypact.formats.ccsds.message import Block, Comment, Field, Findings, Message, RowRun
from skypact.formats.ccsds.tables import Columns, Keyword, Kind, Lines, Section, Triangle

if TYPE_CHECKING:
    from skypact.formats.ccsds.tables import MessageTable, Rows

# Printable, without what begins or ends a unit; a message's own line ends are no text.
_letters = st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["C", "Z"])
_word = st.text(_letters, min_size=1, max_size=8)
_text = st.lists(_word, min_size=1, max_size=3).map(" ".join)
_LAST_NS = int(np.datetime64("2199-12-31T23:59:59", "ns").astype(np.int64))
_FIRST_NS = int(np.datetime64("1957-01-01", "ns").astype(np.int64))
_time = st.integers(_FIRST_NS, _LAST_NS).map(lambda clock: str(np.datetime64(clock, "ns")))


def _number(low: float | None, high: float | None) -> st.SearchStrategy[str]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False).map(repr)


@st.composite
def _value(draw: st.DrawFn, keyword: Keyword) -> str:
    kind = keyword.kind
    if kind is Kind.TIME:
        return draw(_time)
    if kind is Kind.CHOICE:
        return draw(st.sampled_from(keyword.choices))
    if kind is Kind.NUMBER:
        return draw(_number(keyword.low, keyword.high))
    if kind is Kind.WHOLE:
        low, high = keyword.low, keyword.high
        return str(draw(st.integers(int(low or 0), int(high) if high is not None else 10**9)))
    if kind is Kind.VECTOR:
        count = keyword.count or draw(st.integers(1, 5))
        return " ".join(draw(_number(None, None)) for _ in range(count))
    if kind is Kind.TIME_OR_SECONDS:
        return draw(_time | _number(None, None))
    return draw(_text)


@st.composite
def _rows(draw: st.DrawFn, rows: Rows) -> RowRun:
    count = draw(st.integers(1, 3))
    lines = []
    for row in range(count):
        if isinstance(rows, Columns):
            width = draw(st.sampled_from(rows.widths))
            words = [draw(_time), *(draw(_number(None, None)) for _ in range(width - 1))]
        elif isinstance(rows, Lines):
            words = [draw(_time), *draw(st.lists(_word, min_size=1, max_size=4))]
        elif isinstance(rows, Triangle):
            words = [draw(_number(None, None)) for _ in range(row + 1)]
        else:
            keyword = draw(st.sampled_from(rows.keywords))
            words = [keyword.name, draw(_time), draw(_number(None, None))]
        lines.append(" ".join(words))
    if isinstance(rows, Triangle):
        size = int((2 * len(rows.names)) ** 0.5)
        lines = [" ".join(draw(_number(None, None)) for _ in range(i + 1)) for i in range(size)]
    return RowRun(0, rows, "\n".join(lines))


@st.composite
def _block(draw: st.DrawFn, section: Section) -> Block:
    block = Block(0, section, [], {})
    if any(isinstance(item, Keyword) for item in section.items):
        block.items += [Comment(0, text) for text in draw(st.lists(_text, max_size=2))]
    first = next((item for item in section.items if isinstance(item, Keyword)), None)
    for item in section.items:
        if isinstance(item, Keyword):
            # A section without marks shows by its keywords only, the next one by the first.
            if item.required or item is first or draw(st.booleans()):
                name = item.name.replace("*", draw(st.sampled_from("AXZ")))
                field = Field(0, name, draw(_value(item)))
                block.items.append(field)
                block.fields[name] = field
        elif isinstance(item, Section):
            least = item.least
            most = least + 2 if item.most is None else item.most
            block.items += [draw(_block(item)) for _ in range(draw(st.integers(least, most)))]
        else:
            block.items.append(draw(_rows(item)))
    return block


@st.composite
def messages(draw: st.DrawFn, table: MessageTable) -> Message:
    """A message of the table's newest version, its values as those of each kind may be."""
    return Message(table, table.versions[-1], 0, draw(_block(table.root)), Findings())
