"""Estimates for comparison: what they say of themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.encounter_cases import head_on

from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.covariance import cross_covariances
from skypact.ssa.encounters import MessageEncounters
from skypact.ssa.planar_estimates import (
    comparison_estimates,
    correlated_estimate,
    one_covariance_estimate,
)
from skypact.ssa.probability import collision_probability


def compared(encounter, *, holds=True):
    value = float(collision_probability(encounter).probability[0])
    exact = ProbabilityEstimate(
        method="", value=value if np.isfinite(value) else None, is_valid=holds
    )
    return comparison_estimates(encounter, exact)


def test_a_small_body_is_alike_for_all_and_a_wide_one_is_not():
    assert [one.is_valid for one in compared(head_on(radius_m=1.0))] == [True] * 4
    wide = compared(head_on(miss_m=20.0, sigma_miss_m=2.0, radius_m=25.0))
    valid = {one.method: one.is_valid for one in wide}
    assert valid["2D-Pc, Patera (2005)"]
    assert not valid["2D-Pc, Chan (1997)"]
    assert wide[1].value is not None  # outside its validity it is shown, not hidden


@pytest.mark.parametrize("holds", [False, None])
def test_where_the_exact_2d_pc_does_not_hold_no_other_does(holds):
    small = compared(head_on(radius_m=1.0), holds=holds)
    assert [one.is_valid for one in small] == [holds] * 4
    assert small[0].notes


def test_an_unknown_encounter_is_unknown_by_every_method():
    one = head_on()
    for estimate in compared(replace(one, covariances1=np.nan * one.covariances1)):
        assert estimate.value is None
        assert estimate.reason


def test_correlated_errors_are_shown_where_the_message_states_them():
    one = head_on()
    moves = np.array([[30.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
    cross = cross_covariances(np.ones((1, 2)), moves, moves)
    found = MessageEncounters(
        encounters=one,
        drag_cross_covariances=cross,
        concerns=np.zeros(1, np.int64),
        frames=("EME2000",),
        radius_sources=("test",),
    )
    estimate = correlated_estimate(found, 0)
    # 100² - 2 x 30² along the miss, by hand.
    by_hand = head_on(sigma_miss_m=np.sqrt(1e4 - 1800.0))
    assert estimate.value == pytest.approx(collision_probability(by_hand).probability[0])
    assert correlated_estimate(replace(found, drag_cross_covariances=0.0 * cross), 0) is None


def test_one_covariance_gives_a_bound_and_two_or_none_do_not():
    one = head_on(miss_m=500.0)
    alone = replace(one, covariances2=0.0 * one.covariances2)
    estimate = one_covariance_estimate(alone)
    assert "secondary" in estimate.notes[0]
    assert estimate.value > collision_probability(alone).probability[0]
    assert one_covariance_estimate(one) is None
    assert one_covariance_estimate(replace(alone, covariances1=alone.covariances2)) is None
