"""`skypact conjunctions plan`: which small burn settles an event."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from skypact.base.errors import InputError
from skypact.cli import arguments
from skypact.cli.arguments import UsageError
from skypact.cli.conjunctions_input import Judging, pick_named
from skypact.cli.results import Format, settle, write_table, writing
from skypact.cli.say import count, note, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.formats.ccsds.writing import Notation
    from skypact.records.elements import Elements
    from skypact.ssa.assessment import EventAssessment
    from skypact.ssa.avoidance import Avoidance
    from skypact.ssa.burns import Constraints
    from skypact.ssa.trade_space import Option, TradeSpace


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Burning:
    """Which burns are tried, and when one is enough."""

    catalogue: Annotated[
        str,
        Parameter(help="Element sets of all other objects: a file, celestrak:active, exercise."),
    ]
    speeds: Annotated[
        str, Parameter(help="Changes of speed to try, in m/s, along every axis and both ways.")
    ] = "0.01,0.03,0.1"
    goal: Annotated[
        float, Parameter(help="A burn is enough if it brings the probability down to this.")
    ] = 1e-6
    goal_miss: Annotated[
        str, Parameter(help="Where the probability is unknown: the least miss that is enough.")
    ] = "5km"
    blackout: Annotated[
        tuple[str, ...],
        Parameter(help="No burn from START/END, UTC in ISO 8601; may be repeated."),
    ] = ()
    budget: Annotated[
        float | None, Parameter(help="No burn of more than this change of speed, in m/s.")
    ] = None
    cone: Annotated[
        str | None,
        Parameter(
            help="Burns only within an angle of a direction: radial,transverse,normal,degrees."
        ),
    ] = None
    options: Annotated[int, Parameter(help="How many burns the list has.")] = 5


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Handing:
    """What is written for the partner."""

    oem: Annotated[
        Path | None,
        Parameter(help="Write the path of the chosen option as an OEM (.xml, .json or KVN)."),
    ] = None
    opm: Annotated[
        Path | None,
        Parameter(help="Write the burn of the chosen option as an OPM (.xml, .json or KVN)."),
    ] = None
    choose: Annotated[int, Parameter(help="Which option of the list these are of.")] = 1


_NARROWEST = 40  # of a reason, in characters
_USUAL, _NOTHING = Judging(), Handing()


def plan(
    *event_and_files: arguments.Name,
    burning: Burning,
    judging: Judging = _USUAL,
    handing: Handing = _NOTHING,
    format: Format | None = None,
    output: Annotated[
        Path | None,
        Parameter(
            name=("--output", "-o"),
            help="All burns as .csv, .json, .jsonl or .parquet, or their picture as .svg.",
        ),
    ] = None,
) -> int:
    """Find the small burn that settles an event without making another.

    EVENT-AND-FILES as for `show`. Every burn is followed for three days and held against all
    objects of the catalogue. To do nothing is always among the options. Where the list says
    what settles it, `--oem` and `--opm` write it for the partner.
    """
    from skypact.cli.screening import load
    from skypact.node.avoidance_plans import plan as try_burns
    from skypact.node.avoidance_plans import usual_times
    from skypact.ssa.trade_space import ranked

    is_picture = format is None and output is not None and output.suffix == ".svg"
    form: Format = "table" if is_picture else settle(format, output)
    if form == "socrates":
        raise UsageError("socrates is a form of close approaches, not of burns")
    speeds_m_s, limits = _speeds_m_s(burning.speeds), constraints(burning)
    goal_miss_m = arguments.length_m(burning.goal_miss)
    _refuse_handing(handing)
    event, _ = pick_named(event_and_files, judging)
    usual_times(event)  # refuses what is too late, before a catalogue is read
    elements = load(burning.catalogue, strict=False, quiet=judging.quiet)
    warn_of_age(elements, event.message.tca_tai_ns)
    if not judging.quiet:
        note("trying burns; against a whole catalogue that takes a minute or two")
    with progress("Trying burns", quiet=judging.quiet) as advance:
        found = try_burns(
            event, elements, speeds_m_s=speeds_m_s, constraints=limits, on_progress=advance
        )
    listed = ranked(
        found.space,
        goal_probability=burning.goal,
        goal_miss_m=goal_miss_m,
        limit=burning.options,
    )
    if is_picture and output is not None:
        picture = event.plot.trade_space(
            found.space, goal_probability=burning.goal, goal_miss_m=goal_miss_m
        )
        with writing(output) as stream:
            stream.write(str(picture).encode())
    elif form != "table":
        write_table(found.space, form, output)
    if form == "table":
        show_options(event, found, listed)
    hand_over(event, found, listed, handing)
    return 0


def _speeds_m_s(text: str) -> tuple[float, ...]:
    try:
        speeds = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"expected speeds in m/s such as 0.01,0.1, found {text!r}") from None
    if not all(0.0 < speed < float("inf") for speed in speeds):
        raise UsageError(f"speeds must be above zero, not {text}")
    return speeds


def constraints(burning: Burning) -> Constraints:
    """What a burn must obey, from the command line.

    Raises:
        UsageError: a span, a budget or a cone that makes no sense.
    """
    import math

    from skypact.ssa.burns import Cone, Constraints

    cones: tuple[Cone, ...] = ()
    if burning.cone is not None:
        try:
            radial, transverse, normal, degrees = map(float, burning.cone.split(","))
            cones = (
                Cone(axis_rtn=(radial, transverse, normal), half_angle_rad=math.radians(degrees)),
            )
        except (ValueError, InputError):
            raise UsageError(
                "expected of --cone a direction (radial,transverse,normal) and an angle of 0 to "
                f"180 degrees, such as 0,1,0,30, found {burning.cone!r}"
            ) from None
    if burning.budget is not None and not burning.budget > 0.0:
        raise UsageError(f"--budget must be above zero, not {burning.budget}")
    return Constraints(
        blackouts_tai_ns=tuple(map(_span, burning.blackout)),
        largest_speed_m_s=math.inf if burning.budget is None else burning.budget,
        cones=cones,
    )


def _span(text: str) -> tuple[int, int]:
    import numpy as np

    from skypact.astro.time import tai_ns_from_utc

    start, _, end = text.partition("/")
    first_ns, last_ns = (
        int(tai_ns_from_utc(np.array([arguments.start_utc(one)]))[0]) for one in (start, end)
    )
    if last_ns < first_ns:
        raise UsageError(f"a blackout must end after it starts, not {text}")
    return first_ns, last_ns


def warn_of_age(elements: Elements, tca_tai_ns: int) -> None:
    """Of element sets so far from the approach that they do not tell whom a burn meets."""
    from skypact.node.avoidance_plans import TOO_OLD_S
    from skypact.ssa.avoidance_others import median_age_s
    from skypact.ssa.trade_space import OLD_S

    age_s = median_age_s(elements, tca_tai_ns)
    if OLD_S < age_s <= TOO_OLD_S:  # beyond that the plan is refused
        note(
            f"WARNING: half of the element sets are {age_s / 86_400.0:,.0f} days or more from the "
            "closest approach: whom a burn meets cannot be told from them"
        )


def _refuse_handing(handing: Handing) -> None:
    """Before minutes of computing, not after."""
    if handing.choose < 1:
        raise UsageError(f"--choose counts the options of the list from 1, not {handing.choose}")
    for file in (handing.oem, handing.opm):
        if file is not None and not file.parent.is_dir():
            raise InputError(f"cannot write {file}: there is no directory {file.parent}")


def hand_over(
    event: EventAssessment, found: Avoidance, listed: Sequence[Option], handing: Handing
) -> None:
    """The chosen option as messages.

    Raises:
        InputError: there is no such option, or an OPM is wanted of doing nothing.
    """
    from skypact.formats.ccsds.orbit_writing import write_oem, write_opm
    from skypact.node.conjunctions import now_tai_ns

    if handing.oem is None and handing.opm is None:
        return
    if handing.choose > len(listed):
        raise InputError(f"the list has {count(len(listed), 'option')}, not {handing.choose}")
    row = listed[handing.choose - 1].row
    created_tai_ns = now_tai_ns()
    if handing.oem is not None:
        with writing(handing.oem) as stream:
            stream.write(
                write_oem(
                    found.ephemeris(row),
                    created_tai_ns=created_tai_ns,
                    notation=_notation(handing.oem),
                )
            )
    if handing.opm is not None:
        if row == 0:
            raise InputError(
                f"option {handing.choose} is to do nothing: there is no burn for --opm"
            )
        with writing(handing.opm) as stream:
            stream.write(
                write_opm(
                    found.manoeuvre(row),
                    created_tai_ns=created_tai_ns,
                    mass_kg=event.message.primary.mass_kg,
                    notation=_notation(handing.opm),
                )
            )


def _notation(file: Path) -> Notation:
    ending = file.suffix.lower()
    return "xml" if ending == ".xml" else "json" if ending == ".json" else "kvn"


def show_options(event: EventAssessment, found: Avoidance, listed: Sequence[Option]) -> None:
    """The ranked options, best first, each with its reason."""
    from skypact.cli.conjunctions_text import warn_of_modes
    from skypact.cli.text import standard_output

    space = found.space
    message = event.message
    print(f"{event.level.name} {message.primary.name} and {message.secondary.name}, "
          f"event {event.event.id}")  # fmt: skip
    warn_of_modes([event])
    refused = int((space.status == "REFUSED").sum())
    width = standard_output().width
    _wrapped(
        f"{count(len(space) - 1, 'burn')} tried, {refused} refused by a constraint; Pc is 2D-Pc; "
        f"other objects judged by {space.others_judged_by[0]}",
        width,
    )
    _wrapped(
        "First what settles it, the cheapest leading; then fewest others inside, then the lowest "
        "probability; of each burn time the best. Decide by: the burn less the time to prepare.",
        width,
    )
    _show_burns(event, space, listed, width)


def _show_burns(
    event: EventAssessment, space: TradeSpace, listed: Sequence[Option], width: int
) -> None:
    """When, by when to decide, in which direction; the reason below."""
    import numpy as np

    from skypact.astro.time import NANOSECONDS, utc_from_tai_ns

    lead = np.timedelta64(round(event.readiness.manoeuvre_lead_s * NANOSECONDS), "ns")
    now_utc = utc_from_tai_ns(np.array([event.now_tai_ns]))[0][0]
    titles = ("", "burn UTC", "decide by UTC", "radial", "along", "cross m/s")
    cells: list[tuple[str, ...]] = [titles]
    for number, option in enumerate(listed, start=1):
        row = option.row
        burn_utc = space.burn_utc[row]
        decide = "passed" if burn_utc - lead < now_utc else _when(burn_utc - lead)
        dv = (space.dv_radial_m_s[row], space.dv_transverse_m_s[row], space.dv_normal_m_s[row])
        cells.append((str(number), _when(burn_utc), decide, *map(_speed, dv)))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    reasons = ("", *(option.reason for option in listed))
    for line, reason in zip(cells, reasons, strict=True):
        print("  ".join(map(str.ljust, line, widths)).rstrip())
        if reason:
            _wrapped(reason, width, margin=" " * (widths[0] + 2))


def _wrapped(text: str, width: int, *, margin: str = "") -> None:
    import textwrap

    print(
        textwrap.fill(
            text, max(width, _NARROWEST), initial_indent=margin, subsequent_indent=margin,
            break_long_words=False, break_on_hyphens=False,
        )
    )  # fmt: skip


def _when(burn_utc: object) -> str:
    text = str(burn_utc)
    return "-" if text == "NaT" else text[:19].replace("T", " ")


def _speed(speed_m_s: float) -> str:
    return f"{speed_m_s:+.3f}" if speed_m_s else "0"
