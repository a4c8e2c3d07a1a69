"""python-sgp4, the reference: every expectation in these benchmarks is built on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sgp4.api import WGS72, Satrec, SatrecArray

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]

_DAY_NS = 86_400_000_000_000
_EPOCH_1949 = np.datetime64("1949-12-31", "ns")
_JD_1949 = 2433281.5


def days_since_1949(utc: np.ndarray) -> tuple[Floats, Floats]:
    """Whole days and the fraction; no span measured here holds a leap second."""
    whole, rest_ns = np.divmod((utc - _EPOCH_1949).astype(np.int64), _DAY_NS)
    return whole.astype(float), rest_ns / _DAY_NS


def satellites(elements: Elements, mode: str) -> list[Any]:
    """One `Satrec` per element set, by `sgp4init`: the loaders of text know only mode `i`."""
    whole, fraction = days_since_1949(elements.epoch_utc)
    columns = zip(
        (whole + fraction).tolist(),
        elements.bstar_per_earth_radius.tolist(),
        elements.eccentricity.tolist(),
        elements.argument_of_perigee_rad.tolist(),
        elements.inclination_rad.tolist(),
        elements.mean_anomaly_rad.tolist(),
        (elements.mean_motion_rad_s * 60.0).tolist(),
        elements.raan_rad.tolist(),
        strict=True,
    )
    found = []
    for row, (epoch, bstar, e, perigee, i, anomaly, motion, node) in enumerate(columns):
        one = Satrec()
        one.sgp4init(WGS72, mode, 1, epoch, bstar, 0.0, 0.0, e, perigee, i, anomaly, motion, node)
        # A single float of days is 0.3 us coarse, which moves an object by 2 mm.
        one.jdsatepoch, one.jdsatepochF = _JD_1949 + whole[row], fraction[row]
        found.append(one)
    return found


def julian_dates(start_utc: np.datetime64, times_s: Floats) -> tuple[Floats, Floats]:
    whole, fraction = days_since_1949(np.array([start_utc]).astype("M8[ns]"))
    return np.full(len(times_s), _JD_1949 + whole[0]), fraction[0] + times_s / 86_400.0


def states_km(
    batch: SatrecArray, start_utc: np.datetime64, times_s: Floats
) -> tuple[npt.NDArray[np.uint8], Floats, Floats]:
    """Errors (object, time), TEME positions in km and velocities in km/s (object, time, 3)."""
    error, r_km, v_km_s = batch.sgp4(*julian_dates(start_utc, times_s))
    return error, r_km, v_km_s


def one_position_m(satellite: Any, start_utc: np.datetime64, times_s: Floats) -> Floats:
    """TEME positions (time, 3) of one object; NaN where it cannot be propagated."""
    error, r_km, _ = satellite.sgp4_array(*julian_dates(start_utc, times_s))
    position_m: Floats = np.where((error == 0)[:, None], r_km * 1000.0, np.nan)
    return position_m
