"""3D-Nc against NASA CARA's own, Alfano's cases, straight motion and symmetry."""

from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.encounter_cases import cases, encounters, expected, head_on

from skypact.ssa.expected_collisions import expected_collisions_3d
from skypact.ssa.probability import collision_probability

# NASA's 3D-Nc of isolated encounters lies 7.7e-4 to 9.0e-4 above its own 2D-Nc, above
# Monte Carlo's centre and above this: one bias of its quadrature. The bar is 1e-3.
NASA = 1e-3


@pytest.fixture(scope="module")
def nasa(shared):
    return [case for case in cases(shared, "cara_") if case["expected"]]


def test_agrees_with_nasa(nasa):
    found = expected_collisions_3d(encounters(nasa))
    assert found.value == pytest.approx([expected(case, "Nc3D") for case in nasa], rel=NASA)


def test_lies_within_the_bounds_of_monte_carlo_wherever_nasa_does(nasa):
    found = expected_collisions_3d(encounters(nasa)).value
    low = np.array([expected(case, "PcSDMCLo") for case in nasa])
    high = np.array([expected(case, "PcSDMCHi") for case in nasa])
    theirs = np.array([expected(case, "Nc3D") for case in nasa])
    inside = (low <= found) & (found <= high)
    # In one case only the bias of 8e-4 carries NASA's over the lower bound: their 2D-Pc and
    # 2D-Nc lie below it as this does.
    missed = [
        case["id"][:21] for case in np.array(nasa)[~inside & (low <= theirs) & (theirs <= high)]
    ]
    assert missed == ["cara_000025994_conj_0"]
    assert found[[case["id"].startswith("cara_000025994_conj_000037558") for case in nasa]] == (
        pytest.approx(low[1], rel=1e-3)
    )


@pytest.mark.slow
def test_agrees_with_the_published_numbers_of_alfanos_cases(shared):
    alfano = cases(shared, "alfano2009_")
    spans_s = np.array([case["Nc3D_time_limit_s"] for case in alfano], float)
    found = expected_collisions_3d(encounters(alfano), half_span_s=spans_s)
    assert len(alfano) == 12
    assert found.value == pytest.approx([expected(case, "Nc3D") for case in alfano], rel=6e-4)


@pytest.mark.parametrize("name", ["similar_2d_3d", "omitron_cdm08_3DNc"])
def test_agrees_with_the_unit_tests_of_nasa(shared, name):
    (case,) = cases(shared, name)
    found = expected_collisions_3d(encounters([case]))
    assert found.value[0] == pytest.approx(expected(case, "Nc3D"), rel=NASA)


def test_a_covariance_that_is_not_positive_definite_is_repaired(shared):
    (case,) = cases(shared, "omitron_cdm07")
    assert expected_collisions_3d(encounters([case])).value[0] == expected(case, "Nc3D") == 0.0


def test_cases_that_nobody_published_a_number_of_have_one(shared):
    rows = [case for case in cases(shared, "cara_") if not case["expected"]]
    found = expected_collisions_3d(encounters(rows))
    assert len(rows) == 18
    assert ((found.value > 1e-8) & (found.value < 0.1)).all()
    assert (found.unsettled_ratio < 1e-6).all()


@pytest.mark.parametrize(
    ("miss_m", "sigma_m", "radius_m"), [(100, 100, 10), (300, 60, 20), (0, 50, 5)]
)
def test_a_fast_short_encounter_is_the_planar_one(miss_m, sigma_m, radius_m):
    one = head_on(miss_m=miss_m, sigma_miss_m=sigma_m, sigma_across_m=sigma_m, radius_m=radius_m)
    # At 15 km/s the encounter is over in 0.1 s, in which motion bends by 4 cm.
    assert expected_collisions_3d(one).value == pytest.approx(
        collision_probability(one).probability, rel=1e-3
    )


def test_who_is_called_primary_does_not_matter():
    one = head_on(miss_m=150.0)
    other = replace(one, r1_m=one.r2_m, v1_m_s=one.v2_m_s, r2_m=one.r1_m, v2_m_s=one.v1_m_s)
    assert expected_collisions_3d(other).value == pytest.approx(
        expected_collisions_3d(one).value, rel=1e-9
    )


def test_errors_that_both_share_cancel():
    one = head_on(miss_m=150.0)
    shared_error = replace(one, cross_covariances=0.5 * one.covariances1)
    smaller = replace(one, covariances1=0.5 * one.covariances1, covariances2=0.5 * one.covariances2)
    assert expected_collisions_3d(shared_error).value == pytest.approx(
        expected_collisions_3d(smaller).value, rel=1e-6
    )


@pytest.mark.parametrize("field", ["r1_m", "v2_m_s", "covariances1", "hard_body_radius_m"])
def test_what_is_unknown_gives_no_number_and_does_not_touch_the_others(field):
    one = head_on()
    rows = one[np.array([0, 0, 0])]
    column = getattr(rows, field).copy()
    column[1, ...] = np.nan
    found = expected_collisions_3d(replace(rows, **{field: column})).value
    assert np.isnan(found).tolist() == [False, True, False]


def test_without_the_velocitys_covariance_there_is_no_number():
    one = head_on()
    covariances = one.covariances1.copy()
    covariances[:, 3:, :] = covariances[:, :, 3:] = np.nan
    assert np.isnan(expected_collisions_3d(replace(one, covariances1=covariances)).value[0])


def test_a_cut_interval_is_told():
    one = head_on()
    cut = expected_collisions_3d(one, half_span_s=np.array([0.001]))
    assert cut.cut_ratio[0] > 0.1
    assert expected_collisions_3d(one).cut_ratio[0] < 1e-10
