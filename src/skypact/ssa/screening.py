"""Every close approach between the objects of a catalogue, and why none is missing.

Phases, one module each: `plan` (what is asked), `tracks` (what goes in), `sampling`
(positions on a grid of steps, with a bound on their error), `sweep` (pairs that may come
close around a step), `refinement` (exact minima, entries and exits), `report` (tables). This
one puts them together. The argument that no approach is lost is in
docs/explanation/screening.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

from skypact.base.errors import InputError
from skypact.ssa.binning import Sweep
from skypact.ssa.chains import Chains, chains_of, join
from skypact.ssa.companions import NOTHING_EXCLUDED, Exclusions
from skypact.ssa.crew import Crew
from skypact.ssa.plan import Plan, plan
from skypact.ssa.refinement import COLUMNS, chebyshev, refine_chains
from skypact.ssa.report import report
from skypact.ssa.sampling import (
    SLAB,
    Sampled,
    first_powers,
    interpolation_weights,
    radial_range,
    sample_slab,
)
from skypact.ssa.shapes import reach_m
from skypact.ssa.sweep import Bounds, sweep_slab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.conjunctions import Screening
    from skypact.records.elements import Elements
    from skypact.ssa.tracks import Tracks
    from skypact.ssa.trajectory import Trajectory
    from skypact.ssa.volumes import Volume

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

STEP_S = 30.0
_CHAINS_AT_ONCE = 1000
_FEW = 0.05  # up to this share of the tracks is looked up one by one
_MOST_HITS = 50_000_000  # 1.2 GB in each thread
_SWEEP_SHARE = 0.9  # of the progress that is reported


def screen(  # noqa: PLR0913
    elements: Elements,
    *,
    start_utc: np.datetime64,
    days: float,
    miss_m: float | Sequence[float] = 5000.0,
    volumes: Volume | Mapping[int, Volume] | None = None,
    primaries: Iterable[int] | None = None,
    trajectories: Sequence[Trajectory] = (),
    exclude: Exclusions = NOTHING_EXCLUDED,
    mode: Mode = "a",
    threads: int | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Screening:
    """Every close approach from `start_utc` for `days` of 86,400 SI seconds.

    Each object against each other; or, with `primaries` (catalogue numbers) or
    `trajectories` (owners' ephemerides), those against all. Of several thresholds `miss_m`
    the largest decides, and every row names the tightest that holds it. `volumes` asks for
    another shape instead, one for all objects or one by catalogue number (objects not named
    get the sphere); without primaries a pair is kept if either's volume is entered.

    The same input gives the same rows on any number of threads. Memory does not grow with
    `days`, but for the rows and the pairs that lead to them.

    Raises:
        InputError: a window, threshold or primary that cannot be used, or data modes mixed.
    """
    settled = plan(
        elements,
        start_utc=start_utc,
        days=days,
        miss_m=miss_m,
        volumes=volumes,
        primaries=primaries,
        trajectories=trajectories,
        exclude=exclude,
        mode=mode,
    )
    everything = np.ones(len(settled.tracks.rows), bool)
    return carry_out(settled, everything, threads=threads, on_progress=on_progress)


def carry_out(
    plan: Plan,
    changed: Booleans,
    *,
    threads: int | None,
    on_progress: Callable[[float], None] | None,
) -> Screening:
    """The screening that is planned, of the pairs with a `changed` track only."""
    if threads is not None and threads < 1:
        raise InputError(f"at least one thread must work, not {threads}")
    crew = Crew(threads or numba.get_num_threads(), on_progress)
    tracks, shapes = plan.tracks, plan.shapes
    # Each pair that counts has a track in either set: the smaller one is enough to look from.
    focus = min(plan.sought, changed, key=np.count_nonzero)
    sweep = Sweep(
        step_s=STEP_S,
        reach_m=reach_m(shapes),
        object_key=tracks.object_key,
        fleet=plan.fleet,
        sought=plan.sought,
        changed=changed,
        focus=focus,
        is_focused=bool(np.count_nonzero(focus) < _FEW * len(focus)),
        first_step=np.ceil(tracks.from_s[tracks.rows] / STEP_S - 0.5).astype(np.int64),
        last_step=np.floor(tracks.until_s[tracks.rows] / STEP_S + 0.5).astype(np.int64),
    )
    chains, bounds = _sweep_window(crew, tracks, sweep, plan.end_s)
    rows = _refine(crew, plan, _oriented(chains, plan), _spans_s(chains, tracks, plan.end_s))
    return report(plan, rows, bounds, step_s=STEP_S, counts={"chains": len(chains.low)})


def _sweep_window(
    crew: Crew, tracks: Tracks, sweep: Sweep, end_s: float
) -> tuple[Chains, list[Bounds]]:
    """All chains of the window, slab by slab, and the bounds met in each slab."""
    steps = int(np.ceil(end_s / STEP_S)) + 1
    guess = first_powers(tracks.radius_m, tracks.speed_m_s, STEP_S)
    weights = interpolation_weights()

    def one_slab(start: int) -> tuple[Chains, Bounds]:
        stop = min(start + SLAB, steps)
        active = np.flatnonzero((sweep.first_step < stop) & (sweep.last_step >= start))
        sampled = _sample(tracks, active, start, guess)
        if sweep.is_focused:
            active = active[_in_band(sweep, active, sampled)]
            sampled = _sample(tracks, active, start, guess)
        room = 65_536
        while True:
            hits = np.empty((room, 3), np.int64)
            found, bounds = sweep_slab(
                sweep, active, start, stop - start, sampled, weights, hits, crew.stop
            )
            if found < 0:
                raise KeyboardInterrupt
            if found <= room:
                return chains_of(hits[:found]), bounds
            if found > _MOST_HITS:
                raise InputError(
                    f"{found:,} candidates within {SLAB * STEP_S / 60:.0f} minutes do not fit in "
                    "memory: ask for a smaller threshold, or about fewer objects"
                )
            room = found

    results = crew.deal(one_slab, range(0, steps, SLAB), shares=(0.0, _SWEEP_SHARE))
    return join([chains for chains, _ in results]), [bounds for _, bounds in results]


def _sample(tracks: Tracks, active: Integers, start: int, guess: Integers) -> Sampled:
    """A slab's tracks sampled, with as much memory as that turns out to need."""
    count = len(active)
    room = int(np.sum(3 * ((SLAB >> guess[active]) + 9)) * 1.2) + 3 * SLAB
    while True:
        sampled = Sampled(
            np.empty(room), np.zeros(count + 1, np.int64), np.zeros(count, np.int64),
            np.empty(count), np.empty(count),
        )  # fmt: skip
        if sample_slab(tracks.motion, active, start, STEP_S, tracks.fails_s, guess, sampled):
            return sampled
        room *= 2


def _in_band(sweep: Sweep, active: Integers, sampled: Sampled) -> Booleans:
    """Which tracks come to a distance from the Earth's centre where a track in focus is."""
    nearest_m, farthest_m = np.empty(len(active)), np.empty(len(active))
    radial_range(sampled, nearest_m, farthest_m)
    focus = sweep.focus[active]
    if not focus.any():
        return focus
    reach_m = sweep.reach_m.max(initial=0.0)
    low, high = nearest_m[focus] - reach_m, farthest_m[focus] + reach_m
    order = np.argsort(low)
    # Merged bands in order: a track is outside if it ends before the next one begins.
    starts, ends = low[order], np.maximum.accumulate(high[order])
    before = np.searchsorted(starts, farthest_m, side="right") - 1
    inside: Booleans = focus | ((before >= 0) & (ends[np.maximum(before, 0)] >= nearest_m))
    return inside


def _oriented(chains: Chains, plan: Plan) -> Integers:
    """Pairs (primary, secondary): what was asked for first, else the lower catalogue number."""
    low, high, object_key = chains.low, chains.high, plan.tracks.object_key
    key = np.where(object_key > 0, object_key, np.iinfo(np.int64).max)
    swap = (key[high] < key[low]) | ((key[high] == key[low]) & (high < low))
    if plan.by_choice:
        only_one = plan.sought[low] != plan.sought[high]
        swap = np.where(only_one, plan.sought[high], swap)
    return np.column_stack([np.where(swap, high, low), np.where(swap, low, high)])


def _spans_s(chains: Chains, tracks: Tracks, end_s: float) -> Floats:
    """What each chain spans: its steps, clipped to the window and to both tracks' spans."""
    from_s, until_s = tracks.from_s[tracks.rows], tracks.until_s[tracks.rows]
    begin = np.maximum((chains.first_step - 0.5) * STEP_S, 0.0)
    end = np.minimum((chains.last_step + 0.5) * STEP_S, end_s)
    begin = np.maximum(begin, np.maximum(from_s[chains.low], from_s[chains.high]))
    end = np.minimum(end, np.minimum(until_s[chains.low], until_s[chains.high]))
    return np.column_stack([begin, end])


def _refine(crew: Crew, plan: Plan, pairs: Integers, spans_s: Floats) -> Floats:
    """The rows (see `refinement`) of all chains."""
    useful = spans_s[:, 1] > spans_s[:, 0]
    pairs, spans_s = pairs[useful], spans_s[useful]
    # Long chains cost by their length: pieces of equal work, not of equal number.
    work = np.cumsum(1.0 + (spans_s[:, 1] - spans_s[:, 0]) / 80.0)
    cuts = np.searchsorted(
        work, np.arange(_CHAINS_AT_ONCE, work[-1] if len(work) else 0, _CHAINS_AT_ONCE)
    )
    pieces = [part for part in np.split(np.arange(len(pairs)), np.unique(cuts)) if len(part)]
    motion, cheb = plan.tracks.motion, chebyshev()

    def one_piece(part: Integers) -> Floats:
        room = 2 * len(part) + 64
        while True:
            if crew.stop[0]:
                raise KeyboardInterrupt
            rows = np.full((room, COLUMNS), np.nan)
            found = refine_chains(motion, plan.shapes, pairs[part], spans_s[part], cheb, rows)
            if found <= room:
                return rows[:found]
            room = found

    results = crew.deal(one_piece, pieces, shares=(_SWEEP_SHARE, 1.0))
    return np.concatenate([np.empty((0, COLUMNS)), *results])
