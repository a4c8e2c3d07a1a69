"""Covariances of position and velocity: rotated, joined, judged."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

DEFAULT_SIGMA_M = 10.0 * 6_378_137.0
"""From this position sigma up, a covariance stands for "not known".

Source: the cut-off of ten Earth radii in NASA's CARA Analysis Tools.
"""

CLIPPING_RATIO = 1e-4
"""Smallest sigma that a repaired covariance has, in hard-body radii.

Source: Hall, Hejduk & Johnson (2017), "Remediating Non-Positive Definite State Covariances
for Collision Probability Estimation", AAS 17-567.
"""


class CovarianceKind(IntEnum):
    """What one object's covariance is worth. Only `KNOWN` says how well its orbit is known."""

    KNOWN = 0
    POSITION_ONLY = 1
    """The position block is there, the velocity's rows are not."""
    UNKNOWN = 2
    """A number of the position block is missing or not finite."""
    ZERO = 3
    """Positions without any error: nobody has those, so the sender left the numbers out."""
    DEFAULT = 4
    """A sigma of `DEFAULT_SIGMA_M` or more, which the sender uses for "not known"."""


def covariance_kinds(covariances: Floats) -> Integers:
    """`CovarianceKind` of each covariance (n, 6, 6)."""
    position = covariances[:, :3, :3]
    variances = np.diagonal(position, axis1=1, axis2=2)
    conditions = {
        CovarianceKind.UNKNOWN: ~np.isfinite(position).all(axis=(1, 2)),
        CovarianceKind.ZERO: (position == 0.0).all(axis=(1, 2)),
        CovarianceKind.DEFAULT: (variances >= DEFAULT_SIGMA_M**2).any(axis=1),
        CovarianceKind.POSITION_ONLY: ~np.isfinite(covariances).all(axis=(1, 2)),
    }
    return np.asarray(
        np.select(list(conditions.values()), list(conditions), CovarianceKind.KNOWN), np.int64
    )


def dcm_inertial_from_rtn(r_m: Floats, v_m_s: Floats) -> Floats:
    """Rotations (n, 3, 3) whose columns are the radial, transverse and normal directions.

    Radial is away from the centre, normal along the angular momentum, transverse completes
    the right-handed set. States (n, 3) without angular momentum give NaN.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        radial = r_m / np.linalg.norm(r_m, axis=1, keepdims=True)
        normal = np.cross(r_m, v_m_s)
        normal = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return np.stack([radial, np.cross(normal, radial), normal], axis=2)


def rotated_covariances(covariances: Floats, dcm: Floats) -> Floats:
    """Covariances (n, 3, 3), or of (position, velocity) (n, 6, 6), in other axes.

    Velocity is turned as position is. The axes of an orbit turn with it, but a conjunction
    message's velocity is that of inertial space seen along them, so no term for the rate
    belongs here.

    A NaN stays in the block (position, velocity, between them) that it came in.
    """
    # Block by block: one product of 6 x 6 would carry a NaN of the velocity into position.
    found = np.empty_like(covariances)
    for i in range(0, covariances.shape[1], 3):
        for j in range(0, covariances.shape[2], 3):
            block = covariances[:, i : i + 3, j : j + 3]
            found[:, i : i + 3, j : j + 3] = dcm @ block @ dcm.transpose(0, 2, 1)
    return found


def cross_covariances(
    density_ratio: Floats, sensitivities1: Floats, sensitivities2: Floats
) -> Floats:
    """What the error of one density forecast, felt by both objects, correlates: (n, 6, 6).

    `density_ratio` (n, 2) are the forecast's relative one-sigma errors at each object,
    `sensitivities` (n, 6) how each state moves per unit of them, in the inertial axes of the
    states. Where a number is unknown the result is zero: errors are then independent.

    Source: Casali, Hall, Snow, Hejduk, Johnson, Skrehart & Baars (2018), "Effect of
    Cross-Correlation of Orbital Error on Probability of Collision Determination",
    AAS 18-272.
    """
    shared = density_ratio.prod(axis=1)[:, None, None]
    cross = shared * sensitivities1[:, :, None] * sensitivities2[:, None, :]
    return np.where(np.isfinite(cross).all(axis=(1, 2), keepdims=True), cross, 0.0)


def joint_covariances(encounters: Encounters) -> Floats:
    """Covariances (n, 6, 6) of the relative states: C1 + C2 - X - X^T."""
    cross = encounters.cross_covariances
    joint: Floats = encounters.covariances1 + encounters.covariances2
    joint -= cross + cross.transpose(0, 2, 1)
    return joint


def is_positive_definite(covariances: Floats) -> Booleans:
    """Whether all eigenvalues of each matrix (n, k, k) are positive; false where one is unknown.

    The matrix is scaled to correlations first: position and velocity differ by six orders.
    """
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    able: Booleans = np.isfinite(covariances).all(axis=(1, 2)) & np.all(variances > 0.0, axis=1)
    sigmas = np.sqrt(np.where(able[:, None], variances, 1.0))
    with np.errstate(over="ignore"):
        correlations = covariances / (sigmas[:, :, None] * sigmas[:, None, :])
    able &= np.isfinite(correlations).all(axis=(1, 2))
    identity = np.eye(covariances.shape[1])
    values = np.linalg.eigvalsh(np.where(able[:, None, None], correlations, identity))
    definite: Booleans = able & np.all(values > 0.0, axis=1)
    return definite
