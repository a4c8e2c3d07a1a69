"""What every option does to everybody else: one screening of all its paths at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.frames import FrameNote
from skypact.astro.interpolation import HERMITE
from skypact.astro.time import NANOSECONDS, tai_ns_from_utc, utc_from_tai_ns
from skypact.base.table import TEXT
from skypact.ssa.avoidance_paths import BETWEEN_NODES, dcms_teme_gcrf
from skypact.ssa.screening import screen
from skypact.ssa.trade_space import OLD_S
from skypact.ssa.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.conjunctions import Conjunctions, Screening
    from skypact.records.elements import Elements, Text, Times
    from skypact.records.marks import Marks
    from skypact.ssa.avoidance_paths import Path, Unburnt
    from skypact.ssa.threats import Threat
    from skypact.ssa.volumes import Volume

    Booleans = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

SCREENED_M = 5000.0
_THREAT = "threat"
_NOTE = FrameNote(
    frame="GCRF", method="precession and nutation IAU 2006/2000A", orientation="not needed",
    effect_bound_m=0.1,
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Others:
    """For each of k options: how many approaches, how many inside, and the one that counts most."""

    count: Integers
    inside: Integers
    norad_id: Integers
    name: Text
    utc: Times
    miss_m: Floats
    judged_by: str
    age_s: float


def others_of(
    threat: Threat,
    nominal: Unburnt,
    paths: Sequence[Path],
    elements: Elements,
    *,
    keep_out: Volume,
    mode: Mode,
    threads: int | None,
    on_progress: Callable[[float], None] | None,
) -> Others:
    """Approaches of every path (the first is that without a burn) to all objects but the threat.

    Before its burn an option shares the approaches of the path without. All paths are tracks
    of one object in one screening, so that the catalogue is propagated once; the threat's
    secondary is one more track, whose later returns count.
    """
    own = np.isin(elements.norad_id, [threat.primary_norad_id, threat.secondary_norad_id])
    catalogue = elements[~(own & (elements.norad_id > 0))]
    # Stand-ins above all numbers in use: an object may have none, and a track that has the
    # same number as another is never compared with it.
    stand_in = int(elements.norad_id.max(initial=0)) + 1
    dcm = dcms_teme_gcrf(nominal)
    tracks = [
        _trajectory(nominal, path, dcm, norad_id=stand_in, name=str(option), marks=elements.marks)
        for option, path in enumerate(paths)
    ]
    tracks.append(
        _trajectory(
            nominal, nominal.secondary, dcm,
            norad_id=stand_in + 1, name=_THREAT, marks=elements.marks,
        )
    )  # fmt: skip
    span_s = float(nominal.times_s[-1] - nominal.times_s[0])
    reach_m = max(keep_out.radial_m, keep_out.transverse_m, keep_out.normal_m)
    if keep_out.kind == "box":
        reach_m = float(
            np.linalg.norm([keep_out.radial_m, keep_out.transverse_m, keep_out.normal_m])
        )
    start_tai_ns = _instants(nominal, nominal.times_s[:1])
    found = screen(
        catalogue,
        start_utc=utc_from_tai_ns(start_tai_ns)[0][0],
        days=span_s / 86_400.0,
        miss_m=max(SCREENED_M, reach_m),
        trajectories=tracks,
        mode=mode,
        threads=threads,
        on_progress=on_progress,
    )
    rows = _of_options(found.conjunctions, nominal, stand_in + 1)
    age_s = median_age_s(catalogue, nominal.tca_tai_ns)
    judged_by = _judged_by(found, keep_out, len(catalogue), age_s)
    return _worst(rows, nominal, paths, keep_out, judged_by, age_s, threat)


def median_age_s(elements: Elements, tca_tai_ns: int) -> float:
    """Median time from the epochs of element sets to an approach, either way; NaN of none."""
    if not len(elements):
        return math.nan
    apart_ns = np.abs(tai_ns_from_utc(elements.epoch_utc) - tca_tai_ns)
    return float(np.median(apart_ns)) / NANOSECONDS


def _instants(nominal: Unburnt, times_s: Floats) -> Integers:
    tai_ns: Integers = nominal.tca_tai_ns + np.rint(times_s * NANOSECONDS).astype(np.int64)
    return tai_ns


def _trajectory(
    nominal: Unburnt, path: Path, dcm: Floats, *, norad_id: int, name: str, marks: Marks
) -> Trajectory:
    times_s = nominal.times_s[path.first_row :]
    turn = dcm[path.first_row :]
    unknown = np.full(1, np.nan)
    return Trajectory(
        norad_id=norad_id,
        name=name,
        object_id="",
        marks=marks,
        epoch_tai_ns=nominal.tca_tai_ns,
        times_s=times_s,
        r_teme_m=np.einsum("nij,nj->ni", turn, path.r_gcrf_m),
        v_teme_m_s=np.einsum("nij,nj->ni", turn, path.v_gcrf_m_s),
        pieces=np.array([[0, len(times_s)]]),
        useable_s=times_s[[0, -1]][None].copy(),
        degree=np.array([BETWEEN_NODES]),
        method=np.array([HERMITE]),
        leave_one_out_max_m=unknown,
        leave_one_out_p99_m=unknown,
        interpolation=(f"HERMITE of degree {BETWEEN_NODES}",),
        notes=(_NOTE,),
    )


def _of_options(rows: Conjunctions, nominal: Unburnt, threat_id: int) -> Conjunctions:
    """Without the rows of the secondary's own track, and without the encounter in question."""
    rows = rows[rows.primary_name != _THREAT]
    tca_s = (tai_ns_from_utc(rows.tca_utc) - nominal.tca_tai_ns) / NANOSECONDS
    in_question = (rows.secondary_norad_id == threat_id) & (
        np.abs(tca_s) <= 0.25 * nominal.period_s
    )
    return rows[~in_question]


def _judged_by(found: Screening, keep_out: Volume, count: int, age_s: float) -> str:
    sides_m = (keep_out.radial_m, keep_out.transverse_m, keep_out.normal_m)
    words = f"miss and {keep_out.kind} of {' x '.join(f'{side_m:g}' for side_m in sides_m)} m"
    if keep_out.kind != "box" and len(set(sides_m)) == 1:
        words = f"miss and {sides_m[0] / 1e3:g} km around it"
    words += ": public elements have no covariance"
    status = found.coverage.status[:count]
    unseen = int(np.count_nonzero((status == "REFUSED") | (status == "NOT_PROPAGATABLE")))
    partly = int(np.count_nonzero(status == "PARTLY"))
    if unseen:
        words += f"; {unseen} element sets could not be screened"
    if partly:
        words += f"; {partly} only for a part of the window"
    if age_s > OLD_S:
        words += f"; half of them are {age_s / 86_400.0:,.0f} days or more from the approach, "
        words += "so that the others could not be judged"
    return words


def _worst(
    rows: Conjunctions,
    nominal: Unburnt,
    paths: Sequence[Path],
    keep_out: Volume,
    judged_by: str,
    age_s: float,
    threat: Threat,
) -> Others:
    options = len(paths)
    inside = inside_volume(rows, keep_out)
    of_option = rows.primary_name.astype(np.int64)
    ns = rows.tca_utc.astype(np.int64)
    # In the order of importance, so that the first of an option's rows is its worst.
    order = np.lexsort((rows.miss_distance_m, ~inside))
    rows, inside, of_option, ns = rows[order], inside[order], of_option[order], ns[order]
    burn_utc = utc_from_tai_ns(
        _instants(nominal, nominal.times_s[[path.first_row for path in paths]])
    )[0].astype(np.int64)
    count, within = np.zeros(options, np.int64), np.zeros(options, np.int64)
    first = np.full(options, -1)
    for option in range(options):
        before = (of_option == 0) & (ns < burn_utc[option])
        mine = np.flatnonzero(before | (of_option == option))
        count[option], within[option] = len(mine), np.count_nonzero(inside[mine])
        first[option] = mine[0] if len(mine) else -1
    some = first >= 0
    norad_id = np.where(some, rows.secondary_norad_id[first] if len(rows) else -1, -1)
    name = np.full(options, "", TEXT)
    utc = np.full(options, np.datetime64("NaT", "ns"))
    miss_m = np.full(options, np.nan)
    name[some], utc[some] = rows.secondary_name[first[some]], rows.tca_utc[first[some]]
    miss_m[some] = rows.miss_distance_m[first[some]]
    again = name == _THREAT
    norad_id[again], name[again] = threat.secondary_norad_id, f"{threat.secondary_name} (again)"
    return Others(
        count=count, inside=within, norad_id=norad_id, name=name, utc=utc, miss_m=miss_m,
        judged_by=judged_by, age_s=age_s,
    )  # fmt: skip


def inside_volume(rows: Conjunctions, volume: Volume) -> Booleans:
    """Which approaches enter the volume, on the straight line that each is near its TCA."""
    axes_m = np.array([volume.radial_m, volume.transverse_m, volume.normal_m])
    miss = np.stack([rows.miss_radial_m, rows.miss_transverse_m, rows.miss_normal_m], axis=1)
    velocity = np.stack(
        [
            rows.relative_velocity_radial_m_s,
            rows.relative_velocity_transverse_m_s,
            rows.relative_velocity_normal_m_s,
        ],
        axis=1,
    )
    miss, velocity = miss / axes_m, velocity / axes_m
    if volume.kind == "box":
        # Times at which the line is between each pair of faces; inside where all three meet.
        # Where it runs along a pair of faces it is between them always or never.
        with np.errstate(divide="ignore", invalid="ignore"):
            faces = np.sort(np.stack([(-1.0 - miss) / velocity, (1.0 - miss) / velocity]), axis=0)
        along = velocity == 0.0
        between = np.abs(miss) <= 1.0
        enter = np.where(along, np.where(between, -np.inf, np.inf), faces[0]).max(axis=1)
        leave = np.where(along, np.where(between, np.inf, -np.inf), faces[1]).min(axis=1)
        inside: Booleans = enter <= leave
        return inside
    square = np.einsum("ni,ni->n", velocity, velocity)
    back = np.divide(
        np.einsum("ni,ni->n", miss, velocity), square, out=np.zeros(len(miss)), where=square > 0.0
    )
    nearest = miss - back[:, None] * velocity
    inside = np.einsum("ni,ni->n", nearest, nearest) <= 1.0
    return inside
