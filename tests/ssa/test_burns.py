"""Candidate burns, what forbids them, and the error that they are made with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.astro.time import tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.ssa.burns import Burns, Cone, Constraints, ExecutionError, burn_grid, refusals

TIMES_UTC = np.array(["2026-11-20T06:00", "2026-11-20T12:00"], "M8[ns]")
TIMES_NS = tai_ns_from_utc(TIMES_UTC)
TCA_NS = int(TIMES_NS[1]) + 3_600_000_000_000


def test_the_grid_holds_every_time_direction_and_speed_once():
    burns = burn_grid(TIMES_UTC, np.array([0.01, 0.1, 1.0]))
    assert len(burns) == 2 * 6 * 3
    rows = np.column_stack([burns.tai_ns - TIMES_NS[0], np.round(burns.dv_rtn_m_s * 1e6)])
    assert len(np.unique(rows, axis=0)) == len(burns)
    assert set(np.round(np.linalg.norm(burns.dv_rtn_m_s, axis=1), 9)) == {0.01, 0.1, 1.0}
    assert set(burns.tai_ns.tolist()) == set(TIMES_NS.tolist())


def test_a_direction_of_any_length_gives_the_speed_that_was_asked():
    burns = burn_grid(TIMES_UTC[:1], np.array([0.5]), np.array([[3.0, 4.0, 0.0]]))
    assert burns.dv_rtn_m_s == pytest.approx(np.array([[0.3, 0.4, 0.0]]))


def test_what_is_no_burn_is_refused():
    with pytest.raises(InputError, match="above zero"):
        Burns(tai_ns=TIMES_NS[:1], dv_rtn_m_s=np.zeros((1, 3)))
    with pytest.raises(InputError, match="above zero"):
        Burns(tai_ns=TIMES_NS[:1], dv_rtn_m_s=np.full((1, 3), np.nan))
    with pytest.raises(InputError, match="shape"):
        Burns(tai_ns=TIMES_NS, dv_rtn_m_s=np.ones((1, 3)))
    with pytest.raises(InputError, match="positive"):
        burn_grid(TIMES_UTC, np.array([0.0]))
    with pytest.raises(InputError, match="nowhere"):
        burn_grid(TIMES_UTC, np.array([0.1]), np.zeros((1, 3)))


def test_no_constraint_refuses_only_what_comes_too_late():
    burns = burn_grid(TIMES_UTC, np.array([0.1]))
    assert set(refusals(burns, Constraints(), TCA_NS)) == {""}
    late = refusals(burns, Constraints(), int(TIMES_NS[1]))
    assert (late[:6] == "").all()
    assert (late[6:] == "not before the closest approach").all()


def test_a_blackout_holds_its_own_ends():
    burns = burn_grid(TIMES_UTC, np.array([0.1]))
    span = (int(TIMES_NS[0]), int(TIMES_NS[1]) - 1)
    held = refusals(burns, Constraints(blackouts_tai_ns=(span,)), TCA_NS) != ""
    assert (held == (burns.tai_ns == TIMES_NS[0])).all()
    words = refusals(burns, Constraints(blackouts_tai_ns=(span,)), TCA_NS)[0]
    assert words == "no burns from 2026-11-20T06:00:00Z to 2026-11-20T11:59:59Z"


def test_the_budget_itself_may_be_spent():
    burns = burn_grid(TIMES_UTC[:1], np.array([0.1, 0.2, 0.2001]), np.ones((1, 3)))
    assert list(refusals(burns, Constraints(largest_speed_m_s=0.2), TCA_NS) != "") == [
        False, False, True,
    ]  # fmt: skip


def test_thrusters_push_where_one_of_their_cones_points():
    burns = burn_grid(TIMES_UTC[:1], np.array([0.1]))
    ahead = Cone(axis_rtn=(0.0, 2.0, 0.0), half_angle_rad=0.1)
    back = Cone(axis_rtn=(0.0, -1.0, 0.0), half_angle_rad=0.0)
    allowed = refusals(burns, Constraints(cones=(ahead, back)), TCA_NS) == ""
    assert (allowed == (np.abs(burns.dv_rtn_m_s[:, 1]) > 0.0)).all()


def test_every_reason_is_told():
    burns = burn_grid(TIMES_UTC[1:], np.array([5.0]), np.array([[1.0, 0.0, 0.0]]))
    strict = Constraints(
        blackouts_tai_ns=((0, TCA_NS),),
        largest_speed_m_s=1.0,
        cones=(Cone(axis_rtn=(0.0, 0.0, 1.0), half_angle_rad=0.5),),
    )
    words = refusals(burns, strict, 0)[0]
    assert words.count(";") == 3
    for part in ("closest approach", "no burns from", "more than 1 m/s", "outside the directions"):
        assert part in words


@pytest.mark.parametrize("angle", [-0.1, 3.2, np.nan])
def test_a_cone_that_cannot_be_is_refused(angle):
    with pytest.raises(InputError, match="no cone"):
        Cone(axis_rtn=(1.0, 0.0, 0.0), half_angle_rad=angle)


vectors = st.tuples(*[st.floats(-2.0, 2.0)] * 3).filter(lambda v: np.linalg.norm(v) > 1e-3)


@given(vectors, st.floats(0.0, 0.1), st.floats(0.0, 0.2), st.floats(0.0, 0.1), st.floats(0.0, 0.2))
def test_the_error_along_and_across_is_that_of_gates(dv, fixed, ratio, fixed_across, angle):
    model = ExecutionError(
        magnitude_fixed_m_s=fixed, magnitude_ratio=ratio, pointing_fixed_m_s=fixed_across,
        pointing_rad=angle,
    )  # fmt: skip
    dv_m_s = np.array([dv])
    found = model.covariances(dv_m_s)[0]
    speed = np.linalg.norm(dv)
    unit = np.array(dv) / speed
    assert unit @ found @ unit == pytest.approx(fixed**2 + (ratio * speed) ** 2, abs=1e-12)
    across = np.cross(unit, [0.6, 0.0, 0.8])
    if np.linalg.norm(across) > 0.1:
        across /= np.linalg.norm(across)
        expected = fixed_across**2 + (angle * speed) ** 2
        assert across @ found @ across == pytest.approx(expected, abs=1e-12)
        assert across @ found @ unit == pytest.approx(0.0, abs=1e-12)


def test_sampled_burns_spread_as_the_covariance_says():
    # Drawn as the model is told: a length along the burn, a tilt about two axes across it.
    rng = np.random.default_rng(20261120)
    speed, ratio, angle, n = 0.4, 0.02, 0.01, 200_000
    along = speed * (1.0 + ratio * rng.standard_normal(n))
    tilts = angle * rng.standard_normal((2, n))
    sampled = np.stack([speed * tilts[0], along, speed * tilts[1]], axis=1)
    model = ExecutionError(magnitude_ratio=ratio, pointing_rad=angle)
    expected = model.covariances(np.array([[0.0, speed, 0.0]]))[0]
    assert np.cov(sampled.T) == pytest.approx(expected, abs=0.02 * expected.max())


def test_a_negative_error_is_refused():
    with pytest.raises(InputError, match="negative"):
        ExecutionError(magnitude_ratio=-0.01)
