"""One conjunction to be avoided: both states at closest approach, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.orientation import NO_EARTH_ORIENTATION
from skypact.base.errors import InputError
from skypact.ssa.avoidance_paths import gcrf_from
from skypact.ssa.covariance import dcm_inertial_from_rtn
from skypact.ssa.encounters import UNUSABLE, encounters_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from skypact.astro.orientation import EarthOrientation
    from skypact.records.conjunction_messages import ConjunctionMessage
    from skypact.records.encounters import Encounters
    from skypact.records.marks import Marks

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Threat:
    """The primary can burn; the secondary is what it must avoid.

    States (6,) are in GCRF at `tca_tai_ns`; covariances (6, 6) in each object's own radial,
    transverse, normal axes, NaN where unknown. Catalogue numbers are -1 where there is none.
    """

    tca_tai_ns: int
    primary_norad_id: int
    secondary_norad_id: int
    primary_name: str
    secondary_name: str
    primary_object_id: str
    state1_gcrf: Floats
    state2_gcrf: Floats
    covariance1_rtn: Floats
    covariance2_rtn: Floats
    cross_covariance_rtn: Floats
    hard_body_radius_m: float
    marks: Marks


def threat_of_message(
    message: ConjunctionMessage,
    *,
    radii_m: Mapping[str, float] | None = None,
    orientation: EarthOrientation = NO_EARTH_ORIENTATION,
) -> Threat:
    """The threat that a conjunction message tells of; OBJECT1 is the one that can burn.

    Covariances that are zero or a default for unknown count as unknown.

    Raises:
        InputError: the states are in no frame that is known here.
    """
    told = encounters_of([message], radii_m=radii_m, orientation=orientation)
    encounters, frame = told.encounters, told.frames[0]
    if not np.isfinite(encounters.r1_m).all():
        raise InputError(f"{message.message_id}: {'; '.join(told.reasons(0))}")
    primary, secondary = message.primary, message.secondary
    return threat_of_encounter(
        encounters if not told.concerns[0] & UNUSABLE else _unsure(encounters),
        frame=frame,
        norad_ids=(_number(primary.designator), _number(secondary.designator)),
        names=(primary.name, secondary.name),
        object_id=primary.international_designator,
        marks=message.marks,
    )


def threat_of_encounter(
    encounters: Encounters,
    *,
    frame: str,
    norad_ids: tuple[int, int],
    names: tuple[str, str],
    object_id: str,
    marks: Marks,
) -> Threat:
    """The threat of one encounter (a row by itself), whose states and matrices are in `frame`.

    Raises:
        InputError: not one row, or a frame that is not known here.
    """
    if len(encounters) != 1:
        raise InputError(f"a threat is one encounter, not {len(encounters)}")
    tca_tai_ns = int(encounters.tca_tai_ns[0])
    to_rtn1 = _to_rtn(encounters.r1_m, encounters.v1_m_s)
    to_rtn2 = _to_rtn(encounters.r2_m, encounters.v2_m_s)
    state1 = np.concatenate([encounters.r1_m[0], encounters.v1_m_s[0]])
    state2 = np.concatenate([encounters.r2_m[0], encounters.v2_m_s[0]])
    return Threat(
        tca_tai_ns=tca_tai_ns,
        primary_norad_id=norad_ids[0],
        secondary_norad_id=norad_ids[1],
        primary_name=names[0],
        secondary_name=names[1],
        primary_object_id=object_id,
        state1_gcrf=gcrf_from(frame, tca_tai_ns, state1),
        state2_gcrf=gcrf_from(frame, tca_tai_ns, state2),
        covariance1_rtn=_turned(encounters.covariances1[0], to_rtn1, to_rtn1),
        covariance2_rtn=_turned(encounters.covariances2[0], to_rtn2, to_rtn2),
        cross_covariance_rtn=_turned(encounters.cross_covariances[0], to_rtn1, to_rtn2),
        hard_body_radius_m=float(encounters.hard_body_radius_m[0]),
        marks=marks,
    )


def _to_rtn(r_m: Floats, v_m_s: Floats) -> Floats:
    turn: Floats = dcm_inertial_from_rtn(r_m, v_m_s)[0].T
    return turn


def _turned(matrix: Floats, first: Floats, second: Floats) -> Floats:
    """Block by block, so that an unknown velocity leaves the position known."""
    turned = np.empty((6, 6))
    for rows in (slice(0, 3), slice(3, 6)):
        for columns in (slice(0, 3), slice(3, 6)):
            turned[rows, columns] = first @ matrix[rows, columns] @ second.T
    return turned


def _unsure(encounters: Encounters) -> Encounters:
    unknown = np.full((1, 6, 6), np.nan)
    return replace(encounters, covariances1=unknown, covariances2=unknown)


def _number(designator: str) -> int:
    plain = designator.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 9 else -1
