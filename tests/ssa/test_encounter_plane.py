"""The encounter plane by hand, and by matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ssa.encounter_cases import cases, encounters, head_on

from skypact.ssa.encounter_plane import encounter_planes, principal_axes


def test_a_miss_along_one_axis_has_that_axis_as_x():
    planes = encounter_planes(head_on(miss_m=250.0, sigma_miss_m=30.0, sigma_across_m=70.0))
    assert planes.offset_m[0] == pytest.approx(250.0)
    assert planes.covariances_m2[0] == pytest.approx(np.diag([900.0, 4900.0]))
    assert (planes.sigma_major_m[0], planes.sigma_minor_m[0]) == pytest.approx((70.0, 30.0))
    assert planes.major_angle_rad[0] == pytest.approx(0.5 * np.pi)
    assert planes.miss_minor_m[0] == pytest.approx(250.0)
    assert not planes.repaired[0]


def test_what_the_miss_has_along_the_motion_is_distance_but_no_offset():
    one = head_on(miss_m=30.0)
    planes = encounter_planes(replace(one, r2_m=one.r2_m + np.array([0.0, 40.0, 0.0])))
    assert (planes.offset_m[0], planes.distance_m[0]) == pytest.approx((30.0, 50.0))


def test_real_encounters_project_as_matrices_do(shared):
    rows = encounters(cases(shared, "cara_0"))
    planes = encounter_planes(rows)
    motion, miss = rows.v2_m_s - rows.v1_m_s, rows.r2_m - rows.r1_m
    z = np.cross(miss, motion)
    x = np.cross(motion, z)
    across = np.stack([one / np.linalg.norm(one, axis=1, keepdims=True) for one in (x, z)], axis=1)
    joint = (rows.covariances1 + rows.covariances2)[:, :3, :3]
    projected = across @ joint @ across.transpose(0, 2, 1)
    assert planes.covariances_m2 == pytest.approx(projected, rel=1e-9, abs=1e-9)
    sigmas = np.sqrt(np.linalg.eigvalsh(projected))
    assert planes.sigma_major_m == pytest.approx(sigmas[:, 1], rel=1e-9)
    assert planes.sigma_minor_m == pytest.approx(sigmas[:, 0], rel=1e-7)
    assert planes.offset_m == pytest.approx(np.einsum("nj,nj->n", across[:, 0], miss), rel=1e-9)


def test_errors_that_both_objects_share_cancel():
    one = head_on()
    shared_part = 0.3 * one.covariances1
    planes = encounter_planes(replace(one, cross_covariances=shared_part))
    # C1 + C2 - X - X^T = (0.5 + 0.5 - 2 x 0.15) of the whole
    assert planes.sigma_major_m[0] == pytest.approx(100.0 * np.sqrt(0.7))


def test_without_relative_motion_there_is_no_plane():
    one = head_on()
    planes = encounter_planes(replace(one, v2_m_s=one.v1_m_s))
    assert np.isnan([planes.offset_m[0], planes.sigma_major_m[0], planes.major_angle_rad[0]]).all()


def test_objects_in_one_place_have_an_offset_of_nothing():
    planes = encounter_planes(head_on(miss_m=0.0, sigma_miss_m=30.0, sigma_across_m=70.0))
    assert planes.offset_m[0] == 0.0
    assert (planes.sigma_major_m[0], planes.sigma_minor_m[0]) == pytest.approx((70.0, 30.0))


def test_a_covariance_of_zero_is_not_taken_for_certainty():
    one = head_on(sigma_miss_m=0.0, sigma_across_m=0.0)
    planes = encounter_planes(one)
    assert np.isnan([planes.sigma_major_m[0], planes.sigma_minor_m[0]]).all()
    assert not planes.repaired[0]


@given(
    st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.0, np.pi), st.floats(1e-2, 100.0)
)  # fmt: skip
def test_principal_axes_give_back_what_is_no_covariance_with_a_floor(first, second, angle, radius):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([first, second]) @ turn.T
    if not matrix.any():
        return
    matrix[1, 0] = matrix[0, 1]
    major, minor, turned, repaired = principal_axes(matrix[None], np.array([radius]))
    floor = (1e-4 * radius) ** 2
    values = sorted([first, second])
    scale = max(abs(first), abs(second))
    assert minor[0] ** 2 == pytest.approx(max(values[0], floor), rel=1e-6, abs=1e-9 * scale)
    assert major[0] ** 2 == pytest.approx(max(values[1], floor), rel=1e-6, abs=1e-9 * scale)
    if values[0] < -1e-9 * scale:
        assert repaired[0]
    elif values[0] > floor + 1e-9 * scale:
        assert not repaired[0]
    if values[1] - values[0] > 1e-3 * scale:
        axis = np.array([np.cos(turned[0]), np.sin(turned[0])])
        assert axis @ matrix @ axis == pytest.approx(values[1], rel=1e-6, abs=1e-9 * scale)
    assert -0.5 * np.pi <= turned[0] <= 0.5 * np.pi
