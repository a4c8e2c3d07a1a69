"""2D-Pc in plain NumPy: projection by einsum and eigh, strips at Gauss and Legendre's nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]
    Plane = npt.NDArray[np.float64]  # (5, n): miss and sigma along major, minor axis; radius


def project(encounters: Encounters, precision: type[np.floating] = np.float64) -> Plane:
    """Misses and sigmas along the principal axes of the joint covariance in the plane.

    In float64 a thin ellipse's minor axis loses digits (1e-9 of the probability here); for
    a reference there is `np.longdouble`.
    """
    miss = (encounters.r2_m - encounters.r1_m).astype(precision)
    motion = (encounters.v2_m_s - encounters.v1_m_s).astype(precision)
    y = motion / np.sqrt((motion**2).sum(axis=1))[:, None]
    z = np.cross(miss, y)
    z /= np.sqrt((z**2).sum(axis=1))[:, None]
    x = np.cross(y, z)
    joint = (encounters.covariances1 + encounters.covariances2)[:, :3, :3].astype(precision)
    xx = np.einsum("ni,nij,nj->n", x, joint, x)
    xz = np.einsum("ni,nij,nj->n", x, joint, z)
    zz = np.einsum("ni,nij,nj->n", z, joint, z)
    spread = np.hypot(0.5 * (xx - zz), xz)
    major, minor = 0.5 * (xx + zz) + spread, 0.5 * (xx + zz) - spread
    angle = 0.5 * np.arctan2(2.0 * xz, xx - zz)
    offset = (miss * x).sum(axis=1)
    return np.stack(
        [offset * np.cos(angle), offset * np.sin(angle), np.sqrt(major), np.sqrt(minor),
         encounters.hard_body_radius_m]
    ).astype(np.float64)  # fmt: skip


def gauss_legendre(plane: Plane, nodes: int) -> Floats:
    """Strips across the minor axis at x = radius sin(angle), angles at `nodes` nodes."""
    x, y, sigma_x, sigma_y, radius = plane[:, :, None]
    places, weights = np.polynomial.legendre.leggauss(nodes)
    angle = 0.5 * np.pi * places
    half = radius * np.cos(angle)
    across = (radius * np.sin(angle) - y) / sigma_y
    far = np.abs(x)
    chord = ndtr((half - far) / sigma_x) - ndtr((-half - far) / sigma_x)
    strips = chord * half * np.exp(-0.5 * across * across)
    found: Floats = 0.5 * np.pi * (strips @ weights) / (plane[3] * np.sqrt(2.0 * np.pi))
    return found
