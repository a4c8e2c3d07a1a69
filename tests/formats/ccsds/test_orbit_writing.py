"""Paths and burns as messages: what is read back is what was meant, in every notation."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.astro.time import tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.formats.ccsds.oem import read_oem
from skypact.formats.ccsds.orbit_writing import write_oem, write_opm
from skypact.formats.ccsds.reading import read_messages
from skypact.records.ephemeris import NO_COVARIANCES, Ephemeris, EphemerisSegment
from skypact.records.manoeuvres import Manoeuvre
from skypact.records.marks import DataMode, Marks

CREATED_NS = int(tai_ns_from_utc(np.array(["2026-11-20T10:00:00"], "M8[ns]"))[0])
START_NS = int(tai_ns_from_utc(np.array(["2016-12-31T23:59:30"], "M8[ns]"))[0])  # a leap second
NOTATIONS = ("kvn", "xml", "json")
MARKS = Marks(originator="Skypact", source="private.cdm")


def ephemeris(name="SENTINEL"):
    """Two segments of three states each, a leap second and 7 ns in between."""
    rng = np.random.default_rng(3)
    times = START_NS + np.array([0, 30, 60, 60, 90, 120]) * 1_000_000_000 + 7
    segments = tuple(
        EphemerisSegment(
            first_row=first, stop_row=first + 3, frame="GCRF", centre="EARTH",
            useable_start_tai_ns=int(times[first]), useable_stop_tai_ns=int(times[first + 2]),
            interpolation="HERMITE", interpolation_degree=7,
        )
        for first in (0, 3)
    )  # fmt: skip
    return Ephemeris(
        object_name=name, object_id="2026-900A", marks=MARKS, time_system="UTC",
        is_placed_in_time=True, times_tai_ns=times, r_m=rng.uniform(-7e6, 7e6, (6, 3)),
        v_m_s=rng.uniform(-8e3, 8e3, (6, 3)), a_m_s2=None, segments=segments,
        covariances=NO_COVARIANCES, comments=("an impulse",),
    )  # fmt: skip


def manoeuvre(**changed):
    told = {
        "object_name": "SENTINEL", "object_id": "2026-900A", "tai_ns": START_NS + 7,
        "r_gcrf_m": (7.1e6, -1.5, 0.25), "v_gcrf_m_s": (0.0, 5123.4567, 5500.0),
        "dv_gcrf_m_s": (0.0, 0.01, 0.01), "dv_rtn_m_s": (-0.0, -0.0141, 1e-6), "marks": MARKS,
    }  # fmt: skip
    return Manoeuvre(**{**told, **changed})


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_path_is_read_back_to_the_micrometre_and_the_nanosecond(notation):
    before = ephemeris()
    content = write_oem(before, created_tai_ns=CREATED_NS, notation=notation)
    reading = read_oem(io.BytesIO(content), source="x")
    assert not reading.faults
    assert not reading.warnings
    (after,) = reading.ephemerides
    assert (after.times_tai_ns == before.times_tai_ns).all()
    assert np.abs(after.r_m - before.r_m).max() < 1e-6
    assert np.abs(after.v_m_s - before.v_m_s).max() < 1e-9
    assert after.segments == before.segments
    assert (after.object_name, after.object_id) == ("SENTINEL", "2026-900A")
    assert b"private" not in content  # where it was read here is nobody's business


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_burn_is_read_back_with_the_state_before_it(notation):
    content = write_opm(manoeuvre(), created_tai_ns=CREATED_NS, mass_kg=123.5, notation=notation)
    reading = read_messages(io.BytesIO(content))
    assert not reading.faults
    assert not reading.warnings
    (message,) = reading.messages
    (state,) = message.root.everywhere("stateVector")
    (burn,) = message.root.everywhere("maneuverParameters")
    assert state.text("EPOCH") == burn.text("MAN_EPOCH_IGNITION") == "2016-12-31T23:59:30.000000007"
    assert float(state.text("X")) == 7100.0
    assert float(state.text("Y_DOT")) == pytest.approx(5.1234567, abs=1e-12)
    assert burn.text("MAN_REF_FRAME") == "RTN"
    dv = [float(burn.text(f"MAN_DV_{axis}")) for axis in (1, 2, 3)]
    assert dv == pytest.approx([0.0, -1.41e-5, 1e-9], abs=1e-12)
    assert not burn.text("MAN_DV_1").startswith("-")
    assert "123.5" in content.decode()


def test_what_is_not_real_says_so():
    marks = Marks(originator="Skypact", source="x", data_mode=DataMode.EXERCISE)
    for content in (
        write_opm(manoeuvre(marks=marks), created_tai_ns=CREATED_NS),
        write_oem(replace(ephemeris(), marks=marks), created_tai_ns=CREATED_NS),
    ):
        assert b"COMMENT EXERCISE: not the real sky" in content
    assert b"COMMENT EXERCISE" not in write_opm(manoeuvre(), created_tai_ns=CREATED_NS)


@given(st.text(max_size=30))
def test_any_name_is_written_so_that_it_can_be_read_or_refused_by_our_own_error(name):
    try:
        content = write_opm(manoeuvre(object_name=name), created_tai_ns=CREATED_NS)
    except InputError:
        return
    reading = read_messages(io.BytesIO(content))
    assert not reading.faults
    (about,) = reading.messages[0].root.everywhere("metadata")
    assert about.text("OBJECT_NAME") == (" ".join(name.split()) or "UNKNOWN")


def test_times_that_are_not_placed_are_refused():
    with pytest.raises(InputError, match="cannot be told in UTC"):
        write_oem(replace(ephemeris(), is_placed_in_time=False), created_tai_ns=CREATED_NS)
