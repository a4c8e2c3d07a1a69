"""TAI instants from the readings of other clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.time import NANOSECONDS, tai_ns_from_utc

if TYPE_CHECKING:
    import numpy.typing as npt

    Instants = npt.NDArray[np.int64]

_TT_MINUS_TAI_NS = 32_184_000_000
_GPS_MINUS_TAI_NS = -19_000_000_000
_J2000_CLOCK_NS = 946_728_000_000_000_000  # 2000-01-01 12:00:00 on any clock
# TCG, TCB and TT read alike at 1977-01-01 00:00:32.184.
_ALIKE_CLOCK_NS = 220_924_832_184_000_000
_CENTURY_NS = 36525 * 86400 * NANOSECONDS

# The rates that define the coordinate times. Source: IAU 2000 resolution B1.9 (TCG), IAU 2006
# resolution B3 (TCB, and the offset of TDB).
_TCG_RATE = 6.969290134e-10
_TCB_RATE = 1.550519768e-8
_TDB_AT_ALIKE_NS = -65_500.0

SCALES = ("UTC", "TAI", "GPS", "TT", "TDT", "TDB", "TCG", "TCB")


def tai_ns_from_clock(clock_ns: Instants, scale: str) -> Instants:
    """TAI instants at which a clock of this scale reads `clock_ns` since 1970-01-01.

    One of `SCALES` (TDT is the older name of TT). TDB is good to 60 microseconds, 0.5 m along a low
    orbit. UT1 needs Earth-orientation data and a mission's own clock needs the mission:
    neither is among them.

    Raises:
        InputError: a UTC reading lies outside 1957..2200.
        KeyError: another scale.
    """
    clock_ns = np.asarray(clock_ns, np.int64)
    if scale == "UTC":
        return tai_ns_from_utc(clock_ns.astype("M8[ns]"))
    if scale == "TDB":
        return _tt_from_tdb(clock_ns) - _TT_MINUS_TAI_NS
    if scale == "TCG":
        return clock_ns - _gained_ns(clock_ns, _TCG_RATE) - _TT_MINUS_TAI_NS
    if scale == "TCB":
        tdb_ns = clock_ns - _gained_ns(clock_ns, _TCB_RATE) + round(_TDB_AT_ALIKE_NS)
        return _tt_from_tdb(tdb_ns) - _TT_MINUS_TAI_NS
    steady = {"TAI": 0, "GPS": _GPS_MINUS_TAI_NS, "TT": _TT_MINUS_TAI_NS, "TDT": _TT_MINUS_TAI_NS}
    tai_ns: Instants = clock_ns - np.int64(steady[scale])
    return tai_ns


def _gained_ns(clock_ns: Instants, rate: float) -> Instants:
    gained_ns: Instants = np.rint((clock_ns - _ALIKE_CLOCK_NS) * rate).astype(np.int64)
    return gained_ns


def _tt_from_tdb(tdb_ns: Instants) -> Instants:
    """The annual term only, 1.66 ms; the next is 22 microseconds.

    Source: USNO Circular 179 (Kaplan 2005), eq. 2.6, as Skyfield's `tdb_minus_tt` has it.
    """
    centuries = (tdb_ns - _J2000_CLOCK_NS) / _CENTURY_NS
    ahead_s = 0.001657 * np.sin(628.3076 * centuries + 6.2401)
    tt_ns: Instants = tdb_ns - np.rint(ahead_s * NANOSECONDS).astype(np.int64)
    return tt_ns
