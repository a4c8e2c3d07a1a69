"""What a screening is asked: its window, its primaries and what it leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import InputError
from skypact.cli import arguments
from skypact.cli.arguments import UsageError
from skypact.cli.say import about, list_faults, note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.cli.screening import Question
    from skypact.records.elements import Elements
    from skypact.records.ephemeris import Ephemeris
    from skypact.ssa.companions import Exclusions
    from skypact.ssa.trajectory import Trajectory

_SECOND_NS = 1_000_000_000
_DAY_NS = 86_400 * _SECOND_NS
_FRESH_NS = 3 * _DAY_NS


def exclusions(text: str) -> Exclusions:
    from skypact.ssa.companions import Exclusions

    asked = {part.strip() for part in text.split(",") if part.strip()}
    if unknown := asked - {"docked", "same-fleet"}:
        raise UsageError(f"expected docked or same-fleet to exclude, found {unknown.pop()!r}")
    return Exclusions(docked="docked" in asked, same_fleet="same-fleet" in asked)


def start_utc(
    elements: Elements, catalogue: str, question: Question, *, quiet: bool
) -> np.datetime64:
    """The start asked for, or the one that a person who asked for none expects, told."""
    if question.start is not None:
        return arguments.start_utc(question.start)
    from skypact.node.catalogues import EXERCISE
    from skypact.node.clock import system_clock

    epoch_ns = elements.epoch_utc.astype(np.int64)
    now_ns = int(system_clock() * 1e9)
    # Elements of an exercise are as invented as its clock; an epoch ahead of now is a mistake.
    past_ns = epoch_ns if catalogue == EXERCISE else epoch_ns[epoch_ns <= now_ns]
    if not len(past_ns):
        raise UsageError("no element set is older than now: say --start")
    newest_ns = int(past_ns.max())
    if now_ns - newest_ns <= _FRESH_NS and catalogue != EXERCISE:
        start = np.datetime64(now_ns // _SECOND_NS * _SECOND_NS, "ns")
    else:
        # An epoch at midnight starts its own day.
        start = np.datetime64(-(-newest_ns // _DAY_NS) * _DAY_NS, "ns")
    if not quiet:
        newest = f"the newest elements are of {str(np.datetime64(newest_ns, 'ns'))[:19]}Z"
        note(f"no --start: from {str(start)[:19]}Z; {newest}")
    return start


def primaries(question: Question, elements: Elements) -> tuple[list[int] | None, list[Trajectory]]:
    names: list[str] = []
    trajectories: list[Trajectory] = []
    if not question.primary:
        return None, []
    for entry in (part for text in question.primary for part in arguments.listed(text)):
        path = entry.removeprefix("@")
        if path == entry and not Path(path).is_file():
            names.append(entry)
        elif _is_oem(path):
            owned = _trajectories(path, elements)
            _refuse_nothing(path, owned)
            trajectories += owned
        else:
            wanted = arguments.listed(_text(path))
            _refuse_nothing(path, wanted)
            names += wanted
    return arguments.objects(names, elements) if names else None, trajectories


def _refuse_nothing(path: str, found: Sequence[object]) -> None:
    if not found:
        raise InputError(f"{path} names no object to screen")


def _is_oem(path: str) -> bool:
    from skypact.formats.identify import identify
    from skypact.node.files import reading

    with about(path), reading(path) as stream:
        return "oem" in identify(stream).kind


def _text(path: str) -> str:
    from skypact.node.files import reading

    with reading(path) as stream:
        return stream.read().decode("utf-8", "replace")


def _trajectories(path: str, elements: Elements) -> list[Trajectory]:
    from skypact.astro.orientation import bundled_earth_orientation
    from skypact.formats.ccsds.oem import read_oem
    from skypact.node.files import reading
    from skypact.ssa.trajectory import teme_trajectory

    with about(path), reading(path) as stream:
        found = read_oem(stream, source=path)
    list_faults(path, found.faults, "fault; what is in doubt is left out")
    orientation = bundled_earth_orientation()
    return [
        teme_trajectory(one, norad_id=_number(one, elements), orientation=orientation)
        for one in found.ephemerides
    ]


def _number(ephemeris: Ephemeris, elements: Elements) -> int | None:
    """The catalogue number of the same object, which must not be screened against itself."""
    same = np.flatnonzero(elements.object_id == ephemeris.object_id)
    return int(elements.norad_id[same[0]]) if ephemeris.object_id and len(same) else None
