"""Where a method may be used, against NASA CARA's verdicts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.ssa.encounter_cases import cases, encounters, expected, head_on

from skypact.ssa.effective_encounter import expected_collisions_2d
from skypact.ssa.encounter_interval import period_s
from skypact.ssa.expected_collisions import expected_collisions_3d
from skypact.ssa.validity import (
    LONGEST_RATIO,
    NEGATIVE_RATIO,
    PLANAR_OFFSET_RATIO,
    all_met,
    expected_checks,
    planar_checks,
    planar_validity,
    short_checks,
)


@pytest.fixture(scope="module")
def nasa(shared):
    return [case for case in cases(shared, "cara_") if case["expected"]]


def test_the_planar_method_holds_where_nasa_says_so(nasa):
    found = planar_validity(encounters(nasa))
    assert found.is_judged.all()
    violated = [expected(case, "ViolationsPc2D") != 0 for case in nasa]
    assert (~found.is_valid).tolist() == violated


def test_the_conditions_that_fail_are_those_that_nasas_digits_name(nasa):
    # Read as hundreds: inaccurate, tens: off TCA, units: long. NASA's document does not say.
    found = planar_validity(encounters(nasa))
    digits = np.array([int(expected(case, "ViolationsPc2D")) for case in nasa])
    assert (found.duration_ratio > LONGEST_RATIO).tolist() == (digits % 10 == 1).tolist()
    assert (found.offset_ratio > PLANAR_OFFSET_RATIO).tolist() == (digits // 10 % 10 == 1).tolist()


def test_two_negligible_numbers_agree_and_a_negligible_one_with_a_large_one_does_not():
    far = planar_validity(head_on(miss_m=5000.0, sigma_miss_m=100.0))
    assert 0.0 <= far.probability[0] < 1e-100
    assert far.disagreement_ratio[0] == 0.0
    assert far.is_valid[0]


def test_a_slow_encounter_is_too_long():
    one = head_on()
    slow = replace(one, v2_m_s=one.v1_m_s + np.array([[0.0, 0.0, 0.5]]))
    found = planar_validity(slow)
    assert found.duration_ratio[0] > LONGEST_RATIO
    assert not found.is_valid[0]


def test_without_the_velocitys_covariance_nothing_can_be_judged():
    one = head_on()
    covariances = one.covariances1.copy()
    covariances[:, 3:, :] = covariances[:, :, 3:] = np.nan
    found = planar_validity(replace(one, covariances1=covariances))
    assert found.probability[0] > 0.0
    assert not found.is_judged[0]
    assert not found.is_valid[0]
    assert all_met(planar_checks(found, 0)) is None


def test_every_row_has_an_answer_and_none_touches_the_others():
    rows = head_on()[np.zeros(3, int)]
    r1_m = rows.r1_m.copy()
    r1_m[1] = np.nan
    found = planar_validity(replace(rows, r1_m=r1_m))
    assert found.is_valid.tolist() == [True, False, True]
    assert found.is_judged.tolist() == [True, False, True]


@pytest.mark.parametrize(
    "place", [((0, 0), -1.0, (3, 3), np.nan), ((0, 0), np.inf, (1, 1), -1.0), ((0, 1), 1e300)]
)
def test_a_matrix_that_is_no_covariance_stops_no_other_row(place):
    rows = head_on()[np.zeros(2, int)]
    broken = rows.covariances1.copy()
    for cell, value in zip(place[::2], place[1::2], strict=True):
        broken[(0, *cell)] = broken[(0, *cell[::-1])] = value
    found = planar_validity(replace(rows, covariances1=broken))
    assert not found.is_valid[0]
    assert found.is_valid[1]


def test_a_repaired_covariance_is_told(shared):
    (case,) = cases(shared, "npd_remediable")
    found = planar_validity(encounters([case]))
    assert found.is_repaired[0]
    assert not found.is_valid[0]
    (check,) = [one for one in planar_checks(found, 0) if one.found == "repaired"]
    assert check.is_met is False
    assert "AAS 17-567" in check.source


def test_every_check_says_found_asked_and_whence():
    for check in planar_checks(planar_validity(head_on()), 0):
        assert check.is_met
        assert check.name
        assert check.found
        assert check.asked
        assert check.source


def test_the_page_tells_the_verdicts_as_they_are(nasa):
    found = planar_validity(encounters(nasa))
    short, expected_3d = (
        method(encounters(nasa)) for method in (expected_collisions_2d, expected_collisions_3d)
    )
    periods_s = period_s(encounters(nasa))
    computed = {}
    for row, case in enumerate(nasa):
        planar = planar_checks(found, row)
        peak = short_checks(short, row, period_s=float(periods_s[row]))
        ours = [
            sum(10**place for place in range(3) if checks[place].is_met is False)
            for checks in (planar, peak)
        ]
        ours.append(0 if all_met(expected_checks(expected_3d, row)) else 1)
        theirs = [int(expected(case, f"Violations{name}")) for name in ("Pc2D", "Nc2D", "Nc3D")]
        _, first, _, second, day, second_of_day, _, _ = case["id"].split("_")
        name = f"{int(first)} {int(second)} {day}"
        shown = f"{name} {second_of_day}" if name.startswith("48901 48903") else name
        computed[shown] = [value for both in zip(ours, theirs, strict=True) for value in both]
    rows = {key: row for key, row in computed.items() if any(row)}
    assert told_verdicts() == rows
    assert len(computed) - len(rows) == 18


def told_verdicts():
    page = Path(__file__).parents[2] / "docs" / "explanation" / "probability_validity.md"
    table = page.read_text(encoding="utf-8").split("| conjunction |")[1].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table if line]
    return {line[0]: [int(cell) for cell in line[1:]] for line in cells if len(line) == 7}


def test_two_orbits_without_any_error_are_unknown():
    zero = np.zeros((1, 6, 6))
    certain = replace(head_on(), covariances1=zero, covariances2=zero)
    found = planar_validity(certain)
    assert np.isnan(found.expected_collisions[0])
    assert not found.is_judged[0]


def test_a_covariance_that_is_mostly_wrong_is_not_made_right_by_repair():
    wrong = replace(head_on(), covariances1=-head_on().covariances1)
    found = expected_collisions_3d(wrong)
    assert found.negative_ratio[0] > NEGATIVE_RATIO
    assert all_met(expected_checks(found, 0)) is False
