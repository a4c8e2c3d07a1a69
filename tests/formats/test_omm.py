"""Element sets by OMM keywords, in each of their spellings, against Space-Track's own TLEs."""

import csv
import io
import json
import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pytest
from sgp4 import omm
from sgp4.api import Satrec

from skypact.base.errors import FormatError
from skypact.formats.elements import read_elements
from skypact.records.marks import DataMode

PUBLISHED = Path(__file__).parents[1] / "authorities" / "space_track_gp.csv"
METADATA = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "MEAN_ELEMENT_THEORY",
)
TEXTS = (*METADATA, "CLASSIFICATION_TYPE", "EPOCH", "COMMENT", "CREATION_DATE", "ORIGINATOR")


def published() -> list[dict[str, str]]:
    lines = [line for line in PUBLISHED.read_text().splitlines() if not line.startswith("#")]
    return [
        {key: value for key, value in row.items() if not key.startswith("TLE")}
        for row in csv.DictReader(lines)
    ]


def as_csv(records: list[dict]) -> str:
    stream = io.StringIO()
    rows = csv.DictWriter(stream, list(records[0]), quoting=csv.QUOTE_ALL)
    rows.writeheader()
    rows.writerows(records)
    return stream.getvalue()


def as_json(records: list[dict]) -> str:
    return json.dumps([{key: value or None for key, value in row.items()} for row in records])


def as_json_numbers(records: list[dict]) -> str:
    def number(key: str, text: str):
        is_number = key not in TEXTS and re.fullmatch(r"\d+(\.\d+)?", text)
        return json.loads(text) if is_number else text

    return json.dumps([{k: number(k, v) for k, v in row.items()} for row in records], indent=1)


def as_json_lines(records: list[dict]) -> str:
    return "\n".join(json.dumps(row) for row in records)


def as_kvn(records: list[dict]) -> str:
    def line(key: str, value: str) -> str:
        return f"COMMENT {value}" if key == "COMMENT" else f"{key:20} = {value}"

    return "\n\n".join("\n".join(line(*pair) for pair in row.items()) for row in records)


def as_xml(records: list[dict]) -> str:
    def message(row: dict) -> str:
        fields = {key: f"<{key}>{escape(value)}</{key}>" for key, value in row.items()}
        metadata = "".join(fields.pop(key, "") for key in METADATA)
        version = quoteattr(row.get("CCSDS_OMM_VERS", "2.0"))
        return (
            f'<omm id="CCSDS_OMM_VERS" version={version}><header/><body><segment>\n<metadata>'
            f"{metadata}</metadata><data>\n{''.join(fields.values())}</data></segment></body></omm>"
        )

    return '<?xml version="1.0"?>\n<ndm>' + "\n".join(map(message, records)) + "\n</ndm>"


SPELLINGS = {
    "csv": as_csv, "json": as_json, "json numbers": as_json_numbers, "json lines": as_json_lines,
    "kvn": as_kvn, "xml": as_xml,
}  # fmt: skip
every_spelling = pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)


def read(text: str):
    return read_elements(io.BytesIO(text.encode()), source="test")


@every_spelling
def test_space_tracks_records_say_what_its_tles_say(spell):
    lines = [line for line in PUBLISHED.read_text().splitlines() if not line.startswith("#")]
    tles = [row[f"TLE_LINE{n}"] for row in csv.DictReader(lines) for n in range(3)]
    ours, theirs = read(spell(published())), read("\n".join(tles))
    assert not ours.faults
    assert ours.elements.marks.originator == "18 SPCS"
    for name, column in theirs.elements.columns().items():
        if name != "bstar_per_earth_radius":
            assert np.array_equal(ours.elements.columns()[name], column), name
    # STARLINK-30's TLE has its last digit of B* cut off, not rounded.
    bstar = theirs.elements.bstar_per_earth_radius
    assert np.allclose(ours.elements.bstar_per_earth_radius, bstar, rtol=1e-4, atol=0.0)


@every_spelling
def test_numbers_are_those_that_the_sgp4_package_reads(spell):
    elements = read(spell(published())).elements
    for row, fields in zip(elements.rows(), published(), strict=True):
        satellite = Satrec()
        omm.initialize(satellite, fields)
        assert row["bstar_per_earth_radius"] == satellite.bstar
        assert row["inclination_rad"] == satellite.inclo
        assert row["mean_anomaly_rad"] == satellite.mo


@every_spelling
@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"REF_FRAME": "EME2000"}, "REF_FRAME", "TEME"),
        ({"TIME_SYSTEM": "TAI"}, "TIME_SYSTEM", "UTC"),
        ({"CENTER_NAME": "MARS"}, "CENTER_NAME", "EARTH"),
        ({"MEAN_ELEMENT_THEORY": "DSST"}, "MEAN_ELEMENT_THEORY", "SGP4"),
        ({"EPOCH": "2024-04-31T00:00:00"}, "EPOCH", "a time"),
        ({"EPOCH": "1956-12-31T23:59:59"}, "EPOCH", "1957"),
        ({"EPOCH": "9999-12-31T00:00:00"}, "EPOCH", "2199"),
        ({"EPOCH": "2016-12-31T23:59:60.5"}, "EPOCH", "outside leap seconds"),
        ({"MEAN_MOTION": ""}, "MEAN_MOTION", "no semi-major axis"),
        ({"MEAN_MOTION": "-1"}, "MEAN_MOTION", "above 0"),
        ({"ECCENTRICITY": "NaN"}, "ECCENTRICITY", "0 to below 1"),
        ({"ECCENTRICITY": "1"}, "ECCENTRICITY", "0 to below 1"),
        ({"ECCENTRICITY": "-1e-9"}, "ECCENTRICITY", "0 to below 1"),
        ({"INCLINATION": "180.0001"}, "INCLINATION", "0 to 180 deg"),
        ({"MEAN_ANOMALY": "inf"}, "MEAN_ANOMALY", "deg"),
        ({"BSTAR": ""}, "BSTAR", "drag"),
        ({"MEAN_MOTION_DOT": "x"}, "MEAN_MOTION_DOT", "rev/day**2"),
        ({"NORAD_CAT_ID": "1234567890"}, "NORAD_CAT_ID", "1 to 9 digits"),
        ({"NORAD_CAT_ID": ""}, "NORAD_CAT_ID", "1 to 9 digits"),
        ({"EPHEMERIS_TYPE": "1.5"}, "EPHEMERIS_TYPE", "whole"),
        ({"DATA_MODE": "REHEARSAL"}, "DATA_MODE", "EXERCISE"),
    ],
)
def test_a_bad_record_is_one_fault_and_the_others_are_used(spell, changes, field, expected):
    good, bad = published()
    good |= {key: good.get(key, "") for key in changes}  # a table has every column in every row
    reading = read(spell([good, bad | changes]))
    assert reading.elements.norad_id.tolist() == [44244]
    (fault,) = reading.faults
    assert fault.field == field
    assert expected in fault.expected


def test_faults_stand_at_their_lines():
    good, bad = published()
    bad["ECCENTRICITY"] = "2"
    text = as_csv([good, bad])
    assert read(text).faults[0].line == 3
    text = as_json_numbers([good, bad])
    assert text.split("\n")[read(text).faults[0].line - 1] == " {"
    assert read(text).faults[0].line > len(good)
    text = as_kvn([good, bad])
    assert text.split("\n")[read(text).faults[0].line - 1].split() == ["ECCENTRICITY", "=", "2"]
    text = as_xml([good, bad]).replace("><", ">\n<")
    assert text.split("\n")[read(text).faults[0].line - 1] == "<ECCENTRICITY>2</ECCENTRICITY>"


@every_spelling
def test_catalogue_numbers_of_nine_digits_are_read(spell):
    first, second = published()
    records = [first | {"NORAD_CAT_ID": "799501621"}, second | {"NORAD_CAT_ID": "999999999"}]
    assert read(spell(records)).elements.norad_id.tolist() == [799501621, 999999999]


@every_spelling
def test_what_is_not_stated_is_unknown_and_costs_nothing(spell):
    unstated = dict.fromkeys(
        ("MEAN_MOTION_DOT", "MEAN_MOTION_DDOT", "ELEMENT_SET_NO", "REV_AT_EPOCH", "OBJECT_ID"), ""
    )
    reading = read(spell([published()[0] | unstated]))
    assert not reading.faults
    assert not reading.warnings
    row = next(reading.elements.rows())
    assert np.isnan([row["mean_motion_dot_rad_s2"], row["mean_motion_ddot_rad_s3"]]).all()
    assert (row["element_set_no"], row["rev_at_epoch"], row["object_id"]) == (-1, -1, "")


@every_spelling
def test_sgp4_xp_is_read_and_told_apart_by_type_or_theory(spell):
    first, second = published()
    first |= {"EPHEMERIS_TYPE": "4"}
    second |= {"MEAN_ELEMENT_THEORY": "SGP4-XP", "BSTAR": ""}
    elements = read(spell([first, second])).elements
    assert elements.ephemeris_type.tolist() == [4, 4]
    assert np.isnan(elements.bstar_per_earth_radius).tolist() == [False, True]


@every_spelling
@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({}, DataMode.REAL),
        ({"DATA_MODE": "exercise"}, DataMode.EXERCISE),
        ({"DATA_MODE": "SIMULATED"}, DataMode.SIMULATED),
        ({"COMMENT": "EXERCISE: invented"}, DataMode.EXERCISE),
        ({"OBJECT_NAME": "EXERCISE SHELL 1"}, DataMode.EXERCISE),
        ({"OBJECT_NAME": "EXERCISE SHELL 1", "DATA_MODE": "TEST"}, DataMode.TEST),
    ],
)
def test_the_data_mode_is_what_the_file_says(spell, changes, mode):
    assert read(spell([row | changes for row in published()])).elements.marks.data_mode is mode


@every_spelling
def test_data_modes_do_not_mix(spell):
    first, second = published()
    with pytest.raises(FormatError, match="one data mode"):
        read(spell([first, second | {"OBJECT_NAME": "EXERCISE"}]))


@pytest.mark.parametrize("spell", [as_kvn, as_xml])
def test_messages_must_state_their_frame(spell):
    records = published()
    del records[1]["REF_FRAME"]
    assert [fault.field for fault in read(spell(records)).faults] == ["REF_FRAME"]


@pytest.mark.parametrize("spell", [as_csv, as_json])
def test_bare_columns_mean_what_their_sources_mean(spell):
    stated = ("REF_FRAME", "TIME_SYSTEM", "CENTER_NAME", "MEAN_ELEMENT_THEORY")
    records = [{k: v for k, v in row.items() if k not in stated} for row in published()]
    assert len(read(spell(records)).elements) == 2


@pytest.mark.parametrize("keyword", ["EPOCH", "ECCENTRICITY", "BSTAR", "NORAD_CAT_ID"])
def test_a_csv_without_a_column_that_it_needs_says_so_once(keyword):
    text = as_csv(published()).replace(f'"{keyword}"', '"X"')
    with pytest.raises(FormatError, match=r"line 1|element sets"):
        read(text)


def test_a_csv_row_of_another_length_is_a_fault_and_a_stray_quote_stays_in_its_line():
    header, first, second = as_csv(published()).splitlines()
    stray = first.replace('"STARLINK-30"', '"STARLINK-30', 1)
    reading = read("\n".join([header, stray, second, second[:60], "", "# comment", header]))
    assert reading.elements.name.tolist() == ["PREFIRE-1"]
    assert [fault.line for fault in reading.faults] == [2, 4]


def test_units_are_accepted_where_they_are_the_standards_and_refused_elsewhere():
    text = as_kvn(published()[:1])
    inclination = "INCLINATION          = 52.9708"
    assert read(text.replace(inclination, f"{inclination} [deg]")).elements.inclination_rad[0] > 0.9
    (fault,) = read(text.replace(inclination, "INCLINATION = 0.9245 [rad]")).faults
    assert (fault.field, fault.found[:14]) == ("INCLINATION", "'0.9245 [rad]'")
    xml = as_xml(published()[:1])
    assert read(xml.replace("<INCLINATION>", '<INCLINATION units="deg">')).elements
    assert read(xml.replace("<INCLINATION>", '<INCLINATION units="rad">')).faults


@pytest.mark.parametrize("spell", [as_kvn, as_xml])
def test_a_keyword_that_comes_twice_makes_the_record_ambiguous(spell):
    text = spell(published())
    line = "EPOCH                = 2024" if spell is as_kvn else "<EPOCH>2024"
    twice = "EPOCH = 2000-01-01T00:00:00\n" if spell is as_kvn else "<EPOCH>2000</EPOCH>"
    reading = read(text.replace(line, twice + line))
    assert reading.elements.norad_id.tolist() == [44244]
    assert [fault.field for fault in reading.faults] == ["EPOCH"]


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("</OBJECT_NAME>", "</OBJECT>", 1),
        ("<OBJECT_NAME>", "<OBJECT_NAME>&unheard-of;", 1),
        ("</segment></body></omm>", "</segment></body>", 2),  # and the end of all is then too many
        ("<header/>", "<header>", 1),
    ],
)
def test_broken_xml_costs_the_record_that_is_broken(old, new, faults):
    first, second = published()
    text = as_xml([first, second, second | {"NORAD_CAT_ID": "7"}])
    start = text.index("<omm ", text.index("<omm ") + 1)
    broken = text[:start] + text[start:].replace(old, new, 1)
    reading = read(broken)
    assert reading.elements.norad_id.tolist() == [44244, 7]
    assert len(reading.faults) == faults


@pytest.mark.parametrize("where", ["<ndm>", "<omm "])
def test_document_types_are_refused_wherever_they_could_stand(where):
    bomb = '<!DOCTYPE ndm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    text = as_xml(published()[:1])
    with pytest.raises(FormatError, match="DOCTYPE"):
        read(text.replace("<ndm>", f"{bomb}<ndm>").replace("STARLINK-30", "&b;"))
    inside = read(text.replace("<omm ", f"{bomb}<omm ", 1))
    assert [fault.field for fault in inside.faults] == ["XML"]


def test_broken_json_costs_the_record_that_is_broken():
    first, second = published()
    records = json.loads(as_json([first, second, second | {"NORAD_CAT_ID": "7"}]))
    one, two, three = map(json.dumps, records)
    for broken in (two[:-60], two.replace(":", "", 1), two.replace('"', "", 1), "{" + two):
        reading = read(f"[{one},\n{broken},\n{three}]")
        assert reading.elements.norad_id.tolist() == [44244, 7]
        assert [fault.line for fault in reading.faults] == [2]
    cut = read(f"[{one},\n{two},\n{three[:100]}")
    assert len(cut.elements) == 2
    assert [fault.line for fault in cut.faults] == [3]


def test_json_that_is_broken_all_over_is_given_up():
    one = json.dumps(published()[0])
    reading = read(f"[{one}" + ',{"MEAN_MOTION' * 5000)
    assert len(reading.elements) == 1
    assert "the rest is not read" in reading.faults[-1].found


def test_json_values_of_other_kinds_are_faults_of_their_record():
    first, second = json.loads(as_json(published()))
    for value in ([1], {"a": 1}, True, 1e400):
        reading = read(json.dumps([first, second | {"MEAN_MOTION": value}]))
        assert reading.elements.norad_id.tolist() == [44244]
        assert [fault.field for fault in reading.faults] == ["MEAN_MOTION"]
    assert read(json.dumps([first | {"OBJECT_NAME": "\ud800"}])).elements.name.tolist() == ["?"]


def test_names_keep_their_letters_in_every_spelling():
    for spell in SPELLINGS.values():
        records = [published()[0] | {"OBJECT_NAME": 'A "QUOTED", É & <SAT> = 衛星'}]
        assert read(spell(records)).elements.name.tolist() == ['A "QUOTED", É & <SAT> = 衛星']


@pytest.mark.parametrize("name", ["OMMExample1.txt", "OMM-with-units.xml", "OMMExample4.xml"])
def test_messages_of_other_agencies_are_read(shared, name):
    with (shared / "data/ndm/corpus/odm/omm" / name).open("rb") as stream:
        reading = read_elements(stream, source="test")
    assert len(reading.elements) == 1
    assert not reading.faults


def test_a_message_of_another_theory_is_a_fault_that_names_the_frame(shared):
    with (shared / "data/ndm/corpus/odm/omm/OMMExample3.txt").open("rb") as stream:
        (fault,) = read_elements(stream, source="test").faults
    assert (fault.field, fault.found) == ("REF_FRAME", "'TOD'")
