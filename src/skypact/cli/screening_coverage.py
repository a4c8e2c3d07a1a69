"""Whether those that a screening was asked about were screened at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skypact.base.errors import InputError
from skypact.cli.say import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.records.conjunctions import Coverage
    from skypact.records.elements import Elements
    from skypact.ssa.trajectory import Trajectory

_NAMED = 3


def primaries_screened(
    coverage: Coverage,
    elements: Elements,
    *,
    numbers: Sequence[int] | None,
    ephemerides: Sequence[Trajectory],
) -> str:
    """The primaries that were screened in words, empty for all objects.

    One that was not screened, or not over the whole window, is told on standard error: no close
    approach found does not mean none there.

    Raises:
        InputError: not one of them could be screened.
    """
    if numbers is None and not ephemerides:
        return ""
    is_element_set = np.arange(len(coverage)) < len(elements)
    objects = [
        is_element_set & (coverage.norad_id == number) for number in dict.fromkeys(numbers or ())
    ]
    objects += [~is_element_set & (coverage.name == name) for name in _names(coverage, elements)]
    outcomes = [_Outcome(coverage[rows]) for rows in objects]
    missing = [outcome for outcome in outcomes if not outcome.is_screened]
    if len(missing) == len(outcomes):
        raise InputError(f"no primary can be screened; {missing[0].text}{_and_more(missing)}")
    for outcome in outcomes:
        if not outcome.is_screened:
            note(f"NOT SCREENED: {outcome.text}")
        elif outcome.text:
            note(f"NOT THE WHOLE WINDOW: {outcome.text}")
    screened = [outcome for outcome in outcomes if outcome.is_screened]
    if len(screened) > _NAMED:
        return f"{len(screened):,} objects"
    return ", ".join(outcome.name for outcome in screened)


def _names(coverage: Coverage, elements: Elements) -> list[str]:
    """Of the ephemerides, each once: a row of the coverage is one segment of them."""
    return list(dict.fromkeys(map(str, coverage.name[len(elements) :])))


def _and_more(outcomes: Sequence[_Outcome]) -> str:
    return f"; and {len(outcomes) - 1:,} more" if len(outcomes) > 1 else ""


class _Outcome:
    """What became of one object, in one or more rows; no text where all is well."""

    def __init__(self, rows: Coverage) -> None:
        number, name = int(rows.norad_id[0]), str(rows.name[0])
        self.name = f"{number} {name}".strip() if number >= 0 else name
        screened = np.isin(rows.status, ("SCREENED", "PARTLY"))
        self.is_screened = bool(screened.any())
        whole = bool(np.any(rows.status == "SCREENED"))
        self.text = ""
        if not self.is_screened:
            self.text = f"{self.name}: {rows.status[0]}, {rows.reason[0]}"
        elif not whole:
            parts = rows[screened]
            spans = ", ".join(
                f"{str(start)[:19]}Z to {str(end)[:19]}Z"
                for start, end in zip(parts.from_utc[:_NAMED], parts.until_utc, strict=False)
            )
            more = ", …" if len(parts) > _NAMED else ""
            self.text = f"{self.name}: only {spans}{more}; {parts.reason[0]}"
