"""The numerical model against another program's, and against what the air must do."""

import csv
from math import pi, sqrt
from pathlib import Path

import numpy as np
import pytest

from skypact.astro.numerical import LOWEST_M, Spacecraft, numerical_path, numerical_paths
from skypact.base.errors import InputError

REFERENCE = Path(__file__).parents[1] / "authorities" / "numerical_heyoka.csv"
START_TAI_NS = int(np.datetime64("2024-11-01", "ns").astype(np.int64))  # as the builder counts
DAY_S = 86_400.0
UNPUSHED = Spacecraft(mass_kg=1.0, area_m2=1e-9, drag_coefficient=0.0, light_coefficient=0.0)
# The other program's Sun and Moon are thousands of times more exact than the series here (0.1 %):
# that is the error far out. In low orbit it is half that of the Earth's turn (UT1 taken as UTC).
FARTHEST_M = {"low": 6.0, "medium": 5.0, "geosynchronous": 50.0, "eccentric": 8.0}


def reference():
    with REFERENCE.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    found = {}
    for row in rows:
        state = [1e3 * float(row[name]) for name in row if name.endswith(("_km", "_km_s"))]
        found.setdefault(row["orbit"], []).append((3600.0 * float(row["hours"]), *state))
    return {name: np.array(states) for name, states in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("orbit", FARTHEST_M)
def test_three_days_end_where_another_program_ends_them(orbit):
    expected = reference()[orbit]
    path = numerical_path(
        START_TAI_NS, expected[0, 1:4], expected[0, 4:], from_s=0.0, until_s=3 * DAY_S,
        spacecraft=UNPUSHED,
    )  # fmt: skip
    r_m, v_m_s = path.states(expected[:, 0])
    assert np.linalg.norm(r_m - expected[:, 1:4], axis=1).max() < FARTHEST_M[orbit]
    assert np.linalg.norm(v_m_s - expected[:, 4:], axis=1).max() < 0.01


def test_six_hours_agree_with_another_program_within_half_a_metre():
    expected = reference()["low"]
    path = numerical_path(
        START_TAI_NS, expected[0, 1:4], expected[0, 4:], from_s=0.0, until_s=expected[1, 0],
        spacecraft=UNPUSHED,
    )  # fmt: skip
    assert np.linalg.norm(path.r_gcrf_m[-1] - expected[1, 1:4]) < 0.5


def test_going_back_leads_where_one_came_from():
    there = reference()["low"][0]
    until_s = 6 * 3600.0
    path = numerical_path(START_TAI_NS, there[1:4], there[4:], from_s=0.0, until_s=until_s)
    again = numerical_path(
        START_TAI_NS + round(until_s * 1e9), path.r_gcrf_m[-1], path.v_gcrf_m_s[-1],
        from_s=-until_s, until_s=0.0,
    )  # fmt: skip
    assert np.linalg.norm(again.r_gcrf_m[0] - there[1:4]) < 0.05
    assert (np.diff(again.times_s) > 0.0).all()


def test_a_path_on_both_sides_of_its_epoch_is_one_path():
    there = reference()["medium"][0]
    both = numerical_path(START_TAI_NS, there[1:4], there[4:], from_s=-7200.0, until_s=7200.0)
    middle = np.flatnonzero(both.times_s == 0.0)
    assert len(middle) == 1
    assert (both.r_gcrf_m[middle[0]] == there[1:4]).all()
    assert (np.diff(both.times_s) > 0.0).all()


def test_states_between_the_steps_are_those_of_a_path_that_stops_there():
    there = reference()["eccentric"][0]  # begins near its perigee, where it bends most
    path = numerical_path(START_TAI_NS, there[1:4], there[4:], from_s=0.0, until_s=7200.0)
    for at_s in (431.7, 1234.5, 5000.1):
        short = numerical_path(START_TAI_NS, there[1:4], there[4:], from_s=0.0, until_s=at_s)
        r_m, _ = path.states(np.array([at_s]))
        assert np.linalg.norm(r_m[0] - short.r_gcrf_m[-1]) < 1e-3


def test_the_air_takes_as_much_height_as_its_published_density_says():
    # Harris and Priester at 400 km: 2.249 to 7.492 g/km3 (Montenbruck and Gill 2000, table 3.8).
    radius_m, gm = 6_378_136.3 + 400e3, 3.986004415e14
    speed_m_s = sqrt(gm / radius_m)
    heavy, light = (
        Spacecraft(mass_kg=100.0, area_m2=1.0, drag_coefficient=cd, light_coefficient=0.0)
        for cd in (0.0, 2.2)
    )
    period_s = 2.0 * pi * sqrt(radius_m**3 / gm)
    lost_m = []
    for spacecraft in (heavy, light):
        path = numerical_path(
            START_TAI_NS, np.array([radius_m, 0.0, 0.0]), np.array([0.0, speed_m_s, 0.0]),
            from_s=0.0, until_s=10 * period_s, spacecraft=spacecraft,
        )  # fmt: skip
        r_m, v_m_s = path.r_gcrf_m[-1], path.v_gcrf_m_s[-1]
        lost_m.append(1.0 / (2.0 / np.linalg.norm(r_m) - v_m_s @ v_m_s / gm))
    turning = 7.292e-5 * radius_m / speed_m_s  # the air turns with the Earth
    per_density = 2.2 / 100.0 * sqrt(gm * radius_m) * 10 * period_s * (1.0 - turning) ** 2
    assert 2.249e-12 * per_density < lost_m[0] - lost_m[1] < 7.492e-12 * per_density


def test_sunlight_pushes_and_the_coefficient_says_how_much():
    there = reference()["geosynchronous"][0]
    ends = [
        numerical_path(
            START_TAI_NS, there[1:4], there[4:], from_s=0.0, until_s=3600.0,
            spacecraft=Spacecraft(light_coefficient=coefficient),
        ).r_gcrf_m[-1]
        for coefficient in (0.0, 1.0, 2.0)
    ]  # fmt: skip
    once_m, twice_m = (np.linalg.norm(end - ends[0]) for end in ends[1:])
    # 1361 W/m2 by the speed of light, on 0.01 m2/kg, for an hour; the Sun is within 4 % of 1 au.
    assert once_m == pytest.approx(0.5 * 1361.0 / 2.998e8 * 0.01 * 3600.0**2, rel=0.05)
    assert twice_m == pytest.approx(2.0 * once_m, rel=1e-3)


def test_paths_side_by_side_are_those_one_by_one():
    orbits = reference()
    states = np.array([orbits["low"][0, 1:], orbits["medium"][0, 1:]])
    both = numerical_paths(
        START_TAI_NS, states[:, :3], states[:, 3:], from_s=0.0, until_s=3000.0
    )  # fmt: skip
    for state, path in zip(states, both, strict=True):
        alone = numerical_path(START_TAI_NS, state[:3], state[3:], from_s=0.0, until_s=3000.0)
        assert (alone.r_gcrf_m == path.r_gcrf_m).all()


def test_below_the_air_there_is_no_path():
    with pytest.raises(InputError, match="no model of the air"):
        numerical_path(
            START_TAI_NS, np.array([LOWEST_M - 1.0, 0.0, 0.0]), np.array([0.0, 7900.0, 0.0]),
            from_s=0.0, until_s=10.0,
        )  # fmt: skip


def test_a_path_that_comes_down_is_refused_and_not_extrapolated():
    with pytest.raises(InputError, match="no model of the air"):
        numerical_path(
            START_TAI_NS, np.array([6.7e6, 0.0, 0.0]), np.array([0.0, 7400.0, 0.0]),
            from_s=0.0, until_s=3000.0,
        )  # fmt: skip


@pytest.mark.parametrize("span", [(1.0, 2.0), (-2.0, -1.0), (0.0, 0.0), (5.0, -5.0)])
def test_a_span_without_its_epoch_is_refused(span):
    there = reference()["low"][0]
    with pytest.raises(InputError, match="must hold zero"):
        numerical_path(START_TAI_NS, there[1:4], there[4:], from_s=span[0], until_s=span[1])


def test_a_time_outside_the_path_is_refused():
    there = reference()["low"][0]
    path = numerical_path(START_TAI_NS, there[1:4], there[4:], from_s=0.0, until_s=60.0)
    with pytest.raises(InputError, match="does not reach"):
        path.states(np.array([30.0, 61.0]))


@pytest.mark.parametrize(
    "wrong", [{"mass_kg": 0.0}, {"area_m2": -1.0}, {"drag_coefficient": -0.1}, {"mass_kg": np.nan}]
)
def test_a_spacecraft_that_cannot_be_is_refused(wrong):
    with pytest.raises(InputError, match="cannot be propagated"):
        Spacecraft(**wrong)
