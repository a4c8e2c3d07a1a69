"""Events for people at a terminal."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from skypact.astro.time import utc_from_tai_ns
from skypact.cli.text import Column, standard_output
from skypact.node.clock import duration
from skypact.records.marks import DataMode
from skypact.ssa.event_history import what_changed
from skypact.ssa.event_words import distance_words, duration_words, seconds_between, spelt
from skypact.ssa.events import called
from skypact.ssa.levels import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from skypact.records.assessments import ProbabilityEstimate
    from skypact.ssa.assessment import EventAssessment

_COLOURS = {
    Level.RED: "bold white on red",
    Level.UNKNOWN: "bold white on magenta",
    Level.YELLOW: "bold black on yellow",
    Level.GREEN: "bold black on green",
}
_NARROWEST = 40
_INDENT = 25


def show_list(events: Sequence[EventAssessment]) -> None:
    """One line per event, in the order given; what its marks mean stands below."""
    import numpy as np

    print(_counted(events))
    warn_of_modes(events)
    if not events:
        return
    tca = utc_from_tai_ns(np.array([one.message.tca_tai_ns for one in events], np.int64))[0]
    columns: list[Column] = [
        ("level", [one.level.name for one in events]),
        ("event", [one.event.id for one in events]),
        ("Pc", [spelt(one.best.value) for one in events]),
        ("by", [short_method(one.best) for one in events]),
        ("miss", [distance_words(one.miss_distance_m) for one in events]),
        ("closest UTC", [str(each.astype("M8[m]")).replace("T", " ") for each in tca]),
        ("decide", [_decide(one) for one in events]),
        ("objects", [_objects(one) for one in events]),
    ]
    show_columns_whole(columns)
    marks = {"!": "outside the method's validity", "?": "validity could not be judged"}
    shown = {short_method(one.best)[-1] for one in events}
    for mark, meaning in marks.items():
        if mark in shown:
            print(f"{mark} {meaning}")
    if all(one.now_tai_ns >= one.message.tca_tai_ns for one in events):
        print(f"all have passed; --now {_first_heard(events[0])} judges as of then")


def _first_heard(event: EventAssessment) -> str:
    """The minute after the event's current message was made."""
    import numpy as np

    minute_ns = 60 * 10**9
    created = utc_from_tai_ns(np.array([event.message.created_tai_ns + minute_ns], np.int64))[0]
    return str(created[0].astype("M8[m]"))


def _counted(events: Sequence[EventAssessment]) -> str:
    if not events:
        return "no conjunction message that can be used"
    parts = [
        f"{number} {level.name}"
        for level in sorted(Level, reverse=True)
        if (number := sum(one.level == level for one in events))
    ]
    noun = "event" if len(events) == 1 else "events"
    return f"{len(events)} {noun}, worst first: {', '.join(parts)}"


def warn_of_modes(events: Sequence[EventAssessment]) -> None:
    for mode in sorted({one.data_mode for one in events} - {DataMode.REAL}):
        standard_output().print(f"[bold reverse] {mode} [/] not the real sky")


def _objects(event: EventAssessment) -> str:
    return f"{called(event.message.primary)} / {called(event.message.secondary)}"


def show_columns_whole(columns: Sequence[Column]) -> None:
    """Columns as wide as they need: a number that is cut is worse than a line that wraps."""
    widths = [max(len(title), *map(len, cells)) for title, cells in columns]
    titles = [title for title, _ in columns]
    for row in (titles, *zip(*(cells for _, cells in columns), strict=True)):
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())


def short_method(estimate: ProbabilityEstimate) -> str:
    """The method in a word; `!` outside its validity, `?` where that could not be judged."""
    if estimate.value is None:
        return "-"
    name = "stated" if estimate.method.startswith("stated") else estimate.method.split(",")[0]
    return name + {True: "", False: "!", None: "?"}[estimate.is_valid]


def _decide(event: EventAssessment) -> str:
    now_ns = event.now_tai_ns
    if now_ns >= event.message.tca_tai_ns:
        return "passed"
    left_s = seconds_between(event.advice.commit_by_tai_ns, now_ns)
    return f"in {duration(left_s)}" if left_s > 0.0 else "too late"


def show_event(event: EventAssessment) -> None:
    """Advice in words, then every method with its value and validity."""
    console = standard_output()
    message = event.message
    console.print(
        f"[{_COLOURS[event.level]}] {event.level.name} [/] "
        f"[bold]{_plain(f'{called(message.primary)} and {called(message.secondary)}')}[/], "
        f"event {event.event.id}"
    )
    warn_of_modes([event])
    for heading, text in event.advice.paragraphs():
        _paragraph(console, heading, text)
    if event.concerns:
        _paragraph(console, "What is lacking", "; ".join(event.concerns) + ".")
    _paragraph(console, "Message", _provenance(event))
    if event.markings:
        _paragraph(console, "Marking", "; ".join(event.markings))
    if event.event.aliases:
        _paragraph(console, "Also called", ", ".join(event.event.aliases))
    print()
    _show_estimates(event)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _paragraph(console: Console, heading: str, text: str) -> None:
    """A heading with its text beside it, on as many lines as the terminal's width asks."""
    margin = " " * (_INDENT + 1)
    lines = textwrap.wrap(
        text,
        width=max(console.width - len(margin), _NARROWEST),
        break_long_words=False,
        break_on_hyphens=False,
    )
    console.print(
        f" [bold]{heading:<{_INDENT}}[/]{_plain(lines[0] if lines else '')}", soft_wrap=True
    )
    for line in lines[1:]:
        console.print(f"{margin}{_plain(line)}", soft_wrap=True)


def _provenance(event: EventAssessment) -> str:
    message = event.message
    of = len(event.event.messages)
    more = f", number {event.event.current_row + 1} of {of}" if of > 1 else ""
    if len(event.originators) > 1:
        more += f" by {', '.join(event.originators)}"
    return f"{message.message_id} by {message.originator}{more}, from {message.marks.source}"


def _show_estimates(event: EventAssessment) -> None:
    """Each method in a row, its failed checks and its reason in lines below it."""
    console = standard_output()
    for estimate in event.estimates:
        chosen = "→" if estimate is event.best else " "
        value = spelt(estimate.value)
        if estimate.lower_bound is not None and estimate.upper_bound is not None:
            value += f" ({spelt(estimate.lower_bound)} to {spelt(estimate.upper_bound)}, 95 %)"
        style = "red" if estimate.is_valid is False else "none"
        console.print(
            f" {chosen} [{style}]{value:>9}[/]  {_plain(estimate.method)}: {validity(estimate)}",
            soft_wrap=True,
        )
        for said in details(estimate):
            console.print(f"                {_plain(said)}", style="dim", soft_wrap=True)
    if event.choice:
        _paragraph(console, "Why that method", f"{event.choice}.")


def validity(estimate: ProbabilityEstimate) -> str:
    """Whether the method holds, in words."""
    if estimate.value is None:
        return f"unknown, {estimate.reason or 'no reason is given'}"
    words = {True: "valid", False: "OUTSIDE its validity", None: "validity not judged"}
    return words[estimate.is_valid]


def details(estimate: ProbabilityEstimate) -> list[str]:
    """Checks that failed or could not be judged, and notes."""
    failed = [
        f"{check.name}: {check.found}, asked {check.asked} ({check.source})"
        for check in estimate.checks
        if check.is_met is not True
    ]
    return [*failed, *estimate.notes]


def show_history(event: EventAssessment) -> None:
    """One row per message, and what each changed."""
    history = event.history
    rows = range(len(history))
    print(f"\nmessages, oldest first; Pc by {history.method[0]}, ! where not known to hold")
    columns: list[Column] = [
        *([("by", list(map(str, history.originator)))] if len(event.originators) > 1 else []),
        ("before TCA", [duration_words(float(history.time_to_tca_s[row])) for row in rows]),
        ("Pc", [_computed(event, row) for row in rows]),
        ("stated", [_value(float(history.stated_probability[row])) for row in rows]),
        ("miss", [distance_words(float(history.miss_distance_m[row])) for row in rows]),
        ("radial", [_with_sigma(event, "radial", row) for row in rows]),
        ("along", [_with_sigma(event, "transverse", row) for row in rows]),
        ("cross", [_with_sigma(event, "normal", row) for row in rows]),
        ("sigmas", [_number(float(history.mahalanobis_ratio[row])) for row in rows]),
    ]
    show_columns_whole(columns)
    print("\nwhat changed")
    for row in rows:
        name = f"{history.message_id[row]} ({history.originator[row]})"
        print(f"  {name}: {'; '.join(what_changed(history, row))}")


def _computed(event: EventAssessment, row: int) -> str:
    value = float(event.history.collision_probability[row])
    mark = "" if event.history.is_valid[row] or math.isnan(value) else "!"
    return f"{_value(value)}{mark}"


def _value(value: float) -> str:
    return "unknown" if math.isnan(value) else spelt(value)


def _number(value: float) -> str:
    return "unknown" if math.isnan(value) else f"{value:.2g}"


def _with_sigma(event: EventAssessment, axis: str, row: int) -> str:
    miss_m = float(getattr(event.history, f"miss_{axis}_m")[row])
    sigma_m = float(getattr(event.history, f"sigma_{axis}_m")[row])
    sigma = "?" if math.isnan(sigma_m) else distance_words(sigma_m)
    return f"{distance_words(miss_m)} ± {sigma}"
