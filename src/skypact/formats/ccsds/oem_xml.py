"""OEM in XML, alone or within a combined message (`ndm`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import FormatError
from skypact.formats.ccsds.fields import by_keyword
from skypact.formats.ccsds.kvn import Pair
from skypact.formats.ccsds.oem_parts import (
    COVARIANCE,
    STATE,
    STATE_UNITS,
    TRIANGLE,
    TRIANGLE_UNITS,
    RawCovariance,
    RawMessage,
    RawSegment,
)
from skypact.formats.ccsds.rows import TimedRows, number
from skypact.formats.ccsds.xml import read_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from skypact.formats.ccsds.xml import Element

    Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def read_xml(content: bytes) -> list[RawMessage]:
    """The parts of every OEM in the document.

    Raises:
        FormatError: no OEM is in it, or it is not XML as messages use it.
    """
    root = read_tree(content)
    found = [_message(element) for element in root.everywhere("oem")]
    if not found:
        raise FormatError(root.line, root.name, "an element named oem", "none")
    return found


def _message(oem: Element) -> RawMessage:
    message = RawMessage()
    version = oem.attributes.get("version", "")
    message.header.append(Pair(oem.line, oem.attributes.get("id", "CCSDS_OEM_VERS"), version))
    for header in oem.named("header"):
        message.header += _pairs(header)
        message.comments += _comments(header)
    for body in oem.named("body"):
        message.segments += [_segment(part, message.faults) for part in body.named("segment")]
    return message


def _segment(element: Element, faults: list[FormatError]) -> RawSegment:
    segment = RawSegment(element.line)
    for metadata in element.named("metadata"):
        segment.metadata += _pairs(metadata)
        segment.comments += _comments(metadata)
    for body in element.named("data"):
        segment.comments += _comments(body)
        for child in body.children:
            if child.name not in ("COMMENT", "stateVector", "covarianceMatrix"):
                expected = "stateVector or covarianceMatrix"
                faults.append(FormatError(child.line, child.name, expected, "another element"))
                segment.broken = True
        try:
            segment.states.append(_states(list(body.named("stateVector"))))
        except FormatError as fault:
            faults.append(fault)
            segment.broken = True
        for matrix in body.named("covarianceMatrix"):
            _take_covariance(matrix, segment, faults)
    return segment


def _states(vectors: list[Element]) -> TimedRows:
    rows = []
    for vector in vectors:
        found = {child.name: child for child in vector.children if child.name != "COMMENT"}
        unknown = [name for name in found if name not in ("EPOCH", *STATE)]
        missing = [name for name in ("EPOCH", *STATE[:6]) if name not in found]
        if unknown or missing or len(found) not in (7, 10):
            expected = "EPOCH, X … Z_DOT and all or none of X_DDOT … Z_DDOT"
            raise FormatError(vector.line, "stateVector", expected, ", ".join(found) or "nothing")
        rows.append(found)
    values = [
        [_value(row[name], unit) if name in row else np.nan for name, unit in _units()]
        for row in rows
    ]
    lines = np.array([vector.line for vector in vectors], np.int64)
    epochs = [row["EPOCH"].text for row in rows]
    return TimedRows(lines, epochs, np.array(values).reshape(-1, len(STATE)))


def _units() -> Iterable[tuple[str, str]]:
    return zip(STATE, STATE_UNITS, strict=True)


def _take_covariance(matrix: Element, segment: RawSegment, faults: list[FormatError]) -> None:
    pairs = [pair for pair in _pairs(matrix) if pair.keyword not in TRIANGLE]
    known = by_keyword(pairs, COVARIANCE, line=matrix.line, faults=faults)
    try:
        triangle = _triangle(matrix)
    except FormatError as fault:
        faults.append(fault)
    else:
        segment.covariances.append(RawCovariance(matrix.line, known, triangle))


def _triangle(matrix: Element) -> Floats:
    found = {child.name: child for child in matrix.children}
    missing = [name for name in TRIANGLE if name not in found]
    if missing:
        raise FormatError(matrix.line, missing[0], "all 21 elements", f"{len(missing)} missing")
    units = zip(TRIANGLE, TRIANGLE_UNITS, strict=True)
    return np.array([_value(found[name], unit) for name, unit in units])


def _value(element: Element, unit: str) -> float:
    stated = element.attributes.get("units", unit)
    if stated.lower() != unit:
        raise FormatError(element.line, element.name, f"units {unit}", stated)
    return number(element.text, element.line, element.name)


def _pairs(element: Element) -> list[Pair]:
    return [Pair(c.line, c.name, c.text) for c in element.children if c.name != "COMMENT"]


def _comments(element: Element) -> list[str]:
    return [child.text for child in element.named("COMMENT")]
