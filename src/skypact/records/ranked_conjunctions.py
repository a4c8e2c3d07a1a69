"""Close approaches with a probability from covariances that nobody measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skypact.records.conjunctions import Conjunctions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Text = npt.NDArray[Any]  # StringDType, which the type checkers do not know yet


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RankedConjunctions(Conjunctions):
    """Close approaches of a screening with what a table of errors says of them.

    `collision_probability` is NaN where it could not be determined; it is good for ranking
    only. `probability_method` names the method and that the covariance is synthetic,
    `probability_validity` is `valid`, `not valid` (the method does not hold for the row: its
    number is shown, and not used but for RED) or `unknown`, and `probability_reason` says why
    it is not valid. `level` is RED, UNKNOWN, YELLOW or GREEN. `depth_ratio` is how
    deep the secondary comes into the primary's volume, 0 at its centre and 1 on its face.
    `hard_body_radius_m` is that of both objects together.
    """

    collision_probability: Floats
    probability_method: Text
    probability_validity: Text
    probability_reason: Text
    level: Text
    depth_ratio: Floats
    hard_body_radius_m: Floats
    hard_body_radius_source: Text
