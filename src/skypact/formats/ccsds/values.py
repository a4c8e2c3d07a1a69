"""Numbers of a message in SI units, and its times; NaN in a message: it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.astro.time import tai_ns_from_utc, utc_from_tai_ns
from skypact.base.errors import FormatError
from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.times import EXPECTED, clock_readings
from skypact.formats.ccsds.units import si_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.formats.ccsds.message import Block, Field


def si(block: Block, keyword: str) -> float | None:
    """A keyword's number in SI units (radians, ratios); None where it is absent or empty."""
    field = block.fields.get(keyword)
    if field is None or not field.value:
        return None
    number = float(field.value) * _factor(block, field)
    return None if number != number else number


def si_vector(block: Block, keyword: str) -> tuple[float, ...] | None:
    """A keyword's numbers in SI units; None where it is absent or empty."""
    field = block.fields.get(keyword)
    if field is None or not field.value:
        return None
    factor = _factor(block, field)
    return tuple(float(word) * factor for word in field.value.split())


def _factor(block: Block, field: Field) -> float:
    if field.unit:
        return si_factor(field.unit)
    return plan_of(block.section).slots[field.keyword].si


def whole(block: Block, keyword: str) -> int | None:
    """A keyword's whole number; None where it is absent or empty."""
    value = block.text(keyword)
    return None if value is None or value.lower() == "nan" else int(value)


def utc_instants(fields: Sequence[Field]) -> list[int]:
    """TAI nanoseconds since 1970 of fields that state UTC.

    Raises:
        FormatError: the first that is no time, or whose second 60 UTC never had.
    """
    readings = clock_readings([field.value for field in fields])
    times_ns = tai_ns_from_utc(
        readings.clock_ns.astype("M8[ns]"), in_leap_second=readings.second_60
    )
    wrong = readings.unreadable
    if readings.second_60.any():
        wrong = wrong | (readings.second_60 & ~utc_from_tai_ns(times_ns)[1])
    if wrong.any():
        field = fields[int(wrong.argmax())]
        expected = f"{EXPECTED}; a second 60 only where UTC had one"
        raise FormatError(field.line, field.keyword, expected, repr(field.value[:40]))
    instants: list[int] = times_ns.tolist()
    return instants
