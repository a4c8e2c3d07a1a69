"""Tables of the hard-body radii of catalogued objects, as NASA publishes one.

A CSV file with a header; of its columns these count, in any order:

    ObjectID    catalogue number
    HBR         radius in metres; empty: not known
    HBRSigma    its one-sigma error in metres; may be missing or empty
    HBRSource   where it comes from; may be missing

Source: NASA CARA, distribution README of the hard-body-radius and mass estimates (2026).
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError
from skypact.formats.incoming import pieces, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_MAX_BYTES = 256 * 2**20
_OBLIGATORY = ("ObjectID", "HBR")
_LONGEST_NUMBER = 9
_WIDEST_M = 1000.0  # ten times the space station's, and a table in centimetres is noticed


@dataclass(frozen=True, kw_only=True)
class HardBodyRadius:
    """One object's radius; `sigma_m` is NaN where its error is not stated."""

    radius_m: float
    sigma_m: float
    source: str


@dataclass(frozen=True, kw_only=True)
class HardBodyRadii:
    """The radii of a table by catalogue number, and what was wrong with other lines.

    `unknown` counts the objects that the table lists without a radius.
    """

    radii: dict[int, HardBodyRadius]
    unknown: int
    faults: tuple[FormatError, ...]


def read_hard_body_radii(stream: BinaryIO) -> HardBodyRadii:
    """Radii by catalogue number, gzipped or not. A bad line becomes a fault; others are used.

    Of several lines of one object the first is used, the others are faults.

    Raises:
        FormatError: no header with the obligatory columns, or more than 256 MiB.
    """
    lines = _lines(read_text(stream, _MAX_BYTES).text)
    header = _header(*next(lines, (0, [])))
    found: dict[int, HardBodyRadius | None] = {}
    faults = list[FormatError]()
    for line, cells in lines:
        try:
            number, radius = _record(line, dict(zip(header, cells, strict=False)))
            if number in found:
                raise FormatError(line, "ObjectID", "each object once", f"{number} again")
            found[number] = radius
        except FormatError as fault:
            faults.append(fault)
    radii = {number: radius for number, radius in found.items() if radius}
    return HardBodyRadii(radii=radii, unknown=len(found) - len(radii), faults=tuple(faults))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has any, with its number."""
    for first, lines in pieces(text):
        for line, written in enumerate(lines, start=first):
            if written.strip():
                # Line by line: a stray quote cannot swallow what follows.
                cells = next(csv.reader([written])) if '"' in written else written.split(",")
                yield line, [cell.strip() for cell in cells]


def _header(line: int, cells: list[str]) -> list[str]:
    for name in _OBLIGATORY:
        if cells.count(name) != 1:
            found = f"{cells.count(name)} of them"
            raise FormatError(line, name, "a header with one column of this name", found)
    return cells


def _record(line: int, row: dict[str, str]) -> tuple[int, HardBodyRadius | None]:
    written = row.get("ObjectID", "")
    if not (written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER):
        raise FormatError(line, "ObjectID", "a catalogue number", repr(written))
    radius_m = _metres(line, "HBR", row)
    sigma_m = _metres(line, "HBRSigma", row)
    if math.isnan(radius_m):
        return int(written), None
    if not 0.0 < radius_m <= _WIDEST_M:
        raise FormatError(line, "HBR", f"above 0 and at most {_WIDEST_M:g} m", f"{radius_m:g}")
    source = row.get("HBRSource", "")
    return int(written), HardBodyRadius(radius_m=radius_m, sigma_m=sigma_m, source=source)


def _metres(line: int, name: str, row: dict[str, str]) -> float:
    written = row.get(name, "")
    try:
        metres = float(written or math.nan)
    except ValueError:
        raise FormatError(line, name, "metres", repr(written)) from None
    if metres < 0.0:
        raise FormatError(line, name, "zero metres or more", written)
    return metres
