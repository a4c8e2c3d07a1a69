import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.formats.ccsds.times import clock_readings

FIRST, LAST = np.datetime64("1957-01-01", "ns"), np.datetime64("2199-12-31T23:59:59", "ns")
instants = st.integers(int(FIRST.astype(int)), int(LAST.astype(int)))


@given(st.lists(instants, min_size=1, max_size=20), st.sampled_from(["", "Z"]))
def test_a_written_instant_comes_back_to_the_nanosecond(instants_ns, zone):
    texts = [f"{np.datetime64(instant, 'ns')}{zone}" for instant in instants_ns]
    readings = clock_readings(texts)
    assert readings.clock_ns.tolist() == instants_ns
    assert not readings.unreadable.any()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-20",
        "2026-11-20 06:00:00",
        "2026-11-31T06:00:00",
        "2026-000T06:00:00",
        "2026-366T06:00:00",
        "2026-11-20T24:00:00",
        "2026-11-20T06:00:61",
        "2026-11-20T0-:01:00",
        "2026-11-20T06:00:00..",
        "2026-11-20T06:00:001",
        "2026-11-20T06:00:00+01:00",
        "2026-11-20T06:00:00\0",
        "1956-12-31T23:59:59",
        "2200-01-01T00:00:00",
        "9999-12-31T00:00:00",
        "²026-11-20T06:00:00",
    ],
)
def test_what_is_no_time_is_unreadable_alone_and_among_others(text):
    good = "2026-11-20T06:00:00"
    assert clock_readings([text]).unreadable.tolist() == [True]
    assert clock_readings([good, text, good]).unreadable.tolist() == [False, True, False]


def test_more_decimals_than_nanoseconds_are_cut_off():
    text = "2026-11-20T06:00:00.1234567899999"
    expected = np.datetime64("2026-11-20T06:00:00.123456789", "ns").astype(int)
    assert clock_readings([text, text]).clock_ns.tolist() == [expected] * 2
    assert clock_readings([text + "9" * 30]).clock_ns.tolist() == [expected]


def test_day_of_year_counts_leap_days():
    readings = clock_readings(["2024-366T12:00:00", "2024-060T00:00:00.5"])
    expected = np.array(["2024-12-31T12:00:00", "2024-02-29T00:00:00.5"], "M8[ns]")
    assert readings.clock_ns.tolist() == expected.astype(int).tolist()


def test_a_second_60_repeats_the_second_before_and_is_marked():
    readings = clock_readings(["2016-12-31T23:59:60.25"])
    assert readings.second_60.tolist() == [True]
    expected = np.datetime64("2016-12-31T23:59:59.25", "ns").astype(int)
    assert readings.clock_ns.tolist() == [expected]
