import csv
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.astro.frames import gmst_1982_rad, known_frame, teme_from
from skypact.astro.orientation import (
    NO_EARTH_ORIENTATION,
    EarthOrientation,
    bundled_earth_orientation,
    tai_minus_utc_s,
)
from skypact.astro.time import NANOSECONDS, tai_ns_from_utc
from skypact.base.errors import InputError

AUTHORITIES = Path(__file__).parents[1] / "authorities"
ARCSECOND_RAD = np.pi / 648_000.0
EPOCH = tai_ns_from_utc(np.array(["2026-11-20"], "M8[ns]"))


def cases(name):
    with (AUTHORITIES / name).open() as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def steady_orientation(tai_ns, ut1_minus_utc_s, pole_x_rad=0.0, pole_y_rad=0.0):
    """The same UT1 - UTC and pole for half an hour from an instant without a leap second."""
    around = np.array([tai_ns, tai_ns + 1800 * NANOSECONDS])
    return EarthOrientation(
        source="a test",
        tai_ns=around,
        ut1_minus_tai_s=ut1_minus_utc_s - tai_minus_utc_s(around),
        pole_x_rad=np.full(2, pole_x_rad),
        pole_y_rad=np.full(2, pole_y_rad),
    )


def vector(case, names):
    return np.array([[float(case[name]) * 1e3 for name in names]])


def test_agrees_with_the_published_teme_example():
    (case,) = cases("teme_vallado_2006.csv")
    tai_ns = tai_ns_from_utc(np.array([case["utc"]], "M8[ns]"))
    orientation = steady_orientation(
        int(tai_ns[0]),
        float(case["ut1_minus_utc_s"]),
        float(case["pole_x_arcsec"]) * ARCSECOND_RAD,
        float(case["pole_y_arcsec"]) * ARCSECOND_RAD,
    )
    r_m = vector(case, ["x_itrf_km", "y_itrf_km", "z_itrf_km"])
    v_m_s = vector(case, ["vx_itrf_km_s", "vy_itrf_km_s", "vz_itrf_km_s"])
    r_teme_m, v_teme_m_s, note = teme_from("ITRF2000", tai_ns, r_m, v_m_s, orientation=orientation)
    # The paper's Julian date in one float64 is good to 20 microseconds: 12 mm at this radius.
    published_m = vector(case, ["x_teme_km", "y_teme_km", "z_teme_km"])
    assert np.abs(r_teme_m - published_m).max() < 0.012
    published_m_s = vector(case, ["vx_teme_km_s", "vy_teme_km_s", "vz_teme_km_s"])
    assert np.abs(v_teme_m_s - published_m_s).max() < 2e-5
    assert note.frame == "ITRF"
    assert note.orientation == "a test"


@pytest.mark.parametrize(
    "case", cases("teme_skyfield.csv"), ids=lambda c: f"{c['frame']}-{c['utc']}"
)
def test_agrees_with_skyfield(case):
    tai_ns = tai_ns_from_utc(np.array([case["utc"]], "M8[ns]"))
    orientation = steady_orientation(int(tai_ns[0]), float(case["ut1_minus_utc_s"]))
    r_m = vector(case, ["x_km", "y_km", "z_km"])
    v_m_s = vector(case, ["vx_km_s", "vy_km_s", "vz_km_s"])
    r_teme_m, v_teme_m_s, _ = teme_from(case["frame"], tai_ns, r_m, v_m_s, orientation=orientation)
    error_m = np.abs(r_teme_m - vector(case, ["x_teme_km", "y_teme_km", "z_teme_km"])).max()
    assert error_m < 2e-10 * np.linalg.norm(r_m)  # 1.4 mm at 7000 km
    expected_m_s = vector(case, ["vx_teme_km_s", "vy_teme_km_s", "vz_teme_km_s"])
    assert np.abs(v_teme_m_s - expected_m_s).max() < 1e-11 * np.linalg.norm(r_m)


@pytest.mark.parametrize("frame", ["GCRF", "EME2000", "TOD", "MOD"])
def test_interpolated_nutation_is_nutation(frame):
    import brahe

    names = {"EME2000": "eme2000", "GCRF": "gcrf", "TOD": "tod", "MOD": "mod"}
    offsets_ns = np.random.default_rng(1).integers(0, 40 * 86400 * NANOSECONDS, 50)
    tai_ns = EPOCH + offsets_ns
    r_m = np.tile([7.0e6, 0.0, 0.0], (50, 1))
    found, _, _ = teme_from(frame, tai_ns, r_m, r_m)
    mjds = 40587.0 + tai_ns / (86400 * NANOSECONDS)
    epochs = [brahe.Epoch.from_mjd(float(mjd), brahe.TAI) for mjd in mjds]
    dcm = np.array(brahe.rotation_gcrf_to_teme(epochs))
    if frame == "EME2000":
        dcm = dcm @ brahe.rotation_eme2000_to_gcrf()
    elif frame != "GCRF":
        to_frame = getattr(brahe, f"rotation_gcrf_to_{names[frame]}")
        dcm = dcm @ np.array(to_frame(epochs)).transpose(0, 2, 1)
    # brahe takes its epochs as float64 days, 1 microsecond: UT1 all but cancels in TEME.
    assert np.abs(found - dcm[:, :, 0] * 7.0e6).max() < 1e-5


def test_a_zero_moves_an_earth_fixed_state_by_no_more_than_it_says():
    tai_ns = EPOCH
    r_m, v_m_s = np.array([[7.0e6, 0.0, 0.0]]), np.zeros((1, 3))
    extreme = steady_orientation(
        int(tai_ns[0]), 0.9, 0.6 * ARCSECOND_RAD / np.sqrt(2), 0.6 * ARCSECOND_RAD / np.sqrt(2)
    )
    with_data, _, _ = teme_from("ITRF", tai_ns, r_m, v_m_s, orientation=extreme)
    with_zero, _, note = teme_from("ITRF", tai_ns, r_m, v_m_s)
    moved_m = np.linalg.norm(with_data - with_zero)
    assert note.orientation == "zero"
    assert 450.0 < moved_m <= note.effect_bound_m < 500.0


def test_grc_and_tdr_leave_the_pole_where_it_is_and_say_what_that_may_cost():
    orientation = steady_orientation(int(EPOCH[0]), 0.1, 1e-6, 2e-6)
    level = steady_orientation(int(EPOCH[0]), 0.1)
    r_m = np.array([[7.0e6, 0.0, 0.0]])
    expected_m, _, fixed = teme_from("ITRF", EPOCH, r_m, r_m, orientation=level)
    for frame in ("GRC", "TDR"):
        found_m, _, note = teme_from(frame, EPOCH, r_m, r_m, orientation=orientation)
        assert np.array_equal(found_m, expected_m)
        pole_m = 7.0e6 * 0.6 * ARCSECOND_RAD
        assert note.effect_bound_m - fixed.effect_bound_m == pytest.approx(pole_m)


def test_ut1_is_taken_from_the_bundled_values():
    orientation = bundled_earth_orientation()
    tai_ns = tai_ns_from_utc(np.array(["2004-04-06T07:51:28.386009"], "M8[ns]"))
    # The published value, within what daily values interpolate to.
    assert orientation.ut1_minus_utc_s(tai_ns)[0] == pytest.approx(-0.4399619, abs=1e-3)
    x_rad, y_rad = orientation.pole_rad(tai_ns)
    assert x_rad[0] == pytest.approx(-0.140682 * ARCSECOND_RAD, abs=2e-3 * ARCSECOND_RAD)
    assert y_rad[0] == pytest.approx(0.333309 * ARCSECOND_RAD, abs=2e-3 * ARCSECOND_RAD)


def test_ut1_flows_steadily_through_a_leap_second():
    orientation = bundled_earth_orientation()
    start = tai_ns_from_utc(np.array(["2016-12-31T23:59:58"], "M8[ns]"))
    through = start + np.arange(0, 5 * NANOSECONDS, NANOSECONDS // 4)
    turned_rad = np.diff(np.unwrap(gmst_1982_rad(through, orientation)))
    assert turned_rad == pytest.approx(7.2921158e-5 / 4, rel=1e-6)


def test_times_outside_the_data_are_zero_and_the_note_says_so():
    orientation = steady_orientation(int(EPOCH[0]), 0.5)
    later = EPOCH + 86400 * NANOSECONDS
    r_m = np.array([[7.0e6, 0.0, 0.0]])
    assert orientation.ut1_minus_utc_s(later)[0] == 0.0
    *_, note = teme_from("ITRF", later, r_m, r_m, orientation=orientation)
    assert "zero at times outside it" in note.orientation
    assert note.effect_bound_m > 400.0


def test_a_frame_of_date_frozen_at_an_epoch_stands_still():
    r_m = np.array([[7.0e6, 1.0e6, 2.0e6]])
    then = int(EPOCH[0])
    later = EPOCH + 365 * 86400 * NANOSECONDS
    for frame in ("TOD", "MOD", "TEME"):
        of_date, _, _ = teme_from(frame, EPOCH, r_m, r_m)
        frozen, _, _ = teme_from(frame, EPOCH, r_m, r_m, frame_epoch_tai_ns=then)
        assert np.abs(of_date - frozen).max() < 1e-6
        a_year_on, _, _ = teme_from(frame, later, r_m, r_m, frame_epoch_tai_ns=then)
        # TEME's equinox precesses by 46 arcseconds a year (IAU: 50.3 cos 23.4 deg).
        turned_arcsec = np.linalg.norm(a_year_on - of_date) / np.linalg.norm(r_m) / ARCSECOND_RAD
        assert 30.0 < turned_arcsec < 60.0


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("ITRF-93", "ITRF"),
        ("itrf2020", "ITRF"),
        ("ICRF", "GCRF"),
        ("J2000", "EME2000"),
        ("TEMEOFDATE", "TEME"),
        ("TOD_EARTH", "TOD"),
        ("GTOD", "TDR"),
    ],
)
def test_knows_a_frame_by_its_other_names(name, frame):
    assert known_frame(name) == frame


@pytest.mark.parametrize("name", ["", "MCI", "RTN", "ECLIPJ2000", "GCRF2"])
def test_an_unknown_frame_is_named_in_the_refusal(name):
    with pytest.raises(InputError, match="expected a frame such as GCRF") as error:
        known_frame(name)
    assert repr(name) in str(error.value)


def test_an_earth_fixed_frame_cannot_be_frozen():
    r_m = np.zeros((1, 3))
    with pytest.raises(InputError, match="cannot be frozen"):
        teme_from("ITRF", EPOCH, r_m, r_m, frame_epoch_tai_ns=0)


@given(
    st.sampled_from(["GCRF", "ICRF", "EME2000", "TOD", "MOD", "TEME", "ITRF", "GRC", "TDR"]),
    st.integers(-378_000_000, 5_000_000_000),
    st.lists(st.floats(-5e7, 5e7), min_size=3, max_size=3),
)
def test_no_frame_changes_a_radius(frame, tai_s, position_m):
    tai_ns = np.array([tai_s * NANOSECONDS])
    r_m = np.array([position_m])
    r_teme_m, _, note = teme_from(
        frame, tai_ns, r_m, np.zeros((1, 3)), orientation=NO_EARTH_ORIENTATION
    )
    assert np.linalg.norm(r_teme_m) == pytest.approx(np.linalg.norm(r_m), rel=1e-12, abs=1e-6)
    assert note.effect_bound_m >= 0.0


def test_ten_thousand_states_take_well_under_a_second():
    tai_ns = EPOCH + np.arange(10_000) * 60 * NANOSECONDS
    r_m = np.random.default_rng(2).normal(0.0, 7e6, (10_000, 3))
    begin = time.process_time()
    teme_from("GCRF", tai_ns, r_m, r_m)
    assert time.process_time() - begin < 0.3
