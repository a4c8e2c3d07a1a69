"""Two-body motion in equinoctial elements, against Kepler's laws and finite differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.astro.equinoctial import (
    GM_M3_S2,
    LONGITUDE,
    N,
    elements_from_states,
    states_from_elements,
    write_partials,
    write_state,
)

unit = st.floats(-1.0, 1.0)
directions = st.tuples(unit, unit, unit).filter(lambda v: np.hypot(np.hypot(*v[:2]), v[2]) > 0.1)


@st.composite
def ellipses(draw):
    """Position and velocity on an ellipse up to e = 0.9, inclined up to 170 degrees."""
    r = np.array(draw(directions))
    r *= draw(st.floats(6.6e6, 5e7)) / np.linalg.norm(r)
    across = np.cross(r, draw(directions))
    assume_long = np.linalg.norm(across) > 1e-3 * np.linalg.norm(r)
    if not assume_long:
        across = np.cross(r, np.eye(3)[np.argmin(np.abs(r))])
    across /= np.linalg.norm(across)
    normal = np.cross(r, across)
    if normal[2] < -0.98 * np.linalg.norm(normal):
        across = -across
    circular = np.sqrt(GM_M3_S2 / np.linalg.norm(r))
    speed = circular * draw(st.floats(0.4, 1.3))
    lean = draw(st.floats(-0.3, 0.3))
    return r, speed * (np.cos(lean) * across + np.sin(lean) * r / np.linalg.norm(r))


@given(ellipses())
def test_a_state_comes_back_from_its_elements(state):
    r, v = state
    elements = elements_from_states(r[None], v[None])
    back_r, back_v = states_from_elements(elements, np.zeros(1))
    assert np.linalg.norm(back_r - r) <= 1e-6 + 1e-13 * np.linalg.norm(r)
    assert np.linalg.norm(back_v - v) <= 1e-9


@given(ellipses(), st.floats(-2e5, 2e5))
def test_energy_and_momentum_never_change(state, time_s):
    r, v = state
    elements = elements_from_states(r[None], v[None])
    (later_r,), (later_v,) = states_from_elements(elements, np.array([time_s]))

    def kept(r, v):
        return [v @ v / 2 - GM_M3_S2 / np.linalg.norm(r), *np.cross(r, v)]

    assert kept(later_r, later_v) == pytest.approx(kept(r, v), rel=1e-9, abs=1.0)


@given(ellipses())
def test_after_one_period_all_is_as_before(state):
    r, v = state
    elements = elements_from_states(r[None], v[None])
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / GM_M3_S2)
    period_s = 2.0 * np.pi * np.sqrt(a**3 / GM_M3_S2)
    (again,), _ = states_from_elements(elements, np.array([period_s]))
    assert np.linalg.norm(again - r) <= 1e-4


def test_acceleration_is_gravity():
    r, v = np.array([[-4725169.6, 20291999.9, 40356009.6]]), np.array([[-1463.1, -263.5, -575.7]])
    elements = elements_from_states(r, v)
    step_s = 1.0
    before, after = (states_from_elements(elements, np.array([t]))[1] for t in (-step_s, step_s))
    gravity = -GM_M3_S2 * r / np.linalg.norm(r) ** 3
    assert (after - before) / (2.0 * step_s) == pytest.approx(gravity, rel=1e-7)


@given(ellipses(), st.floats(-5e3, 5e3))
def test_partials_are_what_small_changes_do(state, time_s):
    elements = elements_from_states(*(part[None] for part in state))[0]
    found_state, partials = np.empty(6), np.empty((6, 6))
    write_partials(elements, time_s, found_state, partials)
    before, after = np.empty(6), np.empty(6)
    for column in range(6):
        step = np.zeros(6)
        step[column] = 1e-6 * (elements[N] if column == N else 0.1)
        write_state(elements - step, time_s, before)
        write_state(elements + step, time_s, after)
        differences = (after - before) / (2.0 * step[column])
        for part in (slice(0, 3), slice(3, 6)):
            scale = np.linalg.norm(differences[part]) + 1e-3 * np.linalg.norm(found_state[part])
            apart = np.linalg.norm(partials[part, column] - differences[part])
            assert apart <= 1e-5 * scale


def test_what_is_no_ellipse_is_not_a_number():
    r = np.array([[7e6, 0.0, 0.0]] * 4)
    v = np.array([[0.0, 12e3, 0.0], [7e3, 0.0, 0.0], [0.0, -7.5e3, 0.0], [np.nan, 0.0, 0.0]])
    elements = elements_from_states(r, v)  # too fast, falling, at 180 degrees, unknown
    assert np.isnan(elements).all()
    assert np.isnan(states_from_elements(elements, np.zeros(4))[0]).all()


def test_longitude_grows_with_the_mean_motion():
    elements = elements_from_states(np.array([[7e6, 0, 1e5]]), np.array([[0, 7e3, 3e3]]))
    (r,), _ = states_from_elements(elements, np.array([100.0]))
    elements[0, LONGITUDE] += 100.0 * elements[0, N]
    (same,), _ = states_from_elements(elements, np.zeros(1))
    assert same == pytest.approx(r, abs=1e-6)
