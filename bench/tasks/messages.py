"""How long does a conjunction message take, and an ephemeris of ten thousand states?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from figures import Figure
from measuring import OURS, timed
from setting import SEED

from skypact.formats.ccsds.cdm import read_cdm
from skypact.formats.ccsds.cdm_rules import TRIANGLE
from skypact.formats.ccsds.oem import read_oem
from skypact.formats.ccsds.reading import parse_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from setting import Setting

_STATES = 10_000
_MESSAGES = 200
_BEST_OF = 10
_STATE = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")


def figures(setting: Setting) -> Iterator[Figure]:  # noqa: ARG001
    random = np.random.default_rng(SEED)
    state, variances = random.normal(0.0, 5e3, 6), random.uniform(1.0, 100.0, 6)
    cdm = _cdm(state, variances)
    (conjunction,) = read_cdm(io.BytesIO(cdm), source="bench").conjunctions
    found = np.array([*conjunction.primary.r_m, *conjunction.primary.v_m_s]) / 1e3
    what = f"a conjunction message of {len(cdm):,} bytes in keyword = value notation"
    readers: dict[str, Callable[[], object]] = {
        "lines, table and limits": lambda: parse_messages(io.BytesIO(cdm)),
        "to the record": lambda: read_cdm(io.BytesIO(cdm), source="bench"),
    }
    for part, reader in readers.items():
        cpu_s = _best(lambda reader=reader: [reader() for _ in range(_MESSAGES)]) / _MESSAGES  # type: ignore[misc]
        bar = "<= 0.15 ms" if part.startswith("lines") else ""
        yield _figure(f"{what}: {part}", cpu_s, found, state, bar)
    states = random.normal(0.0, 5e3, (_STATES, 6))
    oem = _oem(states)
    (ephemeris,) = read_oem(io.BytesIO(oem), source="bench").ephemerides
    found = np.hstack([ephemeris.r_m, ephemeris.v_m_s]) / 1e3
    cpu_s = _best(lambda: read_oem(io.BytesIO(oem), source="bench"))
    yield _figure(f"an ephemeris of {_STATES:,} states", cpu_s, found, states, "<= 5 ms")


def _best(call: Callable[[], object]) -> float:
    return min(timed(call)[1].cpu_s for _ in range(_BEST_OF))


def _figure(what: str, cpu_s: float, found: np.ndarray, written: np.ndarray, bar: str) -> Figure:
    """Texts have nine decimals of km or km/s: reading may not be off by more than half of one."""
    error_km = float(np.abs(found - written).max())
    return Figure(
        task="messages", what=what, who=OURS, cpu_s=cpu_s, bar=bar,
        error=f"{error_km * 1e6:.2g} mm or mm/s", holds=bool(error_km <= 6e-10),
    )  # fmt: skip


def _cdm(state: np.ndarray, variances: np.ndarray) -> bytes:
    lines = [
        "CCSDS_CDM_VERS = 1.0", "CREATION_DATE = 2026-11-19T12:00:00.000", "ORIGINATOR = BENCH",
        "MESSAGE_ID = 1", "TCA = 2026-11-20T06:00:00.000", "MISS_DISTANCE = 100.0 [m]",
        "COLLISION_PROBABILITY = 1.5e-05", "COMMENT HBR = 10 [m]",
    ]  # fmt: skip
    for number in (1, 2):
        lines += [
            f"OBJECT = OBJECT{number}", f"OBJECT_DESIGNATOR = 1000{number}",
            "CATALOG_NAME = SATCAT", f"OBJECT_NAME = EXAMPLE {number}",
            "INTERNATIONAL_DESIGNATOR = 2020-001A", "EPHEMERIS_NAME = NONE",
            "COVARIANCE_METHOD = CALCULATED", "MANEUVERABLE = N/A", "REF_FRAME = EME2000",
        ]  # fmt: skip
        for name, value in zip(_STATE, state, strict=True):
            lines.append(f"{name} = {value:.9f} [{'km/s' if 'DOT' in name else 'km'}]")
        for i, row in enumerate(TRIANGLE):
            for j, name in enumerate(row):
                unit = ("m**2", "m**2/s", "m**2/s**2")[(i >= 3) + (j >= 3)]
                lines.append(f"{name} = {variances[i] if i == j else 0.0:.6e} [{unit}]")
    return "\n".join(lines).encode()


def _oem(states: np.ndarray) -> bytes:
    start = np.datetime64("2026-11-20T00:00:00.000")
    times = start + np.arange(len(states)) * np.timedelta64(60, "s")
    lines = [
        "CCSDS_OEM_VERS = 2.0", "CREATION_DATE = 2026-11-19T22:00:00", "ORIGINATOR = BENCH",
        "META_START", "OBJECT_NAME = EXAMPLE", "OBJECT_ID = 2020-001A", "CENTER_NAME = EARTH",
        "REF_FRAME = EME2000", "TIME_SYSTEM = UTC", f"START_TIME = {times[0]}",
        f"STOP_TIME = {times[-1]}", "META_STOP",
        *(
            f"{time} " + " ".join(f"{value:.9f}" for value in row)
            for time, row in zip(times, states, strict=True)
        ),
    ]  # fmt: skip
    return "\n".join(lines).encode()
