"""Records as conjunction messages: what a partner reads is what we know."""

from __future__ import annotations

import io
import math
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.ccsds.test_cdm import CDM

from skypact.base.errors import InputError
from skypact.formats.ccsds.cdm import read_cdm
from skypact.formats.ccsds.cdm_writing import message_of, write_cdm
from skypact.records.conjunction_messages import (
    ConjunctionMessage,
    ConjunctionParty,
    DragUncertainty,
)
from skypact.records.marks import DataMode, Marks

WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcü0123456789-./()", min_size=1, max_size=8)
MAYBE_WORDS = st.none() | WORDS
INSTANTS = st.integers(-(10**17), 7 * 10**18)
MAYBE_INSTANTS = st.none() | INSTANTS
LAST_BITS = 1e-15


def numbers(low=-1e12, high=1e12):
    # A subnormal keeps fewer bits than the last two.
    return st.floats(low, high, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-250 else x)


def vectors():
    return st.tuples(numbers(), numbers(), numbers())


@st.composite
def matrices(draw):
    lower = np.tril(np.array(draw(st.lists(numbers(), min_size=36, max_size=36))).reshape(6, 6))
    return tuple(map(tuple, (lower + np.tril(lower, -1).T).tolist()))


POSITIVE = numbers(0.0)
DRAG = st.builds(
    DragUncertainty,
    density_ratio=numbers(),
    position_rtn_m=vectors(),
    velocity_rtn_m_s=vectors(),
)
PARTIES = st.builds(
    ConjunctionParty,
    designator=WORDS, name=WORDS, catalog=WORDS, international_designator=WORDS,
    object_type=st.none() | st.sampled_from(["PAYLOAD", "DEBRIS"]),
    operator=MAYBE_WORDS, operator_position=MAYBE_WORDS, operator_phone=MAYBE_WORDS,
    operator_email=MAYBE_WORDS, ephemeris_name=WORDS,
    covariance_method=st.sampled_from(["CALCULATED", "DEFAULT"]),
    maneuverable=st.sampled_from(["YES", "NO", "N/A"]),
    frame=st.sampled_from(["EME2000", "GCRF", "ITRF", "TEME"]), centre=st.just("EARTH"),
    r_m=vectors(), v_m_s=vectors(), covariance_rtn=matrices(), drag=st.none() | DRAG,
    exclusion_radius_m=st.none() | POSITIVE,
    last_observed_from_tai_ns=MAYBE_INSTANTS, last_observed_until_tai_ns=MAYBE_INSTANTS,
    actual_od_span_s=st.none() | POSITIVE, recommended_od_span_s=st.none() | POSITIVE,
    observations_used=st.none() | st.integers(0, 10**9),
    tracks_used=st.none() | st.integers(0, 10**9),
    residuals_accepted_ratio=st.none() | numbers(0.0, 1.0),
    weighted_rms_ratio=st.none() | POSITIVE, mass_kg=st.none() | POSITIVE,
    comments=st.lists(WORDS, max_size=3).map(tuple),
)  # fmt: skip
CONJUNCTIONS = st.builds(
    ConjunctionMessage,
    message_id=WORDS, originator=WORDS, message_for=MAYBE_WORDS,
    created_tai_ns=INSTANTS, tca_tai_ns=INSTANTS, miss_distance_m=POSITIVE,
    relative_speed_m_s=st.none() | POSITIVE,
    relative_position_rtn_m=st.none() | vectors(), relative_velocity_rtn_m_s=st.none() | vectors(),
    collision_probability=st.none() | numbers(0.0, 1.0), collision_probability_method=MAYBE_WORDS,
    hard_body_radius_m=st.none() | POSITIVE, primary=PARTIES, secondary=PARTIES,
    comments=st.lists(WORDS, max_size=3).map(tuple),
    marks=st.builds(Marks, originator=st.just(""), source=st.just("test"), marking=MAYBE_WORDS),
)  # fmt: skip


def read(content, **options):
    reading = read_cdm(io.BytesIO(content), source="test", **options)
    assert [*map(str, reading.faults)] == []
    return reading.conjunctions


def same(first, second, path=""):
    """Equal, numbers but for the last bits that a change of units costs."""
    if isinstance(first, float) and isinstance(second, float):
        assert first == second or math.isclose(first, second, rel_tol=LAST_BITS), path
    elif isinstance(first, dict) and isinstance(second, dict):
        assert first.keys() == second.keys()
        for key in first:
            same(first[key], second[key], f"{path}.{key}")
    elif isinstance(first, (tuple, list)):
        assert len(first) == len(second), path
        for place, pair in enumerate(zip(first, second, strict=True)):
            same(*pair, f"{path}[{place}]")
    else:
        assert first == second, path


def told(conjunction):
    """What a message tells, without the comments that stand for keywords and where it stood."""
    fields = msgspec.to_builtins(conjunction)
    del fields["hard_body_radius_source"]
    fields["marks"] = conjunction.marks.marking
    for part in (fields, fields["primary"], fields["secondary"]):
        words = [one for one in part["comments"] if not re.match("HBR|EXCLUSION|DCP", one)]
        part["comments"] = words
    return fields


@pytest.mark.parametrize("notation", ["kvn", "xml", "json"])
@settings(max_examples=15, deadline=None)
@given(conjunction=CONJUNCTIONS)
def test_a_partner_reads_what_the_record_says(notation, conjunction):
    (found,) = read(write_cdm([conjunction], notation))
    same(told(found), told(conjunction))


def test_a_message_that_was_read_is_written_with_its_comments_as_they_were():
    without = CDM.replace("COMMENT HBR = 10 [m]\n", "")
    own = without.replace("COMMENT EXCL", "COMMENT OBJECT HBR = 3 [m]\nCOMMENT EXCL")
    for text in (CDM, own):
        (first,) = read(text.encode())
        (again,) = read(write_cdm([first]))
        assert (again.comments, again.hard_body_radius_m) == (
            first.comments,
            first.hard_body_radius_m,
        )
        assert again.primary.comments == first.primary.comments
        same(told(again), told(first))


def test_a_radius_of_the_record_outweighs_a_comment_that_says_another():
    (first,) = read(CDM.encode())
    changed = msgspec.structs.replace(first, hard_body_radius_m=15.0)
    (again,) = read(write_cdm([changed]))
    assert again.hard_body_radius_m == 15.0
    assert [one for one in again.comments if "HBR" in one] == ["HBR = 15.0 [m]"]


def test_version_1_unless_only_the_draft_can_tell_it():
    (first,) = read(CDM.encode())
    assert message_of(first).version == "1.0"
    marked = msgspec.structs.replace(
        first, marks=msgspec.structs.replace(first.marks, marking="PARTNERS ONLY")
    )
    assert message_of(marked).version == "2.0"
    (again,) = read(write_cdm([marked]))
    assert again.marks.marking == "PARTNERS ONLY"


def test_what_is_not_real_says_so():
    (first,) = read(CDM.encode(), data_mode=DataMode.EXERCISE)
    assert b"COMMENT EXERCISE: not the real sky\n" in write_cdm([first])


def test_an_unknown_covariance_is_zeros_that_say_so():
    (first,) = read(CDM.encode())
    party = msgspec.structs.replace(first.primary, covariance_rtn=None, covariance_method=None)
    (again,) = read(write_cdm([msgspec.structs.replace(first, primary=party)]))
    assert not np.any(again.primary.covariance_rtn)
    assert again.primary.covariance_method == "DEFAULT"
    assert again.primary.comments[-1] == "COVARIANCE: zeros stand for what is not known"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"miss_distance_m": math.nan}, "MISS_DISTANCE"),
        ({"collision_probability": 1.5}, "COLLISION_PROBABILITY"),
        ({"originator": ""}, "ORIGINATOR"),
    ],
)
def test_what_the_standard_does_not_allow_is_not_sent(change, field):
    (first,) = read(CDM.encode())
    with pytest.raises(InputError, match=f"cannot be written.*{field}"):
        write_cdm([msgspec.structs.replace(first, **change)])


def test_no_text_can_begin_a_line_of_its_own():
    (first,) = read(CDM.encode())
    (again,) = read(
        write_cdm([msgspec.structs.replace(first, originator="A\nTCA = 2000-001T00:00:00")])
    )
    assert again.originator == "A TCA = 2000-001T00:00:00"
    assert again.tca_tai_ns == first.tca_tai_ns
