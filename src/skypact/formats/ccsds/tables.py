"""Keyword tables of the CCSDS navigation data messages: what a standard says, as data.

A message is a tree of sections, as its XML schema has it; sections hold keywords, rows of
numbers and further sections. Keyword = value notation shows only some sections, by marks such
as `META_START`; the others begin with one of their keywords. One table serves every notation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from skypact.formats.ccsds.message import Findings, Message


class Kind(Enum):
    """What a keyword's value is."""

    TEXT = "text"
    TIME = "time"
    NUMBER = "number"
    WHOLE = "whole number"
    CHOICE = "one of some words"
    VECTOR = "numbers"
    TIME_OR_SECONDS = "time, or seconds from the message's epoch"


@dataclass(frozen=True)
class Keyword:
    """One keyword. `low`, `high` are inclusive; `unit` is the one in which they are meant.

    `name` may end in `*`: any keyword that begins so, spelled in XML as an element of that
    beginning with the rest in an attribute `parameter` (user-defined parameters). `also` names
    units that are no other spelling of `unit` and yet are in use for it. `count` is a
    vector's length, 0 for any. `since` is the version that brought the keyword; it is read in
    earlier ones with a warning. `free`: its place among the others is not fixed.
    """

    name: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    required: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    count: int = 0
    also: tuple[str, ...] = ()
    since: str = ""
    free: bool = False


@dataclass(frozen=True)
class Columns:
    """Rows of a time and numbers: in XML an element for each row, a child for each column.

    The first name is the time's. A row has as many words as one of `widths` says.
    """

    element: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Lines:
    """Rows of words, as many as other keywords say: in XML an element for each row, as text."""

    element: str


@dataclass(frozen=True)
class Triangle:
    """The lower triangle of a matrix: rows of one, two, … numbers, in XML an element for each."""

    names: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class Observations:
    """Rows `KEYWORD = time value`: in XML an element with EPOCH and the keyword's element."""

    element: str
    keywords: tuple[Keyword, ...]


Rows = Columns | Lines | Triangle | Observations


@dataclass(frozen=True, eq=False, repr=False)
class Section:
    """A part of a message, named as its XML element or, where two share one, by `element`.

    It stands `least` to `most` times (None: without limit) where its parent stands. `marks`
    are the lines around each one in keyword = value notation, `group_marks` those around all
    that follow one another; without marks it begins with any of its keywords, and the next one
    of several with the first of them. `ordered`: its keywords keep the order of the table.
    """

    name: str
    items: tuple[Keyword | Rows | Section, ...]
    element: str = ""
    least: int = 0
    most: int | None = 1
    marks: tuple[str, str] | None = None
    group_marks: tuple[str, str] | None = None
    ordered: bool = True


@dataclass(frozen=True, eq=False, repr=False)
class MessageTable:
    """The message `kind` (`cdm`, `oem`, …) in `versions`; `root` holds header and body.

    `rules` are what the standard says of several fields together; they add their findings.
    """

    kind: str
    versions: tuple[str, ...]
    root: Section
    rules: tuple[Callable[[Message, Findings], None], ...] = ()


def text(name: str, *, required: bool = False) -> Keyword:
    """Free text."""
    return Keyword(name, Kind.TEXT, required=required)


def since(version: str, *keywords: Keyword) -> tuple[Keyword, ...]:
    """Keywords that a later version brought, wherever among the others they stand."""
    return tuple(replace(keyword, since=version, free=True) for keyword in keywords)


def time(name: str, *, required: bool = False) -> Keyword:
    """A calendar or day-of-year time."""
    return Keyword(name, Kind.TIME, required=required)


def time_or_seconds(name: str, *, required: bool = False) -> Keyword:
    """A time, absolute or in seconds since the epoch that the metadata states."""
    return Keyword(name, Kind.TIME_OR_SECONDS, "s", required=required)


def number(
    name: str,
    unit: str = "",
    *,
    required: bool = False,
    low: float | None = None,
    high: float | None = None,
    also: tuple[str, ...] = (),
) -> Keyword:
    """A decimal number."""
    return Keyword(name, Kind.NUMBER, unit, required, low, high, also=also)


def whole(
    name: str, *, required: bool = False, low: float | None = 0, high: float | None = None
) -> Keyword:
    """A whole number."""
    return Keyword(name, Kind.WHOLE, required=required, low=low, high=high)


def choice(name: str, *choices: str, required: bool = False) -> Keyword:
    """One of some words, in upper or lower case."""
    return Keyword(name, Kind.CHOICE, required=required, choices=choices)


def vector(name: str, count: int, unit: str = "", *, required: bool = False) -> Keyword:
    """Numbers separated by blanks, `count` of them, or any number of them if 0."""
    return Keyword(name, Kind.VECTOR, unit, required, count=count)


def triangle(axes: tuple[str, ...], units: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names and units of a covariance's lower triangle by rows, from those of its axes.

    >>> triangle(("X", "Y"), ("km", "km/s"))
    (('CX_X', 'km**2'), ('CY_X', 'km**2/s'), ('CY_Y', 'km**2/s**2'))
    """
    return tuple(
        (f"C{row}_{column}", _product(units[i], units[j]))
        for i, row in enumerate(axes)
        for j, column in enumerate(axes[: i + 1])
    )


def _product(first: str, second: str) -> str:
    """`km` times `km/s` as the standards spell it: `km**2/s`."""
    tops, bottoms = zip(*(unit.partition("/")[::2] for unit in (first, second)), strict=True)
    top = tops[0] if tops[0] == tops[1] else ""
    under = [bottom for bottom in bottoms if bottom]
    bottom = f"/{under[0]}" + ("**2" if len(under) == 2 else "") if under else ""
    return f"{top}**2{bottom}" if top else f"{first}*{second}"
