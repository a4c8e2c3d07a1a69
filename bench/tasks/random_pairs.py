"""Is anything missed between pairs of each kind? Positions every second, for a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from agreement import Events, compare_events, compare_slow_pairs, sum_of
from figures import Figure
from measuring import OURS, timed
from peers.sgp4.closest import closest
from peers.sgp4.propagation import one_position_m, satellites, states_km
from scipy.spatial import cKDTree
from setting import SEED
from sgp4.api import SatrecArray

from skypact.ssa.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from agreement import Agreement
    from setting import Setting

    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

_MISS_M = 100_000.0  # within 5 km a random pair meets too seldom to test anything
_FASTEST_M_S = 22_400.0
_DAY_S = 86_400.0
_GM_M3_S2 = 3.986008e14
_EARTH_RADIUS_M = 6_378_135.0
_LOW_M = 2_000e3
_DRAWS = 400_000


def figures(setting: Setting) -> Iterator[Figure]:
    rng = np.random.default_rng(SEED)
    satrecs = satellites(setting.elements, "a")
    for regime, pairs in _regimes(setting, satrecs, rng):
        chosen = rng.permutation(pairs)[: setting.effort.pairs_per_regime]
        members, local = np.unique(chosen, return_inverse=True)
        subset = setting.elements[members]
        found, cost = timed(
            lambda subset=subset: screen(
                subset,
                start_utc=setting.start_utc,
                days=setting.effort.pair_days,
                miss_m=_MISS_M,
            )
        )
        ours = Events.of_conjunctions(found.conjunctions, setting.start_utc)
        agreement = _judge(setting, satrecs, members, local.reshape(-1, 2), ours)
        yield Figure(
            task="random_pairs",
            what=f"{regime}: {len(chosen)} pairs, {setting.effort.pair_days:g} d, "
            f"{_MISS_M / 1e3:g} km, positions every second",
            who=OURS, cpu_s=cost.cpu_s, wall_s=cost.wall_s, error=str(agreement),
            holds=agreement.holds, bar="zero missed",
        )  # fmt: skip


def _regimes(
    setting: Setting, satrecs: list[Any], rng: np.random.Generator
) -> Iterator[tuple[str, Integers]]:
    """Pairs (n, 2) of rows of each kind, of those whose ranges of height overlap."""
    elements = setting.elements
    axis_m = (_GM_M3_S2 / elements.mean_motion_rad_s**2) ** (1.0 / 3.0)
    perigee_m = axis_m * (1.0 - elements.eccentricity) - _EARTH_RADIUS_M
    apogee_m = axis_m * (1.0 + elements.eccentricity) - _EARTH_RADIUS_M
    able = _able(setting, satrecs)
    low = able & (apogee_m < _LOW_M)
    high = able & (elements.eccentricity > 0.25) & (perigee_m < _LOW_M)
    stationary = able & (np.abs(axis_m - 42_164e3) < 100e3) & (elements.eccentricity < 0.02)
    for name, one, other in (
        ("LEO-LEO", low, low), ("LEO-HEO", low, high), ("GEO-GEO", stationary, stationary),
    ):  # fmt: skip
        a, b = (rng.choice(np.flatnonzero(kind), _DRAWS) for kind in (one, other))
        meet = (perigee_m[a] < apogee_m[b] + _MISS_M) & (perigee_m[b] < apogee_m[a] + _MISS_M)
        yield name, np.unique(np.column_stack([a, b])[meet & (a != b)], axis=0)
    yield "co-planar", _coplanar(elements, low, axis_m)
    yield "docked", _docked(setting, satrecs, np.flatnonzero(able))


def _able(setting: Setting, satrecs: list[Any]) -> Booleans:
    """Who can be propagated from the first day to the last."""
    ends_s = np.linspace(0.0, setting.effort.pair_days * _DAY_S, 5)
    error, _, _ = states_km(SatrecArray(satrecs), setting.start_utc, ends_s)
    able: Booleans = (error == 0).all(axis=1)
    return able


def _coplanar(elements: Elements, low: Booleans, axis_m: Floats) -> Integers:
    """Planes within a degree or so, axes within 20 km."""
    rows = np.flatnonzero(low)
    i, node = elements.inclination_rad[rows], elements.raan_rad[rows]
    normal = np.column_stack([np.sin(i) * np.sin(node), -np.sin(i) * np.cos(node), np.cos(i)])
    places = np.column_stack([normal / np.radians(1.0), axis_m[rows] / 20e3])
    return rows[cKDTree(places).query_pairs(1.0, output_type="ndarray")]


def _docked(setting: Setting, satrecs: list[Any], rows: Integers) -> Integers:
    """Within 5 km of each other, and slower than 10 m/s, as the window opens."""
    batch = SatrecArray([satrecs[row] for row in rows])
    _, r_km, v_km_s = states_km(batch, setting.start_utc, np.zeros(1))
    pairs = cKDTree(r_km[:, 0]).query_pairs(5.0, output_type="ndarray")
    speed = np.linalg.norm(v_km_s[pairs[:, 0], 0] - v_km_s[pairs[:, 1], 0], axis=1)
    return rows[pairs[speed < 0.01]]


def _judge(
    setting: Setting, satrecs: list[Any], members: Integers, pairs: Integers, ours: Events
) -> Agreement:
    end_s = setting.effort.pair_days * _DAY_S
    times_s = np.arange(0.0, end_s + 0.5)
    norad_id = setting.elements.norad_id[members]
    parts = []
    for a, b in pairs.tolist():
        one, other = satrecs[members[a]], satrecs[members[b]]
        low, high = sorted((int(norad_id[a]), int(norad_id[b])))
        expected = _expected(one, other, (low, high), setting.start_utc, times_s)
        mine = ours.where((ours.low == low) & (ours.high == high))
        parts.append(compare_events(mine, expected, miss_m=_MISS_M, span_s=(0.0, end_s)))
        parts.append(compare_slow_pairs(mine, expected, miss_m=_MISS_M))
    return sum_of(parts)


def _expected(
    one: Any, other: Any, ids: tuple[int, int], start_utc: np.datetime64, times_s: Floats
) -> Events:
    """Every minimum of the range of one pair, and its value at both ends of the window."""
    range_m = np.linalg.norm(
        one_position_m(other, start_utc, times_s) - one_position_m(one, start_utc, times_s),
        axis=1,
    )
    turns = (range_m[1:-1] <= range_m[:-2]) & (range_m[1:-1] < range_m[2:])
    near = np.flatnonzero(turns & (range_m[1:-1] < _MISS_M + _FASTEST_M_S)) + 1
    rows: list[tuple[float, ...]] = []
    for k in near.tolist():
        found = closest(one, other, start_utc, float(times_s[k]), 2.0)
        if found is None:  # rounding alone turns the range of docked objects
            rows.append((*ids, float(times_s[k]), float(range_m[k]), 0.0, 1.0))
        elif found.miss_m < _MISS_M:
            rows.append((*ids, *found, 0.0))
    for k in (0, -1):
        if range_m[k] < _MISS_M:
            speed_m_s = abs(range_m[1 if k == 0 else -2] - range_m[k])
            rows.append((*ids, float(times_s[k]), float(range_m[k]), speed_m_s, 1.0))
    return Events.of_rows(rows)
