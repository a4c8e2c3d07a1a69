"""Every method's probability for one message, and the one to decide by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.encounters import UNUSABLE, at_closest_approach, reasons_of
from skypact.ssa.levels import Level, levels
from skypact.ssa.probability import collision_probability, full_distance_probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.records.conjunction_messages import ConjunctionMessage
    from skypact.records.encounters import Encounters
    from skypact.ssa.levels import Thresholds
    from skypact.ssa.probability import PlanarProbabilities

STATED = "stated by the originator"


def stated(message: ConjunctionMessage) -> ProbabilityEstimate | None:
    """The probability that the message itself gives; nobody here can judge its validity."""
    if message.collision_probability is None:
        return None
    method = message.collision_probability_method or "by a method not said"
    return ProbabilityEstimate(
        method=f"{STATED}, {method}", value=message.collision_probability, is_valid=None
    )


def planar(encounters: Encounters, concerns: int) -> tuple[ProbabilityEstimate, ...]:
    """2D-Pc of one encounter in both conventions, as it was stated and at its true TCA.

    `concerns` are the `Concern` bits of the row: where they leave a probability unknown, the
    reason says so.
    """
    moved, moved_s, is_large = at_closest_approach(encounters)
    note = f"states moved {1e3 * abs(float(moved_s[0])):.3f} ms to the true closest approach"
    if is_large[0]:
        note += ", which is more than the rounding of a TCA"
    return (
        _estimate(collision_probability(moved), concerns, (note,)),
        _estimate(full_distance_probability(encounters), concerns, ("states as stated",)),
    )


def _estimate(
    found: PlanarProbabilities, concerns: int, notes: tuple[str, ...]
) -> ProbabilityEstimate:
    value = float(found.probability[0])
    unusable = concerns & UNUSABLE
    known = math.isfinite(value) and not unusable
    if found.repaired[0]:
        notes = (*notes, "the covariance was repaired in the encounter plane")
    return ProbabilityEstimate(
        method=found.method,
        value=value if known else None,
        is_valid=None,
        reason=None if known else "; ".join(reasons_of(unusable)) or "it could not be computed",
        notes=notes,
    )


def to_decide_by(estimates: Sequence[ProbabilityEstimate]) -> ProbabilityEstimate:
    """The estimate that the level follows from.

    The first, in the order given, that is valid; else the first computed one whose validity
    could not be judged; else the largest of those outside their validity, because such a
    number may raise an alarm but not still one; else the first, which is unknown.
    """
    known = [one for one in estimates if one.value is not None]
    for validity in (True, None):
        fitting = [one for one in known if one.is_valid is validity]
        if fitting:
            return fitting[0]
    return max(known, key=lambda one: one.value or 0.0) if known else estimates[0]


def level_of(best: ProbabilityEstimate, time_to_tca_s: float, thresholds: Thresholds) -> Level:
    """Level that the estimate to decide by gives: UNKNOWN where it is not known or not valid.

    A number outside its validity that would be RED is RED.
    """
    value = math.nan if best.value is None else best.value
    found = Level(int(levels(np.array([value]), np.array([time_to_tca_s]), thresholds)[0]))
    return found if best.is_valid is not False or found == Level.RED else Level.UNKNOWN
