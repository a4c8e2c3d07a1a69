"""From hits to chains: runs of neighbouring steps in which a pair passed the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]


class Chains(NamedTuple):
    """Pairs of tracks (low < high) from `first_step` to `last_step`, both included."""

    low: Integers
    high: Integers
    first_step: Integers
    last_step: Integers


def chains_of(hits: Integers) -> Chains:
    """The chains in rows of (track, track, step), in any order and with repetitions."""
    low, high = hits[:, :2].min(axis=1), hits[:, :2].max(axis=1)
    return _joined(low, high, hits[:, 2], hits[:, 2])


def join(parts: Sequence[Chains]) -> Chains:
    """Chains of several slabs in one, those that continue across a boundary made whole."""
    if not parts:
        return chains_of(np.empty((0, 3), np.int64))
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _joined(*columns)


def _joined(low: Integers, high: Integers, first: Integers, last: Integers) -> Chains:
    # Within one pair the spans do not overlap (they may repeat), so their ends rise with
    # their starts, and a chain begins wherever a start is not next to the end before it.
    order = np.lexsort((first, high, low))
    low, high, first, last = low[order], high[order], first[order], last[order]
    begins = np.ones(len(order), bool)
    begins[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1]) | (first[1:] > last[:-1] + 1)
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(order)) - 1
    return Chains(low[starts], high[starts], first[starts], last[ends[: len(starts)]])
