"""Radii by catalogue number, from a file that may have anything in it."""

import gzip
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.base.errors import FormatError
from skypact.formats.hard_body_radius import read_hard_body_radii

HEADER = "ObjectID,HBR,HBRSigma,HBRSource,Mass,MassSigma,MassSource\n"


def read(text):
    return read_hard_body_radii(io.BytesIO(text.encode()))


def test_radii_with_their_sigmas_and_sources():
    found = read(HEADER + "25544,55.5,0.5,Operator,420000,,Operator\n7,1.25,,Guess,,,\n")
    assert found.radii.keys() == {25544, 7}
    station = found.radii[25544]
    assert (station.radius_m, station.sigma_m, station.source) == (55.5, 0.5, "Operator")
    assert math.isnan(found.radii[7].sigma_m)
    assert (found.unknown, found.faults) == (0, ())


def test_an_empty_radius_is_unknown_and_counted():
    found = read(HEADER + "1,,0,DISCOS DB,,0,DISCOS DB\n2,NaN,0,,,,\n3,0.5,,,,,\n")
    assert list(found.radii) == [3]
    assert found.unknown == 2


def test_columns_in_any_order_and_none_but_the_obligatory():
    assert read("HBR,ObjectID\n0.5,3\n").radii[3].radius_m == 0.5


def test_gzipped_with_windows_line_ends_and_quotes():
    text = HEADER.replace("\n", "\r\n") + '3,0.5,0.1,"Radar, estimate",,,\r\n\r\n'
    found = read_hard_body_radii(io.BytesIO(gzip.compress(text.encode(), mtime=0)))
    assert found.radii[3].source == "Radar, estimate"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("x,1,,,,,", "ObjectID"),
        (",1,,,,,", "ObjectID"),
        ("-3,1,,,,,", "ObjectID"),
        ("1234567890,1,,,,,", "ObjectID"),
        ("3,wide,,,,,", "HBR"),
        ("3,0,,,,,", "HBR"),
        ("3,-1,,,,,", "HBR"),
        ("3,inf,,,,,", "HBR"),
        ("3,1001,,,,,", "HBR"),
        ("3,1,-1,,,,", "HBRSigma"),
        ("3,1,?,,,,", "HBRSigma"),
        ("4,1,,,,,", "ObjectID"),  # again
    ],
)
def test_a_bad_line_is_told_and_the_others_are_used(line, column):
    found = read(f"{HEADER}4,2,,,,,\n{line}\n5,3,,,,,\n")
    assert list(found.radii) == [4, 5]
    assert found.radii[4].radius_m == 2.0
    assert [(fault.line, fault.field) for fault in found.faults] == [(3, column)]


@pytest.mark.parametrize("text", ["", "\n\n", "ObjectID\n", "HBR,HBR,ObjectID\n", "1,2\n"])
def test_without_the_header_nothing_is_guessed(text):
    with pytest.raises(FormatError):
        read(text)


@given(st.text(max_size=300))
def test_any_text_gives_radii_or_our_own_error(text):
    found = read(HEADER + text)
    assert all(0.0 < radius.radius_m <= 1000.0 for radius in found.radii.values())


def test_the_published_table_has_its_counts(shared):
    """23,583 of 58,609 objects: the rest are ESA's, whose licence keeps them out of the file."""
    with (shared / "data/pc/hbr_mass_estimates_20260601.csv.gz").open("rb") as stream:
        found = read_hard_body_radii(stream)
    assert (len(found.radii), found.unknown, found.faults) == (23_583, 35_026, ())
