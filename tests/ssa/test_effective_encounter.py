"""2D-Nc against NASA CARA's own and against 3D-Nc."""

from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.encounter_cases import cases, encounters, expected, head_on

from skypact.ssa.effective_encounter import expected_collisions_2d
from skypact.ssa.expected_collisions import expected_collisions_3d


def test_agrees_with_nasa_wherever_nasa_finds_it_valid(shared):
    rows = [
        case
        for case in cases(shared, "cara_")
        if case["expected"] and case["expected"]["ViolationsNc2D"] == 0
    ]
    found = expected_collisions_2d(encounters(rows))
    assert len(rows) == 32
    # 9.3e-5 at most: the last encounter's rate is a Gaussian in time to 1e-3 only.
    assert found.value == pytest.approx([expected(case, "Nc2D") for case in rows], rel=1.2e-4)


def test_tells_where_it_is_no_gaussian_in_time(shared):
    rows = cases(shared, "cara_000048901_conj_000048903")
    found = expected_collisions_2d(encounters(rows))
    # NASA flags all three. The first is right by luck of the method, the others are not.
    truth = [expected(case, "PcSDMC") for case in rows]
    right = np.abs(found.value / truth - 1.0) < 0.05
    assert right.tolist() == [True, False, False]
    assert (found.departure_ratio[~right] > 0.2).all()


def test_agrees_with_3d_where_the_encounter_is_short(shared):
    rows = [case for case in cases(shared, "cara_") if not case["expected"]]
    found = expected_collisions_2d(encounters(rows))
    assert found.value == pytest.approx(expected_collisions_3d(encounters(rows)).value, rel=1e-3)


def test_an_encounter_whose_errors_lie_along_its_miss_peaks_when_it_is_closest():
    found = expected_collisions_2d(head_on(miss_m=200.0, sigma_miss_m=80.0))
    assert found.peak_s[0] == pytest.approx(0.0, abs=1e-3)
    assert found.departure_ratio[0] < 1e-3


def test_what_is_unknown_gives_no_number_and_does_not_touch_the_others():
    rows = head_on()[np.zeros(3, int)]
    radius_m = np.array([10.0, np.nan, 10.0])
    found = expected_collisions_2d(replace(rows, hard_body_radius_m=radius_m)).value
    assert np.isnan(found).tolist() == [False, True, False]
