"""Orbit Ephemeris Messages (CCSDS 502.0, versions 1.0 to 3.0), in KVN and XML."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError
from skypact.formats.ccsds.oem_assembly import ephemerides_of
from skypact.formats.ccsds.oem_kvn import read_kvn
from skypact.formats.ccsds.oem_xml import read_xml
from skypact.records.marks import DataMode

if TYPE_CHECKING:
    from typing import BinaryIO

    from skypact.formats.ccsds.oem_parts import RawMessage
    from skypact.records.ephemeris import Ephemeris

MOST_BYTES = 1 << 28  # about two million states


@dataclass(frozen=True, kw_only=True)
class OemReading:
    """What a file gave: one ephemeris per object, and what is wrong with the rest.

    `faults` break the standard: a segment whose states are in doubt is left out whole, a
    covariance in doubt is left out alone, a header in doubt leaves nothing out. `warnings`
    were repaired or can be lived with. Both are in the order of the file.
    """

    ephemerides: tuple[Ephemeris, ...]
    faults: tuple[FormatError, ...]
    warnings: tuple[FormatError, ...]


def read_oem(
    stream: BinaryIO,
    *,
    source: str,
    strict: bool = False,
    data_mode: DataMode = DataMode.REAL,
) -> OemReading:
    """Read an OEM, gzipped or not; KVN and XML are told apart by their first character.

    `source` goes into the marks of what is read. With `strict` the first fault is raised.

    Raises:
        FormatError: the file as a whole cannot be read (empty, larger than 256 MiB, no OEM,
            XML with a document type), or any fault if `strict`.
    """
    content = _content(stream)
    warnings: list[FormatError] = []
    faults: list[FormatError] = []
    ephemerides: list[Ephemeris] = []
    for message in _messages(content, warnings):
        ephemerides += ephemerides_of(
            message, source=source, data_mode=data_mode, warnings=warnings
        )
        faults += message.faults
    faults.sort(key=lambda fault: fault.line or 1 << 60)
    if strict and faults:
        raise faults[0]
    return OemReading(
        ephemerides=tuple(ephemerides), faults=tuple(faults), warnings=tuple(warnings)
    )


def _messages(content: bytes, warnings: list[FormatError]) -> list[RawMessage]:
    if content.lstrip()[:1] == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return read_xml(content)
    text = _text(content, warnings)
    if "CCSDS_OEM_VERS" not in text:
        found = text.strip().partition("\n")[0][:60].strip()
        raise FormatError(1, "CCSDS_OEM_VERS", "an Orbit Ephemeris Message", repr(found))
    return [read_kvn(text)]


def _content(stream: BinaryIO) -> bytes:
    content = stream.read(MOST_BYTES + 1)
    if content[:2] == b"\x1f\x8b":
        content = _unzipped(content)
    if len(content) > MOST_BYTES:
        raise FormatError(0, "file", f"at most {MOST_BYTES} bytes", "more")
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        raise FormatError(0, "file", "an Orbit Ephemeris Message", "nothing")
    return content


def _unzipped(content: bytes) -> bytes:
    import io

    try:
        return gzip.GzipFile(fileobj=io.BytesIO(content)).read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(0, "file", "a whole gzip file", str(error)) from None


def _text(content: bytes, warnings: list[FormatError]) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x}"
        warnings.append(FormatError(line, "encoding", "ASCII or UTF-8", f"{found}, as Latin-1"))
        return content.decode("latin-1")
