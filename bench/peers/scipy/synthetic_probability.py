"""2D-Pc of two element sets with published errors: python-sgp4's states, SciPy's quadrature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from peers.sgp4.propagation import julian_dates
from scipy.integrate import quad
from scipy.special import ndtr

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_TOLERANCE = 1e-11


def synthetic_probability(
    satellites: tuple[Any, Any],
    tca_utc: np.datetime64,
    sigmas_rtn_m: tuple[Floats, Floats],
    radius_m: float,
) -> float:
    """One pair at one instant; sigmas along each object's radial, transverse, normal axes."""
    jd, fraction = julian_dates(tca_utc, np.zeros(1))
    states = [1e3 * np.array(one.sgp4(jd[0], fraction[0])[1:]) for one in satellites]
    joint = sum(
        (_covariance(state, sigma_m) for state, sigma_m in zip(states, sigmas_rtn_m, strict=True)),
        np.zeros((3, 3)),
    )
    miss_m, motion_m_s = states[1] - states[0]
    plane = np.linalg.svd(motion_m_s[None])[2][1:]
    variances, axes = np.linalg.eigh(plane @ joint @ plane.T)
    x_m, y_m = axes.T @ plane @ miss_m
    return _disc(x_m, y_m, *np.sqrt(variances), radius_m)


def _covariance(state: Floats, sigma_m: Floats) -> Floats:
    radial = state[0] / np.linalg.norm(state[0])
    normal = np.cross(*state)
    normal /= np.linalg.norm(normal)
    axes = np.stack([radial, np.cross(normal, radial), normal])
    covariance: Floats = axes.T @ np.diag(sigma_m**2) @ axes
    return covariance


def _disc(x_m: float, y_m: float, sigma_x_m: float, sigma_y_m: float, radius_m: float) -> float:
    """The integral over the disc, chord by chord."""

    def chord(angle_rad: float) -> float:
        across_m = (radius_m * np.sin(angle_rad) - x_m) / sigma_x_m
        half_m = radius_m * np.cos(angle_rad)
        # Both ends in the lower tail, where their difference keeps its digits.
        ends = ndtr((half_m - abs(y_m)) / sigma_y_m) - ndtr((-half_m - abs(y_m)) / sigma_y_m)
        return float(np.exp(-0.5 * across_m**2) * ends * half_m)

    total = quad(chord, -0.5 * np.pi, 0.5 * np.pi, epsabs=0.0, epsrel=_TOLERANCE)[0]
    return float(total / (sigma_x_m * np.sqrt(2.0 * np.pi)))
