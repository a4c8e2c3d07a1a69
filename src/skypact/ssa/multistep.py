"""The probability of collision by the simplest method that holds, with every step shown."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import InputError
from skypact.records.assessments import Check, ProbabilityEstimate
from skypact.ssa.effective_encounter import expected_collisions_2d
from skypact.ssa.encounter_interval import period_s
from skypact.ssa.expected_collisions import expected_collisions_3d
from skypact.ssa.monte_carlo import monte_carlo
from skypact.ssa.probability import IN_PLANE
from skypact.ssa.validity import (
    all_met,
    expected_checks,
    monte_carlo_checks,
    planar_checks,
    planar_validity,
    short_checks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from skypact.records.encounters import Encounters

SHORT = "2D-Nc"
EXPECTED = "3D-Nc"
TRIED = "Monte Carlo, two-body motion"

DEFAULT_TRIALS = 10_000_000
ENOUGH_HITS = 1_000
"""Monte Carlo stops there: a relative sigma of 3 %."""

_UNKNOWN = "a state, a covariance of position and velocity, or the radius is unknown"


@dataclass(frozen=True, kw_only=True)
class MultiStep:
    """All estimates of one encounter in the order they were made, and which one to use.

    `chosen` follows `to_decide_by`. `reason` says which and why, in a sentence.
    """

    estimates: tuple[ProbabilityEstimate, ...]
    chosen: ProbabilityEstimate | None
    reason: str


def multistep(
    encounter: Encounters,
    *,
    trials: int = DEFAULT_TRIALS,
    seed: int = 1,
    half_span_s: float | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> MultiStep:
    """2D-Pc, if that does not hold 2D-Nc, then 3D-Nc, then Monte Carlo of `trials` draws.

    Take the encounter (one row) as its message states it, not moved by
    `at_closest_approach`. `seed` is `monte_carlo`'s, whose share done `on_progress` is told;
    3D-Nc and Monte Carlo count collisions up to `half_span_s` from TCA, by default half of
    the shorter period.

    Raises:
        InputError: not one encounter.

    Source: the order is that of Hall, Baars & Casali (2023), "A Multistep Probability of
    Collision Computational Algorithm", AAS 23-398; the limits are those of `validity`.
    """
    if len(encounter) != 1:
        raise InputError(f"1 encounter is wanted, not {len(encounter)}")
    steps: tuple[Callable[[], ProbabilityEstimate], ...] = (
        lambda: _planar(encounter),
        lambda: _short(encounter),
        lambda: _expected(encounter, half_span_s),
        lambda: _tried(encounter, trials, seed, half_span_s, on_progress),
    )
    made: list[ProbabilityEstimate] = []
    for step in steps:
        made.append(step())
        if made[-1].is_valid:
            break
    return _choice(tuple(made))


def to_decide_by(estimates: Sequence[ProbabilityEstimate]) -> ProbabilityEstimate | None:
    """The estimate that the level follows from.

    The first, in the order given, that is valid; else the last whose validity could not be
    judged; else the largest of those outside their validity, because such a number may raise
    an alarm but not still one; else none.
    """
    known = [one for one in estimates if one.value is not None]
    valid = [one for one in known if one.is_valid]
    unjudged = [one for one in known if one.is_valid is None]
    if valid or unjudged:
        return valid[0] if valid else unjudged[-1]
    return max(known, key=lambda one: one.value or 0.0, default=None)


def _choice(made: tuple[ProbabilityEstimate, ...]) -> MultiStep:
    passed = "; ".join(f"{_short_name(one)} {_why_not(one)}" for one in made if not one.is_valid)
    chosen = to_decide_by(made)
    if chosen is None:
        reason = f"no method has a value: {passed}"
    elif chosen.is_valid:
        reason = f"{_short_name(chosen)} is used" + (
            f", because {passed}" if passed else ": the simplest method holds"
        )
    elif chosen.is_valid is None:
        reason = f"{_short_name(chosen)} is used, but no method is known to hold: {passed}"
    else:
        reason = f"no method holds, and {_short_name(chosen)} gives the most: {passed}"
    return MultiStep(estimates=made, chosen=chosen, reason=reason)


def _short_name(estimate: ProbabilityEstimate) -> str:
    return estimate.method.partition(",")[0]


def _why_not(estimate: ProbabilityEstimate) -> str:
    failed = [check for check in estimate.checks if check.is_met is False]
    if failed:
        return f"does not hold ({', '.join(check.name for check in failed)})"
    return f"cannot be judged ({estimate.reason or 'its conditions are unknown'})"


def _estimate(
    method: str, value: float, checks: tuple[Check, ...], notes: tuple[str, ...] = ()
) -> ProbabilityEstimate:
    known = isfinite(value)
    return ProbabilityEstimate(
        method=method,
        # More than one collision is expected only where the body is wider than the errors.
        value=min(1.0, float(value)) if known else None,
        is_valid=all_met(checks) if known else None,
        checks=checks if known else (),
        reason=None if known else _UNKNOWN,
        notes=notes,
    )


def _planar(encounter: Encounters) -> ProbabilityEstimate:
    validity = planar_validity(encounter)
    return _estimate(IN_PLANE, validity.probability[0], planar_checks(validity, 0))


def _short(encounter: Encounters) -> ProbabilityEstimate:
    short = expected_collisions_2d(encounter)
    checks = short_checks(short, 0, period_s=float(period_s(encounter)[0]))
    return _estimate(SHORT, short.value[0], checks, _when(short.peak_s[0]))


def _expected(encounter: Encounters, half_span_s: float | None) -> ProbabilityEstimate:
    span_s = None if half_span_s is None else np.array([half_span_s])
    found = expected_collisions_3d(encounter, half_span_s=span_s)
    return _estimate(EXPECTED, found.value[0], expected_checks(found, 0), _when(found.peak_s[0]))


def _when(peak_s: float) -> tuple[str, ...]:
    return (f"collision is likeliest {peak_s:+.3f} s from TCA",) if isfinite(peak_s) else ()


def _tried(
    encounter: Encounters,
    trials: int,
    seed: int,
    half_span_s: float | None,
    on_progress: Callable[[float], None] | None,
) -> ProbabilityEstimate:
    found = monte_carlo(
        encounter,
        trials=trials,
        seed=seed,
        enough_hits=ENOUGH_HITS,
        half_span_s=half_span_s,
        on_progress=None if on_progress is None else lambda done: on_progress(done / trials),
    )
    if found is None:
        return _estimate(TRIED, float("nan"), ())
    checks = monte_carlo_checks(found)
    return ProbabilityEstimate(
        method=TRIED,
        value=found.probability,
        lower_bound=found.lower_bound,
        upper_bound=found.upper_bound,
        is_valid=all_met(checks),
        checks=checks,
        notes=(f"{found.hits} of {found.trials:,} trials hit, seed {seed}",),
    )
