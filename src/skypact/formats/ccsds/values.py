"""Numbers of a message in SI units; NaN in a message means that it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.units import si_factor

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Block


def si(block: Block, keyword: str) -> float | None:
    """A keyword's number in SI units (radians, ratios); None where it is absent or empty."""
    field = block.fields.get(keyword)
    if field is None or not field.value:
        return None
    unit = field.unit or plan_of(block.section).slots[keyword].keyword.unit
    number = float(field.value) * si_factor(unit)
    return None if number != number else number


def si_vector(block: Block, keyword: str) -> tuple[float, ...] | None:
    """A keyword's numbers in SI units; None where it is absent or empty."""
    field = block.fields.get(keyword)
    if field is None or not field.value:
        return None
    factor = si_factor(field.unit or plan_of(block.section).slots[keyword].keyword.unit)
    return tuple(float(word) * factor for word in field.value.split())


def whole(block: Block, keyword: str) -> int | None:
    """A keyword's whole number; None where it is absent or empty."""
    value = block.text(keyword)
    return None if value is None or value.lower() == "nan" else int(value)
