"""Time tags of single fields as instants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.astro.time import tai_ns_from_utc, utc_from_tai_ns
from skypact.base.errors import FormatError
from skypact.formats.ccsds.times import EXPECTED, clock_readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.formats.ccsds.message import Field


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
