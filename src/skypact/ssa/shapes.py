"""Volumes around tracks as arrays, and where a relative position lies in them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.base.kernel import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

SPHERE, ELLIPSOID, BOX = 0, 1, 2


class Volumes(NamedTuple):
    """Volume of each track: its kind (SPHERE, ELLIPSOID, BOX) and semi-axes (n, 3) in m.

    `counts` says whether entering the volume of that track is what is asked for.
    """

    kind: Integers
    axes_m: Floats
    counts: npt.NDArray[np.bool_]


def reach_m(volumes: Volumes) -> Floats:
    """Radius of the sphere around each volume: the longest semi-axis, of a box the corner's."""
    corner_m = np.linalg.norm(volumes.axes_m, axis=1)
    reach: Floats = np.where(volumes.kind == BOX, corner_m, volumes.axes_m.max(axis=1))
    return reach


@kernel
def in_rtn(rx, ry, rz, vx, vy, vz, dx, dy, dz):  # type: ignore[no-untyped-def]
    """Components of d along the radial, transverse and normal axes of the state (r, v)."""
    hx, hy, hz = ry * vz - rz * vy, rz * vx - rx * vz, rx * vy - ry * vx
    r, h = math.sqrt(rx * rx + ry * ry + rz * rz), math.sqrt(hx * hx + hy * hy + hz * hz)
    tx, ty, tz = hy * rz - hz * ry, hz * rx - hx * rz, hx * ry - hy * rx
    radial = (dx * rx + dy * ry + dz * rz) / r
    transverse = (dx * tx + dy * ty + dz * tz) / (r * h)
    normal = (dx * hx + dy * hy + dz * hz) / h
    return radial, transverse, normal


@kernel
def depth_in(shapes, track, radial_m, transverse_m, normal_m):  # type: ignore[no-untyped-def]
    axes_m = shapes.axes_m[track]
    x, y, z = abs(radial_m) / axes_m[0], abs(transverse_m) / axes_m[1], abs(normal_m) / axes_m[2]
    if shapes.kind[track] == SPHERE or shapes.kind[track] == ELLIPSOID:
        return math.sqrt(x * x + y * y + z * z) - 1.0
    return max(x, y, z) - 1.0
