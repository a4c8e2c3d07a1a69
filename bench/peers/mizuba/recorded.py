"""mizuba 0.0.12, which the registry does not give: its rows and costs as recorded once.

The costs were measured on a 2-core AMD EPYC over the same catalogue and window; the rows lie
with the reference data (`screening/`), never in this repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from agreement import Events

if TYPE_CHECKING:
    from pathlib import Path


class Recorded(NamedTuple):
    cpu_s: float
    peak_gib: float | None
    disk_gib: float | None


COSTS = {1.0: Recorded(114.0, 5.6, 6.7), 7.0: Recorded(727.0, None, None)}


def read_events(path: Path, start_utc: np.datetime64) -> Events:
    rows = pl.read_parquet(path)
    tca_utc = rows["tca_utc"].to_numpy().astype("M8[ns]")
    return Events(
        rows["norad_lo"].to_numpy().astype(np.int64),
        rows["norad_hi"].to_numpy().astype(np.int64),
        (tca_utc - start_utc).astype(np.int64) / 1e9,
        rows["dca_km"].to_numpy() * 1000.0,
        rows["rel_speed_km_s"].to_numpy() * 1000.0,
        rows["is_window_edge"].to_numpy(),
    )
