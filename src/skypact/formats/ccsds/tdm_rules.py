"""What a Tracking Data Message's keywords and observations ask of one another.

Source: CCSDS 503.0-B-2 (2020), sections 3.3.1.9 to 3.4.15.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from skypact.formats.ccsds.orbit_rules import time_system_is_known
from skypact.formats.ccsds.times import clock_readings

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Block, Field, Findings, Message

_PATH = re.compile(r"[1-5](?:,[1-5])+")
_RANGES = ("PATH", "PATH_1", "PATH_2")


def _participants(message: Message, findings: Findings) -> None:
    for metadata in message.root.everywhere("metadata"):
        named = {keyword[-1] for keyword in metadata.fields if keyword.startswith("PARTICIPANT_")}
        if not named:
            expected = "at least one participant"
            findings.fault(metadata.line, "PARTICIPANT_1", expected, "none")
        for keyword in _RANGES:
            path = metadata.fields.get(keyword)
            if path is not None:
                _path(path, named, findings)


def _path(path: Field, named: set[str], findings: Findings) -> None:
    if not _PATH.fullmatch(path.value):
        expected = "indices of participants with commas and no blanks, such as 1,2,1"
        findings.fault(path.line, path.keyword, expected, repr(path.value[:40]))
        return
    for index in path.value.split(","):
        if index not in named:
            findings.fault(path.line, path.keyword, f"PARTICIPANT_{index}", "none of that name")
            return


def _modes(message: Message, findings: Findings) -> None:
    asked = {"SEQUENTIAL": ("PATH",), "SINGLE_DIFF": ("PATH_1", "PATH_2")}
    for metadata in message.root.everywhere("metadata"):
        mode = (metadata.text("MODE") or "").upper()
        for keyword in asked.get(mode, ()):
            if metadata.text(keyword) is None:
                line = metadata.fields["MODE"].line
                findings.warn(line, keyword, f"this keyword with MODE = {mode}", "none")
        corrections = [name for name in metadata.fields if name.startswith("CORRECTION_")]
        if corrections and metadata.text("CORRECTIONS_APPLIED") is None:
            line = metadata.fields[corrections[0]].line
            findings.warn(line, "CORRECTIONS_APPLIED", "YES or NO with corrections", "none")


def _order_of_times(message: Message, findings: Findings) -> None:
    """The observations of each keyword follow one another in time, none twice (3.4.10, 3.4.11)."""
    for data in message.root.everywhere("data"):
        if not any(data.runs()):
            findings.fault(data.line, "data", "at least one observation", "none")
        series: dict[str, list[tuple[int, str]]] = {}
        for line, keyword, time in _observations(data):
            series.setdefault(keyword, []).append((line, time))
        for keyword, tagged in series.items():
            readings = clock_readings([time for _, time in tagged])
            clock_ns = readings.clock_ns + readings.second_60 * 10**9
            backwards = (clock_ns[1:] <= clock_ns[:-1]) & ~readings.unreadable[1:]
            backwards &= ~readings.unreadable[:-1]
            if backwards.any():
                line, time = tagged[int(backwards.argmax()) + 1]
                findings.warn(line, keyword, "times that increase", f"{time}, not after the last")


def _observations(data: Block) -> list[tuple[int, str, str]]:
    found = []
    for run in data.runs():
        for line, text in enumerate(run.text.split("\n"), start=run.line):
            words = text.replace("=", " ", 1).split()
            if len(words) > 1:
                found.append((line, words[0], words[1]))
    return found


RULES = (_participants, _modes, _order_of_times, time_system_is_known)
