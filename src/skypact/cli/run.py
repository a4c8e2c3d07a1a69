"""From arguments to an exit status: every error that is ours is one line on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

from skypact import __version__
from skypact.base.errors import SkypactError
from skypact.cli.arguments import UsageError
from skypact.cli.catalogue import catalogue
from skypact.cli.check import check, identify_file
from skypact.cli.exercise import demo, warm
from skypact.cli.interruption import INTERRUPTED
from skypact.cli.screening import screen

USAGE = 2

_HELP = """The open partner node for space cooperation.

`skypact FILE` says what a file is. Results go to standard output, all else to standard error.
"""
_EXITS = (
    "Exit status: 0 done, 1 faults found by a check, 2 wrong usage, 3 input that cannot be "
    "used, 4 not releasable, 5 a source is unavailable, 130 interrupted."
)

app = App(
    name="skypact",
    help=_HELP,
    help_epilogue=_EXITS,
    help_format="markdown",
    version=__version__,
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(negative=()),
    default_command=identify_file,
)
app.command(screen)
app.command(catalogue)
app.command(check)
app.command(demo)
app.command(warm)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. Python flushes once more at its end, and
        # that must not fail either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    return status


def _run(arguments: Sequence[str]) -> int:
    try:
        status = app(
            list(arguments) or ["--help"],
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    except (CycloptsError, UsageError) as error:
        return _complain(f"{error}\nTry: skypact {_command(arguments)}--help", USAGE)
    except SkypactError as error:
        return _complain(str(error), error.exit_status)
    return status if isinstance(status, int) else 0


def _command(arguments: Sequence[str]) -> str:
    """The command that was meant, to point at its own help."""
    names = {"screen", "catalogue", "check", "demo", "warm"}
    return f"{arguments[0]} " if arguments and arguments[0] in names else ""


def _complain(message: str, status: int) -> int:
    print(f"skypact: {message}", file=sys.stderr)
    return status
