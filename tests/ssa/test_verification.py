"""The second opinion must notice what a screening lost."""

from dataclasses import replace

import numpy as np
import pytest

from skypact.base.errors import InputError
from skypact.ssa.exercise import exercise_population
from skypact.ssa.screening import screen
from skypact.ssa.verification import SLICE_S, verify
from skypact.ssa.volumes import Volume

START = np.datetime64("2026-11-20", "ns")
SHORT_DAYS = 120.0 / 86_400.0  # so short that a few slices see every row


def _screened(**asked):
    elements = exercise_population(objects=1500)
    return elements, screen(elements, start_utc=START, days=SHORT_DAYS, **asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"miss_m": 50_000.0},
        {"volumes": Volume(kind="box", radial_m=9e3, transverse_m=6e4, normal_m=6e4)},
        {"volumes": Volume(kind="ellipsoid", radial_m=9e3, transverse_m=6e4, normal_m=6e4)},
    ],
    ids=["sphere", "box", "ellipsoid"],
)
def test_a_whole_screening_is_confirmed(asked):
    elements, found = _screened(**asked)
    outcome = verify(found, elements, slices=6, seed=3, volumes=asked.get("volumes"))
    assert outcome.missed == ()
    assert outcome.pairs_inside > 3
    assert "none missing" in str(outcome)


def test_rows_that_are_taken_away_are_missed():
    elements, found = _screened(miss_m=50_000.0)
    robbed = replace(found, conjunctions=found.conjunctions[::2])
    outcome = verify(robbed, elements, slices=12, seed=3)
    assert len(outcome.missed) > 0
    assert "MISSING" in str(outcome)


def test_a_stay_that_is_moved_in_time_is_missed():
    elements, found = _screened(miss_m=50_000.0)
    rows = found.conjunctions
    away = np.timedelta64(int(10 * SLICE_S), "s")
    moved = replace(rows, entry_utc=rows.entry_utc + away, exit_utc=rows.exit_utc + away)
    assert verify(replace(found, conjunctions=moved), elements, slices=12, seed=3).missed


def test_no_slices_prove_nothing():
    elements, found = _screened()
    with pytest.raises(InputError, match="at least one slice"):
        verify(found, elements, slices=0, seed=1)
