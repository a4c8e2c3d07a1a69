"""`skypact screen` from a file to every form, each option changing what it says it changes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from sgp4.api import WGS72, Satrec

from skypact.cli.run import run
from skypact.formats.omm_csv import write_omm_csv
from skypact.formats.socrates import read_socrates
from skypact.ssa.exercise import EXERCISE_EPOCH_UTC, exercise_population

if TYPE_CHECKING:
    from collections.abc import Callable

START = f"--start={str(EXERCISE_EPOCH_UTC)[:10]}"
SHORT = ["--days=0.1", "--miss=20km", START]


@pytest.fixture(scope="module")
def elements():
    return exercise_population(objects=400)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory, elements) -> str:
    path = tmp_path_factory.mktemp("catalogue") / "exercise.csv"
    with path.open("wb") as stream:
        write_omm_csv(elements, stream)
    return str(path)


@pytest.fixture
def skypact(capfdbinary) -> Callable[..., tuple[int, bytes, bytes]]:
    def command(*arguments: str) -> tuple[int, bytes, bytes]:
        status = run(arguments)
        out, err = capfdbinary.readouterr()
        return status, out, err

    return command


def rows(out: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out.decode())))


@pytest.fixture
def plain(skypact, catalogue) -> list[dict[str, str]]:
    status, out, _ = skypact("screen", catalogue, *SHORT, "--format=csv")
    assert status == 0
    found = rows(out)
    assert len(found) > 10
    return found


def test_results_go_to_standard_output_and_all_else_to_standard_error(skypact, catalogue):
    _, out, err = skypact("screen", catalogue, *SHORT, "--format=csv")
    assert out.startswith(b"primary_norad_id,")
    assert err.decode().strip() == f"{catalogue}: 400 element sets"


def test_quiet_says_nothing(skypact, catalogue):
    assert skypact("screen", catalogue, *SHORT, "--format=csv", "-q")[2] == b""


def test_without_a_start_an_old_file_begins_at_the_midnight_after_it_and_says_so(
    skypact, catalogue, elements, monkeypatch
):
    later = float(elements.epoch_utc.max().astype(np.int64)) / 1e9 + 10 * 86_400.0
    monkeypatch.setattr("skypact.node.clock.system_clock", lambda: later)
    _, out, err = skypact("screen", catalogue, "--days=0.01", "--format=json")
    assert b"no --start: from 2026-11-20T00:00:00Z" in err
    assert json.loads(out)["certificate"]["start_utc"].startswith("2026-11-20T00:00:00")


def test_without_a_start_fresh_elements_begin_now(skypact, catalogue, monkeypatch):
    now_s = float(EXERCISE_EPOCH_UTC.astype(np.int64)) / 1e9 + 3661.5
    monkeypatch.setattr("skypact.node.clock.system_clock", lambda: now_s)
    _, out, _ = skypact("screen", catalogue, "--days=0.01", "--format=json")
    assert json.loads(out)["certificate"]["start_utc"].startswith("2026-11-20T01:01:01")


def test_every_form_has_the_same_rows(skypact, catalogue, plain, tmp_path):
    def said(form: str) -> bytes:
        return skypact("screen", catalogue, *SHORT, f"--format={form}")[1]

    numbers = [int(row["primary_norad_id"]) for row in plain]
    whole = json.loads(said("json"))
    assert [row["primary_norad_id"] for row in whole["conjunctions"]] == numbers
    assert len(whole["coverage"]) == 400
    lines = [json.loads(line) for line in said("jsonl").splitlines()]
    assert [row["primary_norad_id"] for row in lines] == numbers
    frame = pl.read_parquet(io.BytesIO(said("parquet")))
    assert frame["primary_norad_id"].to_list() == numbers
    reading = read_socrates(io.BytesIO(said("socrates")), source="test")
    assert not reading.faults
    assert sorted(reading.report.norad_id_1.tolist()) == sorted(numbers)
    assert f"{len(numbers)} close approaches".encode() in said("table")


def test_the_ending_of_the_file_chooses_the_form(skypact, catalogue, plain, tmp_path):
    path = tmp_path / "result.csv"
    status, out, _ = skypact("screen", catalogue, *SHORT, "-o", str(path))
    assert (status, out) == (0, b"")
    assert rows(path.read_bytes()) == plain


def other(skypact, catalogue, *options: str) -> list[dict[str, str]]:
    given = {option.partition("=")[0] for option in options}
    base = [option for option in SHORT if option.partition("=")[0] not in given]
    status, out, err = skypact("screen", catalogue, *base, *options, "--format=csv")
    assert status == 0, err
    return rows(out)


def test_a_longer_window_holds_more(skypact, catalogue, plain):
    assert len(other(skypact, catalogue, "--days=0.2")) > len(plain)


def test_a_later_start_gives_later_approaches(skypact, catalogue, plain):
    later = other(skypact, catalogue, "--start=2026-11-20T12:00:00")
    assert min(row["tca_utc"] for row in later) > max(row["tca_utc"] for row in plain)


def test_several_thresholds_tell_the_tightest_that_holds_each_row(skypact, catalogue):
    for row in other(skypact, catalogue, "--miss=5km,20km"):
        tightest = 5000.0 if float(row["miss_distance_m"]) <= 5000.0 else 20_000.0
        assert float(row["threshold_m"]) == tightest


def test_a_volume_replaces_the_sphere(skypact, catalogue, plain):
    box = ("--volume=box:1km,20km,20km", "--format=csv", "--days=0.1", START)
    found = rows(skypact("screen", catalogue, *box)[1])
    entered = [row for row in found if row["volume_of"] != "secondary"]
    assert entered
    assert all(abs(float(row["miss_radial_m"])) <= 1000.0 for row in entered)
    assert any(abs(float(row["miss_radial_m"])) > 1000.0 for row in plain)


def test_a_primary_by_name_by_number_and_in_a_list_is_the_same(
    skypact, catalogue, elements, plain, tmp_path
):
    number = plain[-1]["primary_norad_id"]
    name = str(elements.name[elements.norad_id == int(number)][0])
    file = tmp_path / "ids.txt"
    file.write_text(f"{number}  # ours\n")
    by_number = other(skypact, catalogue, f"--primary={number}")
    assert by_number
    assert all(row["primary_norad_id"] == number for row in by_number)
    assert other(skypact, catalogue, f"--primary={name.lower()}") == by_number
    assert other(skypact, catalogue, f"--primary=@{file}") == by_number


def test_excluding_docked_objects_leaves_out_their_group(skypact, catalogue, plain):
    assert any(int(row["group"]) >= 0 for row in plain)
    assert not any(int(row["group"]) >= 0 for row in other(skypact, catalogue, "--exclude=docked"))


def test_the_other_mode_of_sgp4_is_recorded(skypact, catalogue):
    _, out, _ = skypact("screen", catalogue, *SHORT, "--mode=i", "--format=json")
    assert json.loads(out)["certificate"]["sgp4_mode"] == "i"


def test_any_number_of_threads_gives_the_same_rows(skypact, catalogue, plain):
    assert other(skypact, catalogue, "--threads=1") == plain
    assert other(skypact, catalogue, "--threads=3") == plain


def test_a_larger_radius_raises_the_maximum_probability(skypact, catalogue):
    def probability(*radius: str) -> np.ndarray:
        _, out, _ = skypact("screen", catalogue, *SHORT, "--format=socrates", *radius)
        return read_socrates(io.BytesIO(out), source="test").report.maximum_probability

    small, large = probability(), probability("--radius=10m")
    assert np.all((large > small) | (small == 1.0))
    assert small == pytest.approx(probability("--radius=1m"))


def test_the_top_bounds_the_table(skypact, catalogue):
    _, few, _ = skypact("screen", catalogue, *SHORT, "--top=2")
    assert few.count(b"\n2026-11-20 ") == 2


def test_strict_stops_at_a_bad_record_and_else_it_is_left_out_and_told(
    skypact, catalogue, tmp_path
):
    damaged = tmp_path / "damaged.csv"
    with open(catalogue, "rb") as stream:
        damaged.write_bytes(stream.read().replace(b",900000002,", b",bad,"))
    status, _, err = skypact("screen", str(damaged), *SHORT, "--strict")
    assert status == 3
    assert b"line 3" in err
    status, _, err = skypact("screen", str(damaged), *SHORT, "--format=csv")
    assert status == 0
    assert b"1 record left out" in err
    assert b"399 element sets" in err


@pytest.fixture
def real(tmp_path) -> tuple[str, str]:
    """Three circular orbits as elements, and the first one as its owner's ephemeris (an OEM).

    The other two are its twin 1 km ahead in its own orbit, and one that is never near.
    """
    degrees_per_km = np.degrees(1.0 / 7000.0)
    head = "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,"
    lines = [head + "ARG_OF_PERICENTER,MEAN_ANOMALY,NORAD_CAT_ID,BSTAR"]
    for number, anomaly_deg in ((1, 0.0), (2, degrees_per_km), (3, 180.0)):
        lines.append(
            f"NUMBER {number},2026-00{number}A,2026-11-20T00:00:00,14.8,0.0001,60,30,0,"
            f"{anomaly_deg},{number},0"
        )
    catalogue, oem = tmp_path / "real.csv", tmp_path / "owner.oem"
    catalogue.write_text("\n".join(lines) + "\n")
    times_s = np.arange(0.0, 7201.0, 60.0)
    satellite = Satrec()
    turn_min = 14.8 * 2.0 * np.pi / 1440.0
    epoch_days = (EXERCISE_EPOCH_UTC - np.datetime64("1949-12-31", "ns")) / np.timedelta64(1, "D")
    satellite.sgp4init(
        WGS72, "a", 1, epoch_days, 0.0, 0.0, 0.0, 1e-4, 0.0, np.radians(60.0), 0.0, turn_min,
        np.radians(30.0),
    )  # fmt: skip
    states = [satellite.sgp4_tsince(t_s / 60.0)[1:] for t_s in times_s]
    rows_text = [
        f"{EXERCISE_EPOCH_UTC + np.timedelta64(int(t_s), 's')} "
        + " ".join(f"{value:.9f}" for value in (*r_km, *v_km_s))
        for t_s, (r_km, v_km_s) in zip(times_s, states, strict=True)
    ]
    meta = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2026-11-19T22:00:00
ORIGINATOR = OWNER
META_START
OBJECT_NAME = OURS
OBJECT_ID = 2026-001A
CENTER_NAME = EARTH
REF_FRAME = TEME
TIME_SYSTEM = UTC
START_TIME = 2026-11-20T00:00:00
STOP_TIME = 2026-11-20T02:00:00
META_STOP
"""
    oem.write_text(meta + "\n".join(rows_text) + "\n")
    return str(catalogue), str(oem)


def test_an_owners_ephemeris_meets_the_catalogue_but_not_its_own_entry(skypact, real):
    catalogue, oem = real
    status, out, err = skypact(
        "screen", catalogue, START, "--days=0.05", f"--primary={oem}", "--format=csv"
    )
    assert status == 0, err
    found = rows(out)
    assert {(row["primary_norad_id"], row["secondary_norad_id"]) for row in found} == {("1", "2")}
    assert {row["primary_elements"] for row in found} == {"-1"}
    assert float(found[0]["miss_distance_m"]) == pytest.approx(1000.0, rel=0.05)


def test_an_owners_ephemeris_without_covariance_ranks_as_unknown(skypact, real):
    catalogue, oem = real
    ranked = ["screen", catalogue, START, "--days=0.05", f"--primary={oem}", "--probability"]
    status, out, err = skypact(*ranked, "--format=csv")
    assert status == 0, err
    assert {row["level"] for row in rows(out)} == {"UNKNOWN"}
    assert "primary: flies an ephemeris without covariance" in rows(out)[0]["probability_reason"]
    status, out, err = skypact(*ranked)
    assert status == 0, err
    assert b"3 UNKNOWN: primary: flies an ephemeris" in out


def test_a_primary_that_cannot_be_screened_is_never_an_answer_of_none(skypact, real):
    catalogue, oem = real
    late = ["--start=2026-12-20", "--days=0.05"]
    status, out, err = skypact("screen", catalogue, *late, f"--primary={oem}")
    assert (status, out) == (3, b"")
    assert b"no primary can be screened; " in err
    status, _, err = skypact("screen", catalogue, *late, f"--primary={oem},3")
    assert status == 0
    assert b"NOT SCREENED: 1 OURS: " in err


def test_a_primary_screened_for_part_of_the_window_is_told(skypact, real):
    catalogue, oem = real
    _, out, err = skypact("screen", catalogue, START, "--days=0.5", f"--primary={oem}")
    assert b"NOT THE WHOLE WINDOW: 1 OURS: only 2026-11-20T00:00:00Z to 2026-11-20T02:00:00Z" in err
    assert b"of 1 OURS in" in out


def test_a_list_that_names_nothing_never_means_all(skypact, catalogue, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("# none yet\n")
    status, out, err = skypact("screen", catalogue, *SHORT, f"--primary=@{empty}")
    assert (status, out) == (3, b"")
    assert b"names no object" in err


def test_a_catalogue_that_is_cut_short_says_so_even_when_quiet(skypact, catalogue, tmp_path):
    cut = tmp_path / "cut.csv.gz"
    with open(catalogue, "rb") as stream:
        cut.write_bytes(gzip.compress(stream.read())[:-2000])
    _, _, err = skypact("screen", str(cut), *SHORT, "--format=csv", "-q")
    assert b"IS NOT WHOLE" in err
    assert b"CUT SHORT" in skypact(str(cut))[1]


def test_the_table_names_the_volume(skypact, catalogue):
    _, out, _ = skypact("screen", catalogue, START, "--days=0.01", "--volume=leo")
    assert b"inside the volume leo" in out
    assert b"closer than" not in out
