"""SOCRATES files against lines that the service itself published."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.base.errors import FormatError
from skypact.formats.socrates import COLUMNS, read_socrates, write_socrates

PUBLISHED = Path(__file__).parents[1] / "authorities" / "socrates_rows.csv"
HEADER = ",".join(COLUMNS)
ROW = "1,ONE [+],1.000,2,TWO [-],2.000,2026-10-09 22:38:13.848,0.012,12.126,2.075E-02,0.004"


def read(text: str):
    return read_socrates(io.BytesIO(text.encode()), source="test")


def written(report) -> list[str]:
    stream = io.BytesIO()
    write_socrates(report, stream)
    return stream.getvalue().decode().removesuffix("\r\n").split("\r\n")


def test_published_lines_survive_reading_and_writing_to_the_letter():
    lines = [line for line in PUBLISHED.read_text().splitlines() if not line.startswith("#")]
    reading = read("\n".join(lines))
    assert not reading.faults
    assert written(reading.report)[:2] == lines[:2]


def test_units_are_those_of_the_documentation():
    report = read(f"{HEADER}\n{ROW}").report
    assert report.age_1_s[0] == 86_400.0
    assert report.miss_distance_m[0] == pytest.approx(12.0)
    assert report.relative_speed_m_s[0] == pytest.approx(12_126.0)
    assert report.dilution_m[0] == pytest.approx(4.0)
    assert report.tca_utc[0] == np.datetime64("2026-10-09T22:38:13.848")


def test_an_empty_number_stays_unknown():
    reading = read(f"{HEADER}\n{ROW.replace('2.075E-02', '')}")
    assert np.isnan(reading.report.maximum_probability[0])
    assert written(reading.report)[1].split(",")[9] == ""


def test_an_object_without_a_catalogue_number_keeps_none():
    reading = read(f"{HEADER}\n{ROW.removeprefix('1')}")
    assert reading.report.norad_id_1[0] == -1
    assert written(reading.report)[1].startswith(",ONE")


def test_a_leap_second_keeps_its_sixty():
    reading = read(f"{HEADER}\n{ROW.replace('2026-10-09 22:38:13.848', '2016-12-31 23:59:60.500')}")
    assert reading.report.tca_in_leap_second[0]
    assert "2016-12-31 23:59:60.500" in written(reading.report)[1]


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        ("0.012", "near", "TCA_RANGE"),
        ("1,ONE", "x,ONE", "NORAD_CAT_ID_1"),
        ("2026-10-09", "2026-13-09", "TCA"),
        (",0.004", "", "row"),
        (",TWO", ",TW,O", "row"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_kept(good, bad, field):
    reading = read(f"{HEADER}\n{ROW}\n{ROW.replace(good, bad)}\n{ROW}\n")
    assert len(reading.report) == 2
    assert [(fault.line, fault.field) for fault in reading.faults] == [(3, field)]


@pytest.mark.parametrize("text", ["", "a,b\n1,2", HEADER.replace("TCA,", ""), "\x00\xff"])
def test_another_kind_of_file_is_refused(text):
    with pytest.raises(FormatError, match="SOCRATES"):
        read(text)


def test_text_that_is_not_utf8_is_refused_with_its_line():
    with pytest.raises(FormatError, match="UTF-8"):
        read_socrates(io.BytesIO(f"{HEADER}\n".encode() + b"\xe9" * 20), source="test")


@given(name=st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=30))
def test_any_name_survives(name):
    report = read(f"{HEADER}\n{ROW}").report
    columns = {**report.columns(), "name_1": np.array([name], report.name_1.dtype)}
    again = read("\r\n".join(written(type(report)(marks=report.marks, **columns)))).report
    assert again.name_1[0] == name
