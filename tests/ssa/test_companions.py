"""Who flies together, and whose satellites are one fleet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from skypact.base.table import TEXT
from skypact.ssa.companions import FLEETS, fleet_numbers, groups

_PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()).filter(lambda p: p[0] != p[1]),
    min_size=1,
    max_size=30,
)


@given(pairs=_PAIRS)
def test_groups_are_the_connected_components_of_the_pairs_that_stay_together(pairs):
    table = np.array([pair[:2] for pair in pairs])
    together = np.array([pair[2] for pair in pairs])
    edges = table[together]
    graph = coo_array((np.ones(len(edges)), edges.T), shape=(10, 10))
    _, component = connected_components(graph, directed=False)
    alone = ~np.isin(np.arange(10), edges)
    found = groups(table, together)
    for (first, second), number in zip(table, found, strict=True):
        grouped = component[first] == component[second] and not alone[first]
        assert (number >= 0) == grouped
    for one, number in zip(table[:, 0], found, strict=True):
        same = found == number
        if number >= 0:
            assert set(component[table[same, 0]]) == {component[one]}
    numbered = [n for n in dict.fromkeys(found.tolist()) if n >= 0]
    assert numbered == list(range(len(numbered)))


@pytest.mark.parametrize(
    ("name", "fleet"),
    [
        ("STARLINK-1007", "STARLINK"),
        ("starlink-1007", "STARLINK"),
        ("ONEWEB-0012", "ONEWEB"),
        ("STARLINK-1007 DEB", None),
        ("ONEWEB R/B", None),
        ("ISS (ZARYA)", None),
        ("NOT STARLINK", None),
        ("", None),
    ],
)
def test_a_fleet_is_known_by_the_beginning_of_the_name_and_has_no_debris(name, fleet):
    wanted = -1 if fleet is None else FLEETS.index(fleet)
    assert fleet_numbers(np.array([name], TEXT)).tolist() == [wanted]
