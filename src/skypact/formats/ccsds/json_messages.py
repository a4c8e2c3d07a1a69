"""Messages in JSON: in one flat object, as Space-Track, TraCSS and CelesTrak have them, or as XML.

No CCSDS standard tells how. A flat object has the keywords as keys, those of a conjunction's
objects after `SAT1_` and `SAT2_`, and a number's unit under the key with `_UNIT`. The other
form mirrors the XML: an object for each section, lists for what repeats. In both, a key that
stands in one object again ends in `#2`, `#3`, …, so that comments stay where they are.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from skypact.base.errors import FormatError
from skypact.formats.ccsds.kvn_messages import read_flat_message
from skypact.formats.ccsds.layout import scope_of
from skypact.formats.ccsds.tables import Kind
from skypact.formats.ccsds.xml import Element
from skypact.formats.ccsds.xml_messages import one_line, read_xml_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skypact.formats.ccsds.message import Block, Findings
    from skypact.formats.ccsds.tables import MessageTable

Pairs = list[tuple[str, Any]]

VERSION_KEY = re.compile(r"(CCSDS|TRACSS)_([A-Z]{3})_VERS")
_BLANKS = re.compile("[ \t\r\n\ufeff]*")
_AGAIN = re.compile(r"#\d+$")
_DEEPEST = 50
_MOST_MISSED = 20  # keys spelled with escapes, whose place in the text is not found
_SPACED_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d*)?)", re.ASCII)
_MILLISECONDS_END = 1000  # a larger fraction counts microseconds


class JsonObject:
    """An object of the document: its keys in order; of the outermost, where it stands."""

    __slots__ = ("pairs", "span")

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.span = (0, 0)


def read_objects(text: str, most: int) -> list[JsonObject]:
    """The first `most` objects of a document that is one or a list; numbers stay text.

    Raises:
        FormatError: not JSON, or something else than objects.
    """
    try:
        return list(islice(_objects(text), most))
    except json.JSONDecodeError as error:
        raise FormatError(error.lineno, "JSON", "well-formed JSON", error.msg) from None
    except RecursionError:
        raise FormatError(1, "JSON", f"at most {_DEEPEST} levels", "more") from None


def _objects(text: str) -> Iterator[JsonObject]:
    decoder = json.JSONDecoder(
        object_pairs_hook=JsonObject, parse_float=str, parse_int=str, parse_constant=str
    )
    position = _past_blanks(text, 0)
    is_list = text.startswith("[", position)
    if is_list and text.startswith("]", _past_blanks(text, position + 1)):
        return
    while True:
        start = _past_blanks(text, position + is_list)
        found, stop = decoder.raw_decode(text, start)
        if not isinstance(found, JsonObject):
            raise FormatError(1, "JSON", "one message or a list of them", "something else")
        found.span = (start, stop)
        yield found
        position = _past_blanks(text, stop)
        if not (is_list and text.startswith(",", position)):
            break
    if is_list and not text.startswith("]", position):
        raise json.JSONDecodeError("Expecting ',' delimiter", text, position)
    if _past_blanks(text, position + is_list) < len(text):
        raise json.JSONDecodeError("Extra data", text, position + is_list)


def _past_blanks(text: str, position: int) -> int:
    return _BLANKS.match(text, position).end()  # type: ignore[union-attr]  # also of none


class KeyLines:
    """Lines of keys, found by going through the text in the order of the keys."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position, self._line, self._missed = 0, 1, 0

    def line(self, key: str) -> int:
        """The line of the next key of this name; the current one where there is none."""
        if self._missed > _MOST_MISSED:  # each miss is a search to the end
            return self._line
        found = self._text.find(json.dumps(key), self._position)
        if found < 0:
            found = self._text.find(json.dumps(key, ensure_ascii=False), self._position)
        self._missed += found < 0
        if found >= 0:
            self._line += self._text.count("\n", self._position, found)
            self._position = found
        return self._line


def read_json_message(
    table: MessageTable, version: str, record: JsonObject, lines: KeyLines, findings: Findings
) -> Block:
    """The sections of one message from its object.

    Raises:
        FormatError: nested deeper than 50.
    """
    keys = [key for key, _ in record.pairs]
    if "header" in keys or "body" in keys:
        inner = [pair for pair in record.pairs if not VERSION_KEY.fullmatch(pair[0])]
        element = _element(table.root.name, JsonObject(inner), lines, 0)
        return read_xml_message(table, version, element, findings)
    entries = sorted(_entries(record, lines), key=lambda entry: _part(entry[1]))
    named = [(line, name.removeprefix("SAT1_").removeprefix("SAT2_"), value, unit)
             for line, name, value, unit in entries]  # fmt: skip
    return read_flat_message(table, version, _written(table, named, findings), findings)


def _part(name: str) -> int:
    """Which part of a conjunction message a key belongs to: what it says of both comes first."""
    if name.startswith("SAT1_"):
        return 1
    if name.startswith("SAT2_"):
        return 2
    return 3 if name.startswith("USER_DEFINED_") else 0


def _entries(record: JsonObject, lines: KeyLines) -> Iterator[tuple[int, str, str, str]]:
    """Line, name, value and unit of each key of a flat object; null says nothing."""
    units = {key.removesuffix("_UNIT"): value for key, value in record.pairs if _is_unit(key)}
    fractions = {
        key.removesuffix("_FRACTION"): value
        for key, value in record.pairs
        if key.endswith("_FRACTION") and isinstance(value, str)
    }
    names = {key for key, _ in record.pairs}
    for key, value in record.pairs:
        line = lines.line(key)
        base = key.removesuffix("_UNIT").removesuffix("_FRACTION")
        if value is None or VERSION_KEY.fullmatch(key) or (base != key and base in names):
            continue
        for one in value if isinstance(value, list) else [value]:
            unit = units.get(key)
            text = _fractioned(_text(one), fractions.get(key, ""))
            yield line, _AGAIN.sub("", key), text, unit if isinstance(unit, str) else ""


def _is_unit(key: str) -> bool:
    return key.endswith("_UNIT")


def _text(value: object) -> str:
    if isinstance(value, str):
        return one_line(value)
    return "" if value is None else json.dumps(value, default=lambda _: "an object")


def _fractioned(text: str, fraction: str) -> str:
    """Space-Track's time with a blank in it, whose fraction of a second stands under a key."""
    spaced = _SPACED_TIME.fullmatch(text)
    if spaced is None:
        return text
    time = f"{spaced[1]}T{spaced[2]}"
    if not fraction.isdecimal() or "." in time or len(fraction) > 6:
        return time
    digits = 3 if int(fraction) < _MILLISECONDS_END else 6
    return f"{time}.{int(fraction):0{digits}}"


def _written(
    table: MessageTable, entries: list[tuple[int, str, str, str]], findings: Findings
) -> Iterator[tuple[int, str, str]]:
    """Entries as keyword = value notation has them; keys of no table are told."""
    scope = scope_of(table)
    for line, name, value, unit in entries:
        place = scope.places.get(name) or scope.place(name, ())
        if name == "COMMENT" or (place is None and name.startswith("COMMENT_")):
            yield line, "COMMENT", value
        elif place is None:
            findings.warn(line, name, f"a keyword of the {table.kind.upper()}", "another key")
        elif unit and place.slot.keyword.kind in (Kind.NUMBER, Kind.VECTOR):
            yield line, name, f"{value} [{unit}]"
        else:
            yield line, name, value


def _element(name: str, value: object, lines: KeyLines, depth: int) -> Element:
    """What XML would have in place of a key and its value."""
    line = lines.line(name) if depth else 1
    if depth > _DEEPEST:
        raise FormatError(line, name, f"at most {_DEEPEST} levels", "more")
    element = Element(line, name, {})
    if not isinstance(value, JsonObject):
        element.text = _text(value)
        return element
    pairs = dict(value.pairs)
    if pairs.keys() == {"value", "units"}:
        element.text, element.attributes["units"] = _text(pairs["value"]), _text(pairs["units"])
        return element
    for key, inner in value.pairs:
        if inner is not None:
            several = inner if isinstance(inner, list) else [inner]
            name = _AGAIN.sub("", key)
            element.children += [_element(name, one, lines, depth + 1) for one in several]
    return element
