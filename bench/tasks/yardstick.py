"""How fast is this machine? The reference's own batch over the whole catalogue."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from figures import YARDSTICK, Figure
from measuring import timed
from peers.sgp4.propagation import satellites, states_km
from sgp4.api import SatrecArray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from setting import Setting


def figures(setting: Setting) -> Iterator[Figure]:
    times_s = np.arange(setting.effort.epochs) * 300.0
    batch = SatrecArray(satellites(setting.elements, "a"))
    (error, _, _), cost = timed(lambda: states_km(batch, setting.start_utc, times_s))
    yield Figure(
        task=YARDSTICK,
        what=f"SatrecArray, {len(error):,} objects x {len(times_s)} epochs",
        who=f"sgp4 {version('sgp4')}",
        cpu_s=cost.cpu_s,
        wall_s=cost.wall_s,
        states=error.size,
        error="0: the reference",
        holds=None,
        bar="4.2 CPU-s where the bars were set",
    )
