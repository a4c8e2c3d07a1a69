"""Monte Carlo against other people's Monte Carlo, and against 3D-Nc."""

from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.encounter_cases import cases, encounters, expected, head_on

from skypact.base.errors import InputError
from skypact.ssa.expected_collisions import expected_collisions_3d
from skypact.ssa.monte_carlo import monte_carlo


def overlap(found, low, high):
    return found.lower_bound <= high and low <= found.upper_bound


@pytest.mark.slow
def test_overlaps_with_nasas_bounds_in_every_case_that_is_likely_enough(shared):
    rows = [case for case in cases(shared, "cara_") if (expected(case, "PcSDMC") or 0.0) > 5e-5]
    missed = []
    for case in rows:
        found = monte_carlo(encounters([case]), trials=2_000_000, seed=1)
        if not overlap(found, expected(case, "PcSDMCLo"), expected(case, "PcSDMCHi")):
            missed.append(case["id"])
    assert len(rows) == 14
    assert missed == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 8, 11, 12])
def test_overlaps_with_nasas_bounds_in_alfanos_slow_cases(shared, number):
    (case,) = cases(shared, f"alfano2009_{number:02}")
    found = monte_carlo(
        encounters([case]), trials=200_000, seed=1, half_span_s=case["Nc3D_time_limit_s"]
    )
    low, high = expected(case, "Pc_MC_CARA_lo95"), expected(case, "Pc_MC_CARA_hi95")
    assert overlap(found, low, high)


@pytest.mark.slow
def test_finds_what_the_planar_method_misses_by_160_orders(shared):
    (case,) = cases(shared, "cara_000048901_conj_000048903_20211219_235030")
    found = monte_carlo(encounters([case]), trials=5_000_000, seed=1)
    assert found.hits > 20
    assert overlap(found, expected(case, "PcSDMCLo"), expected(case, "PcSDMCHi"))


def test_agrees_with_3d():
    one = head_on(miss_m=100.0, sigma_miss_m=80.0, sigma_across_m=60.0, radius_m=20.0)
    found = monte_carlo(one, trials=400_000, seed=3)
    assert found.lower_bound <= expected_collisions_3d(one).value[0] <= found.upper_bound


def test_errors_that_both_share_cancel():
    one = head_on(miss_m=100.0, sigma_miss_m=80.0, sigma_across_m=60.0, radius_m=20.0)
    alike = replace(one, cross_covariances=0.9 * one.covariances1)
    found = monte_carlo(alike, trials=400_000, seed=3)
    assert found.lower_bound <= expected_collisions_3d(alike).value[0] <= found.upper_bound
    assert not overlap(found, *(2 * [expected_collisions_3d(one).value[0]]))


def test_the_same_seed_gives_the_same_and_another_seed_another():
    hits = [monte_carlo(head_on(), trials=150_000, seed=seed).hits for seed in (1, 1, 2)]
    assert hits[0] == hits[1] != hits[2]


def test_progress_is_told_after_each_block_and_may_end_the_run():
    told = []
    monte_carlo(head_on(), trials=250_000, seed=1, on_progress=told.append)
    assert told == [100_000, 200_000, 250_000]

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        monte_carlo(head_on(), trials=250_000, seed=1, on_progress=stop)


def test_enough_hits_end_it():
    found = monte_carlo(head_on(), trials=10_000_000, seed=1, enough_hits=50)
    assert found.trials == 100_000
    assert found.hits >= 50


def test_draws_that_are_no_orbit_widen_the_upper_bound_only():
    one = head_on()
    wild = one.covariances1.copy()
    wild[0, 3:, 3:] = np.eye(3) * 3000.0**2  # m/s: some draws leave the Earth
    found = monte_carlo(replace(one, covariances1=wild), trials=20_000, seed=1)
    assert found.lost > 10
    assert found.upper_bound > (found.hits + found.lost) / found.trials
    assert found.lower_bound <= found.probability


def test_a_repaired_covariance_is_drawn_from(shared):
    (case,) = cases(shared, "omitron_cdm07")
    assert monte_carlo(encounters([case]), trials=10_000, seed=1).hits == 0


def test_what_is_unknown_has_no_result():
    one = head_on()
    assert monte_carlo(replace(one, r1_m=np.full((1, 3), np.nan)), trials=10, seed=1) is None


@pytest.mark.parametrize(("rows", "trials"), [(2, 10), (0, 10), (1, 0)])
def test_asks_for_one_encounter_and_some_trials(rows, trials):
    with pytest.raises(InputError, match="1 encounter and 1 or more trials"):
        monte_carlo(head_on()[np.zeros(rows, int)], trials=trials, seed=1)
