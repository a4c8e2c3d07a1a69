"""The largest collision probability that any covariance of a given shape could give."""

from __future__ import annotations

from dataclasses import replace
from math import asin, cos, erfc, exp, log, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.sgp4 import propagate, sgp4_model
from skypact.astro.time import seconds_since, tai_ns_from_utc
from skypact.base.kernel import inlined, kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.conjunctions import Conjunctions
    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

SIGMAS_RTN_M = (100.0, 300.0, 100.0)
"""Shape of one object's covariance in its radial, transverse, normal frame.

Source: CelesTrak SOCRATES, notes below its tables (radial, in-track, cross-track).
"""

DEFAULT_RADIUS_M = 1.0
"""Radius of an object whose size is not known.

Source: published SOCRATES rows of small objects follow from a combined radius of 2 m within
their printed digits (tests/authorities/socrates_rows.csv).
"""

WIDEST_ASPECT_RATIO = 3.0
"""The largest ratio that `SIGMAS_RTN_M` can project to, whatever the geometry."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_NODES = 0.5 * (_NODES + 1.0)  # on 0..1: the integrand is even
_WEIGHTS = 0.5 * _WEIGHTS
_REACH = 8.5  # sigmas beyond which a normal density holds less than 2e-17
_ITERATIONS = 60


def maximum_probability(
    miss_distance_m: Floats, combined_radius_m: Floats, aspect_ratio: Floats
) -> tuple[Floats, Floats]:
    """Largest probability that two spheres meet, and the sigma that gives it, both of shape (n,).

    The joint covariance in the encounter plane has the given ratio of major to minor axis
    (1 or more), its major axis along the miss, and whatever size makes the probability
    largest; the sigma returned is that of the minor axis, in metres. More data lower the
    probability only below that sigma: it is the threshold of dilution.

    Where the combined radius reaches the miss distance the probability is 1 at a sigma of
    0. A row whose numbers are not finite, or outside these ranges, is NaN.

    Source: Alfano (2005), "Relating Position Uncertainty to Maximum Conjunction
    Probability". The maximum is sought on the exact integral, not on its power series.

    >>> one = np.ones(1)
    >>> probability, sigma_m = maximum_probability(1000 * one, one, one)
    >>> print(f"{probability[0]:.4e} {sigma_m[0]:.2f}")  # 1 / (1000² e) and 1000 / √2
    3.6788e-07 707.11
    """
    miss_m, radius_m, ratio = (
        np.ascontiguousarray(column, np.float64)
        for column in np.broadcast_arrays(miss_distance_m, combined_radius_m, aspect_ratio)
    )
    probability, sigma_m = np.empty_like(miss_m), np.empty_like(miss_m)
    _maximum_probability(miss_m, radius_m, ratio, probability, sigma_m)
    return probability, sigma_m


def maximum_probabilities(
    conjunctions: Conjunctions, elements: Elements, *, radii_m: Floats, mode: Mode
) -> tuple[Floats, Floats]:
    """Maximum probability and threshold of dilution of every row, both of shape (rows,).

    `radii_m` has shape (rows, 2): primary, secondary. The shape of the covariance is
    `projected_aspect_ratio` of the states at closest approach; where one of them does not
    come from `elements` it is `WIDEST_ASPECT_RATIO`, which gives an upper bound.
    """
    ratio = np.full(len(conjunctions), WIDEST_ASPECT_RATIO)
    known = (conjunctions.primary_elements >= 0) & (conjunctions.secondary_elements >= 0)
    tca_tai_ns = tai_ns_from_utc(
        conjunctions.tca_utc, in_leap_second=conjunctions.tca_in_leap_second
    )[known]
    if known.any():
        states = [
            _states_at(elements, rows[known], tca_tai_ns, mode)
            for rows in (conjunctions.primary_elements, conjunctions.secondary_elements)
        ]
        found = projected_aspect_ratio(*states[0], *states[1])
        ratio[known] = np.where(np.isnan(found), WIDEST_ASPECT_RATIO, found)
    return maximum_probability(conjunctions.miss_distance_m, radii_m.sum(axis=1), ratio)


def _states_at(
    elements: Elements, rows: Integers, tai_ns: Integers, mode: Mode
) -> tuple[Floats, Floats]:
    """TEME position and velocity of element set `rows[i]` at `tai_ns[i]`."""
    origin_tai_ns = int(tai_ns.min())
    used, which = np.unique(rows, return_inverse=True)
    model = sgp4_model(elements[used], origin_tai_ns=origin_tai_ns, mode=mode)
    times_s = seconds_since(tai_ns, origin_tai_ns)
    r_m, v_m_s = np.empty((len(rows), 3)), np.empty((len(rows), 3))
    order = np.argsort(which, kind="stable")
    for one, same in enumerate(np.split(order, np.cumsum(np.bincount(which))[:-1])):
        alone = replace(
            model, terms=model.terms[one : one + 1], epoch_s=model.epoch_s[one : one + 1]
        )
        states = propagate(alone, times_s[same])
        r_m[same], v_m_s[same] = states.r_teme_m[0], states.v_teme_m_s[0]
    return r_m, v_m_s


def projected_aspect_ratio(
    r_primary_m: Floats, v_primary_m_s: Floats, r_secondary_m: Floats, v_secondary_m_s: Floats
) -> Floats:
    """Ratio of the axes of both objects' `SIGMAS_RTN_M`, seen along the relative velocity.

    States have shape (n, 3) in one inertial frame; the result has shape (n,) and lies
    between 1 and 3. Where there is no relative velocity the ratio is NaN.
    """
    joint = _covariance(r_primary_m, v_primary_m_s) + _covariance(r_secondary_m, v_secondary_m_s)
    along = v_secondary_m_s - v_primary_m_s
    with np.errstate(invalid="ignore", divide="ignore"):
        along = along / np.linalg.norm(along, axis=1, keepdims=True)
        # Two axes across the motion: any will do, the eigenvalues do not depend on them.
        least = np.eye(3)[np.argmin(np.abs(along), axis=1)]
        first = np.cross(along, least)
        first /= np.linalg.norm(first, axis=1, keepdims=True)
    plane = np.stack([first, np.cross(along, first)], axis=1)
    projected = plane @ joint @ plane.transpose(0, 2, 1)
    half_trace = 0.5 * (projected[:, 0, 0] + projected[:, 1, 1])
    half_spread = np.hypot(0.5 * (projected[:, 0, 0] - projected[:, 1, 1]), projected[:, 0, 1])
    ratio: Floats = np.sqrt((half_trace + half_spread) / (half_trace - half_spread))
    return ratio


def _covariance(r_m: Floats, v_m_s: Floats) -> Floats:
    radial = r_m / np.linalg.norm(r_m, axis=1, keepdims=True)
    normal = np.cross(r_m, v_m_s)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    axes = np.stack([radial, np.cross(normal, radial), normal], axis=2)
    covariance: Floats = (axes * np.square(SIGMAS_RTN_M)) @ axes.transpose(0, 2, 1)
    return covariance


@inlined
def _integral(sigma: float, radius: float, ratio: float) -> tuple[float, float]:
    """Probability and its derivative by log sigma; lengths in units of the miss distance."""
    # Strips across the minor axis: each is a difference of two tails along the major axis,
    # smooth also where sigma is far smaller than the radius.
    widest = asin(min(1.0, _REACH * sigma / radius))
    major = ratio * sigma
    probability = 0.0
    slope = 0.0
    for k in range(_NODES.shape[0]):
        angle = widest * _NODES[k]
        across = radius * sin(angle) / sigma
        half_chord = radius * cos(angle)
        near = (1.0 - half_chord) / (sqrt(2.0) * major)
        far = (1.0 + half_chord) / (sqrt(2.0) * major)
        density = _WEIGHTS[k] * widest * half_chord / sigma * exp(-0.5 * across * across)
        strip = 0.5 * (erfc(near) - erfc(far))
        strip_slope = (near * exp(-near * near) - far * exp(-far * far)) / sqrt(pi)
        probability += density * strip
        slope += density * (strip_slope + (across * across - 1.0) * strip)
    scale = 2.0 / sqrt(2.0 * pi)
    return scale * probability, scale * slope


@inlined
def _best_sigma(radius: float, ratio: float) -> float:
    """Sigma of the minor axis that gives the largest probability, for a miss distance of 1."""
    # A small radius has its maximum at 1/√2 along the major axis, an endless ellipse at most
    # at 1. Near contact only the rounding of the radius keeps sigma from 0, and sigma goes
    # with the square root of the gap.
    low, high = log(0.1 * sqrt(1.0 - radius) / ratio), log(1.5 / ratio)
    slope_low = _log_slope(low, radius, ratio)
    slope_high = _log_slope(high, radius, ratio)
    middle = log(1.0 / (sqrt(2.0) * ratio))
    for _ in range(_ITERATIONS):
        slope = _log_slope(middle, radius, ratio)
        if slope > 0.0:
            low, slope_low, slope_high = middle, slope, slope_high * 0.5
        else:
            high, slope_high, slope_low = middle, slope, slope_low * 0.5
        previous = middle
        # False position; halving the end that stays (Illinois) makes both ends move.
        middle = low + (high - low) * slope_low / (slope_low - slope_high)
        if abs(middle - previous) < 1e-9:
            break
    return exp(middle)


@inlined
def _log_slope(log_sigma: float, radius: float, ratio: float) -> float:
    probability, slope = _integral(exp(log_sigma), radius, ratio)
    return slope / probability


@kernel
def _maximum_probability(
    miss_m: Floats, radius_m: Floats, ratio: Floats, probability: Floats, sigma_m: Floats
) -> None:
    for i in range(miss_m.shape[0]):
        miss, radius, shape = miss_m[i], radius_m[i], ratio[i]
        if not (0.0 <= miss < np.inf and 0.0 < radius < np.inf and 1.0 <= shape < np.inf):
            probability[i], sigma_m[i] = np.nan, np.nan
        elif radius >= miss:
            probability[i], sigma_m[i] = 1.0, 0.0
        else:
            sigma = _best_sigma(radius / miss, shape)
            probability[i] = _integral(sigma, radius / miss, shape)[0]
            sigma_m[i] = sigma * miss
