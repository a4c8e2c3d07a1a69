"""The history of an event is told in the axes of one object, with what changed."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.ssa.conjunction_examples import (
    RADIUS_M,
    SPEED_M_S,
    message,
    party,
    round_covariance,
    secondary,
)

from skypact.records.conjunction_messages import ConjunctionMessage
from skypact.ssa.encounters import encounters_of
from skypact.ssa.event_history import EventHistory, history_of, one_sided, what_changed
from skypact.ssa.events import group

NAN = float("nan")
MISS_M = math.hypot(30.0, 40.0, 40.0)


def history(*messages: ConjunctionMessage, probability: Any = NAN) -> EventHistory:
    (event,) = group(messages)
    told = one_sided(event)
    values = np.broadcast_to(np.asarray(probability, np.float64), len(told))
    valid = np.ones(len(told), np.bool_)
    return history_of(told, encounters_of(told), values, is_valid=valid, method="by hand")


def test_the_miss_stands_in_the_primarys_axes():
    found = history(message(secondary=secondary((30.0, 0.0, 0.0))))
    assert found.miss_radial_m == pytest.approx([30.0])
    assert found.miss_transverse_m == pytest.approx([0.0], abs=1e-6)
    assert found.miss_normal_m == pytest.approx([0.0], abs=1e-6)
    assert found.miss_distance_m == pytest.approx([30.0])


def test_the_sigmas_are_those_of_both_objects_together():
    """The planes cross at right angles: one's along-track error is the other's cross-track."""
    ours, theirs = round_covariance((3.0, 40.0, 12.0)), round_covariance((4.0, 9.0, 5.0))
    miss = secondary((30.0, 0.0, 0.0), covariance_rtn=theirs)
    found = history(message(primary=party(covariance_rtn=ours), secondary=miss))
    assert found.sigma_radial_m == pytest.approx([5.0])
    assert found.sigma_transverse_m == pytest.approx([math.hypot(40.0, 5.0)], rel=1e-6)
    assert found.sigma_normal_m == pytest.approx([math.hypot(12.0, 9.0)], rel=1e-6)
    volume = 5.0 * math.hypot(40.0, 5.0) * 15.0
    assert found.covariance_size_m == pytest.approx([volume ** (1 / 3)], rel=1e-6)
    assert found.mahalanobis_ratio == pytest.approx([6.0], rel=1e-6)  # 30 m of 5 m


def test_a_message_for_the_other_operator_is_told_from_our_side():
    ours = message("A", created_h=-24.0)
    theirs = message("B", created_h=-48.0, primary=ours.secondary, secondary=ours.primary)
    found = history(ours, theirs)
    assert found.message_id.tolist() == ["B", "A"]
    for name in ("miss_radial_m", "miss_normal_m", "sigma_transverse_m", "mahalanobis_ratio"):
        both = getattr(found, name)
        assert both[0] == pytest.approx(both[1], rel=1e-9)


@pytest.mark.parametrize(
    "covariance", [None, ((0.0,) * 6,) * 6, ((NAN,) * 6,) * 6], ids=["none", "zero", "nan"]
)
def test_what_is_not_known_is_nan_and_the_row_stays(covariance):
    found = history(message(secondary=secondary(covariance_rtn=covariance)))
    assert len(found) == 1
    for name in ("sigma_radial_m", "covariance_size_m", "mahalanobis_ratio"):
        assert np.isnan(getattr(found, name)).all()
    assert found.miss_distance_m == pytest.approx([MISS_M], rel=1e-6)


def test_a_covariance_that_is_none_has_no_mahalanobis_distance():
    wrong = [[-(4.0**2) if row == column == 0 else 0.0 for column in range(6)] for row in range(6)]
    both = message(primary=party(covariance_rtn=wrong), secondary=secondary(covariance_rtn=wrong))
    assert np.isnan(history(both).mahalanobis_ratio).all()


def test_of_states_in_no_known_frame_the_stated_miss_is_told():
    lost = message(
        primary=party(frame="MARS-FIXED"),
        secondary=secondary(frame="MARS-FIXED"),
        relative_position_rtn_m=(3.0, 4.0, 12.0),
        miss_distance_m=13.0,
    )
    found = history(lost)
    assert found.miss_distance_m == pytest.approx([13.0])
    assert found.miss_normal_m == pytest.approx([12.0])


def test_an_earlier_states_miss_is_the_one_at_the_closest_approach():
    """Written 1 s before it: the secondary still has 7.5 km to go."""
    early = secondary(r_m=(RADIUS_M + 30.0, 0.0, -SPEED_M_S), v_m_s=(0.0, 0.0, SPEED_M_S))
    ours = party(r_m=(RADIUS_M, -SPEED_M_S, 0.0))
    found = history(message(primary=ours, secondary=early))
    assert found.miss_distance_m == pytest.approx([30.0], rel=1e-6)


def test_the_changes_are_said_in_words():
    """Joint sigmas along the axes: 28, 102, 102 m, then 20, 22, 100 m."""
    moved = message(
        "B", created_h=-24.0, tca_s=0.25, secondary=secondary((300.0, 0.0, 0.0)),
        primary=party(covariance_rtn=round_covariance((2.0, 10.0, 2.0))),
    )  # fmt: skip
    found = history(message("A"), moved, probability=[3.2e-4, 1e-9])
    assert what_changed(found, 0) == ("the first message",)
    assert what_changed(found, 1) == (
        "probability 3.2e-4 (1 in 3,100) → 1.0e-9 (1 in 1,000,000,000)",
        "miss 64 m → 300 m",
        "size of the uncertainty 67 m → 36 m",
        "closest approach 0.250 s later",
    )


def test_a_message_that_says_the_same_says_nothing_new():
    found = history(message("A"), message("B", created_h=-24.0), probability=1e-5)
    assert what_changed(found, 1) == ("nothing to speak of",)


def test_becoming_unknown_is_a_change():
    bare = message("B", created_h=-24.0, secondary=secondary(covariance_rtn=None))
    found = history(message("A"), bare, probability=[1e-5, NAN])
    assert "probability 1.0e-5 (1 in 100,000) → unknown" in what_changed(found, 1)
    assert "size of the uncertainty 67 m → unknown" in what_changed(found, 1)


def test_the_history_is_a_table():
    frame = pl.DataFrame(history(message("A"), message("B", created_h=-2.5)))
    assert frame["time_to_tca_s"].to_list() == [172_800.0, 9_000.0]


def test_what_changed_is_told_against_the_same_originators_word_before():
    told = [
        message("A1", originator="A"),
        message("B1", created_h=-44.0, originator="B", secondary=secondary((60.0, 80.0, 80.0))),
        message("A2", created_h=-40.0, originator="A"),
    ]
    found = history(*told)
    assert what_changed(found, 1) == ("the first by B, after A", "miss 64 m → 128 m")
    assert what_changed(found, 2) == ("nothing to speak of",)
