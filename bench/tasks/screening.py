"""From a catalogue's file to the table of all close approaches: cost, and the same rows?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agreement import Events, compare_events, compare_slow_pairs, sum_of
from figures import Figure
from measuring import OURS, screen_file
from peers.mizuba.recorded import COSTS, read_events
from peers.scipy.brute_force import brute_force
from peers.sgp4.propagation import satellites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agreement import Agreement
    from setting import Setting

_MISS_M = 5000.0
_DAY_S = 86_400.0
_PEER_DAYS = 1.0
_BARS = {
    1.0: "<= 12 CPU-s, <= 1.0 GiB, no disk (aim 6 CPU-s)",
    7.0: "<= 80 CPU-s, <= 1.2 GiB (aim 40 CPU-s)",
}


def figures(setting: Setting) -> Iterator[Figure]:
    for days in setting.effort.windows_days:
        with tempfile.TemporaryDirectory() as folder:
            ours, cost = screen_file(
                setting.file, setting.start_utc, days=days, miss_m=_MISS_M,
                output=Path(folder) / "found.parquet",
            )  # fmt: skip
        agreement, against = _judge(setting, ours, days)
        what = f"{days:g} d, 5 km, all against all, file to table"
        yield Figure(
            task="screening", what=what, who=OURS, cpu_s=cost.cpu_s, wall_s=cost.wall_s,
            peak_mib=cost.peak_mib, disk_mib=cost.disk_mib, bar=_BARS.get(days, ""),
            error=f"{len(ours.low):,} rows; {against}: {agreement}", holds=agreement.holds,
        )  # fmt: skip
        if setting.shared and days in COSTS:
            yield _recorded(what, days)


def _judge(setting: Setting, ours: Events, days: float) -> tuple[Agreement, str]:
    """Against the peer's day where it is at hand, else against brute force of a first slice."""
    if setting.shared:
        name = "data/screening/peer_20241101_day1_5km.parquet"
        theirs = read_events(setting.shared / name, setting.start_utc)
        against = "against mizuba's" + (" first day" if days > _PEER_DAYS else "")
        first_day = compare_events(ours, theirs, miss_m=_MISS_M, span_s=(0.0, _PEER_DAYS * _DAY_S))
        if days > _PEER_DAYS:  # a slow pair may come closer later in the week
            return first_day, against
        apart = (ours.where(~ours.at_edge), theirs.where(~theirs.at_edge))
        return sum_of([first_day, compare_slow_pairs(*apart, miss_m=_MISS_M)]), against
    span_s = (0.0, setting.effort.slice_s)
    expected = brute_force(
        satellites(setting.elements, "a"), setting.elements.norad_id, setting.start_utc, *span_s,
        miss_m=_MISS_M,
    )  # fmt: skip
    agreement = compare_events(ours, expected.events, miss_m=_MISS_M, span_s=span_s)
    return agreement, f"against brute force of {span_s[1]:g} s"


def _recorded(what: str, days: float) -> Figure:
    cost = COSTS[days]
    return Figure(
        task="screening", what=what, who="mizuba 0.0.12 (recorded)", cpu_s=cost.cpu_s,
        peak_mib=cost.peak_gib and cost.peak_gib * 1024.0,
        disk_mib=cost.disk_gib and cost.disk_gib * 1024.0,
        error="its rows are the reference" if days == _PEER_DAYS else "its rows are not kept",
        holds=None,
    )  # fmt: skip
