"""One keyword of a table, ready to judge values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from skypact.formats.ccsds.message import Field
from skypact.formats.ccsds.rows import NUMBER, is_number
from skypact.formats.ccsds.tables import Keyword, Kind
from skypact.formats.ccsds.times import EXPECTED, clock_readings
from skypact.formats.ccsds.units import factor, si_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from skypact.formats.ccsds.message import Findings

_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NO_UNIT = ("", "n/a", "N/A", "1", "-")

# What most values look like, unit and all; what does not match is looked at more closely.
_PLAIN_NUMBER = r"[+-]?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d\d?)?"
_PLAIN_TIME = re.compile(
    r"((?:19[6-9]|20\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,40})?Z?)",
    re.ASCII,
)
_ANYTHING = re.compile(r"(.+)", re.DOTALL)
_NEVER = re.compile(r"(?!)")


class Slot:
    """A keyword and its place: `order` counts within the section, -1 where it is not fixed.

    `si` brings a number in the keyword's unit to SI units.
    """

    __slots__ = (
        "_choices", "_high", "_is_limited", "_low",
        "keyword", "name", "order", "plain", "si", "since",
    )  # fmt: skip

    def __init__(self, keyword: Keyword, order: int) -> None:
        self.keyword = keyword
        self.name = keyword.name
        self.since = keyword.since
        self.si = si_factor(keyword.unit)
        self.order = -1 if keyword.free else order
        self._choices = frozenset(_folded(one) for one in keyword.choices)
        self._is_limited = keyword.low is not None or keyword.high is not None
        self._low = -_INFINITE if keyword.low is None else keyword.low
        self._high = _INFINITE if keyword.high is None else keyword.high
        self.plain: Callable[[str], re.Match[str] | None] = _plain(keyword).fullmatch

    @property
    def shows_unit(self) -> bool:
        """Whether the unit is written beside the value."""
        return self.keyword.kind in (Kind.NUMBER, Kind.VECTOR)

    def from_line(self, line: int, name: str, raw: str, findings: Findings) -> Field:
        """The field that `name = raw` states; `raw` may end in a unit in brackets."""
        plain = self.plain(raw)
        if plain and not (self._is_limited and not self._low <= float(plain[1]) <= self._high):
            return Field(line, name, plain[1])
        if self.keyword.kind in _UNITLESS:
            return self.field(line, name, raw, "", findings)
        value, bracket, unit = raw.rpartition("[")
        is_closed = unit.endswith("]")
        unit = unit.removesuffix("]")
        if not bracket or "]" in unit:
            return self.field(line, name, raw, "", findings)
        if not is_closed:  # some of NASA's samples lost a percent sign in printing
            findings.warn(line, name, "a unit between brackets", f"[{unit[:40]}")
        return self.field(line, name, value.rstrip(" \t"), unit.strip(), findings)

    def field(self, line: int, name: str, value: str, unit: str, findings: Findings) -> Field:
        """The field, with what is wrong with it told."""
        if not value:
            if self.keyword.required:
                findings.fault(line, name, "a value", "none")
            return Field(line, name, "")
        unit = self._judged_unit(line, name, unit, findings)
        expected = self.expected(value)
        if expected and not self.keyword.required and _is_not_stated(self.keyword, value):
            findings.warn(line, name, expected, f"{value}, read as not stated")
        elif expected:
            findings.fault(line, name, expected, repr(value[:60]))
        return Field(line, name, value, unit)

    def _judged_unit(self, line: int, name: str, unit: str, findings: Findings) -> str:
        """The unit to keep: none where it is the table's own."""
        keyword = self.keyword
        if unit == keyword.unit or unit in _NO_UNIT:
            return ""
        if not keyword.unit:
            if factor(unit, "1") == 1.0:
                return ""
            if unit not in keyword.also:
                findings.fault(line, name, "no unit", f"[{unit[:20]}]")
                return unit
        scale = factor(unit, keyword.unit)
        if scale is None and unit in keyword.also:
            findings.warn(line, name, f"unit [{keyword.unit}]", f"[{unit}], read as if it were")
            return ""
        if scale is None:
            findings.fault(line, name, f"unit [{keyword.unit}]", f"[{unit[:20]}]")
            return unit
        if scale == 1.0:
            findings.warn(line, name, f"unit [{keyword.unit}]", f"[{unit}], the same")
            return ""
        findings.warn(line, name, f"unit [{keyword.unit}]", f"[{unit}], which is converted")
        return unit

    def expected(self, value: str) -> str:
        """What the value should have been; empty where it is."""
        keyword, kind = self.keyword, self.keyword.kind
        if kind is Kind.NUMBER:
            return self._expected_number(value, "a decimal number", NUMBER)
        if kind is Kind.TIME:
            return "" if _is_time(value) else EXPECTED
        if kind is Kind.CHOICE:
            is_one = _folded(value) in self._choices
            return "" if is_one else f"one of {', '.join(keyword.choices)}"
        if kind is Kind.WHOLE:
            return self._expected_number(value, "a whole number", _WHOLE)
        if kind is Kind.VECTOR:
            return self._expected_vector(value)
        if kind is Kind.TIME_OR_SECONDS:
            is_either = is_number(value) or _is_time(value)
            return "" if is_either else f"{EXPECTED}, or a number of seconds"
        return ""

    def _expected_number(self, value: str, what: str, form: re.Pattern[str]) -> str:
        is_number = form.fullmatch(value) and abs(float(value)) < _INFINITE
        if is_number and self._low <= float(value) <= self._high:
            return ""
        return what + _limits(self.keyword.low, self.keyword.high)

    def _expected_vector(self, value: str) -> str:
        words, count = value.split(), self.keyword.count
        if all(map(is_number, words)) and len(words) == (count or len(words)):
            return ""
        return f"{count or 'some'} numbers separated by blanks"


_UNITLESS = (Kind.TEXT, Kind.TIME, Kind.CHOICE)
_INFINITE = float("inf")


def _plain(keyword: Keyword) -> re.Pattern[str]:
    if keyword.kind is Kind.TEXT:
        return _ANYTHING
    if keyword.kind is Kind.TIME:
        return _PLAIN_TIME
    if keyword.kind is Kind.CHOICE:
        return re.compile(f"({'|'.join(map(re.escape, keyword.choices))})")
    if keyword.kind is Kind.WHOLE:
        return re.compile(r"([+-]?\d{1,18})", re.ASCII)
    if keyword.kind is Kind.NUMBER:
        unit = rf"(?:[ \t]*\[{re.escape(keyword.unit)}\])?" if keyword.unit else ""
        return re.compile(rf"({_PLAIN_NUMBER}){unit}", re.ASCII)
    return _NEVER


def _folded(text: str) -> str:
    """As the standards compare words: an underscore is a blank, and so are many."""
    return " ".join(text.upper().replace("_", " ").split())


def _is_not_stated(keyword: Keyword, value: str) -> bool:
    return keyword.kind in (Kind.NUMBER, Kind.WHOLE) and value.lower() == "nan"


def _limits(low: float | None, high: float | None) -> str:
    if low is None:
        return "" if high is None else f" up to {high:g}"
    return f" from {low:g}" + ("" if high is None else f" to {high:g}")


def _is_time(text: str) -> bool:
    return bool(_PLAIN_TIME.fullmatch(text)) or not clock_readings([text]).unreadable[0]


TIME = Slot(Keyword("EPOCH", Kind.TIME), -1)
