"""What a screening finds, and what it can say about every object that went in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from skypact.records.marks import MarkedTable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Booleans = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Text = npt.NDArray[Any]  # StringDType, which the type checkers do not know yet
    Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Conjunctions(MarkedTable):
    """Close approaches, by time of closest approach (TCA).

    One row per local minimum of the range inside the volume, and one per stay in the volume
    without a minimum (`is_minimum` false: the row stands at the smallest range of the stay).
    `at_edge` marks a row whose smallest range lies at the edge of the window or of an
    object's coverage, where the true minimum may lie outside.

    Times are UTC `datetime64[ns]`; inside a leap second they repeat the second before and
    `tca_in_leap_second` is true. `entry_utc` and `exit_utc` bound the stay in the volume
    that the row belongs to (clipped to what was screened). Components are secondary minus
    primary in the primary's radial, transverse, normal frame. `volume_of` says whose volume
    is entered: `primary`, `secondary` or `both`. `threshold_m` is the tightest threshold
    that holds the row (for a volume that is no sphere: NaN). `primary_age_s` is TCA minus
    the epoch of the element set used; `primary_elements` is that set's row in the input
    (-1: an ephemeris). `group` numbers formations and docked objects, -1 for none.
    """

    primary_norad_id: Integers
    secondary_norad_id: Integers
    primary_name: Text
    secondary_name: Text
    tca_utc: Times
    tca_in_leap_second: Booleans
    miss_distance_m: Floats
    relative_speed_m_s: Floats
    miss_radial_m: Floats
    miss_transverse_m: Floats
    miss_normal_m: Floats
    relative_velocity_radial_m_s: Floats
    relative_velocity_transverse_m_s: Floats
    relative_velocity_normal_m_s: Floats
    entry_utc: Times
    exit_utc: Times
    is_minimum: Booleans
    at_edge: Booleans
    volume_of: Text
    threshold_m: Floats
    primary_age_s: Floats
    secondary_age_s: Floats
    primary_elements: Integers
    secondary_elements: Integers
    group: Integers


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Coverage(MarkedTable):
    """What became of every element set or ephemeris that went in, one row each, in order.

    `status` is one of `SCREENED`, `PARTLY` (only from_utc..until_utc), `SUPERSEDED` (another
    set of the same object serves the whole window), `REFUSED` and `NOT_PROPAGATABLE`
    (both: not screened at all; `reason` says why). `reason` also warns on screened rows, for
    instance of stale elements. Outside from_utc..until_utc (NaT: never) the object was not
    screened. `age_s` is the window's start minus the epoch.
    """

    norad_id: Integers
    name: Text
    status: Text
    reason: Text
    from_utc: Times
    until_utc: Times
    age_s: Floats


class Certificate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why no close approach was missed: the bounds that the margins were chosen from.

    `counts` tells how much work each phase left to the next.
    """

    method: str
    sgp4_mode: str
    start_utc: str
    end_utc: str
    duration_s: float
    thresholds_m: tuple[float, ...]
    step_s: float
    largest_interpolation_error_bound_m: float
    largest_acceleration_bound_m_s2: float
    largest_relative_speed_bound_m_s: float
    rounding_bound_m: float
    assumptions: tuple[str, ...]
    counts: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Screening:
    """The outcome of a screening: rows found, what was covered, and the argument of no leak."""

    conjunctions: Conjunctions
    coverage: Coverage
    certificate: Certificate
