"""What CCSDS 508.0 says of several fields of a conjunction message together, and what is odd."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from skypact.formats.ccsds.times import clock_readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skypact.formats.ccsds.message import Block, Field, Findings, Message

_AXES = ("R", "T", "N", "RDOT", "TDOT", "NDOT")
TRIANGLE = tuple(
    tuple(f"C{row}_{column}" for column in _AXES[: i + 1]) for i, row in enumerate(_AXES)
)
_FRAMES = ("EME2000", "GCRF", "ITRF")


def segments(message: Message) -> list[Block]:
    """The parts of the two objects, in the order of the message."""
    body = message.root.block("body")
    return list(body.blocks("segment")) if body else []


def _objects(message: Message, findings: Findings) -> None:
    wanted = ("OBJECT1", "OBJECT2")
    for segment, name in zip(segments(message), wanted, strict=False):
        metadata = segment.block("metadata")
        stated = metadata.fields.get("OBJECT") if metadata else None
        if stated is not None and stated.value.upper() in wanted and stated.value.upper() != name:
            findings.fault(stated.line, "OBJECT", name, stated.value)


def _frames(message: Message, findings: Findings) -> None:
    """Issue 1 knows three frames; later ones a registry."""
    if message.version != "1.0":
        return
    for segment in segments(message):
        metadata = segment.block("metadata")
        stated = metadata.fields.get("REF_FRAME") if metadata else None
        if stated is not None and stated.value and stated.value.upper() not in _FRAMES:
            expected = f"one of {', '.join(_FRAMES)}"
            findings.fault(stated.line, "REF_FRAME", expected, stated.value[:40])


def _order_of_times(message: Message, findings: Findings) -> None:
    header, body = message.root.block("header"), message.root.block("body")
    relative = body.block("relativeMetadataData") if body else None
    if header is None or relative is None:
        return
    created, tca = header.fields.get("CREATION_DATE"), relative.fields.get("TCA")
    _warn_if_before(tca, created, findings)
    for first, last in (
        ("START_SCREEN_PERIOD", "STOP_SCREEN_PERIOD"),
        ("SCREEN_ENTRY_TIME", "SCREEN_EXIT_TIME"),
    ):
        _warn_if_before(relative.fields.get(last), relative.fields.get(first), findings)
    for od in _data_blocks(message, "odParameters"):
        start, end = od.fields.get("TIME_LASTOB_START"), od.fields.get("TIME_LASTOB_END")
        _warn_if_before(end, start, findings)


def _warn_if_before(late: Field | None, early: Field | None, findings: Findings) -> None:
    if late is None or early is None or not late.value or not early.value:
        return
    both = clock_readings([late.value, early.value]) if _is_unlike(late, early) else None
    if both is not None and both.unreadable.any():
        return
    is_before = late.value < early.value if both is None else both.clock_ns[0] < both.clock_ns[1]
    if is_before:
        expected = f"a time not before {early.keyword}, {early.value[:40]}"
        findings.warn(late.line, late.keyword, expected, late.value[:40])


def _is_unlike(first: Field, second: Field) -> bool:
    """Written so that their texts cannot be compared as times."""
    return first.value[7:8] != "-" or second.value[7:8] != "-" or first.value == second.value


def _counts(message: Message, findings: Findings) -> None:
    for od in _data_blocks(message, "odParameters"):
        for what in ("OBS", "TRACKS"):
            used, available = od.fields.get(f"{what}_USED"), od.fields.get(f"{what}_AVAILABLE")
            if used and available and _more(used.value, available.value):
                expected = f"at most {what}_AVAILABLE, {available.value}"
                findings.warn(used.line, used.keyword, expected, used.value)


def _more(used: str, available: str) -> bool:
    both_are_counts = used.isdecimal() and available.isdecimal()
    return both_are_counts and int(used) > int(available)


def _covariances(message: Message, findings: Findings) -> None:
    for block in _data_blocks(message, "covarianceMatrix"):
        rows = _numbers(block)
        if rows is None:
            continue
        line = block.fields["CR_R"].line
        if not any(map(any, rows)):
            findings.warn(line, "CR_R", "a covariance", "zeros only")
        elif not is_positive_definite(rows):
            findings.warn(line, "CR_R", "a positive definite covariance", "one that is not")


def _data_blocks(message: Message, name: str) -> Iterator[Block]:
    for segment in segments(message):
        for data in segment.blocks("data"):
            yield from data.blocks(name)


def _numbers(block: Block) -> list[list[float]] | None:
    """The lower triangle by rows; None where a number is missing."""
    fields = block.fields
    try:
        return [[float(fields[name].value) for name in row] for row in TRIANGLE]
    except (KeyError, ValueError):
        return None


def is_positive_definite(triangle: Sequence[Sequence[float]]) -> bool:
    """Whether Cholesky's factors of a symmetric matrix exist, from its lower triangle.

    Rows and columns are brought to a unit diagonal first: position and velocity variances
    are twelve orders of magnitude apart.
    """
    diagonal = [row[-1] for row in triangle]
    if not all(variance > 0.0 for variance in diagonal):
        return False
    sigma = [sqrt(variance) for variance in diagonal]
    factors: list[list[float]] = []
    for i, row in enumerate(triangle):
        mine: list[float] = []
        for j in range(i):
            above = factors[j]
            rest = row[j] / (sigma[i] * sigma[j])
            for a, b in zip(mine, above, strict=False):
                rest -= a * b
            mine.append(rest / above[j])
        rest = 1.0 - sum(a * a for a in mine)
        if not rest > 0.0:
            return False
        mine.append(sqrt(rest))
        factors.append(mine)
    return True


RULES = (_objects, _frames, _order_of_times, _counts, _covariances)
