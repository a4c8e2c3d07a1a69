"""`skypact catalogue`: fetch, show, check and compare catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from skypact.cli import arguments
from skypact.cli.check import check_elements
from skypact.cli.fit_errors import fit_errors
from skypact.cli.results import Format, settle, write_table, writing
from skypact.cli.say import note
from skypact.cli.screening import load

if TYPE_CHECKING:
    import numpy as np

    from skypact.records.elements import Elements
    from skypact.ssa.changes import Changes

catalogue = App(name="catalogue", help="Fetch, show, check and compare catalogues.")
catalogue.command(fit_errors)

ToFile = Annotated[Path | None, Parameter(name=("--output", "-o"), help="A file to write.")]
_DAY_S = 86_400.0


@catalogue.command
def fetch(name: arguments.Name, /, *, output: ToFile = None) -> int:
    """Fetch NAME (celestrak:active, spacetrack:catalogue …) within its source's limits.

    The answer is kept as it came, and written to --output too if that is given.
    """
    from skypact.node.clock import duration
    from skypact.node.fetching import fetcher

    found = fetcher().fetch(name)
    if found.notice:
        note(found.notice)
    if output:
        with writing(output) as stream:
            stream.write(found.body)
    age = f"{duration(found.age_s)} old" if found.notice else "fetched now"
    print(f"{name}: {len(found.body):,} bytes, {age}")
    return 0


@catalogue.command
def show(
    name: arguments.Name,
    /,
    *,
    objects: Annotated[
        str, Parameter(name=("--object", "-n"), help="Only 25544,ALOS-2: numbers or names.")
    ] = "",
    like: Annotated[str, Parameter(help="Only names that contain this text.")] = "",
    top: Annotated[int, Parameter(help="How many rows the table shows.")] = 30,
    format: Format | None = None,
    output: ToFile = None,
) -> int:
    """Show the element sets of NAME, a file or a source."""
    form = settle(format, output)
    elements = _picked(load(name, strict=False, quiet=False), objects, like)
    if form == "table":
        _show(elements, top)
    else:
        _write_elements(elements, form, output)
    return 0


def _write_elements(elements: Elements, form: Format, output: Path | None) -> None:
    """As CSV in the keys of an OMM, so that it can be read again; else column by column."""
    if form == "socrates":
        raise arguments.UsageError("socrates is a form of close approaches, not of elements")
    if form == "csv":
        from skypact.formats.omm_csv import write_omm_csv

        with writing(output) as stream:
            write_omm_csv(elements, stream)
    else:
        write_table(elements, form, output)


def _picked(elements: Elements, objects: str, like: str) -> Elements:
    import numpy as np

    keep = np.ones(len(elements), np.bool_)
    if objects:
        numbers = arguments.objects(arguments.listed(objects), elements)
        keep &= np.isin(elements.norad_id, numbers)
    if like:
        wanted = like.casefold()
        keep &= np.array([wanted in str(name).casefold() for name in elements.name], np.bool_)
        if not keep.any():
            note(f"no name contains {like!r}")
    return elements[keep]


def _show(elements: Elements, top: int) -> None:
    import numpy as np

    from skypact.cli.text import Column, show_columns

    revolutions = elements.mean_motion_rad_s * _DAY_S / (2.0 * np.pi)
    period_min = 1440.0 / revolutions
    columns: list[Column] = [
        ("number", [str(number) for number in elements.norad_id[:top]]),
        ("name", [str(name) for name in elements.name[:top]]),
        ("epoch UTC", [str(epoch)[:19].replace("T", " ") for epoch in elements.epoch_utc[:top]]),
        ("period, min", [f"{value:.2f}" for value in period_min[:top]]),
        ("eccentricity", [f"{value:.6f}" for value in elements.eccentricity[:top]]),
        ("inclination, deg", [f"{v:.3f}" for v in np.degrees(elements.inclination_rad[:top])]),
    ]
    show_columns(columns)
    if len(elements) > top:
        print(f"{len(elements) - top:,} more: --top {len(elements)}, or --format csv")


@catalogue.command
def check(
    name: arguments.Name,
    /,
    *,
    show: Annotated[int, Parameter(help="How many faults and warnings to list.")] = 100,
) -> int:
    """Check every record of NAME; the exit status is 1 when anything is wrong."""
    return check_elements(name, show=show)


@catalogue.command
def diff(
    old: arguments.Name,
    new: arguments.Name,
    /,
    *,
    top: Annotated[int, Parameter(help="How many changed objects to list, farthest first.")] = 30,
) -> int:
    """Compare two catalogues: what is new, gone, or moved, and by how much.

    Positions are compared at the newest epoch of both, with each object's newest elements.
    """
    from skypact.ssa.changes import compare

    before = load(old, strict=False, quiet=False)
    after = load(new, strict=False, quiet=False)
    changes = compare(before, after)
    print(f"{len(changes.new):,} new, {len(changes.gone):,} gone, {len(changes.changed):,} changed")
    _list_names("new", changes.new, after, top)
    _list_names("gone", changes.gone, before, top)
    _list_changed(changes, after, top)
    return 0


def _list_changed(changes: Changes, after: Elements, top: int) -> None:
    import numpy as np

    from skypact.cli.text import show_columns

    if not len(changes.changed):
        return
    # The unknown may have moved farthest of all.
    far = np.where(np.isnan(changes.moved_m), np.inf, changes.moved_m)
    order = np.argsort(-far, kind="stable")[:top]
    named = _names(after)
    print(f"changed, by how far the position at {str(changes.at_utc)[:19]}Z moved:")
    show_columns(
        [
            ("number", [str(number) for number in changes.changed[order]]),
            ("name", [named[number] for number in changes.changed[order].tolist()]),
            ("moved, km", [_km(metres) for metres in changes.moved_m[order].tolist()]),
        ]
    )
    if len(changes.changed) > top:
        print(f"{len(changes.changed) - top:,} more: --top {len(changes.changed)}")


def _km(metres: float) -> str:
    return f"{metres / 1e3:.3f}" if metres == metres else "unknown"


def _names(elements: Elements) -> dict[int, str]:
    return dict(zip(elements.norad_id.tolist(), map(str, elements.name), strict=True))


def _list_names(what: str, numbers: np.ndarray[Any, Any], elements: Elements, top: int) -> None:
    named = _names(elements)
    for number in numbers[:top].tolist():
        print(f"{what}: {number} {named[number]}")
    if len(numbers) > top:
        print(f"{what}: and {len(numbers) - top:,} more")
