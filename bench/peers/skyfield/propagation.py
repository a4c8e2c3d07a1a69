"""Skyfield: one satellite at a time, its results turned back into the TEME that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from skyfield.api import EarthSatellite, load

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def timescale_times(start_utc: np.datetime64, times_s: Floats) -> Any:
    start = start_utc.astype("M8[s]").item()
    return load.timescale(builtin=True).utc(
        start.year, start.month, start.day, start.hour, start.minute, start.second + times_s
    )


def satellites(satrecs: list[Any], times: Any) -> list[Any]:
    return [EarthSatellite.from_satrec(one, times.ts) for one in satrecs]


def positions_teme_m(found: list[Any], times: Any) -> Floats:
    """TEME positions (object, time, 3), before Skyfield's own turn to GCRS."""
    return np.stack([one._position_and_velocity_TEME_km(times)[0].T * 1000.0 for one in found])
