"""Burns for an event: when they are tried, what a command line may ask, and one plan whole."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.ssa.conjunction_examples import HOUR_NS, RADIUS_M, TCA_NS, message, party

from skypact.astro.time import tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.cli.arguments import UsageError
from skypact.cli.conjunctions_plan import Burning, constraints, warn_of_age
from skypact.cli.run import run
from skypact.formats.ccsds.reading import read_messages
from skypact.node.avoidance_plans import plan, usual_times
from skypact.node.conjunctions import assess_messages
from skypact.records.marks import Marks
from skypact.ssa.advice import Readiness
from skypact.ssa.exercise import exercise_population

if TYPE_CHECKING:
    from skypact.ssa.assessment import EventAssessment

HALF_ORBIT_S = math.pi * math.sqrt(RADIUS_M**3 / 3.986e14)


def event(*, hours: float, lead_h: float = 12.0) -> EventAssessment:
    (found,) = assess_messages(
        [message(primary=party(v_m_s=(0.0, math.sqrt(3.986e14 / RADIUS_M), 0.0)))],
        at_tai_ns=TCA_NS - round(hours * HOUR_NS),
        readiness=Readiness(manoeuvre_lead_s=lead_h * 3600.0),
    )
    return found


def before_s(of: EventAssessment) -> list[float]:
    tca_utc = np.datetime64("2026-11-18T11:06:03", "ns")
    return ((tca_utc - usual_times(of)) / np.timedelta64(1, "ns") / 1e9).tolist()


@pytest.mark.parametrize(
    ("hours", "lead_h", "earliest_h"),
    [(40.0, 12.0, 28.0), (13.0, 12.0, 1.0), (12.5, 12.0, 12.5), (200.0, 12.0, 60.0)],
)
def test_burns_stand_half_orbits_before_the_approach_and_none_too_early(hours, lead_h, earliest_h):
    found = before_s(event(hours=hours, lead_h=lead_h))
    halves = np.array(found) / HALF_ORBIT_S
    assert halves == pytest.approx(np.rint(halves), rel=1e-5)  # WGS 72 has another GM
    assert halves[-1] == pytest.approx(1.0, abs=1e-4)
    assert found == sorted(found, reverse=True)
    assert len(found) <= 8
    assert earliest_h * 3600.0 - HALF_ORBIT_S < found[0] <= earliest_h * 3600.0


def test_without_half_an_orbit_left_no_burn_is_planned():
    with pytest.raises(InputError, match="a burn needs 49 min to act"):
        usual_times(event(hours=0.5))


def test_what_has_passed_is_told_to_have_passed():
    # The message was made 48 h before the approach, at 11:06:03.
    told = r"passed 24\.0 h ago: .*; --now 2026-11-16T11:07 judges as of then"
    with pytest.raises(InputError, match=told):
        usual_times(event(hours=-24.0))
    with pytest.raises(InputError, match="passed 1,598 days ago"):
        usual_times(event(hours=-1598.0 * 24.0))


def test_the_last_burn_is_decided_on_at_the_go_no_go_time():
    of = event(hours=40.0)
    left_s = (TCA_NS - of.advice.commit_by_tai_ns) / 1e9
    assert before_s(of)[-1] + 12.0 * 3600.0 == pytest.approx(left_s, abs=0.01)


@pytest.mark.parametrize(("days", "told"), [(3.0, False), (20.0, True)])
def test_a_catalogue_far_from_the_approach_is_told_to_be(days, told, capsys):
    elements = exercise_population(100)
    tca_tai_ns = int(np.median(tai_ns_from_utc(elements.epoch_utc)) + days * 24 * HOUR_NS)
    warn_of_age(elements, tca_tai_ns)
    assert ("cannot be told from them" in capsys.readouterr().err) == told


def test_a_catalogue_that_says_nothing_of_the_event_is_refused_at_once():
    elements = exercise_population(100)
    of = event(hours=40.0)
    with pytest.raises(
        InputError, match=r"the event is TEST .* the catalogue EXERCISE \(exercise p"
    ):
        plan(of, elements)
    real = replace(elements, marks=Marks(originator="x", source="old.tle", data_mode=of.data_mode))
    old = replace(real, epoch_utc=real.epoch_utc - np.timedelta64(9000, "D"))
    with pytest.raises(InputError, match=r"element sets of old\.tle are [0-9,]+ days or more"):
        plan(of, old)


def test_a_command_line_says_what_a_burn_must_obey():
    asked = Burning(
        catalogue="x",
        blackout=("2026-11-17T00:00/2026-11-17T01:00",),
        budget=0.05,
        cone="0,1,0,30",
    )
    found = constraints(asked)
    ((first_ns, last_ns),) = found.blackouts_tai_ns
    assert last_ns - first_ns == HOUR_NS
    assert found.largest_speed_m_s == 0.05
    assert found.cones[0].axis_rtn == (0.0, 1.0, 0.0)
    assert found.cones[0].half_angle_rad == pytest.approx(math.pi / 6.0)


@pytest.mark.parametrize(
    "asked",
    [
        {"cone": "0,1,0"},
        {"cone": "0,0,0,30"},
        {"cone": "a,b,c,d"},
        {"budget": 0.0},
        {"blackout": ("2026-11-17",)},
        {"blackout": ("2026-11-17/2026-11-16",)},
    ],
)
def test_a_constraint_that_makes_no_sense_is_refused(asked):
    with pytest.raises(UsageError, match=r"expected|above zero|after it starts"):
        constraints(Burning(catalogue="x", **asked))


@pytest.mark.slow
def test_the_exercise_is_planned_with_doing_nothing_among_the_options(tmp_path, capsys):
    """Along-track burns of 3 cm/s settle it: closed forms are held in ssa/test_avoidance.py."""
    picture, path, burn = (tmp_path / name for name in ("burns.svg", "path.oem", "burn.xml"))
    status = run(
        ["conjunctions", "plan", "exercise", "--catalogue", "exercise", "--speeds", "0.03",
         "--cone", "0,-1,0,10", "-o", str(picture), "--oem", str(path), "--opm", str(burn)]
    )  # fmt: skip
    assert status == 0
    out = capsys.readouterr().out
    assert "EXERCISE" in out
    assert "40 refused by a constraint" in out  # of 48, all but those against the motion
    assert "judged by miss and 1 km around it" in " ".join(out.split())
    first = " ".join(out.partition("\n1  ")[2].partition("\n2  ")[0].split())
    assert "settles it" in first
    stamps = (first[:19], first[20:39])  # of the burn, and to decide by
    burn_utc, decide_utc = (np.datetime64(one.replace(" ", "T")) for one in stamps)
    assert burn_utc - decide_utc == np.timedelta64(12, "h")
    assert "0 -0.030 0 0.03 m/s:" in first
    assert out.count("no burn: probability 5.8e-04") == 1
    assert max(map(len, out.splitlines())) <= 100
    assert "which burn settles it?" in picture.read_text(encoding="utf-8")
    for file, words in ((path, b"CCSDS_OEM_VERS"), (burn, b"<opm")):
        content = file.read_bytes()
        assert words in content
        assert b"EXERCISE: not the real sky" in content
        assert not read_messages(io.BytesIO(content)).faults
