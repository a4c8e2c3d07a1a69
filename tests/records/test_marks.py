"""Marks travel with every table, and real records stay apart from others."""

import json

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from skypact.base.errors import InputError
from skypact.base.table import TEXT
from skypact.records.conjunctions import Coverage
from skypact.records.marks import DataMode, Marks, one_data_mode


def marks(mode: DataMode = DataMode.REAL) -> Marks:
    return Marks(originator="JAXA", source="“test”", data_mode=mode, derived_from=("sha256:00",))


def coverage(mode: DataMode) -> Coverage:
    words = np.array(["a", "b"], TEXT)
    times = np.array(["2026-11-20", "NaT"], "M8[ns]")
    return Coverage(
        marks=marks(mode),
        norad_id=np.array([1, 2]),
        name=words,
        status=words,
        reason=words,
        from_utc=times,
        until_utc=times,
        age_s=np.array([0.0, np.nan]),
    )


def test_a_table_tells_its_marks_to_whoever_takes_it():
    schema = pa.table(coverage(DataMode.EXERCISE)).schema
    assert json.loads(schema.metadata[b"skypact.marks"]) == {
        "originator": "JAXA",
        "source": "“test”",
        "data_mode": "EXERCISE",
        "marking": None,
        "produced_at": None,
        "derived_from": ["sha256:00"],
    }


def test_marks_stay_when_rows_are_picked():
    assert coverage(DataMode.TEST)[:1].marks == marks(DataMode.TEST)


def test_a_marked_table_is_still_a_table():
    assert pl.DataFrame(coverage(DataMode.REAL))["norad_id"].to_list() == [1, 2]


@pytest.mark.parametrize("mode", list(DataMode))
def test_records_of_one_mode_may_be_mixed(mode):
    assert one_data_mode(marks(mode), marks(mode)) == mode


@pytest.mark.parametrize("other", [DataMode.TEST, DataMode.SIMULATED, DataMode.EXERCISE])
def test_real_records_are_mixed_with_nothing_else(other):
    with pytest.raises(InputError, match=f"{other}.*REAL|REAL.*{other}"):
        one_data_mode(marks(), marks(other))


def test_two_modes_that_are_not_real_are_not_mixed_either():
    with pytest.raises(InputError, match="EXERCISE, TEST"):
        one_data_mode(marks(DataMode.TEST), marks(DataMode.EXERCISE))


def test_nothing_has_no_data_mode():
    with pytest.raises(InputError):
        one_data_mode()
