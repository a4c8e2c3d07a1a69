"""The probability that two objects collide in a short, straight encounter (2D-Pc), exactly.

The error of the relative position is Gaussian, the relative motion a straight line over the
encounter; then the probability is the Gaussian's integral over the disc of the combined hard
body in the encounter plane. Two conventions of where the disc's centre is are in use; they
agree where the states stand at the true closest approach.

Source: Foster & Estes (1992), "A Parametric Analysis of Orbital Debris Collision Probability
and Maneuver Rate for Space Vehicles", NASA JSC-25898.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import kernel
from skypact.ssa.disc_integral import disc_integral
from skypact.ssa.encounter_plane import ellipse_of, kernel_arrays, plane_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]
    Booleans = npt.NDArray[np.bool_]

IN_PLANE = "2D-Pc, miss projected onto the encounter plane"
FULL_DISTANCE = "2D-Pc, full miss distance as offset"


@dataclass(frozen=True, eq=False, kw_only=True)
class PlanarProbabilities:
    """Collision probabilities (n,) by the method named; `repaired` as in `EncounterPlanes`.

    NaN: could not be determined. It is no small number.
    """

    method: str
    probability: Floats
    repaired: Booleans


def collision_probability(encounters: Encounters) -> PlanarProbabilities:
    """2D-Pc with the part of the miss that lies in the encounter plane.

    A hard-body radius of 0 gives exactly 0, an infinite one 1. Variances in the plane below
    (1e-4 radii)² are lifted to it, and told. NaN where a state, a position covariance or the
    radius is unknown, where nothing moves, or where the joint covariance is zero. For what
    `probability` means outside the domain of `disc_integral`, see there.
    """
    return _probabilities(IN_PLANE, encounters, 0)


def full_distance_probability(encounters: Encounters) -> PlanarProbabilities:
    """2D-Pc with the whole distance as offset along the plane's x axis.

    NASA CARA's convention: what the miss has along the relative velocity, because TCA is
    rounded, is laid across it. Otherwise as `collision_probability`.
    """
    return _probabilities(FULL_DISTANCE, encounters, 1)


def _probabilities(method: str, encounters: Encounters, column: int) -> PlanarProbabilities:
    probability = np.empty(len(encounters))
    repaired = np.empty(len(encounters), np.bool_)
    _planar(kernel_arrays(encounters), column, probability, repaired)
    return PlanarProbabilities(method=method, probability=probability, repaired=repaired)


@kernel
def _planar(columns, column, probability, repaired):  # type: ignore[no-untyped-def]
    for i in range(probability.shape[0]):
        plane = plane_of(i, columns)
        radius = columns[7][i]
        major, minor, cosine, sine, changed = ellipse_of(plane[2], plane[3], plane[4], radius)
        offset = plane[column]
        probability[i] = disc_integral(offset * cosine, offset * sine, major, minor, radius)
        repaired[i] = changed
