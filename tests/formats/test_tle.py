"""Two-line element sets against their published meaning and the `sgp4` package."""

import io
from fractions import Fraction
from math import tau

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.alpha5 import from_alpha5, to_alpha5
from sgp4.api import Satrec

from skypact.formats.elements import read_elements
from skypact.formats.omm import catalogue_numbers
from skypact.formats.tle import epochs

# CelesTrak, documentation/tle-fmt.php; ISS of 2008, the example of many textbooks; and the first
# of Vallado's verification cases.
NOAA_14 = (
    "1 23455U 94089A   97320.90946019  .00000140  00000-0  10191-3 0  2621",
    "2 23455  99.0090 272.6745 0008546 223.1686 136.8816 14.11711747148495",
)
ISS = (
    "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
)
VANGUARD = (
    "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753",
    "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667",
)
EVERY = (NOAA_14, ISS, VANGUARD)


def read(*lines: str):
    return read_elements(io.BytesIO("\n".join(lines).encode()), source="test")


def with_checksum(line: str) -> str:
    digits = sum(int(letter) for letter in line[:68] if letter.isdigit())
    return f"{line[:68]}{(digits + line[:68].count('-')) % 10}"


def changed(line: str, start: int, text: str) -> str:
    """The line with other text from column `start` (counted from 1), its checksum mended."""
    return with_checksum(line[: start - 1] + text + line[start - 1 + len(text) :])


@pytest.mark.parametrize("lines", EVERY, ids=lambda lines: lines[0][2:7])
def test_every_field_is_what_the_sgp4_package_reads(lines):
    theirs, ours = Satrec.twoline2rv(*lines), next(read(*lines).elements.rows())
    assert ours["norad_id"] == theirs.satnum
    assert ours["eccentricity"] == theirs.ecco
    assert ours["inclination_rad"] == theirs.inclo
    assert ours["raan_rad"] == theirs.nodeo
    assert ours["argument_of_perigee_rad"] == theirs.argpo
    assert ours["mean_anomaly_rad"] == theirs.mo
    assert ours["bstar_per_earth_radius"] == theirs.bstar
    assert ours["ephemeris_type"] == theirs.ephtype
    assert ours["element_set_no"] == theirs.elnum
    assert ours["rev_at_epoch"] == theirs.revnum
    assert ours["classification"] == theirs.classification
    # They divide by minutes in another order: two roundings of 1.1e-16 each.
    assert ours["mean_motion_rad_s"] * 60.0 == pytest.approx(theirs.no_kozai, rel=4e-16)


def test_derivatives_are_whole_though_the_lines_print_a_half_and_a_sixth():
    line = changed(changed(ISS[0], 34, " .00010000"), 45, " 60000-4")
    row = next(read(line, ISS[1]).elements.rows())
    assert row["mean_motion_dot_rad_s2"] == pytest.approx(2 * 1e-4 * tau / 86400**2, rel=1e-15)
    assert row["mean_motion_ddot_rad_s3"] == pytest.approx(6 * 6e-5 * tau / 86400**3, rel=1e-15)


@given(st.integers(1957, 2056), st.integers(1, 365), st.integers(0, 10**8 - 1))
def test_epochs_are_exact_to_the_nanosecond(year, day, part):
    found = epochs([f"{year % 100:02}{day:03}.{part:08}"])
    midnight = np.datetime64(f"{year}-01-01", "ns") + np.timedelta64(day - 1, "D")
    expected_ns = Fraction(int(midnight.astype(np.int64))) + Fraction(part, 10**8) * 86_400 * 10**9
    assert not found.unreadable[0]
    assert found.clock_ns[0] == expected_ns


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("57001.00000000", "1957-01-01"),
        ("56366.00000000", "2056-12-31"),
        ("00060.5", "2000-02-29T12"),
    ],
)
def test_two_digit_years_turn_over_between_56_and_57(text, utc):
    assert epochs([text]).clock_ns[0] == np.datetime64(utc, "ns").astype(np.int64)


@pytest.mark.parametrize(
    "text", ["07366.00000000", "08000.00000000", "08367.0", "0x001.0", "08001.0 1", "08  1. 1", ""]
)
def test_days_that_a_year_does_not_have_are_unreadable(text):
    assert epochs([text]).unreadable[0]


@given(st.integers(0, 339_999))
def test_alpha5_is_read_as_the_sgp4_package_writes_it(norad_id):
    assert (
        catalogue_numbers([to_alpha5(norad_id)])[0] == norad_id == from_alpha5(to_alpha5(norad_id))
    )


@pytest.mark.parametrize("text", ["I0001", "O0001", "a0001", "AA001", "-0001", "A001", "25_44", ""])
def test_what_is_no_catalogue_number_is_not_taken_for_one(text):
    assert catalogue_numbers([text])[0] == -1


@pytest.mark.parametrize(
    ("lines", "names", "kind"),
    [
        (ISS, [""], "tle"),
        (("0 ISS (ZARYA)", *ISS), ["ISS (ZARYA)"], "3le"),
        (("ISS            ", *ISS, "2 CENTURIES", *NOAA_14), ["ISS", "2 CENTURIES"], "3le"),
        (("# a comment", "", *ISS, "0", *NOAA_14), ["", ""], "3le"),
        (("NAME OF NOBODY", "ISS", *ISS), ["ISS"], "3le"),
    ],
)  # fmt: skip
def test_names_stand_before_their_lines(lines, names, kind):
    reading = read(*lines)
    assert reading.elements.name.tolist() == names
    assert reading.kind == kind
    assert not reading.faults


def test_the_object_id_gets_its_century_and_loses_its_blanks():
    lost = changed(VANGUARD[0], 10, " " * 8)
    elements = read(
        *ISS, changed(NOAA_14[0], 10, "24099AB "), NOAA_14[1], lost, VANGUARD[1]
    ).elements
    assert elements.object_id.tolist() == ["1998-067A", "2024-099AB", ""]


# A blank has moved: the checksum is right, the columns are not.
SHIFTED = with_checksum(ISS[1][:8] + ISS[1][9:51] + " " + ISS[1][51:])
UNNUMBERED = [changed(line, 3, " " * 5) for line in ISS]
BAD = {
    "wrong checksum": (ISS[0][:68] + "0", ISS[1], 1, "checksum of TLE line 1", "7"),
    "letter for checksum": (ISS[0], ISS[1][:68] + "x", 2, "checksum of TLE line 2", "7"),
    "cut": (ISS[0][:40], ISS[1], 1, "TLE line 1", "69"),
    "cut second line": (ISS[0], ISS[1][:67], 2, "TLE line 2", "69"),
    "lost a blank": (ISS[0], ISS[1][:8] + ISS[1][9:], 2, "TLE line 2", "column 12"),
    "shifted": (ISS[0], SHIFTED, 2, "TLE line 2", "column 12"),
    "disagree": (ISS[0], NOAA_14[1], 2, "NORAD_CAT_ID", "25544"),
    "no number": (UNNUMBERED[0], UNNUMBERED[1], 1, "NORAD_CAT_ID", "digits"),
    "no such day": (changed(ISS[0], 19, "07366"), ISS[1], 1, "EPOCH", "day"),
    "blank drag": (changed(ISS[0], 54, " " * 8), ISS[1], 1, "BSTAR", "drag"),
    "letters in drag": (changed(ISS[0], 54, " 1x606-4"), ISS[1], 1, "BSTAR", "drag"),
    "blank eccentricity": (ISS[0], changed(ISS[1], 27, " " * 7), 2, "ECCENTRICITY", "0 to below 1"),
    "inclination": (ISS[0], changed(ISS[1], 9, "181.0000"), 2, "INCLINATION", "180"),
    "no motion": (ISS[0], changed(ISS[1], 53, " 0.00000000"), 2, "MEAN_MOTION", "above 0"),
    "letters in angle": (ISS[0], changed(ISS[1], 18, "2x7.4627"), 2, "RA_OF_ASC_NODE", "deg"),
    "theory": (changed(ISS[0], 63, "X"), ISS[1], 1, "EPHEMERIS_TYPE", "whole"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "two", "line", "field", "expected"), BAD.values(), ids=BAD)
def test_a_bad_record_is_one_fault_and_the_others_are_used(one, two, line, field, expected):
    reading = read(one, two, "0 NOAA 14", *NOAA_14)
    assert reading.elements.norad_id.tolist() == [23455]
    (fault,) = reading.faults
    assert (fault.line, fault.field) == (line, field)
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("lines", "bad"),
    [
        ((ISS[1], *NOAA_14), [(1, "TLE line 2")]),
        ((ISS[0], *NOAA_14), [(1, "TLE line 1")]),
        ((*NOAA_14, ISS[0]), [(3, "TLE line 1")]),
        (("3" + ISS[0][1:], "4" + ISS[1][1:], *NOAA_14), [(1, "line"), (2, "line")]),
        ((ISS[0], "0 A NAME BETWEEN", ISS[1], *NOAA_14), [(1, "TLE line 1"), (3, "TLE line 2")]),
    ],
)
def test_a_line_without_its_other_half_is_a_fault(lines, bad):
    reading = read(*lines)
    assert [(fault.line, fault.field) for fault in reading.faults] == bad
    assert reading.elements.norad_id.tolist() == [23455]


def test_records_without_checksums_are_used_with_a_warning():
    reading = read(*NOAA_14, *(line[:68] for line in (*ISS, *VANGUARD)))
    assert len(reading.elements) == 3
    absent = [warning for warning in reading.warnings if "checksum" in warning.field]
    assert [(warning.line, warning.found[:9]) for warning in absent] == [
        (3, "none in 2"),
        (4, "none in 2"),
    ]


def test_bookkeeping_that_cannot_be_read_does_not_cost_the_object():
    reading = read(ISS[0], changed(ISS[1], 64, "5x353"))
    assert reading.elements.rev_at_epoch.tolist() == [-1]
    assert [(warning.line, warning.field) for warning in reading.warnings] == [(2, "REV_AT_EPOCH")]


def test_other_theories_are_read_and_named():
    assert read(changed(ISS[0], 63, "4"), ISS[1]).elements.ephemeris_type.tolist() == [4]
    assert read(changed(ISS[0], 63, " "), ISS[1]).elements.ephemeris_type.tolist() == [0]


def test_records_that_span_the_pieces_of_a_long_file_are_whole(monkeypatch):
    from skypact.formats import incoming

    monkeypatch.setattr(incoming.pieces, "__defaults__", (100,))
    reading = read(*("0 ISS", *ISS, "0 NOAA 14", *NOAA_14, VANGUARD[0]))
    assert reading.elements.name.tolist() == ["ISS", "NOAA 14"]
    assert [fault.line for fault in reading.faults] == [7]


def test_the_verification_set_reads_as_the_sgp4_package_reads_it(shared):
    content = (shared / "data/sgp4/SGP4-VER.TLE").read_bytes()
    reading = read_elements(io.BytesIO(content), source="test")
    lines = [line for line in content.decode().splitlines() if line[:1] in "12"]
    theirs = {
        theirs.satnum: theirs
        for theirs in map(Satrec.twoline2rv, lines[::2], lines[1::2])
    }  # fmt: skip
    # Three of its 33 records carry wrong checksums, and one stands there twice.
    assert (len(reading.elements), len(reading.faults)) == (29, 3)
    for row in reading.elements.rows():
        assert row["eccentricity"] == theirs[row["norad_id"]].ecco
        # They multiply by a power of ten, which rounds once more.
        bstar = theirs[row["norad_id"]].bstar
        assert row["bstar_per_earth_radius"] == pytest.approx(bstar, rel=4e-16)
