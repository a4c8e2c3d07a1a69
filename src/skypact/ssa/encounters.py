"""From conjunction messages to the arrays that the probability methods compute on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntFlag
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.frames import CELESTIAL, known_frame, teme_from
from skypact.astro.orientation import NO_EARTH_ORIENTATION
from skypact.astro.time import NANOSECONDS
from skypact.base.errors import InputError
from skypact.records.encounters import Encounters
from skypact.ssa.covariance import (
    CovarianceKind,
    covariance_kinds,
    cross_covariances,
    dcm_inertial_from_rtn,
    is_positive_definite,
    rotated_covariances,
)
from skypact.ssa.hard_body_radius import combined_radius_m

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from skypact.astro.orientation import EarthOrientation
    from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Instants = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

LARGEST_ROUNDING_S = 0.001
"""Messages give TCA in whole milliseconds; a larger correction has another cause."""

_NOWHERE = "no inertial frame"


class Concern(IntFlag):
    """What a row's numbers lack, one bit each. `UNUSABLE` ones leave a probability unknown."""

    COVARIANCE1_UNKNOWN = 1
    COVARIANCE1_ZERO = 2
    COVARIANCE1_DEFAULT = 4
    VELOCITY_COVARIANCE1_UNKNOWN = 8
    COVARIANCE1_NOT_POSITIVE_DEFINITE = 16
    COVARIANCE2_UNKNOWN = 32
    COVARIANCE2_ZERO = 64
    COVARIANCE2_DEFAULT = 128
    VELOCITY_COVARIANCE2_UNKNOWN = 256
    COVARIANCE2_NOT_POSITIVE_DEFINITE = 512
    FRAME_UNKNOWN = 1024
    CENTRE_NOT_EARTH = 2048


UNUSABLE = (
    Concern.COVARIANCE1_UNKNOWN
    | Concern.COVARIANCE1_ZERO
    | Concern.COVARIANCE1_DEFAULT
    | Concern.COVARIANCE2_UNKNOWN
    | Concern.COVARIANCE2_ZERO
    | Concern.COVARIANCE2_DEFAULT
    | Concern.FRAME_UNKNOWN
)

_WORDS = {
    Concern.COVARIANCE1_UNKNOWN: "the primary has no position covariance",
    Concern.COVARIANCE1_ZERO: "the primary's position covariance is zero",
    Concern.COVARIANCE1_DEFAULT: "the primary's covariance is a default that stands for unknown",
    Concern.VELOCITY_COVARIANCE1_UNKNOWN: "the primary has no velocity covariance",
    Concern.COVARIANCE1_NOT_POSITIVE_DEFINITE: "the primary's covariance is not positive definite",
    Concern.COVARIANCE2_UNKNOWN: "the secondary has no position covariance",
    Concern.COVARIANCE2_ZERO: "the secondary's position covariance is zero",
    Concern.COVARIANCE2_DEFAULT: "the secondary's covariance is a default that stands for unknown",
    Concern.VELOCITY_COVARIANCE2_UNKNOWN: "the secondary has no velocity covariance",
    Concern.COVARIANCE2_NOT_POSITIVE_DEFINITE: (
        "the secondary's covariance is not positive definite"
    ),
    Concern.FRAME_UNKNOWN: "the frame of the states is not known",
    Concern.CENTRE_NOT_EARTH: "the states are not about the Earth",
}
_OF_KIND = {
    CovarianceKind.UNKNOWN: Concern.COVARIANCE1_UNKNOWN,
    CovarianceKind.ZERO: Concern.COVARIANCE1_ZERO,
    CovarianceKind.DEFAULT: Concern.COVARIANCE1_DEFAULT,
    CovarianceKind.POSITION_ONLY: Concern.VELOCITY_COVARIANCE1_UNKNOWN,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class MessageEncounters:
    """Messages as encounters, row for row.

    In `encounters` the errors of both objects are independent, as in the figures that
    originators state. `drag_cross_covariances` (n, 6, 6) is what both share where the
    message says how the density forecast moves them, else zero: see `correlated`.
    `concerns` (n,) holds `Concern` bits, `frames` the inertial frame of each row, and
    `radius_sources` where its hard-body radius comes from, in words.
    """

    encounters: Encounters
    drag_cross_covariances: Floats
    concerns: Integers
    frames: tuple[str, ...]
    radius_sources: tuple[str, ...]

    @property
    def correlated(self) -> Encounters:
        """The encounters with the drag errors that both objects share."""
        return replace(self.encounters, cross_covariances=self.drag_cross_covariances)

    def reasons(self, row: int) -> tuple[str, ...]:
        """The row's concerns in words."""
        return reasons_of(int(self.concerns[row]))


def reasons_of(concerns: int) -> tuple[str, ...]:
    """`Concern` bits in words."""
    return tuple(words for concern, words in _WORDS.items() if concerns & concern)


def encounters_of(
    messages: Sequence[ConjunctionMessage],
    *,
    radii_m: Mapping[str, float] | None = None,
    orientation: EarthOrientation = NO_EARTH_ORIENTATION,
) -> MessageEncounters:
    """The states and covariances of conjunction messages, each row in one inertial frame.

    Two states in one celestial frame stay in it; otherwise both go to TEME, Earth-fixed ones
    through `orientation`. Covariances turn from each object's own radial, transverse, normal
    axes. Hard-body radii follow `hard_body_radius.combined_radius_m`.

    Every message gives one row. States in a frame that is not known here are NaN; what else
    is missing is NaN and told in `concerns`.
    """
    tca_tai_ns = np.array([message.tca_tai_ns for message in messages], np.int64)
    primaries = [message.primary for message in messages]
    secondaries = [message.secondary for message in messages]
    frames = tuple(map(_common_frame, primaries, secondaries))
    r1_m, v1_m_s = _states(primaries, frames, tca_tai_ns, orientation)
    r2_m, v2_m_s = _states(secondaries, frames, tca_tai_ns, orientation)
    dcm1, dcm2 = dcm_inertial_from_rtn(r1_m, v1_m_s), dcm_inertial_from_rtn(r2_m, v2_m_s)
    rtn1, rtn2 = _covariances_rtn(primaries), _covariances_rtn(secondaries)
    radii = [combined_radius_m(message, radii_m=radii_m or {}) for message in messages]
    encounters = Encounters(
        tca_tai_ns=tca_tai_ns,
        r1_m=r1_m,
        v1_m_s=v1_m_s,
        r2_m=r2_m,
        v2_m_s=v2_m_s,
        covariances1=rotated_covariances(rtn1, dcm1),
        covariances2=rotated_covariances(rtn2, dcm2),
        cross_covariances=np.zeros((len(messages), 6, 6)),
        hard_body_radius_m=np.array([radius_m for radius_m, _ in radii], np.float64),
    )
    return MessageEncounters(
        encounters=encounters,
        drag_cross_covariances=_cross_covariances(primaries, secondaries, dcm1, dcm2),
        concerns=_concerns(rtn1, rtn2, messages, frames),
        frames=frames,
        radius_sources=tuple(source for _, source in radii),
    )


def _common_frame(primary: ConjunctionParty, secondary: ConjunctionParty) -> str:
    try:
        first, second = known_frame(primary.frame), known_frame(secondary.frame)
    except InputError:
        return _NOWHERE
    return first if first == second and first in CELESTIAL else "TEME"


def _states(
    parties: Sequence[ConjunctionParty],
    frames: Sequence[str],
    tai_ns: Instants,
    orientation: EarthOrientation,
) -> tuple[Floats, Floats]:
    r_m = np.array([party.r_m for party in parties], np.float64).reshape(-1, 3)
    v_m_s = np.array([party.v_m_s for party in parties], np.float64).reshape(-1, 3)
    nowhere = np.array([frame == _NOWHERE for frame in frames], np.bool_)
    r_m[nowhere], v_m_s[nowhere] = np.nan, np.nan
    stated = np.array(
        [
            "" if frame == _NOWHERE else known_frame(party.frame)
            for party, frame in zip(parties, frames, strict=True)
        ]
    )
    moved = stated != np.array(frames)
    for frame in sorted(set(stated[moved & ~nowhere])):
        rows = np.flatnonzero(moved & (stated == frame))
        r_m[rows], v_m_s[rows], _ = teme_from(
            str(frame), tai_ns[rows], r_m[rows], v_m_s[rows], orientation=orientation
        )
    return r_m, v_m_s


def _covariances_rtn(parties: Sequence[ConjunctionParty]) -> Floats:
    unknown = np.full((6, 6), np.nan)
    matrices = [
        unknown if party.covariance_rtn is None else party.covariance_rtn for party in parties
    ]
    return np.array(matrices, np.float64).reshape(-1, 6, 6)


def _cross_covariances(
    primaries: Sequence[ConjunctionParty],
    secondaries: Sequence[ConjunctionParty],
    dcm1: Floats,
    dcm2: Floats,
) -> Floats:
    ratios1, rtn1 = _drag(primaries)
    ratios2, rtn2 = _drag(secondaries)
    return cross_covariances(
        np.stack([ratios1, ratios2], axis=1), _turned(rtn1, dcm1), _turned(rtn2, dcm2)
    )


def _drag(parties: Sequence[ConjunctionParty]) -> tuple[Floats, Floats]:
    """One-sigma errors (n,) of the density, and movements (n, 6) per unit of them."""
    ratios, movements = np.full(len(parties), np.nan), np.full((len(parties), 6), np.nan)
    for row, party in enumerate(parties):
        if party.drag is not None:
            ratios[row] = party.drag.density_ratio
            movements[row] = party.drag.position_rtn_m + party.drag.velocity_rtn_m_s
    return ratios, movements


def _turned(movements_rtn: Floats, dcm: Floats) -> Floats:
    halves = movements_rtn.reshape(-1, 2, 3)
    turned: Floats = np.einsum("nij,nkj->nki", dcm, halves).reshape(-1, 6)
    return turned


def _concerns(
    rtn1: Floats, rtn2: Floats, messages: Sequence[ConjunctionMessage], frames: Sequence[str]
) -> Integers:
    concerns = np.zeros(len(messages), np.int64)
    # The secondary's five bits follow the primary's.
    for covariances, shift in ((rtn1, 0), (rtn2, 5)):
        kinds = covariance_kinds(covariances)
        for kind, concern in _OF_KIND.items():
            concerns[kinds == kind] |= concern << shift
        concerns[_is_broken(covariances, kinds)] |= (
            Concern.COVARIANCE1_NOT_POSITIVE_DEFINITE << shift
        )
    for row, (message, frame) in enumerate(zip(messages, frames, strict=True)):
        if frame == _NOWHERE:
            concerns[row] |= Concern.FRAME_UNKNOWN
        centres = {message.primary.centre.upper(), message.secondary.centre.upper()}
        if centres != {"EARTH"}:
            concerns[row] |= Concern.CENTRE_NOT_EARTH
    return concerns


def _is_broken(covariances: Floats, kinds: Integers) -> Booleans:
    """Whether the known part of each covariance is no covariance at all."""
    whole = (kinds == CovarianceKind.KNOWN) & ~is_positive_definite(covariances)
    part = (kinds == CovarianceKind.POSITION_ONLY) & ~is_positive_definite(covariances[:, :3, :3])
    return np.asarray(whole | part, np.bool_)


def at_closest_approach(encounters: Encounters) -> tuple[Encounters, Floats, Booleans]:
    """The encounters moved along straight lines to their least distance; by how long; if too far.

    Messages round TCA to a millisecond, in which 15 m of a miss can pass. The second result
    (n,) is the time moved in seconds, the third whether it is more than `LARGEST_ROUNDING_S`:
    then the states were not at the TCA that the message names, or they barely move against
    each other and the moment is ill-defined. Without any relative velocity, or with NaN, a
    row stays where it is with a time of NaN. `tca_tai_ns` moves to the nearest nanosecond.
    """
    position_m = encounters.r2_m - encounters.r1_m
    velocity_m_s = encounters.v2_m_s - encounters.v1_m_s
    with np.errstate(invalid="ignore", divide="ignore"):
        moved_s = -(position_m * velocity_m_s).sum(axis=1) / (velocity_m_s**2).sum(axis=1)
    moved_s = np.where(np.isfinite(moved_s), moved_s, np.nan)
    step_s = np.nan_to_num(moved_s)[:, None]
    moved = replace(
        encounters,
        tca_tai_ns=encounters.tca_tai_ns + np.rint(step_s[:, 0] * NANOSECONDS).astype(np.int64),
        r1_m=encounters.r1_m + encounters.v1_m_s * step_s,
        r2_m=encounters.r2_m + encounters.v2_m_s * step_s,
    )
    return moved, moved_s, np.abs(moved_s) > LARGEST_ROUNDING_S
