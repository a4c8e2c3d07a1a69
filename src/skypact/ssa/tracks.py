"""What goes into a screening: which element set or segment speaks for which object, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.sgp4 import Sgp4, propagate, sgp4_model, start_near
from skypact.astro.sgp4_constants import EARTH_GM_M3_S2, EARTH_RADIUS_M
from skypact.astro.sgp4_terms import COLUMN
from skypact.astro.time import seconds_since
from skypact.base.table import TEXT
from skypact.ssa.motion import Motion

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.elements import Elements, Text
    from skypact.ssa.trajectory import Trajectory

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

_AO, _ECCO = COLUMN["ao"], COLUMN["ecco"]
SGP4_XP = 4  # EPHEMERIS_TYPE of elements that only SGP4-XP can read
STALE_S = 7.0 * 86_400.0
_REACH_S = 10_000.0  # sampling looks this far beyond the window
_COARSE_S = 600.0
_FINE_S = 10.0
_SAFE_END_S = 180.0  # a track ends this long before SGP4 first fails on it
_LOW_M = EARTH_RADIUS_M + 130_000.0
_SWIFT = 0.1  # eccentricity above which ten minutes may hide a perigee
_ANOTHER_SPEED = 0.01  # share by which SGP4's velocity may differ from its positions' derivative
_ANOTHER_MOTION = 0.1  # by more than this share its positions mean nothing


@dataclass(frozen=True, eq=False)
class Tracks:
    """Motions with, for each track, its object and the span in which it stands for it.

    `object_key` is equal for tracks of one object and only for them. `rows` is the row of
    each track in the coverage table (element sets first, then segments in order). `status`,
    `reason`, `from_s`, `until_s` have one entry per coverage row; spans are NaN for what is
    not screened. `fails_s` is when a track has no positions any more (inf: never).
    `radius_m` and `speed_m_s`, at perigee, size the sampling.
    """

    motion: Motion
    rows: Integers
    object_key: Integers
    from_s: Floats
    until_s: Floats
    fails_s: Floats
    radius_m: Floats
    speed_m_s: Floats
    status: Text
    reason: Text


class _Spans(NamedTuple):
    from_s: Floats
    until_s: Floats
    fails_s: Floats


def tracks_of(
    elements: Elements,
    trajectories: Sequence[Trajectory],
    *,
    start_tai_ns: int,
    end_s: float,
    mode: Mode,
) -> Tracks:
    """Tracks of everything that can be screened from `start_tai_ns` for `end_s` seconds."""
    model = sgp4_model(elements, origin_tai_ns=start_tai_ns, mode=mode)
    status = np.full(len(elements), "SCREENED", TEXT)
    reason = np.full(len(elements), "", TEXT)
    usable = _refuse(elements, model, status, reason)
    _refuse_unphysical(model, usable, end_s, status, reason)
    while True:
        # What cannot serve takes over from nothing: each such set counts as an object of its own.
        spans = _succession(np.where(usable, elements.norad_id, 0), model.epoch_s, end_s)
        serving = usable & (spans.from_s <= spans.until_s)
        broken = _end_where_sgp4_fails(model, spans, serving, status, reason)
        usable &= ~broken
        if not np.isin(elements.norad_id[broken], elements.norad_id[usable]).any():
            break  # else an older set of the same object keeps its time
    superseded = usable & ~serving
    status[superseded] = "SUPERSEDED"
    reason[superseded] = "another element set of the same object serves the window"
    usable &= serving
    away_s = np.maximum(np.abs(spans.from_s - model.epoch_s), np.abs(spans.until_s - model.epoch_s))
    stale = usable & (away_s > STALE_S)
    _add(reason, stale, [f"elements used up to {s / 86_400:.1f} days from their epoch"
                         for s in away_s[stale]])  # fmt: skip
    radius_m, speed_m_s = _size(model)
    spans.from_s[~usable], spans.until_s[~usable] = np.nan, np.nan
    short = usable & ((spans.from_s > 0.0) | (spans.until_s < end_s))
    status[short & (status == "SCREENED")] = "PARTLY"
    picked = np.flatnonzero(usable)
    model = start_near(model, -_REACH_S, end_s + _REACH_S)
    no_nodes = np.empty((0, 3))
    tracks = Tracks(
        motion=Motion(
            terms=model.terms[picked],
            epoch_s=model.epoch_s[picked],
            keep_nodes_positive=model.keep_nodes_positive,
            node_s=np.empty(0),
            node_r_teme_m=no_nodes,
            node_v_teme_m_s=no_nodes,
            segment=np.empty((0, 4), np.int64),
        ),
        rows=picked,
        object_key=_object_keys(elements.norad_id)[picked],
        from_s=spans.from_s,
        until_s=spans.until_s,
        fails_s=spans.fails_s[picked],
        radius_m=radius_m[picked],
        speed_m_s=speed_m_s[picked],
        status=status,
        reason=reason,
    )
    for trajectory in trajectories:
        tracks = _with_trajectory(tracks, trajectory, start_tai_ns, end_s)
    return tracks


def _object_keys(norad_id: Integers) -> Integers:
    """An object is a catalogue number; rows without one (0 or less) are objects of their own."""
    return np.where(norad_id > 0, norad_id, -1 - np.arange(len(norad_id)))


def _succession(norad_id: Integers, epoch_s: Floats, end_s: float) -> _Spans:
    """Span of each element set: the next one of the same object takes over at its epoch."""
    keys = _object_keys(norad_id)
    order = np.lexsort((np.arange(len(keys)), epoch_s, keys))
    same_as_next = np.append(keys[order][1:] == keys[order][:-1], False)
    next_epoch_s = np.append(epoch_s[order][1:], np.inf)
    until_s = np.empty(len(keys))
    until_s[order] = np.where(same_as_next, next_epoch_s, np.inf)
    first = np.empty(len(keys), bool)
    first[order] = ~np.append(False, same_as_next[:-1])
    from_s = np.where(first, -np.inf, epoch_s)
    # One that yields before the window, or begins after it, is left with an empty span; two
    # with the same epoch leave the later row of the file.
    empty = (until_s <= 0.0) | (from_s > end_s) | (until_s <= from_s)
    from_s, until_s = np.maximum(from_s, 0.0), np.minimum(until_s, end_s)
    until_s[empty] = -np.inf
    return _Spans(from_s, until_s, np.full(len(keys), np.inf))


def _refuse(
    elements: Elements,
    model: Sgp4,
    status: Text,
    reason: Text,
) -> npt.NDArray[np.bool_]:
    """Mark what SGP4 must not or cannot propagate; True where it can."""
    xp = elements.ephemeris_type == SGP4_XP
    status[xp] = "REFUSED"
    reason[xp] = "EPHEMERIS_TYPE 4 is SGP4-XP, whose elements SGP4 misreads by kilometres"
    broken = ~xp & ~np.isfinite(model.terms).all(axis=1)
    status[broken] = "NOT_PROPAGATABLE"
    reason[broken] = "the elements make no orbit for SGP4"
    usable: npt.NDArray[np.bool_] = ~xp & ~broken
    return usable


def _end_where_sgp4_fails(
    model: Sgp4,
    spans: _Spans,
    serving: npt.NDArray[np.bool_],
    status: Text,
    reason: Text,
) -> npt.NDArray[np.bool_]:
    """Shorten the span of what decays or breaks down, looking closely where it may.

    True where nothing is left of the span.
    """
    rows = np.flatnonzero(serving)
    broken = np.zeros(len(serving), bool)
    end_s = float(np.max(spans.until_s[rows], initial=0.0))
    suspects: list[int] = []
    coarse = np.arange(-_COARSE_S, end_s + 2 * _COARSE_S, _COARSE_S)
    for part in np.array_split(rows, max(1, len(rows) * len(coarse) // 400_000)):
        states = propagate(_some(model, part), coarse)
        low = np.einsum("otx,otx->ot", states.r_teme_m, states.r_teme_m).min(axis=1) < _LOW_M**2
        # Down and up again between two looks: the perigee has to be computed.
        swift = np.flatnonzero(model.terms[part, _ECCO] > _SWIFT)
        low[swift] |= _lowest_perigee_m(states.r_teme_m[swift], states.v_teme_m_s[swift]) < _LOW_M
        suspects += part[low | (states.error != 0).any(axis=1)].tolist()
    for row in suspects:
        broken[row] = not _shorten(model, row, spans, status, reason)
    return broken


def _shorten(model: Sgp4, row: int, spans: _Spans, status: Text, reason: Text) -> bool:
    """Keep of a span what SGP4 can do without failing from the epoch's side; whether any."""
    from_s, until_s = spans.from_s[row], spans.until_s[row]
    times_s = np.arange(from_s - _SAFE_END_S, until_s + _SAFE_END_S + _FINE_S, _FINE_S)
    only = _some(model, np.array([row]))
    parts = np.array_split(times_s, max(1, len(times_s) // 20_000))
    error = np.concatenate([propagate(only, part).error[0] for part in parts])
    failed = np.flatnonzero(error)
    if len(failed) == 0:
        return True
    nearest_s = float(np.clip(model.epoch_s[row], from_s, until_s))
    before = failed[times_s[failed] <= nearest_s]
    after = failed[times_s[failed] >= nearest_s]
    spans.fails_s[row] = times_s[after[0]] if len(after) else np.inf
    if len(before):
        spans.from_s[row] = max(from_s, times_s[before[-1]] + _SAFE_END_S)
    if len(after):
        spans.until_s[row] = min(until_s, times_s[after[0]] - _SAFE_END_S)
    if (spans.from_s[row], spans.until_s[row]) == (from_s, until_s):
        return True
    worst = after[0] if len(after) else before[-1]
    why = f"SGP4 error {error[worst]} ({_ERRORS[int(error[worst])]})"
    reason[row] = f"{why} {max(times_s[worst], 0.0):.0f} s into the window"
    left = bool(spans.from_s[row] < spans.until_s[row])
    status[row] = "PARTLY" if left else "NOT_PROPAGATABLE"
    return left


def _lowest_perigee_m(r_teme_m: Floats, v_teme_m_s: Floats) -> Floats:
    """Smallest osculating perigee distance of each object's states."""
    rr, vv, rv = (
        np.einsum("otx,otx->ot", one, other)
        for one, other in ((r_teme_m, r_teme_m), (v_teme_m_s, v_teme_m_s), (r_teme_m, v_teme_m_s))
    )
    with np.errstate(over="ignore", invalid="ignore"):  # far from its epoch an orbit may run away
        parameter_m = (rr * vv - rv**2) / EARTH_GM_M3_S2
        square = 1.0 + parameter_m * (vv / EARTH_GM_M3_S2 - 2.0 / np.sqrt(rr))
        perigee_m = parameter_m / (1.0 + np.sqrt(np.maximum(square, 0.0)))
    lowest_m: Floats = np.min(perigee_m, axis=1)
    return lowest_m


_ERRORS = {
    1: "mean eccentricity out of range", 2: "mean motion not positive",
    3: "perturbed eccentricity out of range", 4: "semilatus rectum negative",
    6: "decayed: below the Earth's surface",
}  # fmt: skip


def _size(model: Sgp4) -> tuple[Floats, Floats]:
    """Perigee radius and speed of each element set."""
    ao, ecco = model.terms[:, _AO], model.terms[:, _ECCO]
    with np.errstate(all="ignore"):
        radius_m = np.maximum(ao * (1.0 - ecco), 0.95) * EARTH_RADIUS_M
        speed_m_s = np.sqrt(EARTH_GM_M3_S2 / radius_m * (1.0 + ecco))
    return radius_m, speed_m_s


def _refuse_unphysical(
    model: Sgp4, usable: npt.NDArray[np.bool_], end_s: float, status: Text, reason: Text
) -> None:
    """Compare SGP4's velocity with the derivative of its positions, near the epoch.

    Far from its epoch the drag of SGP4 can carry an object anywhere at any speed without an
    error. A little apart is told; far apart, the positions mean nothing.
    """
    for at_s, side in ((0.0, model.epoch_s <= 0.0), (end_s, model.epoch_s >= end_s)):
        rows = np.flatnonzero(usable & side)
        states = propagate(_some(model, rows), np.array([at_s - 1.0, at_s, at_s + 1.0]))
        with np.errstate(all="ignore"):
            derivative = (states.r_teme_m[:, 2] - states.r_teme_m[:, 0]) / 2.0
            speed = np.linalg.norm(states.v_teme_m_s[:, 1], axis=1)
            apart = np.linalg.norm(derivative - states.v_teme_m_s[:, 1], axis=1) / speed
        fine = (states.error == 0).all(axis=1)  # what SGP4 itself reports is told elsewhere
        for row, share in zip(rows[fine], apart[fine], strict=True):
            if not share <= _ANOTHER_MOTION:
                away_days = abs(model.epoch_s[row] - at_s) / 86_400.0
                status[row], usable[row] = "NOT_PROPAGATABLE", False
                words = "SGP4's velocity is not that of its positions"
                reason[row] = f"{words}, {away_days:.0f} days from the epoch"
            elif share > _ANOTHER_SPEED:
                reason[row] = f"SGP4's velocity disagrees with its positions by {share:.0%}"


def _add(reason: Text, where: npt.NDArray[np.bool_], words: Sequence[str]) -> None:
    for row, text in zip(np.flatnonzero(where), words, strict=True):
        reason[row] = f"{reason[row]}; {text}" if reason[row] else text


def _some(model: Sgp4, rows: Integers) -> Sgp4:
    return Sgp4(model.terms[rows], model.epoch_s[rows], model.origin_tai_ns, model.mode)


def _with_trajectory(
    tracks: Tracks, trajectory: Trajectory, start_tai_ns: int, end_s: float
) -> Tracks:
    """The tracks with one more for every piece of an owner's ephemeris."""
    offset_s = float(seconds_since(trajectory.epoch_tai_ns, start_tai_ns))
    motion = tracks.motion
    shifted = trajectory.pieces + len(motion.node_s)
    segment = np.column_stack([shifted, trajectory.degree, trajectory.method]).astype(np.int64)
    from_s = np.maximum(trajectory.useable_s[:, 0] + offset_s, 0.0)
    until_s = np.minimum(trajectory.useable_s[:, 1] + offset_s, end_s)
    used = from_s < until_s
    words = np.array(
        [
            f"{how}; {note}"
            for how, note in zip(trajectory.interpolation, trajectory.notes, strict=True)
        ],
        TEXT,
    )
    key = trajectory.norad_id if trajectory.norad_id > 0 else -(10**12) - len(tracks.status)
    whole = (from_s <= 0.0) & (until_s >= end_s)
    status = np.where(whole, "SCREENED", np.where(used, "PARTLY", "NOT_PROPAGATABLE")).astype(TEXT)
    words[~used] = "no useable states inside the window"
    kept = np.flatnonzero(used)
    return Tracks(
        motion=motion._replace(
            node_s=np.concatenate([motion.node_s, trajectory.times_s + offset_s]),
            node_r_teme_m=np.concatenate([motion.node_r_teme_m, trajectory.r_teme_m]),
            node_v_teme_m_s=np.concatenate([motion.node_v_teme_m_s, trajectory.v_teme_m_s]),
            segment=np.concatenate([motion.segment, segment[kept]]),
        ),
        rows=np.append(tracks.rows, len(tracks.status) + kept),
        object_key=np.append(tracks.object_key, np.full(len(kept), key)),
        from_s=np.append(tracks.from_s, np.where(used, from_s, np.nan)),
        until_s=np.append(tracks.until_s, np.where(used, until_s, np.nan)),
        fails_s=np.append(tracks.fails_s, until_s[kept]),
        # An ephemeris is sampled at every step: these make it so.
        radius_m=np.append(tracks.radius_m, np.full(len(kept), 1.0)),
        speed_m_s=np.append(tracks.speed_m_s, np.full(len(kept), 1.0)),
        status=np.append(tracks.status, status),
        reason=np.append(tracks.reason, words),
    )
