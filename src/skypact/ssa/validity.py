"""Where each method for the probability of collision may be used, judged row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.records.assessments import Check
from skypact.ssa.collision_rate import SHARPEST_RATIO
from skypact.ssa.effective_encounter import expected_collisions_2d
from skypact.ssa.encounter_interval import period_s, straight_duration_s
from skypact.ssa.encounters import at_closest_approach
from skypact.ssa.probability import collision_probability

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters
    from skypact.ssa.effective_encounter import ShortEncounters
    from skypact.ssa.expected_collisions import ExpectedCollisions
    from skypact.ssa.monte_carlo import MonteCarlo

    Floats = npt.NDArray[np.float64]
    Booleans = npt.NDArray[np.bool_]

LONGEST_RATIO = 0.05
"""Longest encounter, in periods, whose relative motion passes for straight."""

LONGEST_PEAK_RATIO = 0.02
"""Longest peak of the rate of collisions, in periods, that passes for the only one."""

PLANAR_OFFSET_RATIO = 0.01
"""Furthest, in periods, that the likeliest collision may be from TCA for 2D-Pc."""

PEAK_OFFSET_RATIO = 0.05
"""The same for 2D-Nc, which follows curved orbits to that time."""

DISAGREEMENT_RATIO = 0.1
"""Largest difference of 2D-Pc from 2D-Nc, which knows curvature and velocity errors."""

NEGLIGIBLE = 1e-15
"""Two probabilities below this agree, whatever their ratio: no decision hangs on it."""

DEPARTURE_RATIO = 0.1
"""Largest misfit of a Gaussian to the rate of collisions, as in `ShortEncounters`."""

CUT_RATIO, CHANGE_RATIO, UNSETTLED_RATIO = 1e-3, 1e-4, 1e-2
"""Limits of 3D-Nc's integral, as in `ExpectedCollisions`."""

NEGATIVE_RATIO = 1e-3
"""Largest negative variance that repair may take away, in units of a correlation.

Four digits in a message give 1e-4.
"""

FEWEST_HITS = 10
"""Fewest hits of a Monte Carlo whose number can be used: a relative sigma of a third."""

_OURS = "Skypact"
_SIGMAS_WIDE = 16.6  # 1 - 1e-16 of a Gaussian


class PlanarValidity(NamedTuple):
    """2D-Pc of n encounters with what its use needs, all (n,); nothing raises, NaN is unknown.

    `probability` is 2D-Pc at the true closest approach, `expected_collisions` is 2D-Nc.
    `is_valid`: all conditions are met; `is_judged`: all of them could be judged, else
    `is_valid` is false. `is_repaired`: the covariance in the encounter plane was not positive
    definite.
    """

    probability: Floats
    expected_collisions: Floats
    duration_ratio: Floats
    offset_ratio: Floats
    disagreement_ratio: Floats
    is_repaired: Booleans
    is_judged: Booleans
    is_valid: Booleans


def planar_validity(encounters: Encounters) -> PlanarValidity:
    """2D-Pc of every encounter and whether it holds there.

    Take encounters as their messages state them: 2D-Pc is computed at the true closest
    approach, the conditions from the states as they were stated.
    """
    planar = collision_probability(at_closest_approach(encounters)[0])
    short = expected_collisions_2d(encounters)
    period = period_s(encounters)
    duration = straight_duration_s(encounters) / period
    offset = np.abs(short.peak_s) / period
    disagreement = _disagreement(planar.probability, short.value)
    found = np.stack([duration, offset, disagreement])
    limits = np.array([[LONGEST_RATIO], [PLANAR_OFFSET_RATIO], [DISAGREEMENT_RATIO]])
    judged = np.asarray(np.isfinite(found).all(axis=0))
    valid = np.asarray(judged & (found <= limits).all(axis=0) & ~planar.repaired)
    return PlanarValidity(
        planar.probability, short.value, duration, offset, disagreement, planar.repaired,
        judged, valid,
    )  # fmt: skip


def _disagreement(planar: Floats, expected: Floats) -> Floats:
    """Difference by the larger of both, zero where both are negligible."""
    larger = np.maximum(planar, expected)  # NaN stays
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.abs(planar - expected) / larger
    disagreement: Floats = np.where(larger < NEGLIGIBLE, 0.0, ratio)
    return disagreement


def planar_checks(validity: PlanarValidity, row: int) -> tuple[Check, ...]:
    """What 2D-Pc needs, and what was found."""
    return (
        _at_most(
            "encounter duration", validity.duration_ratio[row], LONGEST_RATIO, "of the period",
        ),
        _at_most(
            "likeliest collision from TCA", validity.offset_ratio[row], PLANAR_OFFSET_RATIO,
            "of the period",
        ),
        _at_most(
            "difference from 2D-Nc", validity.disagreement_ratio[row], DISAGREEMENT_RATIO,
            "of the larger",
        ),
        _is_whole(repaired=bool(validity.is_repaired[row])),
    )  # fmt: skip


def short_checks(short: ShortEncounters, row: int, *, period_s: float) -> tuple[Check, ...]:
    """What 2D-Nc needs, and what was found."""
    duration = _SIGMAS_WIDE * short.sigma_s[row] / period_s
    offset = abs(short.peak_s[row]) / period_s
    return (
        _at_most("peak of the collision rate", duration, LONGEST_PEAK_RATIO, "of the period"),
        _at_most("likeliest collision from TCA", offset, PEAK_OFFSET_RATIO, "of the period"),
        _at_most(
            "rate against a Gaussian in time", short.departure_ratio[row], DEPARTURE_RATIO,
            "of its exponent at two sigmas",
        ),
        _repair(short.negative_ratio[row]),
    )  # fmt: skip


def expected_checks(found: ExpectedCollisions, row: int) -> tuple[Check, ...]:
    """What 3D-Nc needs, and what was found."""
    return (
        _at_most("rate left out at the ends", found.cut_ratio[row], CUT_RATIO, "of the whole"),
        _at_most("last refinement in time", found.change_ratio[row], CHANGE_RATIO, "of the whole"),
        _at_most(
            "linearised about an unsettled point", found.unsettled_ratio[row], UNSETTLED_RATIO,
            "of the whole",
        ),
        _hard_body(found.sharpness_ratio[row]),
        _repair(found.negative_ratio[row]),
    )  # fmt: skip


def monte_carlo_checks(found: MonteCarlo) -> tuple[Check, ...]:
    """What Monte Carlo needs, and what was found."""
    return (
        Check(
            name="hits",
            is_met=found.hits >= FEWEST_HITS,
            found=f"{found.hits} of {found.trials:,} trials",
            asked=f"at least {FEWEST_HITS}",
            source=_OURS,
        ),
        _at_most("draws that are no orbit", found.lost / found.trials, 1e-6, "of all"),
        _repair(found.negative_ratio),
    )


def all_met(checks: tuple[Check, ...]) -> bool | None:
    """Whether all conditions are met; None where one could not be judged and none failed."""
    if any(check.is_met is False for check in checks):
        return False
    return None if any(check.is_met is None for check in checks) else True


def _at_most(name: str, found: float, limit: float, of: str) -> Check:
    known = bool(np.isfinite(found))
    return Check(
        name=name,
        is_met=bool(found <= limit) if known else None,
        found=f"{100.0 * found:.3g} % {of}" if known else "unknown",
        asked=f"at most {100.0 * limit:g} %",
        source=_OURS,
    )


def _hard_body(sharpness: float) -> Check:
    known = bool(np.isfinite(sharpness))
    return Check(
        name="hard-body radius",
        is_met=bool(sharpness <= SHARPEST_RATIO) if known else None,
        found=f"{sharpness:.3g} times the smallest position sigma" if known else "unknown",
        asked=f"at most {SHARPEST_RATIO:g} times",
        source=_OURS,
    )


def _repair(negative: float) -> Check:
    return _at_most("negative variance repaired", negative, NEGATIVE_RATIO, "of a correlation")


def _is_whole(*, repaired: bool) -> Check:
    return Check(
        name="covariance in the encounter plane",
        is_met=not repaired,
        found="repaired" if repaired else "positive definite",
        asked="positive definite",
        source="Hall, Hejduk & Johnson (2017), AAS 17-567",
    )
