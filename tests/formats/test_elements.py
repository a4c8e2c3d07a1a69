"""Catalogue files as users have them: whole, damaged, doubled, too long, and written back."""

import gzip
import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.formats.test_omm import SPELLINGS, published
from tests.formats.test_tle import ISS, NOAA_14, changed
from tests.strategies import element_tables

from skypact.base.errors import FormatError
from skypact.formats.elements import read_elements, write_omm_csv

TLE = "\n".join(["0 ISS (ZARYA)", *ISS, "0 NOAA 14", *NOAA_14])
EVERY = {name: spell(published()) for name, spell in SPELLINGS.items()} | {"tle": TLE}


def read(content: bytes | str, **options):
    content = content.encode() if isinstance(content, str) else content
    return read_elements(io.BytesIO(content), source="test", **options)


def written(elements) -> bytes:
    stream = io.BytesIO()
    write_omm_csv(elements, stream)
    return stream.getvalue()


def alike(ours, theirs) -> bool:
    return all(
        np.array_equal(column, theirs.columns()[name], equal_nan=column.dtype.kind == "f")
        for name, column in ours.columns().items()
    )


@given(element_tables())
def test_what_is_written_reads_back_to_the_same_bits(elements):
    reading = read(written(elements))
    assert not reading.faults
    assert alike(reading.elements, elements)
    assert reading.elements.marks.data_mode is elements.marks.data_mode


def test_the_columns_written_are_celestraks():
    elements = read(EVERY["csv"]).elements
    header, first, _ = written(elements).decode().splitlines()
    assert header.startswith("OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,")
    assert first == (
        "STARLINK-30,2019-029K,2020-10-13T02:56:59.566560000,16.43170483,0.0003711,52.9708,332.0356,"
        "120.7278,242.0157,0,U,44244,999,7775,0.0022139,0.47180237,1.2426e-05"
    )


@pytest.mark.parametrize("text", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_line_ends_encodings_and_gzip_make_no_difference(text, ends, encoding, packed):
    content = text.replace("\n", ends).encode(encoding)
    reading = read(gzip.compress(content) if packed else content)
    assert not reading.faults
    assert alike(reading.elements, read(text).elements)


@pytest.mark.parametrize("text", EVERY.values(), ids=EVERY)
def test_a_name_in_another_encoding_never_loses_the_record(text):
    name = b"STARLINK-30" if b"STARLINK-30" in text.encode() else b"ISS (ZARYA)"
    reading = read(text.encode().replace(name, b"\xc9TOILE \x80") + b"\n")
    assert reading.elements.name.tolist()[0] == "ÉTOILE \ufffd"
    assert len(reading.elements) == 2
    assert not reading.faults
    assert "0xC9" in str([w for w in reading.warnings if w.field == "encoding"])


def test_lines_of_different_encodings_are_each_read_as_what_they_are():
    lines = ["0 É", *ISS, "0 É", *NOAA_14]
    content = b"\n".join(
        line.encode("utf-8" if number < 3 else "latin-1") for number, line in enumerate(lines)
    )
    reading = read(content)
    assert reading.elements.name.tolist() == ["É", "É"]
    assert [w.line for w in reading.warnings if w.field == "encoding"] == [4]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"No GP data found", "No GP data found"),
        (b"<!DOCTYPE html><html><body>403 Forbidden</body></html>", "web page"),
        (b"PK\x03\x04" + bytes(100), "nothing"),
        (bytes(1000), "nothing"),
        (b"[]", "nothing"),
        (b"[" * 100_000, "nothing"),
        (b"CCSDS_OEM_VERS = 2.0\n", "Orbit Ephemeris Message"),
        (EVERY["csv"].splitlines()[0].encode(), "none"),
        (gzip.compress(b"", mtime=0), "empty"),
    ],
)
def test_what_holds_no_element_sets_is_refused_in_one_message(content, found):
    with pytest.raises(FormatError) as caught:
        read(content)
    assert caught.value.line == 0
    assert found.lower() in str(caught.value).lower()


def test_a_damaged_gzip_layer_is_refused_and_a_cut_one_gives_what_came_before():
    packed = gzip.compress((TLE + "\n").encode() * 200)
    with pytest.raises(FormatError, match="gzip"):
        read(packed[:60] + bytes(20) + packed[80:])
    reading = read(packed[:-20])
    assert len(reading.elements) == 2
    assert "gzip" in [warning.field for warning in reading.warnings]


class Endless(io.RawIOBase):
    """A file of any size that takes no room."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "nobody asks for a whole file at once"
        self.given += size
        return b"x" * size


def test_a_file_that_is_too_long_is_refused_before_it_is_read():
    stream = Endless()
    tracemalloc.start()
    try:
        with pytest.raises(FormatError, match="at most 1,000,000 bytes"):
            read_elements(stream, source="test", max_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert stream.given < 1_200_000
    assert peak < 4_000_000
    with pytest.raises(FormatError, match="at most 1,000 bytes"):
        read(gzip.compress(bytes(10_000_000)), max_bytes=1_000)


def test_strict_raises_the_first_fault_by_line():
    broken = [ISS[0][:68] + "0", ISS[1], changed(NOAA_14[0], 19, "97366"), NOAA_14[1]]
    assert len(read("\n".join(broken)).faults) == 2
    with pytest.raises(FormatError) as caught:
        read("\n".join(broken), strict=True)
    assert caught.value.line == 1
    assert len(read("\n".join(ISS), strict=True).elements) == 1


def test_a_repetition_is_dropped_with_a_warning_and_a_contradiction_is_kept_with_one():
    other = changed(ISS[1], 9, " 51.6417")
    reading = read("\n".join([*ISS, *NOAA_14, *ISS, ISS[0], other, *ISS, ISS[0], other]))
    degrees = np.rad2deg(reading.elements.inclination_rad)
    assert degrees == pytest.approx([51.6416, 99.0090, 51.6417])
    assert [(w.line, w.found.split(";")[0]) for w in reading.warnings if "one" in w.expected] == [
        (5, "the same as in line 1"),
        (7, "another than in line 5"),
        (9, "the same as in line 1"),
        (11, "the same as in line 7"),
    ]


def test_several_sets_of_one_object_are_no_repetition():
    later = changed(ISS[0], 19, "08265")
    reading = read("\n".join([*ISS, later, ISS[1]]))
    assert len(reading.elements) == 2
    assert not reading.warnings


def test_an_epoch_far_behind_all_others_is_warned_of():
    wrong = changed(ISS[0], 19, "56")
    reading = read("\n".join([*ISS, wrong, ISS[1], changed(ISS[0], 19, "07"), ISS[1]]))
    assert len(reading.elements) == 3
    assert [(warning.line, warning.field) for warning in reading.warnings] == [(3, "EPOCH")]
    assert "2056" in reading.warnings[0].found


def test_marks_name_the_source_and_the_originator_where_all_agree():
    marks = read(TLE).elements.marks
    assert (marks.originator, marks.source) == ("test", "test")
    first, second = published()
    disagreeing = SPELLINGS["csv"]([first, second | {"ORIGINATOR": "ANOTHER"}])
    assert read(disagreeing).elements.marks.originator == "test"


damage = (
    st.binary(max_size=20)
    | st.text(max_size=10).map(str.encode)
    | st.sampled_from([b"NaN", b"1e999", b"-", b'"', b"\n", b"<", b"</omm>", b"{", b"9" * 400])
)


@given(st.sampled_from(sorted(EVERY)), st.data())
def test_no_damage_escapes_as_anything_but_a_format_error(name, data):
    content = bytearray(EVERY[name].encode())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        stop = min(start + data.draw(st.integers(0, 40)), len(content))
        content[start:stop] = data.draw(damage)
    try:
        reading = read(bytes(content))
    except FormatError:
        return
    _is_sound(reading)


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"<omm>", b"[{", b"1 25544U ", b"\x1f\x8b\x08"])
)
@example(b"\xff\xfe\x00\xd8", b"")
def test_noise_is_refused_or_read_but_never_breaks_the_reader(content, beginning):
    try:
        reading = read(beginning + content)
    except FormatError:
        return
    _is_sound(reading)


def _is_sound(reading) -> None:
    """What the table promises holds, however the file was damaged."""
    elements = reading.elements
    for name, column in elements.columns().items():
        if name.endswith("_rad"):
            assert ((column >= 0.0) & (column < 2 * np.pi)).all()
    assert ((elements.eccentricity >= 0.0) & (elements.eccentricity < 1.0)).all()
    assert (elements.mean_motion_rad_s > 0.0).all()
    assert ((elements.norad_id >= 0) & (elements.norad_id < 10**9)).all()
    assert not np.isnat(elements.epoch_utc).any()
    assert all(isinstance(fault, FormatError) and str(fault) for fault in reading.faults)
    assert len(elements) or reading.faults


@pytest.mark.parametrize("text", EVERY.values(), ids=EVERY)
def test_no_record_is_lost_without_a_word(text):
    """Cut anywhere: every object is read, or in a fault, or not in the file any more."""
    identities = {b"44244", b"59881", b"25544", b"23455"}
    content = text.encode()
    for stop in range(1, len(content), 7):
        present = sum(
            content[:stop].count(b"EPOCH") > 0 and n in content[:stop] for n in identities
        )
        try:
            reading = read(content[:stop])
        except FormatError:
            continue
        assert len(reading.elements) + len(reading.faults) >= min(present, 1)


def test_the_whole_public_catalogue_is_read(shared):
    with (shared / "data/catalog/celestrak_on_orbit_20241101.csv.gz").open("rb") as stream:
        reading = read_elements(stream, source="celestrak")
    assert (reading.kind, len(reading.elements)) == ("omm-csv", 26_834)
    assert not reading.faults
    assert not reading.warnings
    assert alike(read(written(reading.elements)).elements, reading.elements)


@pytest.mark.slow
def test_tles_of_years_are_read_without_a_fault(shared):
    for path in sorted((shared / "data/od/tle_manoeuvre_benchmark").glob("*.tle")):
        with path.open("rb") as stream:
            reading = read_elements(stream, source="test")
        lines = path.read_text().splitlines()
        assert len(reading.elements) == len(lines) // 2, path.name
