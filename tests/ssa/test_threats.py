"""A threat from a message: one frame, covariances in the objects' own axes, what is unknown."""

import numpy as np
import pytest
from tests.ssa import conjunction_examples as examples

from skypact.astro.frames import teme_from
from skypact.base.errors import InputError
from skypact.ssa.encounters import encounters_of
from skypact.ssa.threats import threat_of_encounter, threat_of_message


def test_states_are_turned_and_distances_stay():
    message = examples.message()
    threat = threat_of_message(message)
    apart_m = threat.state2_gcrf[:3] - threat.state1_gcrf[:3]
    expected_m = np.array(message.secondary.r_m) - np.array(message.primary.r_m)
    assert np.linalg.norm(apart_m) == pytest.approx(np.linalg.norm(expected_m), abs=1e-6)
    # Through TEME by either way round the state is the same.
    teme = [
        teme_from(
            frame, np.array([message.tca_tai_ns]), np.array([state[:3]]), np.array([state[3:]])
        )[:2]
        for frame, state in (
            ("GCRF", threat.state1_gcrf),
            ("EME2000", np.array([*message.primary.r_m, *message.primary.v_m_s])),
        )
    ]
    assert teme[0][0] == pytest.approx(teme[1][0], abs=1e-5)
    assert teme[0][1] == pytest.approx(teme[1][1], abs=1e-8)


def test_covariances_come_back_as_the_message_says_them():
    threat = threat_of_message(examples.message())
    expected = np.array(examples.round_covariance())
    assert threat.covariance1_rtn == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert threat.covariance2_rtn == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert threat.hard_body_radius_m == 10.0
    assert (threat.primary_norad_id, threat.secondary_norad_id) == (25544, 39227)


def test_an_unknown_velocity_leaves_the_position_known():
    rows = np.array(examples.round_covariance())
    rows[3:], rows[:, 3:] = np.nan, np.nan
    party = examples.party(covariance_rtn=tuple(map(tuple, rows)))
    threat = threat_of_message(examples.message(primary=party))
    assert np.isfinite(threat.covariance1_rtn[:3, :3]).all()
    assert np.isnan(threat.covariance1_rtn[3:, 3:]).all()


def test_a_covariance_of_zero_is_unknown():
    nothing = tuple((0.0,) * 6 for _ in range(6))
    threat = threat_of_message(examples.message(primary=examples.party(covariance_rtn=nothing)))
    assert np.isnan(threat.covariance1_rtn).all()


def test_a_designator_that_is_no_catalogue_number_is_none():
    threat = threat_of_message(examples.message(primary=examples.party("1998-067A")))
    assert threat.primary_norad_id == -1


def test_states_in_a_frame_that_nobody_knows_make_no_threat():
    with pytest.raises(InputError, match="frame"):
        threat_of_message(examples.message(primary=examples.party(frame="MARS_ROTATING")))


def test_a_threat_is_one_encounter():
    two = encounters_of([examples.message(), examples.message("M2")]).encounters
    with pytest.raises(InputError, match="not 2"):
        threat_of_encounter(
            two, frame="EME2000", norad_ids=(1, 2), names=("A", "B"), object_id="",
            marks=examples.message().marks,
        )  # fmt: skip
