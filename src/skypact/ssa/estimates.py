"""Every method's probability for one message, and the one to decide by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.encounters import UNUSABLE, Concern, at_closest_approach, reasons_of
from skypact.ssa.levels import Level, levels
from skypact.ssa.multistep import MultiStep, multistep
from skypact.ssa.planar_estimates import (
    comparison_estimates,
    correlated_estimate,
    one_covariance_estimate,
)
from skypact.ssa.probability import IN_PLANE, collision_probability, full_distance_probability

if TYPE_CHECKING:
    from collections.abc import Callable

    from skypact.records.conjunction_messages import ConjunctionMessage
    from skypact.records.encounters import Encounters
    from skypact.ssa.encounters import MessageEncounters
    from skypact.ssa.levels import Thresholds

STATED = "stated by the originator"


class Estimates(Struct, frozen=True, kw_only=True):
    """All methods' probabilities, the one to decide by (`best`), and why it is that one."""

    every: tuple[ProbabilityEstimate, ...]
    best: ProbabilityEstimate
    reason: str


def estimates_of(
    message: ConjunctionMessage,
    found: MessageEncounters,
    row: int,
    *,
    on_progress: Callable[[float], None] | None = None,
) -> Estimates:
    """The multi-step procedure, other planar methods beside it, and what the message states.

    The message is row `row` of `found`. Where its `Concern` bits leave a probability unknown
    nothing is computed but the bound for one missing covariance, and the reason says why. A
    stated probability decides only where none could be computed. `on_progress` is told which
    share of a Monte Carlo is done, should it come to that.
    """
    said = stated(message)
    encounter, concerns = found.encounters[row : row + 1], int(found.concerns[row])
    unusable = reasons_of(concerns & UNUSABLE)
    if unusable:
        why = "; ".join(unusable)
        unknown = ProbabilityEstimate(method=IN_PLANE, value=None, is_valid=None, reason=why)
        bound = one_covariance_estimate(encounter)
        every = (unknown, *((bound,) if bound else ()), *said)
        best = said[0] if said else unknown
        return Estimates(every=every, best=best, reason=_reason_for_stated(said, why))
    if concerns & Concern.CENTRE_NOT_EARTH:
        steps = _planar_unjudged(encounter)
    else:
        steps = multistep(encounter, on_progress=on_progress)
    shared = correlated_estimate(found, row)
    every = (
        *steps.estimates,
        _full_distance(encounter, steps.estimates[0].is_valid),
        *((shared,) if shared else ()),
        *comparison_estimates(encounter, steps.estimates[0]),
        *said,
    )
    if steps.chosen is None:
        best, reason = (*said, every[0])[0], _reason_for_stated(said, steps.reason)
        return Estimates(every=every, best=best, reason=reason)
    return Estimates(every=every, best=steps.chosen, reason=steps.reason)


def _planar_unjudged(encounter: Encounters) -> MultiStep:
    """About another body than the Earth only 2D-Pc has a meaning; its conditions want a period."""
    value = float(collision_probability(at_closest_approach(encounter)[0]).probability[0])
    why = "the states are not about the Earth, for which the other methods and the conditions are"
    known = math.isfinite(value)
    estimate = ProbabilityEstimate(
        method=IN_PLANE,
        value=value if known else None,
        is_valid=None,
        reason=None if known else "it could not be computed",
        notes=(why,),
    )
    return MultiStep(
        estimates=(estimate,), chosen=estimate if known else None, reason=f"{IN_PLANE}: {why}"
    )


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


def level_of(best: ProbabilityEstimate, time_to_tca_s: float, thresholds: Thresholds) -> Level:
    """Level that the estimate to decide by gives: UNKNOWN where it is not known or not valid.

    A number outside its validity that would be RED is RED.
    """
    value = math.nan if best.value is None else best.value
    found = Level(int(levels(np.array([value]), np.array([time_to_tca_s]), thresholds)[0]))
    return found if best.is_valid is not False or found == Level.RED else Level.UNKNOWN
