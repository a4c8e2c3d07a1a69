"""Histories whose errors are known: what comes out of the fit must be what went in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.api import WGS72, Satrec
from tests.astro.sgp4_reference import Orbit, elements_of

from skypact.base.errors import InputError
from skypact.node.catalogues import read
from skypact.ssa.element_error_fit import FEWEST_PAIRS, fit_element_errors, set_differences
from skypact.ssa.element_errors import element_sigmas

DAY_S = 86_400.0
# Polar, so that an error of the node moves the object along the normal only. At its epoch the
# newer set stands in the node, where the normal error is largest.
ORBIT = Orbit(1.11, 1e-6, np.pi / 2.0, 1.0, 0.5, -0.5 % (2.0 * np.pi), 0.0)
OBJECTS = 4000
# The sigma of a median of 4000: 1.8 % (its efficiency is 37 %). Three of those.
CLOSE = 0.055


def joined(*tables):
    columns = {
        name: np.concatenate([table.columns()[name] for table in tables])
        for name in tables[0].columns()
    }
    return replace(tables[0], **columns)


def at_age(newer, age_s):
    """The elements `age_s` before: without drag SGP4's own rates are constant."""
    satellite = Satrec()
    satellite.sgp4init(
        WGS72, "a", 1, 27_000.0, 0.0, 0.0, 0.0, ORBIT.eccentricity, ORBIT.argument_of_perigee_rad,
        ORBIT.inclination_rad, ORBIT.mean_anomaly_rad, ORBIT.mean_motion_rad_min, ORBIT.raan_rad,
    )  # fmt: skip
    minutes = age_s / 60.0
    return replace(
        newer,
        epoch_utc=newer.epoch_utc - np.timedelta64(round(age_s * 1e9), "ns"),
        mean_anomaly_rad=newer.mean_anomaly_rad - satellite.mdot * minutes,
        argument_of_perigee_rad=newer.argument_of_perigee_rad - satellite.argpdot * minutes,
        raan_rad=newer.raan_rad - satellite.nodedot * minutes,
    )


def with_errors(elements, *, anomaly_rad, node_rad, motion_rad_s, seed):
    rng = np.random.default_rng(seed)
    draw = rng.standard_normal((3, len(elements)))
    return replace(
        elements,
        mean_anomaly_rad=elements.mean_anomaly_rad + anomaly_rad * draw[0],
        raan_rad=elements.raan_rad + node_rad * draw[1],
        mean_motion_rad_s=elements.mean_motion_rad_s + motion_rad_s * draw[2],
    )


def history(age_s, objects=OBJECTS, **errors):
    newer = elements_of([ORBIT] * objects)
    return joined(
        with_errors(at_age(newer, age_s), **errors, seed=1),
        with_errors(newer, **errors, seed=2),
    )


def test_without_errors_two_sets_agree_to_a_micrometre_per_hour():
    found = set_differences(
        history(2.5 * DAY_S, 3, anomaly_rad=0.0, node_rad=0.0, motion_rad_s=0.0)
    )
    assert len(found.age_s) == 3
    assert np.abs(found.apart_rtn_m).max() < 1e-4


@pytest.mark.parametrize("age_days", [0.25, 1.5, 6.0, 12.0])
def test_errors_that_went_in_come_out(age_days):
    anomaly_rad, node_rad, motion_rad_s = 2e-5, 3e-5, 3e-9
    table = fit_element_errors(
        history(
            age_days * DAY_S, anomaly_rad=anomaly_rad, node_rad=node_rad, motion_rad_s=motion_rad_s
        )
    )
    assert len(table) == 1
    assert table.age_from_s[0] <= age_days * DAY_S < table.age_until_s[0]
    axis_m = 1.11 * 6_378_135.0
    motion = ORBIT.mean_motion_rad_min / 60.0
    both = np.sqrt(2.0)
    drift_rad = motion_rad_s * age_days * DAY_S  # of the older set alone
    assert table.sigma_transverse_m[0] == pytest.approx(
        axis_m * np.hypot(both * anomaly_rad, drift_rad), rel=CLOSE
    )
    assert table.sigma_normal_m[0] == pytest.approx(axis_m * both * node_rad, rel=CLOSE)
    assert (table.pairs[0], table.objects[0]) == (OBJECTS, OBJECTS)
    if age_days < 1.0:  # later the drift is kilometres, and waves of the radius come in with it
        by_kepler_m = axis_m * 2.0 / 3.0 * both * motion_rad_s / motion
        assert table.sigma_radial_m[0] == pytest.approx(by_kepler_m, rel=CLOSE)
        assert table.tail_ratio[0] == pytest.approx(1.0 - 0.9973**3, abs=0.005)


def test_a_tenth_of_sets_that_are_far_off_widens_the_tail_and_hardly_the_sigma():
    errors = {"anomaly_rad": 2e-5, "node_rad": 3e-5, "motion_rad_s": 0.0}
    good = history(1.5 * DAY_S, **errors)
    anomaly_rad = good.mean_anomaly_rad.copy()
    anomaly_rad[: OBJECTS // 10] += 0.1  # 700 km
    found = fit_element_errors(replace(good, mean_anomaly_rad=anomaly_rad))
    clean = fit_element_errors(good)
    assert found.sigma_transverse_m[0] < 1.2 * clean.sigma_transverse_m[0]
    assert found.tail_ratio[0] > 0.1 > clean.tail_ratio[0]


def test_what_was_fitted_is_what_a_lookup_finds():
    sets = history(1.5 * DAY_S, anomaly_rad=2e-5, node_rad=3e-5, motion_rad_s=1e-10)
    table = fit_element_errors(sets)
    sigmas, row = element_sigmas(sets[:2], np.array([1.2, 3.2]) * DAY_S, table)
    assert row.tolist() == [0, -1]
    assert sigmas[0].tolist() == [
        table.sigma_radial_m[0], table.sigma_transverse_m[0], table.sigma_normal_m[0]
    ]  # fmt: skip
    assert np.isnan(sigmas[1]).all()


def test_too_few_pairs_leave_the_error_unknown_and_are_counted():
    few = history(1.5 * DAY_S, FEWEST_PAIRS - 1, anomaly_rad=2e-5, node_rad=0.0, motion_rad_s=0.0)
    table = fit_element_errors(few)
    assert table.pairs.tolist() == [FEWEST_PAIRS - 1]
    assert np.isnan(table.sigma_transverse_m).all()
    assert np.isnan(table.tail_ratio).all()


def test_each_set_meets_one_later_set_per_age_and_none_of_another_object():
    newest = elements_of([ORBIT] * 2)
    sets = joined(*(at_age(newest, age * DAY_S) for age in (13.9, 0.0, 0.2, 0.4, 20.0)))
    found = set_differences(sets)
    assert (sets.norad_id[found.older] == sets.norad_id[found.newer]).all()
    # 0.4 to 0.2 and 0.2 to 0.0 days under half a day; 20 and 13.9 days to the first set within
    # their ages: 6.1 d apart, 13.5 d apart.
    assert sorted(np.round(found.age_s[sets.norad_id[found.older] == 0] / DAY_S, 3)) == [
        0.2, 0.2, 6.1, 13.5
    ]  # fmt: skip


@pytest.mark.parametrize("age_s", [30.0, 15.0 * DAY_S])
def test_a_history_that_says_nothing_is_refused(age_s):
    sets = history(age_s, 30, anomaly_rad=1e-5, node_rad=0.0, motion_rad_s=0.0)
    with pytest.raises(InputError, match="several element sets of an object"):
        fit_element_errors(sets)


def test_an_empty_history_is_refused():
    with pytest.raises(InputError, match="without element sets"):
        fit_element_errors(elements_of([]))


def test_sets_that_sgp4_cannot_follow_are_left_out_of_the_sigma():
    errors = {"anomaly_rad": 2e-5, "node_rad": 0.0, "motion_rad_s": 0.0}
    good = history(1.5 * DAY_S, 50, **errors)
    eccentricity = good.eccentricity.copy()
    eccentricity[0] = np.nan
    found = fit_element_errors(replace(good, eccentricity=eccentricity))
    assert found.pairs.tolist() == [49]


def test_real_histories_have_errors_that_grow_with_age(shared):
    """Jason-1 at 1336 km: manoeuvred a few centimetres per second each month, hardly any drag."""
    sets = read(str(shared / "data/od/tle_manoeuvre_benchmark/Jason-1.tle"))
    table = fit_element_errors(sets)
    assert (table.pairs[1:] > 1000).all()
    assert (np.diff(table.sigma_transverse_m) > 0.0).all()
    # Tens of metres to a few hundred at epoch, kilometres in two weeks.
    assert 10.0 < table.sigma_transverse_m[0] < 500.0
    assert 1000.0 < table.sigma_transverse_m[-1] < 10_000.0


@given(st.permutations(range(24)))
def test_the_order_of_the_sets_does_not_matter(order):
    newest = elements_of([ORBIT] * 4)
    errors = {"anomaly_rad": 2e-5, "node_rad": 3e-5, "motion_rad_s": 1e-10}
    sets = joined(
        *(with_errors(at_age(newest, age * DAY_S), **errors, seed=age) for age in range(6))
    )
    found, shuffled = fit_element_errors(sets), fit_element_errors(sets[np.array(order)])
    for name, column in found.columns().items():
        same_nan = {} if column.dtype.kind == "T" else {"equal_nan": True}
        assert np.array_equal(column, shuffled.columns()[name], **same_nan), name
