"""What nobody could judge is in every list, above all that is green or yellow."""

from __future__ import annotations

import json

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ssa.conjunction_examples import HOUR_NS, TCA_NS, message, party, secondary

from skypact.cli.conjunctions_json import write_events, write_summaries
from skypact.cli.conjunctions_text import show_list
from skypact.node.conjunctions import assess_messages
from skypact.node.event_page import event_page
from skypact.ssa.levels import Level

NOW_NS = TCA_NS - 40 * HOUR_NS
ZERO = ((0.0,) * 6,) * 6

# What a message may lack: a covariance, both, a known frame; and what makes it known and green.
lacking = st.sampled_from(
    [
        {"secondary": {"covariance_rtn": None}},
        {"primary": {"covariance_rtn": None}, "secondary": {"covariance_rtn": None}},
        {"secondary": {"covariance_rtn": ZERO}},
        {"primary": {"frame": "OUR OWN"}, "secondary": {"frame": "OUR OWN"}},
        {"secondary": {"r_m": (float("nan"),) * 3}},
    ]
)
misses_m = st.sampled_from([(30.0, 40.0, 40.0), (500.0, 400.0, 400.0), (30_000.0, 0.0, 0.0)])


def made(number: int, lacks: dict[str, dict[str, object]], miss: tuple[float, float, float]):
    replace = msgspec.structs.replace
    other = secondary(miss, designator=str(40_000 + number))
    return message(
        f"M{number}",
        primary=replace(party(), **lacks.get("primary", {})),
        secondary=replace(other, **lacks.get("secondary", {})),
    )


cases = st.lists(st.tuples(lacking | st.just({}), misses_m), min_size=1, max_size=5)


class Kept:
    """A stream that keeps what is written."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, content: bytes) -> None:
        self.content += content


def written(write, events):
    stream = Kept()
    write(events, stream)
    return json.loads(stream.content)


@settings(max_examples=25)
@given(cases)
def test_what_is_unknown_is_never_dropped_and_never_below_yellow(given_):
    messages = [made(at, *case) for at, case in enumerate(given_)]
    events = assess_messages(messages, at_tai_ns=NOW_NS)
    unjudged = {f"M{at}" for at, (lacks, _) in enumerate(given_) if lacks}
    assert {one.message.message_id for one in events} == {one.message_id for one in messages}
    assert {one.message.message_id for one in events if one.level == Level.UNKNOWN} == unjudged
    order = [one.level for one in events]
    assert order == sorted(order, reverse=True)
    summaries = written(write_summaries, events)
    assert [one["level"] for one in summaries] == [level.name for level in order]
    for one in summaries:
        assert (one["collision_probability"] is None) == (one["message_id"] in unjudged)
    whole = written(write_events, events)
    assert len(whole) == len(events) if len(events) > 1 else whole["level"] == order[0].name
    for event in events:
        if event.level == Level.UNKNOWN:
            assert "could not be determined" in event_page(event)


def test_the_table_has_a_row_for_what_is_unknown(capsys):
    lacks = {"secondary": {"covariance_rtn": None}}
    far = made(1, lacks, (30_000.0, 0.0, 0.0))
    show_list(assess_messages([far, made(2, {}, (30_000.0, 0.0, 0.0))], at_tai_ns=NOW_NS))
    rows = capsys.readouterr().out.splitlines()
    shown = [row.split()[0] for row in rows if row.split()[0] in Level.__members__]
    assert shown == ["UNKNOWN", "GREEN"]
