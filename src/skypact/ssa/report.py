"""Last phase of a screening: rows become conjunctions, with what was covered and why it holds."""

from __future__ import annotations

import math
from dataclasses import replace
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
from skypact.ssa.companions import groups
from skypact.ssa.motion import track_states
from skypact.ssa.plan import labels
from skypact.ssa.refinement import AT_EDGE, ENTRY, EXIT, IS_MINIMUM, TCA, TRACK_A, TRACK_B
from skypact.ssa.shapes import SPHERE, Volumes, depth_in, in_rtn
from skypact.ssa.sweep import Bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from skypact.records.elements import Text
    from skypact.records.marks import Marks
    from skypact.ssa.plan import Plan

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
    "SGP4 fails, where it does, for longer than ten minutes or on an orbit with a low perigee",
    "the range of a pair has no two turning points within one sixteenth of a panel (5 s at most)",
)
_FASTEST_TOGETHER_M_S = 100.0
_SHORTEST_TOGETHER_S = 600.0  # a shorter window cannot tell
_TOGETHER_ORBITS = 0.5  # objects that stay in the volume this long fly together
_WHOLE_WINDOW = 0.999
_LOW_PERIOD_S = 5400.0  # stands for the period of an ephemeris


class _Encounter(NamedTuple):
    """Columns of `encounter_states`."""

    range_m: Floats
    speed_m_s: Floats
    miss_rtn_m: Floats
    velocity_rtn_m_s: Floats
    depth_primary: Floats
    depth_secondary: Floats


def report(
    plan: Plan, rows: Floats, bounds: Sequence[Bounds], *, step_s: float, counts: dict[str, int]
) -> Screening:
    """The screening as tables, its rows in order of time."""
    conjunctions = regroup(plan, in_order(_conjunctions(plan, rows)))
    if plan.exclude.docked:
        apart = conjunctions.group < 0
        counts = {**counts, "rows_excluded_as_docked": int(np.count_nonzero(~apart))}
        conjunctions = conjunctions[apart]
    return Screening(
        conjunctions=conjunctions,
        coverage=_coverage(plan),
        certificate=_certificate(plan, bounds, step_s, {**counts, "rows": len(conjunctions)}),
    )


def in_order(rows: Conjunctions) -> Conjunctions:
    """By time of closest approach, then by catalogue numbers."""
    leap = rows.tca_in_leap_second
    return rows[np.lexsort((rows.secondary_norad_id, rows.primary_norad_id, leap, rows.tca_utc))]


def _conjunctions(plan: Plan, rows: Floats) -> Conjunctions:
    a, b = rows[:, TRACK_A].astype(np.int64), rows[:, TRACK_B].astype(np.int64)
    found = _encounters(plan, rows, a, b)
    tca_utc, leap = utc_from_tai_ns(_instants(plan, rows[:, TCA]))
    norad_id, name = labels(plan.elements, plan.trajectories)
    of_a, of_b = plan.tracks.rows[a], plan.tracks.rows[b]
    epoch_s, sets = _epoch_s(plan), len(plan.elements)
    return Conjunctions(
        marks=_marks(plan),
        primary_norad_id=norad_id[of_a],
        secondary_norad_id=norad_id[of_b],
        primary_name=name[of_a],
        secondary_name=name[of_b],
        tca_utc=tca_utc,
        tca_in_leap_second=leap,
        miss_distance_m=found.range_m,
        relative_speed_m_s=found.speed_m_s,
        miss_radial_m=found.miss_rtn_m[0],
        miss_transverse_m=found.miss_rtn_m[1],
        miss_normal_m=found.miss_rtn_m[2],
        relative_velocity_radial_m_s=found.velocity_rtn_m_s[0],
        relative_velocity_transverse_m_s=found.velocity_rtn_m_s[1],
        relative_velocity_normal_m_s=found.velocity_rtn_m_s[2],
        entry_utc=utc_from_tai_ns(_instants(plan, rows[:, ENTRY]))[0],
        exit_utc=utc_from_tai_ns(_instants(plan, rows[:, EXIT]))[0],
        is_minimum=rows[:, IS_MINIMUM] > 0.0,
        at_edge=rows[:, AT_EDGE] > 0.0,
        volume_of=_volume_of(plan.shapes, a, b, found),
        threshold_m=_threshold(plan, a, b, found.range_m),
        primary_age_s=rows[:, TCA] - epoch_s[of_a],
        secondary_age_s=rows[:, TCA] - epoch_s[of_b],
        primary_elements=np.where(of_a < sets, of_a, -1),
        secondary_elements=np.where(of_b < sets, of_b, -1),
        group=np.full(len(rows), -1, np.int64),
    )


def _epoch_s(plan: Plan) -> Floats:
    """Epoch of every coverage row, from the window's start; NaN for an ephemeris."""
    epoch_s = np.full(len(plan.tracks.status), np.nan)
    epoch_s[: len(plan.elements)] = seconds_since(
        tai_ns_from_utc(plan.elements.epoch_utc), plan.start_tai_ns
    )
    return epoch_s


def _encounters(plan: Plan, rows: Floats, a: Integers, b: Integers) -> _Encounter:
    count = len(rows)
    found = _Encounter(
        np.empty(count), np.empty(count), np.empty((3, count)), np.empty((3, count)),
        np.empty(count), np.empty(count),
    )  # fmt: skip
    tca_s = np.ascontiguousarray(rows[:, TCA])
    encounter_states(plan.tracks.motion, plan.shapes, a, b, tca_s, *found)
    return found


@kernel
def encounter_states(  # type: ignore[no-untyped-def]  # noqa: PLR0913
    motion, shapes, a, b, tca_s, range_m, speed_m_s, miss, velocity, depth_a, depth_b
):
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
        miss[0, m], miss[1, m], miss[2, m] = in_rtn(rx, ry, rz, vx, vy, vz, dx, dy, dz)
        velocity[0, m], velocity[1, m], velocity[2, m] = in_rtn(rx, ry, rz, vx, vy, vz, wx, wy, wz)
        depth_a[m] = depth_in(shapes, a[m], miss[0, m], miss[1, m], miss[2, m])
        radial, transverse, normal = in_rtn(s[X], s[Y], s[Z], s[VX], s[VY], s[VZ], dx, dy, dz)
        depth_b[m] = depth_in(shapes, b[m], radial, transverse, normal)


def _instants(plan: Plan, seconds: Floats) -> Integers:
    whole: Integers = plan.start_tai_ns + np.round(seconds * NANOSECONDS).astype(np.int64)
    return whole


def _volume_of(shapes: Volumes, a: Integers, b: Integers, found: _Encounter) -> Text:
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


def _threshold(plan: Plan, a: Integers, b: Integers, range_m: Floats) -> Floats:
    """The tightest threshold that holds a row; NaN where a volume is no such sphere."""
    largest, shapes = plan.thresholds_m[-1], plan.shapes
    plain = (shapes.kind == SPHERE) & (shapes.axes_m[:, 0] == largest)
    index = np.searchsorted(plan.thresholds_m, range_m)
    tightest = np.array([*plan.thresholds_m, largest])[index]
    return np.where(plain[a] & plain[b], tightest, np.nan)


def regroup(plan: Plan, rows: Conjunctions) -> Conjunctions:
    """The rows with the groups of objects that stay together in them."""
    keys = object_keys(rows)
    tracks = plan.tracks
    period_s = 120.0 * np.pi / tracks.motion.terms[:, COLUMN["no"]]
    objects, first = np.unique(tracks.object_key[: len(period_s)], return_index=True)
    # One more at the end, for what has no element set.
    period_s = np.append(period_s[first], _LOW_PERIOD_S)
    at = np.searchsorted(objects, keys)
    known = np.append(objects, np.iinfo(np.int64).max)[at] == keys
    of_row_s = period_s[np.where(known, at, -1)]
    whole_s = max(_WHOLE_WINDOW * plan.end_s, _SHORTEST_TOGETHER_S)
    long_s = np.minimum(_TOGETHER_ORBITS * of_row_s.min(axis=1), whole_s)
    stay_s = (rows.exit_utc - rows.entry_utc) / np.timedelta64(1, "s")
    # Somebody in the formation may still cross another's path fast: that is an approach.
    slow = rows.relative_speed_m_s < _FASTEST_TOGETHER_M_S
    number = groups(keys, (stay_s >= long_s) & slow)
    return replace(rows, group=np.where(slow, number, -1))


def object_keys(rows: Conjunctions) -> Integers:
    """Both objects of each row: catalogue numbers, or a number below zero for what has none.

    Element sets without a catalogue number are objects of their own; so are owners'
    ephemerides without one, by name.
    """
    keys = np.column_stack([rows.primary_norad_id, rows.secondary_norad_id])
    sets = np.column_stack([rows.primary_elements, rows.secondary_elements])
    names = np.column_stack([rows.primary_name, rows.secondary_name])
    unknown = keys <= 0
    keys[unknown] = -1 - sets[unknown]
    owners = unknown & (sets < 0)
    keys[owners] = -(10**12) - np.unique(names[owners], return_inverse=True)[1]
    return keys


def _coverage(plan: Plan) -> Coverage:
    norad_id, name = labels(plan.elements, plan.trajectories)
    return Coverage(
        marks=_marks(plan),
        norad_id=norad_id,
        name=name,
        status=plan.tracks.status,
        reason=plan.tracks.reason,
        from_utc=_times(plan, plan.tracks.from_s),
        until_utc=_times(plan, plan.tracks.until_s),
        age_s=-_epoch_s(plan),
    )


def _times(plan: Plan, seconds: Floats) -> npt.NDArray[np.datetime64]:
    known = ~np.isnan(seconds)
    times = np.full(len(seconds), "NaT", "M8[ns]")
    times[known] = utc_from_tai_ns(_instants(plan, seconds[known]))[0]
    return times


def _marks(plan: Plan) -> Marks:
    """The inputs' marks: named as what this is derived from, their marking kept if common."""
    inputs = [plan.elements.marks, *(trajectory.marks for trajectory in plan.trajectories)]
    markings = {mark.marking for mark in inputs}
    return msgspec.structs.replace(
        plan.elements.marks,
        source="skypact screening",
        marking=markings.pop() if len(markings) == 1 else None,
        derived_from=tuple(f"{mark.originator}: {mark.source}" for mark in inputs),
    )


def _certificate(
    plan: Plan, bounds: Sequence[Bounds], step_s: float, counts: dict[str, int]
) -> Certificate:
    end_ns = plan.start_tai_ns + round(plan.end_s * NANOSECONDS)
    end_utc, leap = utc_from_tai_ns(np.array([end_ns]))
    worst = Bounds(*(max(values) for values in zip(*bounds, strict=True)))
    work = Bounds(*(sum(values) for values in zip(*bounds, strict=True)))
    return Certificate(
        method=METHOD,
        sgp4_mode=plan.mode,
        start_utc=_text(plan.start_utc, in_leap_second=False),
        end_utc=_text(end_utc[0], in_leap_second=bool(leap[0])),
        duration_s=plan.end_s,
        thresholds_m=plan.thresholds_m,
        step_s=step_s,
        largest_interpolation_error_bound_m=float(worst.error_m),
        largest_acceleration_bound_m_s2=float(worst.acceleration_m_s2),
        largest_relative_speed_bound_m_s=float(worst.relative_speed_m_s),
        rounding_bound_m=float(worst.rounding_m),
        assumptions=ASSUMPTIONS,
        counts={
            "object_steps": int(work.object_steps),
            "pairs_compared": int(work.pairs_compared),
            "pairs_measured": int(work.pairs_measured),
            **counts,
        },
    )


def _text(utc: np.datetime64, *, in_leap_second: bool) -> str:
    """Exact: milliseconds if that is all there is."""
    whole = utc == utc.astype("M8[ms]")
    return utc_text(utc, in_leap_second=in_leap_second, decimals=3 if whole else 9)
