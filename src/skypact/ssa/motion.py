"""The motions that a screening compares: element sets under SGP4, and owners' ephemerides.

A *track* is one element set or one ephemeris segment; tracks of one object are never
compared with each other. Times are SI seconds from the start of the screening.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.interpolation import ephemeris_state
from skypact.astro.sgp4_constants import EARTH_GM_M3_S2
from skypact.astro.sgp4_kernel import positions, states
from skypact.astro.sgp4_scratch import ERROR, TIME, VX, VY, VZ, X, Y, Z
from skypact.base.kernel import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

BEYOND_S = 180.0  # an ephemeris may be extrapolated this far, to sample its last steps


class Motion(NamedTuple):
    """Arrays from which any track can be evaluated at any time.

    Tracks 0..len(terms)-1 are element sets; the rest are ephemeris segments, whose rows of
    `segment` are (first row, stop row, degree, method) in the arrays of nodes.
    """

    terms: Floats
    epoch_s: Floats
    keep_nodes_positive: bool
    node_s: Floats
    node_r_teme_m: Floats
    node_v_teme_m_s: Floats
    segment: Integers


@kernel
def track_positions(motion, track, n, s):  # type: ignore[no-untyped-def]
    """Rows X, Y, Z of the scratch at the n <= BATCH times (s) in row TIME, which is used up.

    Returns how many of the times SGP4 reports an error for. NaN where a track has no position.
    """
    sets = motion.terms.shape[0]
    if track < sets:
        epoch_s = motion.epoch_s[track]
        for k in range(n):
            s[TIME + k] = (s[TIME + k] - epoch_s) / 60.0
        return positions(motion.terms[track], n, motion.keep_nodes_positive, s)
    _ephemeris(motion, track - sets, n, s)
    return 0


@kernel
def track_states(motion, track, n, s):  # type: ignore[no-untyped-def]
    """As `track_positions`, with velocities in rows VX, VY, VZ and SGP4's error in row ERROR."""
    sets = motion.terms.shape[0]
    if track < sets:
        epoch_s = motion.epoch_s[track]
        for k in range(n):
            s[TIME + k] = (s[TIME + k] - epoch_s) / 60.0
        states(motion.terms[track], n, motion.keep_nodes_positive, s)
    else:
        _ephemeris(motion, track - sets, n, s)


@kernel
def _ephemeris(motion, segment, n, s):  # type: ignore[no-untyped-def]
    first, stop, degree, method = motion.segment[segment]
    earliest_s = motion.node_s[first] - BEYOND_S
    latest_s = motion.node_s[stop - 1] + BEYOND_S
    for k in range(n):
        if not earliest_s <= s[TIME + k] <= latest_s:
            s[X + k], s[Y + k], s[Z + k] = np.nan, np.nan, np.nan
            s[VX + k], s[VY + k], s[VZ + k] = np.nan, np.nan, np.nan
            continue
        within_s = min(max(s[TIME + k], motion.node_s[first]), motion.node_s[stop - 1])
        x, y, z, vx, vy, vz = ephemeris_state(
            within_s, motion.node_s, motion.node_r_teme_m, motion.node_v_teme_m_s,
            first, stop, degree, method,
        )  # fmt: skip
        if within_s != s[TIME + k]:
            x, y, z = _fallen(x, y, z, vx, vy, vz, s[TIME + k] - within_s)
        s[X + k], s[Y + k], s[Z + k] = x, y, z
        s[VX + k], s[VY + k], s[VZ + k] = vx, vy, vz
        s[ERROR + k] = 0.0


@kernel
def _fallen(x, y, z, vx, vy, vz, later_s):  # type: ignore[no-untyped-def]
    """Position some seconds later of a body that falls freely: a step of Runge and Kutta.

    An ephemeris's own polynomial grows without limit beyond its ends. What is asked for there
    only tells the sampling how the motion bends.
    """
    half_s = 0.5 * later_s
    ax, ay, az = _gravity(x, y, z)
    bx, by, bz = _gravity(x + half_s * vx, y + half_s * vy, z + half_s * vz)
    cx, cy, cz = _gravity(
        x + half_s * (vx + half_s * ax), y + half_s * (vy + half_s * ay),
        z + half_s * (vz + half_s * az),
    )  # fmt: skip
    sixth = later_s * later_s / 6.0
    return (
        x + later_s * vx + sixth * (ax + bx + cx),
        y + later_s * vy + sixth * (ay + by + cy),
        z + later_s * vz + sixth * (az + bz + cz),
    )


@kernel
def _gravity(x, y, z):  # type: ignore[no-untyped-def]
    square = x * x + y * y + z * z
    share = -EARTH_GM_M3_S2 / (square * math.sqrt(square))
    return share * x, share * y, share * z
