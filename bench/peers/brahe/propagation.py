"""brahe: a Rust core behind one Python object per satellite, in mode `i`.

It takes the constants of WGS 84, where catalogues are made with WGS 72 and all others here use
that: tens of metres, which are no error of its arithmetic (within 2 um of `sgp4` on WGS 84).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import brahe
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]


_ANY_NUMBER = 10_001  # brahe spells it in the five columns of a TLE


def _epoch(utc: np.datetime64) -> Any:
    whole = utc.astype("M8[s]")
    nanosecond = float((utc - whole).astype("m8[ns]").astype(np.int64))
    at = whole.item()
    return brahe.Epoch.from_datetime(
        at.year, at.month, at.day, at.hour, at.minute, float(at.second), nanosecond,
        brahe.TimeSystem.UTC,
    )  # fmt: skip


def epochs(start_utc: np.datetime64, times_s: Floats) -> list[Any]:
    start = _epoch(start_utc)
    return [start + float(t) for t in times_s]


def satellites(elements: Elements) -> list[Any]:
    # Wanted even where no frame is turned; zero changes nothing here.
    brahe.set_global_eop_provider_from_static_provider(brahe.StaticEOPProvider.from_zero())
    return [
        brahe.SGPPropagator.builder(
            _epoch(row["epoch_utc"]),
            float(row["mean_motion_rad_s"]) * 86_400.0 / (2.0 * np.pi),
            float(row["eccentricity"]),
            float(np.degrees(row["inclination_rad"])),
            float(np.degrees(row["raan_rad"])),
            float(np.degrees(row["argument_of_perigee_rad"])),
            float(np.degrees(row["mean_anomaly_rad"])),
            _ANY_NUMBER,
        )
        .bstar(float(row["bstar_per_earth_radius"]))
        .output_format(brahe.CelestialFrame.TEME, brahe.OrbitRepresentation.CARTESIAN, None)
        .build()
        for row in elements.rows()
    ]


def positions_teme_m(found: list[Any], at: list[Any]) -> Floats:
    """TEME positions (object, time, 3)."""
    return np.stack([np.asarray(one.states(at))[:, :3] for one in found])
