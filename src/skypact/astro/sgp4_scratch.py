"""The memory that SGP4's phases share: rows of one flat array, one column per time."""

from __future__ import annotations

BATCH = 128

# Error of a time, as the reference implementations number them.
ECCENTRICITY_OUT, MEAN_MOTION_OUT, PERTURBED_OUT, SEMILATUS_OUT, DECAYED = 1.0, 2.0, 3.0, 4.0, 6.0

# Scratch rows, as offsets into one flat array: with constant distances between the rows the
# compiler can prove that they do not overlap, and only then does it vectorise.
(TIME, X, Y, Z, VX, VY, VZ, ERROR, AM, AXN, AYN, U, NODE, INC, NM, E, SINE, COSE, SINI,
 COSI, ARGP, MEAN, ECC, PINC, PH, PGH, STEP) = range(0, 27 * BATCH, BATCH)  # fmt: skip
SCRATCH = 27 * BATCH
