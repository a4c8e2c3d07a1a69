"""One estimate decides: what holds before what does not, and nothing calms by being wrong."""

from __future__ import annotations

import math

import pytest
from tests.ssa.conjunction_examples import message, party, secondary

from skypact.records.assessments import ProbabilityEstimate
from skypact.records.conjunction_messages import DragUncertainty
from skypact.ssa.encounters import encounters_of
from skypact.ssa.estimates import Estimates, estimates_of, level_of
from skypact.ssa.levels import Level, Thresholds
from skypact.ssa.planar_estimates import CORRELATED, ONE_COVARIANCE

NAN_MATRIX = tuple((math.nan,) * 6 for _ in range(6))


def made(value: float | None, *, holds: bool | None = None) -> ProbabilityEstimate:
    return ProbabilityEstimate(method="", value=value, is_valid=holds)


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
    return estimates_of(one, found, 0)


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


def test_other_planar_methods_stand_beside_the_one_that_decides():
    found = of()
    beside = {one.method: one for one in found.every[1:]}
    for name in ("equal-area square", "Chan (1997)", "Alfano (2005)", "Patera (2005)"):
        assert beside[f"2D-Pc, {name}"].value == pytest.approx(found.best.value, rel=0.01)


def test_drag_that_both_objects_share_is_told_beside_it_and_judged():
    drag = DragUncertainty(
        density_ratio=0.5, position_rtn_m=(0.0, 150.0, 0.0), velocity_rtn_m_s=(0.0, 0.0, 0.0)
    )
    found = of(primary=party(drag=drag), secondary=secondary(drag=drag))
    (shared,) = (one for one in found.every if one.method == CORRELATED)
    assert shared.value is not None
    assert shared.value != pytest.approx(found.best.value, rel=1e-3)
    assert [check.name for check in shared.checks] == [check.name for check in found.best.checks]


def test_with_one_covariance_the_bound_is_shown_and_does_not_decide():
    found = of(secondary=secondary(covariance_rtn=None))
    assert found.best.value is None
    assert found.every[1].method == ONE_COVARIANCE
    assert found.every[1].value > 0.0


def test_about_another_body_the_planar_number_is_shown_and_not_judged():
    about_the_moon = {"primary": party(centre="MOON"), "secondary": secondary(centre="MOON")}
    found, usual = of(**about_the_moon), of()
    assert found.best.value == usual.best.value
    assert found.best.is_valid is None
    assert "2D-Nc" not in {one.method for one in found.every}
    assert "not about the Earth" in found.reason
