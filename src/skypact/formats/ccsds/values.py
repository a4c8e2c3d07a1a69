"""Numbers of a message in SI units; NaN in a message means that it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.units import si_factor

if TYPE_CHECKING:
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
