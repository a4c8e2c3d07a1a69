"""Messages of one approach are one event of one name, whoever has them and in whatever order."""

import base64
import hashlib
import json
import math
import re
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ssa.conjunction_examples import message, party, secondary

from skypact.base.errors import InputError
from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty
from skypact.records.marks import DataMode, Marks
from skypact.ssa.events import SAME_APPROACH_PERIODS_RATIO, Event, find, group, object_id

PERIOD_S = 2.0 * math.pi * math.sqrt(7.0e6**3 / 3.986e14)
NAN = float("nan")

# Three passes of one pair, half a period apart and blurred, another pair, and ties of all kinds.
blurred = st.builds(lambda half, off: half * PERIOD_S / 2.0 + off, st.integers(0, 2),
                    st.floats(-400.0, 400.0))  # fmt: skip
messages = st.lists(
    st.builds(
        message,
        st.sampled_from(["A", "B", "C"]),
        created_h=st.sampled_from([-72.0, -48.0, -24.0]),
        tca_s=blurred,
        secondary=st.sampled_from([secondary(), party("40000"), secondary(covariance_rtn=None)]),
    ),
    max_size=12,
)


def spoken(events: list[Event]) -> list[tuple[object, ...]]:
    return [
        (one.id, one.aliases, one.objects, [each.message_id for each in one.messages])
        for one in events
    ]


@given(messages, st.randoms(use_true_random=False))
def test_any_order_of_messages_gives_the_same_events_of_the_same_names(given_, chance):
    shuffled = list(given_)
    chance.shuffle(shuffled)
    assert spoken(group(shuffled)) == spoken(group(given_))


@given(messages)
def test_every_message_is_in_one_event_and_twice_is_once(given_):
    events = group([*given_, *given_])
    inside = [msgspec.json.encode(one) for event in events for one in event.messages]
    assert sorted(inside) == sorted({msgspec.json.encode(one) for one in given_})


@given(messages)
def test_two_partners_whose_messages_overlap_find_each_others_name(given_):
    whole = group(given_)
    for event in whole:
        for first in range(1, len(event.messages)):
            (late,) = [
                one for one in group(event.messages[first:]) if event.messages[-1] in one.messages
            ]
            assert late.id in event.names


def test_the_same_message_in_two_notations_counts_once():
    lines = [message("M1", hard_body_radius_source=f"comment HBR in line {at}") for at in (7, 18)]
    (event,) = group(lines)
    assert len(event.messages) == 1


def by_the_page(first: ConjunctionParty, second: ConjunctionParty, created: str, name: str) -> str:
    """The id as docs/explanation/events.md tells it, by another's means."""

    def called(one: ConjunctionParty) -> str:
        said = re.sub(r"\s+", " ", one.designator).strip().upper()
        if re.fullmatch("[0-9]+", said) and said.strip("0"):
            return said.lstrip("0")
        if said.strip("0") == "" or said in ("UNKNOWN", "NONE", "N/A"):
            return "NAME:" + re.sub(r"\s+", " ", one.name).strip().upper()
        return f"{one.catalog.upper()}:{said}"

    content = [*sorted([called(first), called(second)]), created, name]
    spoken = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    letters = base64.b32encode(hashlib.sha256(spoken).digest()).decode("ascii").lower()[:12]
    return "-".join(re.findall("....", letters))


designators = st.sampled_from(
    ["25544", "000025544", "7", "T00123", "2026 900A", "", "0", "unknown", "N/A", "\u0663"]
)
names = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20
)


@given(designators, designators, names, names, names, st.integers(0, 10**18))
def test_an_implementation_of_the_page_gives_the_same_name(one, two, left, right, said, since_ns):
    first, second = party(one, name=left), secondary(designator=two, name=right)
    # 37 s: TAI less UTC since 2017, the last leap second that there was.
    created_ns = int(1.6e18) + since_ns // 10
    seconds, ns = divmod(created_ns - 37 * 10**9, 10**9)
    created = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{ns:09d}Z"
    given_ = message(said, primary=first, secondary=second)
    (event,) = group([msgspec.structs.replace(given_, created_tai_ns=created_ns)])
    assert event.id == by_the_page(first, second, created, said)


def test_the_name_is_a_hash_that_anybody_can_compute():
    said = b'["25544","39227","2026-11-16T11:06:03.000000000Z","M1"]'
    letters = base64.b32encode(hashlib.sha256(said).digest()).decode().lower()
    (event,) = group([message("M1")])
    assert event.id == f"{letters[:4]}-{letters[4:8]}-{letters[8:12]}"


def test_an_earlier_message_that_arrives_late_keeps_the_old_name_as_an_alias():
    (before,) = group([message("M2", created_h=-24.0), message("M3", created_h=-16.0)])
    (after,) = group([message("M1", created_h=-48.0), *before.messages])
    assert after.id != before.id
    assert after.aliases[0] == before.id
    assert [one.message_id for one in after.messages] == ["M1", "M2", "M3"]


def test_of_one_instant_the_smaller_message_id_is_the_earlier():
    (event,) = group([message("B"), message("A")])
    assert event.messages[0].message_id == "A"


@pytest.mark.parametrize(("share", "expected"), [(0.19, 1), (0.21, 2), (0.5, 2)])
def test_the_next_pass_is_another_event(share, expected):
    assert SAME_APPROACH_PERIODS_RATIO == 0.2
    assert len(group([message("A"), message("B", tca_s=share * PERIOD_S)])) == expected


def test_the_shorter_period_counts():
    high = secondary(r_m=(42.164e6, 0.0, 0.0), v_m_s=(0.0, 0.0, 3075.0))
    gap_s = 0.21 * PERIOD_S  # a small part of the high orbit's day
    two = [message("A", secondary=high), message("B", tca_s=gap_s, secondary=high)]
    assert len(group(two)) == 2


def test_a_state_in_axes_that_turn_with_the_earth_has_the_same_period():
    turning = secondary(frame="ITRF", v_m_s=(0.0, -7.2921e-5 * 7.0e6, 7546.0), r_m=(7.0e6, 0.0, 0))
    ours = party(frame="ITRF-97", v_m_s=(0.0, 7546.0 - 7.2921e-5 * 7.0e6, 0.0))
    for share, expected in [(0.199, 1), (0.201, 2)]:
        both = [
            message(name, tca_s=at * PERIOD_S, primary=ours, secondary=turning)
            for name, at in [("A", 0.0), ("B", share)]
        ]
        assert len(group(both)) == expected


@pytest.mark.parametrize("speed_m_s", [12_000.0, NAN])
def test_without_a_period_two_messages_seconds_apart_are_still_one_event(speed_m_s):
    escaping = secondary(v_m_s=(0.0, 0.0, speed_m_s))
    assert len(group([message("A", secondary=escaping), message("B", tca_s=5.0)])) == 1


def test_who_is_called_the_first_object_does_not_matter():
    flipped = message("B", primary=secondary(), secondary=party())
    (event,) = group([message("A"), flipped])
    assert event.objects == ("25544", "39227")


def test_an_exercise_never_joins_the_real_thing():
    marks = Marks(originator="x", source="y", data_mode=DataMode.EXERCISE)
    assert len(group([message("A"), message("B", marks=marks)])) == 2


@pytest.mark.parametrize(
    ("designator", "catalog", "name", "expected"),
    [
        ("000025544", "SATCAT", "ISS", "25544"),
        (" 25544 ", "TraCSS", "ISS", "25544"),
        ("Sat-7", "Operator", "x", "OPERATOR:SAT-7"),
        ("UNKNOWN", "SATCAT", "New  Debris", "NAME:NEW DEBRIS"),
        ("00000", "SATCAT", "New debris", "NAME:NEW DEBRIS"),
        ("", "SATCAT", "", "NAME:"),
    ],
)
def test_an_object_has_one_spelling(designator, catalog, name, expected):
    assert object_id(party(designator, catalog=catalog, name=name)) == expected


def test_the_message_to_decide_by_is_the_newest_that_has_covariances():
    full, bare = message("A", created_h=-48.0), secondary(covariance_rtn=None)
    (event,) = group([full, message("B", created_h=-2.0, secondary=bare)])
    assert event.current.message_id == "A"
    (event,) = group([message("A", secondary=bare), message("B", created_h=-2, secondary=bare)])
    assert event.current.message_id == "B"


@pytest.fixture
def two() -> list[Event]:
    early, late = message("A", created_h=-48.0), message("B", created_h=-24.0)
    return group([early, late, message("C", secondary=party("40000"))])


def test_an_event_is_found_by_its_id_by_an_alias_and_by_its_first_letters(two: list[Event]):
    event = next(one for one in two if len(one.messages) == 2)
    for name in (event.id, event.aliases[0], event.id[:4], event.id.replace("-", "").upper()):
        assert find(two, name) is event


def test_a_name_that_means_none_or_too_little_is_refused(two: list[Event]):
    with pytest.raises(InputError, match="no event zzzz-zzzz among the 2"):
        find(two, "zzzz-zzzz")
    with pytest.raises(InputError, match="4 letters or more"):
        find(two, "ab")


def test_a_beginning_that_means_several_names_them(two: list[Event]):
    twins = [two[0], msgspec.structs.replace(two[1], id=two[0].id[:9] + "aaaa")]
    with pytest.raises(InputError, match=two[0].id):
        find(twins, two[0].id[:6])


def test_a_message_read_from_two_files_counts_once():
    def read_from(file: str) -> ConjunctionMessage:
        marks = Marks(originator="x", source=file, produced_at=file)
        nan = party(covariance_rtn=tuple((float("nan"),) * 6 for _ in range(6)))
        return message("A", marks=marks, primary=nan, comments=(file,))

    (event,) = group([read_from("b.xml"), read_from("a.kvn")])
    assert [one.marks.source for one in event.messages] == ["a.kvn"]
