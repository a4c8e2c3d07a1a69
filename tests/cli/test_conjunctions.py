"""`skypact conjunctions`: what an operator does with messages that came by e-mail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.conjunction_files import kvn
from tests.ssa.conjunction_examples import message, party, round_covariance, secondary

from skypact.cli.conjunctions_input import duration_s
from skypact.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-17T00:00:00"  # 35 hours before the approach
RED = message("RED", primary=party(name="OURS", maneuverable="YES"),
              secondary=secondary(name="DEBRIS 7"))  # fmt: skip
LATER = message("LATER", created_h=-40.0, collision_probability=3e-5)
UNKNOWN = message("UNKNOWN", secondary=secondary(designator="40000", covariance_rtn=None))
GREEN = message(
    "GREEN",
    secondary=secondary((30_000.0, 0.0, 0.0), designator="50000"),
    primary=party(covariance_rtn=round_covariance((5.0, 20.0, 5.0))),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "messages" / "week"
    inner.mkdir(parents=True)
    for one in (RED, LATER, UNKNOWN, GREEN):
        (inner / f"{one.message_id}.cdm").write_text(kvn(one), encoding="utf-8")
    (inner / "README").write_text("not a message", encoding="utf-8")
    return tmp_path / "messages"


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "event.cdm"
    path.write_text(kvn(RED), encoding="utf-8")
    return path


def skypact(*arguments: object, now: str = NOW) -> int:
    return run(["conjunctions", *map(str, arguments), "--now", now])


def test_list_has_one_line_per_event_worst_first(folder, capsys):
    assert skypact("list", folder) == 0
    out, err = capsys.readouterr()
    heading, titles, *rows = out.splitlines()
    assert heading == "3 events, worst first: 1 RED, 1 UNKNOWN, 1 GREEN"
    assert titles.split() == [
        "level",
        "event",
        "Pc",
        "by",
        "miss",
        "closest",
        "UTC",
        "decide",
        "objects",
    ]
    assert [row.split()[0] for row in rows[:3]] == ["RED", "UNKNOWN", "GREEN"]
    assert "in 22.3 h" in rows[0]
    assert rows[1].split()[2] == "unknown"
    assert "1 file without conjunction messages passed over" in err


def test_what_has_passed_comes_last_and_keeps_its_level(folder, capsys):
    past = message(
        "PAST", created_h=-90.0, tca_s=-172_800.0, secondary=secondary(designator="60000")
    )
    (folder / "past.cdm").write_text(kvn(past), encoding="utf-8")
    skypact("list", folder)
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split()[0] for row in rows] == ["RED", "UNKNOWN", "GREEN", "RED"]
    assert "passed" in rows[-1]


def test_a_list_of_what_has_passed_says_how_to_judge_it_as_of_then(mail, capsys):
    skypact("list", mail, now="2026-12-01")
    hint = capsys.readouterr().out.splitlines()[-1]
    assert hint.startswith("all have passed; --now 2026-")
    skypact("list", mail, now=hint.split()[4])
    assert "passed" not in capsys.readouterr().out


def test_list_as_json_has_the_same_events(folder, capsys):
    assert skypact("list", folder, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["level"] for one in found] == ["RED", "UNKNOWN", "GREEN"]
    assert [one["messages"] for one in found] == [2, 1, 1]
    assert found[1]["collision_probability"] is None


def test_assess_tells_what_to_do_from_one_message(mail, capsys):
    assert skypact("assess", mail) == 0
    out = capsys.readouterr().out
    assert "RED" in out.splitlines()[0]
    for heading in ("What to do", "How bad", "How sure", "By when", "Next chance to know more",
                    "Who manoeuvres", "Contact", "Message"):  # fmt: skip
        assert heading in out
    assert "OURS" in out
    assert str(mail) in out
    assert "→" in out


def test_assess_as_json_names_each_method_its_value_and_its_validity(mail, capsys):
    assert skypact("assess", mail, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["level"] == "RED"
    assert found["decide_by_utc"] == "2026-11-17T22:17:28.808Z"
    for estimate in found["estimates"]:
        assert {"method", "value", "is_valid", "checks", "reason"} <= estimate.keys()
    assert found["method"] in [one["method"] for one in found["estimates"]]
    assert found["estimates"][0]["is_valid"] is True
    assert found["message_age_s"] == pytest.approx(12.9 * 3600, rel=0.01)
    assert found["hard_body_radius_source"].startswith("message")
    assert found["history"][0]["changes"] == ["the first message"]
    assert set(found["advice"]) > {"What to do", "Contact"}


def test_an_unknown_probability_is_null_with_its_reason(folder, capsys):
    assert skypact("assess", folder / "week" / "UNKNOWN.cdm", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["level"] == "UNKNOWN"
    assert found["collision_probability"] is None
    assert "zero" in found["estimates"][0]["reason"]


def test_show_tells_what_each_message_changed(folder, capsys):
    assert skypact("list", folder, "--format", "json") == 0
    event = json.loads(capsys.readouterr().out)[0]["event"]
    for name in (event, event[:6]):
        assert skypact("show", name, folder) == 0
        out = capsys.readouterr().out
        assert "what changed" in out
        assert "LATER (TEST CENTRE)" in out
        assert "3.0e-5" in out


def test_an_event_is_found_by_the_name_that_it_had_before(folder, capsys):
    skypact("assess", folder / "week" / "LATER.cdm", "--format", "json")
    old = json.loads(capsys.readouterr().out)["event"]
    assert skypact("show", old, folder) == 0
    assert "Also called" in capsys.readouterr().out


def test_standard_input_is_read(mail, capsys, monkeypatch):
    import io
    import sys

    class Piped:
        buffer = io.BytesIO(mail.read_bytes())

    monkeypatch.setattr(sys, "stdin", Piped)
    assert skypact("assess", "-", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["source"] == "standard input"


@pytest.mark.parametrize(
    ("asked", "status"), [(None, 0), ("red", 1), ("unknown", 1), ("yellow", 1)]
)
def test_fail_on_red_fails_on_red(mail, asked, status):
    options = ["--fail-on", asked] if asked else []
    assert skypact("assess", mail, *options) == status


def test_fail_on_unknown_fails_on_unknown_but_fail_on_red_does_not(folder):
    file = folder / "week" / "UNKNOWN.cdm"
    assert skypact("list", file, "--fail-on", "red") == 0
    assert skypact("list", file, "--fail-on", "unknown") == 1


def test_thresholds_of_ones_own_change_the_level(mail, capsys):
    skypact("assess", mail, "--format", "json")
    value = json.loads(capsys.readouterr().out)["collision_probability"]
    skypact("assess", mail, "--format", "json", "--red", str(value * 1.01))
    found = json.loads(capsys.readouterr().out)
    assert found["level"] == "YELLOW"
    assert found["thresholds"]["source"] == "your threshold"
    skypact("assess", mail, "--format", "json", "--red-within", "30h")
    assert json.loads(capsys.readouterr().out)["level"] == "YELLOW"
    skypact("assess", mail, "--format", "json", "--red", "0.9", "--yellow", "0.8")
    assert json.loads(capsys.readouterr().out)["level"] == "GREEN"


def test_the_lead_time_moves_the_commit_time(mail, capsys):
    skypact("assess", mail, "--format", "json", "--lead", "2days")
    found = json.loads(capsys.readouterr().out)
    assert found["decide_by_utc"] == "2026-11-16T10:17:28.808Z"
    assert found["advice"]["What to do"].startswith("Act at once")


def test_a_table_of_radii_counts_where_the_message_states_none(tmp_path, capsys):
    bare = message("A", hard_body_radius_m=None)
    file, table = tmp_path / "a.cdm", tmp_path / "radii.csv"
    file.write_text(kvn(bare), encoding="utf-8")
    table.write_text("ObjectID,HBR\n25544,40\n39227,2.5\n", encoding="utf-8")
    skypact("assess", file, "--format", "json", "--hbr-table", table)
    found = json.loads(capsys.readouterr().out)
    assert found["hard_body_radius_m"] == 42.5
    assert found["hard_body_radius_source"] == "40 m (table) + 2.5 m (the same)"
    skypact("assess", file, "--format", "json")
    assert "default" in json.loads(capsys.readouterr().out)["hard_body_radius_source"]


def test_what_is_not_real_is_labelled_everywhere(mail, tmp_path, capsys):
    for command in ("list", "assess", "show"):
        assert skypact(command, mail, "--data-mode", "EXERCISE") == 0
        assert "EXERCISE" in capsys.readouterr().out
        assert skypact(command, mail) == 0
        assert "EXERCISE" not in capsys.readouterr().out
    page = tmp_path / "x.html"
    assert skypact("report", mail, "--data-mode", "EXERCISE", "-o", page) == 0
    assert "EXERCISE: not the real sky" in page.read_text(encoding="utf-8")


def test_a_report_says_what_it_wrote_unless_it_is_to_be_quiet(mail, tmp_path, capsys):
    page = tmp_path / "x.html"
    assert skypact("report", mail, "-o", page) == 0
    assert "RED, event" in capsys.readouterr().err
    assert skypact("report", mail, "-o", page, "-q") == 0
    assert capsys.readouterr().err == ""


def test_a_broken_message_is_told_and_the_others_are_used(folder, capsys):
    broken = kvn(RED).replace("TCA = 2026", "TCA = 2026-31")
    (folder / "week" / "broken.cdm").write_text(broken, encoding="utf-8")
    assert skypact("list", folder) == 0
    out, err = capsys.readouterr()
    assert out.startswith("3 events")
    assert "broken.cdm: 1 fault; the message is left out" in err
    assert skypact("list", folder, "--quiet") == 0  # it may be the one: told all the same
    assert "broken.cdm: 1 fault; the message is left out" in capsys.readouterr().err


def test_a_message_that_cannot_be_used_counts_as_unknown(tmp_path, capsys):
    (tmp_path / "green.cdm").write_text(kvn(GREEN), encoding="utf-8")
    assert skypact("list", tmp_path, "--fail-on", "yellow") == 0
    broken = kvn(RED).replace("TCA = 2026", "TCA = 2026-31")
    (tmp_path / "broken.cdm").write_text(broken, encoding="utf-8")
    assert skypact("list", tmp_path, "--fail-on", "yellow") == 1
    assert skypact("list", tmp_path, "--fail-on", "unknown", "--quiet") == 1
    assert skypact("list", tmp_path, "--fail-on", "red") == 0
    capsys.readouterr()


def test_what_has_passed_fails_nothing(mail):
    assert skypact("list", mail, "--fail-on", "red") == 1
    assert skypact("list", mail, "--fail-on", "yellow", now="2026-12-01") == 0


def test_the_exercise_stands_beside_files_without_an_event_named(mail, capsys):
    assert skypact("show", "exercise", mail) == 3
    assert "these are 2 events: say which" in capsys.readouterr().err


def test_originators_and_markings_of_every_message_are_told(folder, capsys):
    other = message("OTHER", created_h=-44.0, originator="OTHER CENTRE")
    (folder / "other.cdm").write_text(kvn(other), encoding="utf-8")
    assert skypact("list", folder, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)[0]
    assert found["originators"] == ["TEST CENTRE", "OTHER CENTRE"]
    assert found["markings"] == []
    assert skypact("show", found["event"], folder) == 0
    assert "by TEST CENTRE, OTHER CENTRE" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["assess"],
        ["show"],
        ["list", "FILE", "--red", "2"],
        ["list", "FILE", "--red", "1e-8"],
        ["list", "FILE", "--lead", "12"],
        ["list", "FILE", "--lead", "0h"],
        ["list", "FILE", "--red-within", "soon"],
        ["list", "FILE", "--now", "yesterday"],
        ["list", "FILE", "--fail-on", "green"],
        ["list", "FILE", "-o", "x.txt"],
        ["assess", "FILE", "--data-mode", "REALITY"],
        ["report", "FILE", "-o", "x.docx"],
        ["report", "FILE"],
    ],
)
def test_wrong_usage_exits_2_and_points_to_help(mail, arguments, capsys):
    given = [str(mail) if word == "FILE" else word for word in arguments]
    assert run(["conjunctions", *given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.rstrip().endswith(f"skypact conjunctions {arguments[0]} --help")


def test_input_that_cannot_be_used_exits_3(folder, tmp_path, capsys):
    page = tmp_path / "x.html"
    assert skypact("report", folder, "-o", page) == 3  # three events, and none named
    assert "these are 3 events: say which" in capsys.readouterr().err
    assert not page.exists()
    assert skypact("show", "zzzz-zzzz-zzzz", folder) == 3
    assert skypact("assess", folder / "week" / "README") == 3
    assert skypact("assess", tmp_path / "missing.cdm") == 3
    (tmp_path / "empty").mkdir()
    assert skypact("assess", tmp_path / "empty") == 3
    assert skypact("list", tmp_path / "empty") == 0  # no event is an answer
    assert "no conjunction message" in capsys.readouterr().out


def test_durations_have_a_unit():
    assert duration_s("1.5d") == 129_600.0
    assert duration_s("1day") == 86_400.0
