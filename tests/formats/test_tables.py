"""Tables written as CSV, JSON and Parquet, read back by other programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from skypact.base.table import TEXT
from skypact.formats.tables import write_csv, write_json, write_json_lines, write_parquet
from skypact.records.marks import MarkedTable, Marks


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Passes(MarkedTable):
    name: np.ndarray
    tca_utc: np.ndarray
    tca_in_leap_second: np.ndarray
    miss_m: np.ndarray
    count: np.ndarray


PASSES = Passes(
    marks=Marks(originator="test", source="test"),
    name=np.array(['A, "B"', "日本"], TEXT),
    tca_utc=np.array(["2016-12-31T23:59:59.25", "NaT"], "M8[ns]"),
    tca_in_leap_second=np.array([True, False]),
    miss_m=np.array([0.1, np.nan]),
    count=np.array([1, 2]),
)


def bytes_of(write, **how) -> bytes:
    stream = io.BytesIO()
    write(PASSES, stream, **how)
    return stream.getvalue()


def test_csv_keeps_leap_seconds_and_leaves_the_unknown_empty():
    rows = list(csv.DictReader(io.StringIO(bytes_of(write_csv).decode(), newline="")))
    assert rows[0]["name"] == 'A, "B"'
    assert rows[0]["tca_utc"] == "2016-12-31T23:59:60.250000000Z"
    assert (rows[1]["name"], rows[1]["tca_utc"], rows[1]["miss_m"]) == ("日本", "", "")


@pytest.mark.parametrize("lines", [True, False])
def test_json_keeps_leap_seconds_and_says_null_for_the_unknown(lines):
    text = bytes_of(write_json_lines if lines else write_json).decode()
    rows = [json.loads(line) for line in text.splitlines()] if lines else json.loads(text)
    assert rows[0] == {
        "name": 'A, "B"',
        "tca_utc": "2016-12-31T23:59:60.250000000Z",
        "tca_in_leap_second": True,
        "miss_m": 0.1,
        "count": 1,
    }
    assert rows[1]["tca_utc"] is None
    assert rows[1]["miss_m"] is None


def test_parquet_opens_elsewhere_with_its_marks():
    packed = bytes_of(write_parquet, metadata={"note": "said"})
    frame = pl.read_parquet(io.BytesIO(packed))
    assert frame["name"].to_list() == ['A, "B"', "日本"]
    assert frame["tca_utc"].dtype == pl.Datetime("ns", "UTC")
    metadata = pl.read_parquet_metadata(io.BytesIO(packed))
    assert metadata["note"] == "said"
    assert json.loads(metadata["skypact.marks"])["originator"] == "test"
