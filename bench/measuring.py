"""Processor seconds, of this process and of whole ones."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec
import numpy as np
import polars as pl
from agreement import Events

from skypact import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
OURS = f"skypact {__version__}"
_COMMAND = "import sys; sys.argv[0] = 'skypact'; from skypact.cli import main; sys.exit(main())"
_HERE = Path(__file__).resolve().parent
_BLOCK_BYTES = 512  # what getrusage counts writes in


class Cost(NamedTuple):
    cpu_s: float
    wall_s: float


class ProcessCost(NamedTuple):
    """`disk_mib` is what was written to disk; of a screening, beside the result itself."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    disk_mib: float


def timed(call: Callable[[], T]) -> tuple[T, Cost]:
    """What a call returns, and what it took; all threads count."""
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    result = call()
    return result, Cost(time.process_time() - cpu_s, time.perf_counter() - wall_s)


def run_skypact(*arguments: str) -> ProcessCost:
    """A whole `skypact` process, from start to exit.

    Raises:
        RuntimeError: it failed.
    """
    command = [sys.executable, "-c", _COMMAND, *arguments]
    told = subprocess.run(
        [sys.executable, str(_HERE / "launch.py"), *command],
        env={**os.environ, "PYTHONPATH": str(_HERE.parent / "src")},
        stdout=subprocess.PIPE,
        check=True,
    )
    took = msgspec.json.decode(told.stdout)
    if took["status"]:
        raise RuntimeError(f"skypact {' '.join(arguments)} ended with {took['status']}")
    return ProcessCost(
        cpu_s=took["cpu_s"],
        wall_s=took["wall_s"],
        peak_mib=took["peak_kib"] / 1024.0,
        disk_mib=took["written_blocks"] * _BLOCK_BYTES / 2**20,
    )


def screen_file(
    file: Path, start_utc: np.datetime64, *, days: float, miss_m: float, output: Path
) -> tuple[Events, ProcessCost]:
    """The command line's answer, read back from the file that it wrote."""
    cost = run_skypact(
        "screen", str(file), "--days", repr(days), "--start", str(start_utc.astype("M8[s]")),
        "--miss", f"{miss_m / 1000.0!r}km", "--format", "parquet", "-o", str(output), "--quiet",
    )  # fmt: skip
    beside_mib = max(0.0, cost.disk_mib - output.stat().st_size / 2**20)
    return _read_events(output, start_utc), cost._replace(disk_mib=beside_mib)


def _read_events(path: Path, start_utc: np.datetime64) -> Events:
    rows = pl.read_parquet(path)
    first, second = rows["primary_norad_id"].to_numpy(), rows["secondary_norad_id"].to_numpy()
    tca_utc = rows["tca_utc"].dt.replace_time_zone(None).to_numpy().astype("M8[ns]")
    return Events(
        np.minimum(first, second),
        np.maximum(first, second),
        (tca_utc - start_utc).astype(np.int64) / 1e9,
        rows["miss_distance_m"].to_numpy(),
        rows["relative_speed_m_s"].to_numpy(),
        (rows["at_edge"] | ~rows["is_minimum"]).to_numpy(),
    )
