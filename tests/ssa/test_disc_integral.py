"""A Gaussian's integral over a disc against closed forms and SciPy's adaptive quadrature."""

from __future__ import annotations

from math import cos, expm1, pi, sin, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.ssa.disc_oracle import disc_quadrature

from skypact.ssa.disc_integral import WIDEST_RATIO, disc_probability


def one(*plane: float) -> float:
    return float(disc_probability(*(np.array([value]) for value in plane))[0])


@pytest.mark.parametrize("radius", [1e-9, 1e-3, 0.1, 1.0, 6.0, 6.4, 8.0])
def test_a_round_density_about_the_centre_has_the_rayleigh_distribution(radius):
    assert one(0.0, 0.0, 1.0, 1.0, radius) == pytest.approx(-expm1(-0.5 * radius**2), rel=1e-12)


@pytest.mark.parametrize("miss", [0.1, 1.0, 4.0, 9.0])
@pytest.mark.parametrize("radius", [1e-3, 0.5, 3.0, 6.2, 6.5, 12.0])
@pytest.mark.parametrize("angle", [0.0, 0.7, 0.5 * pi])
def test_a_round_density_beside_it_has_the_rice_distribution(miss, radius, angle):
    rice = stats.ncx2.cdf(radius**2, 2, miss**2)
    assert one(miss * cos(angle), miss * sin(angle), 1.0, 1.0, radius) == pytest.approx(
        rice, rel=1e-9
    )


@pytest.mark.parametrize("sigma_minor", [1e-4, 1e-5, 2e-6])
@pytest.mark.parametrize("miss", [0.0, 0.5, 0.9])
def test_a_needle_across_the_disc_is_a_chord(sigma_minor, miss):
    # Along the needle only; what the rim bends over the needle's width is left out.
    half_chord = sqrt(1.0 - miss**2)
    chord = stats.norm.cdf(half_chord / 0.3) - stats.norm.cdf(-half_chord / 0.3)
    assert one(0.0, miss, 0.3, sigma_minor, 1.0) == pytest.approx(chord, rel=1e2 * sigma_minor**2)


@pytest.mark.parametrize("sigma_minor", [1e-2, 1e-4, 1e-6])
def test_a_density_far_smaller_than_the_disc_is_inside_outside_or_halved(sigma_minor):
    sigma_major = 2.0 * sigma_minor
    assert one(0.3, 0.4, sigma_major, sigma_minor, 1.0) == pytest.approx(1.0, abs=1e-15)
    assert one(0.8, 0.9, sigma_major, sigma_minor, 1.0) == pytest.approx(0.0, abs=1e-15)
    # The rim is a straight line but for its bend within the density.
    assert one(0.6, 0.8, sigma_major, sigma_minor, 1.0) == pytest.approx(0.5, abs=sigma_minor)


sigma_ratio = st.floats(0.0, 10.0).map(lambda power: 10.0**power)
radius_in_sigmas = st.floats(-4.0, 6.0).map(lambda power: 10.0**power)
beyond = st.floats(-25.0, 25.0)


@settings(max_examples=300)
@given(sigma_ratio, radius_in_sigmas, st.floats(0.0, 0.5 * pi), beyond, beyond)
def test_agrees_with_adaptive_quadrature_over_its_domain(ratio, radius, angle, major, minor):
    # Centres around the disc's rim, within 25 sigmas of it: where the integral has a shape.
    plane = (radius * sin(angle) + major * ratio, radius * cos(angle) + minor, ratio, 1.0, radius)
    reference = disc_quadrature(*plane)
    assume(reference > 1e-290)
    assert one(*plane) == pytest.approx(reference, rel=1e-9)


@pytest.mark.parametrize("width", [19.999, 20.001])
@pytest.mark.parametrize(("major", "minor"), [(0.0, 0.0), (30.0, 1.0), (90.0, 14.0), (0.0, 25.0)])
def test_the_series_and_the_quadrature_meet_without_a_step(width, major, minor):
    # Where one hands over to the other, far into the tails too.
    plane = (major, minor, 10.0, 1.0, sqrt(2.0 * width))
    assert one(*plane) == pytest.approx(disc_quadrature(*plane), rel=1e-9)


planes = st.tuples(
    st.floats(-1e7, 1e7), st.floats(-1e7, 1e7), st.floats(1e-3, 1e7), st.floats(1e-3, 1e7),
    st.floats(0.0, 1e5) | st.just(float("inf")),
)  # fmt: skip


@given(planes)
def test_is_a_probability_or_unknown_and_never_depends_on_signs(plane):
    x, y, first, second, radius = plane
    major, minor = max(first, second), min(first, second)
    found = one(x, y, major, minor, radius)
    if radius <= WIDEST_RATIO * minor or radius == np.inf:
        assert 0.0 <= found <= 1.0
    else:
        assert np.isnan(found)
    assert one(-x, -y, major, minor, radius) == pytest.approx(found, rel=1e-12, nan_ok=True)


@given(planes, st.floats(1.0, 3.0))
def test_a_larger_body_is_never_hit_less(plane, growth):
    x, y, first, second, radius = plane
    major, minor = max(first, second), min(first, second)
    assume(growth * radius <= WIDEST_RATIO * minor)
    smaller = one(x, y, major, minor, radius)
    assert one(x, y, major, minor, growth * radius) >= smaller * (1.0 - 1e-11)


def test_the_radius_decides_alone_when_it_is_nothing_or_everything():
    assert one(1.0, 2.0, 3.0, 0.5, 0.0) == 0.0
    assert one(1.0, 2.0, 3.0, 0.5, np.inf) == 1.0


@pytest.mark.parametrize("place", range(5))
def test_what_is_unknown_stays_unknown_and_stops_no_other_row(place):
    rows = np.ones((2, 5))
    rows[0, place] = np.nan
    found = disc_probability(*rows.T)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(one(1.0, 1.0, 1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    "plane",
    [(0.0, 0.0, 1.0, 2.0, 1.0), (0.0, 0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0, -1.0),
     (np.inf, 0.0, 1.0, 1.0, 1.0), (0.0, 0.0, np.inf, 1.0, 1.0)],
)  # fmt: skip
def test_outside_its_domain_it_is_unknown(plane):
    assert np.isnan(one(*plane))


def test_thin_ellipses_of_any_ratio_hold():
    # Ratios of sigmas up to 1e10, as repaired covariances have them.
    density = 1.0 / (1e10 * sqrt(2.0 * pi))
    expected = density * pi * 25.0 / (2.0 * 5.0)  # mean chord times the flat density along it
    chords = disc_quadrature(0.0, 0.0, 1e10, 1.0, 5.0)
    assert one(0.0, 0.0, 1e10, 1.0, 5.0) == pytest.approx(chords, rel=1e-9)
    assert chords == pytest.approx(expected, rel=0.5)
