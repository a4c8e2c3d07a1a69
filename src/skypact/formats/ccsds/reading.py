"""Files of navigation messages, whichever they are and however they are spelled."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError
from skypact.formats.ccsds.completeness import find_missing
from skypact.formats.ccsds.json_messages import (
    VERSION_KEY,
    KeyLines,
    read_json_message,
    read_objects,
)
from skypact.formats.ccsds.kvn_messages import read_kvn_message
from skypact.formats.ccsds.message import Findings, Message
from skypact.formats.ccsds.registry import TABLES
from skypact.formats.ccsds.xml import read_tree
from skypact.formats.ccsds.xml_messages import read_xml_message
from skypact.formats.incoming import Unpacked, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from skypact.formats.ccsds.json_messages import JsonObject
    from skypact.formats.ccsds.tables import MessageTable
    from skypact.formats.ccsds.xml import Element

MOST_BYTES = 1 << 28  # about two million states
_MOST_MESSAGES = 100_000  # in a file; each takes some kilobytes, even one that is empty
_ATTITUDES = ("aem", "apm", "acm")
NOT_READ = "an attitude message, not read"
_VERSION = re.compile(r"[ \t]*(CCSDS|TRACSS)_([A-Z]{3})_VERS[ \t]*=[ \t]*(\S*)[^\n]*\n?")
_VERSION_BYTES = re.compile(
    rb"(?:(?<=[\r\n])|\A(?:\xef\xbb\xbf)?)[ \t]*(?:CCSDS|TRACSS)_[A-Z]{3}_VERS[ \t]*="
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_AHEAD = re.compile(r"^[ \t]*(?!COMMENT\b)\S[^\n]*", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class MessagesReading:
    """What a file gave: its messages in order, each with its own findings.

    `faults` and `warnings` are those of the file as a whole followed by those of all messages,
    by line; a message that has faults of its own is still there, as far as it could be read.
    """

    messages: tuple[Message, ...]
    faults: tuple[FormatError, ...]
    warnings: tuple[FormatError, ...]


def read_messages(stream: BinaryIO, *, max_bytes: int = MOST_BYTES) -> MessagesReading:
    """Every message of a file in keyword = value notation, XML or JSON, gzipped or not.

    One bad message leaves the others as they are.

    Raises:
        FormatError: nothing here is a message, it is longer than `max_bytes`, or XML or JSON
            that is not well-formed.
    """
    messages, findings = parse_messages(stream, max_bytes=max_bytes)
    for message in messages:
        for rule in message.table.rules:
            rule(message, message.findings)
    return gathered(messages, findings)


def parse_messages(
    stream: BinaryIO, *, max_bytes: int = MOST_BYTES
) -> tuple[list[Message], Findings]:
    """The messages of a file before the rules of their tables, and findings of the file as such.

    Raises:
        FormatError: as `read_messages`.
    """
    content, findings = _content(stream, max_bytes), Findings()
    messages = list(islice(_messages(content, findings), _MOST_MESSAGES + 1))
    if len(messages) > _MOST_MESSAGES:
        raise FormatError(0, "file", f"at most {_MOST_MESSAGES:,} messages", "more")
    if not messages and not findings.faults and not findings.warnings:
        raise FormatError(0, "file", "a CCSDS navigation message", _beginning(content))
    return messages, findings


def gathered(messages: list[Message], findings: Findings) -> MessagesReading:
    """Messages with all findings, by line."""
    every = [findings, *(message.findings for message in messages)]
    return MessagesReading(
        messages=tuple(messages),
        faults=_by_line(fault for one in every for fault in one.faults),
        warnings=_by_line(warning for one in every for warning in one.warnings),
    )


def _by_line(findings: Iterator[FormatError]) -> tuple[FormatError, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line or 1 << 60))


def _content(stream: BinaryIO, max_bytes: int) -> bytes:
    try:
        unpacked, chunks, size = Unpacked(stream), list[bytes](), 0
        for chunk in unpacked:
            chunks.append(chunk)
            size += len(chunk)
            if size > max_bytes:
                raise FormatError(0, "file", f"at most {max_bytes:,} bytes", "more")
    except FormatError as error:
        if error.field != "gzip":
            raise
        raise FormatError(0, "file", "a whole gzip file", error.found) from None
    if unpacked.is_cut_short:
        found = f"its end after {size:,} bytes"
        raise FormatError(0, "file", "a whole gzip file", found)
    return b"".join(chunks)


def _beginning(content: bytes) -> str:
    """The first line that is not blank, cut: a whole one may be the whole file."""
    lines = content[:1000].strip().splitlines()
    return repr(lines[0][:40].decode("latin-1")) if lines else "nothing"


def _messages(content: bytes, findings: Findings) -> Iterator[Message]:
    begin = content[:64].lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n")[:1]
    if begin == b"<":
        yield from _xml_messages(content, findings)
        return
    text, odd = decoded(content)
    findings.warnings += odd
    if begin in (b"{", b"["):
        yield from _json_messages(text, findings)
        return
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    yield from _kvn_messages(text, content, findings)


def _kvn_messages(text: str, content: bytes, findings: Findings) -> Iterator[Message]:
    """Messages one after the other, each from its version line on."""
    starts = _version_lines(text)
    if starts and (ahead := _AHEAD.search(text, 0, starts[0].start())):
        line = text.count("\n", 0, ahead.start()) + 1
        found = repr(ahead[0].strip()[:40])
        findings.fault(line, "file", "CCSDS_…_VERS in the first line", found)
    own = _pieces(content, len(starts))
    line, position = 1, 0
    for number, start in enumerate(starts):
        stop = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        line += text.count("\n", position, start.start())
        position = start.start()
        if start[2].lower() not in TABLES:
            findings.fault(line, start[0].strip(), f"one of {', '.join(TABLES)}", "another")
            continue
        body = text if len(starts) == 1 else text[start.end() : stop]
        first = start.end() if len(starts) == 1 else 0
        yield _kvn_message(start, line, body, first, own[number])


def _pieces(content: bytes, count: int) -> list[bytes]:
    """The bytes of each of `count` messages; all of them for each if they cannot be told apart."""
    starts = [start.start() for start in _VERSION_BYTES.finditer(content)] if count > 1 else []
    if len(starts) != count:  # UTF-16, or only one
        return [content] * count
    return [content[begin:end] for begin, end in pairwise([*starts, len(content)])]


def _version_lines(text: str) -> list[re.Match[str]]:
    """The lines that messages begin with; from the end, where Python searches fastest."""
    found, position = list[re.Match[str]](), text.rfind("_VERS")
    while position >= 0 and len(found) <= _MOST_MESSAGES:
        begin = text.rfind("\n", 0, position) + 1
        line = _VERSION.match(text, begin)
        if line:
            found.append(line)
        position = text.rfind("_VERS", 0, begin) if begin else -1
    return found[::-1]


def _kvn_message(start: re.Match[str], line: int, text: str, first: int, content: bytes) -> Message:
    """The message whose version line is `start` and that goes on in `text` from `first` on."""
    findings = Findings()
    table = _table(start[1], start[2].lower(), start[3], line, findings)
    root = read_kvn_message(table, start[3], line + 1, text, first, findings)
    return _checked(Message(table, start[3], line, root, findings, content, start[1]))


def _json_messages(text: str, findings: Findings) -> Iterator[Message]:
    objects, lines = read_objects(text, _MOST_MESSAGES + 1), KeyLines(text)
    for record in objects:
        versions = [(VERSION_KEY.fullmatch(key), value) for key, value in record.pairs]
        stated = next(((key, value) for key, value in versions if key), None)
        if stated is None or stated[0][2].lower() not in TABLES:
            line = lines.line(record.pairs[0][0]) if record.pairs else 1
            expected = f"CCSDS_…_VERS of one of {', '.join(TABLES)}"
            findings.fault(line, "message", expected, "none")
        else:
            own = text[slice(*record.span)].encode()
            yield _json_message(stated[0], str(stated[1]), record, lines, own)


def _json_message(
    key: re.Match[str], version: str, record: JsonObject, lines: KeyLines, content: bytes
) -> Message:
    findings = Findings()
    line = lines.line(record.pairs[0][0])
    table = _table(key[1], key[2].lower(), version, line, findings)
    root = read_json_message(table, version, record, lines, findings)
    return _checked(Message(table, version, line, root, findings, content, key[1]))


def _xml_messages(content: bytes, findings: Findings) -> Iterator[Message]:
    content = content.removeprefix(b"\xef\xbb\xbf")
    root = read_tree(content)
    elements = root.children if root.name == "ndm" else [root]
    if not elements:
        findings.warn(root.line, "ndm", "at least one message", "none")
    for element in elements:
        if element.name in TABLES:
            is_alone = root is element or content.startswith(_UTF_16)
            own = content if is_alone else content[slice(*element.span)]
            yield _xml_message(element, own)
        elif element.name in _ATTITUDES:
            expected = f"one of {', '.join(TABLES)}"
            findings.warn(element.line, element.name, expected, NOT_READ)
        elif element.name not in ("COMMENT", "MESSAGE_ID", "CREATION_DATE", "ORIGINATOR"):
            expected = f"one of {', '.join(TABLES)}"
            findings.fault(element.line, element.name, expected, "another message")


def _xml_message(element: Element, content: bytes) -> Message:
    findings = Findings()
    version = element.attributes.get("version", "").strip()
    stated = element.attributes.get("id", "nothing")
    family = "TRACSS" if stated.startswith("TRACSS_") else "CCSDS"
    wanted = f"{family}_{element.name.upper()}_VERS"
    if stated != wanted:
        findings.fault(element.line, "id", wanted, stated[:40])
    table = _table(family, element.name, version, element.line, findings)
    root = read_xml_message(table, version, element, findings)
    return _checked(Message(table, version, element.line, root, findings, content, family))


def _table(family: str, kind: str, version: str, line: int, findings: Findings) -> MessageTable:
    """The table of a kind; a version is CCSDS's to number unless the message says otherwise."""
    table = TABLES[kind]
    if family == "CCSDS" and version not in table.versions:
        expected = f"version {' or '.join(table.versions)}"
        findings.fault(line, f"CCSDS_{kind.upper()}_VERS", expected, repr(version[:40]))
    return table


def _checked(message: Message) -> Message:
    find_missing(message.root, message.findings)
    return message
