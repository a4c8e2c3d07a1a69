"""What would a KD-tree of positions cost for the same hour, and does it find the same?"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from agreement import Events, compare_events
from figures import Figure
from measuring import OURS, timed
from peers.scipy.brute_force import brute_force
from peers.sgp4.propagation import satellites

from skypact.ssa.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from setting import Setting

_MISS_M = 5000.0


def figures(setting: Setting) -> Iterator[Figure]:
    seconds = 2.0 * setting.effort.slice_s
    satrecs = satellites(setting.elements, "a")
    expected, peer_cost = timed(
        lambda: brute_force(
            satrecs, setting.elements.norad_id, setting.start_utc, 0.0, seconds, miss_m=_MISS_M
        )
    )
    found, cost = timed(
        lambda: screen(
            setting.elements,
            start_utc=setting.start_utc,
            days=seconds / 86_400.0,
            miss_m=_MISS_M,
        )
    )
    ours = Events.of_conjunctions(found.conjunctions, setting.start_utc)
    agreement = compare_events(ours, expected.events, miss_m=_MISS_M, span_s=(0.0, seconds))
    what = f"{seconds:g} s, 5 km, all against all"
    yield Figure(
        task="kd_tree", what=what, who=f"scipy {version('scipy')} cKDTree, 10 s",
        cpu_s=peer_cost.cpu_s, wall_s=peer_cost.wall_s, holds=None,
        error=f"exact; {expected.slow_pairs} pairs below 1 m/s not judged",
    )  # fmt: skip
    yield Figure(
        task="kd_tree", what=what, who=OURS, cpu_s=cost.cpu_s, wall_s=cost.wall_s,
        error=str(agreement), holds=agreement.holds,
    )  # fmt: skip
