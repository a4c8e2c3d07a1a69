"""Conjunction messages from files and folders, assessed as of now."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.errors import FormatError, InputError
from skypact.node.clock import system_clock, utc
from skypact.node.files import reading
from skypact.node.local_time import utc_and_local
from skypact.records.conjunction_messages import ConjunctionMessage
from skypact.ssa.exercise_conjunctions import exercise_conjunctions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from skypact.astro.orientation import EarthOrientation
    from skypact.formats.ccsds.cdm import CdmReading
    from skypact.records.marks import DataMode
    from skypact.ssa.advice import Readiness
    from skypact.ssa.assessment import EventAssessment
    from skypact.ssa.events import Event
    from skypact.ssa.levels import Thresholds


EXERCISE = "exercise"
Source = str | Path | bytes | ConjunctionMessage
"""A file, a folder, `-`, `exercise`, what a file holds, or a message that was read already."""
_HOUR_NS = 3600 * 1_000_000_000


class Messages(NamedTuple):
    """What files gave: messages, what was wrong by file, and files that hold none."""

    messages: tuple[ConjunctionMessage, ...]
    faults: Mapping[str, Sequence[FormatError]]
    warnings: Mapping[str, Sequence[FormatError]]
    passed_over: tuple[str, ...]


def read_conjunctions(names: Iterable[Source], *, data_mode: DataMode | None = None) -> Messages:
    """Conjunction messages of files, folders, `-`, `exercise`, bytes; messages stay as they are.

    A message with a fault is left out and told. A file in a folder that holds no conjunction
    message is passed over; one that is named itself is an error. Messages do not say whether
    they are real: `data_mode` does, REAL if it is None.

    Raises:
        InputError: a name that cannot be read, or what it names holds no such message.
    """
    found: list[ConjunctionMessage] = []
    faults: dict[str, Sequence[FormatError]] = {}
    told: dict[str, Sequence[FormatError]] = {}
    passed_over: list[str] = []
    for name in names:
        if isinstance(name, ConjunctionMessage):
            found.append(name)
            continue
        if name == EXERCISE:
            found += exercise_conjunctions()
            continue
        for source, read in _each(name, data_mode):
            if read is None:
                passed_over.append(source)
                continue
            found += read.conjunctions
            if read.faults:
                faults[source] = read.faults
            if read.warnings:
                told[source] = read.warnings
    return Messages(tuple(found), faults, told, tuple(passed_over))


def _each(
    name: str | Path | bytes, data_mode: DataMode | None
) -> Iterator[tuple[str, CdmReading | None]]:
    if not isinstance(name, bytes) and str(name) != "-" and Path(name).is_dir():
        for path in sorted(path for path in Path(name).rglob("*") if path.is_file()):
            yield str(path), _in_folder(str(path), data_mode)
        return
    source, content = _named(name)
    try:
        yield source, _read(content, source, data_mode)
    except FormatError as error:
        raise InputError(f"{source}: {error}") from error


def _named(name: str | Path | bytes) -> tuple[str, bytes]:
    """What to call a source that was named itself, and what it holds."""
    if isinstance(name, bytes):
        return "bytes", name
    with reading(str(name)) as stream:
        return "standard input" if str(name) == "-" else str(name), stream.read()


def _in_folder(source: str, data_mode: DataMode | None) -> CdmReading | None:
    """None for a file of another kind; what cannot be read at all is a fault like any other."""
    from skypact.formats.ccsds.cdm import CdmReading
    from skypact.formats.identify import identify

    with reading(source) as stream:
        content = stream.read()
    try:
        if not identify(io.BytesIO(content)).kind.startswith(("cdm", "ndm")):
            return None
        return _read(content, source, data_mode)
    except FormatError as error:
        return CdmReading(conjunctions=(), faults=(error,), warnings=())


def _read(content: bytes, source: str, data_mode: DataMode | None) -> CdmReading:
    from skypact.formats.ccsds.cdm import read_cdm
    from skypact.records.marks import DataMode

    return read_cdm(io.BytesIO(content), source=source, data_mode=data_mode or DataMode.REAL)


def now_tai_ns() -> int:
    """The system clock as a TAI instant."""
    from skypact.astro.time import tai_ns_from_utc

    return int(tai_ns_from_utc(np.array([utc(system_clock())]))[0])


def _when(messages: Sequence[ConjunctionMessage]) -> int:
    """Now; for the built-in exercise, whose clock is as invented, an hour after its last word."""
    if messages and all(one.marks.source == EXERCISE for one in messages):
        return max(one.created_tai_ns for one in messages) + _HOUR_NS
    return now_tai_ns()


def assess_messages(
    messages: Sequence[ConjunctionMessage],
    *,
    at_tai_ns: int | None = None,
    thresholds: Thresholds | None = None,
    readiness: Readiness | None = None,
    radii_m: Mapping[int, float] | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> list[EventAssessment]:
    """The events of these messages, worst first, as of an instant (now, if None).

    `radii_m` are radii by catalogue number, for messages that state none. `on_progress` is
    told the share done: an event that comes to Monte Carlo takes seconds.
    """
    from skypact.ssa.advice import Readiness
    from skypact.ssa.assessment import assess, in_order
    from skypact.ssa.events import group
    from skypact.ssa.levels import Thresholds

    at_tai_ns = _when(messages) if at_tai_ns is None else at_tai_ns
    orientation = orientation_for(messages)
    named_m = _by_designator(messages, radii_m or {})
    grouped = group(messages)
    return in_order(
        [
            assess(
                event,
                now_tai_ns=at_tai_ns,
                thresholds=thresholds or Thresholds(),
                readiness=readiness or Readiness(),
                radii_m=named_m,
                orientation=orientation,
                clock=utc_and_local,
                on_progress=_part(on_progress, number, len(grouped)),
            )
            for number, event in enumerate(grouped)
        ]
    )


def _part(
    on_progress: Callable[[float], None] | None, number: int, of: int
) -> Callable[[float], None] | None:
    """What one of several is to tell its own share to."""
    if on_progress is None:
        return None
    on_progress(number / of)
    return lambda share: on_progress((number + share) / of)


def orientation_for(messages: Sequence[ConjunctionMessage]) -> EarthOrientation:
    """How the Earth stands, looked up only where a state turns with it."""
    from skypact.astro.frames import CELESTIAL, known_frame
    from skypact.astro.orientation import NO_EARTH_ORIENTATION, bundled_earth_orientation

    frames = {one.frame for message in messages for one in (message.primary, message.secondary)}
    for frame in frames:
        try:
            if known_frame(frame) not in CELESTIAL:
                return bundled_earth_orientation()
        except InputError:
            continue  # told by the assessment, as a frame that is not known
    return NO_EARTH_ORIENTATION


def _by_designator(
    messages: Sequence[ConjunctionMessage], radii_m: Mapping[int, float]
) -> dict[str, float]:
    spelt = {one.designator for message in messages for one in (message.primary, message.secondary)}
    numbered = {name: int(name) for name in spelt if name.isascii() and name.isdigit()}
    return {name: radii_m[number] for name, number in numbered.items() if number in radii_m}


def pick(assessed: Sequence[EventAssessment], name: str | None) -> EventAssessment:
    """The event of this id or alias; without one, the only event.

    Raises:
        InputError: there is none, or there are several and no name says which.
    """
    from skypact.ssa.events import find

    if name is not None:
        event: Event = find([one.event for one in assessed], name)
        return next(one for one in assessed if one.event is event)
    if len(assessed) == 1:
        return assessed[0]
    if not assessed:
        raise InputError("there is no conjunction message that can be used")
    listed = ", ".join(one.event.id for one in assessed[:5])
    more = ", …" if len(assessed) > 5 else ""
    raise InputError(f"these are {len(assessed)} events: say which, {listed}{more}")


def assess(
    *sources: Source,
    event: str | None = None,
    now_utc: np.datetime64 | None = None,
    data_mode: DataMode | None = None,
    thresholds: Thresholds | None = None,
    readiness: Readiness | None = None,
    radii_m: Mapping[int, float] | None = None,
) -> EventAssessment:
    """Assess the event that conjunction messages tell of: files, folders, or bytes as they came.

    `event` is an id, where the messages tell of several events; `now_utc` another instant
    than now. Messages with faults are left out; a Python warning counts them.

    Raises:
        InputError: nothing to read, or several events and no `event`.
    """
    found = assess_messages(
        _read_telling(sources, data_mode),
        at_tai_ns=_tai_ns(now_utc),
        thresholds=thresholds,
        readiness=readiness,
        radii_m=radii_m,
    )
    return pick(found, event)


def events(
    *sources: Source,
    now_utc: np.datetime64 | None = None,
    data_mode: DataMode | None = None,
    thresholds: Thresholds | None = None,
    readiness: Readiness | None = None,
    radii_m: Mapping[int, float] | None = None,
) -> list[EventAssessment]:
    """All events that conjunction messages tell of, worst first; otherwise as `assess`."""
    return assess_messages(
        _read_telling(sources, data_mode),
        at_tai_ns=_tai_ns(now_utc),
        thresholds=thresholds,
        readiness=readiness,
        radii_m=radii_m,
    )


def _read_telling(
    sources: Sequence[Source], data_mode: DataMode | None
) -> tuple[ConjunctionMessage, ...]:
    """Messages; what is left out is told at the line that called our caller."""
    read = read_conjunctions(sources, data_mode=data_mode)
    for source, faults in read.faults.items():
        warnings.warn(f"{source}: left out: {faults[0]}", stacklevel=3)
    return read.messages


def _tai_ns(utc_: np.datetime64 | None) -> int | None:
    from skypact.astro.time import tai_ns_from_utc

    return None if utc_ is None else int(tai_ns_from_utc(np.array([utc_]))[0])
