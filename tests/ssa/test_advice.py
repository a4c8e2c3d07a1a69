"""What an operator is told: how bad, how sure, by when, and whom to call."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ssa.conjunction_examples import HOUR_NS, RADIUS_M, TCA_NS, message, party, secondary

from skypact.base.errors import InputError
from skypact.records.assessments import Check, ProbabilityEstimate
from skypact.ssa.advice import Advice, Finding, Readiness, advise
from skypact.ssa.encounters import encounters_of
from skypact.ssa.event_history import history_of, one_sided
from skypact.ssa.events import group
from skypact.ssa.levels import Level, Thresholds

if TYPE_CHECKING:
    from skypact.records.conjunction_messages import ConjunctionMessage

GOOD = ProbabilityEstimate(method="2D-Pc", value=3.24e-4, is_valid=True)


def advice(
    *messages: ConjunctionMessage,
    level: Level = Level.RED,
    best: ProbabilityEstimate = GOOD,
    now_h: float = -40.0,
    lead_h: float = 12.0,
    **finding: Any,
) -> Advice:
    """Advice `now_h` hours after the usual TCA (before it, that is)."""
    (event,) = group(messages or [message()])
    told = one_sided(event)
    usual = {
        "depth_ratio": 0.2,
        "diluted_maximum": None,
        "radius_source": "COMMENT HBR",
    }
    return advise(
        event,
        history_of(
            told,
            encounters_of(told),
            np.full(len(told), np.nan),
            is_valid=np.zeros(len(told), np.bool_),
            method="2D-Pc",
        ),
        Finding(level=level, best=best, thresholds=Thresholds(), **{**usual, **finding}),
        now_tai_ns=TCA_NS + round(now_h * HOUR_NS),
        readiness=Readiness(manoeuvre_lead_s=lead_h * 3600.0),
    )


def said(found: Advice) -> str:
    return "\n".join(text for _, text in found.paragraphs())


def test_a_red_event_is_told_whole():
    found = advice()
    assert found.how_bad == (
        "RED. The probability of collision is 3.2e-4 (1 in 3,100), at or above the 1e-4 at which "
        "one acts (NASA CARA). OBJECT 25544 and OBJECT 39227 pass 64 m apart (radial 30 m, "
        "along-track 40 m, cross-track 40 m) at 10.7 km/s on 2026-11-18 11:06:03 UTC."
    )
    assert found.how_sure[0] == "The probability comes from 2D-Pc, whose conditions hold."
    assert found.by_when == (
        "Go / no-go by 2026-11-17 22:17:28 UTC, in 27 h 11 min, because a manoeuvre takes 12 h "
        "to prepare, and half an orbit, 49 min, to act. The closest approach is in 40 h."
    )
    # One message only: 8 h after it is now, so the next one is due 8 h later.
    assert found.next_update == (
        "About 2026-11-17 03:06:03 UTC, if messages keep coming every 8 h: 3 of them before "
        "you must decide."
    )
    assert found.what_to_do.startswith("Plan a manoeuvre now; decide with the next message")
    assert found.how_sure[-1] == "Combined radius 10 m (COMMENT HBR)."


@pytest.mark.parametrize(
    ("level", "now_h", "begins"),
    [
        (Level.GREEN, -40.0, "Nothing now."),
        (Level.YELLOW, -40.0, "Watch; a newer message comes in time."),
        (Level.YELLOW, -13.0, "Watch. No burn is called for yet"),
        (Level.UNKNOWN, -40.0, "Find out: ask for covariances"),
        (Level.RED, -13.0, "Plan a manoeuvre now and decide: no newer message"),
        (Level.RED, -11.0, "Act at once or accept the risk"),
        (Level.UNKNOWN, -11.0, "Act at once or accept the risk"),
        (Level.GREEN, 1.0, "Nothing more: the closest approach has passed"),
        (Level.RED, 1.0, "Nothing more: the closest approach has passed"),
    ],
)
def test_what_to_do_follows_the_level_and_the_time_left(level, now_h, begins):
    best = msgspec.structs.replace(GOOD, value=None) if level == Level.UNKNOWN else GOOD
    assert advice(level=level, now_h=now_h, best=best).what_to_do.startswith(begins)


def test_the_commit_time_leaves_the_lead_time_and_half_an_orbit():
    half_orbit_s = math.pi * math.sqrt(RADIUS_M**3 / 3.986e14)
    before_s = (TCA_NS - advice(lead_h=30.0).commit_by_tai_ns) / 1e9
    assert before_s == pytest.approx(
        30.0 * 3600.0 + half_orbit_s, abs=1.0
    )  # its orbit: nearly round
    late = advice(lead_h=45.0)
    assert (
        "passed 5 h 49 min ago: a manoeuvre takes 45 h to prepare, and half an orbit"
        in late.by_when
    )


def test_the_next_message_is_expected_at_this_originators_own_pace():
    known = [message("A", created_h=-60.0), message("B", created_h=-54.0),
             message("C", created_h=-48.0),
             message("D", created_h=-47.0, originator="SOMEBODY ELSE")]  # fmt: skip
    bare = msgspec.structs.replace(known[3], secondary=secondary(covariance_rtn=None))
    found = advice(*known[:3], bare, now_h=-47.5)
    assert found.next_update_tai_ns == TCA_NS - 42 * HOUR_NS


@given(st.floats(-200.0, 5.0), st.floats(0.1, 100.0))
def test_the_next_message_lies_ahead_and_before_the_approach(now_h, lead_h):
    found = advice(now_h=now_h, lead_h=lead_h)
    if found.next_update_tai_ns is None:
        assert now_h > -8.1
    else:
        assert TCA_NS + round(now_h * HOUR_NS) < found.next_update_tai_ns < TCA_NS


def test_messages_that_stopped_coming_are_missed():
    assert "Messages that were due have not come." in advice(now_h=-20.0).next_update
    assert "due" not in advice(now_h=-40.0).next_update


def test_an_old_message_is_called_old():
    found = advice(message(created_h=-120.0), now_h=-30.0)
    assert any("3 days 18 h ago by TEST CENTRE, which is old" in words for words in found.how_sure)


def test_no_newer_message_is_asked_for_of_what_has_passed():
    assert "ask for a newer" in said(advice(message(created_h=-120.0), now_h=-30.0))
    assert "ask for a newer" not in said(advice(message(created_h=-120.0), now_h=1.0))


@pytest.mark.parametrize(
    ("radius_source", "reason"),
    [("COMMENT HBR", "another radius, method"), ("default for debris: x", "a radius that it")],
)
def test_a_senders_probability_that_differs_is_told_with_the_likely_reason(radius_source, reason):
    value = GOOD.value
    assert value is not None
    near, far = (message(collision_probability=value * ratio) for ratio in (2.9, 0.01))
    assert "The sender states" not in said(advice(near, radius_source=radius_source))
    found = said(advice(far, radius_source=radius_source))
    assert "The sender states" in found
    assert reason in found


def test_a_message_from_the_future_is_not_said_to_be_of_the_past():
    assert "with a date ahead of now" in said(advice(now_h=-50.0))


def test_an_unknown_probability_is_said_to_be_unknown_with_its_reason_and_the_volume():
    none = ProbabilityEstimate(method="2D-Pc", value=None, is_valid=None, reason="no covariance")
    found = advice(level=Level.UNKNOWN, best=none, depth_ratio=0.4)
    assert found.how_bad.startswith(
        "UNKNOWN. The probability of collision could not be determined: no covariance. "
        "The other object passes INSIDE the watched volume."
    )
    outside = advice(level=Level.UNKNOWN, best=none, depth_ratio=1.5)
    assert "passes outside the watched volume" in outside.how_bad
    nowhere = advice(level=Level.UNKNOWN, best=none, depth_ratio=math.nan)
    assert "watched volume" not in nowhere.how_bad


def test_a_number_outside_its_validity_is_shown_and_called_so():
    check = Check(name="encounter too long", is_met=False, found="9 s", asked="5 s", source="x")
    bad = ProbabilityEstimate(method="2D-Pc", value=4e-168, is_valid=False, checks=(check,))
    found = advice(level=Level.UNKNOWN, best=bad)
    assert "2D-Pc gives 4.0e-168, which must not be relied on" in found.how_bad
    assert "OUTSIDE its validity (encounter too long)" in found.how_sure[0]


def test_dilution_is_explained():
    found = advice(level=Level.GREEN, diluted_maximum=2.5e-3)
    assert "it could rise to 2.5e-3 (0.25 %)" in said(found)
    assert "rise" not in said(advice())


@pytest.mark.parametrize(
    ("ours", "theirs", "begins"),
    [
        ("YES", "NO", "OBJECT 25544; OBJECT 39227 cannot."),
        ("YES", "YES", "Agree with the operator of OBJECT 39227 who does"),
        ("NO", "YES", "OBJECT 39227; OBJECT 25544 cannot. Its operator has to know."),
        ("NO", "NO", "Nobody can"),
        ("NO", "N/A", "OBJECT 39227, if it can, which the message does not say"),
        (None, "NO", "OBJECT 25544, if it can (the message does not say so for OBJECT 25544)"),
        (None, None, "Agree with the operator of OBJECT 39227"),
    ],
)
def test_who_manoeuvres_follows_from_who_can(ours, theirs, begins):
    both = message(primary=party(maneuverable=ours), secondary=secondary(maneuverable=theirs))
    assert advice(both).who_manoeuvres.startswith(begins)


def test_debris_never_manoeuvres_whatever_the_message_says():
    junk = secondary(object_type="DEBRIS", maneuverable="YES")
    assert advice(message(secondary=junk)).who_manoeuvres.endswith("OBJECT 39227 cannot.")
    stage = secondary(name="CZ-2C R/B", maneuverable="N/A")
    assert advice(message(secondary=stage)).who_manoeuvres.endswith("CZ-2C R/B cannot.")


def test_the_contact_is_the_other_operators():
    them = secondary(
        operator="JAXA", operator_position="Flight dynamics", operator_phone="+81 50 0000",
        operator_email="fd@example.org",
    )  # fmt: skip
    found = advice(message(secondary=them))
    assert found.contact == "OBJECT 39227: Flight dynamics, JAXA, +81 50 0000, fd@example.org."
    assert "ask TEST CENTRE, who sent it" in advice().contact
    assert "Nobody answers for" in advice(message(secondary=secondary(maneuverable="NO"))).contact


def test_a_message_that_contradicts_itself_is_caught():
    found = said(advice(message(miss_distance_m=500.0)))
    assert "it states a miss of 500 m, its positions give 64 m" in found
    assert "contradicts" not in said(advice(message(miss_distance_m=64.0)))  # rounded


def test_a_contact_that_says_nothing_is_none():
    them = secondary(operator="NONE", operator_phone="N/A", operator_email="")
    assert "names nobody" in advice(message(secondary=them)).contact


def test_thin_tracking_is_told():
    weak = secondary(actual_od_span_s=86_400.0, recommended_od_span_s=5 * 86_400.0)
    assert "less than half of the span" in said(advice(message(secondary=weak)))
    none = secondary(observations_used=0)
    assert "OBJECT 39227: no observations were used." in said(advice(message(secondary=none)))


def test_the_reader_of_a_clock_gets_his_own():
    (event,) = group([message()])
    told = one_sided(event)
    found = advise(
        event,
        history_of(told, encounters_of(told), np.zeros(1), is_valid=np.ones(1, np.bool_),
                   method="x"),
        Finding(level=Level.RED, best=GOOD, thresholds=Thresholds(), depth_ratio=0.0,
                diluted_maximum=None, radius_source=""),
        now_tai_ns=TCA_NS - 40 * HOUR_NS,
        readiness=Readiness(),
        clock=lambda tai_ns: f"<{(tai_ns - TCA_NS) // HOUR_NS} h>",
    )  # fmt: skip
    assert "<0 h>" in found.how_bad
    assert "<-13 h>" in found.by_when
    assert "<-32 h>" in found.next_update


@pytest.mark.parametrize("lead_s", [0.0, -1.0, math.inf, math.nan])
def test_a_lead_time_that_is_none_is_refused(lead_s):
    with pytest.raises(InputError, match="manoeuvre_lead_s must be above zero"):
        Readiness(manoeuvre_lead_s=lead_s)


def test_a_slow_meeting_is_told_by_its_states_where_the_message_rounds_to_nothing():
    found = advice(message(relative_speed_m_s=0.0), relative_speed_m_s=0.314)
    assert " at 0.31 m/s on " in found.how_bad
    assert " at 5 m/s on " in advice(message(relative_speed_m_s=5.0)).how_bad


def test_what_has_passed_is_told_as_past():
    assert "OBJECT 39227 passed 64 m apart" in advice(now_h=1.0).how_bad


@pytest.mark.parametrize(("method", "is_long"), [("2D-Pc, in the plane", False), ("3D-Nc", True)])
def test_many_sigmas_apart_beside_a_high_probability_are_explained(method, is_long):
    far = message(secondary=secondary((3000.0, 4000.0, 4000.0)))
    best = ProbabilityEstimate(method=method, value=1e-5, is_valid=True)
    told = advice(far, level=Level.YELLOW, best=best).how_sure[1]
    assert "sigmas apart, more than such errors explain" in told
    assert ("near each other for long" in told) == is_long


@pytest.mark.parametrize("name", ["", "UNKNOWN", "n/a"])
def test_an_object_without_a_name_goes_by_its_number(name):
    found = advice(message(secondary=secondary(name=name)))
    assert "OBJECT 25544 and object 39227 pass" in found.how_bad
    assert found.contact.startswith("The message names nobody for object 39227")
