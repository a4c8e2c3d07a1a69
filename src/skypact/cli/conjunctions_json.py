"""Events for programs: every number with its method, validity, source and age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import numpy as np

from skypact.astro.time import utc_from_tai_ns, utc_text
from skypact.ssa.event_history import what_changed
from skypact.ssa.event_words import seconds_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skypact.ssa.assessment import EventAssessment


def write_events(events: Sequence[EventAssessment], stream: BinaryIO) -> None:
    """One event as a JSON object, several as an array of them, worst first."""
    documents = [document(event) for event in events]
    _write(documents[0] if len(documents) == 1 else documents, stream)


def write_summaries(events: Sequence[EventAssessment], stream: BinaryIO) -> None:
    """A JSON array with one short object per event, worst first."""
    _write([_summary(event) for event in events], stream)


def _write(content: Any, stream: BinaryIO) -> None:
    stream.write(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")


def _summary(event: EventAssessment) -> dict[str, Any]:
    message = event.message
    return {
        "event": event.event.id,
        "aliases": event.event.aliases,
        "objects": event.event.objects,
        "names": [message.primary.name, message.secondary.name],
        "data_mode": event.data_mode,
        "level": event.level.name,
        "collision_probability": event.best.value,
        "method": event.best.method,
        "is_valid": event.best.is_valid,
        "miss_distance_m": event.miss_distance_m,
        "tca_utc": _utc(message.tca_tai_ns),
        "decide_by_utc": _utc(event.advice.commit_by_tai_ns),
        "assessed_at_utc": _utc(event.now_tai_ns),
        "messages": len(event.event.messages),
        "message_id": message.message_id,
        "originator": message.originator,
        "message_age_s": seconds_between(event.now_tai_ns, message.created_tai_ns),
        "source": message.marks.source,
        "markings": event.markings,
        "originators": event.originators,
    }


def document(event: EventAssessment) -> dict[str, Any]:
    """All of one event. Unknown is null; instants are UTC in ISO 8601."""
    row, update_ns = event.event.current_row, event.advice.next_update_tai_ns
    history = event.history
    return {
        **_summary(event),
        "estimates": event.estimates,
        "choice": event.choice,
        "diluted_maximum": event.diluted_maximum,
        "hard_body_radius_m": float(history.hard_body_radius_m[row]),
        "hard_body_radius_source": event.radius_source,
        "concerns": event.concerns,
        "frame": event.frame,
        "depth_in_watched_volume": event.depth_ratio,
        "thresholds": event.thresholds,
        "readiness": event.readiness,
        "next_update_utc": None if update_ns is None else _utc(update_ns),
        "advice": dict(event.advice.paragraphs()),
        "history": [_entry(event, each) for each in range(len(history))],
    }


def _entry(event: EventAssessment, row: int) -> dict[str, Any]:
    (columns,) = event.history[row].rows()
    plain = {name: _plain(value) for name, value in columns.items()}
    return {**plain, "changes": what_changed(event.history, row)}


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return utc_text(value, decimals=9)
    return value.item() if isinstance(value, np.generic) else str(value)


def _utc(tai_ns: int) -> str:
    utc, leap = utc_from_tai_ns(np.array([tai_ns]))
    return utc_text(utc[0], in_leap_second=bool(leap[0]), decimals=3)
