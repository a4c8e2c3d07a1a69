"""`skypact conjunctions`: from messages to events, their danger, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from skypact.base.errors import InputError
from skypact.cli import arguments
from skypact.cli.arguments import UsageError
from skypact.cli.conjunctions_input import Assessed, Judging, assessed, pick_named
from skypact.cli.conjunctions_plan import plan
from skypact.cli.results import writing
from skypact.cli.say import note

FAULTS_FOUND = 1
_USUAL = Judging()
FailOn = Annotated[
    Literal["red", "unknown", "yellow"] | None,
    Parameter(help="Exit with 1 if an event to come is of this level or a worse one."),
]
ToFile = Annotated[Path | None, Parameter(name=("--output", "-o"), help="A file to write.")]
TableOrJson = Annotated[
    Literal["table", "json"], Parameter(help="Words for people, or all of it for programs.")
]

conjunctions = App(
    name="conjunctions",
    help="What conjunction messages (CDM) mean: how dangerous, how sure, what to do by when.",
)


conjunctions.command(plan)


@conjunctions.command(name="list")
def list_events(
    *files: arguments.Name,
    judging: Judging = _USUAL,
    format: TableOrJson = "table",
    fail_on: FailOn = None,
    output: ToFile = None,
) -> int:
    """List the events that FILES tell of, one line each, worst first, those past at the end.

    FILES are conjunction messages in KVN, XML or JSON, folders of them, `-`, or `exercise` for
    a built-in event that does not exist.
    """
    from skypact.cli.conjunctions_json import write_summaries
    from skypact.cli.conjunctions_text import show_list

    found = assessed(files, judging)
    if format == "json":
        with writing(output) as stream:
            write_summaries(found.events, stream)
    else:
        _refuse_file(output)
        show_list(found.events)
    return _status(found, fail_on)


@conjunctions.command
def show(*event_and_files: arguments.Name, judging: Judging = _USUAL) -> int:
    """Show one event: advice, every method's probability, and what each message changed.

    EVENT-AND-FILES: an event's id (its first letters do), then files. Without an id the files
    tell of one event only.
    """
    from skypact.cli.conjunctions_text import show_event, show_history

    event, _ = pick_named(event_and_files, judging)
    show_event(event)
    show_history(event)
    return 0


@conjunctions.command
def assess(
    *files: arguments.Name,
    judging: Judging = _USUAL,
    format: TableOrJson = "table",
    fail_on: FailOn = None,
    output: ToFile = None,
) -> int:
    """Assess every event that FILES tell of: one message that came by e-mail is enough.

    `--format json` names each method, its value and its validity.
    """
    from skypact.cli.conjunctions_json import write_events
    from skypact.cli.conjunctions_text import show_event

    found = assessed(files, judging)
    if not found.events:
        raise InputError("there is no conjunction message that can be used")
    if format == "json":
        with writing(output) as stream:
            write_events(found.events, stream)
    else:
        _refuse_file(output)
        for event in found.events:
            show_event(event)
    return _status(found, fail_on)


@conjunctions.command
def report(
    *event_and_files: arguments.Name,
    judging: Judging = _USUAL,
    output: Annotated[
        Path, Parameter(name=("--output", "-o"), help="A file that ends in .html or .pdf.")
    ],
) -> int:
    """Write one event as a page that needs nothing else, or as a PDF.

    EVENT-AND-FILES as for `show`. A PDF is printed by Chromium or Chrome, if this machine
    has one.
    """
    from skypact.node.event_page import event_page
    from skypact.node.printing import pdf_of_page

    ending = output.suffix.lower()
    if ending not in (".html", ".htm", ".pdf"):
        raise UsageError(f"expected a file that ends in .html or .pdf, found {output}")
    event, _ = pick_named(event_and_files, judging)
    page = event_page(event).encode()
    content = pdf_of_page(page) if ending == ".pdf" else page
    with writing(output) as stream:
        stream.write(content)
    if not judging.quiet:
        note(f"wrote {output}: {event.level.name}, event {event.event.id}")
    return 0


def _refuse_file(output: Path | None) -> None:
    if output:
        raise UsageError(f"a table is for the terminal; for {output} say --format json")


def _status(found: Assessed, fail_on: str | None) -> int:
    """Of what has not passed; a message that cannot be used counts as unknown."""
    from skypact.ssa.levels import Level

    if fail_on is None:
        return 0
    levels = [one.level for one in found.events if one.now_tai_ns < one.message.tca_tai_ns]
    if found.files_with_faults:
        levels.append(Level.UNKNOWN)
    return FAULTS_FOUND if max(levels, default=Level.GREEN) >= Level[fail_on.upper()] else 0
