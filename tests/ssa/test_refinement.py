"""Exact minima: found once each, wherever the panels are cut."""

import numpy as np
import pytest
from tests.ssa.sgp4_oracle import START, Body, brute_force, elements_of, range_m, regime

from skypact.astro.time import tai_ns_from_utc
from skypact.ssa.refinement import (
    AT_EDGE,
    COLUMNS,
    ENTRY,
    EXIT,
    IS_MINIMUM,
    TCA,
    chebyshev,
    refine_chains,
)
from skypact.ssa.shapes import SPHERE, Volumes
from skypact.ssa.tracks import tracks_of


def _prepared(name, seed=7):
    orbits, miss_m, hours = regime(name, seed)
    elements = elements_of(orbits)
    tracks = tracks_of(
        elements,
        (),
        start_tai_ns=int(tai_ns_from_utc(np.array([START]))[0]),
        end_s=hours * 3600.0,
        mode="a",
    )
    count = len(elements)
    shapes = Volumes(np.full(count, SPHERE), np.full((count, 3), miss_m), np.ones(count, np.bool_))
    bodies = [Body(elements, row) for row in range(count)]
    return tracks, shapes, bodies, brute_force(bodies, hours * 3600.0, miss_m)


def _rows(tracks, shapes, pair, span_s):
    rows = np.full((64, COLUMNS), np.nan)
    found = refine_chains(
        tracks.motion, shapes, np.array([pair]), np.array([span_s]), chebyshev(), rows
    )
    assert found <= len(rows)
    return rows[:found]


@pytest.mark.parametrize("name", ["docked", "coplanar", "geosynchronous", "low"])
def test_a_minimum_where_two_panels_meet_is_found_once(name):
    """Two polynomials that agree to 0.1 mm put a slow pair's minimum milliseconds apart."""
    tracks, shapes, _, minima = _prepared(name)
    shifts_s = np.concatenate([s * np.linspace(-1.0, 1.0, 21) for s in (1e-2, 1e-3, 1e-5, 1e-8)])
    inside = [m for m in minima if 300.0 < m.tca_s < 6000.0]
    assert len(inside) >= 4
    for minimum in inside[:10]:
        pair = (minimum.low, minimum.high)
        for shift_s in shifts_s:
            middle_s = minimum.tca_s + shift_s
            rows = _rows(tracks, shapes, pair, (middle_s - 80.0, middle_s + 80.0))
            near = (rows[:, IS_MINIMUM] > 0) & (np.abs(rows[:, TCA] - minimum.tca_s) < 5.0)
            assert np.count_nonzero(near) == 1, (pair, minimum.tca_s, shift_s)


@pytest.mark.parametrize("name", ["low", "geosynchronous", "coplanar"])
def test_entry_and_exit_lie_on_the_sphere_and_the_minimum_between_them(name):
    tracks, shapes, bodies, minima = _prepared(name)
    radius_m = shapes.axes_m[0, 0]
    for minimum in minima[:25]:
        one, other = bodies[minimum.low], bodies[minimum.high]
        reach_s = min(2.2 * radius_m / minimum.speed_m_s, 2000.0)
        span_s = (minimum.tca_s - reach_s, minimum.tca_s + reach_s)
        rows = _rows(tracks, shapes, (minimum.low, minimum.high), span_s)
        for row in rows:
            assert row[ENTRY] <= row[TCA] <= row[EXIT]
            for end_s, edge_s in ((row[ENTRY], span_s[0]), (row[EXIT], span_s[1])):
                if end_s == edge_s:
                    assert range_m(one, other, end_s) <= radius_m
                else:
                    assert range_m(one, other, end_s) == pytest.approx(radius_m, abs=0.02)


def test_a_stay_cut_by_its_span_stands_at_the_edge_where_it_is_nearer():
    tracks, shapes, _, minima = _prepared("low")
    minimum = minima[0]
    pair = (minimum.low, minimum.high)
    before = _rows(tracks, shapes, pair, (minimum.tca_s - 200.0, minimum.tca_s - 0.5))
    after = _rows(tracks, shapes, pair, (minimum.tca_s + 0.5, minimum.tca_s + 200.0))
    for rows, edge_s in ((before, minimum.tca_s - 0.5), (after, minimum.tca_s + 0.5)):
        assert rows[:, [TCA, IS_MINIMUM, AT_EDGE]].tolist() == [[edge_s, 0.0, 1.0]]
