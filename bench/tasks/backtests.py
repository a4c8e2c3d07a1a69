"""Are the approaches that history knows found where SGP4 and the papers have them?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
from agreement import TOLERANCE_M, TOLERANCE_S
from figures import Figure
from measuring import OURS, timed

from skypact.formats.elements import read_elements
from skypact.ssa.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from setting import Setting

    from skypact.records.conjunctions import Conjunctions

_PUBLISHED_S = 0.3
_BEFORE = np.timedelta64(1800, "s")


class _Differences(NamedTuple):
    """Of one approach: found minus SGP4's stored TCA and miss, and minus the published time."""

    tca_s: float
    miss_m: float
    published_s: float


def figures(setting: Setting) -> Iterator[Figure]:
    if setting.shared is None:
        return
    cases = msgspec.json.decode((setting.shared / "data/screening/backtests.json").read_bytes())
    for name, case in cases.items():
        yield _figure(name, case)


def _figure(name: str, case: dict[str, Any]) -> Figure:
    text = "\n".join([*case["a"], *case["b"]]).encode()
    elements = read_elements(io.BytesIO(text), source=name).elements
    published = np.array(case["truth"], "M8[ns]")
    start_utc = published[0] - _BEFORE
    days = float((published[-1] + _BEFORE - start_utc) / np.timedelta64(1, "D"))
    found, cost = timed(lambda: screen(elements, start_utc=start_utc, days=days, miss_m=5000.0))
    differences = [
        _differences(found.conjunctions, np.datetime64(one["truth"], "ns"), one)
        for one in case["sgp4"]
    ]
    worst = _Differences(
        *(max(abs(x) for x in column) for column in zip(*differences, strict=True))
    )
    return Figure(
        task="backtests",
        what=f"{name}, {len(differences)} known approaches",
        who=OURS,
        cpu_s=cost.cpu_s,
        wall_s=cost.wall_s,
        error=f"TCA within {worst.tca_s * 1e3:.2g} ms and miss within {worst.miss_m * 1e3:.2g} mm "
        f"of SGP4's stored, {worst.published_s:.2g} s of the published times",
        holds=worst.tca_s <= TOLERANCE_S
        and worst.miss_m <= TOLERANCE_M
        and worst.published_s <= _PUBLISHED_S,
        bar="5 ms, 5 mm, published times 0.3 s",
    )


def _differences(
    found: Conjunctions, published_utc: np.datetime64, stored: dict[str, float]
) -> _Differences:
    if not len(found):
        return _Differences(np.inf, np.inf, np.inf)
    since_s = (found.tca_utc - published_utc).astype(np.int64) / 1e9
    nearest = int(np.argmin(np.abs(since_s)))
    return _Differences(
        float(since_s[nearest] - stored["sgp4_tca_offset_s"]),
        float(found.miss_distance_m[nearest] - stored["sgp4_dca_km"] * 1000.0),
        float(since_s[nearest]),
    )
