"""What an operator should know and do about one event, in plain words.

`now` is handed in; nothing here has a clock.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from skypact.astro.time import NANOSECONDS
from skypact.base.errors import InputError
from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.coordination import contact, who_manoeuvres
from skypact.ssa.event_words import (
    brief,
    distance_words,
    duration_words,
    probability_words,
    radius_words,
    seconds_between,
    speed_words,
    utc_words,
)
from skypact.ssa.events import called, orbital_period_s
from skypact.ssa.levels import Level, Thresholds, levels
from skypact.ssa.stated_numbers import other_miss, other_probability

if TYPE_CHECKING:
    from collections.abc import Callable

    from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty
    from skypact.ssa.event_history import EventHistory
    from skypact.ssa.events import Event

_HOUR_S = 3600.0
_STALE_S = 3.0 * 86_400.0
_FAR_OUT = 5.0  # sigmas
_AT_CLOSEST = ("2D-Pc", "stated")  # methods that look at the closest approach only


class Readiness(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an operator works: what the times in an advice follow from.

    `manoeuvre_lead_s`: from the decision to the end of the burn, with planning, approval,
    upload and the burn itself. Twelve hours are our assumption; every mission has its own.
    `update_interval_s`: between two messages, where the event's own messages do not tell.

    Source: of eight hours between screenings, Hejduk & Pachura (2017), "Conjunction
    Assessment Screening Volume Sizing and Event Filtering".

    Raises:
        InputError: a time is not above zero.
    """

    manoeuvre_lead_s: float = 12.0 * _HOUR_S
    update_interval_s: float = 8.0 * _HOUR_S

    def __post_init__(self) -> None:
        for name in ("manoeuvre_lead_s", "update_interval_s"):
            if not 0.0 < getattr(self, name) < math.inf:
                raise InputError(f"{name} must be above zero, not {getattr(self, name)}")


class Advice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event in words, each field a sentence or a few, and the instants they name.

    `commit_by_tai_ns` leaves the lead time, and half an orbit of the primary for the burn to act.
    `next_update_tai_ns` is None where no further message is to be expected before the
    closest approach.
    """

    what_to_do: str
    how_bad: str
    how_sure: tuple[str, ...]
    by_when: str
    next_update: str
    who_manoeuvres: str
    contact: str
    commit_by_tai_ns: int
    next_update_tai_ns: int | None

    def paragraphs(self) -> tuple[tuple[str, str], ...]:
        """Heading and text, in the order in which a person asks."""
        return (
            ("What to do", self.what_to_do),
            ("How bad", self.how_bad),
            ("How sure", " ".join(self.how_sure)),
            ("By when", self.by_when),
            ("Next chance to know more", self.next_update),
            ("Who manoeuvres", self.who_manoeuvres),
            ("Contact", self.contact),
        )


class Finding(Struct, frozen=True, kw_only=True):
    """What an assessment found, as far as the words need it.

    `best` is the estimate that the level follows from. `relative_speed_m_s` follows from the
    states (NaN: they do not tell; messages round it). `depth_ratio` is the miss in the
    watched volume (above 1: outside). `diluted_maximum` is the largest probability that a
    smaller covariance would give, where the present one dilutes it; else None.
    """

    level: Level
    best: ProbabilityEstimate
    thresholds: Thresholds
    depth_ratio: float
    diluted_maximum: float | None
    radius_source: str
    relative_speed_m_s: float = math.nan


def advise(
    event: Event,
    history: EventHistory,
    finding: Finding,
    *,
    now_tai_ns: int,
    readiness: Readiness,
    clock: Callable[[int], str] = utc_words,
) -> Advice:
    """Advice on an event for the operator of its current message's primary.

    `history` is the event's, row for row as its messages; the current one's tells the miss.
    `clock` says an instant in words (UTC; a caller who knows the reader adds local time).
    """
    message = event.current
    row = history[event.current_row : event.current_row + 1]
    # A burn moves most for its size half an orbit later: one nearer to the approach hardly helps.
    act_s = 0.5 * orbital_period_s(message.primary)
    commit_ns = message.tca_tai_ns - round((readiness.manoeuvre_lead_s + act_s) * NANOSECONDS)
    interval_s = _interval_s(event, readiness)
    update_ns = _next_update(message, interval_s, now_tai_ns)
    return Advice(
        what_to_do=_what_to_do(finding.level, message, now_tai_ns, commit_ns, update_ns),
        how_bad=_how_bad(finding, message, row, now_tai_ns, clock),
        how_sure=(
            *_how_sure(finding, message, row, now_tai_ns),
            *_other_originators(event, history, finding, now_tai_ns),
        ),
        by_when=_by_when(message, readiness, act_s, commit_ns, now_tai_ns, clock),
        next_update=_next_words(message, update_ns, interval_s, commit_ns, now_tai_ns, clock),
        who_manoeuvres=who_manoeuvres(message),
        contact=contact(message),
        commit_by_tai_ns=commit_ns,
        next_update_tai_ns=update_ns,
    )


def _interval_s(event: Event, readiness: Readiness) -> float:
    """Median time between this originator's messages; the usual one where there is only one."""
    created = sorted(
        one.created_tai_ns for one in event.messages if one.originator == event.current.originator
    )
    gaps_ns = np.diff(np.array(created, np.int64))
    gaps_ns = gaps_ns[gaps_ns > 0]
    return float(np.median(gaps_ns)) / NANOSECONDS if len(gaps_ns) else readiness.update_interval_s


def _next_update(message: ConjunctionMessage, interval_s: float, now_tai_ns: int) -> int | None:
    interval_ns = max(round(interval_s * NANOSECONDS), 1)
    passed = max(0, (now_tai_ns - message.created_tai_ns) // interval_ns)
    expected_ns = message.created_tai_ns + (passed + 1) * interval_ns
    return expected_ns if expected_ns < message.tca_tai_ns else None


def _what_to_do(
    level: Level, message: ConjunctionMessage, now_ns: int, commit_ns: int, update_ns: int | None
) -> str:
    if now_ns >= message.tca_tai_ns:
        return "Nothing more: the closest approach has passed. Check that the spacecraft is well."
    if level == Level.GREEN:
        return "Nothing now. Look again when a new message comes."
    wait = update_ns is not None and update_ns < commit_ns
    if level == Level.YELLOW:
        more = "; a newer message comes in time" if wait else ""
        return f"Watch{more}. No burn is called for yet; know how you would plan one."
    if now_ns >= commit_ns:
        return (
            "Act at once or accept the risk: the usual time to prepare a manoeuvre has run out. "
            "Call the other operator now."
        )
    if level == Level.UNKNOWN:
        return (
            "Find out: ask for covariances or a newer message. Until the probability is known, "
            "treat the approach as dangerous and plan a manoeuvre."
        )
    if wait:
        return "Plan a manoeuvre now; decide with the next message, and no later than told below."
    return "Plan a manoeuvre now and decide: no newer message is expected before you must."


def _how_bad(
    finding: Finding,
    message: ConjunctionMessage,
    row: EventHistory,
    now_ns: int,
    clock: Callable[[int], str],
) -> str:
    probability = finding.best.value
    thresholds = finding.thresholds
    yellow, red = brief(thresholds.yellow_probability), brief(thresholds.red_probability)
    of = f"({thresholds.source})"
    likely = f"The probability of collision is {probability_words(probability)}"
    opening = {
        Level.RED: f"RED. {likely}, at or above the {red} at which one acts {of}.",
        Level.YELLOW: f"YELLOW. {likely}: to be watched, from {yellow} on; one acts at {red} {of}.",
        Level.GREEN: f"GREEN. {likely}, below the {yellow} from which one watches {of}.",
        Level.UNKNOWN: f"UNKNOWN. {_unknown(finding)}",
    }[finding.level]
    return f"{opening} {_pass(finding, message, row, now_ns, clock)}"


def _unknown(finding: Finding) -> str:
    best = finding.best
    why = f": {best.reason}" if best.reason else ""
    said = f"The probability of collision could not be determined{why}."
    if best.value is not None:
        said = (
            f"No method holds here; {best.method} gives {probability_words(best.value)}, which "
            "must not be relied on."
        )
    if math.isnan(finding.depth_ratio):
        return said
    side = "outside" if finding.depth_ratio > 1.0 else "INSIDE"
    return f"{said} The other object passes {side} the watched volume."


def _pass(
    finding: Finding,
    message: ConjunctionMessage,
    row: EventHistory,
    now_ns: int,
    clock: Callable[[int], str],
) -> str:
    computed_m_s = finding.relative_speed_m_s
    parts = (row.miss_radial_m[0], row.miss_transverse_m[0], row.miss_normal_m[0])
    names = ("radial", "along-track", "cross-track")
    components = ", ".join(
        f"{name} {distance_words(float(part))}" for name, part in zip(names, parts, strict=True)
    )
    speed_m_s = message.relative_speed_m_s if math.isnan(computed_m_s) else computed_m_s
    speed = "" if speed_m_s is None else f" at {speed_words(speed_m_s)}"
    where = "" if math.isnan(parts[0]) else f" ({components})"
    verb = "passed" if now_ns >= message.tca_tai_ns else "pass"
    return (
        f"{called(message.primary)} and {called(message.secondary)} {verb} "
        f"{distance_words(float(row.miss_distance_m[0]))} apart{where}{speed} on "
        f"{clock(message.tca_tai_ns)}."
    )


def _how_sure(
    finding: Finding, message: ConjunctionMessage, row: EventHistory, now_tai_ns: int
) -> tuple[str, ...]:
    said = [
        _validity(finding.best),
        other_probability(message, finding.best, finding.radius_source),
        _sigmas(finding.best, row),
        other_miss(message, float(row.miss_distance_m[0])),
    ]
    if finding.diluted_maximum is not None:
        said.append(
            "The positions are known so poorly that this makes the probability look small; with "
            f"better tracking it could rise to {probability_words(finding.diluted_maximum)}."
        )
    age_s = seconds_between(now_tai_ns, message.created_tai_ns)
    is_stale = age_s > _STALE_S and now_tai_ns < message.tca_tai_ns
    stale = ", which is old: ask for a newer one" if is_stale else ""
    ago = f"{duration_words(age_s)} ago" if age_s >= 0.0 else "with a date ahead of now"
    said.append(f"The message was made {ago} by {message.originator}{stale}.")
    said += [words for one in (message.primary, message.secondary) for words in _tracking(one)]
    said.append(f"{radius_words(float(row.hard_body_radius_m[0]), finding.radius_source)}.")
    return tuple(words for words in said if words)


def _other_originators(
    event: Event, history: EventHistory, finding: Finding, now_tai_ns: int
) -> list[str]:
    """What the last message of each other originator gives: the newest of all may be milder."""
    last = {one.originator: row for row, one in enumerate(event.messages)}
    last.pop(event.current.originator)
    said = []
    for originator, row in last.items():
        value = float(history.collision_probability[row])
        left_s = seconds_between(event.messages[row].tca_tai_ns, now_tai_ns)
        level = Level(int(levels(np.array([value]), np.array([left_s]), finding.thresholds)[0]))
        doubt = "" if history.is_valid[row] or math.isnan(value) else ", not known to hold"
        method = str(history.method[row]).partition(",")[0]
        worse = f": {level.name} by itself" if level > finding.level else ""
        said.append(
            f"The last message of {originator} gives {probability_words(value)} "
            f"({method}{doubt}){worse}."
        )
    return said


def _validity(best: ProbabilityEstimate) -> str:
    method = best.method.partition(",")[0]
    if best.value is None:
        return ""
    if best.is_valid:
        return f"The probability comes from {method}, whose conditions hold."
    if best.is_valid is None:
        return f"The probability comes from {best.method}; nobody could judge whether it holds."
    failed = ", ".join(check.name for check in best.checks if check.is_met is False)
    return f"The probability comes from {method} OUTSIDE its validity ({failed or 'see below'})."


def _sigmas(best: ProbabilityEstimate, row: EventHistory) -> str:
    """The miss against its errors, and why both may still go with a high probability."""
    sigmas_m = (row.sigma_radial_m[0], row.sigma_transverse_m[0], row.sigma_normal_m[0])
    if any(map(math.isnan, sigmas_m)):
        return "How well both positions are known is not known."
    along = " / ".join(distance_words(float(sigma_m)) for sigma_m in sigmas_m)
    apart = float(row.mahalanobis_ratio[0])
    if math.isnan(apart):
        return f"One sigma of the relative position is {along}, but the covariance is not sound."
    far = ""
    if apart > _FAR_OUT:
        far = ", more than such errors explain"
        if not best.method.startswith(_AT_CLOSEST):
            far += (
                "; but they stay near each other for long, and the probability is that of all of it"
            )
    return (
        f"One sigma of the relative position is {along} (radial / along / cross). At the closest "
        f"approach they are {apart:.2g} sigmas apart{far}."
    )


def _tracking(party: ConjunctionParty) -> list[str]:
    name = called(party)
    span_s, wanted_s = party.actual_od_span_s, party.recommended_od_span_s
    if party.observations_used is not None and party.observations_used == 0:
        return [f"{name}: no observations were used."]
    if span_s is not None and wanted_s is not None and span_s < 0.5 * wanted_s:
        return [f"{name} was tracked over less than half of the span that is recommended."]
    return []


def _by_when(
    message: ConjunctionMessage,
    readiness: Readiness,
    act_s: float,
    commit_ns: int,
    now_ns: int,
    clock: Callable[[int], str],
) -> str:
    lead = duration_words(readiness.manoeuvre_lead_s)
    why = f"a manoeuvre takes {lead} to prepare, and half an orbit, {duration_words(act_s)}, to act"
    if now_ns >= message.tca_tai_ns:
        ago = duration_words(seconds_between(now_ns, message.tca_tai_ns))
        return f"The closest approach was {ago} ago."
    left = duration_words(seconds_between(message.tca_tai_ns, now_ns))
    if now_ns >= commit_ns:
        late = duration_words(seconds_between(now_ns, commit_ns))
        return (
            f"The go / no-go time, {clock(commit_ns)}, passed {late} ago: {why}. "
            f"The closest approach is in {left}."
        )
    rest = duration_words(seconds_between(commit_ns, now_ns))
    return (
        f"Go / no-go by {clock(commit_ns)}, in {rest}, because {why}. "
        f"The closest approach is in {left}."
    )


def _next_words(
    message: ConjunctionMessage,
    update_ns: int | None,
    interval_s: float,
    commit_ns: int,
    now_ns: int,
    clock: Callable[[int], str],
) -> str:
    if now_ns >= message.tca_tai_ns:
        return "None: it has passed."
    if update_ns is None:
        return "No further message is to be expected before the closest approach."
    every = duration_words(interval_s)
    overdue = seconds_between(now_ns, message.created_tai_ns) > 2.0 * interval_s
    late = " Messages that were due have not come." if overdue else ""
    chances = "after you must decide"
    if update_ns < commit_ns:
        many = int(seconds_between(commit_ns, update_ns) / interval_s) + 1
        chances = f"{many} of them before you must decide"
    return f"About {clock(update_ns)}, if messages keep coming every {every}: {chances}.{late}"
