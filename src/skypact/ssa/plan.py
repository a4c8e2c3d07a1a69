"""What a screening is asked, settled: window, thresholds, tracks, who is looked for, volumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.time import tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.records.marks import one_data_mode
from skypact.ssa.companions import NOTHING_EXCLUDED, Exclusions, fleet_numbers
from skypact.ssa.shapes import BOX, ELLIPSOID, SPHERE, Volumes
from skypact.ssa.tracks import Tracks, tracks_of
from skypact.ssa.volumes import Volume, sphere

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.elements import Elements, Text
    from skypact.ssa.trajectory import Trajectory

    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

DAY_S = 86_400.0
LONGEST_DAYS = 366.0
WIDEST_MISS_M = 1.0e6
_KINDS = {"sphere": SPHERE, "ellipsoid": ELLIPSOID, "box": BOX}


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """Everything that the phases of a screening need to know.

    `fleet`, `sought` and the volumes have one entry per track. A pair counts if one of its
    tracks is sought; `by_choice` tells that those are the primaries because somebody named
    them, not because all are.
    """

    elements: Elements
    trajectories: Sequence[Trajectory]
    start_utc: np.datetime64
    start_tai_ns: int
    end_s: float
    thresholds_m: tuple[float, ...]
    mode: Mode
    exclude: Exclusions
    tracks: Tracks
    fleet: Integers
    sought: Booleans
    by_choice: bool
    shapes: Volumes


def plan(
    elements: Elements,
    *,
    start_utc: np.datetime64,
    days: float,
    miss_m: float | Sequence[float],
    volumes: Volume | Mapping[int, Volume] | None = None,
    primaries: Iterable[int] | None = None,
    trajectories: Sequence[Trajectory] = (),
    exclude: Exclusions = NOTHING_EXCLUDED,
    mode: Mode = "a",
) -> Plan:
    """The plan of a screening; `screening.screen` says what the arguments mean.

    Raises:
        InputError: a window, threshold or primary that cannot be used, or data modes mixed.
    """
    one_data_mode(elements.marks, *(trajectory.marks for trajectory in trajectories))
    start_tai_ns = int(tai_ns_from_utc(np.array([start_utc]))[0])
    end_s = _length_s(days)
    tracks = tracks_of(elements, trajectories, start_tai_ns=start_tai_ns, end_s=end_s, mode=mode)
    thresholds_m = _thresholds(miss_m)
    sought = np.ones(len(tracks.rows), bool)
    by_choice = primaries is not None or len(trajectories) > 0
    if by_choice:
        sought = _named(tracks, elements, () if primaries is None else primaries)
    fleet = np.full(len(tracks.rows), -1, np.int64)
    if exclude.same_fleet:
        fleet = fleet_numbers(labels(elements, trajectories)[1][tracks.rows])
    return Plan(
        elements=elements,
        trajectories=trajectories,
        start_utc=start_utc,
        start_tai_ns=start_tai_ns,
        end_s=end_s,
        thresholds_m=thresholds_m,
        mode=mode,
        exclude=exclude,
        tracks=tracks,
        fleet=fleet,
        sought=sought,
        by_choice=by_choice,
        shapes=_shapes(
            tracks, labels(elements, trajectories)[0], volumes, thresholds_m[-1], sought
        ),
    )


def labels(elements: Elements, trajectories: Sequence[Trajectory]) -> tuple[Integers, Text]:
    """Catalogue number and name of every element set, then of every ephemeris segment."""
    ids = [elements.norad_id, *(np.full(len(t.pieces), t.norad_id) for t in trajectories)]
    dtype = elements.name.dtype
    names = [elements.name, *(np.full(len(t.pieces), t.name, dtype) for t in trajectories)]
    return np.concatenate(ids), np.concatenate(names)


def _named(tracks: Tracks, elements: Elements, primaries: Iterable[int]) -> Booleans:
    """The tracks of the named objects, and every owner's ephemeris."""
    wanted = np.array(sorted({int(norad_id) for norad_id in primaries}), np.int64)
    absent = wanted[~np.isin(wanted, elements.norad_id)]
    if len(absent):
        raise InputError(f"not in the catalogue: {', '.join(map(str, absent))}")
    if (wanted <= 0).any():
        raise InputError("an object without a catalogue number cannot be named as a primary")
    found = (tracks.rows >= len(elements)) | np.isin(tracks.object_key, wanted)
    if not found.any():
        # The coverage tells the same of each; with none left there is nothing to answer.
        named = np.isin(elements.norad_id, wanted)
        named = np.append(named, np.ones(len(tracks.reason) - len(elements), bool))
        raise InputError(f"no primary can be screened; {tracks.reason[named][0]}")
    return found


def _shapes(
    tracks: Tracks,
    known: Integers,
    volumes: Volume | Mapping[int, Volume] | None,
    radius_m: float,
    sought: Booleans,
) -> Volumes:
    count = len(tracks.rows)
    default = volumes if isinstance(volumes, Volume) else sphere(radius_m)
    kind = np.full(count, _KINDS[default.kind])
    axes_m = np.tile([default.radial_m, default.transverse_m, default.normal_m], (count, 1))
    if volumes is not None and not isinstance(volumes, Volume):
        absent = sorted(set(volumes) - set(known.tolist()))
        if absent:
            raise InputError(f"a volume for {absent[0]}, which is not in the catalogue")
        for norad_id, volume in volumes.items():
            where = tracks.object_key == norad_id
            kind[where] = _KINDS[volume.kind]
            axes_m[where] = (volume.radial_m, volume.transverse_m, volume.normal_m)
    return Volumes(kind, axes_m, sought)


def _length_s(days: float) -> float:
    if not 0.0 < days <= LONGEST_DAYS:
        raise InputError(f"a window must be between 0 and {LONGEST_DAYS:g} days long, not {days}")
    return days * DAY_S


def _thresholds(miss_m: float | Sequence[float]) -> tuple[float, ...]:
    given = tuple(np.atleast_1d(np.asarray(miss_m, float)).tolist())
    if not given or not all(0.0 < miss <= WIDEST_MISS_M for miss in given):
        raise InputError(f"a threshold must lie between 0 and 1000 km, not at {given} m")
    return tuple(sorted({float(miss) for miss in given}))
