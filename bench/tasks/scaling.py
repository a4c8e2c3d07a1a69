"""How do cost and memory grow with the number of objects and with the threshold?"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from agreement import compare_events
from figures import Figure
from measuring import OURS, screen_file
from peers.scipy.brute_force import brute_force
from peers.sgp4.propagation import satellites
from setting import SEED

from skypact.formats.elements import write_omm_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from setting import Setting

    from skypact.records.elements import Elements

_FIRST_NORAD_ID = 800_000_001  # far above what has been catalogued
_MISSES_M = (1000.0, 5000.0, 20_000.0)
_BAR = "<= 4 GiB"


def figures(setting: Setting) -> Iterator[Figure]:
    hours = setting.effort.scaling_hours
    for miss_m in _MISSES_M:
        yield _figure(setting, setting.elements, setting.file, hours, miss_m)
    for count in setting.effort.populations:
        elements = population(setting.elements, count, setting.start_utc)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "population.csv"
            with file.open("wb") as stream:
                write_omm_csv(elements, stream)
            yield _figure(setting, elements, file, hours, _MISSES_M[0])


def population(of: Elements, count: int, epoch_utc: np.datetime64) -> Elements:
    """Objects with the size, shape and tilt of real orbits, and angles drawn at random."""
    rng = np.random.default_rng(SEED)
    drawn = of[rng.integers(0, len(of), count)]
    node, perigee, anomaly = rng.uniform(0.0, 2.0 * np.pi, (3, count))
    numbers = _FIRST_NORAD_ID + np.arange(count)
    return replace(
        drawn,
        norad_id=numbers,
        name=np.array([f"RESAMPLED {number}" for number in numbers.tolist()], drawn.name.dtype),
        epoch_utc=np.full(count, epoch_utc),
        raan_rad=node,
        argument_of_perigee_rad=perigee,
        mean_anomaly_rad=anomaly,
    )


def _figure(
    setting: Setting, elements: Elements, file: Path, hours: float, miss_m: float
) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        ours, cost = screen_file(
            file, setting.start_utc, days=hours / 24.0, miss_m=miss_m,
            output=Path(folder) / "found.parquet",
        )  # fmt: skip
    middle_s = 1800.0 * hours
    span_s = (middle_s, middle_s + setting.effort.scaling_slice_s)
    expected = brute_force(
        satellites(elements, "a"), elements.norad_id, setting.start_utc, *span_s, miss_m=miss_m
    )
    agreement = compare_events(ours, expected.events, miss_m=miss_m, span_s=span_s)
    return Figure(
        task="scaling",
        what=f"{len(elements):,} objects, {hours:g} h, {miss_m / 1000.0:g} km, file to table",
        who=OURS, cpu_s=cost.cpu_s, wall_s=cost.wall_s, peak_mib=cost.peak_mib,
        disk_mib=cost.disk_mib, bar=_BAR, holds=agreement.holds,
        error=f"{len(ours.low):,} rows; against brute force of "
        f"{setting.effort.scaling_slice_s:g} s: {agreement}",
    )  # fmt: skip
