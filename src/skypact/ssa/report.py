"""Last phase of a screening: rows become conjunctions, with what was covered and why it holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from skypact.astro.sgp4_scratch import SCRATCH, TIME, VX, VY, VZ, X, Y, Z
from skypact.astro.sgp4_terms import COLUMN
from skypact.astro.time import (
    NANOSECONDS,
    seconds_since,
    tai_ns_from_utc,
    utc_from_tai_ns,
    utc_text,
)
from skypact.base.kernel import kernel
from skypact.base.table import TEXT
from skypact.records.conjunctions import Certificate, Conjunctions, Coverage, Screening
from skypact.records.marks import Marks
from skypact.ssa.companions import groups
from skypact.ssa.motion import track_states
from skypact.ssa.refinement import (
    AT_EDGE,
    ELLIPSOID,
    ENTRY,
    EXIT,
    IS_MINIMUM,
    SPHERE,
    TCA,
    TRACK_A,
    TRACK_B,
    in_rtn,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.elements import Elements
    from skypact.ssa.companions import Exclusions
    from skypact.ssa.refinement import Volumes
    from skypact.ssa.sweep import Bounds
    from skypact.ssa.tracks import Tracks
    from skypact.ssa.trajectory import Trajectory

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

METHOD = "skypact.screening 1: sampled sweep with measured bounds, direct refinement"
ASSUMPTIONS = (
    "each track's motion is SGP4 (WGS72, TEME) or the owner's interpolated ephemeris; how far "
    "that is from the object itself is not part of this certificate",
    "within nine neighbouring knots the eighth derivative of a track's position varies by less "
    "than a factor of 47, or the motion jumps at most once",
    "between knots the third derivative of a track's position stays below 1.5 times the "
    "largest third difference of the slab",
    "the range of a pair has no two turning points within one sixteenth of a panel (5 s at most)",
)
_TOGETHER_ORBITS = 0.5  # objects that stay in the volume this long fly together
_WHOLE_WINDOW = 0.999


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was asked: the window, thresholds and manner of a screening."""

    start_utc: np.datetime64
    start_tai_ns: int
    end_s: float
    thresholds_m: tuple[float, ...]
    mode: Mode
    step_s: float
    exclude: Exclusions


class _Encounter(NamedTuple):
    """Columns of `encounter_states`."""

    range_m: Floats
    speed_m_s: Floats
    miss_rtn_m: Floats
    velocity_rtn_m_s: Floats
    depth_primary: Floats
    depth_secondary: Floats


def report(
    question: Question,
    tracks: Tracks,
    elements: Elements,
    trajectories: Sequence[Trajectory],
    shapes: Volumes,
    rows: Floats,
    bounds: Sequence[Bounds],
    counts: dict[str, int],
) -> Screening:
    """The screening as tables, its rows in order of time."""
    rows = rows[np.lexsort((rows[:, TRACK_B], rows[:, TRACK_A], rows[:, TCA]))]
    marks = _marks(elements, trajectories)
    conjunctions = _conjunctions(question, tracks, elements, trajectories, shapes, rows, marks)
    if question.exclude.docked:
        apart = conjunctions.group < 0
        counts = {**counts, "rows_excluded_as_docked": int(np.count_nonzero(~apart))}
        conjunctions = conjunctions[apart]
    return Screening(
        conjunctions=conjunctions,
        coverage=_coverage(question, tracks, elements, trajectories, marks),
        certificate=_certificate(question, bounds, {**counts, "rows": len(conjunctions)}),
    )


def _conjunctions(
    question: Question,
    tracks: Tracks,
    elements: Elements,
    trajectories: Sequence[Trajectory],
    shapes: Volumes,
    rows: Floats,
    marks: Marks,
) -> Conjunctions:
    a, b = rows[:, TRACK_A].astype(np.int64), rows[:, TRACK_B].astype(np.int64)
    found = _Encounter(*_encounters(tracks, shapes, rows, a, b))
    tca_utc, leap = utc_from_tai_ns(_instants(question, rows[:, TCA]))
    norad_id, name = _labels(elements, trajectories)
    of_a, of_b = tracks.rows[a], tracks.rows[b]
    epoch_s = np.full(len(norad_id), np.nan)
    epoch_s[: len(elements)] = seconds_since(
        tai_ns_from_utc(elements.epoch_utc), question.start_tai_ns
    )
    sets = len(elements)
    return Conjunctions(
        marks=marks,
        primary_norad_id=norad_id[of_a],
        secondary_norad_id=norad_id[of_b],
        primary_name=name[of_a],
        secondary_name=name[of_b],
        tca_utc=tca_utc,
        tca_in_leap_second=leap,
        miss_distance_m=found.range_m,
        relative_speed_m_s=found.speed_m_s,
        miss_radial_m=found.miss_rtn_m[:, 0].copy(),
        miss_transverse_m=found.miss_rtn_m[:, 1].copy(),
        miss_normal_m=found.miss_rtn_m[:, 2].copy(),
        relative_velocity_radial_m_s=found.velocity_rtn_m_s[:, 0].copy(),
        relative_velocity_transverse_m_s=found.velocity_rtn_m_s[:, 1].copy(),
        relative_velocity_normal_m_s=found.velocity_rtn_m_s[:, 2].copy(),
        entry_utc=utc_from_tai_ns(_instants(question, rows[:, ENTRY]))[0],
        exit_utc=utc_from_tai_ns(_instants(question, rows[:, EXIT]))[0],
        is_minimum=rows[:, IS_MINIMUM] > 0.0,
        at_edge=rows[:, AT_EDGE] > 0.0,
        volume_of=_volume_of(shapes, a, b, found),
        threshold_m=_threshold(question, shapes, a, b, found.range_m),
        primary_age_s=rows[:, TCA] - epoch_s[of_a],
        secondary_age_s=rows[:, TCA] - epoch_s[of_b],
        primary_elements=np.where(of_a < sets, of_a, -1),
        secondary_elements=np.where(of_b < sets, of_b, -1),
        group=_groups(question, tracks, rows, a, b),
    )


def _encounters(
    tracks: Tracks, shapes: Volumes, rows: Floats, a: Integers, b: Integers
) -> tuple[Floats, ...]:
    count = len(rows)
    out = (np.empty(count), np.empty(count), np.empty((count, 3)), np.empty((count, 3)),
           np.empty(count), np.empty(count))  # fmt: skip
    encounter_states(tracks.motion, shapes, a, b, np.ascontiguousarray(rows[:, TCA]), *out)
    return out


@kernel
def encounter_states(
    motion, shapes, a, b, tca_s, range_m, speed_m_s, miss, velocity, depth_a, depth_b
):  # type: ignore[no-untyped-def]
    """Range, relative speed, relative state in the primary's axes and depth in both volumes."""
    s = np.empty(SCRATCH)
    for m in range(a.shape[0]):
        s[TIME] = tca_s[m]
        track_states(motion, a[m], 1, s)
        rx, ry, rz, vx, vy, vz = s[X], s[Y], s[Z], s[VX], s[VY], s[VZ]
        s[TIME] = tca_s[m]
        track_states(motion, b[m], 1, s)
        dx, dy, dz = s[X] - rx, s[Y] - ry, s[Z] - rz
        wx, wy, wz = s[VX] - vx, s[VY] - vy, s[VZ] - vz
        range_m[m] = math.sqrt(dx * dx + dy * dy + dz * dz)
        speed_m_s[m] = math.sqrt(wx * wx + wy * wy + wz * wz)
        miss[m, 0], miss[m, 1], miss[m, 2] = in_rtn(rx, ry, rz, vx, vy, vz, dx, dy, dz)
        velocity[m, 0], velocity[m, 1], velocity[m, 2] = in_rtn(rx, ry, rz, vx, vy, vz, wx, wy, wz)
        depth_a[m] = _depth(shapes, a[m], miss[m, 0], miss[m, 1], miss[m, 2])
        radial, transverse, normal = in_rtn(s[X], s[Y], s[Z], s[VX], s[VY], s[VZ], dx, dy, dz)
        depth_b[m] = _depth(shapes, b[m], radial, transverse, normal)


@kernel
def _depth(shapes, track, radial_m, transverse_m, normal_m):  # type: ignore[no-untyped-def]
    axes_m = shapes.axes_m[track]
    x, y, z = abs(radial_m) / axes_m[0], abs(transverse_m) / axes_m[1], abs(normal_m) / axes_m[2]
    if shapes.kind[track] == SPHERE or shapes.kind[track] == ELLIPSOID:
        return math.sqrt(x * x + y * y + z * z) - 1.0
    return max(x, y, z) - 1.0


def _instants(question: Question, seconds: Floats) -> Integers:
    whole: Integers = question.start_tai_ns + np.round(seconds * NANOSECONDS).astype(np.int64)
    return whole


def _labels(
    elements: Elements, trajectories: Sequence[Trajectory]
) -> tuple[Integers, npt.NDArray[np.str_]]:
    """Catalogue number and name of every row of the coverage table."""
    ids = [elements.norad_id, *(np.full(len(t.pieces), t.norad_id) for t in trajectories)]
    names = [elements.name, *(np.full(len(t.pieces), t.name, TEXT) for t in trajectories)]
    return np.concatenate(ids), np.concatenate(names)


def _volume_of(
    shapes: Volumes, a: Integers, b: Integers, found: _Encounter
) -> npt.NDArray[np.str_]:
    """Whose volume the row lies in. At an entry or exit, where rounding decides, the deeper."""
    of_a = shapes.counts[a] & (found.depth_primary <= 0.0)
    of_b = shapes.counts[b] & (found.depth_secondary <= 0.0)
    neither = ~of_a & ~of_b
    nearer_a = ~shapes.counts[b] | (
        shapes.counts[a] & (found.depth_primary <= found.depth_secondary)
    )
    of_a |= neither & nearer_a
    of_b |= neither & ~nearer_a
    return np.where(of_a & of_b, "both", np.where(of_a, "primary", "secondary")).astype(TEXT)


def _threshold(
    question: Question, shapes: Volumes, a: Integers, b: Integers, range_m: Floats
) -> Floats:
    """The tightest threshold that holds a row; NaN where a volume is no such sphere."""
    largest = question.thresholds_m[-1]
    plain = (shapes.kind == SPHERE) & (shapes.axes_m[:, 0] == largest)
    index = np.searchsorted(question.thresholds_m, range_m)
    tightest = np.array([*question.thresholds_m, largest])[index]
    return np.where(plain[a] & plain[b], tightest, np.nan)


def _groups(question: Question, tracks: Tracks, rows: Floats, a: Integers, b: Integers) -> Integers:
    period_s = np.full(len(tracks.rows), 5400.0)  # for an ephemeris: a low orbit
    period_s[: len(tracks.motion.terms)] = 120.0 * np.pi / tracks.motion.terms[:, COLUMN["no"]]
    long_s = np.minimum(
        _TOGETHER_ORBITS * np.minimum(period_s[a], period_s[b]), _WHOLE_WINDOW * question.end_s
    )
    together = rows[:, EXIT] - rows[:, ENTRY] >= long_s
    return groups(np.column_stack([tracks.object_key[a], tracks.object_key[b]]), together)


def _coverage(
    question: Question,
    tracks: Tracks,
    elements: Elements,
    trajectories: Sequence[Trajectory],
    marks: Marks,
) -> Coverage:
    norad_id, name = _labels(elements, trajectories)
    age_s = np.full(len(norad_id), np.nan)
    age_s[: len(elements)] = -seconds_since(
        tai_ns_from_utc(elements.epoch_utc), question.start_tai_ns
    )
    return Coverage(
        marks=marks,
        norad_id=norad_id,
        name=name,
        status=tracks.status,
        reason=tracks.reason,
        from_utc=_times(question, tracks.from_s),
        until_utc=_times(question, tracks.until_s),
        age_s=age_s,
    )


def _times(question: Question, seconds: Floats) -> npt.NDArray[np.datetime64]:
    known = ~np.isnan(seconds)
    times = np.full(len(seconds), "NaT", "M8[ns]")
    times[known] = utc_from_tai_ns(_instants(question, seconds[known]))[0]
    return times


def _marks(elements: Elements, trajectories: Sequence[Trajectory]) -> Marks:
    """Whoever screens is the originator; the inputs are named, their marking kept if common."""
    inputs = [elements.marks, *(trajectory.marks for trajectory in trajectories)]
    markings = {mark.marking for mark in inputs}
    return msgspec.structs.replace(
        elements.marks,
        source="skypact screening",
        marking=markings.pop() if len(markings) == 1 else None,
        derived_from=tuple(f"{mark.originator}: {mark.source}" for mark in inputs),
    )


def _certificate(
    question: Question, bounds: Sequence[Bounds], counts: dict[str, int]
) -> Certificate:
    end_ns = question.start_tai_ns + round(question.end_s * NANOSECONDS)
    end_utc, leap = utc_from_tai_ns(np.array([end_ns]))
    worst = {name: max((getattr(b, name) for b in bounds), default=0.0) for name in (
        "error_m", "rounding_m", "acceleration_m_s2", "relative_speed_m_s")}  # fmt: skip
    work = {name: sum(int(getattr(b, name)) for b in bounds) for name in (
        "object_steps", "pairs_compared", "pairs_measured")}  # fmt: skip
    return Certificate(
        method=METHOD,
        sgp4_mode=question.mode,
        start_utc=utc_text(question.start_utc),
        end_utc=utc_text(end_utc[0], in_leap_second=bool(leap[0])),
        thresholds_m=question.thresholds_m,
        step_s=question.step_s,
        largest_interpolation_error_bound_m=float(worst["error_m"]),
        largest_acceleration_bound_m_s2=float(worst["acceleration_m_s2"]),
        largest_relative_speed_bound_m_s=float(worst["relative_speed_m_s"]),
        rounding_bound_m=float(worst["rounding_m"]),
        assumptions=ASSUMPTIONS,
        counts={**work, **counts},
    )
