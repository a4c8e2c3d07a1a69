"""Orbit Ephemeris Messages (CCSDS 502.0, versions 1.0 to 3.0), in KVN and XML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError
from skypact.formats.ccsds.oem_assembly import ephemerides_of
from skypact.formats.ccsds.reading import gathered, parse_messages
from skypact.records.marks import DataMode

if TYPE_CHECKING:
    from typing import BinaryIO

    from skypact.formats.ccsds.message import Findings, Message
    from skypact.records.ephemeris import Ephemeris


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
    """Read an OEM in keyword = value notation, XML or JSON, gzipped or not.

    `source` goes into the marks of what is read. With `strict` the first fault is raised.

    Raises:
        FormatError: the file as a whole cannot be read (empty, larger than 256 MiB, no OEM,
            XML with a document type), or any fault if `strict`.
    """
    messages, findings = parse_messages(stream)
    ephemerides: list[Ephemeris] = []
    found = [message for message in messages if message.kind == "oem"]
    if not found:
        raise _another(messages, findings)
    for message in found:
        ephemerides += ephemerides_of(message, message.findings, source=source, data_mode=data_mode)
    reading = gathered(messages, findings)
    if strict and reading.faults:
        raise reading.faults[0]
    return OemReading(
        ephemerides=tuple(ephemerides), faults=reading.faults, warnings=reading.warnings
    )


def _another(messages: list[Message], findings: Findings) -> FormatError:
    """Why a file that holds no ephemeris is refused."""
    expected = "an Orbit Ephemeris Message"
    if messages:
        first = messages[0]
        is_xml = first.content.lstrip()[:1] == b"<"
        name = first.kind if is_xml else "CCSDS_OEM_VERS"
        return FormatError(first.line, name, expected, f"a message of kind {first.kind.upper()}")
    fault = (findings.faults + findings.warnings)[0]
    return FormatError(fault.line, fault.field, expected, fault.found)
