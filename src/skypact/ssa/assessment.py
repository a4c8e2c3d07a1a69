"""One event assessed: every method's probability with its validity, the level, the advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.orientation import NO_EARTH_ORIENTATION
from skypact.ssa.advice import Advice, Finding, Readiness, advise
from skypact.ssa.dilution import dilution
from skypact.ssa.encounters import UNUSABLE, Concern, at_closest_approach, encounters_of, reasons_of
from skypact.ssa.estimates import estimates_of, level_of
from skypact.ssa.event_history import history_of, one_sided
from skypact.ssa.event_plots import EventPlots
from skypact.ssa.event_words import seconds_between, utc_words
from skypact.ssa.events import called
from skypact.ssa.levels import Level, Thresholds, depths, worst_first
from skypact.ssa.probability import IN_PLANE
from skypact.ssa.validity import planar_validity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from skypact.astro.orientation import EarthOrientation
    from skypact.records.assessments import ProbabilityEstimate
    from skypact.records.conjunction_messages import ConjunctionMessage
    from skypact.records.encounters import Encounters
    from skypact.records.marks import DataMode
    from skypact.ssa.event_history import EventHistory
    from skypact.ssa.events import Event


@dataclass(frozen=True, eq=False, kw_only=True)
class EventAssessment:
    """What is known of one event, what it means, and what to do.

    `estimates` are all methods' probabilities, `best` the one that `level` follows from,
    `choice` says why it is that one.
    `encounter` is the current message as one row at its true closest approach, in `frame`;
    `reasons` say why its probability cannot be computed, `concerns` all that it lacks.
    `diluted_maximum`: the largest 2D-Pc that smaller covariances would give, if that is more
    than the present one. Instants are TAI nanoseconds since 1970.
    """

    event: Event
    history: EventHistory
    encounter: Encounters
    frame: str
    concerns: tuple[str, ...]
    reasons: tuple[str, ...]
    radius_source: str
    estimates: tuple[ProbabilityEstimate, ...]
    best: ProbabilityEstimate
    choice: str
    diluted_maximum: float | None
    level: Level
    depth_ratio: float
    advice: Advice
    thresholds: Thresholds
    readiness: Readiness
    now_tai_ns: int

    @property
    def message(self) -> ConjunctionMessage:
        """The message that was assessed."""
        return self.event.current

    @property
    def data_mode(self) -> DataMode:
        return self.message.marks.data_mode

    @property
    def markings(self) -> tuple[str, ...]:
        """How the event's messages may be used, in their words. None is not the same as public."""
        stated = (message.marks.marking for message in self.event.messages)
        return tuple(dict.fromkeys(marking for marking in stated if marking))

    @property
    def originators(self) -> tuple[str, ...]:
        """Who made the event's messages, by first message."""
        return tuple(dict.fromkeys(message.originator for message in self.event.messages))

    @property
    def miss_distance_m(self) -> float:
        """At the true closest approach of the current message."""
        return float(self.history.miss_distance_m[self.event.current_row])

    @property
    def plot(self) -> EventPlots:
        return EventPlots(self)

    def __repr__(self) -> str:
        return (
            f"<EventAssessment {self.event.id}: {self.level.name}, "
            f"{called(self.message.primary)} and {called(self.message.secondary)}, "
            f"{utc_words(self.message.tca_tai_ns)}>"
        )


def assess(
    event: Event,
    *,
    now_tai_ns: int,
    thresholds: Thresholds = Thresholds(),  # noqa: B008  # frozen
    readiness: Readiness = Readiness(),  # noqa: B008  # frozen
    radii_m: Mapping[str, float] | None = None,
    orientation: EarthOrientation = NO_EARTH_ORIENTATION,
    clock: Callable[[int], str] = utc_words,
    on_progress: Callable[[float], None] | None = None,
) -> EventAssessment:
    """Assess one event from its current message, and tell how it came to that.

    `radii_m` are radii of objects by designator, for messages that state none. `clock` says
    an instant in words. `on_progress` is told the share done of what may take seconds.
    """
    messages, row = one_sided(event), event.current_row
    found = encounters_of(messages, radii_m=radii_m, orientation=orientation)
    moved, _, _ = at_closest_approach(found.encounters)
    usable = found.concerns & UNUSABLE == 0
    judged = usable & (found.concerns & Concern.CENTRE_NOT_EARTH == 0)
    planar = planar_validity(found.encounters)
    history = history_of(
        messages,
        found,
        np.where(usable, planar.probability, np.nan),
        is_valid=planar.is_valid & judged,
        method=IN_PLANE,
    )
    concerns = int(found.concerns[row])
    estimates = estimates_of(event.current, found, row, on_progress=on_progress)
    left_s = seconds_between(event.current.tca_tai_ns, now_tai_ns)
    level = level_of(estimates.best, left_s, thresholds)
    encounter = moved[row : row + 1]
    finding = Finding(
        level=level,
        best=estimates.best,
        thresholds=thresholds,
        depth_ratio=_depth_ratio(history, row, encounter, thresholds),
        diluted_maximum=_diluted_maximum(encounter) if usable[row] else None,
        radius_source=found.radius_sources[row],
        relative_speed_m_s=float(np.linalg.norm(encounter.v2_m_s[0] - encounter.v1_m_s[0])),
    )
    return EventAssessment(
        event=event,
        history=history,
        encounter=encounter,
        frame=found.frames[row],
        concerns=reasons_of(concerns),
        reasons=reasons_of(concerns & UNUSABLE),
        radius_source=finding.radius_source,
        estimates=estimates.every,
        best=estimates.best,
        choice=estimates.reason,
        diluted_maximum=finding.diluted_maximum,
        level=level,
        depth_ratio=finding.depth_ratio,
        advice=advise(
            event, history, finding, now_tai_ns=now_tai_ns, readiness=readiness, clock=clock
        ),
        thresholds=thresholds,
        readiness=readiness,
        now_tai_ns=now_tai_ns,
    )


def in_order(assessed: Sequence[EventAssessment]) -> list[EventAssessment]:
    """Worst first: by level, then by probability or, where it is unknown, by volume and miss.

    Events whose closest approach has passed come after all others: they ask for nothing.
    """
    values = [one.best.value for one in assessed]
    order = worst_first(
        np.array([one.level for one in assessed], np.int64),
        np.array([np.nan if value is None else value for value in values], np.float64),
        np.array([one.depth_ratio for one in assessed], np.float64),
        np.array([one.miss_distance_m for one in assessed], np.float64),
    )
    ordered = [assessed[row] for row in order]
    return sorted(ordered, key=lambda one: one.now_tai_ns >= one.message.tca_tai_ns)


def _depth_ratio(
    history: EventHistory, row: int, encounter: Encounters, thresholds: Thresholds
) -> float:
    miss_m = np.array(
        [[history.miss_radial_m[row], history.miss_transverse_m[row], history.miss_normal_m[row]]]
    )
    return float(depths(miss_m, np.linalg.norm(encounter.r1_m, axis=1), thresholds)[0])


def _diluted_maximum(encounter: Encounters) -> float | None:
    """The largest 2D-Pc of smaller covariances; None where the present one gives the most."""
    found = dilution(encounter)
    return float(found.probability[0]) if found.is_diluted[0] else None
