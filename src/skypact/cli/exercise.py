"""`skypact demo` and `skypact warm`: a first look, and compiling ahead of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from skypact.cli.say import note, progress
from skypact.cli.screening import Effort, Output, Question, screen

if TYPE_CHECKING:
    from skypact.records.conjunctions import Screening
    from skypact.records.elements import Elements
    from skypact.records.encounters import Encounters

_FEW = 200
_MOMENT_DAYS = 0.02


def demo() -> int:
    """Screen the built-in exercise, objects that do not exist, for 24 hours."""
    return screen("exercise", question=Question(), effort=Effort(), output=Output(top=20))


def warm(what: Literal["all", "screening", "conjunctions"] = "all", /) -> int:
    """Compile the kernels of screening, of conjunctions or both, once per machine and version.

    Later commands then start at once.
    """
    note(f"Compiling kernels, once per machine and version: {_TAKES[what]}")
    steps = _STEPS[what]
    with progress("Compiling", quiet=False) as advance:
        for done, step in enumerate(steps, start=1):
            step()
            if advance is not None:
                advance(done / len(steps))
    note("Compiled")
    return 0


def _screened() -> tuple[Elements, Screening]:
    from skypact.ssa.exercise import EXERCISE_EPOCH_UTC, exercise_population
    from skypact.ssa.screening import screen as find_all

    elements = exercise_population(objects=_FEW)
    return elements, find_all(
        elements, start_utc=EXERCISE_EPOCH_UTC, days=_MOMENT_DAYS, miss_m=50_000.0
    )


def _screen() -> None:
    from skypact.cli.screening_output import socrates_report

    elements, found = _screened()
    socrates_report(found, elements, mode="a", radius_m=1.0)


def _rank() -> None:
    from skypact.ssa.published_element_errors import published_element_errors
    from skypact.ssa.screening_risk import ranked

    elements, found = _screened()
    ranked(found.conjunctions, elements, errors=published_element_errors(), radii_m={})


def _encounter() -> Encounters:
    from skypact.node.conjunctions import EXERCISE, assess

    return assess(EXERCISE).encounter


def _integrate() -> None:
    from skypact.ssa.expected_collisions import expected_collisions_3d

    expected_collisions_3d(_encounter())


def _try() -> None:
    from skypact.ssa.monte_carlo import monte_carlo

    monte_carlo(_encounter(), trials=1, seed=1)


def _bound() -> None:
    from skypact.ssa.dilution import one_covariance_maximum

    one_covariance_maximum(_encounter())


def _read() -> None:
    from skypact.formats.ccsds.row_kernel import parsed_rows

    parsed_rows("2026-11-20T00:00:00 0", 1)


_OF_CONJUNCTIONS = (_encounter, _rank, _integrate, _try, _bound, _read)
_STEPS: dict[str, tuple[Callable[[], object], ...]] = {
    "screening": (_screen,),
    "conjunctions": _OF_CONJUNCTIONS,
    "all": (_screen, *_OF_CONJUNCTIONS),
}
_TAKES = {
    "screening": "about half a minute",
    "conjunctions": "about half a minute",
    "all": "about a minute",
}
