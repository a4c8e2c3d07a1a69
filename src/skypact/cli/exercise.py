"""`skypact demo` and `skypact warm`: a first look, and compiling ahead of it."""

from __future__ import annotations

from skypact.cli.say import note, progress
from skypact.cli.screening import Effort, Output, Question, screen

_FEW = 200
_MOMENT_DAYS = 0.02


def demo() -> int:
    """Screen the built-in exercise, objects that do not exist, for 24 hours."""
    return screen("exercise", question=Question(), effort=Effort(), output=Output(top=20))


def warm() -> int:
    """Compile what screening, conjunctions and long ephemerides need, once per machine.

    Later commands then start at once.
    """
    import numpy as np

    from skypact.cli.screening_output import socrates_report
    from skypact.formats.ccsds.row_kernel import parsed_rows
    from skypact.ssa.exercise import EXERCISE_EPOCH_UTC, exercise_population
    from skypact.ssa.published_element_errors import published_element_errors
    from skypact.ssa.screening import screen as find_all
    from skypact.ssa.screening_risk import ranked

    note("Compiling kernels, once per machine and version")
    elements = exercise_population(objects=_FEW)
    with progress("Compiling", quiet=False) as advance:
        found = find_all(
            elements,
            start_utc=EXERCISE_EPOCH_UTC,
            days=_MOMENT_DAYS,
            miss_m=50_000.0,
            on_progress=advance,
        )
    socrates_report(found, elements, mode="a", radius_m=1.0)
    ranked(found.conjunctions, elements, errors=published_element_errors(), radii_m={})
    _judge_once()
    parsed_rows("2026-11-20T00:00:00 0", 1)
    note(f"Compiled; {np.count_nonzero(found.coverage.status == 'SCREENED')} objects tried")
    return 0


def _judge_once() -> None:
    """Every method of the collision probability, also those that an event seldom needs."""
    from skypact.node.conjunctions import EXERCISE, assess
    from skypact.ssa.expected_collisions import expected_collisions_3d
    from skypact.ssa.monte_carlo import monte_carlo

    encounter = assess(EXERCISE).encounter
    expected_collisions_3d(encounter)
    monte_carlo(encounter, trials=1, seed=1)
