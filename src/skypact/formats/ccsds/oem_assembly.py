"""From the parts of an OEM to ephemerides: units, time scales, and where segments end."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from skypact.astro.scales import SCALES, tai_ns_from_clock
from skypact.astro.time import tai_ns_from_utc, utc_from_tai_ns, utc_text
from skypact.base.errors import FormatError
from skypact.formats.ccsds.row_runs import triangle_of
from skypact.formats.ccsds.times import clock_readings
from skypact.records.ephemeris import NO_COVARIANCES, Covariances, Ephemeris, EphemerisSegment
from skypact.records.marks import DataMode, Marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from skypact.formats.ccsds.message import Block as Part
    from skypact.formats.ccsds.message import Field, Findings, Message
    from skypact.formats.ccsds.rows import TimedRows
    from skypact.formats.ccsds.times import Readings

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]

_M_PER_KM = 1000.0
_METHODS = ("LAGRANGE", "HERMITE", "LINEAR")
_HIGHEST_DEGREE = 31
_LARGEST = 1e300  # in km: what is larger is no number any more in m2
_SECOND_60 = "a second 60 only where UTC had one"
_TRIANGLE = np.tril_indices(6)


@dataclass(slots=True)
class _Block:
    """A metadata block that could be understood, with its states in km."""

    metadata: dict[str, Field]
    scale: str
    times_tai_ns: Instants
    values: Floats
    segments: list[EphemerisSegment]
    covariances: list[tuple[int, str, Floats]]
    comments: list[str]


def judge_ephemerides(message: Message, findings: Findings) -> None:
    """Tell what is wrong with times, spans and interpolation: the rule of the table."""
    ephemerides_of(message, findings, source="", data_mode=DataMode.REAL)


def ephemerides_of(
    message: Message, findings: Findings, *, source: str, data_mode: DataMode
) -> list[Ephemeris]:
    """One ephemeris per object of the message; `findings` grow by those of meaning.

    A segment whose states are in doubt is left out whole, a covariance in doubt alone.
    """
    header, body = message.root.block("header"), message.root.block("body")
    fields = _stated(header)
    marks = _marks(fields, source, data_mode, findings)
    blocks: dict[str, list[_Block]] = {}
    scale = None
    for segment, is_whole in _segments_of(body, findings) if body else ():
        try:
            block = _block(segment, scale, findings) if is_whole else None
        except FormatError as fault:
            findings.take(fault)
            continue
        if block is not None:
            scale = block.scale
            blocks.setdefault(_value(block.metadata, "OBJECT_ID") or "", []).append(block)
    comments = [comment.text for comment in header.comments()] if header else []
    return [_ephemeris(parts, marks, comments) for parts in blocks.values()]


def _segments_of(body: Part, findings: Findings) -> Iterator[tuple[Part, bool]]:
    """Each segment, and whether nothing is wrong among its states."""
    segments = list(body.blocks("segment"))
    ends = [segment.line for segment in segments[1:]] + [1 << 60] * bool(segments)
    lines = sorted(fault.line or 1 << 59 for fault in findings.faults)
    for segment, end in zip(segments, ends, strict=True):
        data = segment.block("data")
        runs = list(data.runs()) if data else []
        if data is None or not runs:
            yield segment, True
            continue
        matrices = [matrix.line for matrix in data.blocks("covarianceMatrix")]
        first, last = data.line, min([*matrices, end])
        doubtful = bisect_left(lines, first) < bisect_left(lines, last)
        yield segment, not doubtful and all(run.values is not None for run in runs)


def _stated(block: Part | None) -> dict[str, Field]:
    """Fields that say something."""
    return {key: field for key, field in block.fields.items() if field.value} if block else {}


def _marks(header: dict[str, Field], source: str, data_mode: DataMode, findings: Findings) -> Marks:
    created = _optional_instant(header, "CREATION_DATE", "UTC", findings)
    produced_at = None
    if created is not None:
        utc, leap = utc_from_tai_ns(np.array([created]))
        produced_at = utc_text(utc[0], in_leap_second=bool(leap[0]))
    return Marks(
        originator=_value(header, "ORIGINATOR") or "",
        source=source,
        data_mode=data_mode,
        marking=_value(header, "CLASSIFICATION"),
        produced_at=produced_at,
    )


def _value(fields: dict[str, Field], keyword: str) -> str | None:
    return fields[keyword].value if keyword in fields else None


def _block(segment: Part, scale: str | None, findings: Findings) -> _Block | None:
    metadata, data = _stated(segment.block("metadata")), segment.block("data")
    if not {"CENTER_NAME", "REF_FRAME", "TIME_SYSTEM"} <= metadata.keys():
        return None
    own_scale = metadata["TIME_SYSTEM"].value.upper()
    if scale is not None and own_scale != scale:
        line = metadata["TIME_SYSTEM"].line
        raise FormatError(line, "TIME_SYSTEM", f"one for the whole message ({scale})", own_scale)
    states: list[TimedRows] = [
        run.values for run in (data.runs() if data else ()) if run.values and len(run.values.lines)
    ]
    if data is None or not states:
        raise FormatError(segment.line, "META_START", "states after the metadata", "none")
    lines = _joined([rows.lines for rows in states])
    values = _joined([rows.values for rows in states])
    times_tai_ns = _joined([_times(rows, own_scale) for rows in states])
    if not (values.max() <= _LARGEST and values.min() >= -_LARGEST):  # so is NaN looked at
        too_large = np.abs(values) > _LARGEST
        if too_large.any():
            row = int(np.argmax(too_large.any(axis=1)))
            raise FormatError(
                int(lines[row]), "state", f"numbers up to {_LARGEST:g}", "a larger one"
            )
    kept = _without_repeats(times_tai_ns, values, lines, findings)
    comments = [comment.text for part in (segment.block("metadata"), data) if part
                for comment in part.comments()]  # fmt: skip
    if not kept.all():
        times_tai_ns, values, lines = times_tai_ns[kept], values[kept], lines[kept]
    block = _Block(metadata, own_scale, times_tai_ns, values, [], [], comments)
    block.segments = _segments(block, lines, findings)
    block.covariances = _covariances(list(data.blocks("covarianceMatrix")), block, findings)
    return block


def _joined(parts: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Arrays one after the other; columns that some of them lack are NaN there."""
    if len(parts) == 1:
        return parts[0]
    width = max(part.shape[-1] for part in parts)
    if parts[0].ndim == 1 or all(part.shape[1] == width for part in parts):
        return np.concatenate(parts)
    joined = np.full((sum(map(len, parts)), width), np.nan)
    row = 0
    for part in parts:
        joined[row : row + len(part), : part.shape[1]] = part
        row += len(part)
    return joined


def _without_repeats(
    times_tai_ns: Instants, values: Floats, lines: Instants, findings: Findings
) -> npt.NDArray[np.bool_]:
    """Rows that do not say again what the row before said."""
    same_time = np.diff(times_tai_ns) == 0
    kept = np.ones(len(lines), np.bool_)
    if same_time.any():
        both_absent = np.isnan(values[1:]) & np.isnan(values[:-1])
        alike = ((values[1:] == values[:-1]) | both_absent).all(axis=1)
        kept[1:] = ~(same_time & alike)
        for line in lines[~kept]:
            findings.warn(int(line), "EPOCH", "a later time", "the same row again")
    return kept


def _times(rows: TimedRows, scale: str) -> Instants:
    times_ns, wrong = _instants(rows.readings, scale)
    if wrong.any():
        line = int(rows.lines[wrong.argmax()])
        raise FormatError(line, "EPOCH", _SECOND_60, "another")
    return times_ns


def _instants(readings: Readings, scale: str) -> tuple[Instants, npt.NDArray[np.bool_]]:
    """TAI instants, and which of them have a second 60 that the scale never had.

    Those of a scale that is nobody's business are the clock's reading.
    """
    times_ns, second_60 = readings.clock_ns, readings.second_60
    if scale == "UTC":
        times_ns = tai_ns_from_utc(times_ns.astype("M8[ns]"), in_leap_second=second_60)
        return times_ns, second_60 & ~utc_from_tai_ns(times_ns)[1]
    return tai_ns_from_clock(times_ns, scale) if scale in SCALES else times_ns, second_60


def _optional_instant(
    fields: dict[str, Field], keyword: str, scale: str, findings: Findings
) -> int | None:
    """The instant that a field states; None with a fault (told once) where it states none."""
    if keyword not in fields:
        return None
    field = fields[keyword]
    readings = clock_readings([field.value])
    if readings.unreadable[0]:  # told where the field was read
        return None
    times_ns, wrong = _instants(readings, scale)
    if not wrong[0]:
        return int(times_ns[0])
    if not any((one.line, one.field) == (field.line, keyword) for one in findings.faults):
        findings.fault(field.line, keyword, _SECOND_60, repr(field.value[:40]))
    return None


def _segments(block: _Block, lines: Instants, findings: Findings) -> list[EphemerisSegment]:
    """The block's rows, cut where two states share one time: a manoeuvre stands between them.

    A piece that is not useable at all is no segment.

    Raises:
        FormatError: time runs backwards.
    """
    steps_ns = np.diff(block.times_tai_ns)
    if (steps_ns < 0).any():
        row = int(np.argmax(steps_ns < 0)) + 1
        raise FormatError(int(lines[row]), "EPOCH", "a later time than before", "an earlier one")
    cuts = [0, *(np.flatnonzero(steps_ns == 0) + 1).tolist(), len(lines)]
    for cut in cuts[1:-1]:
        expected = "a new segment after a manoeuvre"
        findings.warn(int(lines[cut]), "EPOCH", expected, "two states at one time")
    start, stop = _useable(block, findings)
    method, degree = _interpolation(block.metadata, findings)
    epoch = _optional_instant(block.metadata, "REF_FRAME_EPOCH", block.scale, findings)
    return [
        EphemerisSegment(
            first_row=first,
            stop_row=last,
            useable_start_tai_ns=max(start, int(block.times_tai_ns[first])),
            useable_stop_tai_ns=min(stop, int(block.times_tai_ns[last - 1])),
            frame=block.metadata["REF_FRAME"].value.upper(),
            centre=block.metadata["CENTER_NAME"].value.upper(),
            frame_epoch_tai_ns=epoch,
            interpolation=method,
            interpolation_degree=degree,
        )
        for first, last in pairwise(cuts)
        if block.times_tai_ns[first] <= stop and block.times_tai_ns[last - 1] >= start
    ]


def _useable(block: _Block, findings: Findings) -> tuple[int, int]:
    stated = {
        keyword: _optional_instant(block.metadata, keyword, block.scale, findings)
        for keyword in ("START_TIME", "USEABLE_START_TIME", "USEABLE_STOP_TIME", "STOP_TIME")
    }
    first, last = int(block.times_tai_ns[0]), int(block.times_tai_ns[-1])
    for keyword, row_time in (("START_TIME", first), ("STOP_TIME", last)):
        if stated[keyword] not in (None, row_time):
            line = block.metadata[keyword].line
            expected = f"the time of the {'first' if row_time == first else 'last'} state"
            found = block.metadata[keyword].value
            findings.warn(line, keyword, expected, found)
    useable_start, useable_stop = stated["USEABLE_START_TIME"], stated["USEABLE_STOP_TIME"]
    start = first if useable_start is None else max(first, useable_start)
    stop = last if useable_stop is None else min(last, useable_stop)
    if start > stop:
        keyword = "USEABLE_START_TIME" if useable_start is not None else "USEABLE_STOP_TIME"
        pair = block.metadata[keyword]
        raise FormatError(pair.line, keyword, "a useable span within the states", pair.value[:40])
    return start, stop


def _interpolation(metadata: dict[str, Field], findings: Findings) -> tuple[str | None, int | None]:
    method, degree = metadata.get("INTERPOLATION"), metadata.get("INTERPOLATION_DEGREE")
    if method is None:
        return None, None
    if method.value.upper() not in _METHODS:
        expected = f"one of {', '.join(_METHODS)}"
        findings.warn(method.line, method.keyword, expected, method.value[:40])
        return None, None
    if degree is None:
        found = "none: chosen as if nothing were stated"
        findings.warn(method.line, "INTERPOLATION_DEGREE", "a degree", found)
        return method.value.upper(), None
    if any(fault.line == degree.line for fault in findings.faults):
        return method.value.upper(), None
    if int(degree.value) > _HIGHEST_DEGREE:
        expected = f"a whole number from 1 to {_HIGHEST_DEGREE}"
        findings.fault(degree.line, degree.keyword, expected, degree.value[:40])
        return method.value.upper(), None
    return method.value.upper(), int(degree.value)


def _covariances(
    matrices: list[Part], block: _Block, findings: Findings
) -> list[tuple[int, str, Floats]]:
    found = []
    frame = block.metadata["REF_FRAME"].value
    for part in matrices:
        fields, run = _stated(part), next(part.runs(), None)
        time_ns = _optional_instant(fields, "EPOCH", block.scale, findings)
        try:
            elements = triangle_of(run) if run else []
        except FormatError:  # told where the rows were read
            elements = []
        if run and elements and max(map(abs, elements)) > _LARGEST:
            findings.fault(run.line, "covariance", f"numbers up to {_LARGEST:g}", "a larger one")
            continue
        if time_ns is None or not elements:
            continue
        matrix = np.zeros((6, 6))
        matrix[_TRIANGLE] = np.array(elements) * _M_PER_KM**2
        matrix += np.tril(matrix, -1).T
        frame = _value(fields, "COV_REF_FRAME") or frame
        found.append((time_ns, frame.upper(), matrix))
    return found


def _ephemeris(blocks: list[_Block], marks: Marks, comments: list[str]) -> Ephemeris:
    values = _joined([block.values for block in blocks]) * _M_PER_KM
    first_rows = np.cumsum([0, *(len(block.values) for block in blocks)]).tolist()
    segments: list[EphemerisSegment] = []
    covariances: list[tuple[int, str, Floats, int]] = []
    for block, first_row in zip(blocks, first_rows, strict=False):
        covariances += [
            (time_ns, frame, matrix, len(segments) + _segment_at(block, time_ns))
            for time_ns, frame, matrix in block.covariances
        ]
        segments += [_shifted(segment, first_row) for segment in block.segments]
    accelerations = np.ascontiguousarray(values[:, 6:])
    metadata, scale = blocks[0].metadata, blocks[0].scale
    return Ephemeris(
        object_name=_value(metadata, "OBJECT_NAME") or "",
        object_id=_value(metadata, "OBJECT_ID") or "",
        marks=marks,
        time_system=scale,
        is_placed_in_time=scale in SCALES,
        times_tai_ns=_joined([block.times_tai_ns for block in blocks]),
        r_m=np.ascontiguousarray(values[:, :3]),
        v_m_s=np.ascontiguousarray(values[:, 3:6]),
        a_m_s2=None if np.isnan(accelerations).all() else accelerations,
        segments=tuple(segments),
        covariances=_gathered(covariances),
        comments=tuple(comments + [text for block in blocks for text in block.comments]),
    )


def _segment_at(block: _Block, time_ns: int) -> int:
    """The last segment of the block that has begun by then; before all of them, the first."""
    begins = [block.times_tai_ns[segment.first_row] for segment in block.segments]
    return max(int(np.searchsorted(np.array(begins), time_ns, side="right")) - 1, 0)


def _shifted(segment: EphemerisSegment, rows: int) -> EphemerisSegment:
    return replace(segment, first_row=segment.first_row + rows, stop_row=segment.stop_row + rows)


def _gathered(covariances: list[tuple[int, str, Floats, int]]) -> Covariances:
    if not covariances:
        return NO_COVARIANCES
    times_ns, frames, matrices, segment = zip(*covariances, strict=True)
    return Covariances(
        times_tai_ns=np.array(times_ns, np.int64),
        matrices=np.stack(matrices),
        frames=frames,
        segment=np.array(segment, np.int64),
    )
