"""First phase of a screening: positions on a fine grid of steps, with a bound on their error.

Each track is evaluated at knots 2^c steps apart and interpolated by the polynomial through
the eight nearest. The knots themselves tell how far that can be trusted. In a window of nine
knots let D be the eighth difference. If the motion is smooth there, the interpolation error
is at most 0.00107 max|D| (remainder of Lagrange's formula in the middle interval, with h^8
times the eighth derivative standing for D). If the motion jumps by J inside the middle
interval, a difference of at least 35 J appears in one of the windows around it. So
`0.05 max|D|` bounds both: 47 times the smooth error, and 1.75 times any jump. A track whose
bound is too large at its spacing gets knots at half of it, down to one per step, where there is
nothing left to interpolate and the bound stands for jumps alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.sgp4_scratch import BATCH, SCRATCH, TIME, X, Y, Z
from skypact.base.kernel import kernel
from skypact.ssa.motion import track_positions

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

BLOCK = 32  # steps that are interpolated at once
_RUN = 8  # steps that one set of eight knots serves in vector lanes
SLAB = 256  # steps that one set of knots serves
_RUN_POWER = 3
FINEST, COARSEST = 0, 6  # powers of two of the steps between knots
_TILE = 16
PAD = 4  # knots beyond each end of a slab
BOUND_PER_DIFFERENCE = 0.05
ACCEPTED_M = 25.0
THIRD_DERIVATIVE_SAFETY = 1.5
LARGEST_KNOTS = SLAB + 2 * PAD + 1


class Sampled(NamedTuple):
    """What is known of a slab's tracks: track t has knots[offsets[t]:offsets[t + 1]].

    First all x of a track, then y, z; they are 2**powers[t] steps
    apart. `error_m` bounds the error of
    positions between knots, `jerk_m_s3` the third derivative.
    """

    knots: Floats
    offsets: npt.NDArray[np.int64]
    powers: npt.NDArray[np.int64]
    error_m: Floats
    jerk_m_s3: Floats


def interpolation_weights() -> Floats:
    """Weights of eight equidistant nodes at -3..4, shape (7, 8, 64).

    Row c serves knots 2^c steps apart: [c, j, f] is the weight of node j, f steps into the
    middle interval.
    """
    nodes = np.arange(-3.0, 5.0)
    weights = np.zeros((COARSEST + 1, 8, 2**COARSEST))
    for c in range(COARSEST + 1):
        at = np.arange(2**c) / 2**c
        for j, node in enumerate(nodes):
            others = np.delete(nodes, j)
            weights[c, j, : 2**c] = np.prod((at[:, None] - others) / (node - others), axis=1)
    return weights


def first_powers(radius_m: Floats, speed_m_s: Floats, step_s: float) -> npt.NDArray[np.int64]:
    """Spacing of knots to try first, as a power of two of steps, from perigee distance and speed.

    A guess that the measured bound corrects; it only saves evaluations.
    """
    per_step = speed_m_s / radius_m * step_s
    wanted = (ACCEPTED_M / BOUND_PER_DIFFERENCE / radius_m / 4.0) ** 0.125 / per_step
    powers: npt.NDArray[np.int64] = np.round(np.log2(np.maximum(wanted, 1.0))).astype(np.int64)
    return np.clip(powers, FINEST, COARSEST)


@kernel
def sample_track(motion, track, slab_start, step_s, fails_s, power, s, knots):  # type: ignore[no-untyped-def]
    """Knots of one track over a slab, at the widest spacing that is good enough.

    Fills knots[axis, :count]; knot 0 stands PAD spacings before the slab. Returns the spacing
    as a power, the bound on the position error (m) and a bound on the third derivative (m/s3).
    A slab that reaches beyond `fails_s`, or any knot without a position, makes it the finest.
    """
    if (slab_start + SLAB + (PAD << power)) * step_s > fails_s:
        power = FINEST
    while True:
        count = (SLAB >> power) + 2 * PAD + 1
        for start in range(0, count, BATCH):
            n = min(BATCH, count - start)
            for k in range(n):
                s[TIME + k] = (slab_start + ((start + k - PAD) << power)) * step_s
            track_positions(motion, track, n, s)
            for k in range(n):
                knots[0, start + k] = s[X + k]
                knots[1, start + k] = s[Y + k]
                knots[2, start + k] = s[Z + k]
        error_m = BOUND_PER_DIFFERENCE * _largest_eighth_difference(knots, count)
        # Where a knot is missing (SGP4 fails there) nothing may be interpolated across it.
        whole = not np.isnan(knots[0, :count]).any()
        if (error_m <= ACCEPTED_M and whole) or power == FINEST:
            break
        power = power - 1 if whole else FINEST
    apart_s = (1 << power) * step_s
    jerk = THIRD_DERIVATIVE_SAFETY * _largest_third_difference(knots, count) / apart_s**3
    return power, error_m, jerk


@kernel
def _largest_eighth_difference(knots, count):  # type: ignore[no-untyped-def]
    largest = 0.0
    for k in range(count - 8):
        square = 0.0
        for axis in range(3):
            f = knots[axis]
            d = (
                f[k] + f[k + 8] - 8.0 * (f[k + 1] + f[k + 7]) + 28.0 * (f[k + 2] + f[k + 6])
                - 56.0 * (f[k + 3] + f[k + 5]) + 70.0 * f[k + 4]
            )  # fmt: skip
            square += d * d
        # Written so that a window with NaN (beyond a track's end) does not count.
        largest = square if square > largest else largest
    return np.sqrt(largest)


@kernel
def _largest_third_difference(knots, count):  # type: ignore[no-untyped-def]
    largest = 0.0
    for k in range(count - 3):
        square = 0.0
        for axis in range(3):
            f = knots[axis]
            d = f[k + 3] - f[k] - 3.0 * (f[k + 2] - f[k + 1])
            square += d * d
        largest = square if square > largest else largest
    return np.sqrt(largest)


@kernel
def fill_block(  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912
    knots, offsets, powers, weights, first_step, ring, slot
):
    """Positions of all tracks at steps first_step..first_step+BLOCK-1 of the slab.

    They go to ring[slot], ring[slot + 1], …, each of shape (3, track), single precision.
    `first_step` is a multiple of BLOCK, from -BLOCK to SLAB. Steps that the knots do not reach
    (all but -1 and SLAB outside the slab) are NaN.
    """
    count = offsets.shape[0] - 1
    # A tile of tracks is computed track by track and written step by step, both contiguous.
    tile = np.empty(3 * BLOCK * _TILE, np.float32)
    # A run of positions, then the weights in use: one array, so that the compiler sees that
    # writing the one leaves the other alone.
    line = np.empty(9 * _RUN)
    in_use = -1
    # As many lanes as a run has steps, said so that the compiler cannot know: a loop of known
    # length it unrolls, and then does not vectorise.
    lanes = min(_RUN, max(weights.shape[2], 1))
    for start in range(0, count, _TILE):
        width = min(_TILE, count - start)
        for t in range(width):
            low, power = offsets[start + t], powers[start + t]
            size = (SLAB >> power) + 2 * PAD + 1
            for run in range(0, BLOCK, _RUN):
                step = first_step + run
                whole = step >> power
                first, at = whole + PAD - 3, step - (whole << power)
                wide = power >= _RUN_POWER and first >= 0 and first + 7 < size
                if wide and in_use != power + at * 8:
                    in_use = power + at * 8
                    _use_weights(weights, power, at, line)
                for axis in range(3):
                    base = low + axis * size
                    if wide:
                        f = base + first
                        f0, f1, f2, f3 = knots[f], knots[f + 1], knots[f + 2], knots[f + 3]
                        f4, f5, f6, f7 = knots[f + 4], knots[f + 5], knots[f + 6], knots[f + 7]
                        for k in range(lanes):
                            line[k] = (
                                (line[_RUN + k] * f0 + line[2 * _RUN + k] * f1)
                                + (line[3 * _RUN + k] * f2 + line[4 * _RUN + k] * f3)
                            ) + (
                                (line[5 * _RUN + k] * f4 + line[6 * _RUN + k] * f5)
                                + (line[7 * _RUN + k] * f6 + line[8 * _RUN + k] * f7)
                            )  # fmt: skip
                    else:
                        _interpolate_narrow(knots, base, size, power, weights, step, line)
                    place = (axis * BLOCK + run) * _TILE + t
                    for k in range(_RUN):
                        tile[place + k * _TILE] = line[k]
        for k in range(BLOCK):
            for axis in range(3):
                row = ring[slot + k, axis]
                place = (axis * BLOCK + k) * _TILE
                if width == _TILE:
                    for t in range(_TILE):
                        row[start + t] = tile[place + t]
                else:
                    for t in range(width):
                        row[start + t] = tile[place + t]


@kernel
def _use_weights(weights, power, at, line):  # type: ignore[no-untyped-def]
    for j in range(8):
        for k in range(_RUN):
            line[(j + 1) * _RUN + k] = weights[power, j, at + k]


@kernel
def _interpolate_narrow(knots, base, size, power, weights, first_step, line):  # type: ignore[no-untyped-def]
    """One coordinate of a track with knots closer than a block, or at the knots' ends."""
    for k in range(_RUN):
        step = first_step + k
        whole = step >> power
        first, at = whole + PAD - 3, step - (whole << power)
        if first < 0 or first + 7 >= size:
            line[k] = np.nan
        elif power == 0:
            line[k] = knots[base + first + 3]
        else:
            total = 0.0
            for j in range(8):
                total += weights[power, j, at] * knots[base + first + j]
            line[k] = total


@kernel
def sample_slab(motion, tracks, slab_start, step_s, fails_s, guess, sampled):  # type: ignore[no-untyped-def]
    """Sample the numbered tracks over one slab into `sampled`; False if its knots do not fit."""
    s = np.empty(SCRATCH)
    work = np.empty((3, LARGEST_KNOTS))
    offsets = sampled.offsets
    offsets[0] = 0
    for t in range(tracks.shape[0]):
        i = tracks[t]
        sampled.powers[t], sampled.error_m[t], sampled.jerk_m_s3[t] = sample_track(
            motion, i, slab_start, step_s, fails_s[i], guess[i], s, work
        )
        count = (SLAB >> sampled.powers[t]) + 2 * PAD + 1
        offsets[t + 1] = offsets[t] + 3 * count
        if offsets[t + 1] > sampled.knots.shape[0]:
            return False
        for axis in range(3):
            for k in range(count):
                sampled.knots[offsets[t] + axis * count + k] = work[axis, k]
    return True


@kernel
def radial_range(sampled, nearest_m, farthest_m):  # type: ignore[no-untyped-def]
    """How near to and far from the Earth's centre each track can be in the slab.

    Between two knots a path leaves their chord by at most an eighth of its bend, the second
    difference; half as much again is allowed for its change, and the sampling error.
    """
    for t in range(sampled.error_m.shape[0]):
        size = (SLAB >> sampled.powers[t]) + 2 * PAD + 1
        x, y, z = sampled.offsets[t], sampled.offsets[t] + size, sampled.offsets[t] + 2 * size
        knots = sampled.knots
        low, high, bend = np.inf, 0.0, 0.0
        for k in range(size):
            r = np.sqrt(knots[x + k] ** 2 + knots[y + k] ** 2 + knots[z + k] ** 2)
            low, high = (r if r < low else low), (r if r > high else high)
            if 0 < k < size - 1:
                square = 0.0
                for f in (x + k, y + k, z + k):
                    square += (knots[f + 1] - 2.0 * knots[f] + knots[f - 1]) ** 2
                bend = square if square > bend else bend
        slack = 1.5 / 8.0 * np.sqrt(bend) + sampled.error_m[t]
        nearest_m[t], farthest_m[t] = low - slack, high + slack
