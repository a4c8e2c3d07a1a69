from dataclasses import replace

import numpy as np
import pytest

from skypact.base.errors import InputError
from skypact.records.ephemeris import NO_COVARIANCES, Ephemeris, EphemerisSegment
from skypact.records.marks import Marks


def ephemeris(rows=3):
    return Ephemeris(
        object_name="EXAMPLE 1",
        object_id="2020-001A",
        marks=Marks(originator="a test", source="a test"),
        time_system="UTC",
        is_placed_in_time=True,
        times_tai_ns=np.arange(rows, dtype=np.int64),
        r_m=np.zeros((rows, 3)),
        v_m_s=np.zeros((rows, 3)),
        a_m_s2=None,
        segments=(
            EphemerisSegment(
                first_row=0,
                stop_row=rows,
                useable_start_tai_ns=0,
                useable_stop_tai_ns=rows - 1,
                frame="TEME",
                centre="EARTH",
            ),
        ),
        covariances=NO_COVARIANCES,
    )


def test_nobody_can_change_a_published_state():
    states = ephemeris()
    for array in (states.times_tai_ns, states.r_m, states.v_m_s):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("name", ["r_m", "v_m_s", "a_m_s2"])
def test_states_without_a_time_are_refused(name):
    with pytest.raises(InputError, match=r"3 times need vectors of shape \(3, 3\)"):
        replace(ephemeris(), **{name: np.zeros((2, 3))})


@pytest.mark.parametrize(("first", "stop"), [(0, 4), (2, 2), (-1, 2)])
def test_a_segment_stays_within_the_rows(first, stop):
    whole = ephemeris()
    segment = replace(whole.segments[0], first_row=first, stop_row=stop)
    with pytest.raises(InputError, match="does not lie within 3 rows"):
        replace(whole, segments=(segment,))


def test_says_in_one_line_what_it_holds():
    assert repr(ephemeris()) == (
        "<Ephemeris of EXAMPLE 1 (2020-001A): 3 states, 1 segments, 0 covariances>"
    )
