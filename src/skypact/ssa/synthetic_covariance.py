"""Covariances for element sets, which come without: good for ranking, not for deciding."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.ssa.covariance import dcm_inertial_from_rtn, rotated_covariances
from skypact.ssa.element_errors import element_sigmas, knows_orbit

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.element_errors import ElementErrors
    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

REASONS = (
    "",
    "the table of errors has no such orbit",
    "the table of errors ends at a smaller age of the elements",
    "the table of errors does not know the error at this orbit and age",
    "SGP4 cannot follow its elements to there",
    "flies an ephemeris without covariance",
)
"""Why an object has no synthetic covariance; the first: it has one."""

_NO_ORBIT, _NO_AGE, _NO_SIGMA, NO_STATE, NO_ELEMENTS = range(1, len(REASONS))


_SHORTEST_S = 86_400.0


class SyntheticCovariances(NamedTuple):
    """Covariances (n, 6, 6) and, as an index into `REASONS`, why one is missing (n,)."""

    covariances: Floats
    reason: Integers


def synthetic_covariances(
    elements: Elements, age_s: Floats, r_m: Floats, v_m_s: Floats, errors: ElementErrors
) -> SyntheticCovariances:
    """A covariance for each element set at its age, in the frame of its state.

    `age_s` is the time of the state minus the epoch. The errors of the table stand along the
    object's radial, transverse and normal axes, uncorrelated. No table says the errors of the
    velocity: they are those of `turning_covariances`. A set whose state, orbit, age or error
    is not known has a covariance of NaN.
    """
    sigmas = element_sigmas(elements, age_s, errors)
    rate_rad_s = np.linalg.norm(np.cross(r_m, v_m_s), axis=1) / np.square(r_m).sum(axis=1)
    drift_m_s = sigmas.sigma_rtn_m[:, 1] / np.maximum(np.abs(age_s), _SHORTEST_S)
    rtn = turning_covariances(sigmas.sigma_rtn_m, rate_rad_s, drift_m_s)
    covariances = rotated_covariances(rtn, dcm_inertial_from_rtn(r_m, v_m_s))
    reason = np.select(
        [
            ~np.isfinite(r_m).all(axis=1),
            np.isfinite(covariances).all(axis=(1, 2)),
            sigmas.row >= 0,
            knows_orbit(elements, errors),
        ],
        [NO_STATE, 0, _NO_SIGMA, _NO_AGE],
        _NO_ORBIT,
    )
    return SyntheticCovariances(covariances, reason)


def turning_covariances(sigma_rtn_m: Floats, rate_rad_s: Floats, drift_m_s: Floats) -> Floats:
    """Covariances (n, 6, 6) whose position errors turn with a near-circular orbit.

    Position errors (n, 3) are uncorrelated along radial, transverse, normal. Velocity errors
    are those that keep them on their orbit, at its angular rate (n,): an object further along
    flies in a direction turned by as much; one further out is slower, so that both have one
    period; out of the plane, and around an ellipse, any phase is as likely. `drift_m_s` (n,)
    is the one-sigma speed at which the transverse error grows, from the error of the period.

    Velocity errors drawn by themselves would be errors of the period, and multiply the position
    error within half an orbit. Positive definite in double precision while the drift moves an
    object by at least 1e-6 of its radial error in the time of one radian.
    """
    radial, transverse, normal = sigma_rtn_m.T**2
    rate2 = rate_rad_s**2
    covariances = np.zeros((len(sigma_rtn_m), 6, 6))
    covariances[:, 0, 0], covariances[:, 1, 1], covariances[:, 2, 2] = radial, transverse, normal
    covariances[:, 3, 3] = rate2 * (transverse + radial)
    covariances[:, 1, 3] = covariances[:, 3, 1] = -rate_rad_s * transverse
    # A semi-major axis too large by da drifts back by 1.5 n da, and is faster by n da / 2.
    covariances[:, 4, 4] = rate2 * radial + (drift_m_s / 3.0) ** 2
    covariances[:, 0, 4] = covariances[:, 4, 0] = -rate_rad_s * radial
    covariances[:, 5, 5] = rate2 * normal
    return covariances
