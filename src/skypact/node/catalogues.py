"""Catalogues by name: from a file, from a public source within its limits, or generated."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, NamedTuple

from skypact.node.fetching import Fetcher, fetcher
from skypact.node.files import reading
from skypact.node.sources import is_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.base.errors import FormatError
    from skypact.records.elements import Elements

EXERCISE = "exercise"


class Catalogue(NamedTuple):
    """Element sets, what was wrong with the records left out, and what else is to be said."""

    elements: Elements
    faults: Sequence[FormatError]
    warnings: Sequence[FormatError]
    notice: str

    @property
    def cut_short(self) -> Sequence[FormatError]:
        """The warning that records are missing, because the file's gzip stream ends early."""
        return [warning for warning in self.warnings if warning.field == "gzip"]


def read_catalogue(name: str, *, strict: bool = False, asking: Fetcher | None = None) -> Catalogue:
    """Element sets of a file, `-`, a public source or the built-in exercise.

    Raises:
        InputError: the name, the file, or with `strict` any record of it, cannot be used.
        Unavailable: a source gave nothing and no copy is kept.
    """
    from skypact.formats.elements import read_elements

    if name == EXERCISE:
        from skypact.ssa.exercise import exercise_population

        return Catalogue(exercise_population(), (), (), "")
    if is_source(name):
        fetched = (asking or fetcher()).fetch(name)
        found = read_elements(io.BytesIO(fetched.body), source=name, strict=strict)
        return Catalogue(found.elements, found.faults, found.warnings, fetched.notice)
    with reading(name) as stream:
        source = "standard input" if name == "-" else name
        found = read_elements(stream, source=source, strict=strict)
    return Catalogue(found.elements, found.faults, found.warnings, "")


def read(name: str) -> Elements:
    """Element sets of a file, `-`, `celestrak:…`, `spacetrack:…` or `exercise`.

    Records that cannot be read are left out; a Python warning counts them and names the first.

    Raises:
        InputError: the name or the file cannot be used.
        Unavailable: a source gave nothing and no copy is kept.
    """
    found = read_catalogue(name)
    if found.notice:
        warnings.warn(found.notice, stacklevel=2)
    for warning in found.cut_short:
        warnings.warn(f"{name} is not whole: {warning}", stacklevel=2)
    if found.faults:
        left_out = f"{len(found.faults)} records of {name} left out"
        warnings.warn(f"{left_out}, the first: {found.faults[0]}", stacklevel=2)
    return found.elements
