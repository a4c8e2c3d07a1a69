"""Whether two lists of close approaches say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.conjunctions import Conjunctions

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

SLOW_M_S = 2.0  # up to here a pair is judged by its smallest miss
TOLERANCE_M = 0.005
TOLERANCE_S = 0.005
_SAME_S = 1.0  # rows of one pair this close in time are the same event
_APART_S = 1e7


class Events(NamedTuple):
    """Columns: catalogue numbers, TCA in seconds from a common start, miss, speed, edge."""

    low: Integers
    high: Integers
    tca_s: Floats
    miss_m: Floats
    speed_m_s: Floats
    at_edge: Booleans

    @classmethod
    def of_rows(cls, rows: list[tuple[float, ...]]) -> Self:
        table = np.array(rows, float).reshape(-1, 6)
        low, high = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
        return cls(low, high, table[:, 2], table[:, 3], table[:, 4], table[:, 5] > 0.0)

    @classmethod
    def of_conjunctions(cls, found: Conjunctions, start_utc: np.datetime64) -> Self:
        return cls(
            np.minimum(found.primary_norad_id, found.secondary_norad_id),
            np.maximum(found.primary_norad_id, found.secondary_norad_id),
            (found.tca_utc - start_utc).astype(np.int64) / 1e9,
            found.miss_distance_m,
            found.relative_speed_m_s,
            found.at_edge | ~found.is_minimum,
        )

    def within(self, from_s: float, until_s: float) -> Self:
        return self.where((self.tca_s >= from_s) & (self.tca_s < until_s))

    def where(self, rows: Booleans) -> Self:
        return type(self)(*(column[rows] for column in self))


class Agreement(NamedTuple):
    """How ours differs from what was expected.

    `compared` events and `slow_pairs` were expected; lost and extra count both kinds.
    """

    compared: int
    slow_pairs: int
    lost: int
    extra: int
    miss_m: float
    tca_s: float
    slow_miss_m: float

    @property
    def holds(self) -> bool | None:
        """Whether all is within the tolerances; None if there was nothing to compare."""
        if not self.compared + self.slow_pairs + self.extra:
            return None
        return (
            self.lost == self.extra == 0
            and max(self.miss_m, self.slow_miss_m) <= TOLERANCE_M
            and self.tca_s <= TOLERANCE_S
        )

    def __str__(self) -> str:
        if self.holds is None:
            return "nothing to compare"
        slow = (
            f"; {self.slow_pairs} slow pairs, smallest miss within {self.slow_miss_m * 1e3:.2g} mm"
            if self.slow_pairs
            else ""
        )
        return (
            f"{self.lost} lost, {self.extra} extra of {self.compared}, miss within "
            f"{self.miss_m * 1e3:.2g} mm, TCA within {self.tca_s * 1e3:.2g} ms{slow}"
        )


def sum_of(parts: list[Agreement]) -> Agreement:
    """Counts added, differences at their largest."""
    counts = [sum(column) for column in zip(*(part[:4] for part in parts), strict=True)]
    worst = [max(column) for column in zip(*(part[4:] for part in parts), strict=True)]
    return Agreement(*counts, *worst)


def compare_events(
    ours: Events, expected: Events, *, miss_m: float, span_s: tuple[float, float]
) -> Agreement:
    """Fast events one by one; both lists may hold others around the span, to match with.

    Rows within the tolerance of the threshold or of the span's ends may be in one list only.
    """
    keys_ours, keys_expected = _pair_keys(ours, expected)
    near, dt_s = _nearest(keys_expected, expected.tca_s, keys_ours, ours.tca_s)
    wanted = _certain(expected, miss_m, span_s)
    matched = wanted & (dt_s <= _SAME_S)
    _, extra_dt_s = _nearest(keys_ours, ours.tca_s, keys_expected, expected.tca_s)
    extra = _certain(ours, miss_m, span_s) & ~(extra_dt_s <= _SAME_S)
    miss = np.abs(expected.miss_m[matched] - ours.miss_m[near[matched]])
    return Agreement(
        compared=int(wanted.sum()),
        slow_pairs=0,
        lost=int((wanted & ~matched).sum()),
        extra=int(extra.sum()),
        miss_m=float(miss.max(initial=0.0)),
        tca_s=float(dt_s[matched].max(initial=0.0)),
        slow_miss_m=0.0,
    )


def compare_slow_pairs(ours: Events, expected: Events, *, miss_m: float) -> Agreement:
    """Pairs that meet slowly in either list, by the smallest miss of all rows given."""
    smallest_ours, smallest_expected = _smallest(ours), _smallest(expected)
    slow = {
        pair
        for events in (ours, expected)
        for pair in _pairs(events.where(events.speed_m_s <= SLOW_M_S))
    }
    certain = miss_m - TOLERANCE_M
    lost = extra = 0
    worst_m = 0.0
    for pair in slow:
        a_m, b_m = smallest_ours.get(pair, np.inf), smallest_expected.get(pair, np.inf)
        if np.isfinite(a_m) and np.isfinite(b_m):
            worst_m = max(worst_m, abs(a_m - b_m))
        else:
            lost += b_m < certain
            extra += a_m < certain
    return Agreement(0, len(slow), lost, extra, 0.0, 0.0, worst_m)


def _certain(events: Events, miss_m: float, span_s: tuple[float, float]) -> Booleans:
    inside: Booleans = (
        ~events.at_edge
        & (events.speed_m_s > SLOW_M_S)
        & (events.miss_m < miss_m - TOLERANCE_M)
        & (events.tca_s > span_s[0] + TOLERANCE_S)
        & (events.tca_s < span_s[1] - TOLERANCE_S)
    )
    return inside


def _pairs(events: Events) -> list[tuple[int, int]]:
    return list(zip(events.low.tolist(), events.high.tolist(), strict=True))


def _smallest(events: Events) -> dict[tuple[int, int], float]:
    smallest: dict[tuple[int, int], float] = {}
    for pair, miss_m in zip(_pairs(events), events.miss_m.tolist(), strict=True):
        smallest[pair] = min(miss_m, smallest.get(pair, np.inf))
    return smallest


def _pair_keys(one: Events, other: Events) -> tuple[Integers, Integers]:
    both = np.concatenate(
        [np.column_stack([one.low, one.high]), np.column_stack([other.low, other.high])]
    )
    _, keys = np.unique(both, axis=0, return_inverse=True)
    keys = keys.ravel()
    return keys[: len(one.low)], keys[len(one.low) :]


def _nearest(
    keys: Integers, tca_s: Floats, among_keys: Integers, among_s: Floats
) -> tuple[Integers, Floats]:
    """Row of `among` of the same pair that is nearest in time, and how far; inf for none."""
    if not len(among_keys):
        return np.zeros(len(keys), np.int64), np.full(len(keys), np.inf)
    order = np.lexsort((among_s, among_keys))
    place = np.searchsorted(among_keys[order] * _APART_S + among_s[order], keys * _APART_S + tca_s)
    candidates = order[np.clip(np.stack([place - 1, place]), 0, len(order) - 1)]
    dt_s = np.abs(among_s[candidates] - tca_s)
    dt_s[among_keys[candidates] != keys] = np.inf
    best = np.argmin(dt_s, axis=0)
    columns = np.arange(len(keys))
    return candidates[best, columns], dt_s[best, columns]
