"""Exact confidence bounds, against SciPy's beta distribution and NASA CARA's."""

import pytest
from scipy.stats import beta
from tests.ssa.encounter_cases import cases

from skypact.ssa.binomial_bounds import binomial_bounds

CASES = [
    (1, 10), (5, 10), (9, 10), (1, 1_000_000), (57, 100_000), (9778, 16_000_000),
    (499_000, 1_000_000), (999_999, 1_000_000), (1558, 4_000_000_000),
]  # fmt: skip


@pytest.mark.parametrize(("hits", "trials"), CASES)
@pytest.mark.parametrize("confidence", [0.95, 0.5, 0.999])
def test_agrees_with_scipy(hits, trials, confidence):
    tail = (1.0 - confidence) / 2.0
    expected = (
        beta.ppf(tail, hits, trials - hits + 1),
        beta.ppf(1.0 - tail, hits + 1, trials - hits),
    )
    # At 4e9 trials the logarithms of the gamma function, 1e11 each, leave seven digits.
    assert binomial_bounds(hits, trials, confidence) == pytest.approx(expected, rel=2e-7)


def test_no_hit_bounds_only_from_above_and_no_miss_only_from_below():
    assert binomial_bounds(0, 1000) == (0.0, pytest.approx(1.0 - 0.025**1e-3))
    assert binomial_bounds(1000, 1000) == (pytest.approx(0.025**1e-3), 1.0)


def test_agrees_with_the_bounds_that_nasa_published(shared):
    published = [case["expected"] for case in cases(shared, "cara_") if case["expected"]]
    assert len(published) == 35
    for one in published:
        found = binomial_bounds(one["NhitSDMC"], one["NtotSDMC"])
        assert found == pytest.approx((one["PcSDMCLo"], one["PcSDMCHi"]), rel=1e-6)
