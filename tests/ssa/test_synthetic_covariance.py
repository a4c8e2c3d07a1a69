"""Velocity errors that keep the position errors on their orbit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.ssa.covariance import is_positive_definite
from skypact.ssa.synthetic_covariance import turning_covariances

GM_M3_S2 = 3.986008e14
AXIS_M = 7.0e6
RATE_RAD_S = np.sqrt(GM_M3_S2 / AXIS_M**3)
SPEED_M_S = AXIS_M * RATE_RAD_S
SIGMA_M = np.array([[300.0, 1000.0, 168.0]])
DRIFT_M_S = np.array([1000.0 / 86_400.0])

sigmas_m = st.floats(1.0, 1e5)


def covariance(drift_m_s=DRIFT_M_S):
    return turning_covariances(SIGMA_M, np.array([RATE_RAD_S]), drift_m_s)[0]


def test_the_position_errors_are_those_asked_for_and_uncorrelated():
    assert np.array_equal(covariance()[:3, :3], np.diag(SIGMA_M[0] ** 2))


def test_the_error_of_the_period_is_that_of_the_drift_alone():
    # Vis-viva: a = 1 / (2/r - v²/GM), so da = 2 dr + 2 dv / n on a circle.
    gradient = np.array([2.0, 0.0, 0.0, 0.0, 2.0 / RATE_RAD_S, 0.0])
    axis_sigma_m = np.sqrt(gradient @ covariance() @ gradient)
    assert 1.5 * RATE_RAD_S * axis_sigma_m == pytest.approx(DRIFT_M_S[0], rel=1e-6)


def test_an_error_along_the_orbit_turns_the_velocity_by_the_same_angle():
    # Ahead by 1 m: the velocity has turned towards the centre by 1 m / a.
    turned_m_s = -SPEED_M_S * 1.0 / AXIS_M
    regression = covariance()[3, 1] / covariance()[1, 1]
    assert regression == pytest.approx(turned_m_s, rel=1e-12)


def kepler(state, time_s):
    """Two-body motion in small steps of a fourth-order Runge-Kutta."""
    steps = 50
    step_s = time_s / steps

    def rate(y):
        return np.hstack(
            [y[:, 3:], -GM_M3_S2 * y[:, :3] / np.linalg.norm(y[:, :3], axis=1)[:, None] ** 3]
        )

    for _ in range(steps):
        a = rate(state)
        b = rate(state + 0.5 * step_s * a)
        c = rate(state + 0.5 * step_s * b)
        d = rate(state + step_s * c)
        state = state + step_s / 6.0 * (a + 2.0 * b + 2.0 * c + d)
    return state


def sigmas_after(covariance_rtn, time_s):
    nominal = np.array([AXIS_M, 0.0, 0.0, 0.0, SPEED_M_S, 0.0])
    rng = np.random.default_rng(1)
    drawn = nominal + rng.multivariate_normal(np.zeros(6), covariance_rtn, 4000)
    end, mean = kepler(drawn, time_s), kepler(nominal[None], time_s)[0]
    radial = mean[:3] / np.linalg.norm(mean[:3])
    axes = np.stack([radial, np.cross([0.0, 0.0, 1.0], radial), [0.0, 0.0, 1.0]])
    return ((end[:, :3] - mean[:3]) @ axes.T).std(axis=0)


def test_half_an_orbit_later_the_errors_are_much_the_same():
    half_s = np.pi / RATE_RAD_S
    radial_m, transverse_m, normal_m = sigmas_after(covariance(), half_s)
    assert radial_m == pytest.approx(300.0, rel=0.05)
    assert normal_m == pytest.approx(168.0, rel=0.05)
    # An eccentric orbit runs ahead and behind by twice its radial error, four between them.
    assert transverse_m == pytest.approx(np.hypot(1000.0, 4.0 * 300.0), rel=0.05)


def test_drawn_independently_they_would_not_be():
    apart = np.diag(np.diag(covariance()))
    assert sigmas_after(apart, np.pi / RATE_RAD_S)[1] > 4000.0


@given(sigmas_m, st.floats(0.1, 100.0), sigmas_m, st.floats(1e-5, 2e-3))
def test_every_covariance_is_positive_definite(radial_m, elongation, normal_m, rate_rad_s):
    transverse_m = elongation * radial_m
    made = turning_covariances(
        np.array([[radial_m, transverse_m, normal_m]]),
        np.array([rate_rad_s]),
        np.array([transverse_m / (14.0 * 86_400.0)]),
    )
    assert is_positive_definite(made).all()
