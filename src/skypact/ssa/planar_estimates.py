"""Planar probabilities that stand beside the one to decide by, each with what it is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from skypact.records.assessments import Check, ProbabilityEstimate
from skypact.ssa.dilution import one_covariance_maximum
from skypact.ssa.encounters import at_closest_approach
from skypact.ssa.planar_methods import planar_comparison
from skypact.ssa.validity import all_met, planar_checks, planar_validity

if TYPE_CHECKING:
    from skypact.records.encounters import Encounters
    from skypact.ssa.encounters import MessageEncounters

CORRELATED = "2D-Pc, drag errors of both objects correlated"
ONE_COVARIANCE = "2D-Pc, Frisbee's maximum for one covariance (2015)"
_ALIKE_RATIO = 0.01
_SIDES = {1: "primary", 2: "secondary"}


def comparison_estimates(
    encounter: Encounters, exact: ProbabilityEstimate
) -> tuple[ProbabilityEstimate, ...]:
    """The published planar methods on one encounter, beside `exact`, its 2D-Pc.

    They assume what 2D-Pc assumes: one that is more than 1 % off it is outside its validity,
    and the others are as valid as it is.
    """
    moved, _, _ = at_closest_approach(encounter)
    return tuple(
        _compared(one.method, float(one.probability[0]), exact) for one in planar_comparison(moved)
    )


def correlated_estimate(found: MessageEncounters, row: int) -> ProbabilityEstimate | None:
    """2D-Pc with the errors that drag makes both objects share; None without such a statement."""
    if not found.drag_cross_covariances[row].any():
        return None
    validity = planar_validity(found.correlated[row : row + 1])
    value = float(validity.probability[0])
    known = math.isfinite(value)
    checks = planar_checks(validity, 0) if known else ()
    return ProbabilityEstimate(
        method=CORRELATED,
        value=value if known else None,
        is_valid=all_met(checks) if known else None,
        checks=checks,
        reason=None if known else "it could not be computed",
        notes=(
            "for comparison: the message says how density errors move both objects "
            "(Casali et al. 2018)",
        ),
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
        notes=(f"a bound: the {_SIDES[lacking]}'s covariance is what makes the number largest",),
    )


def _compared(method: str, value: float, exact: ProbabilityEstimate) -> ProbabilityEstimate:
    if exact.value is None or not math.isfinite(value):
        return ProbabilityEstimate(
            method=method, value=None, is_valid=None, reason="it could not be computed"
        )
    off_ratio = abs(value - exact.value) / exact.value if exact.value > 0.0 else abs(value)
    check = Check(
        name="agrees with the exact 2D-Pc",
        is_met=off_ratio <= _ALIKE_RATIO,
        found=f"{100.0 * off_ratio:.2g} % off",
        asked=f"at most {100.0 * _ALIKE_RATIO:g} %",
        source="Skypact",
    )
    return ProbabilityEstimate(
        method=method,
        value=min(max(value, 0.0), 1.0),
        is_valid=exact.is_valid if check.is_met else False,
        checks=(check,),
        notes=() if exact.is_valid else ("it assumes what 2D-Pc assumes",),
    )
