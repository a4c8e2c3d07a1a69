"""Covariances rotated, joined and judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.ssa.encounter_cases import cases, encounters, head_on

from skypact.ssa.covariance import (
    DEFAULT_SIGMA_M,
    CovarianceKind,
    covariance_kinds,
    cross_covariances,
    dcm_inertial_from_rtn,
    is_positive_definite,
    joint_covariances,
    rotated_covariances,
)


def test_the_messages_of_cara_turn_into_its_inertial_covariances(shared):
    rows = cases(shared, "cara_0")
    inertial = encounters(rows)
    for name, r_m, v_m_s, expected in (
        ("cov1_rtn", inertial.r1_m, inertial.v1_m_s, inertial.covariances1),
        ("cov2_rtn", inertial.r2_m, inertial.v2_m_s, inertial.covariances2),
    ):
        rtn = np.array([row[name] for row in rows])
        found = rotated_covariances(rtn, dcm_inertial_from_rtn(r_m, v_m_s))
        sigmas = np.sqrt(np.diagonal(expected, axis1=1, axis2=2))
        scale = sigmas[:, :, None] * sigmas[:, None, :]
        assert np.abs((found - expected) / scale).max() < 1e-12


def test_the_axes_of_a_circular_orbit_are_where_they_should_be():
    dcm = dcm_inertial_from_rtn(np.array([[0.0, 7e6, 0.0]]), np.array([[0.0, 1.0, 7500.0]]))
    assert dcm[0] == pytest.approx(np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]]), abs=1e-12)


def test_an_unknown_velocity_does_not_spoil_the_position():
    covariance = np.full((1, 6, 6), np.nan)
    covariance[0, :3, :3] = np.diag([1.0, 4.0, 9.0])
    dcm = dcm_inertial_from_rtn(np.array([[0.0, 7e6, 0.0]]), np.array([[0.0, 0.0, 7500.0]]))
    found = rotated_covariances(covariance, dcm)[0]
    assert found[:3, :3] == pytest.approx(np.diag([9.0, 1.0, 4.0]), abs=1e-12)
    assert np.isnan(found[3:]).all()
    assert np.isnan(found[:, 3:]).all()


def kinds_of(covariance: np.ndarray) -> CovarianceKind:
    return CovarianceKind(int(covariance_kinds(covariance[None])[0]))


def test_what_a_covariance_is_worth_is_recognised():
    known = np.diag([1e4, 1e6, 1e4, 1.0, 1e-2, 1e-2])
    assert kinds_of(known) is CovarianceKind.KNOWN
    assert kinds_of(0.0 * known) is CovarianceKind.ZERO
    assert kinds_of(np.full((6, 6), np.nan)) is CovarianceKind.UNKNOWN
    half = known.copy()
    half[3:] = np.nan
    assert kinds_of(half) is CovarianceKind.POSITION_ONLY
    default = known.copy()
    default[2, 2] = DEFAULT_SIGMA_M**2
    assert kinds_of(default) is CovarianceKind.DEFAULT
    default[2, 2] = np.inf
    assert kinds_of(default) is CovarianceKind.UNKNOWN


def test_one_forecast_felt_by_both_correlates_them():
    found = cross_covariances(
        np.array([[0.2, 0.1], [np.nan, 0.1]]), np.ones((2, 6)) * 3.0, np.ones((2, 6)) * [[5.0]]
    )
    assert found[0] == pytest.approx(0.02 * 15.0)
    assert (found[1] == 0.0).all()


def test_fully_shared_errors_leave_no_relative_one():
    one = head_on()

    same = replace(one, cross_covariances=one.covariances1)
    assert joint_covariances(same) == pytest.approx(0.0)
    assert joint_covariances(one) == pytest.approx(2.0 * one.covariances1)


def test_positive_definite_is_told_from_what_is_not():
    good = np.diag([1e8, 1e8, 1e8, 1e-6, 1e-6, 1e-6])
    bad = good.copy()
    bad[0, 1] = bad[1, 0] = 1.0001e8
    unknown = np.full((6, 6), np.nan)
    found = is_positive_definite(np.array([good, bad, unknown, np.zeros((6, 6))]))
    assert found.tolist() == [True, False, False, False]
