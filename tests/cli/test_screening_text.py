"""The table that an analyst reads: what it must say, in 100 columns."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from skypact.cli.screening_text import show
from skypact.formats.tables import write_screening_json
from skypact.records.conjunctions import Conjunctions


@pytest.fixture
def shown(screening, capsys):
    def print_it(top: int = 30) -> str:
        show(screening, catalogue="by hand", top=top)
        return capsys.readouterr().out

    return print_it


def test_every_line_fits_a_terminal_of_100_columns(shown):
    # The footer's sentences wrap too: nothing is cut off.
    assert max(len(line.rstrip()) for line in shown().splitlines()) <= 100


def test_an_exercise_is_called_one_first(shown):
    assert "EXERCISE" in shown().splitlines()[0]


@pytest.mark.parametrize(
    "said",
    [
        "2 close approaches",
        "by hand",
        "from 2016-12-31T00:00:00Z to 2017-01-02T00:00:00Z",
        "closer than 5.000 km",
        "SGP4 mode a",
        "2 of 3 element sets screened",
        "1 REFUSED: for SGP4-XP",
        "1 of them with a warning: elements older than 7 days",
        "2016-12-31 23:59:60.250",
        "2017-01-01 06:00:00.123",
        "4.321 km",
        "0.8 m",
        "14.000",
        "25544 ISS (ZARYA)",
        "[OPERATOR]",
        "1.0/-0.5",
        "?/10.0",
        "edge stay",
        "swept by hand",
        "17.1 km/s",
        "good to about 1 km",
    ],
)
def test_it_says(shown, said):
    assert said in shown()


def test_a_flag_is_explained_only_where_it_stands(shown):
    assert "inside a leap second" in shown()
    assert "inside a leap second" not in shown(top=1)


def test_the_closest_are_shown_and_the_rest_counted_with_the_way_to_see_them(shown):
    text = shown(top=1)
    assert "0.8 m" in text
    assert "4.321 km" not in text
    assert "1 more, less close" in text


def test_objects_that_fly_together_are_told_apart_from_the_table(screening, capsys):
    columns = {**screening.conjunctions.columns(), "group": np.array([-1, 3])}
    rows = Conjunctions(marks=screening.conjunctions.marks, **columns)
    show(replace(screening, conjunctions=rows), catalogue="by hand", top=30)
    text = capsys.readouterr().out
    assert "2017-01-01 06:00" not in text
    assert "1 of objects docked or flying together, in 1 group " in text
    assert "[OPERATOR], NOAA 20: closest 0.8 m" in text


def test_json_has_the_whole(screening):
    stream = io.BytesIO()
    write_screening_json(screening, stream)
    whole = json.loads(stream.getvalue())
    assert whole["marks"]["data_mode"] == "EXERCISE"
    assert whole["certificate"]["counts"] == {"pairs": 2}
    assert [row["status"] for row in whole["coverage"]] == ["SCREENED", "SCREENED", "REFUSED"]
    assert whole["conjunctions"][0]["tca_utc"] == "2016-12-31T23:59:60.250000000Z"
    assert whole["conjunctions"][0]["tca_in_leap_second"]
    assert whole["conjunctions"][1]["primary_age_s"] is None
