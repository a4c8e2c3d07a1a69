"""`skypact screen`: from a catalogue to every close approach."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from skypact.cli import arguments
from skypact.cli.arguments import UsageError
from skypact.cli.results import Format, settle
from skypact.cli.say import about, count, list_faults, note, progress
from skypact.cli.screening_ranking import Ranking, rank, read_tables, refuse_contradictions

if TYPE_CHECKING:
    from skypact.records.conjunctions import Screening
    from skypact.records.elements import Elements
    from skypact.ssa.companions import Exclusions
    from skypact.ssa.trajectory import Trajectory
    from skypact.ssa.volumes import Volume

FAULTS_FOUND = 1
_MISS = "5km"
_MOST_MISS_M = 1e6
_SEED = 1
_UNRANKED = Ranking()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Question:
    """What is looked for."""

    days: Annotated[float, Parameter(help="Length of the window in days.")] = 1.0
    start: Annotated[
        str | None,
        Parameter(
            help="Start of the window, UTC in ISO 8601. Without it: now for fresh elements, else "
            "the first midnight after the newest of them."
        ),
    ] = None
    miss: Annotated[
        str | None,
        Parameter(help="Largest miss distance, such as 5km, or several: 1km,5km. 5km if not said."),
    ] = None
    volume: Annotated[
        str | None,
        Parameter(
            help="Instead of --miss, a volume around each primary: regime (leo, geo or 5 km, as "
            "each flies), leo, geo, socrates, sphere:5km, or ellipsoid: or box: with radial, "
            "transverse, normal semi-axes such as 500m,17km,20km."
        ),
    ] = None
    primary: Annotated[
        tuple[str, ...],
        Parameter(
            help="Only close approaches of these: 25544,ALOS-2, a file of such (@FILE), or an "
            "operator's ephemeris (an OEM file)."
        ),
    ] = ()
    exclude: Annotated[
        str, Parameter(help="Leave out pairs: docked, same-fleet, or both with a comma.")
    ] = ""
    mode: Annotated[
        Literal["a", "i"],
        Parameter(help="SGP4 as the public catalogues' own source runs it (a), or improved (i)."),
    ] = "a"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Effort:
    """How it is done."""

    threads: Annotated[
        int | None, Parameter(help="Threads to use; as many as there are processors if not said.")
    ] = None
    verify: Annotated[
        int, Parameter(help="Check so many random slices of the window by brute force.")
    ] = 0
    strict: Annotated[
        bool, Parameter(help="Stop at the first bad record instead of leaving it out.")
    ] = False
    quiet: Annotated[bool, Parameter(name=("--quiet", "-q"), help="Say nothing but errors.")] = (
        False
    )


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Output:
    """Where the answer goes."""

    format: Annotated[
        Format | None, Parameter(help="A table for people, or one of the forms for programs.")
    ] = None
    output: Annotated[
        Path | None,
        Parameter(name=("--output", "-o"), help="A file; its ending chooses the format."),
    ] = None
    top: Annotated[int, Parameter(help="How many rows the table shows, closest first.")] = 30
    radius: Annotated[
        str | None,
        Parameter(help="With --format socrates, the radius of each object, 1m if not said."),
    ] = None


def screen(
    catalogue: arguments.Name,
    /,
    *,
    question: Question = Question(),
    ranking: Ranking = _UNRANKED,
    effort: Effort = Effort(),
    output: Output = Output(),
) -> int:
    """Find every close approach in CATALOGUE.

    CATALOGUE is a file of element sets (TLE, OMM), `-`, `celestrak:active`,
    `spacetrack:catalogue`, or `exercise` for a built-in population that does not exist.
    """
    from skypact.cli.screening_coverage import primaries_screened
    from skypact.cli.screening_output import write
    from skypact.cli.screening_text import show

    form = settle(output.format, output.output)
    radius_m = _radius_m(output, form)
    _refuse_contradictions(question, effort, output)
    refuse_contradictions(ranking, form)
    tables = read_tables(ranking, quiet=effort.quiet) if ranking.probability else None
    elements = load(catalogue, strict=effort.strict, quiet=effort.quiet)
    asked = _asked(elements, question)
    found = find(elements, catalogue, question, asked, effort)
    of = primaries_screened(
        found.coverage, elements, numbers=asked.primaries, ephemerides=asked.trajectories
    )
    status = _verified(found, elements, asked, effort) if effort.verify else 0
    if tables:
        found = rank(found, elements, tables, mode=question.mode)
    if form == "table":
        show(found, catalogue=catalogue, top=output.top, of=of, volume=question.volume)
    else:
        write(found, elements, form, output.output, mode=question.mode, radius_m=radius_m)
    return status


def load(name: str, *, strict: bool, quiet: bool) -> Elements:
    """Read a catalogue and tell what was wrong with it."""
    from skypact.node.catalogues import read_catalogue

    with about(name):
        found = read_catalogue(name, strict=strict)
    if not quiet:
        if found.notice:
            note(found.notice)
        note(f"{name}: {count(len(found.elements), 'element set')}")
        list_faults(name, found.faults, "record left out")
    for warning in found.cut_short:  # also when quiet: objects are missing
        note(f"{name} IS NOT WHOLE, objects are missing: {warning}")
    return found.elements


@dataclass(frozen=True)
class Asked:
    """Which pairs count and when, as the engine wants it."""

    volumes: dict[int, Volume] | Volume | None
    primaries: list[int] | None
    trajectories: list[Trajectory]
    exclude: Exclusions


def _asked(elements: Elements, question: Question) -> Asked:
    from skypact.cli import screening_input

    volumes = arguments.volumes(question.volume, elements) if question.volume else None
    primaries, trajectories = screening_input.primaries(question, elements)
    return Asked(volumes, primaries, trajectories, screening_input.exclusions(question.exclude))


def find(
    elements: Elements, catalogue: str, question: Question, asked: Asked, effort: Effort
) -> Screening:
    """Screen, with a bar for those who watch."""
    from skypact.cli import screening_input
    from skypact.ssa.screening import screen as find_all

    start_utc = screening_input.start_utc(elements, catalogue, question, quiet=effort.quiet)
    with progress("Screening", quiet=effort.quiet) as advance:
        return find_all(
            elements,
            start_utc=start_utc,
            days=question.days,
            miss_m=arguments.lengths_m(_miss(question)),
            volumes=asked.volumes,
            primaries=asked.primaries,
            trajectories=asked.trajectories,
            exclude=asked.exclude,
            mode=question.mode,
            threads=effort.threads,
            on_progress=advance,
        )


def _verified(found: Screening, elements: Elements, asked: Asked, effort: Effort) -> int:
    from skypact.ssa.verification import verify

    outcome = verify(
        found,
        elements,
        slices=effort.verify,
        seed=_SEED,
        volumes=asked.volumes,
        primaries=asked.primaries,
        trajectories=asked.trajectories,
        exclude=asked.exclude,
    )
    note(str(outcome))
    return FAULTS_FOUND if outcome.missed else 0


def _miss(question: Question) -> str:
    return _MISS if question.miss is None else question.miss


def _refuse_contradictions(question: Question, effort: Effort, output: Output) -> None:
    """Before a catalogue is read, which may take its time."""
    from skypact.ssa.plan import LONGEST_DAYS

    if question.miss and question.volume not in (None, "regime"):
        raise UsageError("say --miss or --volume, not both")
    if effort.verify and "docked" in question.exclude:
        raise UsageError("--verify finds docked pairs too: leave out --exclude docked")
    widest_m = arguments.lengths_m(_miss(question))[-1]
    if widest_m > _MOST_MISS_M:
        raise UsageError(f"--miss must be at most {_MOST_MISS_M / 1e3:.0f}km, not {question.miss}")
    if not 0.0 < question.days <= LONGEST_DAYS:
        most = f"above 0 and at most {LONGEST_DAYS:g}"
        raise UsageError(f"--days must be {most}, not {question.days:g}")
    # Never all objects instead, as an unset variable in a script would have it.
    if not all(map(arguments.listed, question.primary)):
        raise UsageError("--primary names no object")
    for name, number, least in (
        ("--threads", 1 if effort.threads is None else effort.threads, 1),
        ("--verify", effort.verify, 0),
        ("--top", output.top, 0),
    ):
        if number < least:
            raise UsageError(f"{name} must be {least} or more, not {number}")


def _radius_m(output: Output, form: Format) -> float:
    from skypact.ssa.maximum_probability import DEFAULT_RADIUS_M

    if output.radius is None:
        return DEFAULT_RADIUS_M
    if form != "socrates":
        raise UsageError("--radius goes with --format socrates")
    return arguments.length_m(output.radius)
