"""Where the numbers that a message states differ from those that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.ssa.event_words import distance_words, probability_words

if TYPE_CHECKING:
    from skypact.records.assessments import ProbabilityEstimate
    from skypact.records.conjunction_messages import ConjunctionMessage

_SAME_MISS_RATIO, _SAME_MISS_M = 0.02, 2.0  # rounding in messages, and states moved to TCA
_SAME_PROBABILITY_RATIO = 3.0


def other_miss(message: ConjunctionMessage, miss_distance_m: float) -> str:
    """Where the states of a message contradict the miss that it states; else nothing."""
    stated_m = message.miss_distance_m
    if abs(miss_distance_m - stated_m) <= max(_SAME_MISS_M, _SAME_MISS_RATIO * stated_m):
        return ""
    return (
        f"The message contradicts itself: it states a miss of {distance_words(stated_m)}, its "
        f"positions give {distance_words(miss_distance_m)}."
    )


def other_probability(
    message: ConjunctionMessage, best: ProbabilityEstimate, radius_source: str
) -> str:
    """Where the sender's probability is more than three times ours or less than a third of it.

    Names the likely reasons; nothing where one of the two is not known, or ours is theirs.
    """
    ours, theirs = best.value, message.collision_probability
    if ours is None or theirs is None:
        return ""
    low, high = sorted((ours, theirs))
    if high <= _SAME_PROBABILITY_RATIO * low:
        return ""
    reasons = []
    if "default for" in radius_source:
        reasons.append("we assume a radius that it does not state, and the sender may use another")
    if best.is_valid is not True:
        reasons.append("our number is not known to hold")
    why = "; ".join(reasons) or "the sender may use another radius, method or covariance"
    return f"The sender states {probability_words(theirs)}, which differs: {why}."
