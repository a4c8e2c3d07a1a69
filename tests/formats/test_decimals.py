"""Columns of decimal numbers: what is one, what is not, and not a bit lost."""

from fractions import Fraction
from math import inf, pi, tau

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.formats.decimals import scaled, spelled, whole_numbers

DEG = pi / 180.0
finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(finite, min_size=1))
def test_a_text_and_a_number_are_the_same_number(numbers):
    for values in (numbers, [repr(number) for number in numbers], [f" {n!r} " for n in numbers]):
        assert scaled(values, 1.0).tolist() == numbers


@pytest.mark.parametrize(
    "value",
    ["nan", "inf", "-Infinity", "1_0", "١", "0x1", "1e", ".", "", " ", "1 2", None, True, inf,
     "1e999", 10**400],
)  # fmt: skip
def test_what_is_no_finite_decimal_number_is_nan_and_its_neighbours_are_read(value):
    assert np.array_equal(scaled(["1", value, 2.5], 2.0), [2.0, np.nan, 5.0], equal_nan=True)


@given(st.integers(10**18, 10**24), st.integers(0, 30))
def test_long_texts_are_rounded_once(digits, places):
    text = f"{digits}e-{places}"
    assert scaled([text], DEG)[0] == float(Fraction(digits, 10**places) * Fraction(DEG))


@pytest.mark.parametrize("text", ["-10", "350", "710", "-370.00000000000000000000"])
def test_turns_are_taken_off(text):
    assert scaled([text], DEG, 360.0)[0] == 350.0 * DEG


@given(st.lists(finite, min_size=1), st.sampled_from([1.0, DEG, tau / 86400, 2 * tau / 86400**2]))
def test_what_is_spelled_reads_back_to_the_same_bits(numbers, factor):
    values = np.array([number for number in numbers if abs(number) < 1e290] or [0.0])
    assert np.array_equal(scaled(spelled(values, factor), factor), values)


@given(st.floats(0.0, tau, exclude_max=True))
def test_angles_read_back_to_the_same_bits(angle_rad):
    values = np.array([angle_rad])
    assert np.array_equal(scaled(spelled(values, DEG, 360.0), DEG, 360.0), values)


def test_what_no_text_can_say_is_left_empty():
    assert spelled(np.array([np.nan, np.inf, 1.0]), 1.0) == ["", "", "1.0"]


@pytest.mark.parametrize(
    ("value", "number"),
    [("007", 7), (" 42", 42), (7.0, 7), (999_999_999, 999_999_999), (10**9, -1), (10**30, -1),
     ("1" * 30, -1), ("-1", -1), (-1, -1), (1.5, -1), ("1.0", -1), ("1_0", -1), ("٣", -1),
     (True, -1), (None, -1), ("", -1), (float("nan"), -1), (inf, -1)],
)  # fmt: skip
def test_whole_numbers_are_digits_and_nothing_else(value, number):
    assert whole_numbers([value]).tolist() == [number]
    assert whole_numbers(["5", value, 6]).tolist() == [5, number, 6]
