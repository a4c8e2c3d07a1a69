"""Where two uncertain orbits overlap most, and the relative motion linearised there."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.equinoctial import (
    H,
    K,
    N,
    elements_from_states,
    write_partials,
)
from skypact.base.kernel import kernel
from skypact.ssa.covariance import CLIPPING_RATIO
from skypact.ssa.small_matrices import solved, squared_length, write_cholesky

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.encounters import Encounters

    Floats = npt.NDArray[np.float64]

_NOISE = 1e-14  # of a variance
_MOST_STEPS = 60
_MOST_HALVINGS = 30
# Cosine of the inclination: at 180 degrees the elements are singular.
_MOST_RETROGRADE = -0.98
_STEP_TOLERANCE = 1e-3  # sigmas of the relative position


class ElementPairs(NamedTuple):
    """Both objects of n encounters as equinoctial elements at TCA, one set after the other.

    `means` is (n, 12), `covariances` (n, 12, 12) with the cross-covariance in the blocks off
    the diagonal. Rows whose covariance or ellipse is unknown are NaN. Covariances that were
    not positive definite are repaired: `negative_ratio` (n,) is the largest negative variance
    that was taken away, in units of a correlation, and `floor_m2` (n,) the variance that
    their positions have at least; both are zero for the others.
    """

    means: Floats
    covariances: Floats
    floor_m2: Floats
    negative_ratio: Floats


def element_pairs(encounters: Encounters) -> ElementPairs:
    """The two objects' distributions, taken as Gaussian in equinoctial elements.

    Orbit errors stay Gaussian in elements long after they have bent into a banana in
    Cartesian coordinates; the covariances are carried over with the partial derivatives at
    the means.

    Source: Sabol et al. (2010), "Linearized Orbit Covariance Generation and Propagation
    Analysis via Simple Monte Carlo Simulations", AAS 10-134.
    """
    rows, axes = len(encounters), _regular_axes(encounters)
    means, inverse = np.empty((rows, 12)), np.zeros((rows, 12, 12))
    for part, r_m, v_m_s in (
        (slice(0, 6), encounters.r1_m, encounters.v1_m_s),
        (slice(6, 12), encounters.r2_m, encounters.v2_m_s),
    ):
        turned = [np.einsum("nij,nj->ni", axes, vector) for vector in (r_m, v_m_s)]
        means[:, part] = elements_from_states(*turned)
        inverse[:, part, part] = _inverse_partials(means[:, part])
        for block in (
            inverse[:, part, part.start : part.start + 3],
            inverse[:, part, part.start + 3 : part.stop],
        ):
            block[:] = block @ axes
    joint = np.empty((rows, 12, 12))
    joint[:, :6, :6], joint[:, 6:, 6:] = encounters.covariances1, encounters.covariances2
    joint[:, :6, 6:] = encounters.cross_covariances
    joint[:, 6:, :6] = encounters.cross_covariances.transpose(0, 2, 1)
    # Nobody knows two orbits without any error: such numbers stand for unknown. And a matrix
    # that is partly unknown must not come to repair.
    zero = (joint == 0.0).all(axis=(1, 2))
    joint[zero | ~np.isfinite(joint).all(axis=(1, 2))] = np.nan
    covariances, negative = _without_negative_variance(joint)
    least_m = CLIPPING_RATIO * encounters.hard_body_radius_m
    return ElementPairs(
        means,
        inverse @ covariances @ inverse.transpose(0, 2, 1),
        np.where(negative > 0.0, least_m * least_m, 0.0),
        negative,
    )


def _without_negative_variance(joint: Floats) -> tuple[Floats, Floats]:
    """Covariances (n, 12, 12) with negative eigenvalues set to zero, and the largest such.

    Eigenvalues are those of the correlations: metres and metres per second differ by six
    orders. Where a number is too large for that the row is NaN.
    """
    repaired = np.zeros(len(joint), np.bool_)
    _flag_indefinite(np.ascontiguousarray(joint), repaired)
    rows = np.flatnonzero(repaired)
    sigmas = np.sqrt(np.abs(np.diagonal(joint[rows], axis1=1, axis2=2)))
    scale = sigmas[:, :, None] * sigmas[:, None, :]
    with np.errstate(over="ignore"):
        correlations = np.where(scale > 0.0, joint[rows] / np.where(scale > 0.0, scale, 1.0), 0.0)
    too_large = ~np.isfinite(correlations).all(axis=(1, 2))
    correlations[too_large] = 0.0
    values, axes = np.linalg.eigh(correlations)
    scale[too_large] = np.nan
    whole = joint.copy()
    whole[rows] = (axes * np.maximum(values, 0.0)[:, None, :]) @ axes.transpose(0, 2, 1) * scale
    negative = np.zeros(len(joint))
    negative[rows] = np.maximum(-values[:, 0], _NOISE)
    return whole, negative


@kernel
def _flag_indefinite(joint, flags):  # type: ignore[no-untyped-def]
    """Flags matrices whose Cholesky factor has a pivot that is not positive; NaN is not one."""
    factor = np.empty((12, 12))
    for row in range(joint.shape[0]):
        for i in range(12):
            for j in range(i + 1):
                left = joint[row, i, j]
                for k in range(j):
                    left -= factor[i, k] * factor[j, k]
                factor[i, j] = left / factor[j, j] if j < i else sqrt(max(0.0, left))
            if left <= _NOISE * abs(joint[row, i, i]):
                flags[row] = True
                break


def _regular_axes(encounters: Encounters) -> Floats:
    """Rotations (n, 3, 3) to axes in which neither orbit is near an inclination of 180 degrees.

    The given axes serve where they can, as elsewhere in the field: what is Gaussian in the
    elements of one frame is so in those of another to first order only, which moves a
    probability in the far tail by up to 2e-3. Otherwise the pole bisects the orbits' own.
    """
    normals = []
    for r_m, v_m_s in (
        (encounters.r1_m, encounters.v1_m_s),
        (encounters.r2_m, encounters.v2_m_s),
    ):
        normal = np.cross(r_m, v_m_s)
        with np.errstate(invalid="ignore", divide="ignore"):  # a fall along a line has none
            normals.append(normal / np.linalg.norm(normal, axis=1, keepdims=True))
    pole = normals[0] + normals[1]
    opposite = np.linalg.norm(pole, axis=1) < 1e-3
    pole[opposite] = encounters.r1_m[opposite]  # across both poles
    pole /= np.linalg.norm(pole, axis=1, keepdims=True)
    least = np.eye(3)[np.argmin(np.abs(pole), axis=1)]
    first = np.cross(pole, least)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    turned = np.stack([first, np.cross(pole, first), pole], axis=1)
    given = np.minimum(normals[0][:, 2], normals[1][:, 2]) > _MOST_RETROGRADE
    return np.where(given[:, None, None], np.eye(3), turned)


def _inverse_partials(elements: Floats) -> Floats:
    """Derivatives (n, 6, 6) of the elements by the state; NaN where there is no ellipse."""
    partials = np.empty((len(elements), 6, 6))
    _write_partials(np.ascontiguousarray(elements), partials)
    known = np.asarray(np.isfinite(partials).all(axis=(1, 2)))
    inverse: Floats = np.linalg.inv(np.where(known[:, None, None], partials, np.eye(6)))
    inverse[~known] = np.nan
    return inverse


@kernel
def _write_partials(elements, partials):  # type: ignore[no-untyped-def]
    state = np.empty(6)
    for i in range(elements.shape[0]):
        write_partials(elements[i], 0.0, state, partials[i])


class _Scratch(NamedTuple):
    """What one thread needs to find overlaps without asking for memory each time."""

    point: Floats
    trial: Floats
    states: Floats
    partials: Floats
    gain: Floats
    mean: Floats
    covariance: Floats
    factor: Floats


@kernel
def scratch():  # type: ignore[no-untyped-def]
    return _Scratch(
        np.empty(12), np.empty(12), np.empty((2, 6)), np.empty((2, 6, 6)), np.empty((12, 6)),
        np.empty(6), np.empty((6, 6)), np.empty((3, 3)),
    )  # fmt: skip


@kernel
def find_overlap(means, covariances, floor_m2, time_s, work):  # type: ignore[no-untyped-def]
    """Squared Mahalanobis distance of a meeting at a time, and whether the search settled.

    The pair of orbits that meet at that time and are most likely is the point about which
    the motion is linearised; `work.mean` and `work.covariance` hold the relative state
    (object 2 minus 1) of that linearisation, `work.factor` the position's Cholesky factor.
    `floor_m2` is added to the variance of position along each axis (`ElementPairs`).
    """
    work.point[:] = means
    squared, before = np.nan, np.inf
    for _ in range(_MOST_STEPS):
        squared, apart = _linearise(means, covariances, floor_m2, time_s, work)
        if not squared < np.inf:
            return np.nan, False
        if apart < _STEP_TOLERANCE**2 and abs(squared - before) < 1e-6 * (1.0 + squared):
            return squared, True
        before = squared
        _most_likely_meeting(means, work)
        if not _step(work):
            return squared, False
    return squared, False


@kernel
def _linearise(means, covariances, floor_m2, time_s, work):  # type: ignore[no-untyped-def]
    """Relative state about the present point; its squared distance, and the point's own."""
    partials, mean, covariance = work.partials, work.mean, work.covariance
    write_partials(work.point[:6], time_s, work.states[0], partials[0])
    write_partials(work.point[6:], time_s, work.states[1], partials[1])
    partials[0] *= -1.0
    for i in range(6):
        mean[i] = work.states[1, i] - work.states[0, i]
    x, y, z = mean[0], mean[1], mean[2]
    for i in range(6):
        for j in range(12):
            mean[i] += partials[j // 6, i, j % 6] * (means[j] - work.point[j])
    for j in range(12):
        for i in range(6):
            total = 0.0
            for m in range(12):
                total += covariances[j, m] * partials[m // 6, i, m % 6]
            work.gain[j, i] = total
    for i in range(6):
        for j in range(6):
            total = 0.0
            for m in range(12):
                total += partials[m // 6, i, m % 6] * work.gain[m, j]
            covariance[i, j] = total
        if i < 3:
            covariance[i, i] += floor_m2
    write_cholesky(covariance, work.factor)
    return (
        squared_length(work.factor, mean[0], mean[1], mean[2]),
        squared_length(work.factor, x, y, z),
    )


@kernel
def _most_likely_meeting(means, work):  # type: ignore[no-untyped-def]
    x, y, z = solved(work.factor, work.mean[0], work.mean[1], work.mean[2])
    for j in range(12):
        work.trial[j] = means[j] - (work.gain[j, 0] * x + work.gain[j, 1] * y + work.gain[j, 2] * z)


@kernel
def _step(work):  # type: ignore[no-untyped-def]
    """Moves the point to the trial, or as much of the way as keeps both orbits ellipses."""
    share = 1.0
    for _ in range(_MOST_HALVINGS):
        inside = True
        for first in (0, 6):
            part = slice(first, first + 6)
            at = work.point[part] + share * (work.trial[part] - work.point[part])
            inside = inside and at[N] > 0.0 and at[H] ** 2 + at[K] ** 2 < 0.999
        if inside:
            for j in range(12):
                work.point[j] += share * (work.trial[j] - work.point[j])
            return True
        share *= 0.5
    return False
