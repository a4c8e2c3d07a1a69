import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.astro.trigonometry import sincos, small_sincos
from skypact.base.kernel import kernel

# glibc's long double functions, and with them the whole comparison, have 11 more bits here.
wide = pytest.mark.skipif(
    np.finfo(np.longdouble).nmant < 63, reason="long double is no wider than double here"
)


@kernel
def _sincos_of(angles_rad, out):
    for i in range(angles_rad.shape[0]):
        out[i, 0], out[i, 1] = sincos(angles_rad[i])


@kernel
def _small_sincos_of(angles_rad, out):
    for i in range(angles_rad.shape[0]):
        out[i, 0], out[i, 1] = small_sincos(angles_rad[i])


def sincos_of(angles_rad):
    out = np.empty((len(angles_rad), 2))
    _sincos_of(angles_rad, out)
    return out


def error(found, angles_rad):
    longer = angles_rad.astype(np.longdouble)
    return np.abs(found - np.stack([np.sin(longer), np.cos(longer)], axis=1)).max()


def beside_the_zeros(rng, limit_rad):
    quarters = np.rint(rng.uniform(-limit_rad, limit_rad, 50_000) * 2.0 / np.pi)
    zeros_rad = quarters * (np.pi / 2.0)
    return np.concatenate([zeros_rad, np.nextafter(zeros_rad, np.inf), zeros_rad + 0.5 * np.pi / 2])


@wide
@pytest.mark.parametrize("limit_rad", [1.0, 10.0, 1e3, 1e6])
def test_is_within_its_error_of_a_longer_format(limit_rad):
    rng = np.random.default_rng(20241101)
    angles_rad = rng.uniform(-limit_rad, limit_rad, 200_000)
    # Quadrants change at odd multiples of an eighth turn, zeros lie at multiples of a quarter.
    angles_rad = np.concatenate([angles_rad, beside_the_zeros(rng, limit_rad)])
    assert error(sincos_of(angles_rad), angles_rad) < 1.8e-16


@wide
def test_beyond_its_domain_loses_no_more_than_the_angle_has_lost():
    angles_rad = np.random.default_rng(20241101).uniform(1e6, 1e7, 200_000)
    assert error(sincos_of(angles_rad), angles_rad) < np.spacing(1e7) / 2 + 1.8e-16


@wide
def test_small_angles_are_within_the_error_of_rounding():
    angles_rad = np.linspace(-0.1, 0.1, 100_001)
    found = np.empty((len(angles_rad), 2))
    _small_sincos_of(angles_rad, found)
    assert error(found, angles_rad) < 1e-16


@given(st.floats(-1e6, 1e6))
def test_lies_on_the_unit_circle_and_is_odd_and_even(angle_rad):
    (sine, cosine), (mirrored_sine, mirrored_cosine) = sincos_of(np.array([angle_rad, -angle_rad]))
    assert sine * sine + cosine * cosine == pytest.approx(1.0, abs=1e-15)
    assert (mirrored_sine, mirrored_cosine) == (-sine, cosine)


def test_exact_where_the_answer_is():
    assert sincos_of(np.array([0.0])).tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("angle_rad", [np.nan, np.inf, -np.inf])
def test_what_is_no_angle_has_no_sine(angle_rad):
    assert np.isnan(sincos_of(np.array([angle_rad]))).all()
