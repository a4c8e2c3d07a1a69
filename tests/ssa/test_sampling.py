"""The bounds of the sampling, held against `sgp4` itself at every second and over all regimes."""

import numpy as np
import pytest
from tests.ssa.sgp4_oracle import REGIMES, START, Body, elements_of, regime

from skypact.astro.sgp4_scratch import SCRATCH
from skypact.astro.time import tai_ns_from_utc
from skypact.ssa.sampling import (
    ACCEPTED_M,
    FINEST,
    LARGEST_KNOTS,
    PAD,
    SLAB,
    first_powers,
    interpolation_weights,
    sample_track,
)
from skypact.ssa.tracks import tracks_of

STEP_S = 30.0


def _sampled(tracks, track, slab_start):
    knots = np.empty((3, LARGEST_KNOTS))
    guess = first_powers(tracks.radius_m, tracks.speed_m_s, STEP_S)[track]
    power, error_m, jerk_m_s3 = sample_track(
        tracks.motion, track, slab_start, STEP_S, np.inf, guess, np.empty(SCRATCH), knots
    )
    return knots[:, : (SLAB >> power) + 2 * PAD + 1], power, error_m, jerk_m_s3


def _interpolated(knots, power):
    """Positions (n, 3) at every step of the slab from the eight nearest knots."""
    weights, out = interpolation_weights(), []
    for step in range(SLAB):
        first = (step >> power) + PAD - 3
        at = step - ((step >> power) << power)
        out.append(knots[:, first : first + 8] @ weights[power, :, at])
    return np.array(out)


@pytest.mark.parametrize("name", REGIMES)
def test_positions_between_knots_and_third_derivatives_keep_within_their_bounds(name):
    """At every step, and the derivative from differences over 90 s."""
    orbits, _, hours = regime(name)
    elements = elements_of(orbits[::2])
    tracks = tracks_of(
        elements,
        (),
        start_tai_ns=int(tai_ns_from_utc(np.array([START]))[0]),
        end_s=hours * 3600.0,
        mode="a",
    )
    times_s = STEP_S * np.arange(SLAB)
    for track, row in enumerate(tracks.rows):
        knots, power, error_m, jerk_m_s3 = _sampled(tracks, track, 0)
        body = Body(elements, row)
        apart_m = np.linalg.norm(_interpolated(knots, power) - body.many_r_m(times_s), axis=1)
        assert apart_m.max() <= error_m + 1e-3  # what SGP4 and `sgp4` may differ by
        assert error_m <= ACCEPTED_M or power == FINEST
        half_s = 15.0
        steps = [body.many_r_m(times_s + k * half_s) for k in (-3, -1, 1, 3)]
        third = steps[3] - 3.0 * steps[2] + 3.0 * steps[1] - steps[0]
        largest = np.linalg.norm(third, axis=1).max() / (2.0 * half_s) ** 3
        # Jumps are no derivative, nor is the 1e-12 rad to which SGP4 solves Kepler's equation.
        noise_m = error_m + 1e-12 * np.linalg.norm(steps[0], axis=1).max()
        assert largest <= jerk_m_s3 + 8.0 * noise_m / (2.0 * half_s) ** 3


def test_eight_nodes_carry_a_polynomial_of_the_seventh_degree():
    weights = interpolation_weights()
    nodes = np.arange(-3.0, 5.0)
    rng = np.random.default_rng(1)
    polynomial = np.polynomial.Polynomial(rng.normal(size=8))
    for power in range(7):
        at = np.arange(2**power) / 2**power
        found = weights[power, :, : 2**power].T @ polynomial(nodes)
        np.testing.assert_allclose(found, polynomial(at), rtol=1e-9, atol=1e-7)


def test_a_jump_between_two_knots_shows_in_an_eighth_difference_of_35_times_its_size():
    """The partial sums of the binomials 1, -8, 28, -56, 70: their largest is 35."""
    binomials = np.array([1, -8, 28, -56, 70, -56, 28, -8, 1])
    step = np.arange(24) >= 12
    differences = np.convolve(step, binomials, "valid")
    assert np.abs(differences).max() == 35
