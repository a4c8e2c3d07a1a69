"""Is anything missed? Random half-hours of a day, every pair of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from agreement import Events, compare_events, sum_of
from figures import Figure
from measuring import OURS, timed
from peers.scipy.brute_force import brute_force
from peers.sgp4.propagation import satellites
from setting import SEED

from skypact.ssa.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from setting import Setting

_MISS_M = 5000.0
_DAY_S = 86_400.0


def figures(setting: Setting) -> Iterator[Figure]:
    effort = setting.effort
    days = effort.windows_days[0]
    found, cost = timed(
        lambda: screen(setting.elements, start_utc=setting.start_utc, days=days, miss_m=_MISS_M)
    )
    ours = Events.of_conjunctions(found.conjunctions, setting.start_utc)
    satrecs = satellites(setting.elements, "a")
    # To the second, and not on the screening's own steps.
    latest_s = int(days * _DAY_S - effort.slice_s)
    starts_s = np.sort(np.random.default_rng(SEED).integers(0, latest_s, effort.slices))

    parts = []
    for from_s in starts_s.astype(float).tolist():
        span_s = (from_s, from_s + effort.slice_s)
        expected = brute_force(
            satrecs, setting.elements.norad_id, setting.start_utc, *span_s, miss_m=_MISS_M
        )
        parts.append(compare_events(ours, expected.events, miss_m=_MISS_M, span_s=span_s))
    agreement = sum_of(parts)
    yield Figure(
        task="brute_force",
        what=f"{effort.slices} random slices of {effort.slice_s:g} s within {days:g} d, all pairs",
        who=OURS, cpu_s=cost.cpu_s, wall_s=cost.wall_s, error=str(agreement),
        holds=agreement.holds, bar="zero missed",
    )  # fmt: skip
