"""How many states a second, and how far from the reference in the same mode?"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from figures import Figure
from measuring import OURS, timed
from peers.brahe import propagation as brahe
from peers.sgp4 import propagation as reference
from peers.skyfield import propagation as skyfield
from setting import SEED
from sgp4.api import SatrecArray

from skypact.astro.sgp4 import propagate, sgp4_model, start_near
from skypact.astro.time import tai_ns_from_utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from measuring import Cost
    from setting import Setting

    from skypact.astro.sgp4 import Sgp4, States
    from skypact.astro.sgp4_terms import Mode

    Floats = npt.NDArray[np.float64]
    Booleans = npt.NDArray[np.bool_]

_TOLERANCE_M = 0.001
_BAR = ">= 4 M states/CPU-s, <= 1 mm (aim 12 M)"
_EPOCHS_APART_S = 300.0


def figures(setting: Setting) -> Iterator[Figure]:
    times_s = np.arange(setting.effort.epochs) * _EPOCHS_APART_S
    for mode in ("a", "i"):
        satrecs = reference.satellites(setting.elements, mode)
        batch = SatrecArray(satrecs)
        (error, r_km, _), cost = timed(
            lambda batch=batch: reference.states_km(batch, setting.start_utc, times_s)
        )
        yield Figure(
            task="sgp4", what=f"mode {mode}", who=f"sgp4 {version('sgp4')}",
            cpu_s=cost.cpu_s, wall_s=cost.wall_s, states=error.size, error="0: the reference",
            holds=None,
        )  # fmt: skip
        r_km *= 1000.0
        yield from _ours(setting, mode, times_s, r_km, error == 0)
    yield from _one_by_one(setting, satrecs, times_s, r_km, error == 0)


def _ours(
    setting: Setting, mode: Mode, times_s: Floats, expected_m: Floats, good: Booleans
) -> Iterator[Figure]:
    model = _model(setting, mode, float(times_s[-1]))
    propagate(model, times_s[:1])  # loads the kernels
    states, fresh = timed(lambda: propagate(model, times_s))
    yield _judged(f"mode {mode}, into fresh memory", states, fresh, expected_m, good)
    states.r_teme_m.fill(np.nan)
    _, reused = timed(lambda: propagate(model, times_s, out=states))
    yield _judged(f"mode {mode}, into memory of before", states, reused, expected_m, good)


def _judged(what: str, states: States, cost: Cost, expected_m: Floats, good: Booleans) -> Figure:
    wrong = _distances(states.r_teme_m, expected_m, good & (states.error == 0))
    disagree = int(np.count_nonzero((states.error == 0) != good))
    over = int(np.count_nonzero(~(wrong <= _TOLERANCE_M)))
    return Figure(
        task="sgp4",
        what=f"{what}, {len(wrong):,} objects x {good.shape[1]} epochs",
        who=OURS,
        cpu_s=cost.cpu_s,
        wall_s=cost.wall_s,
        states=states.error.size,
        error=f"positions within {wrong.max() * 1e3:.2g} mm, {over} objects beyond 1 mm, where "
        f"neither reports an error; {disagree} states where only one does",
        holds=over == 0 and disagree == 0,
        bar=_BAR,
    )


def _model(setting: Setting, mode: Mode, until_s: float) -> Sgp4:
    origin = int(tai_ns_from_utc(np.array([setting.start_utc]))[0])
    return start_near(sgp4_model(setting.elements, origin_tai_ns=origin, mode=mode), 0.0, until_s)


def _distances(found_m: Floats, expected_m: Floats, good: Booleans) -> Floats:
    """The largest distance of each object: at once it would take as much memory again."""
    largest_m = np.zeros(len(good))
    for row, (found, expected, usable) in enumerate(zip(found_m, expected_m, good, strict=True)):
        apart_m = np.linalg.norm(found[usable] - expected[usable], axis=1)
        largest_m[row] = apart_m.max(initial=0.0)
    return largest_m


def _within(found_m: Floats, expected_m: Floats, good: Booleans) -> str:
    apart_m = _distances(found_m, expected_m, good)
    return f"positions within {apart_m.max():.2g} m, half of the objects {np.median(apart_m):.2g} m"


def _one_by_one(
    setting: Setting, satrecs: list[object], times_s: Floats, expected_m: Floats, good: Booleans
) -> Iterator[Figure]:
    """Peers that hold one Python object per satellite: some of them, drawn at random."""
    able = np.flatnonzero(good.all(axis=1))
    rng = np.random.default_rng(SEED)
    rows = np.sort(rng.choice(able, setting.effort.peer_objects, replace=False))
    expected_m, usable = expected_m[rows], good[rows]
    what = f"mode i, {len(rows)} objects one by one"

    at, found = brahe.epochs(setting.start_utc, times_s), brahe.satellites(setting.elements[rows])
    r_m, cost = timed(lambda: brahe.positions_teme_m(found, at))
    yield Figure(
        task="sgp4", what=what, who=f"brahe {version('brahe')} (WGS 84)", cpu_s=cost.cpu_s,
        wall_s=cost.wall_s, states=usable.size, holds=None,
        error=_within(r_m, expected_m, usable),
    )  # fmt: skip
    times = skyfield.timescale_times(setting.start_utc, times_s)
    earth = skyfield.satellites([satrecs[row] for row in rows], times)
    r_m, cost = timed(lambda: skyfield.positions_teme_m(earth, times))
    yield Figure(
        task="sgp4", what=what, who=f"skyfield {version('skyfield')}", cpu_s=cost.cpu_s,
        wall_s=cost.wall_s, states=usable.size, holds=None,
        error=_within(r_m, expected_m, usable),
    )  # fmt: skip
