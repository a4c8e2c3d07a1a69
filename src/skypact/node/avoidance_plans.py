"""Burns for an event, at the times and speeds that are usual, against a catalogue."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.sgp4_constants import EARTH_GM_M3_S2
from skypact.astro.time import NANOSECONDS, utc_from_tai_ns
from skypact.base.errors import InputError
from skypact.node.clock import duration
from skypact.node.conjunctions import orientation_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from skypact.records.elements import Elements
    from skypact.ssa.assessment import EventAssessment
    from skypact.ssa.avoidance import Avoidance
    from skypact.ssa.burns import Constraints

    Times = npt.NDArray[np.datetime64]

USUAL_SPEEDS_M_S = (0.01, 0.03, 0.1)
_MOST_TIMES = 8
_LONGEST_S = 2.5 * 86_400.0  # before the approach: the paths are followed for three days


def plan(
    event: EventAssessment,
    elements: Elements,
    *,
    speeds_m_s: Sequence[float] = USUAL_SPEEDS_M_S,
    constraints: Constraints | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Avoidance:
    """Burns along all axes, both ways, of every speed at the usual times: what each leads to.

    All other objects come from `elements`.

    Raises:
        InputError: no time is left for a burn, or as `avoidance.plan_avoidance`.
    """
    from skypact.ssa.avoidance import plan_avoidance
    from skypact.ssa.burns import UNCONSTRAINED, burn_grid
    from skypact.ssa.threats import threat_of_message

    message = event.message
    threat = replace(
        threat_of_message(message, orientation=orientation_for([message])),
        hard_body_radius_m=float(event.encounter.hard_body_radius_m[0]),
    )
    return plan_avoidance(
        threat,
        burn_grid(usual_times(event), np.array(speeds_m_s, np.float64)),
        elements,
        constraints=constraints or UNCONSTRAINED,
        on_progress=on_progress,
    )


def usual_times(event: EventAssessment) -> Times:
    """Half orbits before the closest approach: the last of them, and ever sparser earlier ones.

    The first is as early as the lead time from now allows; where that leaves less than half
    an orbit, as now allows. At most eight, none more than two and a half days before.

    Raises:
        InputError: the approach has passed, or is less than half an orbit away.
    """
    half_s = 0.5 * _period_s(event)
    left_s = (event.message.tca_tai_ns - event.now_tai_ns) / NANOSECONDS
    if left_s <= 0.0:
        raise InputError(
            f"the closest approach passed {duration(-left_s)} ago: no burn can be planned"
        )
    prepared_s = left_s - event.readiness.manoeuvre_lead_s
    most = int(min(prepared_s if prepared_s >= half_s else left_s, _LONGEST_S) / half_s)
    if most < 1:
        raise InputError(
            f"a burn needs {half_s / 60.0:.0f} min to act, half an orbit, and the closest "
            f"approach is {left_s / 60.0:.0f} min away"
        )
    halves = np.unique(np.rint(np.geomspace(1.0, most, _MOST_TIMES)).astype(np.int64))
    before_ns = np.rint(halves * half_s * NANOSECONDS).astype(np.int64)
    return utc_from_tai_ns(event.message.tca_tai_ns - before_ns[::-1])[0]


def _period_s(event: EventAssessment) -> float:
    r_m = float(np.linalg.norm(event.encounter.r1_m))
    v_m_s = float(np.linalg.norm(event.encounter.v1_m_s))
    per_axis = 2.0 / r_m - v_m_s**2 / EARTH_GM_M3_S2
    if not per_axis > 0.0:
        raise InputError("the primary is on no closed orbit: no burn can be planned")
    return math.tau * math.sqrt((1.0 / per_axis) ** 3 / EARTH_GM_M3_S2)
