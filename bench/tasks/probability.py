"""How many 2D-Pc a second, projection included, and how far from adaptive quadrature?"""

from __future__ import annotations

import csv
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from figures import Figure
from measuring import OURS, timed
from peers.numpy.planar_probability import gauss_legendre, project
from peers.scipy.planar_probability import adaptive, double_quadrature
from setting import SEED

from skypact.records.encounters import Encounters
from skypact.ssa.covariance import dcm_inertial_from_rtn, rotated_covariances
from skypact.ssa.disc_integral import disc_probability
from skypact.ssa.probability import collision_probability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy.typing as npt
    from measuring import Cost
    from setting import Setting

    Floats = npt.NDArray[np.float64]

_TOLERANCE = 1e-9
_BAR = ">= 2 M Pc/CPU-s at 1e-9"
_REPEATS = 50
_BEST_OF = 5
_SLOW_PEER_ROWS = 100
_NODES = (16, 24, 64)


def figures(setting: Setting) -> Iterator[Figure]:
    encounters, what = _esa(setting.shared) if setting.shared else _made(200)
    plane = project(encounters, np.longdouble)
    expected = adaptive(plane)
    many = encounters[np.tile(np.arange(len(encounters)), _REPEATS)]
    collision_probability(encounters)  # loads the kernels
    ours, cost = _best(lambda: collision_probability(many).probability)
    yield _judged(what, OURS, ours[: len(expected)], expected, cost, len(many), _BAR)
    for nodes in _NODES:
        found, cost = _best(
            lambda nodes=nodes: gauss_legendre(project(encounters), nodes)  # type: ignore[misc]
        )
        who = f"numpy {np.__version__}, Gauss-Legendre {nodes}"
        yield _judged(what, who, found, expected, cost, len(encounters))
    few = plane[:, :_SLOW_PEER_ROWS]
    found, cost = timed(lambda: double_quadrature(few))
    who = f"scipy {version('scipy')} dblquad"
    yield _judged(what, who, found, expected[: len(found)], cost, len(found))
    yield _wide()


def _wide() -> Figure:
    """Bodies of 7 to 1000 sigmas, where the series gives way to quadrature."""
    rng = np.random.default_rng(SEED)
    radius = 10.0 ** rng.uniform(0.85, 3.0, 500)
    plane = np.stack(
        [rng.uniform(0.0, 15.0, 500), radius + rng.uniform(-3.0, 3.0, 500), np.full(500, 3.0),
         np.ones(500), radius]
    )  # fmt: skip
    disc_probability(*plane)
    found, cost = _best(lambda: disc_probability(*plane))
    what = "bodies of 7 to 1000 sigmas, without projection"
    return _judged(what, OURS, found, adaptive(plane), cost, 500)


def _judged(
    what: str, who: str, found: Floats, expected: Floats, cost: Cost, rows: int, bar: str = ""
) -> Figure:
    judged = expected > 1e-30
    worst = float(np.abs(found[judged] / expected[judged] - 1.0).max())
    return Figure(
        task="probability", what=what, who=who, cpu_s=cost.cpu_s, wall_s=cost.wall_s, states=rows,
        error=f"relative {worst:.1e} of adaptive quadrature, {judged.sum()} rows above 1e-30",
        holds=bool(worst <= _TOLERANCE) if who == OURS else None, bar=bar,
    )  # fmt: skip


def _best(call: Callable[[], Floats]) -> tuple[Floats, Cost]:
    return min((timed(call) for _ in range(_BEST_OF)), key=lambda done: done[1].cpu_s)


def _esa(shared: Path) -> tuple[Encounters, str]:
    """The conjunctions of ESA's challenge, whose columns are km and km/s."""
    path = shared / "data" / "pc" / "orekit_armellin" / "data.csv"
    with path.open(encoding="utf-8") as lines:
        table = np.array([[float(cell) for cell in line] for line in list(csv.reader(lines))[1:]])
    objects = [_esa_object(table[:, start : start + 12]) for start in (2, 14)]
    return _encounters(objects, table[:, 1] * 1e3), f"{len(table):,} ESA-challenge conjunctions"


def _esa_object(columns: Floats) -> tuple[Floats, Floats, Floats]:
    r_m, v_m_s = columns[:, :3] * 1e3, columns[:, 3:6] * 1e3
    rr, tt, nn, rt, rn, tn = columns[:, 6:].T * 1e6
    return r_m, v_m_s, np.array([[rr, rt, rn], [rt, tt, tn], [rn, tn, nn]]).transpose(2, 0, 1)


def _made(rows: int) -> tuple[Encounters, str]:
    """Crossings at one height from a seed: misses of 500 m, sigmas of hundreds of metres."""
    rng = np.random.default_rng(SEED)
    r_m = np.tile([7e6, 0.0, 0.0], (rows, 1))
    angle = rng.uniform(0.5, np.pi, rows)
    still = np.zeros(rows)
    first = np.stack([still, still + 7500.0, still], axis=1)
    second = np.stack([still, 7500.0 * np.cos(angle), 7500.0 * np.sin(angle)], axis=1)
    rtn = np.eye(3) * np.array([100.0, 700.0, 60.0]) ** 2 * rng.uniform(0.3, 3.0, (rows, 1, 1))
    miss_m = np.stack([rng.normal(0.0, 500.0, rows), still, still], axis=1)
    objects = [(r_m, first, rtn), (r_m + miss_m, second, rtn)]
    return _encounters(objects, rng.uniform(1.0, 20.0, rows)), f"{rows} crossings from a seed"


def _encounters(objects: list[tuple[Floats, Floats, Floats]], radius_m: Floats) -> Encounters:
    covariances = []
    for r_m, v_m_s, rtn in objects:
        whole = np.full((len(r_m), 6, 6), np.nan)
        whole[:, :3, :3] = rtn
        covariances.append(rotated_covariances(whole, dcm_inertial_from_rtn(r_m, v_m_s)))
    return Encounters(
        tca_tai_ns=np.zeros(len(radius_m), np.int64),
        r1_m=objects[0][0],
        v1_m_s=objects[0][1],
        r2_m=objects[1][0],
        v2_m_s=objects[1][1],
        covariances1=covariances[0],
        covariances2=covariances[1],
        cross_covariances=np.zeros_like(covariances[0]),
        hard_body_radius_m=radius_m,
    )
