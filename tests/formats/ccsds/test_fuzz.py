"""Damaged messages give findings or errors of ours; the long run is `fuzz.py`."""

import pytest
from tests.formats.ccsds.fuzz import run

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
