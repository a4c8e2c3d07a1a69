"""One's own screening and another's message on the same approach are one event."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from tests.ssa.conjunction_examples import HOUR_NS, message, party

from skypact.astro.time import tai_ns_from_utc
from skypact.records.marks import DataMode, Marks
from skypact.ssa.assessment import assess
from skypact.ssa.events import group
from skypact.ssa.exercise import EXERCISE_EPOCH_UTC, exercise_population
from skypact.ssa.levels import Level
from skypact.ssa.screening import screen
from skypact.ssa.screening_messages import screening_messages

if TYPE_CHECKING:
    from skypact.records.conjunctions import Screening
    from skypact.records.elements import Elements

CREATED_NS = int(tai_ns_from_utc(np.array([EXERCISE_EPOCH_UTC]))[0])


@pytest.fixture(scope="module")
def screened() -> tuple[Screening, Elements]:
    elements = exercise_population(objects=400)
    found = screen(elements, start_utc=EXERCISE_EPOCH_UTC, days=0.1, miss_m=30_000.0)
    return found, elements


def test_every_row_is_a_message_that_says_what_the_row_says(screened):
    found, elements = screened
    rows = found.conjunctions
    told = screening_messages(rows, elements, created_tai_ns=CREATED_NS)
    assert len(told) == len(rows) > 3
    for row, one in enumerate(told):
        apart_m = np.array(one.secondary.r_m) - np.array(one.primary.r_m)
        # SGP4 at the stated TCA, which has nanoseconds: 17 km/s make 17 micrometres of it.
        assert np.linalg.norm(apart_m) == pytest.approx(rows.miss_distance_m[row], abs=1e-3)
        assert one.miss_distance_m == rows.miss_distance_m[row]
        assert one.primary.designator == str(rows.primary_norad_id[row])
        assert one.marks.data_mode is DataMode.EXERCISE
        assert one.collision_probability is None


def test_it_is_unknown_by_itself_and_joins_what_the_operator_was_sent(screened):
    found, elements = screened
    apart = found.conjunctions[found.conjunctions.group < 0][:1]
    (ours,) = screening_messages(apart, elements, created_tai_ns=CREATED_NS)
    (alone,) = group([ours])
    assert assess(alone, now_tai_ns=CREATED_NS).level is Level.UNKNOWN
    theirs = message(
        "CDM",
        tca_tai_ns=ours.tca_tai_ns + 2_000_000_000,
        created_tai_ns=CREATED_NS - HOUR_NS,
        primary=party(designator=ours.secondary.designator),  # the other way round
        secondary=party(designator=f"000{ours.primary.designator}"),
        marks=Marks(originator="x", source="y", data_mode=DataMode.EXERCISE),
    )
    (both,) = group([ours, theirs])
    assert [one.message_id for one in both.messages] == ["CDM", ours.message_id]
    # The later screening has no covariance: the message to decide by stays the other's.
    assert both.current is theirs
    assert alone.id in both.aliases


def test_an_object_without_elements_keeps_the_rows_miss(screened):
    found, elements = screened
    rows = found.conjunctions[:1]
    rows.primary_elements[:] = -1
    (one,) = screening_messages(rows, elements, created_tai_ns=CREATED_NS)
    assert all(map(math.isnan, one.primary.r_m))
    (event,) = group([one])
    of = assess(event, now_tai_ns=CREATED_NS)
    assert of.miss_distance_m == pytest.approx(float(rows.miss_distance_m[0]), rel=1e-12)
    assert of.level is Level.UNKNOWN
    assert msgspec.json.encode(one)  # it can be sent on
