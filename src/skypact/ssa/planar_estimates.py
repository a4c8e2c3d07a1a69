"""Planar probabilities that stand beside the one to decide by, each with what it is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from skypact.records.assessments import Check, ProbabilityEstimate
from skypact.ssa.dilution import one_covariance_maximum
from skypact.ssa.encounters import at_closest_approach
from skypact.ssa.planar_methods import planar_comparison
from skypact.ssa.probability import collision_probability

if TYPE_CHECKING:
    from skypact.records.encounters import Encounters
    from skypact.ssa.encounters import MessageEncounters

CORRELATED = "2D-Pc, drag errors of both objects correlated"
ONE_COVARIANCE = "Frisbee's maximum for one covariance (2015)"
_ALIKE_RATIO = 0.01
_SIDES = {1: "primary", 2: "secondary"}


def comparison_estimates(encounter: Encounters) -> tuple[ProbabilityEstimate, ...]:
    """The published planar methods on one encounter, each judged against the exact 2D-Pc.

    A method is valid here if it is within 1 % of the exact integral, which has the same
    assumptions; whether those hold is for 2D-Pc's own validity to say.
    """
    moved, _, _ = at_closest_approach(encounter)
    exact = float(collision_probability(moved).probability[0])
    return tuple(
        _compared(one.method, float(one.probability[0]), exact) for one in planar_comparison(moved)
    )


def correlated_estimate(found: MessageEncounters, row: int) -> ProbabilityEstimate | None:
    """2D-Pc with the errors that drag makes both objects share; None without such a statement."""
    if not found.drag_cross_covariances[row].any():
        return None
    moved, _, _ = at_closest_approach(found.correlated[row : row + 1])
    value = float(collision_probability(moved).probability[0])
    return ProbabilityEstimate(
        method=CORRELATED,
        value=value if math.isfinite(value) else None,
        is_valid=None,
        reason=None if math.isfinite(value) else "it could not be computed",
        notes=("sensitivities to the density forecast from the message (Casali et al. 2018)",),
    )


def one_covariance_estimate(encounter: Encounters) -> ProbabilityEstimate | None:
    """The bound for a pair of which one object has no covariance; None for any other."""
    moved, _, _ = at_closest_approach(encounter)
    found = one_covariance_maximum(moved)
    lacking, value = int(found.lacking[0]), float(found.probability[0])
    if lacking not in _SIDES or not math.isfinite(value):
        return None
    return ProbabilityEstimate(
        method=ONE_COVARIANCE,
        value=value,
        is_valid=None,
        notes=(f"the {_SIDES[lacking]}'s covariance is whatever makes the number largest",),
    )


def _compared(method: str, value: float, exact: float) -> ProbabilityEstimate:
    if not (math.isfinite(value) and math.isfinite(exact)):
        return ProbabilityEstimate(
            method=method, value=None, is_valid=None, reason="it could not be computed"
        )
    off_ratio = abs(value - exact) / exact if exact > 0.0 else abs(value)
    check = Check(
        name="agrees with the exact 2D-Pc",
        is_met=off_ratio <= _ALIKE_RATIO,
        found=f"{off_ratio:.1e} off",
        asked=f"at most {_ALIKE_RATIO:g}",
        source="Skypact",
    )
    return ProbabilityEstimate(
        method=method, value=min(max(value, 0.0), 1.0), is_valid=check.is_met, checks=(check,)
    )
