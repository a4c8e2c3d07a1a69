"""Rows of a screening with probabilities, against the sgp4 library and a closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.astro.sgp4_reference import reference_states

from skypact.ssa.exercise import EXERCISE_EPOCH_UTC, exercise_population
from skypact.ssa.levels import Thresholds
from skypact.ssa.published_element_errors import published_element_errors
from skypact.ssa.screening import screen
from skypact.ssa.screening_risk import most_urgent_first, ranked, screening_encounters

DAY_S = 86_400.0
RADIUS_M = 1.0


@pytest.fixture(scope="module")
def elements():
    return exercise_population(objects=1000)


@pytest.fixture(scope="module")
def conjunctions(elements):
    found = screen(
        elements, start_utc=EXERCISE_EPOCH_UTC + np.timedelta64(12, "h"), days=0.1, miss_m=20e3
    )
    assert len(found.conjunctions) > 20
    return found.conjunctions


@pytest.fixture(scope="module")
def radii_m(elements):
    return dict.fromkeys(elements.norad_id.tolist(), RADIUS_M)


def reference_state(elements, row, tca_utc):
    one = elements[row]
    minutes = (tca_utc - one.epoch_utc[0]).astype("m8[ns]").astype(float) / 60e9
    r_m, v_m_s, _ = reference_states(one, np.array([[minutes]]), "a")
    return r_m[0, 0], v_m_s[0, 0]


def sigmas_m(age_days):
    """Aida and Kirschner's, as their table says."""
    return np.array([176.0 + 125.0 * age_days, 695.0 + 392.0 * age_days, 168.0])


def covariance(r_m, v_m_s, age_days):
    radial = r_m / np.linalg.norm(r_m)
    normal = np.cross(r_m, v_m_s)
    normal /= np.linalg.norm(normal)
    axes = np.stack([radial, np.cross(normal, radial), normal])
    return axes.T @ np.diag(sigmas_m(age_days) ** 2) @ axes


def small_disc(r1_m, v1_m_s, r2_m, v2_m_s, joint, radius_m):
    """The density in the encounter plane times the disc."""
    along = (v2_m_s - v1_m_s) / np.linalg.norm(v2_m_s - v1_m_s)
    plane = np.linalg.svd(along[None])[2][1:]
    miss_m, projected = plane @ (r2_m - r1_m), plane @ joint @ plane.T
    density = np.exp(-0.5 * miss_m @ np.linalg.solve(projected, miss_m))
    return np.pi * radius_m**2 * density / (2.0 * np.pi * np.sqrt(np.linalg.det(projected)))


def test_states_covariances_and_probabilities_are_those_of_the_papers(
    elements, conjunctions, radii_m
):
    errors = published_element_errors()
    found = ranked(conjunctions, elements, errors=errors, radii_m=radii_m)
    fast_enough = elements.mean_motion_rad_s > 2.0 * np.pi / 7200.0  # both fly low
    low = fast_enough[conjunctions.primary_elements] & fast_enough[conjunctions.secondary_elements]
    known = low & np.isfinite(found.collision_probability)
    rows = np.flatnonzero(known & (conjunctions.relative_speed_m_s > 100.0))[:40]
    assert len(rows) >= 10
    for row in rows:
        sides = []
        for name in ("primary", "secondary"):
            index = getattr(conjunctions, f"{name}_elements")[row]
            age_days = getattr(conjunctions, f"{name}_age_s")[row] / DAY_S
            r_m, v_m_s = reference_state(elements, index, conjunctions.tca_utc[row])
            sides.append((r_m, v_m_s, covariance(r_m, v_m_s, abs(age_days))))
        (r1, v1, c1), (r2, v2, c2) = sides
        expected = small_disc(r1, v1, r2, v2, c1 + c2, 2.0 * RADIUS_M)
        # The density bends over the disc by (R d / s²)² / 8: 2 m, 12 sigmas, 240 m.
        assert found.collision_probability[row] == pytest.approx(expected, rel=2e-3, abs=1e-30)


def test_the_states_are_as_far_apart_as_the_row_says(elements, conjunctions, radii_m):
    found = screening_encounters(
        conjunctions, elements, errors=published_element_errors(), radii_m=radii_m
    ).encounters
    apart_m = np.linalg.norm(found.r2_m - found.r1_m, axis=1)
    # TCA is kept to a nanosecond, in which 14 micrometres pass.
    assert apart_m == pytest.approx(conjunctions.miss_distance_m, abs=1e-4)
    assert (found.hard_body_radius_m == 2.0 * RADIUS_M).all()


def test_every_row_comes_back_in_its_place_with_all_its_columns(elements, conjunctions, radii_m):
    found = ranked(conjunctions, elements, errors=published_element_errors(), radii_m=radii_m)
    for name, column in conjunctions.columns().items():
        assert (found.columns()[name] == column).all() or np.isnan(column).any(), name
    backwards = ranked(
        conjunctions[::-1], elements, errors=published_element_errors(), radii_m=radii_m
    )
    assert np.array_equal(
        backwards.collision_probability[::-1], found.collision_probability, equal_nan=True
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"eccentricity_until": 1e-9}, "has no such orbit"),
        ({"age_until_s": 1.0}, "smaller age"),
        ({"sigma_normal_m": np.nan}, "does not know the error"),
    ],
)
def test_what_the_table_does_not_know_is_unknown_with_its_reason(
    elements, conjunctions, radii_m, change, reason
):
    errors = published_element_errors()
    columns = {name: np.full(len(errors), value) for name, value in change.items()}
    found = ranked(conjunctions, elements, errors=replace(errors, **columns), radii_m=radii_m)
    assert np.isnan(found.collision_probability).all()
    assert set(map(str, found.level)) == {"UNKNOWN"}
    assert all(reason in why for why in map(str, found.probability_reason))


def test_an_ephemeris_has_no_covariance_and_says_so(elements, conjunctions, radii_m):
    flown = replace(conjunctions, primary_elements=np.full(len(conjunctions), -1))
    found = ranked(flown, elements, errors=published_element_errors(), radii_m=radii_m)
    assert set(map(str, found.level)) == {"UNKNOWN"}
    assert all("primary: flies an ephemeris" in why for why in map(str, found.probability_reason))


def test_levels_follow_the_thresholds(elements, conjunctions, radii_m):
    errors = published_element_errors()
    plain = ranked(conjunctions, elements, errors=errors, radii_m=radii_m)
    largest = float(np.nanmax(plain.collision_probability))
    strict = Thresholds(red_probability=largest, yellow_probability=0.5 * largest)
    found = ranked(conjunctions, elements, errors=errors, radii_m=radii_m, thresholds=strict)
    red = found.level == "RED"
    assert red.any()
    assert (found.collision_probability[red] >= largest).all()
    plainly = found.probability_validity == "valid"
    assert ((found.level == "UNKNOWN") == ~(plainly | red)).all()
    yellow = plainly & (found.collision_probability >= 0.5 * largest) & ~red
    assert (found.level[yellow] == "YELLOW").all()


def test_a_number_outside_its_validity_is_shown_with_its_reason_and_not_relied_on(
    elements, conjunctions, radii_m
):
    found = ranked(conjunctions, elements, errors=published_element_errors(), radii_m=radii_m)
    wrong = found.probability_validity == "not valid"
    assert wrong.any()  # a formation
    assert np.isfinite(found.collision_probability[wrong]).all()
    assert np.isin(found.level[wrong], ["UNKNOWN", "RED"]).all()
    assert all(why.startswith("2D-Pc does not hold: ") for why in found.probability_reason[wrong])
    # Straight motion, as 2D-Pc has it, is for pairs that pass each other fast.
    assert found.relative_speed_m_s[wrong].max() < 1000.0
    assert (found.probability_reason[found.probability_validity == "valid"] == "").all()


def test_radii_come_from_the_table_else_from_the_class_that_the_name_tells(elements, conjunctions):
    rows = conjunctions[:2]
    named = replace(
        rows,
        primary_name=np.array(["COSMOS 2251 DEB", "DEBUTANT"], rows.primary_name.dtype),
        primary_norad_id=np.array([1, 2]),
        secondary_norad_id=np.array([3, 4]),
    )
    found = screening_encounters(
        named, elements, errors=published_element_errors(), radii_m={3: 2.5, 4: 0.25}
    )
    assert found.encounters.hard_body_radius_m.tolist() == [1.1 + 2.5, 5.0 + 0.25]
    assert list(map(str, found.radius_sources)) == [
        "default for debris; table", "default for unknown; table"
    ]  # fmt: skip


def test_rows_ranked_before_are_ranked_anew(elements, conjunctions, radii_m):
    errors = published_element_errors()
    small = ranked(conjunctions, elements, errors=errors, radii_m=radii_m)
    large = ranked(small, elements, errors=errors, radii_m=dict.fromkeys(radii_m, 10.0))
    known = small.collision_probability > 1e-12
    assert (large.collision_probability[known] > 50.0 * small.collision_probability[known]).all()


def test_the_most_urgent_comes_first(elements, conjunctions, radii_m):
    found = ranked(conjunctions, elements, errors=published_element_errors(), radii_m=radii_m)
    ordered = found[most_urgent_first(found)]
    rank = [["RED", "UNKNOWN", "YELLOW", "GREEN"].index(str(level)) for level in ordered.level]
    assert rank == sorted(rank)
    green = ordered.collision_probability[ordered.level == "GREEN"]
    assert len(green) > 10
    assert (np.diff(green) <= 0.0).all()


def test_no_rows_give_no_rows(elements, conjunctions):
    found = ranked(conjunctions[:0], elements, errors=published_element_errors(), radii_m={})
    assert len(found) == 0
