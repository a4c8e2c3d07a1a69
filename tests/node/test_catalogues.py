"""Catalogues by name, as a notebook and the command line read them."""

from __future__ import annotations

import dataclasses
import io
import sys

import pytest

import skypact
from skypact.base.errors import FormatError, InputError
from skypact.formats.omm_csv import write_omm_csv
from skypact.node.archive import Archive
from skypact.node.catalogues import read, read_catalogue
from skypact.node.fetching import Fetcher
from skypact.node.http import Response
from skypact.node.limiter import Limiter
from skypact.ssa.exercise import exercise_population


@pytest.fixture(scope="module")
def csv() -> bytes:
    stream = io.BytesIO()
    write_omm_csv(exercise_population(objects=100)[:3], stream)
    return stream.getvalue()


def test_a_file_is_read_whatever_its_name(tmp_path, csv):
    path = tmp_path / "whatever"
    path.write_bytes(csv)
    assert skypact.read(str(path)).norad_id.tolist() == [900000001, 900000002, 900000003]


def test_standard_input_is_called_a_hyphen(monkeypatch, csv):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(csv)))
    assert len(read("-")) == 3


def test_the_exercise_needs_nothing_and_says_what_it_is():
    assert read("exercise").marks.data_mode == "EXERCISE"


@pytest.fixture
def damaged(tmp_path, csv):
    path = tmp_path / "damaged.csv"
    lines = csv.splitlines()
    path.write_bytes(b"\n".join([lines[0], lines[1].replace(b"900000001", b"x"), *lines[2:]]))
    return str(path)


def test_a_bad_record_is_left_out_with_a_warning_that_names_it(damaged):
    with pytest.warns(UserWarning, match=r"1 records .* line 2"):
        assert len(read(damaged)) == 2


def test_strict_reading_stops_at_a_bad_record(damaged):
    with pytest.raises(FormatError, match="line 2"):
        read_catalogue(damaged, strict=True)


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match=r"no-such-file"):
        read("no-such-file")


def test_a_source_is_asked_through_the_fetcher(tmp_path, clock, csv):
    asking = Fetcher(
        archive=Archive(tmp_path),
        limiter=Limiter(tmp_path / "requests.sqlite", clock),
        clock=clock,
        login=lambda: None,
        ask=lambda *_: Response(csv, {}),
    )
    found = read_catalogue("celestrak:stations", asking=asking)
    assert (len(found.elements), found.notice) == (3, "")
    again = read_catalogue("celestrak:stations", asking=dataclasses.replace(asking, ask=None))
    assert len(again.elements) == 3
    assert "copy of" in again.notice


def test_the_face_has_the_verbs_of_a_notebook_and_no_others():
    verbs = ["assess", "events", "exercise", "plan", "plot"]
    verbs += ["read", "rescreen", "screen", "verify"]
    assert dir(skypact) == ["__version__", *verbs]
    assert skypact.exercise is exercise_population
    with pytest.raises(AttributeError, match="share"):
        skypact.share  # noqa: B018 - the point
