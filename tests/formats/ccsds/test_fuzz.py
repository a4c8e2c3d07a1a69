"""Damaged messages give findings or errors of ours; the long run is `fuzz.py`."""

import io
import time

import pytest
from tests.formats.ccsds.fuzz import NOTATIONS, Outcome, attack, run
from tests.formats.ccsds.sample_messages import SAMPLES

from skypact.base.errors import FormatError
from skypact.formats.ccsds import reading, xml
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.writing import write_messages

_LONGEST_S = 2.0  # of processor time for one input of 64 KiB; a hang is far beyond


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_damaged_messages_never_surprise_a_reader(shared, seed):
    outcome = run(2500, seed=seed, corpus=shared / "data" / "ndm" / "corpus")
    assert outcome.counts.total() == 2500
    assert outcome.longest_s < _LONGEST_S
    # Changes that hit too hard would only ever try the first line of the reader.
    assert outcome.counts["with faults"] > 500
    assert outcome.counts["sound, and the same in another notation"] > 250


def test_damaged_samples_of_our_own_never_surprise_a_reader():
    outcome = run(300, seed=3, corpus=None)
    assert outcome.counts.total() == 300
    assert outcome.longest_s < _LONGEST_S


_LONG = 200_000  # bytes; where time grows with the square, these take minutes
OPM, OCM = SAMPLES["opm"].encode(), SAMPLES["ocm"].encode()
LONG = {
    "blanks in a number": OPM.replace(b"6900.125", b"1" + b" " * _LONG + b"2"),
    "blanks before a unit": OPM.replace(b"6900.125 [", b"1" + b" \t" * (_LONG // 2) + b"["),
    "brackets": OPM.replace(b"[kg]", b"[" * _LONG),
    "parentheses of a unit": OPM.replace(b"6900.125 [km]", b"1 [" + b"(" * _LONG + b"]"),
    "digits": OPM.replace(b"6900.125", b"1" * _LONG),
    "versions in one line": OPM + b"_VERS" * (_LONG // 5),
    "versions": b"CCSDS_OPM_VERS = 3.0\n" * (_LONG // 21),
    "keywords again": OPM + b"USER_DEFINED_X = 1\n" * (_LONG // 19),
    "sections that never end": OCM.replace(b"TRAJ_START\n", b"TRAJ_START\n" * (_LONG // 22)),
    "rows and words in turn": OCM.replace(b"60.0 6970.5", b"1 2\nX\n" * (_LONG // 6)),
    "deep XML": b"<opm>" + b"<a>" * (_LONG // 3),
    "deep JSON": b'{"a":' * (_LONG // 5),
    "keys again": b"{%s,%s}"
    % (
        b",".join([b'"COMMENT":"x"'] * (_LONG // 14)),
        b'"CCSDS_OPM_VERS":"3.0"',
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_input_takes_no_longer_than_its_length_asks(name):
    outcome = Outcome()
    attack(LONG[name], outcome)
    assert outcome.longest_s < _LONGEST_S


@pytest.mark.parametrize("notation", NOTATIONS)
def test_writing_takes_no_longer_than_the_length_asks(notation):
    rows = "COMMENT between\nRANGE = 2026-11-20T02:00:00 1\n" * 4000
    text = SAMPLES["tdm"].replace("DATA_STOP\nMETA", f"{rows}DATA_STOP\nMETA")
    messages = read_messages(io.BytesIO(text.encode())).messages
    begin = time.process_time()
    write_messages(messages, notation)
    assert time.process_time() - begin < _LONGEST_S


@pytest.mark.parametrize(
    "content",
    [
        b"CCSDS_OPM_VERS = 3.0\n" * 11,
        b"[" + b",".join([b'{"CCSDS_OPM_VERS":"3.0"}'] * 11) + b"]",
        b"<ndm>" + b"<opm/>" * 11 + b"</ndm>",
    ],
    ids=["kvn", "json", "xml"],
)
def test_more_messages_than_fit_into_memory_are_refused(content, monkeypatch):
    monkeypatch.setattr(reading, "_MOST_MESSAGES", 10)
    with pytest.raises(FormatError, match="at most 10 messages"):
        read_messages(io.BytesIO(content))


def test_more_elements_than_fit_into_memory_are_refused(monkeypatch):
    monkeypatch.setattr(xml, "_MOST_ELEMENTS", 10)
    with pytest.raises(FormatError, match="at most 10 elements"):
        read_messages(io.BytesIO(b"<opm>" + b"<a/>" * 10 + b"</opm>"))


def test_after_a_thousand_faults_the_rest_is_not_read():
    content = OPM + b"=\n" * 300_000
    (message,) = read_messages(io.BytesIO(content)).messages
    assert len(message.findings.faults) == 1001
    assert "not told" in message.findings.faults[-1].found
