"""Maximum probability against closed forms, another integral and published SOCRATES rows."""

from __future__ import annotations

import csv
from math import e, exp, log, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from skypact.ssa.maximum_probability import (
    DEFAULT_RADIUS_M,
    maximum_probability,
    projected_aspect_ratio,
)

AUTHORITIES = Path(__file__).parents[1] / "authorities"


def largest(miss_m: float, radius_m: float, ratio: float) -> tuple[float, float]:
    probability, sigma_m = maximum_probability(
        np.array([miss_m]), np.array([radius_m]), np.array([ratio])
    )
    return float(probability[0]), float(sigma_m[0])


@pytest.mark.parametrize("ratio", [1.0, 1.5, 3.0, 10.0])
def test_a_small_object_has_the_maximum_of_a_constant_density(ratio):
    # k R² / (2 σ'²) exp(-d² / 2σ'²) with σ' = kσ is largest at σ' = d / √2.
    probability, sigma_m = largest(5000.0, 0.5, ratio)
    assert probability == pytest.approx(ratio * (0.5 / 5000.0) ** 2 / e, rel=1e-6)
    assert sigma_m == pytest.approx(5000.0 / sqrt(2.0) / ratio, rel=1e-6)


@pytest.mark.parametrize("relative", [0.1, 0.5, 0.9])
def test_an_endless_ellipse_has_the_maximum_of_a_chord(relative):
    # Only the line through both centres is left: Φ((d+R)/s) - Φ((d-R)/s), largest at this s.
    s = sqrt(2.0 * relative / log((1.0 + relative) / (1.0 - relative)))
    chord = stats.norm.cdf((1.0 + relative) / s) - stats.norm.cdf((1.0 - relative) / s)
    probability, sigma_m = largest(1.0, relative, 1e5)
    assert probability == pytest.approx(chord, rel=1e-8)
    assert sigma_m * 1e5 == pytest.approx(s, rel=1e-4)


@pytest.mark.parametrize("relative", [0.01, 0.3, 0.8, 0.97])
def test_a_round_covariance_has_the_maximum_of_the_rice_distribution(relative):
    def rice(log_sigma: float) -> float:
        sigma = exp(log_sigma)
        return float(stats.ncx2.cdf((relative / sigma) ** 2, 2, (1.0 / sigma) ** 2))

    best = optimize.minimize_scalar(
        lambda x: -rice(x), bounds=(log(0.05), log(1.5)), method="bounded", options={"xatol": 1e-9}
    )
    probability, sigma_m = largest(1.0, relative, 1.0)
    assert probability == pytest.approx(rice(best.x), rel=1e-9)
    assert sigma_m == pytest.approx(exp(best.x), rel=1e-4)


def integral(sigma: float, radius: float, ratio: float) -> float:
    def density(y: float, x: float) -> float:
        return exp(-0.5 * ((x - 1.0) / (ratio * sigma)) ** 2 - 0.5 * (y / sigma) ** 2)

    def half_chord(x: float) -> float:
        return sqrt(max(radius * radius - x * x, 0.0))

    whole, _ = integrate.dblquad(
        density, -radius, radius, lambda x: -half_chord(x), half_chord, epsabs=0.0, epsrel=1e-9
    )
    return whole / (2.0 * pi * ratio * sigma * sigma)


@pytest.mark.parametrize(("radius", "ratio"), [(0.02, 3.0), (0.4, 1.5), (0.9, 3.0), (0.99, 2.0)])
def test_agrees_with_the_double_integral_at_its_top(radius, ratio):
    probability, sigma_m = largest(1.0, radius, ratio)
    assert probability == pytest.approx(integral(sigma_m, radius, ratio), rel=1e-8)
    for step in (0.97, 1.03):
        assert integral(sigma_m * step, radius, ratio) < probability


def test_objects_that_touch_at_closest_approach_meet_for_certain():
    assert largest(8.0, 8.0, 2.0) == (1.0, 0.0)
    assert largest(0.0, 2.0, 3.0) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("miss_m", "radius_m", "ratio"),
    [(np.nan, 1, 1), (1, np.nan, 1), (1, 1, np.nan), (-1, 1, 1), (1, 0, 1), (1, 1, 0.9)],
)
def test_a_row_that_cannot_be_computed_is_unknown_and_stops_no_other(miss_m, radius_m, ratio):
    probability, sigma_m = maximum_probability(
        np.array([miss_m, 1000.0]), np.array([radius_m, 1.0]), np.array([ratio, 1.0])
    )
    assert np.isnan([probability[0], sigma_m[0]]).all()
    assert probability[1] == pytest.approx(1e-6 / e, rel=1e-5)


@given(st.floats(1e-6, 1.0 - 1e-9), st.floats(1.0, 20.0), st.floats(0.1, 1e4), st.floats(0.2, 5.0))
def test_no_other_size_of_the_covariance_gives_more(relative, ratio, miss_m, factor):
    probability, sigma_m = largest(miss_m, relative * miss_m, ratio)
    assert 0.0 < probability < 1.0
    # The Rice distribution is the closed form at ratio 1; any ellipse holds at least as much.
    sigma = sigma_m * ratio * factor / miss_m
    rice = stats.ncx2.cdf((relative / sigma) ** 2, 2, (1.0 / sigma) ** 2)
    assert probability >= rice * (1.0 - 1e-9) - 1e-14


@given(st.floats(1e-3, 0.999), st.floats(1.0, 20.0))
def test_does_not_care_about_the_unit_of_length(relative, ratio):
    near, far = largest(1.0, relative, ratio), largest(1e4, relative * 1e4, ratio)
    assert far[0] == pytest.approx(near[0], rel=1e-9)
    assert far[1] == pytest.approx(near[1] * 1e4, rel=1e-6)


def crossing(relative_speed_m_s: float, speed_m_s: float = 7500.0) -> np.ndarray:
    """Two circular orbits through one point, radially up, that cross at this relative speed."""
    half_rad = np.arcsin(min(0.5 * relative_speed_m_s / speed_m_s, 1.0))
    r_m = np.array([[7.0e6, 0.0, 0.0]])
    v_m_s = speed_m_s * np.array([[0.0, np.cos(half_rad), np.sin(half_rad)]])
    ratio = projected_aspect_ratio(r_m, v_m_s, r_m, v_m_s * [1.0, 1.0, -1.0])
    return ratio


def test_head_on_the_long_axes_of_both_objects_are_seen_end_on():
    assert crossing(15_000.0) == pytest.approx(1.0)


def test_side_by_side_the_long_axes_are_seen_in_full():
    assert crossing(1.0) == pytest.approx(3.0, rel=1e-6)


def test_without_relative_motion_the_ratio_is_unknown():
    r_m, v_m_s = np.array([[7e6, 0.0, 0.0]]), np.array([[0.0, 7500.0, 0.0]])
    assert np.isnan(projected_aspect_ratio(r_m, v_m_s, r_m, v_m_s)).all()


def socrates_rows() -> list[dict[str, str]]:
    lines = (AUTHORITIES / "socrates_rows.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", socrates_rows(), ids=lambda row: row["OBJECT_NAME_1"])
def test_agrees_with_published_rows_of_small_objects(row):
    # The states are not published, so both orbits are taken as circular at 7.443 km/s, the
    # speed at RESOURCESAT-2A's 817 km; the other distance has too few digits to tell.
    ratio = crossing(float(row["TCA_RELATIVE_SPEED"]) * 1e3, 7443.0)
    miss_m = float(row["TCA_RANGE"]) * 1e3 + np.array([-0.5, 0.5])
    probability, sigma_m = maximum_probability(
        miss_m, np.full(2, 2.0 * DEFAULT_RADIUS_M), np.repeat(ratio, 2)
    )
    assert probability[1] <= float(row["MAX_PROB"]) <= probability[0]
    assert sigma_m == pytest.approx(float(row["DILUTION"]) * 1e3, abs=2.0)
