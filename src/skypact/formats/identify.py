"""What a file is, by its content and never by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.formats.incoming import Unpacked, decoded
from skypact.formats.tle import is_data_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_HEAD = 1 << 16  # bytes or characters that tell; comments in front are shorter
_COUNTED = 1 << 30  # bytes, unpacked; a file that is longer is not read to its end
_SPELLINGS = {"kvn": "keyword = value notation", "xml": "XML", "json": "JSON"}
_MESSAGES = {
    "omm": "Orbit Mean-elements Messages",
    "oem": "Orbit Ephemeris Message",
    "opm": "Orbit Parameter Message",
    "ocm": "Orbit Comprehensive Message",
    "cdm": "Conjunction Data Message",
    "tdm": "Tracking Data Message",
    "rdm": "Re-entry Data Message",
    "aem": "Attitude Ephemeris Message",
    "apm": "Attitude Parameter Message",
    "acm": "Attitude Comprehensive Message",
}
_OTHERS = {
    "tle": "Two-line element sets",
    "3le": "Two-line element sets with names",
    "omm-csv": "Mean elements under OMM keywords, as comma-separated values",
    "omm-json": "Mean elements under OMM keywords, in JSON",
    "socrates-csv": "Close approaches in the columns of SOCRATES",
    "conjunctions-csv": "Close approaches as Skypact writes them, as comma-separated values",
    "conjunctions-json": "Close approaches as Skypact writes them, in JSON",
    "screening-json": "A screening as Skypact writes it: close approaches and what was screened",
    "parquet": "A Parquet table",
    "ndm-xml": "A combined navigation message in XML",
    "html": "A web page, perhaps a source's error message",
    "zip": "A ZIP archive; unpack it first",
    "empty": "Nothing: the file is empty",
    "unknown": "Nothing that Skypact knows",
}
ELEMENT_KINDS = ("tle", "3le", "omm-csv", "omm-json", "omm-xml", "omm-kvn")

# What each record has once; the header line of a CSV is taken off again.
_MARKS = {
    "omm-csv": rb"\n[^\r\n]",
    "socrates-csv": rb"\n[^\r\n]",
    "conjunctions-csv": rb"\n[^\r\n]",
    "conjunctions-json": rb'"primary_norad_id"',
    "screening-json": rb'"primary_norad_id"',
    "omm-json": rb'"MEAN_MOTION"',
    "tle": rb"[\r\n]2 [ \dA-Z][ \d]{3}\d ",
    "3le": rb"[\r\n]2 [ \dA-Z][ \d]{3}\d ",
    "xml": rb"</(?:[\w.-]+:)?%s>",
    "kvn": rb"(?:CCSDS|TRACSS)_%s_VERS",
    "json": rb'"(?:CCSDS|TRACSS)_%s_VERS"',
}


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """What a file holds, and how it is spelled.

    `kind` is as in `Reading.kind`, or `oem-kvn`, `cdm-xml`, `socrates-csv`, `parquet`, …,
    `unknown`; `description` says it to people; `version` is the standard's where the file
    states it; `records` counts element sets or messages, None where counting is not cheap;
    `is_cut_short` says that a gzip stream ends early.
    """

    kind: str
    description: str
    version: str | None = None
    records: int | None = None
    is_gzipped: bool = False
    is_cut_short: bool = False


def identify(stream: BinaryIO) -> FileKind:
    """Read a stream once, in little memory, and say what it is.

    Raises:
        FormatError: a gzip layer that is damaged.
    """
    unpacked = Unpacked(stream)
    chunks = iter(unpacked)
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD:
            break
    kind, version = _kind_of_bytes(head)
    records = _count(kind, head, chunks)
    return FileKind(
        kind=kind,
        description=described(kind),
        version=version,
        records=records,
        is_gzipped=unpacked.is_gzipped,
        is_cut_short=unpacked.is_cut_short,
    )


def described(kind: str) -> str:
    """A kind in words."""
    if kind in _OTHERS:
        return _OTHERS[kind]
    message, _, spelling = kind.partition("-")
    return f"{_MESSAGES[message]} in {_SPELLINGS[spelling]}"


def _kind_of_bytes(head: bytes) -> tuple[str, str | None]:
    if not head:
        return "empty", None
    if head.startswith(b"PAR1"):
        return "parquet", None
    if head.startswith(b"PK\x03\x04"):
        return "zip", None
    return kind_of(decoded(head)[0].replace("\r\n", "\n").replace("\r", "\n"))


def kind_of(text: str) -> tuple[str, str | None]:
    """Kind and stated version of a text, by its first 65,536 characters."""
    head = text[:_HEAD].lstrip("\ufeff \t\n")
    if not head:
        return "empty", None
    if head[0] == "<":
        return _kind_of_xml(head)
    if head[0] in "[{":
        return _kind_of_json(head)
    return _kind_of_lines(head)


_NAMES = "|".join(_MESSAGES)
_XML_MESSAGE = re.compile(rf"<(?:[\w.-]+:)?({_NAMES})\b([^>]*)")
_XML_VERSION = re.compile(r"""\bversion\s*=\s*["']([^"']*)""")
_JSON_MESSAGE = re.compile(rf'"(?:CCSDS|TRACSS)_({_NAMES})_VERS"\s*:\s*"?([\w.]*)', re.IGNORECASE)
_KVN_MESSAGE = re.compile(rf"\s*(?:CCSDS|TRACSS)_({_NAMES})_VERS\s*=\s*(\S*)", re.IGNORECASE)


def _kind_of_xml(head: str) -> tuple[str, str | None]:
    message = _XML_MESSAGE.search(head)
    if message:
        version = _XML_VERSION.search(message[2])
        return f"{message[1]}-xml", version[1] if version else None
    if re.search(r"<(?:[\w.-]+:)?ndm\b", head):
        return "ndm-xml", None
    is_page = re.search(r"<html\b|<!doctype html", head, re.IGNORECASE)
    return ("html" if is_page else "unknown"), None


def _kind_of_json(head: str) -> tuple[str, str | None]:
    message = _JSON_MESSAGE.search(head)
    if message:
        return f"{message[1].lower()}-json", message[2]
    if '"certificate"' in head and '"marks"' in head:
        return "screening-json", None
    if '"primary_norad_id"' in head:
        return "conjunctions-json", None
    return ("omm-json" if '"MEAN_MOTION"' in head else "unknown"), None


def _kind_of_lines(head: str) -> tuple[str, str | None]:
    lines = [line.strip() for line in head.split("\n")]
    told = [line for line in lines if line and not line.startswith(("#", "COMMENT"))]
    message = _KVN_MESSAGE.match(told[0]) if told else None
    if message:
        return f"{message[1].lower()}-kvn", message[2]
    header = {name.strip(' "').upper() for name in told[0].split(",")} if told else set()
    if {"NORAD_CAT_ID_1", "NORAD_CAT_ID_2", "TCA"} <= header:
        return "socrates-csv", None
    if {"PRIMARY_NORAD_ID", "SECONDARY_NORAD_ID"} <= header:
        return "conjunctions-csv", None
    if {"NORAD_CAT_ID", "EPOCH"} <= header:
        return "omm-csv", None
    if any(re.match(r"MEAN_MOTION\s*=", line) for line in told):
        return "omm-kvn", None
    is_data = [is_data_line(line) for line in told]
    if not any(is_data):
        return "unknown", None
    return ("tle" if all(is_data) else "3le"), None


def _count(kind: str, head: bytes, chunks: Iterator[bytes]) -> int | None:
    """Records by their marks, each chunk joined to the end of the one before."""
    message, _, spelling = kind.partition("-")
    mark = _MARKS.get(kind) or _MARKS.get(spelling)
    if mark is None or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    if b"%s" in mark:
        mark %= (message if spelling == "xml" else message.upper()).encode()
    pattern = re.compile(mark)
    total, seen, rest, chunk = -kind.endswith("csv"), 0, b"\n", head
    while chunk:
        joined = rest + chunk
        end = 0
        for match in pattern.finditer(joined):
            total, end = total + 1, match.end()
        rest = joined[max(end, len(joined) - 64) :]
        seen += len(chunk)
        if seen > _COUNTED:
            return None
        chunk = next(chunks, b"")
    return total
