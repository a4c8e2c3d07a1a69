"""What a person is told while a command works: all of it on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from skypact.base.errors import FormatError, InputError

_SHOWN = 3


def note(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr, flush=True)


def count(number: int, noun: str) -> str:
    """A number of things, in the plural unless there is one.

    >>> count(1, "fault"), count(26_834, "record left out"), count(2, "close approach")
    ('1 fault', '26,834 records left out', '2 close approaches')
    """
    if number == 1:
        return f"1 {noun}"
    for thing in ("element set", "close approach", noun.partition(" ")[0].rstrip(";")):
        if noun.startswith(thing):
            break
    return f"{number:,} {thing}{'es' if thing.endswith('ch') else 's'}{noun.removeprefix(thing)}"


@contextmanager
def about(name: str) -> Iterator[None]:
    """Errors of a file as a whole, told with its name."""
    try:
        yield
    except FormatError as error:
        raise InputError(f"{name}: {error}") from error


def list_faults(name: str, faults: Sequence[FormatError], what: str) -> None:
    """Count what was wrong with a file, show the first few, and say how to see the rest."""
    if not faults:
        return
    note(f"{name}: {count(len(faults), what)}")
    for fault in faults[:_SHOWN]:
        note(f"  {fault}")
    if len(faults) > _SHOWN:
        note(f"  and {len(faults) - _SHOWN:,} more: skypact check {name}")


@contextmanager
def progress(task: str, *, quiet: bool) -> Iterator[Callable[[float], None] | None]:
    """A bar that is told the fraction done; none where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), "{task.percentage:3.0f} %")
    with Progress(*parts, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        running = bar.add_task(task, total=1.0)
        yield lambda fraction: bar.update(running, completed=fraction)
