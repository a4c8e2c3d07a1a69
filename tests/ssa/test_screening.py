"""The screening against brute force, other programs' results, and stories at its boundaries."""

import gzip
import io
import json
import time

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ssa.ephemeris_examples import circular_ephemeris
from tests.ssa.sgp4_oracle import (
    REGIMES,
    START,
    Body,
    brute_force,
    elements_of,
    range_m,
    refined,
    regime,
)

from skypact.base.errors import InputError
from skypact.formats.elements import read_elements
from skypact.records.marks import DataMode
from skypact.ssa.companions import Exclusions
from skypact.ssa.crew import Crew
from skypact.ssa.exercise import exercise_population
from skypact.ssa.screening import screen
from skypact.ssa.trajectory import teme_trajectory
from skypact.ssa.volumes import Volume

SLOW_M_S = 2.0  # below this the time of a minimum says little
TIME_S, MISS_M = 5e-3, 5e-3
PEER_START = np.datetime64("2024-11-01", "ns")


def _seconds(times, start=START):
    return (times - start).astype("m8[ns]").astype(np.int64) / 1e9


def _low_high(found):
    pair = np.column_stack([found.primary_elements, found.secondary_elements])
    return pair.min(axis=1), pair.max(axis=1)


def _rows(found, *, start=START):
    """Rows of a pair that are minima: {(low, high): [(tca_s, miss_m, speed_m_s)]}."""
    out = {}
    low, high = _low_high(found)
    tca_s = _seconds(found.tca_utc, start)
    for k in np.flatnonzero(found.is_minimum):
        row = (tca_s[k], found.miss_distance_m[k], found.relative_speed_m_s[k])
        out.setdefault((int(low[k]), int(high[k])), []).append(row)
    return out


def _same_minima(found, expected):
    ours, theirs = _rows(found), {}
    for minimum in expected:
        theirs.setdefault((minimum.low, minimum.high), []).append(minimum[2:])
    assert ours.keys() == theirs.keys()
    for pair, rows in theirs.items():
        assert min(r[1] for r in rows) == pytest.approx(min(r[1] for r in ours[pair]), abs=MISS_M)
        wanted = sorted(r for r in rows if r[2] > SLOW_M_S)
        got = sorted(r for r in ours[pair] if r[2] > SLOW_M_S)
        assert len(wanted) == len(got), pair
        for want, have in zip(wanted, got, strict=True):
            assert have[:2] == pytest.approx(want[:2], abs=TIME_S), pair


def _covered(screening, bodies, minima, end_s):
    """The minima that both objects' coverage holds, which ends only near where `sgp4` fails.

    Three minutes before it, for the positions around a step are needed; so a failure shortly
    outside the window counts too.
    """
    from_s, until_s = (
        _seconds(times) for times in (screening.coverage.from_utc, screening.coverage.until_utc)
    )
    for body, status, last_s in zip(bodies, screening.coverage.status, until_s, strict=True):
        times_s = np.arange(-180.0, end_s + 180.0, 5.0)
        failed = [body.satrec.sgp4_tsince((t + body.age_s) / 60.0)[0] != 0 for t in times_s]
        if status == "SCREENED":
            assert last_s == end_s
            assert not any(failed[36:-36])
        else:
            assert any(failed)
    return [m for m in minima if all(from_s[k] <= m.tca_s <= until_s[k] for k in (m.low, m.high))]


@pytest.mark.parametrize("name", REGIMES)
@pytest.mark.parametrize("seed", [7, 108])
def test_brute_force_finds_the_same_minima_in_every_regime(name, seed):
    orbits, miss_m, hours = regime(name, seed)
    elements = elements_of(orbits)
    bodies = [Body(elements, k) for k in range(len(elements))]
    expected = brute_force(bodies, hours * 3600.0, miss_m)
    screening = screen(elements, start_utc=START, days=hours / 24.0, miss_m=miss_m)
    expected = _covered(screening, bodies, expected, hours * 3600.0)
    _same_minima(screening.conjunctions, expected)


@pytest.mark.slow
@pytest.mark.parametrize("name", REGIMES)
def test_brute_force_finds_the_same_minima_in_many_populations(name):
    for seed in range(200, 215):
        test_brute_force_finds_the_same_minima_in_every_regime(name, seed)


def _published(case):
    lines = "\n".join([*case["a"], *case["b"], ""]).encode()
    return read_elements(io.BytesIO(lines), source="backtest").elements


@pytest.mark.parametrize(
    ("name", "hours_before"), [("iridium_cosmos_2009", 6), ("cerise_ariane_1996", 1)]
)
def test_collisions_of_the_past_are_found_where_sgp4_puts_them(shared, name, hours_before):
    case = json.loads((shared / "data/screening/backtests.json").read_text())[name]
    elements = _published(case)
    first = np.datetime64(case["truth"][0], "ns")
    start = first - np.timedelta64(hours_before, "h")
    found = screen(elements, start_utc=start, days=0.6, miss_m=5000.0).conjunctions
    for wanted in case["sgp4"]:
        apart_s = _seconds(found.tca_utc, np.datetime64(wanted["truth"], "ns"))
        k = int(np.argmin(np.abs(apart_s)))
        assert apart_s[k] == pytest.approx(wanted["sgp4_tca_offset_s"], abs=TIME_S)
        assert abs(apart_s[k]) < 0.3
        assert found.miss_distance_m[k] == pytest.approx(wanted["sgp4_dca_km"] * 1e3, abs=MISS_M)
        assert found.relative_speed_m_s[k] == pytest.approx(
            wanted["rel_speed_km_s"] * 1e3, abs=0.01
        )


def _catalogue(shared):
    packed = (shared / "data/catalog/celestrak_on_orbit_20241101.csv.gz").read_bytes()
    return read_elements(io.BytesIO(gzip.decompress(packed)), source="catalogue").elements


def _peer_rows(shared, hours):
    path = shared / "data/screening/peer_20241101_day1_5km.parquet"
    with duckdb.connect() as database:
        table = database.execute(
            "select norad_lo, norad_hi, epoch_ns(tca_utc) ns, dca_km, rel_speed_km_s, "
            "is_window_edge from read_parquet(?)", [str(path)],
        ).fetchnumpy()  # fmt: skip
    tca_s = (table["ns"] - PEER_START.astype(np.int64)) / 1e9
    # What another window cuts is an edge of ours and a minimum, or nothing, of theirs.
    kept = (tca_s < hours * 3600.0) & ~table["is_window_edge"].astype(bool)
    columns = ("norad_lo", "norad_hi", "dca_km", "rel_speed_km_s")
    low, high, miss_km, speed_km_s = (np.asarray(table[name])[kept] for name in columns)
    return low.astype(int), high.astype(int), tca_s[kept], miss_km * 1e3, speed_km_s * 1e3


def _by_pair(low, high, *columns):
    out = {}
    for a, b, *row in zip(low, high, *columns, strict=True):
        out.setdefault((int(a), int(b)), []).append(tuple(float(x) for x in row))
    return out


def _agrees_with_the_peer(shared, hours):
    found = screen(_catalogue(shared), start_utc=PEER_START, days=hours / 24.0).conjunctions
    pair = np.sort(np.column_stack([found.primary_norad_id, found.secondary_norad_id]), axis=1)
    keep = ~found.at_edge
    tca_s = _seconds(found.tca_utc, PEER_START)
    ours = _by_pair(
        *pair[keep].T, tca_s[keep], found.miss_distance_m[keep], found.relative_speed_m_s[keep]
    )
    theirs = _by_pair(*_peer_rows(shared, hours))
    faults = []
    for key in ours.keys() | theirs.keys():
        have, want = ours.get(key, []), theirs.get(key, [])
        have_fast = sorted(r for r in have if r[2] > SLOW_M_S)
        want_fast = sorted(r for r in want if r[2] > SLOW_M_S)
        alike = len(have_fast) == len(want_fast) and np.allclose(
            [r[:2] for r in have_fast], [r[:2] for r in want_fast], rtol=0.0, atol=5e-3
        )
        have_slow = [r[1] for r in have if r[2] <= SLOW_M_S]
        want_slow = [r[1] for r in want if r[2] <= SLOW_M_S]
        if want_slow:
            alike = alike and have_slow and abs(min(have_slow) - min(want_slow)) < MISS_M
        if not alike:
            faults.append((key, have, want))
    assert not faults, f"{len(faults)} pairs of {len(theirs)} differ, such as {faults[:5]}"
    return len(theirs)


def test_another_program_finds_the_same_rows_in_an_hour_of_the_catalogue(shared):
    assert _agrees_with_the_peer(shared, 1.0) > 800


@pytest.mark.slow
def test_another_program_finds_the_same_rows_in_a_day_of_the_catalogue(shared):
    assert _agrees_with_the_peer(shared, 24.0) > 10_000


def _axes(body, times_s):
    """Position and rows radial, transverse, normal, from positions alone."""
    r_m = body.many_r_m(times_s)
    v_m_s = (body.many_r_m(times_s + 0.01) - body.many_r_m(times_s - 0.01)) / 0.02
    radial = r_m / np.linalg.norm(r_m, axis=1)[:, None]
    normal = np.cross(r_m, v_m_s)
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    return r_m, np.stack([radial, np.cross(normal, radial), normal], axis=1)


def _depths(kind, semi_axes_m, one, other, times_s):
    """Depth in the volume of one and of the other; components of other minus one in one's axes."""
    (r_one_m, axes_one), (r_other_m, axes_other) = _axes(one, times_s), _axes(other, times_s)
    components = [np.einsum("tij,tj->ti", a, r_other_m - r_one_m) for a in (axes_one, axes_other)]
    scaled = [c / semi_axes_m for c in components]
    if kind == "ellipsoid":
        depths = [np.sum(s**2, axis=1) - 1.0 for s in scaled]
    else:
        depths = [np.abs(s).max(axis=1) - 1.0 for s in scaled]
    return *depths, components[0]


@pytest.mark.parametrize(
    ("kind", "semi_axes_m"),
    [
        ("ellipsoid", (40e3, 40e3, 1500.0)),
        ("ellipsoid", (500.0, 17e3, 20e3)),
        ("box", (2e3, 25e3, 25e3)),
    ],
)
def test_whoever_is_in_either_ones_volume_is_reported_for_all_that_time(kind, semi_axes_m):
    """A scan every millisecond or so; thin volumes, whose owners see it apart."""
    volume = Volume(
        kind=kind, radial_m=semi_axes_m[0], transverse_m=semi_axes_m[1], normal_m=semi_axes_m[2]
    )
    reach_m, scanned = float(np.linalg.norm(semi_axes_m)), 0
    for seed in (101, 103):
        orbits, _, hours = regime("opposed", seed)
        elements = elements_of(orbits)
        bodies = [Body(elements, k) for k in range(len(elements))]
        found = screen(elements, start_utc=START, days=hours / 24.0, volumes=volume).conjunctions
        low, high = _low_high(found)
        entry_s, exit_s = _seconds(found.entry_utc), _seconds(found.exit_utc)
        in_a_stay = np.zeros(len(found), bool)
        for minimum in brute_force(bodies, hours * 3600.0, 1.1 * reach_m):
            if minimum.speed_m_s < 300.0:
                continue
            half_s = 1.2 * reach_m / minimum.speed_m_s
            times_s = np.linspace(minimum.tca_s - half_s, minimum.tca_s + half_s, 4001)
            depth_low, depth_high, _ = _depths(
                kind, semi_axes_m, bodies[minimum.low], bodies[minimum.high], times_s
            )
            inside = np.minimum(depth_low, depth_high) <= -1e-4
            of_pair = (low == minimum.low) & (high == minimum.high)
            covered = np.zeros(len(times_s), bool)
            for row in np.flatnonzero(of_pair):
                stay = (entry_s[row] <= times_s) & (times_s <= exit_s[row])
                covered |= stay
                in_a_stay[row] |= bool(np.any(inside & stay))
            assert not np.any(inside & ~covered), (seed, minimum)
            scanned += bool(inside.any())
        assert in_a_stay.all()
    assert scanned >= 3


def test_a_row_says_whose_volume_it_lies_in_and_how_the_secondary_stands_to_the_primary():
    semi_axes_m = (2e3, 25e3, 25e3)
    volume = Volume(kind="box", radial_m=2e3, transverse_m=25e3, normal_m=25e3)
    words = set()
    for seed in (100, 103):
        orbits, _, hours = regime("opposed", seed)
        elements = elements_of(orbits)
        bodies = [Body(elements, k) for k in range(len(elements))]
        found = screen(elements, start_utc=START, days=hours / 24.0, volumes=volume).conjunctions
        for k in np.flatnonzero(found.is_minimum):
            primary = bodies[found.primary_elements[k]]
            secondary = bodies[found.secondary_elements[k]]
            tca_s = _seconds(found.tca_utc[k : k + 1])
            of_primary, of_secondary, components = _depths(
                "box", semi_axes_m, primary, secondary, tca_s
            )
            said = found.volume_of[k]
            words.add(said)
            assert (of_primary[0] <= 0.0) == (said in ("primary", "both"))
            assert (of_secondary[0] <= 0.0) == (said in ("secondary", "both"))
            ours = [found.miss_radial_m[k], found.miss_transverse_m[k], found.miss_normal_m[k]]
            # SGP4's velocity is not quite the derivative of its positions: neither are its axes.
            np.testing.assert_allclose(ours, components[0], atol=2e-4 * reach_of(semi_axes_m))
    assert "both" in words


def reach_of(semi_axes_m):
    return float(np.linalg.norm(semi_axes_m))


def _bits(found):
    """The rows sorted, as bytes; groups are numbered in the rows' order and left aside."""
    order = np.lexsort((found.tca_utc, found.secondary_norad_id, found.primary_norad_id))
    numbers = (
        found.primary_norad_id, found.secondary_norad_id, found.tca_utc, found.entry_utc,
        found.exit_utc, found.miss_distance_m, found.relative_speed_m_s, found.miss_radial_m,
        found.is_minimum, found.at_edge,
    )  # fmt: skip
    return [column[order].tobytes() for column in numbers]


@pytest.mark.parametrize("name", ["low and eccentric", "geosynchronous", "coplanar", "docked"])
def test_the_rows_are_the_same_bits_on_any_number_of_threads_and_in_any_order(name):
    orbits, miss_m, hours = regime(name)
    ids = np.arange(1001, 1001 + len(orbits))
    shuffled = np.random.default_rng(3).permutation(len(orbits))
    asked = {"start_utc": START, "days": hours / 24.0, "miss_m": miss_m}
    one = screen(elements_of(orbits, norad_id=ids), **asked, threads=1).conjunctions
    two = screen(elements_of(orbits, norad_id=ids), **asked, threads=2).conjunctions
    other = screen(
        elements_of(orbits[shuffled], norad_id=ids[shuffled]), **asked, threads=2
    ).conjunctions
    assert len(one) > 10
    assert _bits(one) == _bits(two) == _bits(other)


@given(
    seed=st.integers(0, 10_000),
    name=st.sampled_from(["low", "low and eccentric", "coplanar", "opposed"]),
    shares=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=3),
)
@settings(max_examples=25)
def test_a_smaller_threshold_gives_the_same_minima_that_it_holds(seed, name, shares):
    orbits, miss_m, hours = regime(name, seed)
    elements = elements_of(orbits[::2])
    asked = {"start_utc": START, "days": hours / 48.0}
    thresholds_m = [miss_m * share for share in shares]
    wide = screen(elements, **asked, miss_m=[*thresholds_m, miss_m]).conjunctions
    for threshold_m in thresholds_m:
        narrow = _rows(screen(elements, **asked, miss_m=threshold_m).conjunctions)
        held = _rows(wide[wide.miss_distance_m <= threshold_m])
        assert narrow.keys() == held.keys()
        for pair, rows in narrow.items():
            # The window's panels are cut elsewhere: the same to rounding, not to the bit.
            np.testing.assert_allclose(sorted(rows), sorted(held[pair]), atol=2e-2)
    limits_m = np.array(sorted({*thresholds_m, miss_m}))
    wanted_m = limits_m[np.searchsorted(limits_m, wide.miss_distance_m)]
    assert wide.threshold_m.tolist() == wanted_m.tolist()


@given(seed=st.integers(0, 10_000), name=st.sampled_from(REGIMES))
@settings(max_examples=15)
def test_the_range_rises_on_both_sides_of_every_minimum(seed, name):
    orbits, miss_m, _ = regime(name, seed)
    elements = elements_of(orbits)
    bodies = {}
    found = screen(elements, start_utc=START, days=0.04, miss_m=miss_m).conjunctions
    tca_s = _seconds(found.tca_utc)
    for k in np.flatnonzero(found.is_minimum & (found.relative_speed_m_s > 0.5)):
        rows = found.primary_elements[k], found.secondary_elements[k]
        one, other = (bodies.setdefault(row, Body(elements, row)) for row in rows)
        here_m = range_m(one, other, tca_s[k])
        assert found.miss_distance_m[k] == pytest.approx(here_m, abs=1e-3)
        for side_s in (-0.5, 0.5):
            assert range_m(one, other, tca_s[k] + side_s) > here_m - 1e-4


def _one_pass():
    """(elements of two objects, the fast minimum of their range between 600 and 6000 s)."""
    orbits, miss_m, hours = regime("low")
    elements = elements_of(orbits)
    bodies = [Body(elements, k) for k in range(len(elements))]
    minimum = next(
        m for m in brute_force(bodies, hours * 3600.0, miss_m) if 600.0 < m.tca_s < 6000.0
    )
    return orbits[[minimum.low, minimum.high]], minimum


def _after(seconds, start=START):
    return start + np.timedelta64(round(seconds * 1e9), "ns")


@pytest.mark.parametrize("shift_s", [-0.01, 0.01])
def test_an_approach_at_the_edge_of_the_window_is_a_minimum_or_a_row_at_the_edge(shift_s):
    orbits, minimum = _one_pass()
    asked = {"miss_m": 100e3}
    starts_at = _after(minimum.tca_s + shift_s)
    first = screen(elements_of(orbits), start_utc=starts_at, days=0.005, **asked).conjunctions
    ends_at = (minimum.tca_s + shift_s) / 86_400.0
    last = screen(elements_of(orbits), start_utc=START, days=ends_at, **asked).conjunctions
    for found, minimum_is_in in ((first, shift_s < 0.0), (last, shift_s > 0.0)):
        assert found.is_minimum.tolist() == [minimum_is_in]
        assert found.at_edge.tolist() == [not minimum_is_in]
        shown_s = minimum.tca_s if minimum_is_in else minimum.tca_s + shift_s
        assert _seconds(found.tca_utc)[0] == pytest.approx(shown_s, abs=1e-4)


@pytest.mark.parametrize("apart_s", [-15.0, -0.001, 0.0, 0.001, 15.0, 15.001, 30.0])
def test_an_approach_where_two_slabs_meet_is_found_once(apart_s):
    orbits, minimum = _one_pass()
    start = _after(minimum.tca_s + apart_s - 256 * 30.0)
    found = screen(elements_of(orbits), start_utc=start, days=0.1, miss_m=100e3).conjunctions
    tca_s = _seconds(found.tca_utc)
    there = np.abs(tca_s - minimum.tca_s) < 60.0
    assert found.is_minimum[there].tolist() == [True]
    assert tca_s[there][0] == pytest.approx(minimum.tca_s, abs=1e-4)
    assert found.miss_distance_m[there][0] == pytest.approx(minimum.miss_m, abs=1e-3)


@pytest.mark.parametrize("apart_s", [-1.0, 1.0])
def test_the_next_element_set_takes_over_at_its_epoch_even_beside_an_approach(apart_s):
    orbits, minimum = _one_pass()
    takes_over = _after(minimum.tca_s + apart_s)
    elements = elements_of(
        [*orbits, orbits[1]], norad_id=[11, 12, 12], epoch=[START, START, takes_over]
    )
    screening = screen(elements, start_utc=START, days=0.08, miss_m=100e3)
    assert screening.coverage.until_utc[1] == screening.coverage.from_utc[2] == takes_over
    found = screening.conjunctions
    of_first = found[(found.secondary_elements == 1) & (found.tca_utc <= takes_over)]
    assert len(of_first) == 1
    assert of_first.is_minimum[0] == (apart_s > 0.0)
    assert of_first.at_edge[0] == (apart_s < 0.0)
    assert not np.any((found.secondary_elements == 2) & (found.tca_utc < takes_over))
    assert set(found.primary_norad_id.tolist()) == {11}


@pytest.mark.parametrize(
    ("clock_s", "utc", "leap"),
    [
        (-0.5, "2016-12-31T23:59:59.5", False),
        (0.5, "2016-12-31T23:59:59.5", True),
        (11.0, "2017-01-01T00:00:10", False),
    ],
)
def test_an_approach_in_or_after_a_leap_second_keeps_its_time(clock_s, utc, leap):
    """`clock_s` counts SI seconds from the beginning of the leap second."""
    orbits, minimum = _one_pass()
    epoch = _after(clock_s - minimum.tca_s, np.datetime64("2017-01-01", "ns"))
    elements = elements_of(orbits, epoch=epoch)
    found = screen(elements, start_utc=epoch, days=0.08, miss_m=100e3).conjunctions
    one, other = (Body(elements, row, epoch) for row in (0, 1))
    _, miss_m, _ = refined(one, other, minimum.tca_s)
    k = int(np.argmin(np.abs(found.miss_distance_m - miss_m)))
    assert found.miss_distance_m[k] == pytest.approx(miss_m, abs=1e-3)
    assert found.tca_in_leap_second[k] == leap
    assert abs((found.tca_utc[k] - np.datetime64(utc, "ns")).astype(np.int64)) < 1_000_000


def test_what_cannot_be_screened_is_told_and_stops_nothing():
    orbits, _ = _one_pass()
    plunging = [6.52e6, 0.001, 1.0, 0.0, 0.0, 0.0]
    no_orbit = [5.0e6, 0.0, 1.0, 0.0, 0.0, 0.0]
    elements = elements_of(
        [*orbits, orbits[0], orbits[0], plunging, no_orbit, orbits[1]],
        norad_id=[1, 2, 3, 1, 5, 6, 7],
        bstar=[0, 0, 0, 0, 0.02, 0, 0],
        ephemeris_type=[0, 0, 4, 0, 0, 0, 0],
        epoch=[*[START] * 6, START - np.timedelta64(30, "D")],
    )
    screening = screen(elements, start_utc=START, days=1.0, miss_m=100e3)
    coverage = screening.coverage
    assert coverage.norad_id.tolist() == elements.norad_id.tolist()
    status = coverage.status.tolist()
    assert [status[k] for k in (0, 1, 2, 3, 5, 6)] == [
        "SUPERSEDED", "SCREENED", "REFUSED", "SCREENED", "NOT_PROPAGATABLE", "SCREENED",
    ]  # fmt: skip
    assert "31.0 days" in coverage.reason[6]  # at the end of the day that it serves
    assert "SGP4-XP" in coverage.reason[2]
    assert status[4] == "PARTLY"
    until_s = _seconds(coverage.until_utc[4:5])[0]
    falling = Body(elements, 4)
    error = [falling.satrec.sgp4_tsince((until_s + s) / 60.0)[0] for s in (0.0, 200.0)]
    assert error[0] == 0
    assert error[1] != 0
    found = screening.conjunctions
    used = {*found.primary_elements.tolist(), *found.secondary_elements.tolist()}
    assert used <= {1, 3, 4, 6}
    assert {(1, 3)} <= set(zip(*(side.tolist() for side in _low_high(found)), strict=True))


def test_a_newer_set_that_is_refused_does_not_end_the_older_one():
    orbits, minimum = _one_pass()
    elements = elements_of(
        [*orbits, orbits[1]], norad_id=[11, 12, 12], ephemeris_type=[0, 0, 4],
        epoch=[START, START, _after(60.0)],
    )  # fmt: skip
    screening = screen(elements, start_utc=START, days=0.08, miss_m=100e3)
    assert screening.coverage.status.tolist() == ["SCREENED", "SCREENED", "REFUSED"]
    assert np.abs(_seconds(screening.conjunctions.tca_utc) - minimum.tca_s).min() < 1e-3


@pytest.mark.parametrize("anomaly_rad", np.linspace(-0.2, 0.0, 9))
def test_a_perigee_under_the_ground_is_seen_however_short_the_pass(anomaly_rad):
    """From 35,000 km down and up again within minutes: never below 130 km every ten minutes."""
    perigee_m, apogee_m = 6.36e6, 4.2e7
    axis_m = (perigee_m + apogee_m) / 2.0
    elements = elements_of(
        [[axis_m, (apogee_m - perigee_m) / (2.0 * axis_m), 0.4, 0.0, 0.0, anomaly_rad]]
    )
    body = Body(elements, 0)
    failed = [
        t for t in np.arange(0.0, 7200.0, 1.0) if body.satrec.sgp4_tsince((t + body.age_s) / 60)[0]
    ]
    coverage = screen(elements, start_utc=START, days=7200.0 / 86_400.0).coverage
    assert (coverage.status[0] != "SCREENED") == bool(failed)


def test_primaries_are_named_first_and_find_what_all_find():
    orbits, miss_m, hours = regime("opposed")
    elements = elements_of(orbits)
    asked = {"start_utc": START, "days": hours / 24.0, "miss_m": miss_m}
    everyone = screen(elements, **asked).conjunctions
    chosen = everyone.secondary_norad_id[:2]
    found = screen(elements, **asked, primaries=chosen.tolist()).conjunctions
    assert np.isin(found.primary_norad_id, chosen).all()
    theirs = np.isin(everyone.primary_norad_id, chosen) | np.isin(
        everyone.secondary_norad_id, chosen
    )
    assert sorted(found.tca_utc) == sorted(everyone.tca_utc[theirs])
    with pytest.raises(InputError, match="not in the catalogue: 77"):
        screen(elements, **asked, primaries=[77])


def test_a_fleet_that_is_excluded_loses_its_own_pairs_and_no_other():
    orbits, miss_m, hours = regime("opposed")
    names = [f"STARLINK-{k}" if k % 3 else f"OTHER {k}" for k in range(len(orbits))]
    elements = elements_of(orbits, names=names)
    asked = {"start_utc": START, "days": hours / 24.0, "miss_m": miss_m}
    everyone = screen(elements, **asked).conjunctions
    kept = screen(elements, **asked, exclude=Exclusions(same_fleet=True)).conjunctions
    of_fleet = (everyone.primary_elements % 3 > 0) & (everyone.secondary_elements % 3 > 0)
    assert 0 < np.count_nonzero(of_fleet) < len(everyone)
    assert kept.tca_utc.tolist() == everyone.tca_utc[~of_fleet].tolist()


@pytest.mark.parametrize("step_s", [1.0, 10.0, 60.0])
def test_an_owners_ephemeris_meets_the_catalogue_while_it_lasts(step_s):
    """A circle about the Earth against the same circle's neighbours, by its closed form."""
    ephemeris = circular_ephemeris(radius_m=7.0e6, step_s=step_s, days=0.03)
    trajectory = teme_trajectory(ephemeris, norad_id=500)
    rng = np.random.default_rng(5)
    count = 200
    orbits = np.column_stack([
        7.0e6 + rng.uniform(-2e4, 2e4, count), np.full(count, 1e-3),
        rng.uniform(0.3, 2.8, count), rng.uniform(0, 2 * np.pi, (count, 3)),
    ])  # fmt: skip
    elements = elements_of(orbits, data_mode=DataMode.EXERCISE)
    screening = screen(elements, start_utc=START, days=0.1, miss_m=600e3, trajectories=[trajectory])
    assert len(screening.coverage) == count + 1
    assert screening.coverage.status[-1] == "PARTLY"
    found = screening.conjunctions
    assert set(found.primary_norad_id.tolist()) == {500}
    rate_rad_s = np.sqrt(3.986004418e14 / 7.0e6**3)
    times_s = np.arange(0.0, 2592.0, 1.0)
    angle = rate_rad_s * times_s
    own_m = 7.0e6 * np.column_stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)])
    wanted = []
    for row in range(count):
        apart_m = np.linalg.norm(Body(elements, row).many_r_m(times_s) - own_m, axis=1)
        dips = np.flatnonzero((apart_m[1:-1] < apart_m[:-2]) & (apart_m[1:-1] <= apart_m[2:])) + 1
        wanted += [(row, times_s[k]) for k in dips if apart_m[k] < 580e3]
    tca_s = _seconds(found.tca_utc)
    assert len(wanted) >= 3
    for row, near_s in wanted:
        there = (found.secondary_elements == row) & (np.abs(tca_s - near_s) <= 1.0)
        assert np.count_nonzero(there & found.is_minimum) == 1
    assert tca_s.max() <= 2592.0


@pytest.mark.parametrize("step_s", [0.02, 1.0])
def test_an_ephemeris_is_sampled_beyond_its_ends_without_running_away(step_s):
    """Degree 11 over rows 20 ms apart errs by 1e27 m at 180 s, where the sampling looks."""
    ephemeris = circular_ephemeris(
        radius_m=7.0e6, step_s=step_s, days=0.01, interpolation="LAGRANGE", interpolation_degree=11
    )
    orbits, _, _ = regime("low")
    screening = screen(
        elements_of(orbits, data_mode=DataMode.EXERCISE), start_utc=START, days=0.02, miss_m=1e5,
        trajectories=[teme_trajectory(ephemeris, norad_id=500)],
    )  # fmt: skip
    assert screening.certificate.largest_interpolation_error_bound_m < 25.0


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("days", [1.0 / 86_400.0, 0.1])
def test_few_objects_and_a_second_are_enough(count, days):
    orbits, _ = _one_pass()
    screening = screen(elements_of(orbits[:count]), start_utc=START, days=days)
    assert len(screening.coverage) == count
    assert set(screening.coverage.status.tolist()) <= {"SCREENED"}


def test_a_second_around_an_approach_holds_it():
    orbits, minimum = _one_pass()
    found = screen(
        elements_of(orbits), start_utc=_after(minimum.tca_s - 0.5), days=1 / 86_400, miss_m=1e5
    ).conjunctions
    assert found.is_minimum.tolist() == [True]
    assert found.miss_distance_m[0] == pytest.approx(minimum.miss_m, abs=1e-3)
    assert _seconds(found.exit_utc - found.entry_utc, np.timedelta64(0, "ns"))[0] == 1.0


def test_thirty_days_give_the_minima_that_brute_force_gives_in_their_last_hour():
    orbits, miss_m, _ = regime("opposed")
    elements = elements_of(orbits[::2])
    found = screen(elements, start_utc=START, days=30.0, miss_m=miss_m).conjunctions
    last = _after(30 * 86_400.0 - 3600.0)
    bodies = [Body(elements, row, last) for row in range(len(elements))]
    found = found[found.tca_utc > last]
    ours = _rows(found, start=last)
    expected = brute_force(bodies, 3600.0, miss_m)
    assert sorted((m.low, m.high) for m in expected) == sorted(
        pair for pair, rows in ours.items() for _ in rows
    )
    assert expected


def test_an_interruption_stops_all_threads_at_once():
    orbits, miss_m, _ = regime("coplanar")
    elements = elements_of(np.concatenate([orbits] * 10) + 1e-5 * np.arange(160)[:, None])

    def interrupt(_share):
        raise KeyboardInterrupt

    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        screen(elements, start_utc=START, days=30.0, miss_m=miss_m, threads=2,
               on_progress=interrupt)  # fmt: skip
    assert time.perf_counter() - began < 20.0


def test_an_error_in_one_thread_reaches_the_caller_and_stops_the_others():
    crew = Crew(2, None)

    def work(piece):
        if piece == 3:
            raise InputError("the fourth piece is bad")
        for _ in range(200):
            if crew.stop[0]:
                raise KeyboardInterrupt
            time.sleep(0.01)

    with pytest.raises(InputError, match="fourth"):
        crew.deal(work, range(50))
    assert crew.stop[0]


def test_a_crew_gives_results_in_the_order_of_the_pieces_and_tells_its_progress():
    shares = []
    done = Crew(2, shares.append).deal(lambda piece: piece * piece, range(20), shares=(0.25, 0.75))
    assert done == [piece * piece for piece in range(20)]
    assert shares == sorted(shares)
    assert shares[-1] == 0.75


def test_identical_copies_stay_without_a_minimum_and_say_that_the_window_cuts_them():
    orbits, _, _ = regime("low", 3)
    twins = elements_of(np.repeat(orbits[:1], 2, axis=0))
    found = screen(twins, start_utc=START, days=0.02).conjunctions
    assert len(found) == 1
    assert not found.is_minimum[0]
    assert found.at_edge[0]
    assert found.miss_distance_m[0] == 0.0
    assert found.entry_utc[0] == START
    assert found.group[0] == 0


def test_a_window_years_from_the_epochs_ends_and_says_what_means_nothing_there():
    elements = exercise_population(objects=400)
    found = screen(elements, start_utc=np.datetime64("2018-03-04"), days=0.02)
    reasons = found.coverage.reason[found.coverage.status == "NOT_PROPAGATABLE"].tolist()
    assert any("velocity is not that of its positions" in reason for reason in reasons)
    assert len(found.coverage) == len(elements)


def test_a_set_that_cannot_reach_back_serves_after_its_epoch_and_the_older_one_before():
    drag = [1e-5, -0.6]  # the second blows up a day and more before its epoch
    orbit = (6.88e6, 1e-4, 0.9, 1.0, 1.0, 1.0)
    epochs = START + np.array([0, 3], "m8[D]")
    both = elements_of([orbit, orbit], epoch=epochs, norad_id=[7, 7], bstar=np.array(drag))
    coverage = screen(both, start_utc=START, days=3.5).coverage
    assert coverage.status.tolist() == ["PARTLY", "PARTLY"]
    assert coverage.until_utc[0] == coverage.from_utc[1] == epochs[1]
