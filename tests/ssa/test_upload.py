from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.ephemeris_examples import (
    EARTH_MU_M3_S2,
    circular_ephemeris,
    period_s,
)

from skypact.astro.time import NANOSECONDS
from skypact.ssa.upload import Verdict, check_upload

GEO_M = 42_164e3
NOW = np.datetime64("2026-11-20T00:00:00", "ns")


def verdicts(ephemeris, now_utc=NOW):
    return {f.requirement: f.verdict for f in check_upload(ephemeris, now_utc=now_utc)}


def good_ephemeris(**changed):
    fitting = {"days": 7.0, "step_s": 58.0, "covariances": True}
    return circular_ephemeris(**(fitting | changed))


def test_a_good_upload_meets_all_that_a_file_can_show():
    assert verdicts(good_ephemeris()) == {
        "predictive duration": Verdict.MET,
        "delivery frequency": Verdict.MET,
        "point spacing": Verdict.MET,
        "covariance at each point": Verdict.MET,
        "covariance realism": Verdict.CANNOT_TELL,
        "manoeuvres": Verdict.CANNOT_TELL,
    }


@pytest.mark.parametrize(
    ("radius_m", "days", "verdict"),
    [
        (7.0e6, 6.9, Verdict.NOT_MET),
        (7.0e6, 7.1, Verdict.MET),
        (GEO_M, 13.9, Verdict.NOT_MET),
        (GEO_M, 14.1, Verdict.MET),
    ],
)
def test_low_orbits_need_7_days_and_others_14(radius_m, days, verdict):
    step_s = period_s(radius_m) / 100.0
    found = verdicts(circular_ephemeris(radius_m=radius_m, days=days, step_s=step_s))
    assert found["predictive duration"] is verdict


def test_what_lies_before_the_creation_date_predicts_nothing():
    ephemeris = good_ephemeris()
    later = replace(ephemeris, marks=replace_produced(ephemeris, "2026-11-21T00:00:00Z"))
    finding = check_upload(later)[0]
    assert finding.verdict is Verdict.NOT_MET
    assert finding.found == "6.00 days after creation"


def replace_produced(ephemeris, produced_at):
    import msgspec

    return msgspec.structs.replace(ephemeris.marks, produced_at=produced_at)


def test_a_gap_between_segments_is_told():
    ephemeris = good_ephemeris(cuts=(1000,))
    first, second = ephemeris.segments
    shorter = replace(first, useable_stop_tai_ns=first.useable_stop_tai_ns - 600 * NANOSECONDS)
    finding = check_upload(replace(ephemeris, segments=(shorter, second)))[0]
    assert "658 s between segments are not useable" in finding.found


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        ("2026-11-20T21:59:00", Verdict.MET),
        ("2026-11-20T22:01:00", Verdict.NOT_MET),
    ],
)
def test_a_low_orbit_is_delivered_daily(now, verdict):
    found = verdicts(good_ephemeris(), np.datetime64(now, "ns"))
    assert found["delivery frequency"] is verdict


def test_how_often_is_not_told_without_a_clock_or_a_creation_date():
    ephemeris = good_ephemeris()
    undated = replace(ephemeris, marks=replace_produced(ephemeris, None))
    assert verdicts(ephemeris, None)["delivery frequency"] is Verdict.CANNOT_TELL
    assert verdicts(undated)["delivery frequency"] is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [(120.0, Verdict.MET), (100.0, Verdict.MET), (85.0, Verdict.NOT_MET), (1.4, Verdict.NOT_MET)],
)
def test_points_stand_about_a_hundredth_of_an_orbit_apart(parts, verdict):
    ephemeris = circular_ephemeris(step_s=period_s(7.0e6) / parts, days=1.0)
    assert verdicts(ephemeris)["point spacing"] is verdict


def test_a_state_once_per_orbit_is_not_close_for_being_in_the_same_place():
    finding = check_upload(circular_ephemeris(step_s=period_s(7.0e6), days=7.0))[2]
    assert finding.verdict is Verdict.NOT_MET
    assert finding.found.startswith("widest step 1/1.0 of the period")


def test_spacing_even_in_true_anomaly_is_as_good_as_spacing_in_time():
    """An orbit of e = 0.7 with a state every 3.6 degrees: 1/26 of the period at apogee."""
    eccentricity, axis_m = 0.7, 26_560e3
    nu_rad = np.radians(np.arange(0.0, 720.0, 3.6))
    p_m = axis_m * (1.0 - eccentricity**2)
    radius_m = p_m / (1.0 + eccentricity * np.cos(nu_rad))
    eccentric_rad = 2.0 * np.arctan2(
        np.sqrt(1.0 - eccentricity) * np.sin(nu_rad / 2.0),
        np.sqrt(1.0 + eccentricity) * np.cos(nu_rad / 2.0),
    )
    mean_rad = np.unwrap(eccentric_rad - eccentricity * np.sin(eccentric_rad))
    times_s = mean_rad * np.sqrt(axis_m**3 / EARTH_MU_M3_S2)
    zero = np.zeros_like(nu_rad)
    r_m = radius_m[:, None] * np.stack([np.cos(nu_rad), np.sin(nu_rad), zero], axis=1)
    speed = np.sqrt(EARTH_MU_M3_S2 / p_m)
    v_m_s = speed * np.stack([-np.sin(nu_rad), eccentricity + np.cos(nu_rad), zero], axis=1)
    round_one = circular_ephemeris(step_s=60.0, days=len(times_s) / 1440.0 - 0.5 / 1440.0)
    ephemeris = replace(
        round_one,
        times_tai_ns=round_one.times_tai_ns[0] + np.rint(times_s * NANOSECONDS).astype(np.int64),
        r_m=r_m,
        v_m_s=v_m_s,
    )
    finding = check_upload(ephemeris)[2]
    assert finding.verdict is Verdict.MET
    assert "3.60 deg of arc" in finding.found
    sparse = replace(
        ephemeris,
        times_tai_ns=ephemeris.times_tai_ns[::2],
        r_m=r_m[::2],
        v_m_s=v_m_s[::2],
        segments=(replace(ephemeris.segments[0], stop_row=len(times_s[::2])),),
    )
    assert check_upload(sparse)[2].verdict is Verdict.NOT_MET


def test_one_state_without_covariance_is_one_too_few():
    ephemeris = good_ephemeris()
    given = ephemeris.covariances
    fewer = replace(
        given,
        times_tai_ns=np.delete(given.times_tai_ns, 5),
        matrices=np.delete(given.matrices, 5, axis=0),
        frames=given.frames[1:],
        segment=np.delete(given.segment, 5),
    )
    finding = check_upload(replace(ephemeris, covariances=fewer))[3]
    assert finding.verdict is Verdict.NOT_MET
    assert finding.found == f"{len(ephemeris) - 1} of {len(ephemeris)} useable states have one"


def test_a_matrix_that_no_errors_can_have_is_not_met():
    ephemeris = good_ephemeris()
    matrices = ephemeris.covariances.matrices.copy()
    matrices[7, 0, 1] = matrices[7, 1, 0] = 201.0  # a correlation above one
    wrong = replace(ephemeris, covariances=replace(ephemeris.covariances, matrices=matrices))
    finding = check_upload(wrong)[4]
    assert finding.verdict is Verdict.NOT_MET
    assert finding.found.startswith(f"1 of {len(ephemeris)}")


def test_an_orbit_that_cannot_be_judged_is_said_to_be_so():
    findings = check_upload(good_ephemeris(centre="MARS"))
    assert findings[0].requirement == "orbit regime"
    assert findings[0].verdict is Verdict.CANNOT_TELL
    assert "MARS" in findings[0].found
    flyby = circular_ephemeris()
    leaving = replace(flyby, v_m_s=flyby.v_m_s * 1.5)
    assert "no closed orbit" in check_upload(leaving)[0].found
