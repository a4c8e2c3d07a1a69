"""Messages as encounters: frames, what is missing, whose radius, when closest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.ssa.encounter_cases import cases, encounters, expected, head_on

from skypact.astro.frames import teme_from
from skypact.formats.ccsds.cdm import read_cdm
from skypact.records.conjunction_messages import (
    ConjunctionMessage,
    ConjunctionParty,
    DragUncertainty,
)
from skypact.records.marks import Marks
from skypact.ssa.covariance import (
    dcm_inertial_from_rtn,
    is_positive_definite,
    joint_covariances,
)
from skypact.ssa.encounters import (
    UNUSABLE,
    Concern,
    at_closest_approach,
    encounters_of,
    reasons_of,
)
from skypact.ssa.hard_body_radius import combined_radius_m
from skypact.ssa.probability import collision_probability

_NANOSECONDS_2024 = 1_720_000_000_000_000_000


def party(case: dict[str, Any], which: int, **changes: Any) -> ConjunctionParty:
    drag = (case.get("dcp") or [None, None])[which - 1]
    return msgspec.structs.replace(
        ConjunctionParty(
            designator=f"{which:05d}",
            name=f"OBJECT {which}",
            catalog="SATCAT",
            international_designator="2024-001A",
            frame="EME2000",
            r_m=tuple(case[f"r{which}"]),
            v_m_s=tuple(case[f"v{which}"]),
            covariance_rtn=tuple(map(tuple, case[f"cov{which}_rtn"])),
            drag=drag
            and DragUncertainty(
                density_ratio=drag["DCP_sigma"],
                position_rtn_m=tuple(drag["DCP_pos_rtn_m"]),
                velocity_rtn_m_s=tuple(drag["DCP_vel_rtn_mps"]),
            ),
        ),
        **changes,
    )


def message(case: dict[str, Any], first: Any = None, second: Any = None, **changes: Any) -> Any:
    return msgspec.structs.replace(
        ConjunctionMessage(
            message_id=case["id"],
            originator="TEST",
            created_tai_ns=_NANOSECONDS_2024,
            tca_tai_ns=_NANOSECONDS_2024,
            miss_distance_m=case["miss_m"],
            hard_body_radius_m=case["HBR"],
            hard_body_radius_source="comment",
            primary=party(case, 1, **(first or {})),
            secondary=party(case, 2, **(second or {})),
            marks=Marks(originator="test", source="test"),
        ),
        **changes,
    )


@pytest.fixture(scope="module")
def rows(shared):
    return cases(shared, "cara_0")


@pytest.fixture
def case(rows):
    return rows[0]


def test_messages_give_the_reference_s_states_and_covariances(rows):
    found = encounters_of([message(row) for row in rows])
    table = encounters(rows)
    assert (found.concerns == 0).all()
    assert set(found.frames) == {"EME2000"}
    assert (found.encounters.r1_m == table.r1_m).all()
    assert (found.encounters.hard_body_radius_m == table.hard_body_radius_m).all()
    assert found.encounters.covariances2 == pytest.approx(table.covariances2, rel=1e-6, abs=1e-6)


def test_shared_drag_makes_the_errors_correlate(case):
    assert case["dcp"], "the case carries both drag uncertainties"
    found = encounters_of([message(case)])
    assert (found.encounters.cross_covariances == 0.0).all()
    with_drag = found.correlated
    first, second = case["dcp"]
    scale = first["DCP_sigma"] * second["DCP_sigma"]
    # Turned back into each object's own axes it is the product of what the message says.
    one = dcm_inertial_from_rtn(with_drag.r1_m, with_drag.v1_m_s)[0]
    other = dcm_inertial_from_rtn(with_drag.r2_m, with_drag.v2_m_s)[0]
    back = one.T @ with_drag.cross_covariances[0, :3, 3:] @ other
    expected = scale * np.outer(first["DCP_pos_rtn_m"], second["DCP_vel_rtn_mps"])
    assert back == pytest.approx(expected, rel=1e-9, abs=1e-12)
    without = encounters_of([message(case, first={"drag": None})])
    assert (without.correlated.cross_covariances == 0.0).all()


def test_shared_drag_leaves_real_covariances(rows):
    # Taking away more than both have in common would leave a negative variance.
    found = encounters_of([message(row) for row in rows])
    joint = joint_covariances(found.correlated)[:, :3, :3]
    assert is_positive_definite(joint).all()
    changed = collision_probability(found.correlated).probability
    assert ((changed > 0.0) & (changed < 1.0)).all()


def test_the_files_of_cara_give_the_probabilities_of_its_table(shared, rows):
    stated = {row["id"].removeprefix("cara_"): expected(row, "Pc2D") for row in rows}
    files = sorted((shared / "data" / "pc" / "cara_cdms").glob("*_conj_*.cdm"))
    messages = []
    for file in files:
        with file.open("rb") as stream:
            messages += read_cdm(stream, source=file.name).conjunctions
    assert len(messages) == len(files) == 53
    moved, _, _ = at_closest_approach(encounters_of(messages).encounters)
    found = collision_probability(moved).probability
    for one, probability in zip(messages, found, strict=True):
        value = stated[one.message_id]
        assert value is None or probability == pytest.approx(value, rel=1e-7), one.message_id


def test_another_frame_changes_no_probability(case):
    plain = message(case, first={"drag": None})
    instant = np.array([_NANOSECONDS_2024])
    moved = {}
    for which in (1, 2):
        r_m, v_m_s, _ = teme_from(
            "EME2000", instant, np.array([case[f"r{which}"]]), np.array([case[f"v{which}"]])
        )
        moved[which] = {"frame": "TEME", "r_m": tuple(r_m[0]), "v_m_s": tuple(v_m_s[0])}
    one_moved = message(case, first={"drag": None}, second=moved[2])
    both_moved = message(case, first={"drag": None} | moved[1], second=moved[2])
    found = encounters_of([plain, one_moved, both_moved])
    assert found.frames == ("EME2000", "TEME", "TEME")
    probability = collision_probability(found.encounters).probability
    assert probability == pytest.approx(probability[0], rel=1e-6)


def test_earth_fixed_states_come_to_an_inertial_frame(case):
    fixed = {"frame": "ITRF", "drag": None}
    found = encounters_of([message(case, first=fixed, second=fixed)])
    assert found.frames == ("TEME",)
    expected = teme_from(
        "ITRF", np.array([_NANOSECONDS_2024]), np.array([case["r1"]]), np.array([case["v1"]])
    )
    assert found.encounters.r1_m == pytest.approx(expected[0])
    assert found.encounters.v1_m_s == pytest.approx(expected[1])


_NOTHING = {"covariance_rtn": None}
_ZERO = {"covariance_rtn": ((0.0,) * 6,) * 6}
_DEFAULT = {"covariance_rtn": tuple(tuple(5e15 * (i == j) for j in range(6)) for i in range(6))}


@pytest.mark.parametrize(
    ("first", "second", "concern", "words"),
    [
        (_NOTHING, {}, Concern.COVARIANCE1_UNKNOWN, "primary has no position"),
        ({}, _NOTHING, Concern.COVARIANCE2_UNKNOWN, "secondary has no position"),
        (_ZERO, {}, Concern.COVARIANCE1_ZERO, "primary's position covariance is zero"),
        ({}, _ZERO, Concern.COVARIANCE2_ZERO, "secondary's position covariance is zero"),
        (_DEFAULT, {}, Concern.COVARIANCE1_DEFAULT, "stands for unknown"),
        ({}, _DEFAULT, Concern.COVARIANCE2_DEFAULT, "stands for unknown"),
        ({"frame": "HERE"}, {}, Concern.FRAME_UNKNOWN, "frame"),
    ],
)
def test_what_makes_a_row_unusable_is_told(case, first, second, concern, words):
    found = encounters_of([message(case, first=first, second=second), message(case)])
    assert found.concerns.tolist() == [concern, 0]
    assert found.concerns[0] & UNUSABLE
    assert words in " ".join(found.reasons(0))
    assert collision_probability(found.encounters).probability[1] > 0.0


def test_a_message_without_velocity_covariance_can_be_used(case):
    cut = np.array(case["cov1_rtn"])
    cut[3:] = cut[:, 3:] = np.nan
    found = encounters_of([message(case, first={"covariance_rtn": tuple(map(tuple, cut))})])
    assert found.concerns.tolist() == [Concern.VELOCITY_COVARIANCE1_UNKNOWN]
    assert not found.concerns[0] & UNUSABLE
    assert collision_probability(found.encounters).probability[0] > 0.0


def test_a_covariance_that_is_none_is_told(case):
    bad = np.array(case["cov2_rtn"])
    bad[0, 0] = -1.0
    found = encounters_of([message(case, second={"covariance_rtn": tuple(map(tuple, bad))})])
    assert found.concerns.tolist() == [Concern.COVARIANCE2_NOT_POSITIVE_DEFINITE]


def test_another_centre_is_told(case):
    found = encounters_of([message(case, first={"centre": "MOON"}, second={"centre": "MOON"})])
    assert found.reasons(0) == ("the states are not about the Earth",)


def test_every_concern_has_its_words():
    whole = sum(Concern)
    assert len(set(reasons_of(whole))) == len(Concern)


def test_no_messages_are_no_encounters():
    found = encounters_of([])
    assert len(found.encounters) == 0
    assert found.encounters.covariances1.shape == (0, 6, 6)


def test_the_radius_comes_from_the_message_then_the_table_then_the_class(case):
    unstated = message(case, hard_body_radius_m=None, hard_body_radius_source=None)
    assert combined_radius_m(message(case), radii_m={"00001": 99.0}) == (
        case["HBR"],
        "message: comment",
    )
    stated = message(
        case,
        first={"exclusion_radius_m": 7.0},
        second={"exclusion_radius_m": 1.5},
        hard_body_radius_m=None,
    )
    assert combined_radius_m(stated, radii_m={"00001": 99.0})[0] == 8.5
    radius_m, source = combined_radius_m(unstated, radii_m={"00001": 2.0})
    assert radius_m == 7.0
    assert "2 m (table)" in source
    assert "5 m (default for unknown" in source
    debris = message(case, second={"object_type": "DEBRIS"}, hard_body_radius_m=None)
    assert combined_radius_m(debris, radii_m={})[0] == pytest.approx(6.1)


def test_states_move_to_where_they_are_closest():
    one = head_on(miss_m=300.0)
    late = replace(one, r2_m=one.r2_m + np.array([0.0, 12.0, 0.0]))
    moved, moved_s, far = at_closest_approach(late)
    # 12 m at 15 km/s
    assert moved_s[0] == pytest.approx(12.0 / 15e3)
    assert moved.tca_tai_ns[0] == 800_000
    assert not far[0]
    assert np.linalg.norm(moved.r2_m - moved.r1_m) == pytest.approx(300.0)
    assert moved.r1_m[0] == pytest.approx([7e6, 6.0, 0.0])
    _, _, too_far = at_closest_approach(replace(one, r2_m=one.r2_m + np.array([0.0, 20.0, 0.0])))
    assert too_far[0]


def test_without_relative_motion_nothing_moves():
    one = head_on()
    still = replace(one, v2_m_s=one.v1_m_s)
    moved, moved_s, far = at_closest_approach(still)
    assert np.isnan(moved_s[0])
    assert not far[0]
    assert (moved.r2_m == still.r2_m).all()
    assert moved.tca_tai_ns[0] == 0
