"""Dilution and one covariance against CARA's figures and searches by others."""

from __future__ import annotations

from dataclasses import replace
from math import e, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from tests.ssa.disc_oracle import disc_quadrature
from tests.ssa.encounter_cases import cases, encounters, expected, head_on

from skypact.ssa.dilution import dilution, one_covariance_maximum
from skypact.ssa.event_plots import scaled
from skypact.ssa.probability import collision_probability


def test_the_diluted_cases_of_cara_have_its_maximum(shared):
    rows = cases(shared, "dilution_max")
    found = dilution(encounters(rows))
    for i, row in enumerate(rows):
        # Three digits are printed; where the bodies reach over the miss CARA stops at 0.999.
        assert found.probability[i] == pytest.approx(expected(row, "DilutionMaxPc"), rel=2e-3)
        assert found.is_diluted[i]


@pytest.mark.parametrize("lacking", [1, 2])
def test_one_covariance_has_the_maximum_of_frisbee(shared, lacking):
    name = f"FrisbeeMaxPc_cov{lacking}_zeroed"
    rows = [row for row in cases(shared, "frisbee") if expected(row, name) is not None]
    assert len(rows) == 28
    both = encounters(rows)
    column = f"covariances{lacking}"
    found = one_covariance_maximum(replace(both, **{column: 0.0 * getattr(both, column)}))
    assert (found.lacking == lacking).all()
    stated = [expected(row, name) for row in rows]
    assert found.equal_area_square == pytest.approx(stated, rel=1e-2)


def test_with_both_covariances_nothing_is_maximised(shared):
    rows = [row for row in cases(shared, "frisbee") if expected(row, "FrisbeeMaxPc") is not None]
    both = encounters(rows)
    found = one_covariance_maximum(both)
    assert (found.lacking == 0).all()
    assert found.probability == pytest.approx(collision_probability(both).probability, rel=1e-9)
    stated = [expected(row, "FrisbeeMaxPc") for row in rows]
    assert found.probability == pytest.approx(stated, rel=1e-2)


def test_without_any_covariance_there_is_no_maximum():
    one = head_on()
    none = replace(one, covariances1=0.0 * one.covariances1, covariances2=np.nan * one.covariances2)
    found = one_covariance_maximum(none)
    assert found.lacking[0] == 3
    assert np.isnan([found.probability[0], found.equal_area_square[0]]).all()


@pytest.mark.parametrize("missing", [0.0, np.nan])
def test_the_missing_covariance_puts_a_far_miss_at_one_sigma(missing):
    # Small body: P = R² / (2 σx σz) exp(-x² / 2σx²), largest at σx = x.
    one = head_on(miss_m=900.0, sigma_miss_m=70.0, sigma_across_m=130.0, radius_m=1.0)
    alone = replace(one, covariances2=missing * one.covariances2)
    found = one_covariance_maximum(alone)
    sigma_z_m = 130.0 / sqrt(2.0)
    assert found.probability[0] == pytest.approx(
        1.0 / (2.0 * 900.0 * sigma_z_m * sqrt(e)), rel=1e-3
    )


def test_a_round_small_encounter_has_its_maximum_at_a_known_size():
    # R² / (2 k²σ²) exp(-d² / 2k²σ²) is R² / (d² e), at kσ = d / √2.
    found = dilution(head_on(miss_m=1000.0, radius_m=0.5))
    assert found.probability[0] == pytest.approx((0.5 / 1000.0) ** 2 / e, rel=1e-6)
    assert found.sigma_ratio[0] == pytest.approx(10.0 / sqrt(2.0), rel=1e-5)
    assert not found.is_diluted[0]
    assert dilution(head_on(miss_m=1000.0, sigma_miss_m=2e3, sigma_across_m=2e3)).is_diluted[0]


def by_size(encounter, sigma_ratio):
    return collision_probability(scaled(encounter, sigma_ratio)).probability


@settings(max_examples=40)
@given(st.floats(10.5, 1e4), st.floats(1.0, 1e4), st.floats(1.0, 1e4))
def test_no_other_size_gives_more(miss_m, sigma_miss_m, sigma_across_m):
    one = head_on(miss_m=miss_m, sigma_miss_m=sigma_miss_m, sigma_across_m=sigma_across_m)
    found = dilution(one)
    curve = by_size(one, np.geomspace(1e-4, 1e5, 200))
    assert np.nanmax(curve) <= found.probability[0] * (1.0 + 1e-9)
    at_best = by_size(one, found.sigma_ratio)[0]
    assert at_best == pytest.approx(found.probability[0], rel=1e-6)


def test_the_size_agrees_with_another_search_on_another_integral():
    one = head_on(miss_m=300.0, sigma_miss_m=40.0, sigma_across_m=90.0, radius_m=100.0)

    def less(log_size: float) -> float:
        size = np.exp(log_size)
        return -disc_quadrature(0.0, 300.0, 90.0 * size, 40.0 * size, 100.0)

    best = optimize.minimize_scalar(less, bounds=(-3.0, 6.0), method="bounded")
    found = dilution(one)
    assert found.probability[0] == pytest.approx(-best.fun, rel=1e-8)
    assert found.sigma_ratio[0] == pytest.approx(np.exp(best.x), rel=1e-3)


def test_bodies_that_reach_over_the_miss_meet_for_certain_when_all_is_known():
    found = dilution(head_on(miss_m=5.0, radius_m=10.0))
    assert (found.probability[0], found.sigma_ratio[0], found.is_diluted[0]) == (1.0, 0.0, True)


def test_an_unknown_encounter_has_an_unknown_maximum():
    one = head_on()
    found = dilution(replace(one, covariances1=np.nan * one.covariances1))
    assert np.isnan([found.probability[0], found.sigma_ratio[0]]).all()
