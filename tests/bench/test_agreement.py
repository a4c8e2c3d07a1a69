"""The judge of two lists of close approaches sees each kind of difference."""

from pathlib import Path

import pytest

BENCH = str(Path(__file__).parents[2] / "bench")
SPAN_S = (0.0, 1000.0)
# low, high, TCA, miss, speed, edge
EXPECTED = [(1, 2, 100.0, 500.0, 9000.0, 0.0), (1, 3, 200.0, 700.0, 50.0, 0.0)]


@pytest.fixture
def agreement(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    import agreement

    return agreement


@pytest.mark.parametrize(
    ("change", "lost", "extra", "holds"),
    [
        (lambda rows: rows, 0, 0, True),
        (lambda rows: rows[:1], 1, 0, False),
        (lambda rows: [*rows, (4, 5, 300.0, 10.0, 99.0, 0.0)], 0, 1, False),
        (lambda rows: [*rows, (4, 5, 0.001, 10.0, 99.0, 0.0)], 0, 0, True),
        (lambda rows: [*rows, (4, 5, 300.0, 4999.999, 99.0, 0.0)], 0, 0, True),
        (lambda rows: [*rows, (4, 5, 300.0, 10.0, 99.0, 1.0)], 0, 0, True),
        (lambda rows: [(1, 2, 100.006, 500.0, 9000.0, 0.0), rows[1]], 0, 0, False),
        (lambda rows: [(1, 2, 100.0, 500.006, 9000.0, 0.0), rows[1]], 0, 0, False),
        (lambda rows: [(1, 4, 100.0, 500.0, 9000.0, 0.0), rows[1]], 1, 1, False),
    ],
    ids=["same", "lost", "extra", "span's end", "threshold", "edge", "late", "off", "other pair"],
)
def test_fast_events_are_compared_one_by_one(agreement, change, lost, extra, holds):
    ours = agreement.Events.of_rows(change(EXPECTED))
    expected = agreement.Events.of_rows(EXPECTED)
    found = agreement.compare_events(ours, expected, miss_m=5000.0, span_s=SPAN_S)
    assert (found.lost, found.extra, found.holds) == (lost, extra, holds)


@pytest.mark.parametrize(
    ("miss_m", "lost", "holds"), [(40.004, 0, True), (40.006, 0, False), (None, 1, False)]
)
def test_slow_pairs_are_compared_by_their_smallest_miss(agreement, miss_m, lost, holds):
    rows = [(1, 2, 10.0, 60.0, 0.1, 0.0), (1, 2, 500.0, 40.0, 0.1, 0.0)]
    mine = [] if miss_m is None else [(1, 2, 700.0, miss_m, 0.1, 0.0)]
    found = agreement.compare_slow_pairs(
        agreement.Events.of_rows(mine), agreement.Events.of_rows(rows), miss_m=5000.0
    )
    assert (found.lost, found.holds) == (lost, holds)


def test_nothing_compared_is_nothing_held(agreement):
    nothing = agreement.Events.of_rows([])
    found = agreement.compare_events(nothing, nothing, miss_m=5000.0, span_s=SPAN_S)
    assert found.holds is None
