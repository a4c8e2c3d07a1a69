"""Element sets as a JSON list of objects with OMM keywords, one record's damage kept to itself."""

from __future__ import annotations

import json
import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from skypact.base.errors import FormatError
from skypact.formats.omm import KEYWORDS, Records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skypact.formats.decimals import Value

_Row = msgspec.defstruct(
    "_Row", [(keyword, str | int | float | None, None) for keyword in KEYWORDS], gc=False
)
_RECORD = re.compile(r"(?:^|[\[,\n])\s*(\{)")
_HOPELESS = 100  # broken records in a row


def read_json(text: str) -> Iterator[Records]:
    """All records; numbers may be quoted, as Space-Track does, and null means not stated."""
    try:
        yield _all_at_once(text.encode())
    except (msgspec.DecodeError, RecursionError):
        yield _one_by_one(text)


def _all_at_once(content: bytes) -> Records:
    rows = msgspec.json.decode(content, type=list[_Row])  # type: ignore[valid-type]
    columns = {keyword: list(map(attrgetter(keyword), rows)) for keyword in KEYWORDS}
    if b"\n" not in content:
        return _records([1] * len(rows), columns, [])
    starts, position = [], 0
    for record in msgspec.json.decode(content, type=list[msgspec.Raw]):
        starts.append(content.index(bytes(record), position))
        position = starts[-1] + len(bytes(record))
    return _records(_lines(content, starts), columns, [])


def _one_by_one(text: str) -> Records:
    """Records wherever an object begins: of a list, one a line, or behind a broken one."""
    decoder = json.JSONDecoder()
    starts, rows, faults, failures = [], [], [], 0
    begin = _RECORD.search(text)
    while begin and failures < _HOPELESS:
        start = begin.start(1)
        try:
            record, stop = decoder.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            line, stop, failures = text.count("\n", 0, start) + 1, start + 1, failures + 1
            faults.append(FormatError(line, "record", "a JSON object", str(error)))
        else:
            starts.append(start)
            rows.append(record)
            failures = 0
        begin = _RECORD.search(text, stop)
    if begin:
        found = f"{_HOPELESS} broken ones in a row; the rest is not read"
        faults.append(FormatError(faults[-1].line, "file", "records", found))
    # Latin-1 has one byte for each character, so that offsets into the text hold.
    lines = _lines(text.encode("latin-1", "replace"), starts)
    columns = {keyword: [_value(row.get(keyword)) for row in rows] for keyword in KEYWORDS}
    return _records(lines, columns, faults)


def _value(value: Any) -> Value:
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair is no text


def _lines(content: bytes, starts: list[int]) -> list[int]:
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == ord("\n"))
    lines: list[int] = (np.searchsorted(ends, starts) + 1).tolist()
    return lines


def _records(
    lines: list[int], columns: dict[str, list[Value]], faults: list[FormatError]
) -> Records:
    stated = {k: values for k, values in columns.items() if values.count(None) < len(values)}
    return Records(lines=lines, texts=stated, faults=tuple(faults))
