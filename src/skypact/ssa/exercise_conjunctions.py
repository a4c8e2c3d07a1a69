"""Conjunction messages about objects that do not exist: one event, from first word to decision."""

from __future__ import annotations

import math

import numpy as np

from skypact.astro.sgp4_constants import EARTH_GM_M3_S2
from skypact.astro.time import NANOSECONDS, tai_ns_from_utc
from skypact.records.conjunction_messages import (
    ConjunctionMessage,
    ConjunctionParty,
    Matrix,
    Vector,
)
from skypact.records.marks import DataMode, Marks

EXERCISE_TCA_UTC = np.datetime64("2026-11-23T04:17:42.318", "ns")
_ORIGINATOR = "EXERCISE CENTRE"
_RADIUS_M = 6_878_137.0
_HOUR_NS = 3600 * NANOSECONDS

# Hours before the closest approach; miss, radial and along both tracks; factor on the sigmas.
_STORY = (
    (66.0, (210.0, -420.0), 1.0),
    (58.0, (160.0, -260.0), 0.7),
    (50.0, (95.0, -180.0), 0.5),
    (42.0, (70.0, -120.0), 0.36),
    (34.0, (62.0, -95.0), 0.3),
)
_OURS_SIGMA_M, _THEIRS_SIGMA_M = (12.0, 90.0, 10.0), (130.0, 1_900.0, 95.0)


def exercise_conjunctions() -> tuple[ConjunctionMessage, ...]:
    """Five messages on one approach of an invented satellite to an invented fragment.

    Marked EXERCISE. Miss and covariance shrink from message to message; the probability rises.
    """
    tca_tai_ns = int(tai_ns_from_utc(np.array([EXERCISE_TCA_UTC]))[0])
    return tuple(
        _message(number, tca_tai_ns, hours, miss_m, sigma_ratio)
        for number, (hours, miss_m, sigma_ratio) in enumerate(_STORY, start=1)
    )


def _message(
    number: int, tca_tai_ns: int, hours: float, miss_m: tuple[float, float], sigma_ratio: float
) -> ConjunctionMessage:
    """Two round orbits that cross at right angles; the miss lies across the relative motion."""
    speed_m_s = math.sqrt(EARTH_GM_M3_S2 / _RADIUS_M)
    radial_m, along_m = miss_m
    ours = _party("900009001", "EXERCISE SENTINEL", (_RADIUS_M, 0.0, 0.0), (0.0, speed_m_s, 0.0),
                  _covariance(_OURS_SIGMA_M, 1.0))  # fmt: skip
    theirs = _party("900009002", "EXERCISE DEB", (_RADIUS_M + radial_m, along_m, along_m),
                    (0.0, 0.0, speed_m_s), _covariance(_THEIRS_SIGMA_M, sigma_ratio))  # fmt: skip
    return ConjunctionMessage(
        message_id=f"EXERCISE-{number}",
        originator=_ORIGINATOR,
        created_tai_ns=tca_tai_ns - round(hours * _HOUR_NS),
        tca_tai_ns=tca_tai_ns,
        miss_distance_m=math.hypot(radial_m, along_m, along_m),
        relative_speed_m_s=math.sqrt(2.0) * speed_m_s,
        hard_body_radius_m=8.0,
        hard_body_radius_source="the exercise",
        primary=ours,
        secondary=theirs,
        marks=Marks(originator=_ORIGINATOR, source="exercise", data_mode=DataMode.EXERCISE),
    )


def _party(
    designator: str, name: str, r_m: Vector, v_m_s: Vector, covariance: Matrix
) -> ConjunctionParty:
    is_debris = name.endswith("DEB")
    return ConjunctionParty(
        designator=designator,
        name=name,
        catalog="EXERCISE",
        international_designator="2026-900A",
        object_type="DEBRIS" if is_debris else "PAYLOAD",
        operator=None if is_debris else "EXERCISE AGENCY",
        maneuverable="NO" if is_debris else "YES",
        frame="EME2000",
        r_m=r_m,
        v_m_s=v_m_s,
        covariance_rtn=covariance,
    )


def _covariance(sigma_m: tuple[float, float, float], ratio: float) -> Matrix:
    """Uncorrelated; a position's error goes with that of the velocity by the orbit's rate."""
    rate_rad_s = math.sqrt(EARTH_GM_M3_S2 / _RADIUS_M**3)
    sigmas = [ratio * one_m for one_m in sigma_m]
    # Along-track error is an error of the radial velocity, and the other way round.
    sigmas += [rate_rad_s * sigmas[1], rate_rad_s * sigmas[0], rate_rad_s * sigmas[2]]
    diagonal = np.diag(np.array(sigmas) ** 2)
    diagonal[0, 4] = diagonal[4, 0] = -0.9 * sigmas[0] * sigmas[4]
    diagonal[1, 3] = diagonal[3, 1] = -0.9 * sigmas[1] * sigmas[3]
    return tuple(tuple(row) for row in diagonal.tolist())
