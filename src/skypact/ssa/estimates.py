"""Every method's probability for one message, and the one to decide by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.encounters import UNUSABLE, at_closest_approach, reasons_of
from skypact.ssa.levels import Level, levels
from skypact.ssa.multistep import multistep
from skypact.ssa.probability import IN_PLANE, full_distance_probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.records.conjunction_messages import ConjunctionMessage
    from skypact.records.encounters import Encounters
    from skypact.ssa.levels import Thresholds

STATED = "stated by the originator"


class Estimates(Struct, frozen=True, kw_only=True):
    """All methods' probabilities, the one to decide by (`best`), and why it is that one."""

    every: tuple[ProbabilityEstimate, ...]
    best: ProbabilityEstimate
    reason: str


def estimates_of(message: ConjunctionMessage, encounter: Encounters, concerns: int) -> Estimates:
    """The multi-step procedure, NASA CARA's 2D-Pc convention, and what the message states.

    `encounter` is the message's one row as it was stated, `concerns` its `Concern` bits: where
    they leave a probability unknown nothing is computed, and the reason says why. A stated
    probability decides only where none could be computed.
    """
    said = stated(message)
    unusable = reasons_of(concerns & UNUSABLE)
    if unusable:
        why = "; ".join(unusable)
        unknown = ProbabilityEstimate(method=IN_PLANE, value=None, is_valid=None, reason=why)
        every = (unknown, *said)
        return Estimates(every=every, best=every[-1], reason=_reason_for_stated(said, why))
    steps = multistep(encounter)
    best = to_decide_by(steps.estimates)
    every = (*steps.estimates, _full_distance(encounter, steps.estimates[0].is_valid), *said)
    if best.value is None and said:
        best = said[0]
        return Estimates(every=every, best=best, reason=_reason_for_stated(said, steps.reason))
    return Estimates(every=every, best=best, reason=steps.reason)


def stated(message: ConjunctionMessage) -> tuple[ProbabilityEstimate, ...]:
    """The probability that the message itself gives, if any; its validity is not judged."""
    if message.collision_probability is None:
        return ()
    method = message.collision_probability_method or "by a method not said"
    return (
        ProbabilityEstimate(
            method=f"{STATED}, {method}", value=message.collision_probability, is_valid=None
        ),
    )


def _reason_for_stated(said: tuple[ProbabilityEstimate, ...], why: str) -> str:
    if said:
        return f"the message's own number is used, because none can be computed: {why}"
    return f"no method can be used: {why}"


def _full_distance(encounter: Encounters, is_valid: bool | None) -> ProbabilityEstimate:  # noqa: FBT001
    """2D-Pc in NASA CARA's convention, which needs what the other 2D-Pc needs."""
    found = full_distance_probability(encounter)
    value = float(found.probability[0])
    moved_ms = 1e3 * abs(float(at_closest_approach(encounter)[1][0]))
    return ProbabilityEstimate(
        method=found.method,
        value=value if math.isfinite(value) else None,
        is_valid=is_valid if math.isfinite(value) else None,
        reason=None if math.isfinite(value) else "it could not be computed",
        notes=(f"for comparison: states as stated, {moved_ms:.3f} ms from the closest approach",),
    )


def to_decide_by(estimates: Sequence[ProbabilityEstimate]) -> ProbabilityEstimate:
    """The estimate that the level follows from.

    The first, in the order given, that is valid; else the last whose validity could not be
    judged; else the largest of those outside their validity, because such a number may raise
    an alarm but not still one; else the first, which is unknown.
    """
    known = [one for one in estimates if one.value is not None]
    valid = [one for one in known if one.is_valid]
    unjudged = [one for one in known if one.is_valid is None]
    if valid or unjudged:
        return valid[0] if valid else unjudged[-1]
    return max(known, key=lambda one: one.value or 0.0) if known else estimates[0]


def level_of(best: ProbabilityEstimate, time_to_tca_s: float, thresholds: Thresholds) -> Level:
    """Level that the estimate to decide by gives: UNKNOWN where it is not known or not valid.

    A number outside its validity that would be RED is RED.
    """
    value = math.nan if best.value is None else best.value
    found = Level(int(levels(np.array([value]), np.array([time_to_tca_s]), thresholds)[0]))
    return found if best.is_valid is not False or found == Level.RED else Level.UNKNOWN
