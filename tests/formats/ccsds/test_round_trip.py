"""What is written in any notation is read again as the same message."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.formats.ccsds.drawn_messages import messages
from tests.formats.ccsds.sample_messages import SAMPLES

from skypact.formats.ccsds.json_writing import write_json
from skypact.formats.ccsds.kvn_writing import write_kvn
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.registry import TABLES
from skypact.formats.ccsds.writing import write_messages
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


@pytest.mark.parametrize("notation", ["kvn", "xml", "json"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_each_message_of_a_file_keeps_its_own_bytes(notation, line_end):
    one, other = (
        read_messages(io.BytesIO(SAMPLES[kind].encode())).messages[0] for kind in ("cdm", "opm")
    )
    written = write_messages([one, other, one], notation).replace(b"\n", line_end.encode())
    written = written.replace(b"EXAMPLE", "ÉXAMPLE".encode())
    found = read_messages(io.BytesIO(written)).messages
    position = 0
    for message in found:
        position = written.index(message.content, position) + len(message.content)
        assert read_messages(io.BytesIO(message.content)).messages == (message,)
    assert [message.kind for message in found] == ["cdm", "opm", "cdm"]
