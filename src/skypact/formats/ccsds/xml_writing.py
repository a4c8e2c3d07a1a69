"""Messages in XML, written by their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from skypact.formats.ccsds.kvn_writing import unit_of
from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.message import Block, Comment, Field
from skypact.formats.ccsds.tables import Columns, Lines, Triangle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from skypact.formats.ccsds.message import Message, RowRun
    from skypact.formats.ccsds.tables import Section

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_xml(message: Message) -> bytes:
    """One message in XML, in UTF-8; numbers as they were written."""
    return (_DECLARATION + "".join(_message(message, ""))).encode()


def write_ndm_xml(messages: Sequence[Message]) -> bytes:
    """Several messages in one combined document."""
    inner = "".join(line for message in messages for line in _message(message, "  "))
    return f"{_DECLARATION}<ndm>\n{inner}</ndm>\n".encode()


def _message(message: Message, indent: str) -> Iterator[str]:
    name = message.root.section.name
    version = quoteattr(message.version)
    yield f'{indent}<{name} id="{message.version_keyword}" version={version}>\n'
    yield from _items(message.root, f"{indent}  ")
    yield f"{indent}</{name}>\n"


def _items(block: Block, indent: str) -> Iterator[str]:
    for item in block.items:
        if isinstance(item, Field):
            yield indent + _field(item, block.section)
        elif isinstance(item, Comment):
            yield f"{indent}<COMMENT>{escape(item.text)}</COMMENT>\n"
        elif isinstance(item, Block):
            name = item.section.element or item.section.name
            yield f"{indent}<{name}>\n"
            yield from _items(item, f"{indent}  ")
            yield f"{indent}</{name}>\n"
        else:
            for line in _rows(item):
                yield f"{indent}{line}\n"


def _field(field: Field, section: Section) -> str:
    name, attributes = field.keyword, ""
    slot = plan_of(section).slot(name)
    if slot is not None and slot.name.endswith("_*"):
        beginning = slot.name.removesuffix("_*")
        attributes = f" parameter={quoteattr(name[len(beginning) + 1 :])}"
        name = beginning
    unit = unit_of(field, section)
    if unit:
        attributes += f" units={quoteattr(unit)}"
    return f"<{name}{attributes}>{escape(field.value)}</{name}>\n"


def _rows(run: RowRun) -> Iterator[str]:
    rows = run.rows
    lines = [words for line in run.text.split("\n") if (words := line.split())]
    if isinstance(rows, Lines):
        for words in lines:
            yield f"<{rows.element}>{escape(' '.join(words))}</{rows.element}>"
    elif isinstance(rows, Triangle):
        every = [word for words in lines for word in words]
        for name, unit, word in zip(rows.names, rows.units, every, strict=False):
            yield f"<{name} units={quoteattr(unit)}>{escape(word)}</{name}>"
    elif isinstance(rows, Columns):
        for words in lines:
            yield _element(rows.element, zip(rows.names, words, strict=False))
    else:
        for name, epoch, *value in lines:
            pairs = (("EPOCH", epoch), (name, " ".join(value)))
            yield _element(rows.element, pairs)


def _element(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    inner = "".join(f"<{key}>{escape(word)}</{key}>" for key, word in pairs)
    return f"<{name}>{inner}</{name}>"
