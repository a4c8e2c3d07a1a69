"""Conjunction messages: what is read of them, and what is said of wrong ones."""

from __future__ import annotations

import gzip
import io
import json
import math

import numpy as np
import pytest

from skypact.astro.time import tai_ns_from_utc
from skypact.base.errors import FormatError
from skypact.formats.ccsds.cdm import read_cdm
from skypact.formats.ccsds.cdm_rules import TRIANGLE, is_positive_definite
from skypact.formats.ccsds.json_writing import write_json
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.xml_writing import write_ndm_xml, write_xml
from skypact.records.marks import DataMode

UNITS = {"position": "[m**2]", "mixed": "[m**2/s]", "velocity": "[m**2/s**2]"}


def covariance_lines(sigma_m=10.0, sigma_m_s=0.01):
    lines = []
    for i, row in enumerate(TRIANGLE):
        for j, name in enumerate(row):
            value = (sigma_m if i < 3 else sigma_m_s) ** 2 if i == j else 0.0
            unit = UNITS[("position", "mixed", "velocity")[(i >= 3) + (j >= 3)]]
            lines.append(f"{name} = {value!r} {unit}")
    return "\n".join(lines)


def party(number, x_km):
    return f"""OBJECT = OBJECT{number}
OBJECT_DESIGNATOR = 1000{number}
CATALOG_NAME = SATCAT
OBJECT_NAME = EXAMPLE {number}
INTERNATIONAL_DESIGNATOR = 2020-00{number}A
OBJECT_TYPE = ROCKET BODY
EPHEMERIS_NAME = NONE
COVARIANCE_METHOD = CALCULATED
MANEUVERABLE = N/A
REF_FRAME = EME2000
COMMENT EXCLUSION_VOLUME_RADIUS = {number} [m]
TIME_LASTOB_START = 2026-11-18T00:00:00.000
ACTUAL_OD_SPAN = 2.5 [d]
OBS_AVAILABLE = 90
OBS_USED = 80
RESIDUALS_ACCEPTED = 97.5 [%]
WEIGHTED_RMS = 1.25
MASS = 500 [kg]
COMMENT DCP Density Forecast Uncertainty = 2.5e-01
COMMENT DCP Sensitivity Vector RTN Pos = -1.0e+02 2.0e+04 5.0 [m]
COMMENT DCP Sensitivity Vector RTN Vel = -4.0e+01 7.0e-02 8.0e-02 [m/sec]
X = {x_km} [km]
Y = 0.0 [km]
Z = 0.0 [km]
X_DOT = 0.0 [km/s]
Y_DOT = 7.5 [km/s]
Z_DOT = 0.0 [km/s]
{covariance_lines()}
"""


CDM = f"""CCSDS_CDM_VERS = 1.0
CREATION_DATE = 2026-11-19T12:00:00.000
ORIGINATOR = EXAMPLE
MESSAGE_FOR = EXAMPLE 1
MESSAGE_ID = A-1
TCA = 2026-11-20T06:00:00.500
MISS_DISTANCE = 100.0 [m]
RELATIVE_SPEED = 14000 [m/s]
RELATIVE_POSITION_R = 100.0 [m]
RELATIVE_POSITION_T = 0.0 [m]
RELATIVE_POSITION_N = 0.0 [m]
COLLISION_PROBABILITY = 1.5e-05
COLLISION_PROBABILITY_METHOD = FOSTER-1992
COMMENT HBR = 10 [m]
{party(1, 7000.0)}{party(2, 7000.1)}"""


def read(text, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return read_cdm(io.BytesIO(content), source="test", **options)


def only(text):
    reading = read(text)
    assert [*map(str, reading.faults)] == []
    (conjunction,) = reading.conjunctions
    return conjunction


def test_reads_a_conjunction_in_si():
    found = only(CDM)
    assert found.tca_tai_ns == tai_ns_from_utc(np.array(["2026-11-20T06:00:00.5"], "M8[ns]"))[0]
    assert (found.miss_distance_m, found.relative_speed_m_s) == (100.0, 14000.0)
    assert found.relative_position_rtn_m == (100.0, 0.0, 0.0)
    assert found.relative_velocity_rtn_m_s is None
    assert found.collision_probability == 1.5e-5
    assert (found.hard_body_radius_m, found.hard_body_radius_source) == (
        10.0,
        "comment HBR in line 14",
    )
    assert found.marks.data_mode is DataMode.REAL


def test_reads_both_objects_in_si():
    found = only(CDM)
    assert (found.primary.name, found.secondary.name) == ("EXAMPLE 1", "EXAMPLE 2")
    assert found.primary.r_m == (7e6, 0.0, 0.0)
    assert found.primary.v_m_s == (0.0, 7500.0, 0.0)
    assert (found.primary.exclusion_radius_m, found.secondary.exclusion_radius_m) == (1.0, 2.0)
    assert found.primary.actual_od_span_s == 216_000.0
    assert found.primary.residuals_accepted_ratio == pytest.approx(0.975)
    assert (found.primary.observations_used, found.primary.mass_kg) == (80, 500.0)
    assert np.diag(found.primary.covariance_rtn).tolist() == [100.0] * 3 + [1e-4] * 3


def test_what_comments_say_of_the_density_forecast_is_read():
    drag = only(CDM).secondary.drag
    assert drag is not None
    assert drag.density_ratio == 0.25
    assert drag.position_rtn_m == (-100.0, 20_000.0, 5.0)
    assert drag.velocity_rtn_m_s == (-40.0, 0.07, 0.08)


@pytest.mark.parametrize(
    ("comment", "radius_m"),
    [
        ("HBR = 15", 15.0),
        ("HBR                        = 15.0", 15.0),
        ("HBR: 0.015 [km]", 15.0),
        ("Hard Body Radius = 1.5e1 m", 15.0),
        ("Combined HBR = 15 [m]", 15.0),
        ("HBR is large", None),
    ],
)
def test_a_combined_radius_is_found_however_the_comment_spells_it(comment, radius_m):
    assert only(CDM.replace("HBR = 10 [m]", comment)).hard_body_radius_m == radius_m


def test_radii_of_both_objects_are_added_and_one_alone_is_not_enough():
    both = CDM.replace("COMMENT HBR = 10 [m]\n", "")
    for number, radius in ((1, 3.0), (2, 4.5)):
        own = f"COMMENT Operator Hard Body Radius = {radius} [m]\n"
        both = both.replace(f"COMMENT EXCLUSION_VOLUME_RADIUS = {number} [m]\n", own)
    assert only(both).hard_body_radius_m == 7.5
    one = both.replace("COMMENT Operator Hard Body Radius = 4.5 [m]\n", "")
    assert only(one).hard_body_radius_m is None


def test_every_notation_says_the_same():
    (message,) = read_messages(io.BytesIO(CDM.encode())).messages
    wrapped = [write_xml(message), write_json([message]), gzip.compress(CDM.encode())]
    wrapped += [CDM.replace("\n", "\r\n").encode(), CDM.encode("utf-16")]
    for content in wrapped:
        found = only(content)
        assert found.primary == only(CDM).primary
        assert found.hard_body_radius_m == 10.0


def test_space_track_and_tracss_objects_are_read():
    """Keys after Space-Track's cdm class and TraCSS's list of fields: flat, quoted, with units."""
    record = {"CDM_ID": "1", "CCSDS_CDM_VERS": "1.0"}
    prefix = ""
    for line in CDM.split("\n")[1:]:
        key, _, value = line.partition(" = ")
        if line.startswith("COMMENT") or not line:
            continue
        prefix = f"SAT{value[-1]}_" if key == "OBJECT" else prefix
        number, bracket, unit = value.partition(" [")
        record[f"{prefix}{key}"] = number
        if bracket:
            record[f"{prefix}{key}_UNIT"] = unit.strip("]")
    record["COMMENT_SCREENING_OPTION"] = None
    record |= {"TCA": "2026-11-20 06:00:00", "TCA_FRACTION": "500"}
    reading = read(json.dumps([record]))
    assert not reading.faults
    assert [warning.field for warning in reading.warnings] == ["CDM_ID"]
    (found,) = reading.conjunctions
    assert found.tca_tai_ns == only(CDM).tca_tai_ns
    assert found.secondary.r_m == only(CDM).secondary.r_m
    del record["CCSDS_CDM_VERS"]
    record |= {"TRACSS_CDM_VERS": "2.0", "SAT1_HBR": "1.5", "SAT2_HBR": "2", "CONJUNCTION_ID": "C"}
    (found,) = read(json.dumps(record)).conjunctions
    assert found.hard_body_radius_m == 3.5


FAULTS = [
    ("TCA = 2026-11-20T06:00:00.500\n", "", "TCA"),
    ("2026-11-20T06:00:00.500", "2026-04-31T06:00:00", "TCA"),
    ("PROBABILITY = 1.5e-05", "PROBABILITY = 1.7", "COLLISION_PROBABILITY"),
    ("MISS_DISTANCE = 100.0", "MISS_DISTANCE = -1", "MISS_DISTANCE"),
    ("MISS_DISTANCE = 100.0 [m]", "MISS_DISTANCE = 100.0 [s]", "MISS_DISTANCE"),
    ("X = 7000.0", "X = 7000,0", "X"),
    ("X = 7000.0", "X = NaN", "X"),
    ("X = 7000.0 [km]", "X =", "X"),
    ("OBJECT = OBJECT2", "OBJECT = OBJECT3", "OBJECT"),
    ("OBJECT = OBJECT2", "OBJECT = OBJECT1", "OBJECT"),
    ("ORIGINATOR = EXAMPLE\n", "ORIGINATOR = EXAMPLE\nORIGINATOR = ANOTHER\n", "ORIGINATOR"),
    ("REF_FRAME = EME2000", "REF_FRAME = WOBBLY", "REF_FRAME"),
    ("MASS = 500", "COLOUR = red", "COLOUR"),
    ("COMMENT HBR = 10 [m]", "one two", "one two"),
    ("CCSDS_CDM_VERS = 1.0", "CCSDS_CDM_VERS = 7.0", "CCSDS_CDM_VERS"),
]


@pytest.mark.parametrize(("good", "bad", "field"), FAULTS)
def test_every_fault_names_its_line_and_keyword_and_the_message_is_not_used(good, bad, field):
    assert good in CDM
    reading = read(CDM.replace(good, bad, 1))
    assert reading.conjunctions == ()
    (fault,) = reading.faults
    assert fault.field == field
    if bad:
        changed = CDM[: CDM.index(good)].count("\n") + 1
        assert changed <= fault.line <= changed + 1


def test_a_keyword_of_an_earlier_section_is_a_fault_and_one_of_the_same_section_odd():
    late = CDM.replace("MESSAGE_FOR = EXAMPLE 1\n", "").replace("TCA =", "X_UNUSED =", 1)
    assert {fault.field for fault in read(late).faults} == {"X_UNUSED", "TCA"}
    moved = CDM.replace("MESSAGE_ID = A-1\n", "").replace(
        "MISS_DISTANCE", "MESSAGE_ID = A-1\nMISS_DISTANCE", 1
    )
    (fault,) = read(moved).faults
    assert (fault.field, fault.expected) == ("MESSAGE_ID", "the order of the standard")
    swapped = CDM.replace(
        "MESSAGE_FOR = EXAMPLE 1\nMESSAGE_ID = A-1", "MESSAGE_ID = A-1\nMESSAGE_FOR = E"
    )
    assert [warning.field for warning in read(swapped).warnings] == ["MESSAGE_FOR"]


WARNINGS = [
    ("CREATION_DATE = 2026-11-19", "CREATION_DATE = 2026-11-21", "TCA"),
    ("CR_R = 100.0", "CR_R = -100.0", "CR_R"),
    ("CT_R = 0.0", "CT_R = 100.1", "CR_R"),
    ("MISS_DISTANCE = 100.0 [m]", "MISS_DISTANCE = 0.1 [km]", "MISS_DISTANCE"),
    ("CR_R = 100.0 [m**2]", "CR_R = 100.0 [m^2]", "CR_R"),
    ("ACTUAL_OD_SPAN = 2.5", "ACTUAL_OD_SPAN = NaN", "ACTUAL_OD_SPAN"),
    ("OBS_USED = 80", "OBS_USED = 91", "OBS_USED"),
    ("MASS = 500", "HBR = 2\nMASS = 500", "HBR"),
    ("ORIGINATOR = EXAMPLE\n", "ORIGINATOR = EXAMPLE\nORIGINATOR = EXAMPLE\n", "ORIGINATOR"),
]


@pytest.mark.parametrize(("good", "odd", "field"), WARNINGS)
def test_what_is_odd_is_read_and_told(good, odd, field):
    reading = read(CDM.replace(good, odd, 1))
    assert not reading.faults
    assert [warning.field for warning in reading.warnings] == [field]
    assert reading.conjunctions[0].miss_distance_m == pytest.approx(100.0)


def test_nan_is_unknown():
    text = CDM.replace("ACTUAL_OD_SPAN = 2.5", "ACTUAL_OD_SPAN = NaN", 1)
    assert only(text).primary.actual_od_span_s is None


def test_a_covariance_of_zeros_is_told_and_read():
    zeros = CDM.replace(covariance_lines(), covariance_lines(0.0, 0.0))
    reading = read(zeros)
    assert [warning.found for warning in reading.warnings] == ["zeros only"] * 2
    assert reading.conjunctions[0].primary.covariance_rtn is not None


def test_one_bad_message_leaves_the_others_standing():
    bad = CDM.replace("TCA = 2026-11-20", "TCA = 2026-13-20")
    reading = read(CDM + bad + CDM)
    assert len(reading.conjunctions) == 2
    (fault,) = reading.faults
    assert fault.line == CDM.count("\n") + 6
    messages = read_messages(io.BytesIO((CDM + bad + CDM).encode())).messages
    assert len(read(write_ndm_xml(messages)).conjunctions) == 2
    assert len(read(write_json(messages)).conjunctions) == 2


def test_a_second_60_needs_a_leap_second():
    (fault,) = read(CDM.replace("06:00:00.500", "23:59:60")).faults
    assert fault.field == "TCA"
    leap = CDM.replace("2026-11-20T06:00:00.500", "2016-12-31T23:59:60")
    assert read(leap).conjunctions[0].tca_tai_ns % 1_000_000_000 == 0


@pytest.mark.parametrize("content", [b"", b"hello", b"[1]", b"{", b"[" * 5000])
def test_what_is_no_message_is_refused(content):
    with pytest.raises(FormatError):
        read(content)


@pytest.mark.parametrize("content", [b"<a/>", b"{}"])
def test_an_object_of_another_kind_is_told(content):
    (fault,) = read(content).faults
    assert "cdm" in fault.expected


def test_other_messages_are_told_beside_conjunctions():
    omm = "CCSDS_OMM_VERS = 3.0\nCREATION_DATE = 2026-11-19T12:00:00\nORIGINATOR = E\n"
    reading = read(CDM + omm)
    assert len(reading.conjunctions) == 1
    assert any(fault.expected == "a conjunction message" for fault in reading.faults)


def test_positive_definite_is_what_numpy_says():
    random = np.random.default_rng(7)
    scale = np.diag([1e3, 1e5, 1e2, 1.0, 1e-2, 1e-1])
    for shift in (-0.5, -0.1, 0.1, 0.5):
        for _ in range(50):
            factor = random.normal(size=(6, 6))
            correlated = factor @ factor.T
            smallest = np.linalg.eigvalsh(correlated)[0]
            matrix = scale @ (correlated + (shift - smallest) * np.eye(6)) @ scale
            rows = [matrix[i, : i + 1].tolist() for i in range(6)]
            assert is_positive_definite(rows) == (shift > 0)
    assert not is_positive_definite([[math.nan]])


def test_nasas_conjunctions_are_read_with_all_that_their_comments_say(shared):
    folder = shared / "data" / "pc" / "cara_cdms"
    paths = sorted(folder.glob("*.cdm"))
    assert len(paths) == 53
    for path in paths:
        found = only(path.read_bytes())
        assert found.primary.drag is not None
        assert found.secondary.exclusion_radius_m is not None
        summed = found.primary.exclusion_radius_m + found.secondary.exclusion_radius_m
        assert found.hard_body_radius_m is not None, summed


def test_28_of_the_corpus_have_a_covariance_in_doubt(shared):
    """The number that the reference data's own survey found, by another program."""
    doubtful = 0
    for path in sorted((shared / "data" / "ndm" / "corpus" / "cdm").iterdir()):
        warnings = read(path.read_bytes()).warnings
        doubtful += any("covariance" in warning.expected for warning in warnings)
    assert doubtful == 28
