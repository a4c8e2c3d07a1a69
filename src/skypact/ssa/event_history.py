"""What each message of an event said, in the axes of one object, and what changed between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from skypact.astro.time import NANOSECONDS, utc_from_tai_ns
from skypact.base.table import TEXT
from skypact.records.marks import MarkedTable
from skypact.ssa.covariance import dcm_inertial_from_rtn, joint_covariances
from skypact.ssa.encounters import UNUSABLE, at_closest_approach
from skypact.ssa.event_words import distance_words, probability_words
from skypact.ssa.events import object_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from skypact.records.conjunction_messages import ConjunctionMessage
    from skypact.records.conjunctions import Booleans, Text, Times
    from skypact.ssa.encounters import MessageEncounters
    from skypact.ssa.events import Event

    Floats = npt.NDArray[np.float64]

_SAME_RATIO = 1.05  # changes of less are not told
_SAME_TCA_S = 0.0005


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EventHistory(MarkedTable):
    """One row per message of one event, in order of creation.

    Times are UTC. The miss is secondary minus primary at the closest approach, in the radial,
    transverse and normal axes of the primary, who is the same object in every row; the sigmas
    are those of the joint position covariance along these axes. `covariance_size_m` is the
    radius of the sphere as large as its one-sigma ellipsoid; `mahalanobis_ratio` how many
    sigmas the objects are apart. `collision_probability` was computed by `method` from the
    row's own states, covariances and `hard_body_radius_m`, and `is_valid` says that the method
    is known to hold there; `stated_probability` is what the
    message says itself. NaN is not known.
    """

    created_utc: Times
    tca_utc: Times
    time_to_tca_s: Floats
    originator: Text
    message_id: Text
    source: Text
    miss_distance_m: Floats
    miss_radial_m: Floats
    miss_transverse_m: Floats
    miss_normal_m: Floats
    sigma_radial_m: Floats
    sigma_transverse_m: Floats
    sigma_normal_m: Floats
    covariance_size_m: Floats
    mahalanobis_ratio: Floats
    hard_body_radius_m: Floats
    collision_probability: Floats
    is_valid: Booleans
    method: Text
    stated_probability: Floats
    stated_method: Text


def one_sided(event: Event) -> tuple[ConjunctionMessage, ...]:
    """The event's messages with the current one's primary first in every one.

    A message written for the other operator is turned round; the relative state that it gives
    in words of the other's axes is then left out.
    """
    primary = object_id(event.current.primary)
    return tuple(
        message if object_id(message.primary) == primary else _turned_round(message)
        for message in event.messages
    )


def _turned_round(message: ConjunctionMessage) -> ConjunctionMessage:
    return msgspec.structs.replace(
        message,
        primary=message.secondary,
        secondary=message.primary,
        relative_position_rtn_m=None,
        relative_velocity_rtn_m_s=None,
    )


def history_of(
    messages: Sequence[ConjunctionMessage],
    found: MessageEncounters,
    collision_probability: Floats,
    *,
    is_valid: Booleans,
    method: str,
) -> EventHistory:
    """The history of messages that name the same primary, `found` being their encounters.

    `collision_probability` (n,) was computed from `found` by `method`, `is_valid` (n,) says
    where that is known to hold. Where a state's frame
    is not known the miss is the one that the message states.
    """
    miss_rtn_m, covariance_rtn_m2 = _relative(found)
    stated_rtn_m = _stated_miss_rtn_m(messages)
    unknown = np.isnan(miss_rtn_m).any(axis=1)
    miss_rtn_m[unknown] = stated_rtn_m[unknown]
    distance_m = np.linalg.norm(miss_rtn_m, axis=1)
    stated_m = np.array([message.miss_distance_m for message in messages])
    with np.errstate(invalid="ignore"):  # a covariance that is not one has no sigma
        sigma_m = np.sqrt(np.diagonal(covariance_rtn_m2, axis1=1, axis2=2))
    size_m, mahalanobis = _sizes(miss_rtn_m, covariance_rtn_m2)
    created_ns = np.array([message.created_tai_ns for message in messages], np.int64)
    tca_ns = np.array([message.tca_tai_ns for message in messages], np.int64)
    return EventHistory(
        marks=messages[-1].marks,
        created_utc=utc_from_tai_ns(created_ns)[0],
        tca_utc=utc_from_tai_ns(tca_ns)[0],
        time_to_tca_s=(tca_ns - created_ns) / NANOSECONDS,
        originator=np.array([message.originator for message in messages], TEXT),
        message_id=np.array([message.message_id for message in messages], TEXT),
        source=np.array([message.marks.source for message in messages], TEXT),
        miss_distance_m=np.where(np.isnan(distance_m), stated_m, distance_m),
        miss_radial_m=miss_rtn_m[:, 0].copy(),
        miss_transverse_m=miss_rtn_m[:, 1].copy(),
        miss_normal_m=miss_rtn_m[:, 2].copy(),
        sigma_radial_m=sigma_m[:, 0].copy(),
        sigma_transverse_m=sigma_m[:, 1].copy(),
        sigma_normal_m=sigma_m[:, 2].copy(),
        covariance_size_m=size_m,
        mahalanobis_ratio=mahalanobis,
        hard_body_radius_m=found.encounters.hard_body_radius_m.copy(),
        collision_probability=np.asarray(collision_probability, np.float64).copy(),
        is_valid=np.asarray(is_valid, np.bool_).copy(),
        method=np.full(len(messages), method, TEXT),
        stated_probability=np.array([_or_nan(one.collision_probability) for one in messages]),
        stated_method=np.array(
            [message.collision_probability_method or "" for message in messages], TEXT
        ),
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _relative(found: MessageEncounters) -> tuple[Floats, Floats]:
    """Miss (n, 3) and joint position covariance (n, 3, 3) in the primary's axes."""
    encounters, _, _ = at_closest_approach(found.encounters)
    dcm = dcm_inertial_from_rtn(encounters.r1_m, encounters.v1_m_s)
    miss_m = encounters.r2_m - encounters.r1_m
    joint = joint_covariances(encounters)[:, :3, :3]
    joint = np.where((found.concerns & UNUSABLE != 0)[:, None, None], np.nan, joint)
    in_axes = dcm.transpose(0, 2, 1) @ joint @ dcm
    return np.einsum("nji,nj->ni", dcm, miss_m), in_axes


def _stated_miss_rtn_m(messages: Sequence[ConjunctionMessage]) -> Floats:
    nowhere = (math.nan, math.nan, math.nan)
    return np.array([message.relative_position_rtn_m or nowhere for message in messages])


def _sizes(miss_m: Floats, covariances_m2: Floats) -> tuple[Floats, Floats]:
    """Mean sigma, and sigmas between the objects; NaN where the covariance is no covariance."""
    values, axes = np.linalg.eigh(np.where(np.isfinite(covariances_m2), covariances_m2, 0.0))
    values = np.where((values > 0.0).all(axis=1, keepdims=True), values, np.nan)
    squares = (np.einsum("nji,nj->ni", axes, miss_m) ** 2 / values).sum(axis=1)
    return values.prod(axis=1) ** (1.0 / 6.0), np.sqrt(squares)


def what_changed(history: EventHistory, row: int) -> tuple[str, ...]:
    """What this message says differently from its originator's one before it, in words.

    An originator's first is held against the message before it, whosever that is.
    """
    if row == 0:
        return ("the first message",)
    own = np.flatnonzero(history.originator[:row] == history.originator[row])
    earlier = int(own[-1]) if len(own) else row - 1
    before, after = history[earlier : earlier + 1], history[row : row + 1]
    said = (
        "" if len(own) else f"the first by {after.originator[0]}, after {before.originator[0]}",
        _probability_change(before, after),
        _distance_change("miss", before.miss_distance_m[0], after.miss_distance_m[0]),
        _distance_change(
            "size of the uncertainty", before.covariance_size_m[0], after.covariance_size_m[0]
        ),
        _tca_change(before, after),
    )
    found = tuple(words for words in said if words)
    return found or ("nothing to speak of",)


def _probability_change(before: EventHistory, after: EventHistory) -> str:
    old, new = float(before.collision_probability[0]), float(after.collision_probability[0])
    if math.isnan(old) and math.isnan(new):
        return ""
    spoken = f"probability {probability_words(old)} → {probability_words(new)}"
    if math.isnan(old) or math.isnan(new):
        return spoken
    lower, upper = sorted((old, new))
    return spoken if upper > _SAME_RATIO * lower else ""


def _distance_change(what: str, old_m: float, new_m: float) -> str:
    if math.isnan(old_m) and math.isnan(new_m):
        return ""
    lower_m, upper_m = sorted((old_m, new_m))
    if upper_m <= _SAME_RATIO * lower_m:  # not with NaN: then it is told
        return ""
    return f"{what} {distance_words(old_m)} → {distance_words(new_m)}"


def _tca_change(before: EventHistory, after: EventHistory) -> str:
    moved_s = float((after.tca_utc[0] - before.tca_utc[0]) / np.timedelta64(1, "ns")) / NANOSECONDS
    if abs(moved_s) < _SAME_TCA_S:
        return ""
    return f"closest approach {abs(moved_s):.3f} s {'later' if moved_s > 0.0 else 'earlier'}"
