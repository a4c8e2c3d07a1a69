"""Objects that fly together, and pairs that a screening may leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.elements import Text

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

# Constellations whose operator keeps its own satellites apart, by the beginning of the name.
# Source: the fleets that SIMPLETON (docs/8, 2026) leaves out when it compares with SOCRATES.
FLEETS = ("STARLINK", "ONEWEB", "KUIPER", "QIANFAN", "HULIANWANG", "GEESAT")


class Exclusions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pairs to leave out: `docked` objects and formations, and satellites of the `same_fleet`."""

    docked: bool = False
    same_fleet: bool = False


NOTHING_EXCLUDED = Exclusions()


def fleet_numbers(names: Text) -> Integers:
    """The fleet that each name belongs to (an index into FLEETS), -1 for none.

    Debris and rocket bodies carry the name of a fleet's launch but are nobody's to steer.
    """
    number = np.full(len(names), -1, np.int64)
    upper = np.strings.upper(names)
    debris = np.strings.find(upper, " DEB") >= 0
    rocket = np.strings.find(upper, " R/B") >= 0
    for index, fleet in enumerate(FLEETS):
        number[np.strings.startswith(upper, fleet) & ~debris & ~rocket] = index
    return number


def groups(pairs: Integers, together: npt.NDArray[np.bool_]) -> Integers:
    """Number of the group that each pair (n, 2) of objects belongs to, -1 for none.

    Pairs that stay `together` join their objects into one group, and so do chains of such
    pairs; a pair within a group carries its number even when it does not itself stay
    together. Groups are numbered by their first pair.
    """
    leader: dict[int, int] = {}

    def find(item: int) -> int:
        while leader.setdefault(item, item) != item:
            leader[item] = item = leader[leader[item]]
        return item

    for first, second in pairs[together].tolist():
        leader[find(second)] = find(first)
    numbers: dict[int, int] = {}
    out = np.full(len(pairs), -1, np.int64)
    for row, (first, second) in enumerate(pairs.tolist()):
        if first in leader and second in leader and find(first) == find(second):
            out[row] = numbers.setdefault(find(first), len(numbers))
    return out
