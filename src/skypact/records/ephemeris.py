"""One object's ephemeris as its owner published it, in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.marks import Marks

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class EphemerisSegment:
    """Rows first_row..stop_row-1, which one smooth motion joins: no interpolation leaves them.

    The useable span is the owner's word; it lies inside the rows. `interpolation` is
    `LAGRANGE`, `HERMITE`, `LINEAR` or None where the owner did not say; the degree is that
    of the polynomial. `frame` and `centre` are in the owner's spelling, upper case;
    `frame_epoch_tai_ns` is None where the frame defines its own.
    """

    first_row: int
    stop_row: int
    useable_start_tai_ns: int
    useable_stop_tai_ns: int
    frame: str
    centre: str
    frame_epoch_tai_ns: int | None = None
    interpolation: str | None = None
    interpolation_degree: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Covariances:
    """Covariance of (position, velocity) at m instants: m2, m2/s and m2/s2, shape (m, 6, 6).

    `frames` names the axes of each matrix; `segment` is the segment that it stands in.
    """

    times_tai_ns: Instants
    matrices: Floats
    frames: tuple[str, ...]
    segment: Instants

    def __len__(self) -> int:
        return len(self.times_tai_ns)


@dataclass(frozen=True, eq=False, kw_only=True)
class Ephemeris:
    """States of one object at n instants, in segments that are never joined.

    `times_tai_ns` (n,) are TAI nanoseconds since 1970, strictly increasing within a segment;
    `r_m`, `v_m_s` have shape (n, 3), and so has `a_m_s2` (NaN rows: not given) unless it is
    None. Arrays are read-only. `time_system` is what the owner counted in; where
    `is_placed_in_time` is false (a mission's own clock, or UT1) the times are that clock's
    reading and cannot be compared with anybody else's.

    Raises:
        InputError: the arrays differ in length, or a segment points outside them.
    """

    object_name: str
    object_id: str
    marks: Marks
    time_system: str
    is_placed_in_time: bool
    times_tai_ns: Instants
    r_m: Floats
    v_m_s: Floats
    a_m_s2: Floats | None
    segments: tuple[EphemerisSegment, ...]
    covariances: Covariances
    comments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rows = len(self.times_tai_ns)
        shapes = {self.r_m.shape, self.v_m_s.shape}
        shapes |= set() if self.a_m_s2 is None else {self.a_m_s2.shape}
        if shapes != {(rows, 3)}:
            raise InputError(f"{rows} times need vectors of shape ({rows}, 3), not {shapes}")
        for segment in self.segments:
            if not 0 <= segment.first_row < segment.stop_row <= rows:
                raise InputError(f"{segment} does not lie within {rows} rows")
        for array in (self.times_tai_ns, self.r_m, self.v_m_s, self.a_m_s2):
            if array is not None:
                array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.times_tai_ns)

    def __repr__(self) -> str:
        return (
            f"<Ephemeris of {self.object_name} ({self.object_id}): {len(self)} states, "
            f"{len(self.segments)} segments, {len(self.covariances)} covariances>"
        )


NO_COVARIANCES = Covariances(
    times_tai_ns=np.empty(0, np.int64),
    matrices=np.empty((0, 6, 6)),
    frames=(),
    segment=np.empty(0, np.int64),
)
