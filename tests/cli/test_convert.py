"""`skypact convert` and `skypact check` of navigation messages, as a user meets them."""

import io
import re

import pytest
from tests.formats.ccsds.sample_messages import SAMPLES

from skypact.cli.run import run
from skypact.formats.ccsds.reading import read_messages


@pytest.fixture(params=SAMPLES)
def sample(request, tmp_path):
    path = tmp_path / f"{request.param}.kvn"
    path.write_text(SAMPLES[request.param], encoding="utf-8")
    return path


def messages(path):
    return read_messages(io.BytesIO(path.read_bytes())).messages


@pytest.mark.parametrize("notation", ["kvn", "xml", "json"])
def test_a_message_goes_through_every_notation_and_back(sample, notation):
    there, back = sample.with_name(f"there.{notation}"), sample.with_name("back.kvn")
    assert run(["convert", str(sample), "-o", str(there)]) == 0
    assert run(["convert", str(there), "--to", "kvn", "-o", str(back)]) == 0
    assert messages(there) == messages(back) == messages(sample)


def test_a_converted_file_is_known_and_sound(sample, capsys):
    there = str(sample.with_suffix(".xml"))
    assert run(["convert", str(sample), "-o", there]) == 0
    assert run([there]) == 0
    assert re.search(r"Messages? in XML, version \d.0", capsys.readouterr().out)
    # Three states are no ephemeris that NPR 8079.1 would take.
    assert run(["check", there]) == (1 if sample.stem == "oem" else 0)
    assert "fault:" not in capsys.readouterr().out


def test_without_a_file_the_result_goes_to_standard_output(tmp_path, capsysbinary):
    path = tmp_path / "rdm.kvn"
    path.write_text(SAMPLES["rdm"], encoding="utf-8")
    assert run(["convert", str(path), "--to", "xml"]) == 0
    found = capsysbinary.readouterr().out
    assert found.startswith(b"<?xml")
    assert read_messages(io.BytesIO(found)).messages == messages(path)


def test_standard_input_is_read(tmp_path, monkeypatch, capsysbinary):
    class Input:
        buffer = io.BytesIO(SAMPLES["tdm"].encode())

    monkeypatch.setattr("sys.stdin", Input)
    assert run(["convert", "-", "--to", "kvn"]) == 0
    assert b"CCSDS_TDM_VERS" in capsysbinary.readouterr().out


def test_a_message_with_faults_is_refused_in_one_line(tmp_path, capsys):
    path = tmp_path / "opm.kvn"
    path.write_text(SAMPLES["opm"].replace("OBJECT_ID = 2026-900A\n", ""), encoding="utf-8")
    output = tmp_path / "opm.xml"
    assert run(["convert", str(path), "-o", str(output)]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "1 fault, such as line 6, OBJECT_ID" in said
    assert not output.exists()


def test_what_a_notation_cannot_hold_is_refused_and_named(tmp_path, capsys):
    path = tmp_path / "opm.xml"
    assert run(["convert", str(_sample(tmp_path, "opm")), "-o", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("EARTH_MODEL", "EARTH=MODEL"), encoding="utf-8")
    assert run(["convert", str(path), "--to", "kvn"]) == 3
    said = capsys.readouterr().err
    assert "USER_DEFINED_EARTH=MODEL: expected what KVN can hold, found 'WGS-84'" in said
    assert said.count("\n") == 1


def test_a_combined_message_is_refused_where_a_part_of_it_is_not_read(tmp_path, capsys):
    path, omm = tmp_path / "ndm.xml", tmp_path / "omm.xml"
    assert run(["convert", str(_sample(tmp_path, "omm")), "-o", str(omm)]) == 0
    inner = omm.read_text("utf-8").partition("?>")[2]
    attitude = '<apm id="CCSDS_APM_VERS" version="2.0"/>'
    path.write_text(f"<ndm>{inner}{attitude}</ndm>", encoding="utf-8")
    capsys.readouterr()
    assert run(["convert", str(path), "--to", "json"]) == 3
    assert "found an attitude message, not read" in capsys.readouterr().err
    path.write_text("<ndm/>", encoding="utf-8")
    assert run(["convert", str(path), "--to", "json"]) == 3
    assert "message" in capsys.readouterr().err


def test_the_notation_has_to_be_said_or_shown(tmp_path, capsys):
    path = _sample(tmp_path, "rdm")
    assert run(["convert", str(path)]) == 2
    assert run(["convert", str(path), "-o", str(tmp_path / "rdm.txt")]) == 2
    assert ".txt names no notation: say --to kvn, xml or json" in capsys.readouterr().err


def test_what_is_no_message_is_shown_by_its_first_line(tmp_path, capsys):
    path = tmp_path / "README"
    path.write_text("# A title\n\nSome **words**\n", encoding="utf-8")
    assert run(["convert", str(path), "--to", "xml"]) == 3
    expected = f"skypact: {path}: expected a CCSDS navigation message, found '# A title'\n"
    assert capsys.readouterr().err == expected
    assert run(["check", str(path)]) == 3
    assert capsys.readouterr().err.endswith("it begins '# A title'\n")


def test_check_of_a_folder_counts_what_is_wrong_with_each_message(tmp_path, capsys):
    _sample(tmp_path, "rdm")
    (tmp_path / "list.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert run(["check", str(tmp_path)]) == 0
    assert "1 file with messages, 0 with faults; 1 file of another" in capsys.readouterr().out
    bad = tmp_path / "bad.kvn"
    bad.write_text(SAMPLES["rdm"].replace("ORIGINATOR =", "WRONG ="), encoding="utf-8")
    (tmp_path / "broken.xml").write_text("<cdm><header>", encoding="utf-8")
    assert run(["check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "bad.kvn: 1 RDM 1.0; 2 faults, 0 warnings" in said
    assert "3 files with messages, 2 with faults" in said
    assert run(["check", str(bad)]) == 1
    assert "WRONG: expected a keyword of this section, found WRONG" in capsys.readouterr().out


def test_check_of_a_folder_without_messages_says_so(tmp_path, capsys):
    assert run(["check", str(tmp_path)]) == 3
    assert "no file there is a navigation message" in capsys.readouterr().err


def test_several_messages_stay_together(tmp_path):
    path = tmp_path / "both.kvn"
    path.write_text(SAMPLES["opm"] + SAMPLES["ocm"], encoding="utf-8")
    for notation in ("xml", "json", "kvn"):
        there = tmp_path / f"there.{notation}"
        assert run(["convert", str(path), "-o", str(there)]) == 0
        assert messages(there) == messages(path)


def test_check_tells_every_fault_with_line_keyword_expected_and_found(tmp_path, capsys):
    text = SAMPLES["rdm"].replace("PROBABILITY_OF_IMPACT = 0.5", "PROBABILITY_OF_IMPACT = 1.5")
    path = tmp_path / "rdm.kvn"
    path.write_text(text.replace("ORIGINATOR = TEST AGENCY\n", ""), encoding="utf-8")
    assert run(["check", str(path)]) == 1
    said = capsys.readouterr().out
    assert "PROBABILITY_OF_IMPACT: expected a decimal number from 0 to 1, found '1.5'" in said
    assert "ORIGINATOR: expected this keyword" in said
    assert "1 RDM 1.0; 2 faults, 0 warnings" in said


def test_check_passes_a_message_with_warnings_and_shows_them(tmp_path, capsys):
    path = _sample(tmp_path, "ocm", "TRAJ_TYPE = CARTPV\n")
    assert run(["check", str(path)]) == 0
    said = capsys.readouterr().out
    assert "warning: line 16, TRAJ_TYPE: expected this keyword, found its default, CARTPV" in said
    assert "1 OCM 3.0; 0 faults, 1 warning" in said


def test_check_of_mean_elements_is_that_of_a_message_first(tmp_path, capsys):
    assert run(["check", str(_sample(tmp_path, "omm", "ORIGINATOR = TEST AGENCY\n"))]) == 1
    assert "fault: line 2, ORIGINATOR" in capsys.readouterr().out
    assert run(["check", str(_sample(tmp_path, "omm"))]) == 0
    assert "1 element set, 0 faults" in capsys.readouterr().out


def test_check_of_elements_for_another_theory_asks_nothing_of_sgp4(tmp_path, capsys):
    path = _sample(tmp_path, "omm")
    text = path.read_text(encoding="utf-8").replace("THEORY = SGP4", "THEORY = DSST")
    path.write_text(text, encoding="utf-8")
    assert run(["check", str(path)]) == 0
    assert "1 OMM 3.0; 0 faults" in capsys.readouterr().out


def _sample(folder, kind, without=""):
    path = folder / f"{kind}.kvn"
    path.write_text(SAMPLES[kind].replace(without, "") if without else SAMPLES[kind], "utf-8")
    return path
