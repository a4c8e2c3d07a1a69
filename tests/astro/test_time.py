import numpy as np
import pytest
from hypothesis import given
from tests.strategies import instants_ns, utc_ns

from skypact.astro.time import (
    NANOSECONDS,
    parse_utc,
    seconds_since,
    tai_ns_from_utc,
    utc_from_tai_ns,
    utc_text,
)
from skypact.base.errors import InputError

DAY_NS = 86_400 * NANOSECONDS


def times(*texts):
    return np.array(texts, "M8[ns]")


# TAI - UTC around three of its steps and today. Source: IERS Bulletin C 10, 16, 52 and 72.
@pytest.mark.parametrize(
    ("utc", "offset_s"),
    [
        ("1995-12-31T23:59:59", 29),
        ("1996-01-01", 30),
        ("1998-12-31T23:59:59.999999999", 31),
        ("1999-01-01", 32),
        ("2016-12-31T23:59:59.999999999", 36),
        ("2017-01-01", 37),
        ("2026-11-20", 37),
    ],
)
def test_tai_is_ahead_by_what_the_bulletins_say(utc, offset_s):
    tai_ns = tai_ns_from_utc(times(utc))
    assert tai_ns - times(utc).astype(np.int64) == offset_s * NANOSECONDS


def test_agrees_with_the_leap_seconds_of_skyfield():
    from skyfield.api import load

    scale = load.timescale(builtin=True)
    for jd, offset_s in zip(scale.leap_dates, scale.leap_offsets, strict=True):
        utc_ns = np.int64(round((jd - 2440587.5) * 86_400)) * NANOSECONDS
        if utc_ns >= times("1972-01-01").astype(np.int64)[0]:
            tai_ns = tai_ns_from_utc(np.array([utc_ns], "M8[ns]"))
            assert tai_ns[0] - utc_ns == offset_s * NANOSECONDS


def test_a_day_with_a_leap_second_has_one_second_more():
    days = tai_ns_from_utc(times("2016-12-30", "2016-12-31", "2017-01-01", "2017-01-02"))
    assert np.diff(days).tolist() == [DAY_NS, DAY_NS + NANOSECONDS, DAY_NS]


def test_seconds_pass_evenly_through_a_leap_second():
    start_ns = tai_ns_from_utc(times("2016-12-31T23:59:59.5"))[0]
    utc, leap = utc_from_tai_ns(start_ns + np.arange(4) * (NANOSECONDS // 2))
    texts = [
        utc_text(time, in_leap_second=bool(is_leap))
        for time, is_leap in zip(utc, leap, strict=True)
    ]
    assert texts == [
        "2016-12-31T23:59:59.500Z",
        "2016-12-31T23:59:60.000Z",
        "2016-12-31T23:59:60.500Z",
        "2017-01-01T00:00:00.000Z",
    ]


@given(instants_ns)
def test_every_instant_survives_its_text(tai_ns):
    utc, leap = utc_from_tai_ns(np.array([tai_ns]))
    text = utc_text(utc[0], in_leap_second=bool(leap[0]), decimals=9)
    read, second_60 = parse_utc(text)
    back = tai_ns_from_utc(np.array([read]), in_leap_second=np.array([second_60]))
    assert back[0] == tai_ns
    assert (":60." in text) == second_60 == leap[0]


@given(utc_ns, utc_ns)
def test_later_in_utc_is_later_in_tai(one_ns, other_ns):
    one, other = tai_ns_from_utc(np.array([one_ns, other_ns], "M8[ns]"))
    assert (one_ns < other_ns) == (one < other)


@pytest.mark.parametrize("decimals", range(10))
def test_text_is_cut_and_not_rounded_so_that_no_second_60_appears(decimals):
    text = utc_text(np.datetime64("2024-11-01T23:59:59.999999999", "ns"), decimals=decimals)
    assert text == "2024-11-01T23:59:59" + ("." + "9" * decimals if decimals else "") + "Z"


def test_a_time_without_fraction_has_its_decimals():
    assert utc_text(np.datetime64("2024-11-01", "s")) == "2024-11-01T00:00:00.000Z"


def test_an_unknown_time_is_called_so():
    assert utc_text(np.datetime64("NaT", "ns")) == "NaT"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-11-01", "2024-11-01T00:00:00"),
        (" 2024-11-01 06:07Z ", "2024-11-01T06:07:00"),
        ("2024-11-01T06:07:08.", "2024-11-01T06:07:08"),
        ("2024-11-01 06:07:08.9", "2024-11-01T06:07:08.9"),
        ("2024-11-01T06:07:08.1234567899Z", "2024-11-01T06:07:08.123456789"),
        ("1957-01-01", "1957-01-01"),
        ("2199-12-31T23:59:59.999999999", "2199-12-31T23:59:59.999999999"),
    ],
)
def test_reads_dates_minutes_and_fractions(text, meant):
    assert parse_utc(text) == (np.datetime64(meant, "ns"), False)


# Years that wrap round in 64-bit nanoseconds, words that numpy takes for the clock's time,
# a local time that numpy converts with a warning, digits of other scripts.
@pytest.mark.parametrize(
    "text",
    [
        "", "now", "today", "NaT", "2024", "2024-11", "20241101", "2024-306",
        "99999999999999999999",
        "-5000-01-01", "+2024-11-01", "0000-01-01", "1956-12-31T23:59:59.999", "2200-01-01",
        "2600-01-01", "3000-01-01T00:00:00", "9999-12-31", "2024-13-01", "2023-02-29",
        "2024-11-01T24:00:00", "2024-11-01T00:60", "2024-11-01T00:00:61",
        "2024-11-01T00:00:00+09:00", "2024-11-01T00:00:00-0500", "2024-11-01T00:00:00ZZ",
        "2024-11-01T00:00:00,5", "2024-11-01T00:00:00\x00", "２０２４-11-01",
    ],
)  # fmt: skip
def test_refuses_what_is_not_a_utc_time(text):
    with pytest.raises(InputError):
        parse_utc(text)


@pytest.mark.parametrize("text", ["2016-12-31T23:59:60", "1972-06-30 23:59:60.999999999Z"])
def test_reads_second_60_where_there_was_one(text):
    utc, in_leap_second = parse_utc(text)
    assert in_leap_second
    assert str(utc)[17:19] == "59"


@pytest.mark.parametrize(
    "text",
    ["2024-11-01T23:59:60", "2016-12-31T12:00:60", "2016-12-30T23:59:60", "1971-12-31T23:59:60"],
)
def test_refuses_second_60_where_there_was_none(text):
    with pytest.raises(InputError, match="no leap second"):
        parse_utc(text)


@pytest.mark.parametrize(
    ("time", "unit"),
    [
        ("NaT", "ns"), ("1956-12-31T23:59:59.999999999", "ns"), ("2200-01-01", "ns"),
        # In nanoseconds this is 2015.
        ("2600-01-01", "s"), ("30000-01-01", "D"), ("1500", "Y"),
    ],
)  # fmt: skip
def test_one_time_out_of_range_is_named_whatever_its_unit(time, unit):
    column = np.array(["1970", time], f"M8[{unit}]")
    with pytest.raises(InputError, match="between 1957 and 2200"):
        tai_ns_from_utc(column)


@pytest.mark.parametrize(("days", "error_s"), [(99, 1e-9), (36_525, 5e-7)])
def test_elapsed_seconds_are_as_exact_as_promised(days, error_s):
    start_ns = int(tai_ns_from_utc(times("2024-11-01"))[0])
    ns = np.arange(1_000)
    elapsed_s = seconds_since(start_ns + days * DAY_NS + ns, start_ns)
    # The whole days are an exact float64, so this difference is exact too.
    assert np.abs((elapsed_s - days * 86_400.0) - ns * 1e-9).max() < error_s
