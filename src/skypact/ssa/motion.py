"""The motions that a screening compares: element sets under SGP4, and owners' ephemerides.

A *track* is one element set or one ephemeris segment; tracks of one object are never
compared with each other. Times are SI seconds from the start of the screening.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.interpolation import ephemeris_state
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
        x, y, z, vx, vy, vz = ephemeris_state(
            s[TIME + k], motion.node_s, motion.node_r_teme_m, motion.node_v_teme_m_s,
            first, stop, degree, method,
        )  # fmt: skip
        s[X + k], s[Y + k], s[Z + k] = x, y, z
        s[VX + k], s[VY + k], s[VZ + k] = vx, vy, vz
        s[ERROR + k] = 0.0
