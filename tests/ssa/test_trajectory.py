from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.ephemeris_examples import START_TAI_NS, circle, circular_ephemeris

from skypact.astro.interpolation import HERMITE, LAGRANGE, ephemeris_states
from skypact.astro.time import NANOSECONDS
from skypact.base.errors import InputError
from skypact.ssa.trajectory import NOT_STATED, teme_trajectory


def states(trajectory, piece, t_s):
    first, last = trajectory.pieces[piece]
    return ephemeris_states(
        t_s,
        trajectory.times_s,
        trajectory.r_teme_m,
        trajectory.v_teme_m_s,
        first,
        last,
        trajectory.degree[piece],
        trajectory.method[piece],
    )


def test_the_owners_method_and_degree_are_used():
    stated = {"interpolation": "LAGRANGE", "interpolation_degree": 7}
    trajectory = teme_trajectory(circular_ephemeris(**stated))
    assert (trajectory.method[0], trajectory.degree[0]) == (LAGRANGE, 7)
    (words,) = trajectory.interpolation
    assert words.startswith("LAGRANGE of degree 7, stated; leaving one row out errs by ")
    stated = {"interpolation": "HERMITE", "interpolation_degree": 5}
    trajectory = teme_trajectory(circular_ephemeris(**stated))
    assert (trajectory.method[0], trajectory.degree[0]) == (HERMITE, 5)


def test_linear_means_linear_and_its_error_is_told():
    trajectory = teme_trajectory(circular_ephemeris(interpolation="LINEAR", interpolation_degree=9))
    assert (trajectory.method[0], trajectory.degree[0]) == (LAGRANGE, 1)
    # A chord of two minutes sags by r (n h)^2 / 2, h a minute.
    rate_rad_s = np.sqrt(3.986004418e14 / 7.0e6**3)
    assert trajectory.leave_one_out_p99_m[0] == pytest.approx(
        7.0e6 * (rate_rad_s * 60.0) ** 2 / 2.0, rel=1e-2
    )


def test_what_is_not_stated_is_chosen_well_and_said():
    trajectory = teme_trajectory(circular_ephemeris(step_s=300.0, days=0.5))
    assert "chosen by leave-one-out error" in trajectory.interpolation[0]
    t_s = np.linspace(0.0, 43_200.0, 5000)
    error_m = np.linalg.norm(states(trajectory, 0, t_s)[:, :3] - circle(t_s, 7.0e6)[0], axis=1)
    assert error_m.max() < 0.01
    assert error_m.max() <= trajectory.leave_one_out_max_m[0]


def test_a_stated_method_is_kept_when_only_its_degree_is_missing():
    trajectory = teme_trajectory(circular_ephemeris(interpolation="LAGRANGE"))
    assert trajectory.method[0] == LAGRANGE
    assert "only the method is stated" in trajectory.interpolation[0]


def test_a_degree_that_the_rows_cannot_carry_is_lowered_and_said():
    few = circular_ephemeris(days=180.0 / 86400.0, interpolation="HERMITE", interpolation_degree=11)
    trajectory = teme_trajectory(few)
    assert len(few) == 4
    assert trajectory.degree[0] == 7
    assert "lowered from 11: 4 rows carry no more" in trajectory.interpolation[0]


def test_two_rows_are_joined_by_a_cubic():
    trajectory = teme_trajectory(circular_ephemeris(days=60.0 / 86400.0))
    assert len(trajectory) == 2
    assert (trajectory.method[0], trajectory.degree[0]) == (HERMITE, 3)
    assert np.isnan(trajectory.leave_one_out_max_m[0])


def test_no_interpolation_reaches_across_a_burn():
    calm = circular_ephemeris(cuts=(70,))
    v_m_s = calm.v_m_s.copy()
    r_m = calm.r_m.copy()
    r_m[70:], v_m_s[70:] = 2.0 * r_m[70:], -v_m_s[70:]
    burnt = teme_trajectory(replace(calm, r_m=r_m, v_m_s=v_m_s))
    whole = teme_trajectory(calm)
    assert burnt.pieces.tolist() == [[0, 70], [70, len(calm)]]
    t_s = np.linspace(0.0, 69 * 60.0, 500)
    assert np.array_equal(states(burnt, 0, t_s), states(whole, 0, t_s))
    assert burnt.leave_one_out_max_m[0] < 1e-3


def test_useable_times_are_seconds_from_the_first_row():
    spans = {
        "useable_start_tai_ns": START_TAI_NS + 90 * NANOSECONDS,
        "useable_stop_tai_ns": START_TAI_NS + 3600 * NANOSECONDS,
    }
    trajectory = teme_trajectory(circular_ephemeris(**spans))
    assert trajectory.epoch_tai_ns == START_TAI_NS
    assert trajectory.useable_s.tolist() == [[90.0, 3600.0]]


def test_every_piece_is_turned_from_its_own_frame():
    mixed = circular_ephemeris(cuts=(70,))
    first, second = mixed.segments
    trajectory = teme_trajectory(replace(mixed, segments=(first, replace(second, frame="EME2000"))))
    assert [note.frame for note in trajectory.notes] == ["TEME", "EME2000"]
    assert np.array_equal(trajectory.r_teme_m[:70], mixed.r_m[:70])
    moved_m = np.linalg.norm(trajectory.r_teme_m[70:] - mixed.r_m[70:], axis=1)
    assert moved_m.min() > 1000.0  # 27 years of precession
    assert mixed.r_m.flags.writeable is False


@pytest.mark.parametrize(
    ("object_id", "norad_id"), [("25544", 25544), ("1998-067A", NOT_STATED), ("", NOT_STATED)]
)
def test_a_catalogue_number_is_taken_from_the_object_id_where_it_stands_there(object_id, norad_id):
    ephemeris = replace(circular_ephemeris(), object_id=object_id)
    assert teme_trajectory(ephemeris).norad_id == norad_id
    assert teme_trajectory(ephemeris, norad_id=7).norad_id == 7


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_placed_in_time": False, "time_system": "MRT"}, "MRT cannot be placed"),
        ({"segments": ()}, "no segment"),
    ],
)
def test_what_cannot_be_screened_is_refused_by_name(change, message):
    with pytest.raises(InputError, match=message) as error:
        teme_trajectory(replace(circular_ephemeris(), **change))
    assert "EXAMPLE 1" in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"), [({"centre": "MARS"}, "states about MARS"), ({"frame": "MCI"}, "'MCI'")]
)
def test_states_that_are_not_about_the_earth_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        teme_trajectory(circular_ephemeris(**change))
