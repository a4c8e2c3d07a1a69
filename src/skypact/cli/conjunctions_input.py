"""What the commands on conjunctions are given: files, an event's name, thresholds and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from cyclopts import Parameter

from skypact.base.errors import InputError
from skypact.cli import arguments
from skypact.cli.arguments import UsageError
from skypact.cli.say import about, count, list_faults, note, progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skypact.base.errors import FormatError
    from skypact.ssa.advice import Readiness
    from skypact.ssa.assessment import EventAssessment
    from skypact.ssa.levels import Thresholds

_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)\s*(min|h|d|days?)")
_SECONDS = {"min": 60.0, "h": 3600.0, "d": 86_400.0, "day": 86_400.0, "days": 86_400.0}


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Judging:
    """How events are judged."""

    now: Annotated[
        str | None, Parameter(help="Judge as of this instant, UTC in ISO 8601; now if not said.")
    ] = None
    lead: Annotated[
        str,
        Parameter(help="From a decision to the end of a burn, such as 12h: one decides so early."),
    ] = "12h"
    red: Annotated[float, Parameter(help="Collision probability from which one acts.")] = 1e-4
    yellow: Annotated[float, Parameter(help="Collision probability from which one watches.")] = 1e-7
    red_within: Annotated[
        str | None,
        Parameter(help="Red only within this time before the closest approach, such as 3days."),
    ] = None
    hbr_table: Annotated[
        Path | None,
        Parameter(
            help="Hard-body radii (CSV with ObjectID and HBR) for messages that state none; "
            "without it, defaults by class."
        ),
    ] = None
    data_mode: Annotated[
        Literal["REAL", "TEST", "SIMULATED", "EXERCISE"],
        Parameter(help="What the messages are; they do not say it themselves."),
    ] = "REAL"
    quiet: Annotated[bool, Parameter(name=("--quiet", "-q"), help="Say nothing but errors.")] = (
        False
    )


def duration_s(text: str) -> float:
    """A length of time with its unit.

    >>> duration_s("12h"), duration_s("90 min"), duration_s("2days")
    (43200.0, 5400.0, 172800.0)
    """
    matched = _DURATION.fullmatch(text.strip())
    if not matched:
        raise UsageError(f"expected a time with its unit, such as 12h or 90min, found {text!r}")
    return float(matched[1]) * _SECONDS[matched[2]]


def thresholds(judging: Judging) -> Thresholds:
    import math

    from skypact.ssa.levels import Thresholds

    within_s = math.inf if judging.red_within is None else duration_s(judging.red_within)
    usual = Thresholds()
    source = usual.source
    if (judging.red, judging.yellow) != (usual.red_probability, usual.yellow_probability):
        source = "your threshold"
    try:
        return Thresholds(
            red_probability=judging.red,
            yellow_probability=judging.yellow,
            red_within_s=within_s,
            source=source,
        )
    except InputError as error:
        raise UsageError(str(error)) from None


def readiness(judging: Judging) -> Readiness:
    from skypact.ssa.advice import Readiness

    try:
        return Readiness(manoeuvre_lead_s=duration_s(judging.lead))
    except InputError as error:
        raise UsageError(f"--lead: {error}") from None


class Assessed(NamedTuple):
    """Events, worst first, and how many files had messages that had to be left out."""

    events: list[EventAssessment]
    files_with_faults: int


def assessed(names: Sequence[str], judging: Judging) -> Assessed:
    """The events of these files; what was wrong with files is told.

    A message that is left out is told to whoever asked for quiet, too: it may be the one.
    """
    if not names:
        raise UsageError("say which files: conjunction messages, folders of them, or -")
    from skypact.node.conjunctions import assess_messages, read_conjunctions
    from skypact.records.marks import DataMode

    limits, ready, at_tai_ns = thresholds(judging), readiness(judging), _now(judging)
    read = read_conjunctions(names, data_mode=DataMode(judging.data_mode))
    for name, faults in read.faults.items():
        list_faults(name, faults, "fault; the message is left out")
    if not judging.quiet:
        _tell_warnings(read.warnings)
        if read.passed_over:
            what = count(len(read.passed_over), "file")
            note(f"{what} without conjunction messages passed over")
    radii_m = _radii_m(judging)
    with progress("Assessing", quiet=judging.quiet) as advance:
        events = assess_messages(
            read.messages,
            at_tai_ns=at_tai_ns,
            thresholds=limits,
            readiness=ready,
            radii_m=radii_m,
            on_progress=advance,
        )
    return Assessed(events, len(read.faults))


def _tell_warnings(by_name: Mapping[str, Sequence[FormatError]]) -> None:
    """Of one file the first warnings, of several how many: most real messages have some."""
    if len(by_name) > 1:
        total = sum(map(len, by_name.values()))
        first = next(iter(by_name))
        note(f"{total:,} warnings in {len(by_name):,} files; skypact check {first} tells its own")
        return
    for name, found in by_name.items():
        list_faults(name, found, "warning")


def _now(judging: Judging) -> int | None:
    if judging.now is None:
        return None
    import numpy as np

    from skypact.astro.time import tai_ns_from_utc

    return int(tai_ns_from_utc(np.array([arguments.start_utc(judging.now)]))[0])


def _radii_m(judging: Judging) -> dict[int, float]:
    if judging.hbr_table is None:
        return {}
    from skypact.formats.hard_body_radius import read_hard_body_radii
    from skypact.node.files import reading

    path = str(judging.hbr_table)
    with about(path), reading(path) as stream:
        found = read_hard_body_radii(stream)
    if not judging.quiet:
        list_faults(path, found.faults, "fault; the line is left out")
    return {number: radius.radius_m for number, radius in found.radii.items()}


def pick_named(
    names: Sequence[str], judging: Judging
) -> tuple[EventAssessment, list[EventAssessment]]:
    """One event, by the id in front of the files if there is one, and all of the files' events."""
    from skypact.node.conjunctions import EXERCISE, pick

    if not names:
        raise UsageError("say which event and files, or one file that tells of one event")
    first, *rest = names
    is_id = bool(rest) and first not in ("-", EXERCISE) and not Path(first).exists()
    found = assessed(rest if is_id else names, judging).events
    return pick(found, first if is_id else None), found
