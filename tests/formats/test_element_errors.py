"""Tables of errors, out and in again."""

import csv
import io
import json

import numpy as np
import pytest

from skypact.base.errors import FormatError
from skypact.formats.element_errors import read_element_errors
from skypact.formats.tables import write_csv, write_json
from skypact.ssa.published_element_errors import published_element_errors


def read(text):
    return read_element_errors(io.BytesIO(text.encode()), source="test")


def written(writer):
    stream = io.BytesIO()
    writer(published_element_errors(), stream)
    return stream.getvalue().decode()


def as_rows():
    return list(csv.DictReader(io.StringIO(written(write_csv))))


def as_csv(rows):
    stream = io.StringIO()
    out = csv.DictWriter(stream, list(rows[0]))
    out.writeheader()
    out.writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("writer", [write_csv, write_json])
def test_what_is_written_is_read_again(writer):
    again = read(written(writer)).columns()
    for name, column in published_element_errors().columns().items():
        same_nan = {} if column.dtype.kind == "T" else {"equal_nan": True}
        assert np.array_equal(column, again[name], **same_nan), name


def test_columns_may_stand_in_any_order():
    rows = [dict(reversed(row.items())) for row in as_rows()]
    assert np.array_equal(
        read(as_csv(rows)).sigma_normal_m, published_element_errors().sigma_normal_m
    )


def test_an_empty_limit_is_none_and_an_empty_sigma_unknown():
    rows = as_rows()
    rows[0] |= {"perigee_until_m": "", "sigma_normal_m": ""}
    table = read(as_csv(rows))
    assert table.perigee_until_m[0] == np.inf
    assert np.isnan(table.sigma_normal_m[0])


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("sigma_radial_m", "-1", "zero or more"),
        ("sigma_radial_m", "wide", "a number"),
        ("growth_normal_m_s", "-inf", "zero or more"),
        ("pairs", "", "a whole number"),
        ("age_from_s", "1e9", "below its upper limit"),
        ("age_from_s", "", "below its upper limit"),
        ("data_mode", "", "REAL"),
        ("data_mode", "EXERCISE", "REAL"),
    ],
)
def test_a_bad_value_is_told_by_line_and_column(column, value, expected):
    rows = as_rows()
    rows[1][column] = value
    with pytest.raises(FormatError) as caught:
        read(as_csv(rows))
    assert (caught.value.line, caught.value.field) == (3, column)
    assert expected in caught.value.expected


def test_the_data_mode_goes_with_the_rows():
    rows = [row | {"data_mode": "EXERCISE"} for row in as_rows()]
    assert read(as_csv(rows)).marks.data_mode == "EXERCISE"


@pytest.mark.parametrize(
    "text", ["", "regime,source\n", "[]", "[1]", "[{", json.dumps([{"regime": "low"}])]
)
def test_what_is_no_table_is_refused(text):
    with pytest.raises(FormatError):
        read(text)
