"""How the Earth stands: UT1 and the pole, by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from skypact.astro.time import NANOSECONDS, tai_ns_from_utc, utc_from_tai_ns

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]

_MJD_1970 = 40587
_ARCSECOND_RAD = np.pi / 648_000.0

# What a zero may leave out: UTC is kept within 0.9 s of UT1; the pole has stayed within 0.6
# arcseconds of its origin since 1973.
LARGEST_UT1_MINUS_UTC_S = 0.9
LARGEST_POLE_RAD = 0.6 * _ARCSECOND_RAD


class EarthOrientationProvider(Protocol):
    """What brahe's providers answer; days are MJD in UTC, angles radians."""

    def mjd_min(self) -> float: ...
    def mjd_max(self) -> float: ...
    def get_ut1_utc(self, mjd: float) -> float: ...
    def get_pm(self, mjd: float) -> tuple[float, float]: ...


@dataclass(frozen=True, eq=False, kw_only=True)
class EarthOrientation:
    """Earth orientation at n instants; between them it is linear, beyond them it is zero.

    UT1 is kept against TAI, so that a leap second is no step. The difference that UT1 and
    the pole make within a day beyond the straight line (tides) is below 0.1 m at 7000 km.
    `source` says where the values come from. Without instants everything is zero.
    """

    source: str
    tai_ns: Instants
    ut1_minus_tai_s: Floats
    pole_x_rad: Floats
    pole_y_rad: Floats

    def covers(self, tai_ns: Instants) -> bool:
        """Whether every instant lies between the first and the last of the table."""
        if not len(self.tai_ns) or not len(tai_ns):
            return False
        return bool(tai_ns.min() >= self.tai_ns[0] and tai_ns.max() <= self.tai_ns[-1])

    def ut1_minus_utc_s(self, tai_ns: Instants) -> Floats:
        """UT1 - UTC at each instant; zero outside the table."""
        if not len(self.tai_ns):
            return np.zeros(len(tai_ns))
        inside = (tai_ns >= self.tai_ns[0]) & (tai_ns <= self.tai_ns[-1])
        ut1_minus_tai_s = np.interp(tai_ns, self.tai_ns, self.ut1_minus_tai_s)
        return np.where(inside, ut1_minus_tai_s + tai_minus_utc_s(tai_ns), 0.0)

    def pole_rad(self, tai_ns: Instants) -> tuple[Floats, Floats]:
        """Polar motion (x, y) at each instant; zero outside the table."""
        if not len(self.tai_ns):
            return np.zeros(len(tai_ns)), np.zeros(len(tai_ns))
        x_rad = np.interp(tai_ns, self.tai_ns, self.pole_x_rad, left=0.0, right=0.0)
        y_rad = np.interp(tai_ns, self.tai_ns, self.pole_y_rad, left=0.0, right=0.0)
        return x_rad, y_rad


def earth_orientation(provider: EarthOrientationProvider, *, source: str) -> EarthOrientation:
    """The daily values of a brahe provider, such as `brahe.FileEOPProvider.from_file(…)`."""
    first, last = int(np.ceil(provider.mjd_min())), int(np.floor(provider.mjd_max()))
    days = np.arange(first, last)  # brahe refuses the last day itself
    utc = (days - _MJD_1970).astype("M8[D]").astype("M8[ns]")
    tai_ns = tai_ns_from_utc(utc)
    ut1_minus_utc_s = np.array([provider.get_ut1_utc(float(day)) for day in days])
    pole_rad = np.array([provider.get_pm(float(day)) for day in days])
    return EarthOrientation(
        source=source,
        tai_ns=tai_ns,
        ut1_minus_tai_s=ut1_minus_utc_s - tai_minus_utc_s(tai_ns),
        pole_x_rad=pole_rad[:, 0].copy(),
        pole_y_rad=pole_rad[:, 1].copy(),
    )


def bundled_earth_orientation() -> EarthOrientation:
    """The IERS values that come inside brahe: measured up to its release, then predicted."""
    import brahe

    provider = brahe.FileEOPProvider.from_default_standard(interpolate=True, extrapolate="Error")
    last = np.datetime64(int(provider.mjd_last_lod()) - _MJD_1970, "D")
    source = f"IERS finals in brahe {brahe.__version__}, measured up to {last}, then predicted"
    return earth_orientation(provider, source=source)


def tai_minus_utc_s(tai_ns: Instants) -> Floats:
    """Leap seconds that UTC is behind TAI; within one, those before it."""
    utc, leap = utc_from_tai_ns(tai_ns)
    behind_ns = tai_ns - utc.astype(np.int64) - np.where(leap, NANOSECONDS, 0)
    return np.asarray(behind_ns / NANOSECONDS)


NO_EARTH_ORIENTATION = EarthOrientation(
    source="zero",
    tai_ns=np.empty(0, np.int64),
    ut1_minus_tai_s=np.empty(0),
    pole_x_rad=np.empty(0),
    pole_y_rad=np.empty(0),
)
