"""`skypact convert FILE --to NOTATION`: a navigation message in another notation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from skypact.base.errors import InputError
from skypact.cli.arguments import Name, UsageError
from skypact.cli.results import writing
from skypact.cli.say import about, count, note

Notation = Literal["kvn", "xml", "json"]
DONE = 0


def convert(
    file: Name,
    /,
    *,
    to: Annotated[Notation | None, Parameter(help="Else the ending of OUTPUT says it.")] = None,
    output: Annotated[Path | None, Parameter(alias="-o", help="Else standard output.")] = None,
) -> int:
    """Write the navigation message in FILE in another notation, with nothing lost.

    FILE is a CDM, OEM, OPM, OMM, OCM, TDM or RDM in any of the notations; `-` reads standard
    input. What the notation cannot hold, and a message with faults, is refused.
    """
    from skypact.formats.ccsds.reading import NOT_READ, read_messages
    from skypact.formats.ccsds.writing import write_messages
    from skypact.node.files import reading

    notation = to or _ending(output)
    with about(file), reading(file) as stream:
        found = read_messages(stream)
    if found.faults:
        raise InputError(
            f"{file}: {count(len(found.faults), 'fault')}, such as {found.faults[0]}; "
            f"skypact check {file} lists them"
        )
    unread = [warning for warning in found.warnings if warning.found == NOT_READ]
    if unread or not found.messages:
        reason = str(unread[0]) if unread else "no message"
        raise InputError(f"{file}: nothing may get lost, and there is {reason}")
    if found.warnings:
        note(f"{file}: {count(len(found.warnings), 'warning')}: skypact check {file}")
    with about(file):
        content = write_messages(found.messages, notation)
    with writing(output) as stream:
        stream.write(content)
    return DONE


def _ending(output: Path | None) -> Notation:
    ending = output.suffix.removeprefix(".").lower() if output else ""
    if ending not in ("kvn", "xml", "json"):
        odd = f".{ending} names no notation: " if ending else ""
        raise UsageError(f"{odd}say --to kvn, xml or json")
    return ending  # type: ignore[return-value]  # just checked
