"""`skypact catalogue fit-errors`: how wrong public element sets were, from their history."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from skypact.cli import arguments
from skypact.cli.results import Format, settle, write_table
from skypact.cli.say import count, note
from skypact.cli.screening import load

if TYPE_CHECKING:
    from skypact.records.element_errors import ElementErrors
    from skypact.records.elements import Elements

_DAY_S = 86_400.0


def fit_errors(
    histories: Annotated[
        tuple[arguments.Name, ...],
        Parameter(help="Files of element sets, several per object, such as a year of TLEs."),
    ],
    /,
    *,
    format: Annotated[
        Format | None, Parameter(help="A table for people, or csv or json for --sigma-table.")
    ] = None,
    output: Annotated[
        Path | None,
        Parameter(name=("--output", "-o"), help="A file for --sigma-table; .csv or .json."),
    ] = None,
) -> int:
    """Fit the errors of element sets by orbit and age, from later sets of the same objects.

    Each set is propagated to the epochs of later ones. The result is for ranking close
    approaches of objects without covariance: skypact screen CATALOGUE --sigma-table FILE.
    """
    from skypact.ssa.element_error_fit import fit_element_errors

    form = settle(format, output)
    if form == "socrates":
        raise arguments.UsageError("socrates is a form of close approaches, not of errors")
    history = _joined([load(name, strict=False, quiet=False) for name in histories])
    errors = fit_element_errors(history)
    note(_counted(history, errors))
    if form == "table":
        _show(errors)
    else:
        write_table(errors, form, output)
    return 0


def _joined(tables: list[Elements]) -> Elements:
    """All element sets in one table, of one data mode.

    Raises:
        InputError: real and invented objects would be mixed.
    """
    import numpy as np
    from msgspec.structs import replace

    from skypact.records.marks import one_data_mode

    mode = one_data_mode(*(table.marks for table in tables))
    sources = ", ".join(table.marks.source for table in tables)
    marks = replace(tables[0].marks, source=sources, data_mode=mode)
    columns = {
        name: np.concatenate([table.columns()[name] for table in tables])
        for name in tables[0].columns()
    }
    return dataclasses.replace(tables[0], marks=marks, **columns)


def _counted(history: Elements, errors: ElementErrors) -> str:
    import numpy as np

    sets = count(len(history), "element set")
    objects = count(len(np.unique(history.norad_id)), "object")
    pairs = count(int(errors.pairs.sum()), "pair")
    unknown = int(np.count_nonzero(np.isnan(errors.sigma_radial_m)))
    said = f"{sets} of {objects} compared in {pairs}"
    return said + (f"; too few pairs in {count(unknown, 'row')}" if unknown else "")


def _show(errors: ElementErrors) -> None:
    from skypact.cli.text import show_columns

    sigmas = (errors.sigma_radial_m, errors.sigma_transverse_m, errors.sigma_normal_m)
    ages = zip(errors.age_from_s / _DAY_S, errors.age_until_s / _DAY_S, strict=True)
    show_columns(
        [
            ("orbit", [str(regime) for regime in errors.regime]),
            ("age, days", [f"{low:g} to {high:g}" for low, high in ages]),
            *(
                (f"{axis}, km", [_km(metres) for metres in sigma_m.tolist()])
                for axis, sigma_m in zip(("radial", "transverse", "normal"), sigmas, strict=True)
            ),
            ("pairs", [str(pairs) for pairs in errors.pairs]),
            ("objects", [str(objects) for objects in errors.objects]),
            ("beyond 3", [_percent(ratio) for ratio in errors.tail_ratio.tolist()]),
        ]
    )
    print("One sigma of the difference between two sets; beyond 3: share outside three sigmas.")
    print("Good for ranking close approaches, not for deciding on one: both sets may be wrong.")


def _km(metres: float) -> str:
    return f"{metres / 1e3:.3f}" if metres == metres else "unknown"


def _percent(ratio: float) -> str:
    return f"{100.0 * ratio:.1f} %" if ratio == ratio else "unknown"
