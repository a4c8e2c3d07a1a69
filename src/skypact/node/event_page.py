"""One event as a page that needs nothing else: no script, no other file, ready to print."""

from __future__ import annotations

import math
from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING

from skypact.base.version import __version__
from skypact.node.local_time import utc_and_local
from skypact.records.marks import DataMode
from skypact.ssa.event_history import what_changed
from skypact.ssa.event_words import (
    brief,
    distance_words,
    duration_words,
    probability_words,
    radius_words,
    seconds_between,
    spelt,
    utc_words,
)
from skypact.ssa.events import called

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from skypact.base.svg import Svg
    from skypact.records.assessments import ProbabilityEstimate
    from skypact.records.conjunction_messages import ConjunctionParty
    from skypact.ssa.assessment import EventAssessment
    from skypact.ssa.event_history import EventHistory

_STYLE = """
:root {color-scheme: light dark; --ink: #1c2733; --quiet: #566373; --ground: #fff;
  --line: #dfe4ea; --RED: #b3261e; --UNKNOWN: #6b4ea8; --YELLOW: #8a5a00; --GREEN: #1f6f43}
@media (prefers-color-scheme: dark) {:root {--ink: #e8edf3; --quiet: #a3b0bf;
  --ground: #10161f; --line: #263241}}
@media print {:root {--ink: #1c2733; --quiet: #566373; --ground: #fff; --line: #dfe4ea}}
body {font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; color: var(--ink);
  background: var(--ground); max-width: 50rem; margin: 0 auto; padding: 1rem}
h1 {font-size: 1.5rem; margin: .5rem 0} h2 {font-size: 1.15rem; margin: 2rem 0 .5rem}
.level {display: inline-block; padding: .15rem .7rem; border-radius: .3rem; color: #fff;
  font-weight: 700; print-color-adjust: exact; -webkit-print-color-adjust: exact}
.mode {border: 3px solid currentColor; padding: .3rem .7rem; font-weight: 700}
dd, td, p {overflow-wrap: anywhere}
dt {font-weight: 600; margin-top: .7rem; break-after: avoid} dd {margin: 0}
.quiet {color: var(--quiet); font-size: .875rem}
.scroll {overflow-x: auto}
table {border-collapse: collapse; width: 100%; font-size: .875rem}
th, td {text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line)}
td.n {white-space: nowrap; overflow-wrap: normal; font-variant-numeric: tabular-nums}
.outside .n::after {content: " !"; font-weight: 700}
figure {margin: 1rem 0; break-inside: avoid}
@page {margin: 15mm}
@media print {body {font-size: 11pt; max-width: none; padding: 0} h2 {break-after: avoid}
  tr, dd {break-inside: avoid} .scroll {overflow: visible}}
""".strip()


def event_page(event: EventAssessment) -> str:
    """HTML with advice, every method's probability, pictures, history and provenance.

    Follows the reader's choice of light or dark; prints in light.
    """
    title = f"{_both(event)}: {event.level.name}"
    sections = (
        _head(event),
        _section("What it means", _advice(event)),
        _section("How likely, by method", _estimates(event)),
        _section("Pictures", _pictures(event)),
        _section("What each message said", _history(event)),
        _section("The two objects", _objects(event)),
        _section("Where this comes from", _provenance(event)),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}{_running(event)}</style></head>\n"
        f"<body><main>{''.join(sections)}</main></body></html>\n"
    )


def _section(heading: str, content: str) -> str:
    return f"<section><h2>{escape(heading)}</h2>{content}</section>\n"


def _head(event: EventAssessment) -> str:
    message, mode = event.message, event.data_mode
    banner = "" if mode == DataMode.REAL else f'<p class="mode">{mode}: not the real sky</p>'
    markings = escape("; ".join(event.markings))
    marked = f"<p><strong>{markings}</strong></p>" if markings else ""
    return (
        f"{banner}{marked}<h1>{escape(_both(event))}</h1>"
        f'<p><span class="level" style="background: var(--{event.level.name})">'
        f"{event.level.name}</span> event {escape(event.event.id)}, closest approach "
        f"{escape(utc_and_local(message.tca_tai_ns))}</p>"
        f'<p class="quiet">As of {escape(utc_and_local(event.now_tai_ns))}.</p>'
    )


def _both(event: EventAssessment) -> str:
    return f"{called(event.message.primary)} and {called(event.message.secondary)}"


def _running(event: EventAssessment) -> str:
    """What stands above every printed page: the data mode if not real, and the markings."""
    mode = () if event.data_mode == DataMode.REAL else (f"{event.data_mode}: not the real sky",)
    said = "; ".join((*mode, *event.markings))
    # In a string of CSS any sign may be written by its number, so no marking can end the style.
    spelt = "".join(f"\\{ord(sign):x} " for sign in said)
    font = 'font: 700 10pt system-ui, "DejaVu Sans", sans-serif'
    return f'\n@page {{@top-center {{content: "{spelt}"; {font}}}}}' if said else ""


def _advice(event: EventAssessment) -> str:
    return _pairs(event.advice.paragraphs())


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    items = (f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in pairs)
    return f"<dl>{''.join(items)}</dl>"


def _table(titles: Sequence[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(cells: Iterable[str], *, numbers: int, name: str = "") -> str:
    """A row whose first cells, as many as `numbers` says, are numbers that never wrap."""
    spelt = (
        f'<td class="n">{escape(cell)}</td>' if at < numbers else f"<td>{escape(cell)}</td>"
        for at, cell in enumerate(cells)
    )
    return f'<tr class="{name}">{"".join(spelt)}</tr>'


def _estimates(event: EventAssessment) -> str:
    rows = [
        _row(
            (_value(one), one.method + (" (decides)" if one is event.best else ""), _validity(one)),
            numbers=1,
            name="outside" if one.is_valid is False else "",
        )
        for one in event.estimates
    ]
    limits = event.thresholds
    said = (
        f"One watches from {brief(limits.yellow_probability)} and acts from "
        f"{brief(limits.red_probability)} ({limits.source})."
    )
    outside = any(one.is_valid is False for one in event.estimates)
    legend = " ! marks a number outside its method's validity." if outside else ""
    table = _table(("probability", "method", "does it hold?"), rows)
    why = f"<p>{escape(event.choice[:1].upper() + event.choice[1:])}.</p>" if event.choice else ""
    return f'{table}{why}<p class="quiet">{escape(said + legend)}</p>'


def _value(estimate: ProbabilityEstimate) -> str:
    value = probability_words(estimate.value)
    if estimate.lower_bound is None or estimate.upper_bound is None:
        return value
    lower, upper = probability_words(estimate.lower_bound), probability_words(estimate.upper_bound)
    return f"{value}; {lower} to {upper} (95 %)"


def _validity(estimate: ProbabilityEstimate) -> str:
    if estimate.value is None:
        return f"unknown: {estimate.reason or 'no reason is given'}"
    words = {True: "yes", False: "NO", None: "could not be judged"}[estimate.is_valid]
    failed = [
        f"{check.name}: {check.found}, asked {check.asked} ({check.source})"
        for check in estimate.checks
        if check.is_met is not True
    ]
    return "; ".join([words, *failed, *estimate.notes])


def _pictures(event: EventAssessment) -> str:
    drawn = (
        event.plot.history(), event.plot.encounter_plane(), event.plot.dilution(),
        event.plot.radius(),
    )  # fmt: skip
    method, value = event.best.method.partition(",")[0], event.best.value
    said = ""
    if value is not None and method != "2D-Pc":
        said = (
            f"<p>The curves are of 2D-Pc. The level follows from {escape(method)}: "
            f"{escape(probability_words(value))}.</p>"
        )
    return said + "".join(_figure(picture) for picture in drawn)


def _figure(picture: Svg) -> str:
    return f"<figure>{picture}</figure>"


def _history(event: EventAssessment) -> str:
    history = event.history
    rows = [
        _row(
            (
                f"{duration_words(float(history.time_to_tca_s[at]))} before{_by(event, at)}",
                spelt(float(history.collision_probability[at])) + _doubt(history, at),
                spelt(float(history.stated_probability[at])),
                distance_words(float(history.miss_distance_m[at])),
                distance_words(float(history.covariance_size_m[at])),
                _ratio(float(history.mahalanobis_ratio[at])),
            ),
            numbers=6,
        )
        for at in range(len(history))
    ]
    titles = ("made", "probability", "stated", "miss", "mean sigma", "sigmas apart")
    method = f"Probability by {history.method[0]}; ! where it is not known to hold."
    changes = (
        (
            f"{history.message_id[at]}, {history.originator[at]}",
            "; ".join(what_changed(history, at)),
        )
        for at in range(len(history))
    )
    return f'{_table(titles, rows)}<p class="quiet">{escape(method)}</p>{_pairs(changes)}'


def _by(event: EventAssessment, row: int) -> str:
    return f", {event.history.originator[row]}" if len(event.originators) > 1 else ""


def _doubt(history: EventHistory, row: int) -> str:
    is_known = not math.isnan(history.collision_probability[row])
    return " !" if is_known and not history.is_valid[row] else ""


def _ratio(value: float) -> str:
    return "unknown" if math.isnan(value) else f"{value:.2g}"


def _objects(event: EventAssessment) -> str:
    both = (event.message.primary, event.message.secondary)
    facts = [_facts(party) for party in both]
    rows = [
        _row((name, facts[0][name], facts[1][name]), numbers=0)
        for name in facts[0]
        if facts[0][name] or facts[1][name]
    ]
    return _table(("", called(both[0]), called(both[1])), rows)


def _facts(party: ConjunctionParty) -> dict[str, str]:
    span_s, wanted_s = party.actual_od_span_s, party.recommended_od_span_s
    return {
        "designator": f"{party.designator} ({party.catalog})",
        "international designator": party.international_designator,
        "kind": party.object_type or "",
        "operator": party.operator or "",
        "can manoeuvre": party.maneuverable or "not said",
        "covariance": party.covariance_method or "",
        "mass": "" if party.mass_kg is None else f"{party.mass_kg:g} kg",
        "observations used": ""
        if party.observations_used is None
        else str(party.observations_used),
        "tracks used": _count(party.tracks_used),
        "tracked over": "" if span_s is None else duration_words(span_s),
        "tracking recommended": "" if wanted_s is None else duration_words(wanted_s),
    }


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _provenance(event: EventAssessment) -> str:
    message = event.message
    age_s = seconds_between(event.now_tai_ns, message.created_tai_ns)
    age = f"{duration_words(age_s)} {'before' if age_s >= 0.0 else 'after'} the time of this page"
    row = event.event.current_row
    file = PurePath(message.marks.source).name  # no reader needs to know our folders
    pairs = [
        ("Message", f"{message.message_id} by {message.originator}, from {file}"),
        ("Made", f"{utc_words(message.created_tai_ns)}, {age}"),
        ("Originators of the messages", ", ".join(event.originators)),
        ("Data mode", event.data_mode.value),
        ("Marking", "; ".join(event.markings) or "the messages state none"),
        ("Frame of the states", event.frame),
        ("Size", radius_words(float(event.history.hard_body_radius_m[row]), event.radius_source)),
        ("What is lacking", "; ".join(event.concerns) or "nothing that was looked for"),
        ("Event", event.event.id),
        ("Also called", ", ".join(event.event.aliases) or "nothing else"),
        ("Computed by", f"Skypact {__version__}"),
    ]
    return _pairs(pairs)
