"""What is measured on: the real catalogue at full length, or the exercise for a moment."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from msgspec import Struct

from skypact.node.catalogues import read
from skypact.records.elements import Elements
from skypact.ssa.exercise import EXERCISE_EPOCH_UTC, exercise_population

_START_UTC = np.datetime64("2024-11-01", "ns")
SEED = 20241101


class Effort(Struct, frozen=True, kw_only=True):
    """How much of everything."""

    epochs: int
    peer_objects: int
    windows_days: tuple[float, ...]
    slices: int
    slice_s: float
    pairs_per_regime: int
    pair_days: float
    populations: tuple[int, ...]
    scaling_hours: float
    scaling_slice_s: float
    burn_times: int
    burn_days: float


FULL = Effort(
    epochs=288, peer_objects=1000, windows_days=(1.0, 7.0), slices=20, slice_s=1800.0,
    pairs_per_regime=200, pair_days=1.0, populations=(10_000, 100_000, 300_000),
    scaling_hours=2.0, scaling_slice_s=300.0,
    burn_times=12, burn_days=3.0,
)  # fmt: skip
QUICK = Effort(
    epochs=24, peer_objects=10, windows_days=(0.05,), slices=2, slice_s=300.0,
    pairs_per_regime=4, pair_days=0.1, populations=(2000,), scaling_hours=0.1,
    scaling_slice_s=60.0,
    burn_times=1, burn_days=0.3,
)  # fmt: skip


class Setting(Struct, frozen=True, kw_only=True):
    """A catalogue, where it lies, and the folder of reference data if there is one."""

    elements: Elements
    file: Path
    start_utc: np.datetime64
    effort: Effort
    shared: Path | None


class MissingDataError(Exception):
    """The reference data are not where they should be."""


def full_setting() -> Setting:
    """The whole public catalogue of 2024-11-01."""
    shared = _shared()
    if shared is None:
        raise MissingDataError(
            "the reference data are not beside this clone: set SKYPACT_SHARED, or try --quick"
        )
    file = shared / "data/catalog/celestrak_on_orbit_20241101.csv.gz"
    return Setting(
        elements=read(str(file)), file=file, start_utc=_START_UTC, effort=FULL, shared=shared
    )


def quick_setting(folder: Path) -> Setting:
    """The exercise population, written to `folder`; no reference data are used."""
    from skypact.formats.elements import write_omm_csv

    elements = exercise_population()
    # The other theory is refused by us, not by the peers.
    elements = elements[elements.ephemeris_type == 0]
    file = folder / "exercise.csv"
    with file.open("wb") as stream:
        write_omm_csv(elements, stream)
    return Setting(
        elements=elements, file=file, start_utc=EXERCISE_EPOCH_UTC, effort=QUICK, shared=None
    )


def _shared() -> Path | None:
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("SKYPACT_SHARED") or beside)
    return folder if (folder / "data").is_dir() else None
