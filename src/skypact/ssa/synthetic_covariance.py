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


class SyntheticCovariances(NamedTuple):
    """Covariances (n, 6, 6) and, as an index into `REASONS`, why one is missing (n,)."""

    covariances: Floats
    reason: Integers


def synthetic_covariances(
    elements: Elements, age_s: Floats, r_m: Floats, v_m_s: Floats, errors: ElementErrors
) -> SyntheticCovariances:
    """A covariance for each element set at its age, in the frame of its state.

    `age_s` is the time of the state minus the epoch. The errors of the table stand along the
    object's radial, transverse and normal axes, uncorrelated; of the velocity nothing is known
    (NaN). A set whose state, orbit, age or error is not known has a covariance of NaN.
    """
    sigmas = element_sigmas(elements, age_s, errors)
    dcm = dcm_inertial_from_rtn(r_m, v_m_s)
    position = rotated_covariances(sigmas.sigma_rtn_m[:, :, None] ** 2 * np.eye(3), dcm)
    covariances = np.full((len(elements), 6, 6), np.nan)
    covariances[:, :3, :3] = position
    reason = np.select(
        [
            ~np.isfinite(r_m).all(axis=1),
            np.isfinite(position).all(axis=(1, 2)),
            sigmas.row >= 0,
            knows_orbit(elements, errors),
        ],
        [NO_STATE, 0, _NO_SIGMA, _NO_AGE],
        _NO_ORBIT,
    )
    return SyntheticCovariances(covariances, reason)
