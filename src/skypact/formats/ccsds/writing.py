"""Messages in the notation that is asked for, and the promise that nothing got lost."""

from __future__ import annotations

import io
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from skypact.base.errors import FormatError
from skypact.formats.ccsds.json_writing import write_json
from skypact.formats.ccsds.kvn_writing import write_kvn
from skypact.formats.ccsds.message import Block, Comment, Field
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.xml_writing import write_ndm_xml, write_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.formats.ccsds.message import Item, Message

Notation = Literal["kvn", "xml", "json"]


def write_messages(messages: Sequence[Message], notation: Notation) -> bytes:
    """One or more messages; several follow one another, in XML in one combined document.

    What was written is read again: it says the same, or it is not given out.

    Raises:
        FormatError: the notation cannot hold something, such as a line end in a KVN value.
    """
    content = _written(messages, notation)
    again = read_messages(io.BytesIO(content))
    if again.messages == tuple(messages):
        if again.faults and not any(message.findings.faults for message in messages):
            raise again.faults[0]  # such as an order of sections that JSON does not show
        return content
    for message, other in zip_longest(messages, again.messages):
        if message != other:
            raise _cannot_hold(message, other, notation)
    raise AssertionError("messages differ, and none of them does")


def _written(messages: Sequence[Message], notation: Notation) -> bytes:
    if notation == "kvn":
        return b"".join(map(write_kvn, messages))
    if notation == "json":
        return write_json(messages)
    return write_xml(messages[0]) if len(messages) == 1 else write_ndm_xml(messages)


def _cannot_hold(message: Message, other: Message | None, notation: Notation) -> FormatError:
    expected = f"what {notation.upper()} can hold"
    item = _first_lost(message.root, other.root) if other is not None else None
    if isinstance(item, Field):
        return FormatError(item.line, item.keyword, expected, repr(item.value[:60]))
    if isinstance(item, Comment):
        return FormatError(item.line, "COMMENT", expected, repr(item.text[:60]))
    line = item.line if item is not None else message.line
    return FormatError(line, message.kind, expected, "something else")


def _first_lost(block: Block, other: Block) -> Item | None:
    """The first item of a block that the other, read again, does not have alike."""
    for mine, theirs in zip_longest(block.items, other.items):
        if isinstance(mine, Block) and isinstance(theirs, Block):
            lost = _first_lost(mine, theirs)
            if lost is not None:
                return lost
        elif mine is None or type(mine) is not type(theirs) or _said(mine) != _said(theirs):
            return mine or block
    return None


def _said(item: Item) -> tuple[str, ...]:
    if isinstance(item, Field):
        return item.keyword, item.value, item.unit
    if isinstance(item, Comment):
        return (item.text,)
    return () if isinstance(item, Block) else tuple(item.text.split())
