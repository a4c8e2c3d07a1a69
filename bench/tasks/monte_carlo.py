"""How many trials a second, and what does it cost to know where each method holds?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from figures import Figure
from measuring import OURS, timed
from peers.numpy.straight_monte_carlo import straight_hits
from setting import SEED

from skypact.astro.equinoctial import elements_from_states, write_partials
from skypact.records.encounters import Encounters
from skypact.ssa.binomial_bounds import binomial_bounds
from skypact.ssa.covariance import joint_covariances
from skypact.ssa.expected_collisions import expected_collisions_3d
from skypact.ssa.monte_carlo import monte_carlo
from skypact.ssa.multistep import multistep
from skypact.ssa.validity import planar_validity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt
    from measuring import Cost
    from setting import Setting

    Floats = npt.NDArray[np.float64]

_TRIALS = 2_000_000
_DAY = 24_600
_CONFIDENCE = 0.999
# Relative sigmas of mean motion and of h, k, p, q, longitude: 500 m along track, 10 m across.
_ELEMENT_SIGMAS = np.array([1e-6, 2e-6, 2e-6, 1.5e-6, 1.5e-6, 7e-5])


def figures(setting: Setting) -> Iterator[Figure]:
    encounters, what = _nasa(setting.shared) if setting.shared else _made(50)
    yield from _trials(encounters, what)
    yield from _day(encounters, what)


def _trials(encounters: Encounters, what: str) -> Iterator[Figure]:
    expected = expected_collisions_3d(encounters).value
    likely = int(np.argmin(np.abs(np.log(np.maximum(expected, 1e-300) / 1e-3))))
    one = encounters[likely : likely + 1]
    monte_carlo(one, trials=1000, seed=SEED)  # loads the kernels
    found, cost = timed(lambda: monte_carlo(one, trials=_TRIALS, seed=SEED))
    if found is None:
        raise RuntimeError("the encounter that 3D-Nc has a value of has no Monte Carlo")
    yield _counted(
        found.hits, expected[likely], cost, what, f"{OURS}, two-body motion", "1e6 trials/CPU-s"
    )
    relative = np.concatenate([one.r2_m - one.r1_m, one.v2_m_s - one.v1_m_s], axis=1)[0]
    covariance, radius_m = joint_covariances(one)[0], float(one.hard_body_radius_m[0])
    hits, cost = timed(lambda: straight_hits(relative, covariance, radius_m, _TRIALS, SEED))
    who = f"numpy {np.__version__}, straight motion"
    yield _counted(hits, expected[likely], cost, what, who, "")


def _counted(hits: int, expected: float, cost: Cost, what: str, who: str, bar: str) -> Figure:
    low, high = binomial_bounds(hits, _TRIALS, _CONFIDENCE)
    return Figure(
        task="monte_carlo", what=f"{_TRIALS:,} trials of the likeliest of {what}", who=who,
        cpu_s=cost.cpu_s, wall_s=cost.wall_s, states=_TRIALS, bar=bar,
        error=f"{hits} hits: {low:.3e} to {high:.3e} at 99.9 %, 3D-Nc {expected:.3e}",
        holds=bool(low <= expected <= high) if who.startswith(OURS) else None,
    )  # fmt: skip


def _day(encounters: Encounters, what: str) -> Iterator[Figure]:
    day = encounters[np.resize(np.arange(len(encounters)), _DAY)]
    planar_validity(encounters)  # loads the kernels
    found, cost = timed(lambda: planar_validity(day))
    unknown = int((~found.is_judged).sum())
    yield Figure(
        task="monte_carlo", what=f"2D-Pc and validity of {_DAY:,} events, from {what}", who=OURS,
        cpu_s=cost.cpu_s, wall_s=cost.wall_s, states=_DAY, bar="<= 3 CPU-s", holds=unknown == 0,
        error=f"{int(found.is_valid.sum()):,} valid, {unknown} not judged",
    )  # fmt: skip
    rows = np.flatnonzero(~planar_validity(encounters).is_valid)
    if not len(rows):
        return
    steps, cost = timed(lambda: [multistep(encounters[[row]]) for row in rows])
    settled = sum(one.chosen is not None and bool(one.chosen.is_valid) for one in steps)
    yield Figure(
        task="monte_carlo", what=f"multi-step of the {len(rows)} invalid of {what}", who=OURS,
        cpu_s=cost.cpu_s, wall_s=cost.wall_s, states=len(rows), holds=settled == len(rows),
        error=f"{settled} of {len(rows)} end with a method that holds",
    )  # fmt: skip


def _nasa(shared: Path) -> tuple[Encounters, str]:
    cases = json.loads((shared / "data" / "pc" / "cases.json").read_bytes())["cases"]
    rows = [case for case in cases if case["id"].startswith("cara_")]

    def column(name: str) -> Floats:
        return np.array([row[name] for row in rows], np.float64)

    encounters = _encounters(
        *(column(name) for name in ("r1", "v1", "r2", "v2", "cov1", "cov2", "HBR"))
    )
    return encounters, f"{len(rows)} NASA encounters"


def _made(rows: int) -> tuple[Encounters, str]:
    """Crossings at one height from a seed, uncertain in all elements."""
    rng = np.random.default_rng(SEED)
    angle, still = rng.uniform(0.5, 3.0, rows), np.zeros(rows)
    r1 = np.stack([still + 7e6, still, still], axis=1)
    r2 = r1 + np.stack([rng.normal(0.0, 50.0, rows), still, still], axis=1)
    v1 = np.stack([still, still + 7500.0, still], axis=1)
    v2 = 7500.0 * np.stack([still, np.cos(angle), np.sin(angle)], axis=1)
    covariances = [_covariances(r, v) for r, v in ((r1, v1), (r2, v2))]
    radius = rng.uniform(5.0, 20.0, rows)
    return _encounters(r1, v1, r2, v2, *covariances, radius), f"{rows} crossings from a seed"


def _covariances(r_m: Floats, v_m_s: Floats) -> Floats:
    elements, covariances = elements_from_states(r_m, v_m_s), np.empty((len(r_m), 6, 6))
    state, partials = np.empty(6), np.empty((6, 6))
    for row, one in enumerate(elements):
        write_partials(one, 0.0, state, partials)
        sigmas = _ELEMENT_SIGMAS * np.array([one[0], 1.0, 1.0, 1.0, 1.0, 1.0])
        covariances[row] = (partials * sigmas**2) @ partials.T
    return covariances


def _encounters(
    r1: Floats, v1: Floats, r2: Floats, v2: Floats, c1: Floats, c2: Floats, radius: Floats
) -> Encounters:
    return Encounters(
        tca_tai_ns=np.zeros(len(radius), np.int64), r1_m=r1, v1_m_s=v1, r2_m=r2, v2_m_s=v2,
        covariances1=c1, covariances2=c2, cross_covariances=np.zeros_like(c1),
        hard_body_radius_m=radius,
    )  # fmt: skip
