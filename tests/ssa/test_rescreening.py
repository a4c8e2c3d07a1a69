"""Screening again after a change must give what screening everything gives."""

from dataclasses import replace

import numpy as np
import pytest

from skypact.base.errors import InputError
from skypact.ssa.companions import Exclusions
from skypact.ssa.exercise import exercise_population
from skypact.ssa.rescreening import rescreen
from skypact.ssa.screening import screen

START = np.datetime64("2026-11-20", "ns")
HOURS_12 = 0.5


def _elements():
    return exercise_population(objects=1500)


def _moved(elements, norad_ids, shift_rad=2e-3):
    moved = np.isin(elements.norad_id, norad_ids)
    anomaly_rad = np.where(moved, elements.mean_anomaly_rad + shift_rad, elements.mean_anomaly_rad)
    return replace(elements, mean_anomaly_rad=anomaly_rad)


def _busiest(rows, count):
    ids, times = np.unique(
        np.concatenate([rows.primary_norad_id, rows.secondary_norad_id]), return_counts=True
    )
    return ids[np.argsort(-times)[:count]].tolist()


def _assert_same_rows(found, expected):
    assert len(found) == len(expected)
    for name, values in expected.columns().items():
        np.testing.assert_array_equal(found.columns()[name], values, err_msg=name)


def test_new_elements_of_some_objects_give_the_rows_of_a_whole_screening():
    elements = _elements()
    before = screen(elements, start_utc=START, days=HOURS_12, miss_m=8000.0)
    changed = _busiest(before.conjunctions, 5)
    now = _moved(elements, changed)
    expected = screen(now, start_utc=START, days=HOURS_12, miss_m=8000.0)
    found = rescreen(before, now, changed)
    _assert_same_rows(found.conjunctions, expected.conjunctions)
    involved = np.isin(expected.conjunctions.primary_norad_id, changed)
    assert 0 < np.count_nonzero(involved) < len(expected.conjunctions)


def test_objects_that_are_new_gone_or_moved_in_the_file_are_followed():
    elements = _elements()
    before = screen(elements, start_utc=START, days=HOURS_12, miss_m=8000.0)
    gone, arrived = _busiest(before.conjunctions, 1)[0], 900_900_900
    kept = elements[np.flatnonzero(elements.norad_id != gone)[::-1]]
    newcomer = replace(_moved(elements, elements.norad_id)[300:301], norad_id=np.array([arrived]))
    columns = {
        name: np.concatenate([values, newcomer.columns()[name]])
        for name, values in kept.columns().items()
    }
    now = replace(kept, **columns)
    expected = screen(now, start_utc=START, days=HOURS_12, miss_m=8000.0)
    found = rescreen(before, now, [gone, arrived])
    _assert_same_rows(found.conjunctions, expected.conjunctions)


def test_primaries_stay_primaries():
    elements = _elements()
    everything = screen(elements, start_utc=START, days=HOURS_12, miss_m=8000.0)
    primaries = _busiest(everything.conjunctions, 40)
    before = screen(elements, start_utc=START, days=HOURS_12, miss_m=8000.0, primaries=primaries)
    changed = [primaries[3], *_busiest(everything.conjunctions, 60)[-5:]]
    now = _moved(elements, changed)
    expected = screen(now, start_utc=START, days=HOURS_12, miss_m=8000.0, primaries=primaries)
    found = rescreen(before, now, changed, primaries=primaries)
    _assert_same_rows(found.conjunctions, expected.conjunctions)


def test_a_change_that_nobody_named_is_refused():
    elements = _elements()
    before = screen(elements, start_utc=START, days=HOURS_12)
    hidden = int(before.conjunctions.primary_norad_id[0])
    later = np.where(elements.norad_id == hidden, np.timedelta64(60, "s"), np.timedelta64(0, "s"))
    now = replace(elements, epoch_utc=elements.epoch_utc + later)
    with pytest.raises(InputError, match=f"object {hidden} has other elements"):
        rescreen(before, now, [int(before.conjunctions.secondary_norad_id[-1])])


def test_rows_that_were_left_out_cannot_come_back():
    elements = exercise_population(objects=200)
    before = screen(elements, start_utc=START, days=0.1)
    with pytest.raises(InputError, match="docked"):
        rescreen(before, elements, [], exclude=Exclusions(docked=True))
