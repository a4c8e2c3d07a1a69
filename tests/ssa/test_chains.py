"""Runs of steps: nothing added, nothing lost, joined across slabs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skypact.ssa.chains import chains_of, join

_HITS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 40)).filter(
        lambda hit: hit[0] != hit[1]
    ),
    max_size=60,
)


def _steps(chains):
    return {
        (low, high, step)
        for low, high, first, last in zip(*(c.tolist() for c in chains), strict=True)
        for step in range(first, last + 1)
    }


@given(hits=_HITS, cut=st.integers(0, 40))
def test_chains_hold_exactly_the_steps_that_were_hit_wherever_slabs_are_cut(hits, cut):
    table = np.array(hits, np.int64).reshape(-1, 3)
    whole = chains_of(table)
    assert _steps(whole) == {(min(a, b), max(a, b), step) for a, b, step in hits}
    before, after = table[table[:, 2] < cut], table[table[:, 2] >= cut]
    joined = join([chains_of(after), chains_of(before)])
    for ours, theirs in zip(whole, joined, strict=True):
        assert ours.tolist() == theirs.tolist()


@given(hits=_HITS)
def test_no_chain_touches_the_next_one_of_its_pair(hits):
    chains = chains_of(np.array(hits, np.int64).reshape(-1, 3))
    same = (chains.low[1:] == chains.low[:-1]) & (chains.high[1:] == chains.high[:-1])
    assert np.all(chains.first_step[1:][same] > chains.last_step[:-1][same] + 1)


def test_no_slab_gives_no_chain():
    assert [len(column) for column in join([])] == [0, 0, 0, 0]
