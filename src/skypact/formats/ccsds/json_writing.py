"""Messages in JSON, as `json_messages` tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from skypact.formats.ccsds.kvn_writing import unit_of
from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.message import Block, Comment, Field
from skypact.formats.ccsds.tables import Columns, Kind, Lines, Triangle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skypact.formats.ccsds.message import Message, RowRun

_FLAT = ("cdm", "omm")
_LITERAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)

_Pair = tuple[str, object]


def write_json(messages: Sequence[Message]) -> bytes:
    """Messages as a JSON list: conjunctions and mean elements flat, the others as in XML."""
    documents = [
        _flat(message) if message.kind in _FLAT else _mirrored(message) for message in messages
    ]
    return msgspec.json.format(msgspec.json.encode(documents), indent=1) + b"\n"


def _mirrored(message: Message) -> dict[str, object]:
    version = {message.version_keyword: message.version}
    return {**version, **_gathered(_pairs(message.root))}


def _gathered(pairs: Iterator[_Pair], lists: frozenset[str] = frozenset()) -> dict[str, object]:
    """Pairs as an object: neighbours of one name as a list, later ones under another key."""
    found: dict[str, object] = {}
    counts: dict[str, int] = {}
    last = key = ""
    for name, value in pairs:
        if name == last:
            before = found[key]
            if isinstance(before, list):
                before.append(value)
            else:
                found[key] = [before, value]
            continue
        last, key = name, _unused(name, found, counts)
        found[key] = [value] if name in lists else value
    return found


def _unused(name: str, found: dict[str, object], counts: dict[str, int]) -> str:
    """The name, or `name#2`, `name#3`, … if it is taken; `counts` tells from where to look."""
    count = counts.get(name, 0) + 1
    key = name if count == 1 else f"{name}#{count}"
    while key in found:
        count += 1
        key = f"{name}#{count}"
    counts[name] = count
    return key


def _pairs(block: Block) -> Iterator[_Pair]:
    """What stands in a section, under the names that XML has."""
    for item in block.items:
        if isinstance(item, Field):
            yield item.keyword, _value(item, block)
        elif isinstance(item, Comment):
            yield "COMMENT", item.text
        elif isinstance(item, Block):
            plan = plan_of(item.section)
            several = frozenset(one.element or one.name for one in plan.children if one.most != 1)
            yield item.section.element or item.section.name, _gathered(_pairs(item), several)
        else:
            yield from _rows(item)


def _value(field: Field, block: Block) -> object:
    value = _number(field, block)
    return {"value": value, "units": field.unit} if field.unit else value


def _number(field: Field, block: Block) -> object:
    """The number as it was written, where JSON spells numbers so."""
    slot = plan_of(block.section).slot(field.keyword)
    is_number = slot is not None and slot.keyword.kind in (Kind.NUMBER, Kind.WHOLE)
    if is_number and _LITERAL.fullmatch(field.value):
        return msgspec.Raw(field.value.encode())
    return field.value


def _rows(run: RowRun) -> Iterator[_Pair]:
    rows = run.rows
    lines = [words for line in run.text.split("\n") if (words := line.split())]
    if isinstance(rows, Triangle):
        every = [word for words in lines for word in words]
        yield from zip(rows.names, every, strict=False)
        return
    for words in lines:
        if isinstance(rows, Lines):
            yield rows.element, " ".join(words)
        elif isinstance(rows, Columns):
            yield rows.element, dict(zip(rows.names, words, strict=False))
        else:
            yield rows.element, {"EPOCH": words[1], words[0]: " ".join(words[2:])}


def _flat(message: Message) -> dict[str, object]:
    found: dict[str, object] = {message.version_keyword: message.version}
    counts: dict[str, int] = {}
    last = key = ""
    for name, value, unit in _flat_entries(message.root, ""):
        if name == last and name.endswith("COMMENT"):
            before = found[key]
            if isinstance(before, list):
                before.append(value)
            else:
                found[key] = [before, value]
            continue
        last, key = name, _unused(name, found, counts)
        found[key] = value
        if unit:
            found[f"{key}_UNIT"] = unit
    return found


def _flat_entries(block: Block, prefix: str) -> Iterator[tuple[str, object, str]]:
    """Name, value and unit of everything, sections dissolved."""
    objects = 0
    is_conjunction = block.section.name == "body"
    for item in block.items:
        if isinstance(item, Field):
            yield f"{prefix}{item.keyword}", item.value, unit_of(item, block.section)
        elif isinstance(item, Comment):
            yield f"{prefix}COMMENT", item.text, ""
        elif isinstance(item, Block):
            inner = prefix
            if is_conjunction and item.section.most == 2:
                objects += 1
                inner = f"SAT{objects}_"
            yield from _flat_entries(item, inner)
