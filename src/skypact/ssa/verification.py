"""A second opinion on a screening: random slices of the window by brute force.

Shares with the phases that it checks what goes in (tracks, their spans and motions), and
nothing else: no knots, no interpolation, no grid, no refinement. At the middle of each slice
every pair of tracks is extrapolated on straight lines; whoever could come within reach in the
slice, with a generous margin, is evaluated directly at short intervals. Every pair found inside
a volume must have a row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.sgp4_scratch import BATCH, SCRATCH, TIME, VX, VY, VZ, X, Y, Z
from skypact.astro.time import tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.base.kernel import kernel
from skypact.ssa.companions import NOTHING_EXCLUDED, Exclusions
from skypact.ssa.motion import track_states
from skypact.ssa.report import object_keys
from skypact.ssa.rescreening import plan_again
from skypact.ssa.shapes import depth_in, in_rtn, reach_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from skypact.records.conjunctions import Conjunctions, Screening
    from skypact.records.elements import Elements
    from skypact.ssa.plan import Plan
    from skypact.ssa.trajectory import Trajectory
    from skypact.ssa.volumes import Volume

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

SLICE_S = 10.0
_EVERY_S = 0.02
_OWNERS = -(10**12)  # stands for every owner's ephemeris without a catalogue number
# Two objects in free fall leave their common straight line by up to 2 * 9.8 m/s2 * (5 s)^2 / 2
# = 245 m in half a slice; the rest is for SGP4's velocity, which is not the derivative.
_MARGIN_M = 1_000.0
_TOLERANCE = 1.0e-6  # of a volume's size: closer to its surface rounding decides


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What brute force found in the slices; `missed` holds (time, pair) in words."""

    slices: int
    checked_s: float
    pairs_inside: int
    missed: tuple[str, ...]

    def __str__(self) -> str:
        what = f"{self.slices} slices of {SLICE_S:g} s by brute force: "
        what += f"{self.pairs_inside} pairs inside"
        if not self.missed:
            return f"{what}, none missing"
        return f"{what}, {len(self.missed)} MISSING: {'; '.join(self.missed[:5])}"


def verify(
    screening: Screening,
    elements: Elements,
    *,
    slices: int,
    seed: int,
    volumes: Volume | Mapping[int, Volume] | None = None,
    primaries: Iterable[int] | None = None,
    trajectories: Sequence[Trajectory] = (),
    exclude: Exclusions = NOTHING_EXCLUDED,
) -> Verification:
    """Check `slices` random slices of 10 s; the other arguments are those of the screening.

    Costs the square of the number of objects: a public catalogue takes about half a second
    a slice.

    Raises:
        InputError: no slices, or docked objects were left out of the rows.
    """
    if slices < 1:
        raise InputError(f"at least one slice must be checked, not {slices}")
    if exclude.docked:
        raise InputError(
            "rows without docked objects cannot be checked: brute force finds those too"
        )
    plan = plan_again(screening.certificate, elements, volumes, primaries, trajectories, exclude)
    rng = np.random.default_rng(seed)
    middles_s = np.sort(rng.uniform(0.0, plan.end_s, slices))
    rows = _stays(screening.conjunctions, plan)
    inside, missed = 0, []
    for middle_s in middles_s.tolist():
        for a, b, first_s, last_s in _inside(plan, middle_s):
            inside += 1
            if not _has_row(rows, plan, a, b, first_s, last_s):
                key = plan.tracks.object_key
                missed.append(f"{key[a]} and {key[b]} {first_s:.2f} s into the window")
    return Verification(
        slices=slices, checked_s=slices * SLICE_S, pairs_inside=inside, missed=tuple(missed)
    )


def _stays(rows: Conjunctions, plan: Plan) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """Entry and exit, in seconds into the window, of every pair of coverage rows or objects."""
    entry_s = (tai_ns_from_utc(rows.entry_utc) - plan.start_tai_ns) / 1e9
    exit_s = (tai_ns_from_utc(rows.exit_utc) - plan.start_tai_ns) / 1e9
    stays: dict[tuple[int, int], list[tuple[float, float]]] = {}
    keys = np.maximum(object_keys(rows), _OWNERS)
    for pair, start, stop in zip(np.sort(keys, axis=1).tolist(), entry_s, exit_s, strict=True):
        stays.setdefault((pair[0], pair[1]), []).append((float(start), float(stop)))
    return stays


def _has_row(
    rows: dict[tuple[int, int], list[tuple[float, float]]],
    plan: Plan,
    a: int,
    b: int,
    first_s: float,
    last_s: float,
) -> bool:
    """Whether a row's stay touches the time for which the pair was found inside."""
    ids = sorted(max(int(plan.tracks.object_key[track]), _OWNERS) for track in (a, b))
    return any(
        start <= last_s + _EVERY_S and first_s - _EVERY_S <= stop
        for start, stop in rows.get((ids[0], ids[1]), [])
    )


def _inside(plan: Plan, middle_s: float) -> list[tuple[int, int, float, float]]:
    """Pairs of tracks inside a volume in the slice, with the first and last time seen there."""
    tracks, shapes = plan.tracks, plan.shapes
    low, high = max(middle_s - SLICE_S / 2, 0.0), min(middle_s + SLICE_S / 2, plan.end_s)
    from_s, until_s = tracks.from_s[tracks.rows], tracks.until_s[tracks.rows]
    present = np.flatnonzero((from_s <= high) & (until_s >= low))
    within_m = float(reach_m(shapes).max(initial=0.0)) + _MARGIN_M
    states = np.empty((6, len(present)))
    _states_at(tracks.motion, present, middle_s, states)
    room = 65_536
    while True:
        pairs = np.empty((room, 2), np.int64)
        found = _candidates(states, SLICE_S / 2, within_m, pairs)
        if found <= room:
            break
        room = found
    inside = []
    for a, b in present[pairs[:found]].tolist():
        if not _is_pair(plan, a, b):
            continue
        start = max(low, from_s[a], from_s[b])
        stop = min(high, until_s[a], until_s[b])
        times_s = np.arange(start, stop, _EVERY_S)
        depth = np.empty(len(times_s))
        _depths(tracks.motion, shapes, a, b, times_s, depth)
        seen = np.flatnonzero(depth <= -_TOLERANCE)
        if len(seen):
            inside.append((a, b, float(times_s[seen[0]]), float(times_s[seen[-1]])))
    return inside


def _is_pair(plan: Plan, a: int, b: int) -> bool:
    key, fleet = plan.tracks.object_key, plan.fleet
    same = key[a] == key[b] or (fleet[a] == fleet[b] and fleet[a] >= 0)
    return not same and bool(plan.sought[a] or plan.sought[b])


@kernel
def _states_at(motion, tracks, t_s, out):  # type: ignore[no-untyped-def]
    s = np.empty(SCRATCH)
    for m in range(tracks.shape[0]):
        s[TIME] = t_s
        track_states(motion, tracks[m], 1, s)
        out[0, m], out[1, m], out[2, m] = s[X], s[Y], s[Z]
        out[3, m], out[4, m], out[5, m] = s[VX], s[VY], s[VZ]


@kernel
def _candidates(states, half_s, within_m, pairs):  # type: ignore[no-untyped-def]
    """Pairs that pass within a distance on straight lines; returns how many there are."""
    count = 0
    for i in range(states.shape[1]):
        for j in range(i + 1, states.shape[1]):
            dd, dw, ww = 0.0, 0.0, 0.0
            for axis in range(3):
                d = states[axis, j] - states[axis, i]
                w = (states[3 + axis, j] - states[3 + axis, i]) * half_s
                dd += d * d
                dw += d * w
                ww += w * w
            along = min(max(-dw / (ww + 1e-30), -1.0), 1.0)
            if dd + along * (2.0 * dw + along * ww) <= within_m * within_m:
                if count < pairs.shape[0]:
                    pairs[count, 0], pairs[count, 1] = i, j
                count += 1
    return count


@kernel
def _depths(motion, shapes, a, b, times_s, depth):  # type: ignore[no-untyped-def]
    """Depth of the pair in whichever volume counts (at most 0: inside) at each time."""
    s = np.empty(SCRATCH)
    first = np.empty((6, BATCH))
    for start in range(0, times_s.shape[0], BATCH):
        n = min(BATCH, times_s.shape[0] - start)
        for k in range(n):
            s[TIME + k] = times_s[start + k]
        track_states(motion, a, n, s)
        for k in range(n):
            first[0, k], first[1, k], first[2, k] = s[X + k], s[Y + k], s[Z + k]
            first[3, k], first[4, k], first[5, k] = s[VX + k], s[VY + k], s[VZ + k]
            s[TIME + k] = times_s[start + k]
        track_states(motion, b, n, s)
        for k in range(n):
            rx, ry, rz, vx, vy, vz = first[:, k]
            dx, dy, dz = s[X + k] - rx, s[Y + k] - ry, s[Z + k] - rz
            deepest = math.inf
            if shapes.counts[a]:
                x, y, z = in_rtn(rx, ry, rz, vx, vy, vz, dx, dy, dz)
                deepest = depth_in(shapes, a, x, y, z)
            if shapes.counts[b]:
                x, y, z = in_rtn(
                    s[X + k], s[Y + k], s[Z + k], s[VX + k], s[VY + k], s[VZ + k], dx, dy, dz
                )
                deepest = min(deepest, depth_in(shapes, b, x, y, z))
            depth[start + k] = deepest
