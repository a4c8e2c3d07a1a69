"""`skypact screen --probability`, as its user meets it."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from skypact.cli.run import UNUSABLE, USAGE, run
from skypact.cli.screening_text import flags
from skypact.formats.tables import write_csv
from skypact.ssa.published_element_errors import published_element_errors

SHORT = ["screen", "exercise", "--days", "0.1", "-q"]


def in_mode(mode):
    """The published errors without the row of low orbits, as if of objects of this mode."""
    errors = published_element_errors()[1:]
    return replace(errors, data_mode=np.full(len(errors), mode, errors.data_mode.dtype))


def answer(capsys, *arguments):
    assert run([*SHORT, "--probability", *arguments]) == 0
    return capsys.readouterr().out


@pytest.fixture
def rows(capsys):
    return list(csv.DictReader(io.StringIO(answer(capsys, "--format", "csv"))))


def test_the_table_says_what_its_numbers_are_good_for(capsys):
    out = answer(capsys, "--top", "5")
    assert "level" in out
    assert "good for ranking, not for deciding" in " ".join(out.split())
    assert "Levels: " in out


def test_every_unknown_row_has_its_reason(rows):
    unknown = [row for row in rows if not row["collision_probability"]]
    assert len(unknown) >= 1  # two docked stations
    assert all(row["probability_reason"] for row in unknown)
    assert {row["level"] for row in unknown} == {"UNKNOWN"}
    assert all("synthetic covariance" in row["probability_method"] for row in rows)


def test_json_has_the_same_rows(capsys, rows):
    document = json.loads(answer(capsys, "--format", "json"))
    assert [row["level"] for row in document["conjunctions"]] == [row["level"] for row in rows]


def test_without_probability_nothing_is_added(capsys):
    assert run([*SHORT, "--format", "csv"]) == 0
    assert "probability" not in capsys.readouterr().out


def test_a_table_of_errors_of_ones_own_is_used(capsys, tmp_path, rows):
    file = tmp_path / "sigmas.csv"
    with file.open("wb") as stream:
        write_csv(in_mode("EXERCISE"), stream)
    found = list(
        csv.DictReader(io.StringIO(answer(capsys, "--format", "csv", "--sigma-table", str(file))))
    )
    assert sum(not row["collision_probability"] for row in found) > 0.9 * len(rows)
    assert any("no such orbit" in row["probability_reason"] for row in found)


def test_errors_of_real_objects_are_not_taken_for_invented_ones(capsys, tmp_path):
    file = tmp_path / "sigmas.csv"
    with file.open("wb") as stream:
        write_csv(in_mode("REAL"), stream)
    assert run([*SHORT, "--probability", "--sigma-table", str(file)]) == UNUSABLE
    assert "EXERCISE, REAL" in capsys.readouterr().err


def test_larger_radii_of_ones_own_are_used(capsys, tmp_path, rows):
    number = rows[0]["primary_norad_id"]
    file = tmp_path / "radii.csv"
    file.write_text(f"ObjectID,HBR\n{number},100\n")
    out = answer(capsys, "--format", "csv", "--hbr-table", str(file))
    first = next(csv.DictReader(io.StringIO(out)))
    assert first["hard_body_radius_source"] == "table; default for unknown"
    assert float(first["hard_body_radius_m"]) == 105.0


@pytest.mark.parametrize("option", ["--sigma-table", "--hbr-table"])
def test_a_table_without_probability_is_told(capsys, tmp_path, option):
    assert run([*SHORT, option, str(tmp_path / "x.csv")]) == USAGE
    assert f"{option} goes with --probability" in capsys.readouterr().err


def test_two_probabilities_at_once_are_refused(capsys):
    assert run([*SHORT, "--probability", "--format", "socrates"]) == USAGE
    assert "leave out --probability" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--sigma-table", "--hbr-table"])
def test_a_table_that_is_none_is_told_with_its_name(capsys, tmp_path, option):
    file = tmp_path / "none.csv"
    file.write_text("1,2\n")
    assert run([*SHORT, "--probability", option, str(file)]) == UNUSABLE
    assert str(file) in capsys.readouterr().err


def test_a_bad_line_of_radii_is_counted(capsys, tmp_path):
    file = tmp_path / "radii.csv"
    file.write_text("ObjectID,HBR\n1,2\nx,3\n")
    arguments = [word for word in SHORT if word != "-q"]
    assert run([*arguments, "--probability", "--hbr-table", str(file)]) == 0
    err = capsys.readouterr().err
    assert "radii of 1 object" in err
    assert "1 line left out, first line 3, ObjectID" in err


def test_the_plain_table_says_what_to_do_next(capsys):
    assert run([*SHORT, "--miss", "5km"]) == 0
    assert "Next: --probability" in capsys.readouterr().out


def test_the_table_counts_levels_and_says_why_some_are_unknown(capsys):
    out = answer(capsys)
    assert "Levels: " in out
    assert "UNKNOWN: the two do not move against each other" in out


def test_a_probability_outside_its_validity_is_marked(screening):
    row = next(screening.conjunctions.rows())
    assert "invalid" in flags(row | {"probability_validity": "not valid"})
    assert "invalid" not in flags(row | {"probability_validity": "valid"})
    assert "invalid" not in flags(row)
