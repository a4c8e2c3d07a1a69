"""An operator's ephemeris in the form that a screening takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.frames import FrameNote, teme_from
from skypact.astro.interpolation import HERMITE, LAGRANGE, leave_one_out_error_m
from skypact.astro.orientation import NO_EARTH_ORIENTATION
from skypact.astro.time import seconds_since
from skypact.base.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.astro.orientation import EarthOrientation
    from skypact.records.ephemeris import Ephemeris, EphemerisSegment
    from skypact.records.marks import Marks

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

NOT_STATED = -1
_METHODS = {"LAGRANGE": LAGRANGE, "HERMITE": HERMITE}
_NAMES = {LAGRANGE: "LAGRANGE", HERMITE: "HERMITE"}
_DEGREES = {LAGRANGE: (5, 7, 9, 11), HERMITE: (3, 5, 7, 9, 11)}


@dataclass(frozen=True, eq=False, kw_only=True)
class Trajectory:
    """States in TEME over n times in SI seconds from `epoch_tai_ns`, in k pieces.

    Piece i holds rows pieces[i, 0]..pieces[i, 1]-1 and may be used from useable_s[i, 0] to
    useable_s[i, 1], both ends included; between them `ephemeris_state` with degree[i] and
    method[i] gives the state. No piece reaches into the next.

    `leave_one_out_max_m` and `leave_one_out_p99_m` (k,) are how far each piece's own rows
    lie from what their neighbours predict: an overestimate of the interpolation error, NaN
    for fewer than three rows. `interpolation` says that in words, and how degree and method
    were come by. `norad_id` is -1 where neither the owner nor the caller gave one.
    """

    norad_id: int
    name: str
    object_id: str
    marks: Marks
    epoch_tai_ns: int
    times_s: Floats
    r_teme_m: Floats
    v_teme_m_s: Floats
    pieces: Integers
    useable_s: Floats
    degree: Integers
    method: Integers
    leave_one_out_max_m: Floats
    leave_one_out_p99_m: Floats
    interpolation: tuple[str, ...]
    notes: tuple[FrameNote, ...]

    def __len__(self) -> int:
        return len(self.times_s)


def teme_trajectory(
    ephemeris: Ephemeris,
    *,
    norad_id: int | None = None,
    orientation: EarthOrientation = NO_EARTH_ORIENTATION,
) -> Trajectory:
    """The ephemeris in TEME, its interpolation settled; `notes` has one entry per piece.

    The owner's method and degree are used as stated, the degree lowered to what the rows of
    a piece can carry. What is not stated is chosen per piece among Lagrange 5 to 11 and
    Hermite 3 to 11: the one with the smallest 99th percentile of the leave-one-out error.
    Of equals the first counts, so that two rows are joined by a Hermite cubic.

    Raises:
        InputError: another centre than the Earth, a frame that is not known here, or times
            that only the mission's own clock can place.
    """
    if not ephemeris.is_placed_in_time:
        raise InputError(
            f"{ephemeris.object_name}: times in {ephemeris.time_system} cannot be placed in UTC"
        )
    if not ephemeris.segments:
        raise InputError(f"{ephemeris.object_name}: no segment has useable states")
    epoch_tai_ns = int(ephemeris.times_tai_ns[0])
    times_s = np.asarray(seconds_since(ephemeris.times_tai_ns, epoch_tai_ns))
    r_teme_m, v_teme_m_s = ephemeris.r_m.copy(), ephemeris.v_m_s.copy()
    notes = []
    for segment in ephemeris.segments:
        rows = slice(segment.first_row, segment.stop_row)
        r_teme_m[rows], v_teme_m_s[rows], note = _in_teme(ephemeris, segment, orientation)
        notes.append(note)
    settled = [_settled(segment, times_s, r_teme_m, v_teme_m_s) for segment in ephemeris.segments]
    useable = [(s.useable_start_tai_ns, s.useable_stop_tai_ns) for s in ephemeris.segments]
    return Trajectory(
        norad_id=_norad_id(ephemeris) if norad_id is None else norad_id,
        name=ephemeris.object_name,
        object_id=ephemeris.object_id,
        marks=ephemeris.marks,
        epoch_tai_ns=epoch_tai_ns,
        times_s=times_s,
        r_teme_m=r_teme_m,
        v_teme_m_s=v_teme_m_s,
        pieces=np.array([(s.first_row, s.stop_row) for s in ephemeris.segments], np.int64),
        useable_s=np.asarray(seconds_since(np.array(useable), epoch_tai_ns)),
        degree=np.array([choice.degree for choice in settled], np.int64),
        method=np.array([choice.method for choice in settled], np.int64),
        leave_one_out_max_m=np.array([choice.max_m for choice in settled]),
        leave_one_out_p99_m=np.array([choice.p99_m for choice in settled]),
        interpolation=tuple(choice.words for choice in settled),
        notes=tuple(notes),
    )


def _norad_id(ephemeris: Ephemeris) -> int:
    """Some operators write the catalogue number where the international designator belongs."""
    number = ephemeris.object_id
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else NOT_STATED


def _in_teme(
    ephemeris: Ephemeris, segment: EphemerisSegment, orientation: EarthOrientation
) -> tuple[Floats, Floats, FrameNote]:
    if segment.centre != "EARTH":
        raise InputError(
            f"{ephemeris.object_name}: states about {segment.centre}, where only EARTH can be used"
        )
    rows = slice(segment.first_row, segment.stop_row)
    return teme_from(
        segment.frame,
        ephemeris.times_tai_ns[rows],
        ephemeris.r_m[rows],
        ephemeris.v_m_s[rows],
        orientation=orientation,
        frame_epoch_tai_ns=segment.frame_epoch_tai_ns,
    )


@dataclass(frozen=True)
class _Choice:
    degree: int
    method: int
    max_m: float
    p99_m: float
    words: str


def _settled(
    segment: EphemerisSegment, times_s: Floats, r_teme_m: Floats, v_teme_m_s: Floats
) -> _Choice:
    def tried(method: int, degree: int, origin: str) -> _Choice:
        rows = segment.stop_row - segment.first_row
        highest = 2 * rows - 1 if method == HERMITE else rows - 1
        used = max(min(degree, highest), 0)
        errors_m = leave_one_out_error_m(
            times_s, r_teme_m, v_teme_m_s, segment.first_row, segment.stop_row, used, method
        )
        known = errors_m[~np.isnan(errors_m)]
        worst_m, p99_m = (known.max(), np.percentile(known, 99)) if len(known) else (np.nan,) * 2
        words = f"{_NAMES[method]} of degree {used}, {origin}"
        if used < degree:
            words += f", lowered from {degree}: {rows} rows carry no more"
        if len(known):
            words += f"; leaving one row out errs by {p99_m:.2g} m (p99), {worst_m:.2g} m at most"
        return _Choice(used, method, float(worst_m), float(p99_m), words)

    stated = segment.interpolation
    if stated == "LINEAR":
        return tried(LAGRANGE, 1, "stated as LINEAR")
    if stated is not None and segment.interpolation_degree is not None:
        return tried(_METHODS[stated], segment.interpolation_degree, "stated")
    methods = (HERMITE, LAGRANGE) if stated is None else (_METHODS[stated],)
    origin = "chosen by leave-one-out error" + (" (only the method is stated)" if stated else "")
    choices = [tried(m, degree, origin) for m in methods for degree in _DEGREES[m]]
    return min(choices, key=lambda choice: np.nan_to_num(choice.p99_m, nan=np.inf))
