"""Keyword tables of CCSDS messages, and the check of what was found against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skypact.formats.ccsds.kvn import Pair


@dataclass(frozen=True, slots=True)
class Keyword:
    """What a standard says of one keyword."""

    required: bool = False


REQUIRED, OPTIONAL = Keyword(required=True), Keyword()


def by_keyword(
    found: Sequence[Pair], table: Mapping[str, Keyword], *, line: int, faults: list[FormatError]
) -> dict[str, Pair]:
    """The pairs by keyword; unknown, repeated, empty and missing ones are added to `faults`.

    Of a repeated keyword the first value counts. `line` is where the section begins.
    """
    pairs: dict[str, Pair] = {}
    for pair in found:
        if pair.keyword not in table:
            expected = f"one of {', '.join(table)}"
            faults.append(FormatError(pair.line, pair.keyword[:40], expected, "another keyword"))
        elif pair.keyword in pairs:
            faults.append(FormatError(pair.line, pair.keyword, "the keyword once", "it again"))
        elif not pair.value:
            faults.append(FormatError(pair.line, pair.keyword, "a value", "none"))
        else:
            pairs[pair.keyword] = pair
    faults.extend(
        FormatError(line, name, "this keyword", "none of that name")
        for name, keyword in table.items()
        if keyword.required and name not in {pair.keyword for pair in found}
    )
    return pairs
