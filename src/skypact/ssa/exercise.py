"""A population of objects that do not exist, to try a screening on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from msgspec import Struct

from skypact.astro.sgp4_constants import EARTH_GM_M3_S2, EARTH_RADIUS_M
from skypact.base.errors import InputError
from skypact.base.table import TEXT
from skypact.records.elements import Elements
from skypact.records.marks import DataMode, Marks

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Text = np.ndarray[Any, np.dtypes.StringDType]
    Times = npt.NDArray[np.datetime64]

EXERCISE_EPOCH_UTC = np.datetime64("2026-11-20T00:00:00", "ns")
FIRST_EXERCISE_NORAD_ID = 900_000_001  # nine digits, far above what has been catalogued
FEWEST_OBJECTS = 100

# WGS 72, as SGP4 takes it; a drawn orbit is nominal, so more digits would say nothing.
# cos i = -(a / 12352 km)^(7/2): J2 then turns a circular orbit's node once a year.
_SUN_SYNCHRONOUS_SCALE_M = 12_352_000.0
_SEMI_SYNCHRONOUS_M = 20_182_000.0  # heights above the equator
_GEOSYNCHRONOUS_M = 35_786_000.0
_SUN_SYNCHRONOUS = None
_DAY_NS = 86_400_000_000_000


class _Regime(Struct, frozen=True, kw_only=True):
    """Where part of the population flies; every range is drawn from uniformly.

    `perigee_m` is a height above the equator, `apogee_m` one above the perigee.
    """

    name: str
    perigee_m: tuple[float, float]
    apogee_m: tuple[float, float] = (0.0, 15e3)
    inclination_deg: tuple[float, float] | None
    bstar_per_earth_radius: tuple[float, float] = (1e-5, 2e-4)


_SHELL = _Regime(name="SHELL", perigee_m=(480e3, 600e3), inclination_deg=(53.0, 53.2))
_SHARES = (
    (0.24, _Regime(name="SUNSYNC", perigee_m=(450e3, 850e3), inclination_deg=_SUN_SYNCHRONOUS)),
    (0.26, _Regime(name="DEBRIS", perigee_m=(600e3, 1_000e3), apogee_m=(0.0, 300e3),
                   inclination_deg=(65.0, 99.0))),
    (0.06, _Regime(name="TRANSFER", perigee_m=(200e3, 600e3), apogee_m=(34.5e6, 35.5e6),
                   inclination_deg=(4.0, 28.0))),
    (0.02, _Regime(name="MOLNIYA", perigee_m=(500e3, 1_200e3), apogee_m=(38.4e6, 38.8e6),
                   inclination_deg=(62.5, 64.5))),
    (0.04, _Regime(name="NAVIGATION", perigee_m=(_SEMI_SYNCHRONOUS_M - 50e3, _SEMI_SYNCHRONOUS_M),
                   apogee_m=(0.0, 100e3), inclination_deg=(54.0, 56.0))),
    (0.08, _Regime(name="GEOSYNC", perigee_m=(_GEOSYNCHRONOUS_M - 40e3, _GEOSYNCHRONOUS_M),
                   apogee_m=(0.0, 60e3), inclination_deg=(0.0, 12.0))),
)  # fmt: skip
_SPECIAL = (
    (2, _Regime(name="STATION", perigee_m=(415e3, 420e3), inclination_deg=(51.6, 51.6))),
    (3, _Regime(name="FORMATION", perigee_m=(620e3, 640e3), inclination_deg=_SUN_SYNCHRONOUS)),
    (10, _Regime(name="STALE", perigee_m=(600e3, 800e3), inclination_deg=(70.0, 83.0))),
    (5, _Regime(name="DECAYING", perigee_m=(150e3, 170e3), inclination_deg=(30.0, 97.0),
                bstar_per_earth_radius=(5e-4, 2e-3))),
    (2, _Regime(name="OTHER THEORY", perigee_m=(600e3, 800e3), inclination_deg=(80.0, 99.0))),
)  # fmt: skip


def exercise_population(
    objects: int = 3000, seed: int = 20, *, epoch_utc: np.datetime64 = EXERCISE_EPOCH_UTC
) -> Elements:
    """Invented objects in the regimes that the real ones use, marked EXERCISE.

    One element set each, up to 36 hours older than `epoch_utc`. A docked pair, a formation
    of three, ten stale sets (25 to 60 days), five sets that decay or are about to, and two
    of a theory that is not SGP4 (`ephemeris_type` 4) are among them. The same arguments
    give the same objects; catalogue numbers start at 900,000,001.

    Raises:
        InputError: fewer than 100 objects, which cannot hold all of that.

    >>> exercise_population(objects=200).name[0]
    'EXERCISE SHELL 0001'
    """
    if objects < FEWEST_OBJECTS:
        raise InputError(f"an exercise takes {FEWEST_OBJECTS} objects or more, not {objects}")
    rng = np.random.default_rng(seed)
    parts = _parts(objects)
    kind = np.repeat([regime.name for _, regime in parts], [count for count, _ in parts])
    drawn = [_orbits(rng, regime, count) for count, regime in parts]
    columns = {name: np.concatenate([part[name] for part in drawn]) for name in drawn[0]}
    age_ns = rng.integers(0, 3 * _DAY_NS // 2, objects)
    age_ns[kind == "STALE"] = rng.integers(25 * _DAY_NS, 60 * _DAY_NS, 10)
    epoch = epoch_utc.astype("M8[ns]") - age_ns.astype("m8[ns]")
    _bring_together(kind, columns, epoch)
    nothing = np.zeros(objects)
    return Elements(
        marks=_marks(objects, seed),
        norad_id=FIRST_EXERCISE_NORAD_ID + np.arange(objects, dtype=np.int64),
        name=_names(kind, parts),
        object_id=np.full(objects, "", TEXT),
        epoch_utc=epoch,
        mean_motion_dot_rad_s2=nothing,
        mean_motion_ddot_rad_s3=nothing.copy(),
        ephemeris_type=np.where(kind == "OTHER THEORY", 4, 0),
        classification=np.full(objects, "U", TEXT),
        element_set_no=np.full(objects, 999),
        rev_at_epoch=np.zeros(objects, np.int64),
        **columns,
    )


def _marks(objects: int, seed: int) -> Marks:
    return Marks(
        originator="Skypact",
        source=f"exercise population: {objects} objects, seed {seed}",
        data_mode=DataMode.EXERCISE,
        marking="PUBLIC",
    )


def _parts(objects: int) -> list[tuple[int, _Regime]]:
    special = sum(count for count, _ in _SPECIAL)
    shared = [(int(share * (objects - special)), regime) for share, regime in _SHARES]
    rest = objects - special - sum(count for count, _ in shared)
    return [(rest, _SHELL), *shared, *_SPECIAL]


def _orbits(rng: np.random.Generator, regime: _Regime, count: int) -> dict[str, Floats]:
    perigee_m = EARTH_RADIUS_M + rng.uniform(*regime.perigee_m, count)
    apogee_m = perigee_m + rng.uniform(*regime.apogee_m, count)
    axis_m = (perigee_m + apogee_m) / 2.0
    if regime.inclination_deg is _SUN_SYNCHRONOUS:
        inclination_rad = np.arccos(-((axis_m / _SUN_SYNCHRONOUS_SCALE_M) ** 3.5))
    else:
        inclination_rad = np.radians(rng.uniform(*regime.inclination_deg, count))
    return {
        "mean_motion_rad_s": np.sqrt(EARTH_GM_M3_S2 / axis_m**3),
        "eccentricity": (apogee_m - perigee_m) / (apogee_m + perigee_m),
        "inclination_rad": inclination_rad,
        "raan_rad": rng.uniform(0.0, 2.0 * np.pi, count),
        "argument_of_perigee_rad": rng.uniform(0.0, 2.0 * np.pi, count),
        "mean_anomaly_rad": rng.uniform(0.0, 2.0 * np.pi, count),
        "bstar_per_earth_radius": rng.uniform(*regime.bstar_per_earth_radius, count),
    }


def _bring_together(kind: npt.NDArray[np.str_], columns: dict[str, Floats], epoch: Times) -> None:
    """Give the docked pair one orbit, and the formation three that stay within kilometres."""
    for name in ("STATION", "FORMATION"):
        rows = kind == name
        first = int(np.argmax(rows))
        epoch[rows] = epoch[first]
        for column in columns.values():
            column[rows] = column[first]
    member = np.arange(3)
    rows = kind == "FORMATION"
    # Along the orbit by a few hundred metres, and out of its plane by as much where the
    # planes part: the orbits turn about each other and never meet.
    columns["mean_anomaly_rad"][rows] = (columns["mean_anomaly_rad"][rows] + 6e-5 * member) % (
        2.0 * np.pi
    )
    columns["inclination_rad"][rows] += 4e-5 * member


def _names(kind: npt.NDArray[np.str_], parts: list[tuple[int, _Regime]]) -> Text:
    number = np.concatenate([np.arange(1, count + 1) for count, _ in parts])
    pairs = zip(kind.tolist(), number.tolist(), strict=True)
    return cast("Text", np.array([f"EXERCISE {name} {n:04d}" for name, n in pairs], TEXT))
