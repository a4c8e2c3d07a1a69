import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial

from skypact.astro.interpolation import (
    HERMITE,
    LAGRANGE,
    ephemeris_state,
    ephemeris_states,
    leave_one_out_error_m,
    nodes_needed,
)

EARTH_MU_M3_S2 = 3.986004418e14
RADIUS_M = 7.0e6
RATE_RAD_S = np.sqrt(EARTH_MU_M3_S2 / RADIUS_M**3)

methods = st.sampled_from([LAGRANGE, HERMITE])
coefficients = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8)


def circle(times_s):
    angle_rad = RATE_RAD_S * np.asarray(times_s)
    zero = np.zeros_like(angle_rad)
    r_m = RADIUS_M * np.stack([np.cos(angle_rad), np.sin(angle_rad), zero], axis=-1)
    v_m_s = RADIUS_M * RATE_RAD_S * np.stack([-np.sin(angle_rad), np.cos(angle_rad), zero], axis=-1)
    return r_m, v_m_s


def sampled(polynomial, times_s):
    columns = [polynomial(times_s), 2.0 * polynomial(times_s), -polynomial(times_s)]
    return np.ascontiguousarray(np.stack(columns, axis=1))


@st.composite
def node_times(draw, least):
    gaps = draw(st.lists(st.floats(0.2, 3.0), min_size=least, max_size=24))
    return np.cumsum([draw(st.floats(-100.0, 100.0)), *gaps])


@given(st.data(), coefficients, methods)
def test_a_polynomial_up_to_the_degree_comes_back_with_its_derivative(data, terms, method):
    degree = max(len(terms) - 1, 1)
    times_s = data.draw(node_times(nodes_needed(degree, method)))
    place = data.draw(st.floats(-0.2, 1.2))
    t_s = times_s[0] + place * (times_s[-1] - times_s[0])
    middle_s = times_s.mean()
    polynomial = Polynomial(terms)
    position, velocity = polynomial, polynomial.deriv()
    r_m = sampled(position, times_s - middle_s)
    v_m_s = sampled(velocity, times_s - middle_s)
    x, y, z, vx, vy, vz = ephemeris_state(t_s, times_s, r_m, v_m_s, 0, len(times_s), degree, method)
    largest = np.abs(r_m).max() + np.abs(v_m_s).max() + 1.0
    expected, rate = position(t_s - middle_s), velocity(t_s - middle_s)
    assert [x, y, z] == pytest.approx([expected, 2 * expected, -expected], abs=3e-8 * largest)
    assert [vx, vy, vz] == pytest.approx([rate, 2 * rate, -rate], abs=1e-6 * largest)


@given(node_times(3), st.integers(1, 15), methods, st.data())
def test_a_node_comes_back_bit_for_bit(times_s, degree, method, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    r_m, v_m_s = rng.normal(0, 7e6, (len(times_s), 3)), rng.normal(0, 7e3, (len(times_s), 3))
    row = data.draw(st.integers(0, len(times_s) - 1))
    state = ephemeris_state(times_s[row], times_s, r_m, v_m_s, 0, len(times_s), degree, method)
    assert state[:3] == tuple(r_m[row])
    if method == HERMITE:
        assert state[3:] == pytest.approx(v_m_s[row], rel=1e-6, abs=1e-3)


# Worst errors of a circular orbit at 7000 km with nodes a minute apart, away from the ends.
# Lagrange: r (n h)^(d+1) prod|u - u_j| / (d+1)! at the middle of an even window; Hermite:
# r (n h)^(2m) prod (u - u_j)^2 / (2m)! likewise. Both closed forms of the remainder.
def remainder_m(degree, method, step_s):
    size = nodes_needed(degree, method)
    places = np.arange(size) - (size // 2 - 0.5)
    spread = np.abs(places).prod()
    order = degree + 1
    product = spread**2 if method == HERMITE else spread
    factorial = float(np.prod(np.arange(1, order + 1, dtype=float)))
    return RADIUS_M * (RATE_RAD_S * step_s) ** order * product / factorial


@pytest.mark.parametrize(
    ("method", "degree"), [(LAGRANGE, 3), (LAGRANGE, 5), (LAGRANGE, 7), (HERMITE, 3), (HERMITE, 7)]
)
def test_the_error_on_a_circle_is_the_remainder_term(method, degree):
    step_s = 120.0
    times_s = np.arange(0.0, 6000.0, step_s)
    r_m, v_m_s = circle(times_s)
    midway_s = times_s[10:-10] + step_s / 2.0
    states = ephemeris_states(midway_s, times_s, r_m, v_m_s, 0, len(times_s), degree, method)
    expected_r_m, expected_v_m_s = circle(midway_s)
    error_m = np.linalg.norm(states[:, :3] - expected_r_m, axis=1).max()
    assert error_m == pytest.approx(remainder_m(degree, method, step_s), rel=0.1, abs=1e-8)
    error_m_s = np.linalg.norm(states[:, 3:] - expected_v_m_s, axis=1).max()
    assert error_m_s < 0.05 * error_m + 1e-6


def test_rows_outside_the_segment_are_never_touched():
    times_s = np.arange(0.0, 1200.0, 60.0)
    r_m, v_m_s = circle(times_s)
    spoilt_r_m, spoilt_v_m_s = r_m.copy(), v_m_s.copy()
    for rows in (slice(0, 5), slice(12, None)):
        spoilt_r_m[rows], spoilt_v_m_s[rows] = np.nan, np.nan
    for method in (LAGRANGE, HERMITE):
        for t_s in (times_s[5], times_s[5] + 1.0, 500.0, times_s[11] - 1.0, times_s[11]):
            clean = ephemeris_state(t_s, times_s, r_m, v_m_s, 5, 12, 7, method)
            spoilt = ephemeris_state(t_s, times_s, spoilt_r_m, spoilt_v_m_s, 5, 12, 7, method)
            assert clean == spoilt


def test_a_few_steps_beyond_the_end_the_edge_window_extrapolates():
    times_s = np.arange(0.0, 3600.0, 60.0)
    r_m, v_m_s = circle(times_s)
    for t_s in (-60.0, times_s[-1] + 60.0):
        state = ephemeris_state(t_s, times_s, r_m, v_m_s, 0, len(times_s), 7, HERMITE)
        expected_m, _ = circle([t_s])
        assert np.linalg.norm(state[:3] - expected_m) < 0.1


def test_too_few_rows_are_all_used():
    times_s = np.array([0.0, 60.0])
    r_m, v_m_s = circle(times_s)
    line = ephemeris_state(30.0, times_s, r_m, v_m_s, 0, 2, 9, LAGRANGE)
    assert line[:3] == pytest.approx(tuple(r_m.mean(axis=0)))
    cubic = ephemeris_state(30.0, times_s, r_m, v_m_s, 0, 2, 9, HERMITE)
    expected_m, _ = circle([30.0])
    assert np.linalg.norm(cubic[:3] - expected_m) < 1.0
    alone = ephemeris_state(90.0, times_s, r_m, v_m_s, 1, 2, 9, HERMITE)
    assert alone[:3] == pytest.approx(tuple(r_m[1] + 30.0 * v_m_s[1]))


def test_leaving_one_out_finds_the_one_state_that_is_wrong():
    times_s = np.arange(0.0, 3600.0, 60.0)
    r_m, v_m_s = circle(times_s)
    r_m[20, 2] += 100.0
    errors_m = leave_one_out_error_m(times_s, r_m, v_m_s, 0, len(times_s), 7, HERMITE)
    assert np.nanargmax(errors_m) == 20
    assert errors_m[20] == pytest.approx(100.0, rel=1e-3)
    assert np.isnan(errors_m[[0, -1]]).all()
    assert np.isfinite(errors_m[1:-1]).all()


@pytest.mark.parametrize(("method", "degree"), [(LAGRANGE, 5), (LAGRANGE, 7), (HERMITE, 5)])
def test_leave_one_out_overstates_the_error_between_nodes(method, degree):
    times_s = np.arange(0.0, 6000.0, 120.0)
    r_m, v_m_s = circle(times_s)
    stated_m = np.nanmax(
        leave_one_out_error_m(times_s, r_m, v_m_s, 0, len(times_s), degree, method)
    )
    between_s = np.linspace(times_s[1], times_s[-2], 5000)
    states = ephemeris_states(between_s, times_s, r_m, v_m_s, 0, len(times_s), degree, method)
    error_m = np.linalg.norm(states[:, :3] - circle(between_s)[0], axis=1).max()
    assert error_m < stated_m < 40.0 * error_m


@pytest.mark.parametrize(("rows", "method"), [(1, LAGRANGE), (2, HERMITE), (2, LAGRANGE)])
def test_leaving_one_of_too_few_out_tells_nothing(rows, method):
    times_s = np.arange(rows) * 60.0
    r_m, v_m_s = circle(times_s)
    errors_m = leave_one_out_error_m(times_s, r_m, v_m_s, 0, rows, 3, method)
    assert errors_m.shape == (rows,)
    assert np.isnan(errors_m).all()
