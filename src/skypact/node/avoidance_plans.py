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
_DAYS_S = 10.0 * 86_400.0
TOO_OLD_S = 30.0 * 86_400.0  # what SGP4 says of a low orbit by then is no place at all
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
        InputError: no time is left for a burn, `elements` are of another data mode or half of
            them more than 30 days from the approach, or as `avoidance.plan_avoidance`.
    """
    from skypact.ssa.avoidance import plan_avoidance
    from skypact.ssa.burns import UNCONSTRAINED, burn_grid
    from skypact.ssa.threats import threat_of_message

    message = event.message
    _refuse_unfit(event, elements)
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


def _refuse_unfit(event: EventAssessment, elements: Elements) -> None:
    """Before minutes of computing: element sets that say nothing of this event."""
    from skypact.ssa.avoidance_others import median_age_s

    ours, theirs = event.data_mode, elements.marks.data_mode
    if ours != theirs:
        raise InputError(
            f"the event is {ours} ({event.message.marks.source}), the catalogue {theirs} "
            f"({elements.marks.source}): take a catalogue that is {ours}, or say with "
            f"--data-mode {theirs} that the messages are"
        )
    age_s = median_age_s(elements, event.message.tca_tai_ns)
    if age_s > TOO_OLD_S:
        raise InputError(
            f"half of the element sets of {elements.marks.source} are {age_s / 86_400.0:,.0f} days "
            "or more from the closest approach: they do not tell whom a burn meets; take a "
            f"catalogue of its days (at most {TOO_OLD_S / 86_400.0:.0f} from it)"
        )


def usual_times(event: EventAssessment) -> Times:
    """Half orbits before the closest approach: the last of them, and ever sparser earlier ones.

    The last is decided on at the event's go / no-go time, the lead time before it. The first is
    as early as the lead time from now allows; where that leaves less than half
    an orbit, as now allows. At most eight, none more than two and a half days before.

    Raises:
        InputError: the approach has passed, or is less than half an orbit away.
    """
    half_s = 0.5 * _period_s(event)
    left_s = (event.message.tca_tai_ns - event.now_tai_ns) / NANOSECONDS
    if left_s <= 0.0:
        raise InputError(_passed(event, -left_s))
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


def _passed(event: EventAssessment, ago_s: float) -> str:
    ago = f"{ago_s / 86_400.0:,.0f} days" if ago_s > _DAYS_S else duration(ago_s)
    words = f"the closest approach passed {ago} ago: no burn can be planned"
    created_ns = event.message.created_tai_ns
    if created_ns >= event.message.tca_tai_ns:
        return words
    # The next whole minute, in which the message was there.
    then = utc_from_tai_ns(np.array([created_ns + 60 * NANOSECONDS]))[0][0]
    return f"{words}; --now {str(then)[:16]} judges as of then"


def _period_s(event: EventAssessment) -> float:
    r_m = float(np.linalg.norm(event.encounter.r1_m))
    v_m_s = float(np.linalg.norm(event.encounter.v1_m_s))
    per_axis = 2.0 / r_m - v_m_s**2 / EARTH_GM_M3_S2
    if not per_axis > 0.0:
        raise InputError("the primary is on no closed orbit: no burn can be planned")
    return math.tau * math.sqrt((1.0 / per_axis) ** 3 / EARTH_GM_M3_S2)
