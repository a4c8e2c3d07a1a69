"""The plane across the relative motion, in which a short encounter is decided."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, hypot, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.kernel import inlined, kernel
from skypact.ssa.covariance import CLIPPING_RATIO

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]
    Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class EncounterPlanes:
    """n encounters seen along their relative velocity.

    x is the part of the miss across the relative velocity, secondary minus primary; z
    completes the plane. `offset_m` is the length of that part, `distance_m` that of the whole
    miss; at the true closest approach they are one. `covariances_m2` (n, 2, 2) is the joint
    position covariance in (x, z) as it was given, `sigma_major_m`, `sigma_minor_m` its
    one-sigma ellipse after repair and `major_angle_rad` the angle from x to its major axis in
    [-pi/2, pi/2]. `repaired`: a sigma was below 1e-4 hard-body radii, or a variance
    negative, and was lifted to that.

    NaN: no relative velocity, an unknown state or covariance, or a joint covariance of zero.
    """

    offset_m: Floats
    distance_m: Floats
    covariances_m2: Floats
    sigma_major_m: Floats
    sigma_minor_m: Floats
    major_angle_rad: Floats
    repaired: Booleans

    @property
    def miss_major_m(self) -> Floats:
        """The offset's component along the major axis."""
        return np.asarray(self.offset_m * np.cos(self.major_angle_rad))

    @property
    def miss_minor_m(self) -> Floats:
        """The offset's component along the minor axis."""
        return np.asarray(self.offset_m * np.sin(self.major_angle_rad))


def encounter_planes(encounters: Encounters) -> EncounterPlanes:
    """Miss and joint covariance of every encounter in its encounter plane.

    States are taken as they are: see `encounters.at_closest_approach`.

    Source: the repair is that of Hall, Hejduk & Johnson (2017), AAS 17-567, as CARA does it in
    the plane.
    """
    rows = np.empty((len(encounters), 8))
    repaired = np.empty(len(encounters), np.bool_)
    _encounter_planes(kernel_arrays(encounters), rows, repaired)
    x, cross, z = rows[:, 2], rows[:, 3], rows[:, 4]
    return EncounterPlanes(
        offset_m=rows[:, 0],
        distance_m=rows[:, 1],
        covariances_m2=np.stack([x, cross, cross, z], axis=1).reshape(-1, 2, 2),
        sigma_major_m=rows[:, 5],
        sigma_minor_m=rows[:, 6],
        major_angle_rad=rows[:, 7],
        repaired=repaired,
    )


def principal_axes(
    covariances_m2: Floats, radius_m: Floats
) -> tuple[Floats, Floats, Floats, Booleans]:
    """Repaired major and minor sigma (n,) of covariances (n, 2, 2), angle and if repaired.

    As in `EncounterPlanes`; `radius_m` (n,) is the hard body's, which repair goes by.
    """
    rows = np.empty((len(radius_m), 3))
    repaired = np.empty(len(radius_m), np.bool_)
    _principal_axes(np.ascontiguousarray(covariances_m2), radius_m, rows, repaired)
    return rows[:, 0], rows[:, 1], rows[:, 2], repaired


def kernel_arrays(encounters: Encounters) -> tuple[Floats, ...]:
    """The columns in the order that kernels of planes take them, C-contiguous."""
    columns = (
        encounters.r1_m, encounters.v1_m_s, encounters.r2_m, encounters.v2_m_s,
        encounters.covariances1, encounters.covariances2, encounters.cross_covariances,
        encounters.hard_body_radius_m,
    )  # fmt: skip
    return tuple(np.ascontiguousarray(column, np.float64) for column in columns)


@inlined
def axes_of(mx, my, mz, vx, vy, vz):  # type: ignore[no-untyped-def]
    """x and z of the plane; NaN without motion, any x where the miss is along the motion."""
    speed = sqrt(vx * vx + vy * vy + vz * vz)
    if not speed > 0.0:
        return np.nan, np.nan, np.nan, np.nan, np.nan, np.nan
    yx, yy, yz = vx / speed, vy / speed, vz / speed
    zx, zy, zz = my * yz - mz * yy, mz * yx - mx * yz, mx * yy - my * yx
    across = sqrt(zx * zx + zy * zy + zz * zz)
    if not across > 0.0:
        # Of the frame's axes the one that the motion follows least.
        if abs(yx) <= abs(yy) and abs(yx) <= abs(yz):
            zx, zy, zz = 0.0, yz, -yy
        elif abs(yy) <= abs(yz):
            zx, zy, zz = -yz, 0.0, yx
        else:
            zx, zy, zz = yy, -yx, 0.0
        across = sqrt(zx * zx + zy * zy + zz * zz)
    zx, zy, zz = zx / across, zy / across, zz / across
    return yy * zz - yz * zy, yz * zx - yx * zz, yx * zy - yy * zx, zx, zy, zz


@inlined
def plane_of(i, columns):  # type: ignore[no-untyped-def]
    """Offset, distance, and the covariance's xx, xz, zz of encounter i of `kernel_arrays`."""
    r1, v1, r2, v2, c1, c2, cross, _ = columns
    mx, my, mz = r2[i, 0] - r1[i, 0], r2[i, 1] - r1[i, 1], r2[i, 2] - r1[i, 2]
    vx, vy, vz = v2[i, 0] - v1[i, 0], v2[i, 1] - v1[i, 1], v2[i, 2] - v1[i, 2]
    xx, xy, xz, zx, zy, zz = axes_of(mx, my, mz, vx, vy, vz)
    c00 = c1[i, 0, 0] + c2[i, 0, 0] - 2.0 * cross[i, 0, 0]
    c11 = c1[i, 1, 1] + c2[i, 1, 1] - 2.0 * cross[i, 1, 1]
    c22 = c1[i, 2, 2] + c2[i, 2, 2] - 2.0 * cross[i, 2, 2]
    c01 = c1[i, 0, 1] + c2[i, 0, 1] - cross[i, 0, 1] - cross[i, 1, 0]
    c02 = c1[i, 0, 2] + c2[i, 0, 2] - cross[i, 0, 2] - cross[i, 2, 0]
    c12 = c1[i, 1, 2] + c2[i, 1, 2] - cross[i, 1, 2] - cross[i, 2, 1]
    ax, ay = c00 * xx + c01 * xy + c02 * xz, c01 * xx + c11 * xy + c12 * xz
    az = c02 * xx + c12 * xy + c22 * xz
    bx, by = c00 * zx + c01 * zy + c02 * zz, c01 * zx + c11 * zy + c12 * zz
    bz = c02 * zx + c12 * zy + c22 * zz
    offset = mx * xx + my * xy + mz * xz
    distance = sqrt(mx * mx + my * my + mz * mz)
    along_x = ax * xx + ay * xy + az * xz
    along_z = bx * zx + by * zy + bz * zz
    return offset, distance, along_x, ax * zx + ay * zy + az * zz, along_z


@inlined
def ellipse_of(along_x, cross, along_z, radius):  # type: ignore[no-untyped-def]
    """Repaired sigmas (major, minor), the major axis's direction cosines, and if repaired."""
    half_sum, half_difference = 0.5 * (along_x + along_z), 0.5 * (along_x - along_z)
    spread = hypot(half_difference, cross)
    major = half_sum + spread
    # The product of both is the determinant: subtracting loses a thin ellipse's minor axis.
    minor = half_sum - spread
    if major > 0.0:
        minor = min((along_x * along_z - cross * cross) / major, major)  # rounding may swap them
    # The longer of both columns of (matrix - minor axis) is the better direction.
    if half_difference >= 0.0:
        cosine, sine = half_difference + spread, cross
    else:
        cosine, sine = cross, spread - half_difference
    length = hypot(cosine, sine)
    if length > 0.0:
        cosine, sine = cosine / length, sine / length
    else:
        cosine, sine = 1.0, 0.0
    floor = (CLIPPING_RATIO * radius) ** 2
    # Without an error at all nothing is known, which repair must not turn into certainty.
    known = abs(along_x) + abs(cross) + abs(along_z) > 0.0
    repaired = known and (minor < floor or not minor > 0.0) and radius < np.inf
    if not known or not radius >= 0.0:
        major, minor = np.nan, np.nan
    elif repaired:
        major, minor = max(major, floor), max(minor, floor)
    elif radius == np.inf:  # its floor would be endless, and it hides every sigma
        major, minor = max(major, 0.0), max(minor, 0.0)
    return sqrt(major), sqrt(minor), cosine, sine, repaired


@kernel
def _encounter_planes(columns, rows, repaired):  # type: ignore[no-untyped-def]
    for i in range(rows.shape[0]):
        offset, distance, along_x, mixed, along_z = plane_of(i, columns)
        radius = columns[7][i]
        major, minor, cosine, sine, changed = ellipse_of(along_x, mixed, along_z, radius)
        rows[i, 0], rows[i, 1] = offset, distance
        rows[i, 2], rows[i, 3], rows[i, 4] = along_x, mixed, along_z
        rows[i, 5], rows[i, 6], rows[i, 7] = major, minor, _angle(cosine, sine, major)
        repaired[i] = changed


@kernel
def _principal_axes(matrices, radius, rows, repaired):  # type: ignore[no-untyped-def]
    for i in range(rows.shape[0]):
        major, minor, cosine, sine, changed = ellipse_of(
            matrices[i, 0, 0], matrices[i, 0, 1], matrices[i, 1, 1], radius[i]
        )
        rows[i, 0], rows[i, 1], rows[i, 2] = major, minor, _angle(cosine, sine, major)
        repaired[i] = changed


@inlined
def _angle(cosine, sine, major):  # type: ignore[no-untyped-def]
    if not major >= 0.0:
        return np.nan
    if cosine == 0.0:
        return 0.5 * pi
    return atan2(sine, cosine) if cosine > 0.0 else atan2(-sine, -cosine)
