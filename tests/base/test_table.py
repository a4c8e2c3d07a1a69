"""A table is taken by other programs as it is, and says so when it cannot be one."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.base import table as table_module
from skypact.base.errors import InputError
from skypact.base.table import TEXT, Table


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Sightings(Table):
    name: np.ndarray
    seen_utc: np.ndarray
    range_m: np.ndarray
    count: np.ndarray
    lit: np.ndarray
    station: str = "Katsuura"


NAMES = ["ISS (ZARYA)", "", "きぼう", "Ω'\"\n"]


def sightings(rows: int = 4) -> Sightings:
    return Sightings(
        name=np.array((NAMES * rows)[:rows], TEXT),
        seen_utc=np.datetime64("2016-12-31T23:59:59.123456789", "ns") + np.arange(rows),
        range_m=np.linspace(1e5, 2e6, rows),
        count=np.arange(rows, dtype=np.int64),
        lit=np.arange(rows) % 3 == 0,
    )


def test_polars_reads_every_column_with_its_type_and_every_nanosecond():
    frame = pl.DataFrame(sightings())
    assert frame.schema == {
        "name": pl.String,
        "seen_utc": pl.Datetime("ns", "UTC"),
        "range_m": pl.Float64,
        "count": pl.Int64,
        "lit": pl.Boolean,
    }
    assert frame["name"].to_list() == NAMES
    assert frame["lit"].to_list() == [True, False, False, True]
    assert frame["seen_utc"].to_physical().to_list() == [
        1_483_228_799_123_456_789 + row for row in range(4)
    ]


def test_pyarrow_pandas_and_duckdb_read_the_same_rows():
    ours = sightings()
    arrow = pa.table(ours)
    assert arrow.column("name").to_pylist() == NAMES
    assert pd.DataFrame.from_arrow(ours)["range_m"].tolist() == ours.range_m.tolist()
    rows = duckdb.sql("select name, count, lit from ours order by count").fetchall()
    assert rows == [(name, row, row in (0, 3)) for row, name in enumerate(NAMES)]


@pytest.mark.parametrize("column", ["range_m", "count", "seen_utc"])
def test_numbers_and_times_leave_without_being_copied(column):
    ours = sightings(1000)
    theirs = pa.table(ours).column(column).chunk(0).buffers()[1]
    assert theirs.address == getattr(ours, column).ctypes.data


@pytest.mark.parametrize("column", ["range_m", "count"])
def test_a_run_of_rows_leaves_without_being_copied_too(column):
    ours = sightings(1000)
    chunk = pa.table(ours[100:200]).column(column).chunk(0)
    assert chunk.buffers()[1].address == getattr(ours, column)[100:].ctypes.data
    assert chunk.to_pylist() == getattr(ours, column)[100:200].tolist()


def test_the_rows_outlive_the_table_that_they_came_from():
    arrow = pa.table(sightings(1000))
    assert arrow.column("count").to_pylist() == list(range(1000))


def test_a_time_that_is_not_known_is_null_and_a_number_that_is_not_known_stays_nan():
    ours = sightings()
    ours.seen_utc[1] = np.datetime64("NaT")
    ours.range_m[2] = np.nan
    frame = pl.DataFrame(ours)
    assert frame["seen_utc"].is_null().to_list() == [False, True, False, False]
    assert frame["range_m"].null_count() == 0
    assert frame["range_m"].is_nan().to_list() == [False, False, True, False]


def test_times_of_other_precision_become_nanoseconds():
    ours = sightings(1)
    days = Sightings(**{**ours.columns(), "seen_utc": np.array(["2024-02-29"], "M8[D]")})
    assert pa.table(days).column("seen_utc").cast(pa.int64()).to_pylist() == [
        1_709_164_800_000_000_000
    ]


def test_an_empty_table_keeps_its_columns():
    empty = sightings()[:0]
    assert len(empty) == 0
    assert pl.DataFrame(empty).shape == (0, 5)
    assert pa.table(empty).schema.field("seen_utc").type == pa.timestamp("ns", "UTC")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_text_arrives_as_it_left(words):
    @dataclass(frozen=True, eq=False, repr=False)
    class Words(Table):
        word: np.ndarray

    assert pl.DataFrame(Words(np.array(words, TEXT)))["word"].to_list() == words


def test_text_beyond_what_32_bits_reach_gets_64_bit_offsets(monkeypatch):
    monkeypatch.setattr(table_module, "_LONGEST_STRING_BYTES", 10)
    arrow = pa.table(sightings())
    assert arrow.schema.field("name").type == pa.large_string()
    assert arrow.column("name").to_pylist() == NAMES


def test_columns_of_unequal_length_are_refused_with_their_lengths():
    columns = sightings().columns()
    with pytest.raises(InputError, match=r"'count': 3"):
        Sightings(**{**columns, "count": np.arange(3)})


@pytest.mark.parametrize("count", [np.zeros((4, 1), int), np.array(4)])
def test_a_column_of_more_or_fewer_dimensions_is_refused(count):
    with pytest.raises(InputError, match="one dimension"):
        Sightings(**{**sightings().columns(), "count": count})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (slice(1, None, 2), [1, 3]),
        (np.array([True, False, False, True]), [0, 3]),
        ([2, 0, 2], [2, 0, 2]),
        ([], []),
        (-1, [3]),
    ],
)
def test_rows_are_picked_by_slice_mask_or_number(rows, expected):
    picked = sightings()[rows]
    assert picked.count.tolist() == expected
    assert picked.station == "Katsuura"
    assert pa.table(picked).column("count").to_pylist() == expected


def test_a_loop_over_a_table_ends():
    assert [len(one) for one in sightings()] == [1, 1, 1, 1]


def test_rows_come_as_dicts_in_order():
    rows = list(sightings(2).rows())
    assert [row["count"] for row in rows] == [0, 1]
    assert list(rows[0]) == ["name", "seen_utc", "range_m", "count", "lit"]


def test_the_short_form_tells_rows_and_columns():
    assert repr(sightings()) == ("<Sightings: 4 rows of name, seen_utc, range_m, count, lit>")
