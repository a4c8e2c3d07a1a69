"""Units as messages spell them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.formats.ccsds.registry import TABLES
from skypact.formats.ccsds.tables import Keyword, Section
from skypact.formats.ccsds.units import factor, si_factor


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ("m", "m", 1.0),
        ("m", "km", 1e-3),
        ("KM/S", "km/s", 1.0),
        ("m×s⁻¹", "km/s", 1e-3),
        ("km².s⁻²", "km**2/s**2", 1.0),
        ("m^3/(kg s^2)", "m**3/(kg*s**2)", 1.0),
        ("km**2", "m**2", 1e6),
        ("day", "d", 1.0),
        ("rev/day", "deg/s", 360.0 / 86400.0),
        ("%", "", None),
        ("s", "m**2", None),
        ("m", "m/s", None),
        ("furlong", "m", None),
        ("SFU", "sfu", 1.0),
        ("m)", "m", None),
        ("m**99999999999", "m", None),
        ("²", "m", None),
    ],
)
def test_units_convert_where_they_measure_the_same(found, wanted, expected):
    assert factor(found, wanted) == pytest.approx(expected)


@given(st.text(max_size=60), st.sampled_from(["m", "km/s", "m**3/(kg*s)", ""]))
def test_whatever_stands_between_the_brackets_has_a_factor_or_none(text, wanted):
    scale = factor(text, wanted)
    assert scale is None or scale >= 0.0
    assert si_factor(text) >= 0.0


def units_of(section: Section) -> set[str]:
    units = set()
    for item in section.items:
        if isinstance(item, Keyword):
            units.add(item.unit)
        elif isinstance(item, Section):
            units |= units_of(item)
    return units - {""}


@pytest.mark.parametrize("kind", TABLES)
def test_every_unit_of_every_table_is_one_that_is_understood(kind):
    assert [
        unit for unit in units_of(TABLES[kind].root) if factor(f" {unit.upper()} ", unit) != 1.0
    ] == []
