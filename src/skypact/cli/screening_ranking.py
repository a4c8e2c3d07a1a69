"""Options of `skypact screen` that ask how likely each close approach is a collision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from skypact.cli.arguments import UsageError
from skypact.cli.say import about, count, note

if TYPE_CHECKING:
    from skypact.astro.sgp4_terms import Mode
    from skypact.cli.results import Format
    from skypact.records.conjunctions import Screening
    from skypact.records.element_errors import ElementErrors
    from skypact.records.elements import Elements


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Whether the rows are ranked by probability, and with which errors and radii."""

    probability: Annotated[
        bool,
        Parameter(
            help="Rank by collision probability. Element sets have no covariance: their usual "
            "errors by orbit and age stand in, good for ranking only."
        ),
    ] = False
    sigma_table: Annotated[
        Path | None,
        Parameter(
            help="With --probability, errors of element sets from skypact catalogue fit-errors, "
            "instead of published ones."
        ),
    ] = None
    hbr_table: Annotated[
        Path | None,
        Parameter(
            help="With --probability, hard-body radii of objects (CSV with ObjectID and HBR); "
            "without it, and for objects not in it, defaults by class."
        ),
    ] = None


def refuse_contradictions(ranking: Ranking, form: Format) -> None:
    """Before a catalogue is read, which may take its time."""
    if ranking.probability and form == "socrates":
        raise UsageError("--format socrates has its own probability: leave out --probability")
    for option, value in (
        ("--sigma-table", ranking.sigma_table),
        ("--hbr-table", ranking.hbr_table),
    ):
        if value and not ranking.probability:
            raise UsageError(f"{option} goes with --probability")


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What a ranking takes from files."""

    errors: ElementErrors
    are_fitted: bool
    radii_m: dict[int, float]


def read_tables(ranking: Ranking, *, quiet: bool) -> Tables:
    """The tables asked for, read before the screening so that a bad one is told at once."""
    from skypact.ssa.published_element_errors import published_element_errors

    errors = _errors(ranking.sigma_table) if ranking.sigma_table else published_element_errors()
    radii_m = _radii_m(ranking.hbr_table, quiet=quiet) if ranking.hbr_table else {}
    fitted = ranking.sigma_table is not None
    return Tables(errors=errors, are_fitted=fitted, radii_m=radii_m)


def _errors(path: Path) -> ElementErrors:
    from skypact.formats.element_errors import read_element_errors
    from skypact.node.files import reading

    with about(str(path)), reading(str(path)) as stream:
        return read_element_errors(stream, source=str(path))


def _radii_m(path: Path, *, quiet: bool) -> dict[int, float]:
    from skypact.formats.hard_body_radius import read_hard_body_radii
    from skypact.node.files import reading

    with about(str(path)), reading(str(path)) as stream:
        found = read_hard_body_radii(stream)
    if not quiet:
        note(f"{path}: radii of {count(len(found.radii), 'object')}")
        if found.faults:
            note(f"{path}: {count(len(found.faults), 'line')} left out, first {found.faults[0]}")
    return {number: radius.radius_m for number, radius in found.radii.items()}


def rank(found: Screening, elements: Elements, tables: Tables, *, mode: Mode) -> Screening:
    """The same screening with a probability and a level in each row.

    Raises:
        InputError: errors fitted from real objects for invented ones, or the other way.
    """
    from skypact.records.marks import one_data_mode
    from skypact.ssa.screening_risk import ranked

    if tables.are_fitted:
        one_data_mode(found.conjunctions.marks, tables.errors.marks)
    rows = ranked(
        found.conjunctions, elements, errors=tables.errors, radii_m=tables.radii_m, mode=mode
    )
    return replace(found, conjunctions=rows)
