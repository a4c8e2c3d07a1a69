"""The short list of a trade space: what leads, what is always in it, what the words say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.base.errors import InputError
from skypact.base.table import TEXT
from skypact.records.marks import DataMode, Marks
from skypact.ssa.trade_space import DO_NOTHING, EVALUATED, REFUSED, TradeSpace, ranked

GOAL = {"goal_probability": 1e-5, "goal_miss_m": 1000.0}
_TIME = np.datetime64("2026-11-20", "ns")


def space(*rows):
    """Rows of (hour of the burn, speed, probability, miss, others inside); the first is none."""
    hours, speeds, probabilities, misses, inside = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    count = len(rows)
    status = np.full(count, EVALUATED, TEXT)
    status[0] = DO_NOTHING
    zeros, text = np.zeros(count), np.full(count, "", TEXT)
    burn_utc = _TIME + hours.astype("m8[h]")
    burn_utc[0] = np.datetime64("NaT")
    return TradeSpace(
        marks=Marks(originator="test", source="test", data_mode=DataMode.TEST),
        burn_utc=burn_utc,
        dv_radial_m_s=zeros,
        dv_transverse_m_s=speeds.astype(float),
        dv_normal_m_s=zeros,
        speed_m_s=speeds.astype(float),
        status=status,
        reason=text,
        collision_probability=probabilities.astype(float),
        is_probability_valid=~np.isnan(probabilities.astype(float)),
        tca_utc=np.full(count, _TIME),
        miss_m=misses.astype(float),
        miss_radial_m=zeros,
        miss_transverse_m=zeros,
        miss_normal_m=zeros,
        others=inside.astype(np.int64),
        others_inside=inside.astype(np.int64),
        other_norad_id=np.full(count, 44713),
        other_name=np.where(inside > 0, "SOMEBODY", "").astype(TEXT),
        other_utc=np.full(count, _TIME),
        other_miss_m=np.full(count, 321.0),
        others_judged_by=text,
        others_age_s=zeros,
        integrated=np.zeros(count, bool),
    )


NOTHING = (0, 0.0, 1e-3, 60.0, 0)


def test_the_cheapest_that_settles_it_leads():
    found = ranked(
        space(
            NOTHING, (1, 0.3, 1e-9, 900.0, 0), (2, 0.1, 1e-6, 500.0, 0), (3, 0.05, 1e-4, 90.0, 0)
        ),
        **GOAL,
    )
    assert [option.row for option in found] == [2, 1, 3, 0]
    assert found[0].reason == "0.1 m/s: probability 1.0e-06, miss 500 m; settles it"
    assert "does not reach 1.0e-05" in found[2].reason


def test_somebody_else_in_the_way_comes_after_all_that_settle_it():
    found = ranked(space(NOTHING, (1, 0.1, 1e-9, 900.0, 1), (2, 0.5, 1e-9, 900.0, 0)), **GOAL)
    assert [option.row for option in found] == [2, 0, 1]
    assert "1 other inside the keep-out volume, SOMEBODY at 321 m" in found[2].reason
    assert "settles it" not in found[2].reason


@pytest.mark.parametrize("age_s", [11.0 * 86_400.0, np.nan])
def test_what_settles_it_says_so_of_this_object_only_where_the_others_are_not_known(age_s):
    table = space(NOTHING, (1, 0.1, 1e-9, 900.0, 0))
    table.others_age_s[:] = age_s
    reason = ranked(table, **GOAL)[0].reason
    assert "settles it against this object; the others could not be judged" in reason


def test_whom_it_passes_next_is_named():
    table = space(NOTHING, (1, 0.1, 1e-9, 900.0, 0))
    table.others[1], table.other_name[1] = 2, "NEIGHBOUR"
    assert (
        "settles it; nearest other NEIGHBOUR at 321 m on 2026-" in ranked(table, **GOAL)[0].reason
    )


def test_doing_nothing_leads_where_that_is_enough():
    calm = (0, 0.0, 1e-8, 4000.0, 0)
    found = ranked(space(calm, (1, 0.01, 1e-12, 5000.0, 0)), **GOAL)
    assert found[0].row == 0
    assert found[0].reason == "no burn: probability 1.0e-08, miss 4,000 m; settles it"


def test_an_unknown_probability_is_never_better_than_a_known_one_that_does_not_settle_it():
    found = ranked(space(NOTHING, (1, 0.1, np.nan, 200.0, 0), (2, 0.1, 0.5, 10.0, 0)), **GOAL)
    assert [option.row for option in found] == [0, 2, 1]
    assert found[2].reason == "0.1 m/s: probability unknown, miss 200 m; too near"


def test_an_unknown_probability_is_settled_by_the_miss():
    found = ranked(space((0, 0.0, np.nan, 60.0, 0), (1, 0.1, np.nan, 1000.0, 0)), **GOAL)
    assert [option.row for option in found] == [1, 0]
    assert "settles it" in found[0].reason


def test_a_probability_that_does_not_hold_settles_nothing_by_itself():
    table = space(NOTHING, (1, 0.1, 1e-30, 900.0, 0), (2, 0.1, 1e-30, 1100.0, 0))
    table.is_probability_valid[1:] = False
    table.reason[1:] = "2D-Pc does not hold: too slow"
    found = ranked(table, **GOAL)
    assert [option.row for option in found] == [2, 1, 0]
    assert "settles it by its miss; 2D-Pc does not hold: too slow" in found[0].reason
    assert "too near; 2D-Pc does not hold" in found[1].reason


def test_one_burn_of_each_time_and_no_more_than_the_limit():
    rows = [(hour, 0.1 + 0.01 * hour, 1e-7, 900.0, 0) for hour in (1, 1, 2, 2, 3, 4)]
    found = ranked(space(NOTHING, *rows), **GOAL, limit=3)
    assert [option.row for option in found] == [1, 3, 5, 0]


def test_a_refused_burn_is_not_listed():
    table = space(NOTHING, (1, 0.1, 1e-9, 900.0, 0))
    table.status[1] = REFUSED
    assert [option.row for option in ranked(table, **GOAL)] == [0]


numbers = st.tuples(
    st.integers(1, 3),
    st.floats(1e-3, 2.0),
    st.floats(0.0, 1.0) | st.just(np.nan),
    st.floats(0.0, 1e5),
    st.integers(0, 2),
)


@given(st.floats(0.0, 1.0) | st.just(np.nan), st.lists(numbers, max_size=12), st.integers(1, 4))
def test_doing_nothing_is_always_listed_once(probability, rows, limit):
    found = ranked(space((0, 0.0, probability, 50.0, 0), *rows), **GOAL, limit=limit)
    listed = [option.row for option in found]
    assert listed.count(0) == 1
    assert len(set(listed)) == len(listed) <= limit + 1
    assert all(option.reason for option in found)


@pytest.mark.parametrize(
    "wrong",
    [{"goal_probability": 1.1}, {"goal_probability": np.nan}, {"goal_miss_m": -1.0}, {"limit": 0}],
)
def test_a_goal_that_is_none_is_refused(wrong):
    with pytest.raises(InputError, match="makes no list"):
        ranked(space(NOTHING), **{**GOAL, **wrong})
