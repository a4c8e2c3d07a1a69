"""From files, folders or bytes to assessed events, in Python."""

from __future__ import annotations

import gzip
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.conjunction_files import kvn
from tests.ssa.conjunction_examples import TCA_NS, message, secondary

import skypact
from skypact.base.errors import InputError
from skypact.node.conjunctions import read_conjunctions
from skypact.node.local_time import utc_and_local
from skypact.records.marks import DataMode
from skypact.ssa.levels import Level, Thresholds

if TYPE_CHECKING:
    from pathlib import Path

NOW = np.datetime64("2026-11-17", "ns")


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "event.cdm"
    path.write_text(kvn(message()), encoding="utf-8")
    return path


def test_a_file_its_bytes_and_its_folder_are_the_same_event(mail):
    found = [
        skypact.assess(source, now_utc=NOW)
        for source in (mail, str(mail), mail.read_bytes(), mail.parent)
    ]
    assert len({one.event.id for one in found}) == 1
    assert {one.level for one in found} == {Level.RED}
    assert found[0].estimates[0].value == found[2].estimates[0].value
    assert found[2].message.marks.source == "bytes"


def test_an_event_draws_its_pictures(mail):
    event = skypact.assess(mail, now_utc=NOW)
    for name in ("history", "encounter_plane", "dilution", "radius"):
        assert getattr(event.plot, name)()._repr_svg_().startswith("<svg")
    assert "RED" in repr(event)


def test_several_events_need_a_name_or_events(mail):
    (mail.parent / "other.cdm").write_text(
        kvn(message("N", secondary=secondary(designator="40000"))), encoding="utf-8"
    )
    with pytest.raises(InputError, match="these are 2 events"):
        skypact.assess(mail.parent)
    found = skypact.events(mail.parent, now_utc=NOW)
    assert len(found) == 2
    assert skypact.assess(mail.parent, event=found[1].event.id).event.id == found[1].event.id


def test_thresholds_modes_and_radii_are_taken(mail):
    strict = Thresholds(red_probability=0.5, yellow_probability=0.4)
    assert skypact.assess(mail, now_utc=NOW, thresholds=strict).level is Level.GREEN
    assert skypact.assess(mail, data_mode=DataMode.TEST).data_mode is DataMode.TEST


def test_a_faulty_message_is_left_out_with_a_warning(mail):
    broken = kvn(message("B")).replace("TCA = 2026", "TCA = 9999-99")
    (mail.parent / "broken.cdm").write_text(broken, encoding="utf-8")
    with pytest.warns(UserWarning, match=r"broken\.cdm: left out"):
        assert len(skypact.events(mail.parent, now_utc=NOW)) == 1


def test_in_a_folder_what_is_no_message_stops_nobody(mail):
    (mail.parent / "cut.cdm.gz").write_bytes(gzip.compress(mail.read_bytes())[:100])
    (mail.parent / "half.cdm").write_text("CCSDS_CDM_VERS = 1.0\nCREATION", encoding="utf-8")
    (mail.parent / "page.html").write_text("<html>", encoding="utf-8")
    read = read_conjunctions([mail.parent])
    assert len(read.messages) == 1
    assert [name.rpartition("/")[2] for name in read.passed_over] == ["page.html"]
    assert {name.rpartition("/")[2] for name in read.faults} == {"cut.cdm.gz", "half.cdm"}


def test_nothing_to_read_is_told(tmp_path):
    with pytest.raises(InputError, match="no conjunction message"):
        skypact.assess(tmp_path)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "2026-11-18 11:06:03 UTC"),
        ("Asia/Tokyo", "2026-11-18 11:06:03 UTC (20:06 JST)"),
        ("Pacific/Kiritimati", "2026-11-18 11:06:03 UTC (2026-11-19 01:06 +14)"),
    ],
)
def test_local_time_stands_beside_utc(monkeypatch, zone, expected):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert utc_and_local(TCA_NS) == expected
    finally:
        monkeypatch.undo()
        time.tzset()
