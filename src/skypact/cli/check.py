"""`skypact check FILE` and `skypact FILE`: whether a file is good, and what it is."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from skypact.base.errors import InputError
from skypact.cli.arguments import Name, UsageError
from skypact.cli.say import about, count, note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skypact.base.errors import FormatError
    from skypact.formats.ccsds.message import Block
    from skypact.formats.ccsds.reading import MessagesReading
    from skypact.node.catalogues import Catalogue
    from skypact.records.ephemeris import Ephemeris

GOOD = 0
FAULTS_FOUND = 1
_MESSAGES = ("cdm", "opm", "ocm", "tdm", "rdm", "ndm")
_OMM = ("omm", "omm-kvn", "omm-xml")


def identify_file(file: Name, /) -> int:
    """Say what FILE is."""
    from skypact.formats.identify import identify
    from skypact.node.files import reading

    if file != "-" and not Path(file).exists():
        raise UsageError(f"there is no command or file {file!r}")
    with about(file), reading(file) as stream:
        kind = identify(stream)
    version = f", version {kind.version}" if kind.version else ""
    records = f", {count(kind.records, 'record')}" if kind.records is not None else ""
    packed = ", gzipped" if kind.is_gzipped else ""
    packed += ", CUT SHORT: the gzip stream ends early" if kind.is_cut_short else ""
    print(f"{file}: {kind.description}{version}{records}{packed}")
    return GOOD


def check(
    file: Name,
    /,
    *,
    show: Annotated[int, Parameter(help="How many faults and warnings to list.")] = 100,
) -> int:
    """Check FILE: navigation messages, an ephemeris, or element sets; or a folder of messages.

    Each fault and warning comes with its line, keyword, what was expected and what was found. An
    ephemeris (OEM) is also held against NASA NPR 8079.1. Of a folder every message has one line,
    and files of other kinds are passed over. The exit status is 1 when anything is
    wrong, and 0 with warnings only.
    """
    from skypact.formats.identify import identify
    from skypact.node.files import reading
    from skypact.node.sources import is_source

    if file == "-" or is_source(file):
        return check_elements(file, show=show)
    if Path(file).is_dir():
        return check_folder(file)
    with about(file), reading(file) as stream:
        kind = identify(stream).kind
    message = kind.partition("-")[0]
    if message == "oem":
        return check_ephemeris(file, show=show)
    if message in _MESSAGES:
        return check_messages(file, show=show)
    if kind in _OMM:
        return check_mean_elements(file, show=show)
    return check_elements(file, show=show)


def check_folder(folder: str) -> int:
    """Count what is wrong with each message file in a folder and those in it.

    Raises:
        InputError: no file there is a message.
    """
    paths = sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())
    statuses = {path: _check_in_folder(path) for path in paths}
    checked = [path for path, status in statuses.items() if status is not None]
    wrong = [path for path in checked if statuses[path] != GOOD]
    if not checked:
        raise InputError(f"{folder}: no file there is a navigation message")
    passed_over = len(paths) - len(checked)
    print(
        f"{folder}: {count(len(checked), 'file with messages')}, {len(wrong):,} with faults"
        + (f"; {count(passed_over, 'file of another kind')} passed over" if passed_over else "")
    )
    if wrong:
        print(f"skypact check {wrong[0]} lists its faults")
    return FAULTS_FOUND if wrong else GOOD


def _check_in_folder(path: str) -> int | None:
    """None for a file of another kind; one that cannot be read is wrong like any other."""
    from skypact.formats.identify import identify
    from skypact.node.files import reading

    try:
        with about(path), reading(path) as stream:
            kind = identify(stream).kind
        is_message = kind.partition("-")[0] in (*_MESSAGES, "oem") or kind in _OMM
        return check_messages(path, show=0) if is_message else None
    except InputError as error:
        print(error)
        return FAULTS_FOUND


def check_messages(file: str, *, show: int) -> int:
    """Faults and warnings of navigation messages, and which they are."""
    found = _messages(file)
    _list("fault", found.faults, show)
    _list("warning", found.warnings, show)
    kinds = Counter(f"{message.kind.upper()} {message.version}" for message in found.messages)
    messages = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items()) or "no message"
    faults, warnings = count(len(found.faults), "fault"), count(len(found.warnings), "warning")
    print(f"{file}: {messages}; {faults}, {warnings}")
    return FAULTS_FOUND if found.faults else GOOD


def check_mean_elements(file: str, *, show: int) -> int:
    """An OMM as a message; one that is sound and for SGP4 also as a set of elements."""
    found = _messages(file)
    theories = [block.text("MEAN_ELEMENT_THEORY") for block in _metadata(found)]
    if found.faults or not all((theory or "").upper().startswith("SGP") for theory in theories):
        return check_messages(file, show=show)
    _list("warning", found.warnings, show)
    return check_elements(file, show=show)


def _messages(file: str) -> MessagesReading:
    from skypact.formats.ccsds.reading import read_messages
    from skypact.node.files import reading

    with about(file), reading(file) as stream:
        return read_messages(stream)


def _metadata(found: MessagesReading) -> Iterator[Block]:
    return chain.from_iterable(one.root.everywhere("metadata") for one in found.messages)


def check_ephemeris(file: str, *, show: int) -> int:
    """Faults of an OEM, and each requirement of NPR 8079.1 with what was found."""
    from skypact.formats.ccsds.oem import read_oem
    from skypact.node.files import reading

    with about(file), reading(file) as stream:
        found = read_oem(stream, source=file)
    _list("fault", found.faults, show)
    _list("warning", found.warnings, show)
    all_met = sum(map(_meets_upload_rules, found.ephemerides)) == len(found.ephemerides)
    print(f"{count(len(found.ephemerides), 'object')}, {count(len(found.faults), 'fault')}")
    return GOOD if all_met and found.ephemerides and not found.faults else FAULTS_FOUND


def _meets_upload_rules(ephemeris: Ephemeris) -> bool:
    from skypact.astro.orientation import bundled_earth_orientation
    from skypact.node.clock import system_clock, utc
    from skypact.ssa.upload import Verdict, check_upload

    findings = check_upload(
        ephemeris, now_utc=utc(system_clock()), orientation=bundled_earth_orientation()
    )
    print(f"{ephemeris.object_name or ephemeris.object_id}, NASA NPR 8079.1:")
    for finding in findings:
        print(f"  {finding.verdict.value:11} {finding.requirement}: {finding.found}")
        if finding.verdict is not Verdict.MET:
            print(f"              asked: {finding.asked}")
    return not any(finding.verdict is Verdict.NOT_MET for finding in findings)


def check_elements(name: str, *, show: int) -> int:
    """Faults and warnings of element sets, how old they are, and what SGP4 says of them."""
    from skypact.node.catalogues import read_catalogue

    with about(name):
        found = read_catalogue(name)
    if found.notice:
        note(found.notice)
    _list("fault", found.faults, show)
    _list("warning", found.warnings, show)
    print(
        f"{name}: {count(len(found.elements), 'element set')}, "
        f"{count(len(found.faults), 'fault')}, {count(len(found.warnings), 'warning')}"
    )
    unusable = _propagation(found, show) if len(found.elements) else 0
    return FAULTS_FOUND if found.faults or unusable else GOOD


def _list(what: str, entries: Sequence[FormatError], show: int) -> None:
    for entry in entries[:show]:
        print(f"{what}: {entry}")
    if len(entries) > show > 0:
        print(f"{what}: and {len(entries) - show:,} more; --show {len(entries)} lists all")


def _propagation(found: Catalogue, show: int) -> int:
    """Print ages and the sets that SGP4 refuses at the newest epoch; how many those are."""
    import numpy as np

    from skypact.astro.sgp4 import propagate, sgp4_model
    from skypact.astro.time import tai_ns_from_utc
    from skypact.node.clock import duration

    elements = found.elements
    newest_utc = elements.epoch_utc.max()
    age_s = (newest_utc - elements.epoch_utc) / np.timedelta64(1, "s")
    middle, oldest = np.quantile(age_s, [0.5, 1.0])
    print(
        f"newest epoch {str(newest_utc)[:19]}Z; half are within {duration(middle)} of it, "
        f"the oldest is {duration(oldest)} older"
    )
    model = sgp4_model(elements, origin_tai_ns=int(tai_ns_from_utc(newest_utc[None])[0]))
    error = propagate(model, np.zeros(1)).error[:, 0]
    failing = np.flatnonzero(error)
    for row in failing[:show]:
        print(
            f"SGP4: {elements.norad_id[row]} {elements.name[row]}: {_SGP4[int(error[row])]} at "
            f"{str(newest_utc)[:19]}Z"
        )
    if len(failing) > show:
        print(f"SGP4: and {len(failing) - show:,} more; --show {len(failing)} lists all")
    other = int(np.count_nonzero(elements.ephemeris_type == _SGP4_XP))
    if other:
        print(f"SGP4: {other:,} sets are for SGP4-XP, which is not spoken here")
    return len(failing) + other


_SGP4_XP = 4
_SGP4 = {
    1: "mean eccentricity out of range",
    2: "mean motion not positive",
    3: "perturbed eccentricity out of range",
    4: "orbit inside the Earth",
    6: "decayed",
}
