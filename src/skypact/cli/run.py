"""From arguments to an exit status: every error that is ours is one line on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter
from cyclopts.exceptions import MissingArgumentError, UnusedCliTokensError

from skypact import __version__
from skypact.base.compilation import tell_before_compiling
from skypact.base.errors import SkypactError
from skypact.cli.arguments import UsageError
from skypact.cli.catalogue import catalogue
from skypact.cli.check import check, identify_file
from skypact.cli.conjunctions import conjunctions
from skypact.cli.convert import convert
from skypact.cli.exercise import demo, warm
from skypact.cli.interruption import INTERRUPTED
from skypact.cli.say import note
from skypact.cli.screening import screen

USAGE = 2
UNUSABLE = 3

_COMMANDS = ("screen", "conjunctions", "catalogue", "check", "convert", "demo", "warm")
_PARTS = {
    "catalogue": ("fetch", "show", "check", "diff", "fit-errors"),
    "conjunctions": ("list", "show", "assess", "plan", "report"),
}
_EXAMPLES = {  # of options that a command cannot do without
    "--output": "-o event.html or -o event.pdf",
    "--catalogue": "--catalogue celestrak:active or another catalogue",
}

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
app.command(conjunctions)
app.command(catalogue)
app.command(check)
app.command(convert)
app.command(demo)
app.command(warm)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    if sys.stderr.isatty() and list(arguments[:1]) != ["warm"]:
        tell_before_compiling(
            lambda: note("compiling, once per machine; `skypact warm` does all of it ahead")
        )
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. Python flushes once more at its end, and
        # that must not fail either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # those of files are told where they arise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _complain(f"cannot write to standard output: {error.strerror or error}", UNUSABLE)
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
    except UnusedCliTokensError as error:
        tokens = error.unused_tokens or []
        message = f"{_not_understood(arguments, tokens)}\nTry: skypact {_command(arguments)}--help"
        return _complain(message, USAGE)
    except MissingArgumentError as error:
        message = _lacking(error)
        return _complain(f"{message}\nTry: skypact {_command(arguments)}--help", USAGE)
    except (CycloptsError, UsageError) as error:
        return _complain(f"{error}\nTry: skypact {_command(arguments)}--help", USAGE)
    except SkypactError as error:
        return _complain(str(error), error.exit_status)
    return status if isinstance(status, int) else 0


def _command(arguments: Sequence[str]) -> str:
    """The command that was meant, to point at its own help."""
    if not arguments or arguments[0] not in _COMMANDS:
        return ""
    parts = arguments[:1]
    if arguments[1:2] and arguments[1] in _PARTS.get(arguments[0], ()):
        parts = arguments[:2]
    return f"{' '.join(parts)} "


def _not_understood(arguments: Sequence[str], tokens: Sequence[str]) -> str:
    """What is wrong with words for which there is no place."""
    from difflib import get_close_matches

    if arguments and not _command(arguments):
        near = get_close_matches(arguments[0], _COMMANDS, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"there is no command {arguments[0]!r}{hint}"
    return f"one argument too many: {tokens[0]!r} (several values of an option go with commas)"


def _lacking(error: MissingArgumentError) -> str:
    """What to say for an option that was not given at all; one without its value says so."""
    name = error.argument.name if error.argument else ""
    example = _EXAMPLES.get(name)
    was_given = error.keyword is not None or (error.argument and error.argument.tokens)
    return str(error) if example is None or was_given else f"say {example}"


def _complain(message: str, status: int) -> int:
    print(f"skypact: {message}", file=sys.stderr)
    return status
