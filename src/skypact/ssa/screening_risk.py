"""From a screening's rows to probabilities and levels, where the elements are all there is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skypact.astro.sgp4 import propagate_rows, sgp4_model
from skypact.astro.time import seconds_since, tai_ns_from_utc
from skypact.base.table import TEXT
from skypact.records.conjunctions import Conjunctions
from skypact.records.encounters import Encounters
from skypact.records.ranked_conjunctions import RankedConjunctions
from skypact.ssa.hard_body_radius import class_radius_m
from skypact.ssa.levels import Level, Thresholds, depths, levels, worst_first
from skypact.ssa.probability import IN_PLANE
from skypact.ssa.synthetic_covariance import NO_ELEMENTS, REASONS, synthetic_covariances
from skypact.ssa.validity import (
    DISAGREEMENT_RATIO,
    LONGEST_RATIO,
    PLANAR_OFFSET_RATIO,
    planar_validity,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.element_errors import ElementErrors
    from skypact.records.elements import Elements
    from skypact.ssa.validity import PlanarValidity

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Text = npt.NDArray[Any]

PUBLISHED = Thresholds()
"""Where the levels begin if nobody says otherwise."""

_SYNTHETIC = "synthetic covariance, for ranking only"
_NO_MOTION = "the two do not move against each other, as 2D-Pc needs"
_NOT_JUDGED = "whether 2D-Pc holds could not be judged"
_VALIDITIES = np.array(["unknown", "not valid", "valid"], TEXT)
_WORDS = np.array([one.name for one in Level], TEXT)
_DEBRIS = (" DEB", " DEBRIS")


@dataclass(frozen=True, eq=False, kw_only=True)
class ScreeningEncounters:
    """A screening's rows as encounters in TEME, row for row.

    `reasons` (n,) says in words why a row's covariances are not known, empty where they are;
    `radius_sources` where the combined radius comes from.
    """

    encounters: Encounters
    reasons: Text
    radius_sources: Text


def screening_encounters(
    conjunctions: Conjunctions,
    elements: Elements,
    *,
    errors: ElementErrors,
    radii_m: Mapping[int, float],
    mode: Mode = "a",
) -> ScreeningEncounters:
    """States at closest approach, with synthetic covariances from a table of errors.

    `elements` are those that were screened, in the same order; `radii_m` hard-body radii by
    catalogue number: an object that is not there takes the default of its class, told by its
    name (`ssa.hard_body_radius`). An object that flies an ephemeris has a state of NaN.
    """
    tca_tai_ns = tai_ns_from_utc(
        conjunctions.tca_utc, in_leap_second=conjunctions.tca_in_leap_second
    )
    first = _side(conjunctions.primary_elements, tca_tai_ns, elements, errors, mode)
    second = _side(conjunctions.secondary_elements, tca_tai_ns, elements, errors, mode)
    radius_m, sources = _combined_radii(conjunctions, radii_m)
    encounters = Encounters(
        tca_tai_ns=tca_tai_ns,
        r1_m=first.r_m,
        v1_m_s=first.v_m_s,
        r2_m=second.r_m,
        v2_m_s=second.v_m_s,
        covariances1=first.covariances,
        covariances2=second.covariances,
        cross_covariances=np.zeros((len(conjunctions), 6, 6)),
        hard_body_radius_m=radius_m,
    )
    return ScreeningEncounters(
        encounters=encounters,
        reasons=_BOTH_REASONS[first.reason, second.reason],
        radius_sources=sources,
    )


def ranked(
    conjunctions: Conjunctions,
    elements: Elements,
    *,
    errors: ElementErrors,
    radii_m: Mapping[int, float],
    mode: Mode = "a",
    thresholds: Thresholds = PUBLISHED,
) -> RankedConjunctions:
    """The same rows in the same order, with 2D-Pc and level; arguments as above.

    A probability that cannot be determined, or that 2D-Pc has no right to give, makes the
    level UNKNOWN, unless it would be RED. Of numbers that rest on synthetic covariances the
    order means more than the size.
    """
    found = screening_encounters(conjunctions, elements, errors=errors, radii_m=radii_m, mode=mode)
    planar = planar_validity(found.encounters)
    level = levels(planar.probability, np.full(len(conjunctions), np.nan), thresholds)
    level = np.where(planar.is_valid | (level == Level.RED), level, Level.UNKNOWN)
    miss_rtn_m = np.stack(
        [conjunctions.miss_radial_m, conjunctions.miss_transverse_m, conjunctions.miss_normal_m],
        axis=1,
    )
    geocentric_m = np.linalg.norm(found.encounters.r1_m, axis=1)
    return RankedConjunctions(
        **{field.name: getattr(conjunctions, field.name) for field in fields(Conjunctions)},
        collision_probability=planar.probability,
        probability_method=np.full(len(conjunctions), f"{IN_PLANE}; {_SYNTHETIC}", TEXT),
        probability_validity=_VALIDITIES[np.where(planar.is_judged, 1 + planar.is_valid, 0)],
        probability_reason=_reasons(found.reasons, planar),
        level=_WORDS[level],
        depth_ratio=depths(miss_rtn_m, geocentric_m, thresholds),
        hard_body_radius_m=found.encounters.hard_body_radius_m,
        hard_body_radius_source=found.radius_sources,
    )


def _reasons(missing: Text, planar: PlanarValidity) -> Text:
    """Why each row's probability is not known, or not valid; empty where it is."""
    reasons = missing.copy()
    unsaid = (missing == "") & ~planar.is_judged
    reasons[unsaid] = np.where(np.isnan(planar.probability[unsaid]), _NO_MOTION, _NOT_JUDGED)
    for row in np.flatnonzero(planar.is_judged & ~planar.is_valid).tolist():
        failed = [
            words
            for words, is_so in (
                ("the encounter lasts too long", planar.duration_ratio[row] > LONGEST_RATIO),
                ("it culminates off TCA", planar.offset_ratio[row] > PLANAR_OFFSET_RATIO),
                ("2D-Nc differs", planar.disagreement_ratio[row] > DISAGREEMENT_RATIO),
                ("the covariance was repaired", planar.is_repaired[row]),
            )
            if is_so
        ]
        reasons[row] = f"2D-Pc does not hold: {', '.join(failed)}"
    return reasons


def most_urgent_first(found: RankedConjunctions) -> Integers:
    """Row numbers by level, then by probability; the unknown by volume and miss distance."""
    level = np.argmax(found.level[:, None] == _WORDS, axis=1)
    return worst_first(level, found.collision_probability, found.depth_ratio, found.miss_distance_m)


class _Side(NamedTuple):
    r_m: Floats
    v_m_s: Floats
    covariances: Floats
    reason: Integers


def _side(
    rows: Integers, tai_ns: Integers, elements: Elements, errors: ElementErrors, mode: Mode
) -> _Side:
    """One object of each row at `tai_ns`: NaN for those that fly an ephemeris (row -1)."""
    count = len(rows)
    side = _Side(
        np.full((count, 3), np.nan),
        np.full((count, 3), np.nan),
        np.full((count, 6, 6), np.nan),
        np.full(count, NO_ELEMENTS),
    )
    known = np.flatnonzero(rows >= 0)
    if not len(known):
        return side
    used, which = np.unique(rows[known], return_inverse=True)
    origin_tai_ns = int(tai_ns[known].min())
    model = sgp4_model(elements[used], origin_tai_ns=origin_tai_ns, mode=mode)
    times_s = seconds_since(tai_ns[known], origin_tai_ns)
    r_m, v_m_s, _ = propagate_rows(model, which, times_s)
    made = synthetic_covariances(
        elements[rows[known]], times_s - model.epoch_s[which], r_m, v_m_s, errors
    )
    for whole, part in zip(side, (r_m, v_m_s, *made), strict=True):
        whole[known] = part
    return side


def _combined_radii(
    conjunctions: Conjunctions, radii_m: Mapping[int, float]
) -> tuple[Floats, Text]:
    first = _radii(conjunctions.primary_norad_id, conjunctions.primary_name, radii_m)
    second = _radii(conjunctions.secondary_norad_id, conjunctions.secondary_name, radii_m)
    sources = [f"{one}; {other}" for one, other in zip(first[1], second[1], strict=True)]
    return first[0] + second[0], np.array(sources, TEXT)


def _radii(
    numbers: Integers, names: Text, radii_m: Mapping[int, float]
) -> tuple[Floats, list[str]]:
    radius_m, sources = np.empty(len(numbers)), []
    default_m = {kind: class_radius_m(kind)[0] for kind in ("debris", "unknown")}
    for row, (number, name) in enumerate(zip(numbers.tolist(), names.tolist(), strict=True)):
        kind = "debris" if name.endswith(_DEBRIS) else "unknown"
        radius_m[row] = radii_m.get(number, default_m[kind])
        sources.append("table" if number in radii_m else f"default for {kind}")
    return radius_m, sources


def _told(first: str, second: str) -> str:
    told = ((side, why) for side, why in (("primary", first), ("secondary", second)) if why)
    return "; ".join(f"{side}: {why}" for side, why in told)


_BOTH_REASONS = np.array([[_told(one, other) for other in REASONS] for one in REASONS], TEXT)
