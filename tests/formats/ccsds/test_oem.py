import gzip
import io
import json
import math
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skypact.astro.time import NANOSECONDS, tai_ns_from_utc
from skypact.base.errors import FormatError
from skypact.formats.ccsds.oem import read_oem
from skypact.formats.ccsds.oem_table import STATE, TRIANGLE
from skypact.formats.ccsds.row_kernel import parsed_rows
from skypact.formats.ccsds.rows import timed_rows
from skypact.formats.ccsds.times import clock_readings
from skypact.records.marks import DataMode

HEADER = """CCSDS_OEM_VERS = 2.0
COMMENT made up for a test
CREATION_DATE = 2026-11-19T22:00:00
ORIGINATOR = EXAMPLE AGENCY
"""
METADATA = """META_START
OBJECT_NAME = EXAMPLE 1
OBJECT_ID = 2020-001A
CENTER_NAME = EARTH
REF_FRAME = EME2000
TIME_SYSTEM = UTC
START_TIME = 2026-11-20T00:00:00
USEABLE_START_TIME = 2026-11-20T00:01:00
USEABLE_STOP_TIME = 2026-11-20T00:02:00
STOP_TIME = 2026-11-20T00:03:00
INTERPOLATION = HERMITE
INTERPOLATION_DEGREE = 7
META_STOP
"""
STATES = """2026-11-20T00:00:00 7000 0 0 0 7.5 0
2026-11-20T00:01:00 6980.25 449.5 -1e-3 -0.48 7.48 0
2026-11-20T00:02:00 6920.125 897 -2.5E-3 -.96 7.41 +0.001
2026-11-20T00:03:00 6821. 1338 -4E-3 -1.43 7.31 0
"""
COVARIANCE = """COVARIANCE_START
EPOCH = 2026-11-20T00:01:00
COV_REF_FRAME = RTN
1.0
0.1 2.0
0.2 0.3 3.0
1e-4 2e-4 3e-4 4e-6
5e-4 6e-4 7e-4 8e-7 9e-6
1e-5 2e-5 3e-5 4e-8 5e-8 6e-6
COVARIANCE_STOP
"""
PLAIN = HEADER + METADATA + STATES + COVARIANCE


def read(text, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return read_oem(io.BytesIO(content), source="test", **options)


def only(text):
    reading = read(text)
    assert [str(fault) for fault in reading.faults] == []
    (ephemeris,) = reading.ephemerides
    return ephemeris


def as_xml(version="2.0"):
    """The same message in XML, built from the constants above by hand of `str`."""
    state_names = STATE[:6]
    vectors = ""
    for line in STATES.strip().split("\n"):
        epoch, *numbers = line.split()
        cells = "".join(f"<{n}>{v}</{n}>" for n, v in zip(state_names, numbers, strict=True))
        vectors += f"<stateVector><EPOCH>{epoch}</EPOCH>{cells}</stateVector>\n"
    pairs = [line.split(" = ") for line in METADATA.split("\n") if "=" in line]
    metadata = "".join(f"<{key}>{value}</{key}>" for key, value in pairs)
    triangle = [n for line in COVARIANCE.split("\n")[3:9] for n in line.split()]
    cells = "".join(f"<{n}>{v}</{n}>" for n, v in zip(TRIANGLE, triangle, strict=True))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<oem id="CCSDS_OEM_VERS" version="{version}"><header><COMMENT>made up for a test</COMMENT>
<CREATION_DATE>2026-11-19T22:00:00</CREATION_DATE><ORIGINATOR>EXAMPLE AGENCY</ORIGINATOR></header>
<body><segment><metadata>{metadata}</metadata><data>
{vectors}<covarianceMatrix><EPOCH>2026-11-20T00:01:00</EPOCH><COV_REF_FRAME>RTN</COV_REF_FRAME>
{cells}</covarianceMatrix></data></segment></body></oem>"""


def test_reads_states_in_si():
    ephemeris = only(PLAIN)
    assert len(ephemeris) == 4
    assert ephemeris.r_m[2].tolist() == [6_920_125.0, 897_000.0, -2.5]
    assert ephemeris.v_m_s[2].tolist() == [-960.0, 7410.0, 1.0]
    assert ephemeris.a_m_s2 is None
    assert (ephemeris.object_name, ephemeris.object_id) == ("EXAMPLE 1", "2020-001A")
    minutes = np.diff(ephemeris.times_tai_ns) / (60 * NANOSECONDS)
    assert minutes.tolist() == [1.0, 1.0, 1.0]
    assert ephemeris.times_tai_ns[0] == tai_ns_from_utc(np.array(["2026-11-20"], "M8[ns]"))[0]


def test_reads_what_the_owner_says_of_a_segment():
    (segment,) = only(PLAIN).segments
    first = tai_ns_from_utc(np.array(["2026-11-20"], "M8[ns]"))[0]
    assert (segment.first_row, segment.stop_row) == (0, 4)
    assert segment.useable_start_tai_ns == first + 60 * NANOSECONDS
    assert segment.useable_stop_tai_ns == first + 120 * NANOSECONDS
    assert (segment.interpolation, segment.interpolation_degree) == ("HERMITE", 7)
    assert (segment.frame, segment.centre, segment.frame_epoch_tai_ns) == ("EME2000", "EARTH", None)


def test_reads_a_covariance_whole_and_in_si():
    covariances = only(PLAIN).covariances
    (matrix,) = covariances.matrices
    assert covariances.frames == ("RTN",)
    assert np.array_equal(matrix, matrix.T)
    assert np.diag(matrix) == pytest.approx([1e6, 2e6, 3e6, 4.0, 9.0, 6.0])
    assert matrix[4, 0] == pytest.approx(500.0)  # CY_DOT_X, km2/s to m2/s


def test_marks_come_from_the_header():
    text = PLAIN.replace("ORIGINATOR", "CLASSIFICATION = PARTNERS ONLY\nORIGINATOR")
    (ephemeris,) = read(text, data_mode=DataMode.EXERCISE).ephemerides
    assert ephemeris.marks.originator == "EXAMPLE AGENCY"
    assert ephemeris.marks.marking == "PARTNERS ONLY"
    assert ephemeris.marks.produced_at == "2026-11-19T22:00:00.000Z"
    assert ephemeris.marks.data_mode is DataMode.EXERCISE
    assert ephemeris.marks.source == "test"


def test_xml_says_the_same_as_kvn():
    kvn, xml = only(PLAIN), only(as_xml())
    assert np.array_equal(kvn.times_tai_ns, xml.times_tai_ns)
    assert np.array_equal(kvn.r_m, xml.r_m)
    assert np.array_equal(kvn.v_m_s, xml.v_m_s)
    assert np.array_equal(kvn.covariances.matrices, xml.covariances.matrices)
    assert kvn.segments == xml.segments
    assert kvn.marks == xml.marks
    assert kvn.comments == xml.comments


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(PLAIN.encode()),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace(" ", "\t \t").encode(),
        as_xml().replace("UTF-8", "UTF-16").encode("utf-16"),
        f"<ndm>{as_xml().partition('?>')[2]}</ndm>".encode(),
    ],
    ids=["gzip", "byte order mark", "CRLF", "tabs", "UTF-16 XML", "combined"],
)
def test_the_wrapping_changes_nothing(content):
    assert np.array_equal(only(content).r_m, only(PLAIN).r_m)


def test_a_letter_that_is_no_utf8_costs_a_warning_not_the_file():
    reading = read(PLAIN.encode().replace(b"EXAMPLE 1", b"S\xc3O PAULO\xe9"))
    assert not reading.faults
    assert [warning.field for warning in reading.warnings] == ["encoding"]
    assert reading.warnings[0].line == 6


def test_accelerations_are_kept_where_given():
    text = PLAIN.replace("0 7.5 0\n", "0 7.5 0 -0.008 0 0.001\n")
    a_m_s2 = only(text).a_m_s2
    assert a_m_s2[0].tolist() == [-8.0, 0.0, 1.0]
    assert np.isnan(a_m_s2[1:]).all()


def test_a_body_without_a_segment_is_told():
    reading = read(f"{as_xml().partition('<body>')[0]}<body></body></oem>")
    assert not reading.ephemerides
    assert [(fault.expected, fault.found) for fault in reading.faults] == [("segment", "none")]


def test_a_bad_segment_leaves_the_others_standing():
    later = METADATA.replace("2026-11-20", "2026-11-21") + STATES.replace("-20T", "-21T")
    text = HEADER + METADATA + STATES.replace("897", "8x7") + later
    reading = read(text)
    (ephemeris,) = reading.ephemerides
    assert len(ephemeris) == 4
    assert len(ephemeris.segments) == 1
    (fault,) = reading.faults
    line = text.split("\n").index("2026-11-20T00:02:00 6920.125 8x7 -2.5E-3 -.96 7.41 +0.001") + 1
    assert (fault.line, fault.field, fault.found) == (line, "Y", "'8x7'")
    with pytest.raises(FormatError) as error:
        read(text, strict=True)
    assert error.value.line == line


def test_a_bad_covariance_leaves_the_states_standing():
    reading = read(PLAIN.replace("0.2 0.3 3.0", "0.2 0.3"))
    assert len(reading.ephemerides[0]) == 4
    assert len(reading.ephemerides[0].covariances) == 0
    assert [fault.field for fault in reading.faults] == ["covariance"]


FAULTS = [
    ("REF_FRAME = EME2000\n", "", "REF_FRAME", 0),
    ("TIME_SYSTEM = UTC\n", "", "TIME_SYSTEM", 0),
    ("OBJECT_NAME = EXAMPLE 1\n", "", "OBJECT_NAME", 1),
    ("CREATION_DATE = 2026-11-19T22:00:00", "CREATION_DATE = 19 Nov", "CREATION_DATE", 1),
    ("CCSDS_OEM_VERS = 2.0", "CCSDS_OEM_VERS = 9.0", "CCSDS_OEM_VERS", 1),
    ("META_STOP", "COLOUR = red\nMETA_STOP", "COLOUR", 1),
    ("META_STOP", "REF_FRAME = TEME\nMETA_STOP", "REF_FRAME", 1),
    ("INTERPOLATION_DEGREE = 7", "INTERPOLATION_DEGREE = seven", "INTERPOLATION_DEGREE", 1),
    ("INTERPOLATION_DEGREE = 7", "INTERPOLATION_DEGREE = 0", "INTERPOLATION_DEGREE", 1),
    ("STOP_TIME = 2026-11-20T00:03:00", "STOP_TIME = 2026-02-30T00:00:00", "STOP_TIME", 1),
    ("00:02:00 6920.125", "00:02:00 nan", "X", 0),
    ("00:02:00 6920.125", "00:02:00 1_000", "X", 0),
    ("00:02:00 6920.125", "00:02:00 1e999", "X", 0),
    ("6920.125 897", "897", "2026-11-20T00:02:00", 0),
    ("2026-11-20T00:02:00 69", "2026-11-20T00:00:30 69", "EPOCH", 0),
    ("2026-11-20T00:02:00 69", "1066-10-14T00:02:00 69", "EPOCH", 0),
    ("2026-11-20T00:02:00 69", "2026-11-20T00:01:60 69", "EPOCH", 0),
    ("2026-11-20T00:03:00 68", "EPHEMERIS_STOP\n2026-11-20T00:03:00 68", "EPHEMERIS_STOP", 0),
    ("USEABLE_START_TIME = 2026-11-20", "USEABLE_START_TIME = 2026-11-21", "USEABLE_START_TIME", 0),
    ("EPOCH = 2026-11-20T00:01:00", "EPOCH = yesterday", "EPOCH", 1),
    ("COVARIANCE_STOP", "", "COVARIANCE_STOP", 1),
]


@pytest.mark.parametrize(("good", "bad", "field", "ephemerides"), FAULTS)
def test_every_fault_names_its_line_and_keyword(good, bad, field, ephemerides):
    assert good in PLAIN
    text = PLAIN.replace(good, bad, 1)
    reading = read(text)
    assert len(reading.ephemerides) == ephemerides
    fault = reading.faults[0]
    assert fault.field == field
    changed = text[: PLAIN.index(good)].count("\n") + 1
    if bad:  # what is missing is told at the section's beginning, or at the end of the file
        assert changed <= fault.line <= changed + 1


def test_two_states_at_one_time_end_the_segment_there():
    burn = "2026-11-20T00:02:00 6920.125 897 -2.5E-3 -.96 7.45 +0.001\n"
    reading = read(PLAIN.replace("2026-11-20T00:03:00 68", burn + "2026-11-20T00:03:00 68"))
    (ephemeris,) = reading.ephemerides
    assert [(s.first_row, s.stop_row) for s in ephemeris.segments] == [(0, 3), (3, 5)]
    assert not reading.faults
    assert [warning.field for warning in reading.warnings] == ["EPOCH"]
    # The covariance belongs to the segment that its time falls in.
    assert ephemeris.covariances.segment.tolist() == [0]


def test_a_row_said_twice_counts_once():
    line = STATES.split("\n")[1] + "\n"
    reading = read(PLAIN.replace(line, line * 2))
    assert len(reading.ephemerides[0]) == 4
    assert [warning.found for warning in reading.warnings] == ["the same row again"]


def test_day_of_year_and_calendar_dates_are_one_time():
    text = PLAIN.replace("2026-11-20T", "2026-324T")
    assert np.array_equal(only(text).times_tai_ns, only(PLAIN).times_tai_ns)


def test_time_runs_on_through_a_leap_second():
    text = PLAIN.replace("2026-11-20T00:00:00", "2016-12-31T23:59:59")
    text = text.replace("2026-11-20T00:01:00", "2016-12-31T23:59:60")
    text = text.replace("2026-11-20T00:02:00", "2017-01-01T00:00:00")
    text = text.replace("2026-11-20T00:03:00", "2017-01-01T00:00:01")
    assert np.diff(only(text).times_tai_ns).tolist() == [NANOSECONDS] * 3


# UTC was 18 s behind GPS, 37 s behind TAI and 69.184 s behind TT in 2026 (Bulletin C).
@pytest.mark.parametrize(("scale", "ahead_s"), [("GPS", 18.0), ("TAI", 37.0), ("TT", 69.184)])
def test_other_clocks_are_brought_to_tai(scale, ahead_s):
    ephemeris = only(PLAIN.replace("TIME_SYSTEM = UTC", f"TIME_SYSTEM = {scale}"))
    behind_s = (only(PLAIN).times_tai_ns - ephemeris.times_tai_ns) / NANOSECONDS
    assert behind_s == pytest.approx(ahead_s, abs=1e-9)
    assert ephemeris.is_placed_in_time


@pytest.mark.parametrize("scale", ["MRT", "SCLK", "UT1"])
def test_a_clock_of_the_missions_own_is_read_but_not_placed(scale):
    ephemeris = only(PLAIN.replace("TIME_SYSTEM = UTC", f"TIME_SYSTEM = {scale}"))
    assert not ephemeris.is_placed_in_time
    assert ephemeris.time_system == scale


def test_every_object_of_a_message_has_its_own_ephemeris():
    other = (METADATA + STATES).replace("2020-001A", "2020-001B")
    reading = read(PLAIN + other)
    assert [e.object_id for e in reading.ephemerides] == ["2020-001A", "2020-001B"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", "file"),
        (b" \n\t\n", "file"),
        (b"\x1f\x8b\x08rubbish", "file"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-20], "file"),
        (b"CCSDS_OMM_VERS = 2.0\n", "CCSDS_OEM_VERS"),
        (b"<oem>", "XML"),
        (b"<omm></omm>", "omm"),
        (b"<a>" * 60, "a"),
        (b'<?xml version="1.0" encoding="klingon"?><oem/>', "XML"),
    ],
)
def test_what_is_no_oem_is_refused_as_a_whole(content, field):
    with pytest.raises(FormatError) as error:
        read(content)
    assert error.value.field == field


def test_entity_bombs_are_refused_at_the_door():
    bomb = """<?xml version="1.0"?>
<!DOCTYPE oem [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<oem id="CCSDS_OEM_VERS" version="2.0">&b;</oem>"""
    with pytest.raises(FormatError, match="no document type declaration") as error:
        read(bomb)
    assert error.value.line == 2


def test_a_unit_that_is_not_the_standards_is_not_taken_for_it():
    reading = read(as_xml().replace("<X>", '<X units="m">', 1))
    assert not reading.ephemerides
    assert [(fault.field, fault.found) for fault in reading.faults] == [("X", "m")]
    assert only(as_xml().replace("<X>", '<X units="km">')).r_m[0, 0] == 7e6


@given(
    st.lists(
        st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=6, max_size=6),
        min_size=2,
        max_size=20,
    ),
    st.sampled_from(["{!r}", "{:.6f}", "{:+.12e}", "{:22.14E}"]),
)
def test_bulk_rows_and_single_rows_are_the_same_bits(table, form):
    lines = [
        f"2026-11-20T00:00:{i:02d} " + " ".join(map(form.format, row))
        for i, row in enumerate(table)
    ]
    text = "\n".join(lines) + "\n"
    clock_ns, values = parsed_rows(text, 6)
    single = timed_rows(1, text, STATE, (6, 9))
    assert clock_ns.tolist() == single.readings.clock_ns.tolist()
    assert np.array_equal(values, single.values)
    written = [float(form.format(value)) for row in table for value in row]
    assert values.ravel().tolist() == written


@given(
    st.from_regex(
        r"[+-]?([0-9]{1,22}\.?[0-9]{0,22}|\.[0-9]{1,22})([eE][+-]?[0-9]{1,3})?", fullmatch=True
    )
)
@example("9007199254740993")  # beside a tie
@example("9007199254740993.0000000000000000000001")
@example("123456789012345678e-22")
@example("-0")
@example("1e-400")
def test_a_number_read_from_bytes_is_the_nearest_float(word):
    found = parsed_rows(f"2026-11-20T00:00:00 {word}", 1)
    if math.isinf(float(word)):
        assert found is None
    else:
        assert float(found[1][0, 0]).hex() == float(word).hex()


@given(st.text("0123456789+-.eET:Z \t\n\r_", max_size=30))
@example("2026-11-20T00:00:00 1_0")
@example("2026-11-20T00:00:00 1 2")
@example("2026-11-20T00:00:00 1\n\n2026-11-20T00:00:00 1")
@example("2026-11-20T00:00:00 -")
@example("2026-11-20T00:00:00 1e")
def test_rows_that_bytes_give_are_those_that_lines_give(text):
    found = parsed_rows(text, 1)
    if found is not None:
        single = timed_rows(1, text.rstrip(), ("X",), (1,))
        assert (found[0] == single.readings.clock_ns).all()
        assert (found[1] == single.values).all()


@given(
    st.integers(1957, 2199),
    st.integers(1, 365),
    st.integers(0, 86399),
    st.text("0123456789", max_size=20),
    st.sampled_from(["%Y-%m-%d", "%Y-%j"]),
    st.sampled_from(["", "Z"]),
)
def test_a_time_read_from_bytes_is_the_one_of_the_text(year, day, second, decimals, form, zone):
    date = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, seconds=second)
    text = date.strftime(f"{form}T%H:%M:%S") + "." + decimals + zone
    (clock_ns, _), readings = parsed_rows(f"{text} 1", 1), clock_readings([text])
    assert clock_ns.tolist() == readings.clock_ns.tolist()


@pytest.mark.parametrize(
    "time", ["2026-02-29", "2026-00-01", "2026-13-01", "2026-04-31", "2026-366", "2026-000",
             "1956-01-01", "2200-01-01", "2026/01/01", "2100-02-29"]
)  # fmt: skip
def test_a_day_that_never_was_is_no_time_in_bytes_either(time):
    assert parsed_rows(f"{time}T00:00:00 1", 1) is None


@pytest.mark.parametrize("time", ["24:00:00", "00:60:00", "00:00:60", "00-00-00", "0:00:00"])
def test_an_hour_that_never_was_is_left_to_the_judge(time):
    assert parsed_rows(f"2026-01-01T{time} 1", 1) is None


def test_a_bad_row_among_thousands_is_named_by_its_line():
    lines = [
        f"2026-11-20T{i // 3600:02d}:{i // 60 % 60:02d}:{i % 60:02d} 7000 0 0 0 7.5 0"
        for i in range(5000)
    ]
    lines[4321] = lines[4321].replace("7.5", "7,5")
    text = HEADER + METADATA + "\n".join(lines)
    (fault,) = read(text).faults
    assert fault.line == (HEADER + METADATA).count("\n") + 4322
    assert fault.field == "Y_DOT"


PIECES = [
    *(HEADER + METADATA + COVARIANCE).split("\n"), *STATES.split("\n"), "\x00", "=", "<", "&a;",
    "9" * 400, "1e400", "-", "T", ":60", "META_START", "COVARIANCE_START", "²", "\ud7ff", "EPOCH =",
]  # fmt: skip


@given(st.data(), st.sampled_from(["kvn", "xml"]))
def test_whatever_is_done_to_a_message_only_format_errors_come_out(data, notation):
    text = PLAIN if notation == "kvn" else as_xml()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 80)))
        text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[stop:]
    check_outcome(text.encode())


@given(st.binary(max_size=300), st.integers(0, len(PLAIN)))
def test_whatever_bytes_come_in_only_format_errors_come_out(content, at):
    check_outcome(content)
    check_outcome(PLAIN.encode()[:at] + content + PLAIN.encode()[at:])


def check_outcome(content):
    try:
        reading = read(content)
    except FormatError:
        return
    for ephemeris in reading.ephemerides:
        assert np.isfinite(ephemeris.r_m).all()
        for segment in ephemeris.segments:
            times_ns = ephemeris.times_tai_ns[segment.first_row : segment.stop_row]
            assert (np.diff(times_ns) > 0).all()
            assert times_ns[0] <= segment.useable_start_tai_ns
            assert segment.useable_start_tai_ns <= segment.useable_stop_tai_ns <= times_ns[-1]


def test_reads_the_corpus_as_orekit_does(shared):
    folder = shared / "data" / "ndm"
    expected = json.loads((folder / "expected.json").read_text())
    names = [name for name in expected if name.startswith("odm/oem/")]
    assert len(names) == 28
    for name in names:
        content = (folder / "corpus" / name).read_bytes()
        try:
            readable = not read(content).faults
        except FormatError:
            readable = False
        assert readable == expected[name]["read_by_orekit"], name


def test_ten_thousand_states_take_a_few_milliseconds():
    times = np.datetime64("2026-11-20T00:00:00.000") + np.arange(10_000) * np.timedelta64(60, "s")
    numbers = np.random.default_rng(3).normal(0.0, 5e3, (10_000, 6))
    lines = [
        f"{t} " + " ".join(f"{x:.9f}" for x in row) for t, row in zip(times, numbers, strict=True)
    ]
    content = (HEADER + METADATA + "\n".join(lines)).encode()
    spent_s = []
    for _ in range(5):
        begin = time.perf_counter()
        (ephemeris,) = read(content).ephemerides
        spent_s.append(time.perf_counter() - begin)
    assert len(ephemeris) == 10_000
    assert np.abs(ephemeris.r_m - numbers[:, :3] * 1e3).max() < 1e-6
    assert min(spent_s) < 0.05  # 7 ms when nobody else wants the machine
