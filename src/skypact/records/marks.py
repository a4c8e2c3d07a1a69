"""Where a record comes from and how it may be used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec
from msgspec import Struct

from skypact.base.errors import InputError
from skypact.base.table import Table


class DataMode(StrEnum):
    """Whether the record speaks of the real world."""

    REAL = "REAL"
    TEST = "TEST"
    SIMULATED = "SIMULATED"
    EXERCISE = "EXERCISE"


class Marks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The marks that every record and every table carries.

    `marking` is the releasability in words; None is not stated, which is not the same as
    public. `produced_at` is UTC in ISO 8601. `derived_from` names the inputs by digest.
    """

    originator: str
    source: str
    data_mode: DataMode = DataMode.REAL
    marking: str | None = None
    produced_at: str | None = None
    derived_from: tuple[str, ...] = ()


def one_data_mode(*marks: Marks) -> DataMode:
    """The data mode that all the inputs share.

    Raises:
        InputError: REAL and any other mode, or two other modes, would be mixed.
    """
    modes = sorted({mark.data_mode for mark in marks})
    if len(modes) != 1:
        raise InputError(f"records of different data modes cannot be mixed: {', '.join(modes)}")
    return modes[0]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MarkedTable(Table):
    """A table all of whose rows carry the same marks."""

    marks: Marks

    def arrow_metadata(self) -> dict[str, str]:
        """The marks, as JSON under `skypact.marks`."""
        return {"skypact.marks": msgspec.json.encode(self.marks).decode()}
