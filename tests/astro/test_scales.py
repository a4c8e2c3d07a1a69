import numpy as np
import pytest

from skypact.astro.scales import SCALES, tai_ns_from_clock
from skypact.astro.time import NANOSECONDS


def clock(text):
    return np.array([text], "M8[ns]").astype(np.int64)


# What each clock reads at 2017-01-01 00:00:00 TAI: TT by its definition, GPS by ICD-GPS-200,
# UTC by Bulletin C 52 (36 s until the leap second ended that day).
@pytest.mark.parametrize(
    ("scale", "reading"),
    [
        ("TAI", "2017-01-01T00:00:00"),
        ("UTC", "2016-12-31T23:59:24"),
        ("GPS", "2016-12-31T23:59:41"),
        ("TT", "2017-01-01T00:00:32.184"),
        ("TDT", "2017-01-01T00:00:32.184"),
    ],
)
def test_clocks_that_differ_by_whole_offsets_agree_to_the_nanosecond(scale, reading):
    tai_ns = tai_ns_from_clock(clock(reading), scale)
    assert tai_ns == clock("2017-01-01T00:00:00")


def test_tdb_agrees_with_the_longer_series_of_skyfield():
    from skyfield.timelib import tdb_minus_tt

    days = np.arange(0, 20_000, 37)
    readings = clock("1975-01-01") + days * 86400 * NANOSECONDS
    tt_ns = tai_ns_from_clock(readings, "TDB") + 32_184_000_000
    ahead_s = (readings - tt_ns) / NANOSECONDS
    jd = 2440587.5 + readings / (86400 * NANOSECONDS)
    assert np.abs(ahead_s - tdb_minus_tt(jd)).max() < 60e-6
    assert np.abs(ahead_s).max() == pytest.approx(0.001657, abs=1e-6)


def test_coordinate_times_gain_on_tt_at_their_defining_rates():
    since_1977_s = 40 * 365.25 * 86400
    reading = clock("1977-01-01T00:00:32.184") + round(since_1977_s * NANOSECONDS)
    tt_ns = tai_ns_from_clock(reading, "TCG") + 32_184_000_000
    assert (reading - tt_ns)[0] / NANOSECONDS == pytest.approx(6.969290134e-10 * since_1977_s)
    tt_ns = tai_ns_from_clock(reading, "TCB") + 32_184_000_000
    gained_s = (reading - tt_ns)[0] / NANOSECONDS
    assert gained_s == pytest.approx(1.550519768e-8 * since_1977_s, abs=0.002)


def test_a_clock_that_is_not_known_is_not_guessed():
    with pytest.raises(KeyError):
        tai_ns_from_clock(clock("2020-01-01"), "MRT")
    assert "UT1" not in SCALES
