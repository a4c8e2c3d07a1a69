"""One estimate decides: what holds before what does not, and nothing calms by being wrong."""

from __future__ import annotations

import math

import pytest
from tests.ssa.conjunction_examples import message, secondary

from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.encounters import encounters_of
from skypact.ssa.estimates import Estimates, estimates_of, level_of, to_decide_by
from skypact.ssa.levels import Level, Thresholds

NAN_MATRIX = tuple((math.nan,) * 6 for _ in range(6))


def made(value: float | None, *, holds: bool | None = None) -> ProbabilityEstimate:
    return ProbabilityEstimate(method="", value=value, is_valid=holds)


@pytest.mark.parametrize(
    ("estimates", "row"),
    [
        ([made(1e-3, holds=False), made(1e-5, holds=True), made(1e-2, holds=True)], 1),
        ([made(1e-3, holds=False), made(1e-5)], 1),
        ([made(1e-3), made(1e-5)], 1),  # the later method needs less
        ([made(1e-9, holds=False), made(1e-3, holds=False), made(1e-5, holds=False)], 1),
        ([made(None), made(1e-3, holds=False)], 1),
        ([made(None), made(None)], 0),
    ],
)
def test_the_estimate_to_decide_by(estimates, row):
    assert to_decide_by(estimates) is estimates[row]


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        (made(1e-3, holds=True), Level.RED),
        (made(1e-9, holds=True), Level.GREEN),
        (made(1e-9), Level.GREEN),
        (made(1e-9, holds=False), Level.UNKNOWN),  # outside its validity nothing is calm
        (made(1e-5, holds=False), Level.UNKNOWN),
        (made(1e-3, holds=False), Level.RED),
        (made(None), Level.UNKNOWN),
    ],
)
def test_a_number_that_does_not_hold_may_raise_an_alarm_but_not_still_one(best, expected):
    assert level_of(best, 3600.0, Thresholds()) is expected


def of(**changed: object) -> Estimates:
    one = message(**changed)  # type: ignore[arg-type]
    found = encounters_of([one])
    return estimates_of(one, found.encounters, int(found.concerns[0]))


def test_the_simplest_method_that_holds_decides_and_the_stated_number_stands_beside_it():
    found = of(collision_probability=0.9, collision_probability_method="FOSTER-1992")
    assert found.best is found.every[0]
    assert found.best.is_valid is True
    assert found.every[-1].method == "stated by the originator, FOSTER-1992"
    assert found.every[-1].value == 0.9


@pytest.mark.parametrize("covariance", [None, ((0.0,) * 6,) * 6, NAN_MATRIX])
def test_without_a_covariance_the_stated_number_decides_and_says_whose_it_is(covariance):
    bare = secondary(covariance_rtn=covariance)
    found = of(secondary=bare, collision_probability=2e-5)
    assert found.best.method == "stated by the originator, by a method not said"
    assert found.best.is_valid is None
    assert found.every[0].value is None
    assert "the message's own number is used" in found.reason


def test_with_neither_it_is_unknown_with_the_reason():
    found = of(secondary=secondary(covariance_rtn=None))
    assert found.best.value is None
    assert found.best.reason == "the secondary has no position covariance"


def test_a_frame_that_nobody_knows_is_a_reason():
    lost = secondary(frame="MARS-FIXED")
    found = of(secondary=lost)
    assert "frame" in (found.best.reason or "")
