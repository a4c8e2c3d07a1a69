"""What is written in any notation is read again as the same message."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.formats.ccsds.drawn_messages import messages

from skypact.formats.ccsds.json_writing import write_json
from skypact.formats.ccsds.kvn_writing import write_kvn
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.registry import TABLES
from skypact.formats.ccsds.xml_writing import write_xml

WRITERS = {"kvn": write_kvn, "xml": write_xml, "json": lambda message: write_json([message])}


def again(message, notation):
    (read,) = read_messages(io.BytesIO(WRITERS[notation](message))).messages
    return read


@pytest.mark.parametrize("kind", TABLES)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_message_goes_through_all_notations_and_comes_back_the_same(kind, data):
    message = data.draw(messages(TABLES[kind]))
    for notation in ("kvn", "xml", "json", "kvn", "json", "xml"):
        message_there = again(message, notation)
        assert message_there == message, notation
        message = message_there


@pytest.mark.parametrize("kind", TABLES)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_written_twice_is_the_same_bytes(kind, data):
    message = data.draw(messages(TABLES[kind]))
    for notation, write in WRITERS.items():
        assert write(again(message, notation)) == write(message)
