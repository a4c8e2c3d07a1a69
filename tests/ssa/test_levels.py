"""A known danger goes first, an unknown one is never hidden, and thresholds decide both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.base.errors import InputError
from skypact.ssa.levels import Level, Thresholds, depths, levels, worst_first
from skypact.ssa.volumes import Volume, sphere

NAN = float("nan")
DAY_S = 86_400.0
USUAL = Thresholds()

probabilities = st.one_of(st.floats(0.0, 1.0), st.just(NAN))
misses_m = st.one_of(st.floats(0.0, 1e7), st.just(NAN))


def level(probability: float, *, days: float = 2.0, thresholds: Thresholds = USUAL) -> Level:
    found = levels(np.array([probability]), np.array([days * DAY_S]), thresholds)
    return Level(int(found[0]))


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, Level.GREEN),
        (9.99e-8, Level.GREEN),
        (1e-7, Level.YELLOW),  # CARA: attention begins here
        (9.99e-5, Level.YELLOW),
        (1e-4, Level.RED),  # CARA: mitigation begins here
        (1.0, Level.RED),
        (NAN, Level.UNKNOWN),
        (1.7, Level.UNKNOWN),  # no probability at all
        (-0.1, Level.UNKNOWN),
    ],
)
def test_the_levels_begin_where_nasa_cara_begins_them(probability, expected):
    assert level(probability) is expected


def test_an_operator_may_begin_them_elsewhere():
    stricter = Thresholds(yellow_probability=1e-9, red_probability=1e-6)
    assert level(2e-6, thresholds=stricter) is Level.RED
    assert level(2e-9, thresholds=stricter) is Level.YELLOW


def test_red_may_wait_until_the_approach_is_near():
    patient = Thresholds(red_within_s=3.0 * DAY_S)
    assert level(1e-3, days=4.0, thresholds=patient) is Level.YELLOW
    assert level(1e-3, days=3.0, thresholds=patient) is Level.RED
    assert level(1e-3, days=NAN, thresholds=patient) is Level.RED


@pytest.mark.parametrize(("yellow", "red"), [(0.0, 1e-4), (1e-3, 1e-4), (1e-7, 1.5), (NAN, 1e-4)])
def test_thresholds_that_make_no_sense_are_refused(yellow, red):
    with pytest.raises(InputError, match="thresholds must satisfy"):
        Thresholds(yellow_probability=yellow, red_probability=red)


def order(rows: list[tuple[float, float, float]]) -> list[int]:
    """Worst first, of (probability, depth, miss)."""
    probability, depth, miss_m = np.array(rows, np.float64).reshape(-1, 3).T
    of = levels(probability, np.full(len(rows), DAY_S), Thresholds())
    return worst_first(of, probability, depth, miss_m).tolist()


def test_a_story_of_every_kind_of_event():
    rows = [
        (1e-9, 0.1, 50.0),  # 0: green, though very near
        (NAN, 3.0, 40_000.0),  # 1: unknown, outside the volume
        (2e-4, 5.0, 30_000.0),  # 2: red
        (NAN, 0.9, 15_000.0),  # 3: unknown, inside though farther than 6
        (5e-5, 0.2, 100.0),  # 4: yellow
        (3e-2, 0.2, 100.0),  # 5: worse than 2
        (NAN, 1.5, 900.0),  # 6: unknown, outside (radially), near
    ]
    assert order(rows) == [5, 2, 3, 6, 1, 4, 0]


@given(st.lists(st.tuples(probabilities, st.floats(0.0, 100.0), misses_m), max_size=30))
def test_no_row_is_lost_and_no_unknown_stands_below_a_green_or_above_a_red(rows):
    found = order(rows)
    assert sorted(found) == list(range(len(rows)))
    inside = [level(rows[row][0]) for row in found]
    assert inside == sorted(inside, reverse=True)
    assert Level.RED > Level.UNKNOWN > Level.GREEN


def test_the_volume_follows_the_orbit():
    miss_m = np.array([[400.0, 0.0, 0.0], [600.0, 0.0, 0.0], [600.0, 0.0, 0.0]])
    radius_m = np.array([7.0e6, 7.0e6, 42.164e6])
    found = depths(miss_m, radius_m, Thresholds())
    # 500 m is the low volume's radial half-axis, 15 km the high one's.
    assert found == pytest.approx([0.8, 1.2, 0.04])


def test_a_box_is_left_through_its_nearest_face():
    box = Volume(kind="box", radial_m=100.0, transverse_m=1000.0, normal_m=1000.0)
    thresholds = Thresholds(low=box, high=box)
    found = depths(np.array([[90.0, 900.0, -900.0]]), np.array([NAN]), thresholds)
    assert found == pytest.approx([0.9])


def test_a_primary_at_an_unknown_height_has_an_unknown_depth_that_counts_as_inside():
    thresholds = Thresholds(low=sphere(1.0), high=sphere(1e9))
    depth = depths(np.array([[10.0, 0.0, 0.0]]), np.array([NAN]), thresholds)
    assert np.isnan(depth).all()
    assert order([(NAN, 2.0, 1.0), (NAN, depth[0], 10.0)]) == [1, 0]
