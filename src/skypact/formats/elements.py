"""Element sets from any of the forms in which the world hands them around."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from skypact.base.errors import FormatError
from skypact.formats.identify import ELEMENT_KINDS, described, kind_of
from skypact.formats.incoming import read_text
from skypact.formats.omm import interpret
from skypact.formats.omm_csv import read_csv, write_omm_csv
from skypact.formats.omm_json import read_json
from skypact.formats.omm_kvn import read_kvn
from skypact.formats.omm_xml import read_xml
from skypact.formats.tle import read_tle
from skypact.records.elements import Elements
from skypact.records.marks import DataMode, Marks

if TYPE_CHECKING:
    from typing import BinaryIO

    import numpy.typing as npt

    from skypact.formats.omm import Columns

    Integers = npt.NDArray[np.int64]

__all__ = ["MAX_BYTES", "Reading", "read_elements", "write_omm_csv"]

MAX_BYTES = 256 * 2**20  # unpacked: Space-Track's wordiest form of three times today's catalogue

_READERS = {
    "tle": read_tle,
    "3le": read_tle,
    "omm-csv": read_csv,
    "omm-json": read_json,
    "omm-kvn": read_kvn,
    "omm-xml": read_xml,
}
_FAR_S = 365.25 * 86400.0


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The element sets of one file, and what was wrong with the others.

    `elements` holds the good records in file order; `faults` the records that cannot be
    used and `warnings` the oddities of records that are, both by line. `kind` is `tle`,
    `3le`, `omm-csv`, `omm-json`, `omm-xml` or `omm-kvn`.
    """

    elements: Elements
    faults: tuple[FormatError, ...]
    kind: str
    warnings: tuple[FormatError, ...]


def read_elements(
    stream: BinaryIO, *, source: str, strict: bool = False, max_bytes: int = MAX_BYTES
) -> Reading:
    """Element sets from TLE, 3LE or OMM (CSV, JSON, XML, KVN), gzipped or not.

    The form is told by the content. A bad record becomes a fault and the others are used;
    with `strict` the first fault is raised. Two sets of one object and epoch are kept, with
    a warning, unless they say the same: then the first is kept. An epoch a year or more
    behind all others is warned of. `skypact.formats.omm` tells the conventions, `tle` the
    pivot of two-digit years. Nothing longer than `max_bytes` (unpacked) is held in memory.

    `marks.source` is `source`; so is the originator unless all records state one and the same.

    Raises:
        FormatError: nothing here is an element set, the file is longer than `max_bytes`, its
            data modes are mixed, or `strict`.
    """
    incoming = read_text(stream, max_bytes)
    kind, _ = kind_of(incoming.text)
    if kind not in ELEMENT_KINDS:
        begins = f"; it begins {_first_line(incoming.text)!r}" if incoming.text else ""
        raise FormatError(0, "file", "element sets (TLE, 3LE or OMM)", described(kind) + begins)
    parts = [interpret(records) for records in _READERS[kind](incoming.text)]
    faults = sorted((fault for part in parts for fault in part.faults), key=_line)
    if strict and faults:
        raise faults[0]
    lines = np.concatenate([part.lines for part in parts])
    if not len(lines) and not faults:
        raise FormatError(0, "file", "at least one element set", f"none: {described(kind)}")
    elements = _table(parts, lines, source)
    kept, repeated = _without_repetitions(elements, lines)
    warnings = [*incoming.warnings, *(warning for part in parts for warning in part.warnings)]
    warnings += [*repeated, *_far_ahead(elements, lines)]
    return Reading(
        elements=elements if len(kept) == len(elements) else elements[kept],
        faults=tuple(faults),
        kind=kind,
        warnings=tuple(sorted(warnings, key=_line)),
    )


def _line(finding: FormatError) -> int:
    return finding.line


def _table(parts: list[Columns], lines: Integers, source: str) -> Elements:
    names = [field.name for field in fields(Elements) if field.name != "marks"]
    columns: dict[str, Any] = {
        name: np.concatenate([part.columns[name] for part in parts]) for name in names
    }
    originators = frozenset[str]().union(*(part.originators for part in parts))
    originator = next(iter(originators)) if len(originators) == 1 else ""
    mode = _one_mode(np.concatenate([part.modes for part in parts]), lines)
    return Elements(
        marks=Marks(originator=originator or source, source=source, data_mode=mode), **columns
    )


def _one_mode(modes: npt.NDArray[Any], lines: Integers) -> DataMode:
    if not len(modes):
        return DataMode.REAL
    others = np.flatnonzero(modes != modes[0])
    if len(others):
        row = others[0]
        expected = f"one data mode, {modes[0]} as in line {lines[0]}"
        raise FormatError(int(lines[row]), "DATA_MODE", expected, str(modes[row]))
    return DataMode(str(modes[0]))


def _without_repetitions(elements: Elements, lines: Integers) -> tuple[Integers, list[FormatError]]:
    """Rows to keep, and a warning for each set whose object and epoch were there before."""
    order = np.lexsort((elements.epoch_utc, elements.norad_id))
    norad_id, epoch = elements.norad_id[order], elements.epoch_utc[order]
    again = np.flatnonzero((norad_id[1:] == norad_id[:-1]) & (epoch[1:] == epoch[:-1])) + 1
    dropped, warnings = list[int](), []
    firsts: dict[tuple[str, ...], int] = {}
    for row, before in zip(order[again].tolist(), order[again - 1].tolist(), strict=True):
        firsts.setdefault(_spelling(elements, before), before)
        twin = firsts.setdefault(_spelling(elements, row), row)
        if twin == row:
            found = f"another than in line {lines[before]}; both are kept"
        else:
            dropped.append(row)
            found = f"the same as in line {lines[twin]}; one is kept"
        expected = f"one element set for each epoch of object {elements.norad_id[row]}"
        warnings.append(FormatError(int(lines[row]), "EPOCH", expected, found))
    rows = np.arange(len(elements))
    return rows[~np.isin(rows, dropped)] if dropped else rows, warnings


def _spelling(elements: Elements, row: int) -> tuple[str, ...]:
    """A row as text, in which NaN equals NaN."""
    return tuple(repr(column[row]) for column in elements.columns().values())


def _far_ahead(elements: Elements, lines: Integers) -> list[FormatError]:
    """Epochs behind a gap of a year that follows the middle of all epochs: a wrong year."""
    if len(elements) < 2:
        return []
    epochs = np.sort(elements.epoch_utc)
    middle = (len(epochs) - 1) // 2
    gaps_s = np.diff(epochs[middle:]).astype(np.int64) / 1e9
    if not (gaps_s > _FAR_S).any():
        return []
    latest = epochs[middle + int(np.argmax(gaps_s > _FAR_S))]
    return [
        FormatError(
            int(lines[row]), "EPOCH", f"an epoch near the others, up to {latest}",
            f"{elements.epoch_utc[row]} of object {elements.norad_id[row]}; it is kept",
        )
        for row in np.flatnonzero(elements.epoch_utc > latest).tolist()
    ]  # fmt: skip


def _first_line(text: str) -> str:
    lines = text[:1000].strip().splitlines()
    return lines[0][:40] if lines else ""
