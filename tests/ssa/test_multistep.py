"""The simplest method that holds, against NASA CARA's Monte Carlo."""

from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.encounter_cases import cases, encounters, expected, head_on

from skypact.base.errors import InputError
from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.multistep import EXPECTED, SHORT, TRIED, multistep, to_decide_by
from skypact.ssa.probability import IN_PLANE

_STEPS = (("ViolationsPc2D", "Pc2D"), ("ViolationsNc2D", "Nc2D"), ("ViolationsNc3D", "Nc3D"))


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
    ],
)
def test_the_estimate_to_decide_by(estimates, row):
    assert to_decide_by(estimates) is estimates[row]


def nasas_choice(case):
    """The value of the first of NASA's methods that NASA does not flag."""
    for flag, name in _STEPS:
        if expected(case, flag) == 0:
            return expected(case, name)
    return expected(case, "PcSDMC")


def test_lies_within_monte_carlos_bounds_wherever_nasas_choice_does(shared):
    rows = [case for case in cases(shared, "cara_") if case["expected"]]
    missed, inside = [], 0
    for case in rows:
        low, high = expected(case, "PcSDMCLo"), expected(case, "PcSDMCHi")
        if low <= nasas_choice(case) <= high:
            inside += 1
            if not low <= multistep(encounters([case])).chosen.value <= high:
                missed.append(case["id"])
    assert inside == 32
    assert missed == []


@pytest.mark.parametrize(
    ("name", "method", "made"),
    [
        ("cara_000025994_conj_000037558", IN_PLANE, 1),
        ("cara_000039574_conj_000039477", SHORT, 2),
        ("cara_000048901_conj_000048903_20211220", EXPECTED, 3),
        ("omitron_cdm08", SHORT, 2),
    ],
)
def test_stops_at_the_first_method_that_holds_and_says_why(shared, name, method, made):
    (case,) = cases(shared, name)
    found = multistep(encounters([case]))
    assert found.chosen.method == method
    assert found.chosen.is_valid
    assert len(found.estimates) == made
    assert found.reason.startswith(f"{method.split(',')[0]} is used")
    passed_over = [one.method.split(",")[0] for one in found.estimates[:-1]]
    assert all(f"{one} does not hold (" in found.reason for one in passed_over)
    assert all(one.value is not None for one in found.estimates)


def test_goes_on_to_monte_carlo_where_the_interval_is_cut(shared):
    (case,) = cases(shared, "alfano2009_11")
    found = multistep(
        encounters([case]), trials=100_000, half_span_s=case["Nc3D_time_limit_s"], seed=1
    )
    assert [one.method for one in found.estimates] == [IN_PLANE, SHORT, EXPECTED, TRIED]
    assert found.chosen.method == TRIED
    assert found.chosen.lower_bound <= expected(case, "Pc_MC_CARA_1e8") <= found.chosen.upper_bound
    assert "rate left out at the ends" in found.reason


def test_too_few_hits_are_shown_but_not_called_valid(shared):
    (case,) = cases(shared, "alfano2009_11")
    found = multistep(encounters([case]), trials=300, half_span_s=case["Nc3D_time_limit_s"], seed=1)
    assert found.chosen.is_valid is False
    assert found.chosen is max(found.estimates, key=lambda one: one.value)
    assert found.reason.startswith("no method holds, and Monte Carlo gives the most")


def test_what_cannot_be_determined_is_no_number_and_says_so():
    unknown = replace(head_on(), r1_m=np.full((1, 3), np.nan))
    found = multistep(unknown)
    assert found.chosen is None
    assert len(found.estimates) == 4
    assert all(one.value is None and one.is_valid is None for one in found.estimates)
    assert all(one.reason for one in found.estimates)


def test_without_the_velocitys_covariance_the_planar_number_is_shown_unjudged():
    one = head_on()
    covariances = one.covariances1.copy()
    covariances[:, 3:, :] = covariances[:, :, 3:] = np.nan
    found = multistep(replace(one, covariances1=covariances))
    assert found.chosen.method == IN_PLANE
    assert found.chosen.is_valid is None
    assert found.chosen.value > 0.0


def test_progress_of_monte_carlo_is_told(shared):
    (case,) = cases(shared, "alfano2009_11")
    told = []
    multistep(
        encounters([case]), trials=1_000, half_span_s=case["Nc3D_time_limit_s"],
        on_progress=told.append,
    )  # fmt: skip
    assert told == [1.0]


def test_asks_for_one_encounter():
    with pytest.raises(InputError, match="1 encounter is wanted, not 2"):
        multistep(head_on()[np.zeros(2, int)])
