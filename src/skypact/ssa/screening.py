"""Every close approach between the objects of a catalogue, and why none is missing.

Phases, one module each: `tracks` (what goes in), `sampling` (positions on a grid of steps,
with a bound on their error), `sweep` (pairs that may come close around a step), `refinement`
(exact minima, entries and exits), `report` (tables). This one puts them together.
The argument that no approach is lost is in docs/explanation/screening.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from skypact.astro.time import tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.records.marks import one_data_mode
from skypact.ssa.chains import Chains, chains_of, join
from skypact.ssa.companions import NOTHING_EXCLUDED, Exclusions, fleet_numbers
from skypact.ssa.crew import Crew
from skypact.ssa.refinement import (
    BOX,
    COLUMNS,
    ELLIPSOID,
    SPHERE,
    Volumes,
    chebyshev,
    refine_chains,
)
from skypact.ssa.report import Question, report
from skypact.ssa.sampling import SLAB, Sampled, first_powers, interpolation_weights, sample_slab
from skypact.ssa.sweep import Bounds, Sweep, sweep_slab
from skypact.ssa.tracks import Tracks, tracks_of
from skypact.ssa.volumes import Volume, sphere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.conjunctions import Screening
    from skypact.records.elements import Elements
    from skypact.ssa.trajectory import Trajectory

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

STEP_S = 30.0
DAY_S = 86_400.0
LONGEST_DAYS = 366.0
_CHAINS_AT_ONCE = 1000
_SWEEP_SHARE = 0.9  # of the progress that is reported
_KINDS = {"sphere": SPHERE, "ellipsoid": ELLIPSOID, "box": BOX}


def screen(
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
    `days`, but for the rows themselves.

    Raises:
        InputError: a window, threshold or primary that cannot be used, or data modes mixed.
    """
    one_data_mode(elements.marks, *(trajectory.marks for trajectory in trajectories))
    question = Question(
        start_utc=start_utc, start_tai_ns=_start(start_utc), end_s=_length_s(days),
        thresholds_m=_thresholds(miss_m), mode=mode, step_s=STEP_S, exclude=exclude,
    )  # fmt: skip
    tracks = tracks_of(
        elements, trajectories, start_tai_ns=question.start_tai_ns, end_s=question.end_s, mode=mode
    )
    names = np.concatenate([elements.name, *([t.name] * len(t.pieces) for t in trajectories)])
    sought, by_choice = _sought(tracks, elements, primaries, bool(trajectories))
    shapes = _shapes(tracks, volumes, max(question.thresholds_m), sought)
    return _screen(
        question, tracks, elements, trajectories, names, _Roles(sought, by_choice), shapes,
        Crew(threads or numba.get_num_threads(), on_progress),
    )  # fmt: skip


class _Roles(NamedTuple):
    """Which tracks are looked for, and whether that makes them the primaries."""

    sought: Booleans
    by_choice: bool


def _screen(
    question: Question,
    tracks: Tracks,
    elements: Elements,
    trajectories: Sequence[Trajectory],
    names: npt.NDArray[np.str_],
    roles: _Roles,
    shapes: Volumes,
    crew: Crew,
) -> Screening:
    fleet = fleet_numbers(names[tracks.rows].astype(np.dtypes.StringDType()))
    sweep = Sweep(
        step_s=STEP_S,
        reach_m=np.where(
            shapes.kind == SPHERE, shapes.axes_m[:, 0], np.linalg.norm(shapes.axes_m, axis=1)
        ),
        object_key=tracks.object_key,
        fleet=fleet if question.exclude.same_fleet else np.full_like(fleet, -1),
        sought=roles.sought,
        first_step=np.ceil(tracks.from_s[tracks.rows] / STEP_S - 0.5).astype(np.int64),
        last_step=np.floor(tracks.until_s[tracks.rows] / STEP_S + 0.5).astype(np.int64),
    )
    chains, bounds = _sweep_window(crew, tracks, sweep, question.end_s)
    pairs = _oriented(chains, tracks, roles)
    spans_s = _spans_s(chains, tracks, question.end_s)
    rows = _refine(crew, tracks, shapes, pairs, spans_s)
    counts = {"chains": len(pairs)}
    return report(question, tracks, elements, trajectories, shapes, rows, bounds, counts)


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


def _oriented(chains: Chains, tracks: Tracks, roles: _Roles) -> Integers:
    """Pairs (primary, secondary): what was asked for first, else the lower catalogue number."""
    low, high = chains.low, chains.high
    key = np.where(tracks.object_key > 0, tracks.object_key, np.iinfo(np.int64).max)
    swap = (key[high] < key[low]) | ((key[high] == key[low]) & (high < low))
    if roles.by_choice:
        only_one = roles.sought[low] != roles.sought[high]
        swap = np.where(only_one, roles.sought[high], swap)
    return np.column_stack([np.where(swap, high, low), np.where(swap, low, high)])


def _spans_s(chains: Chains, tracks: Tracks, end_s: float) -> Floats:
    """What each chain spans: its steps, clipped to the window and to both tracks' spans."""
    from_s, until_s = tracks.from_s[tracks.rows], tracks.until_s[tracks.rows]
    begin = np.maximum((chains.first_step - 0.5) * STEP_S, 0.0)
    end = np.minimum((chains.last_step + 0.5) * STEP_S, end_s)
    begin = np.maximum(begin, np.maximum(from_s[chains.low], from_s[chains.high]))
    end = np.minimum(end, np.minimum(until_s[chains.low], until_s[chains.high]))
    return np.column_stack([begin, end])


def _refine(
    crew: Crew, tracks: Tracks, shapes: Volumes, pairs: Integers, spans_s: Floats
) -> Floats:
    """The rows (see `refinement`) of all chains, by time of closest approach."""
    useful = spans_s[:, 1] > spans_s[:, 0]
    pairs, spans_s = pairs[useful], spans_s[useful]
    # Long chains cost by their length: pieces of equal work, not of equal number.
    work = np.cumsum(1.0 + (spans_s[:, 1] - spans_s[:, 0]) / 80.0)
    cuts = np.searchsorted(
        work, np.arange(_CHAINS_AT_ONCE, work[-1] if len(work) else 0, _CHAINS_AT_ONCE)
    )
    pieces = [part for part in np.split(np.arange(len(pairs)), np.unique(cuts)) if len(part)]
    cheb = chebyshev()

    def one_piece(part: Integers) -> Floats:
        room = 2 * len(part) + 64
        while True:
            if crew.stop[0]:
                raise KeyboardInterrupt
            rows = np.full((room, COLUMNS), np.nan)
            found = refine_chains(tracks.motion, shapes, pairs[part], spans_s[part], cheb, rows)
            if found <= room:
                return rows[:found]
            room = found

    results = crew.deal(one_piece, pieces, shares=(_SWEEP_SHARE, 1.0))
    return np.concatenate([np.empty((0, COLUMNS)), *results])


def _sought(
    tracks: Tracks, elements: Elements, primaries: Iterable[int] | None, ephemerides: bool
) -> tuple[Booleans, bool]:
    if primaries is None and not ephemerides:
        return np.ones(len(tracks.rows), bool), False
    sought = tracks.rows >= len(elements)
    wanted = np.array(sorted(set(primaries or ())), np.int64)
    absent = wanted[~np.isin(wanted, elements.norad_id)]
    if len(absent):
        raise InputError(f"not in the catalogue: {', '.join(map(str, absent))}")
    return sought | np.isin(tracks.object_key, wanted), True


def _shapes(
    tracks: Tracks, volumes: Volume | Mapping[int, Volume] | None, radius_m: float, sought: Booleans
) -> Volumes:
    count = len(tracks.rows)
    default = volumes if isinstance(volumes, Volume) else sphere(radius_m)
    kind = np.full(count, _KINDS[default.kind])
    axes_m = np.tile([default.radial_m, default.transverse_m, default.normal_m], (count, 1))
    if volumes is not None and not isinstance(volumes, Volume):
        for norad_id, volume in volumes.items():
            where = tracks.object_key == norad_id
            kind[where] = _KINDS[volume.kind]
            axes_m[where] = (volume.radial_m, volume.transverse_m, volume.normal_m)
    return Volumes(kind, axes_m, sought)


def _start(start_utc: np.datetime64) -> int:
    return int(tai_ns_from_utc(np.array([start_utc]))[0])


def _length_s(days: float) -> float:
    if not 0.0 < days <= LONGEST_DAYS:
        raise InputError(f"a window must be between 0 and {LONGEST_DAYS:g} days long, not {days}")
    return days * DAY_S


def _thresholds(miss_m: float | Sequence[float]) -> tuple[float, ...]:
    given = (miss_m,) if isinstance(miss_m, (int, float)) else tuple(miss_m)
    if not given or not all(0.0 < miss <= 1.0e6 for miss in given):
        raise InputError(f"a threshold must lie between 0 and 1000 km, not at {given} m")
    return tuple(sorted(set(float(miss) for miss in given)))
