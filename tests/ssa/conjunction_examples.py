"""Conjunction messages made by hand: two round orbits that cross at right angles."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty
from skypact.records.marks import DataMode, Marks

SECOND_NS = 1_000_000_000
HOUR_NS = 3600 * SECOND_NS
TCA_NS = 1_795_000_000 * SECOND_NS  # 2026-11-18, in TAI
RADIUS_M, SPEED_M_S = 7.0e6, 7546.0  # a round orbit of 5829 s
SIGMA_M = (20.0, 100.0, 20.0)


def round_covariance(sigma_m: tuple[float, float, float] = SIGMA_M) -> tuple[Any, ...]:
    """Diagonal, with the velocities that a metre of the period's length goes with."""
    rate_rad_s = 1.08e-3
    sigmas = (*sigma_m, *(rate_rad_s * one_m for one_m in sigma_m))
    return tuple(
        tuple(sigma**2 if row == column else 0.0 for column in range(6))
        for row, sigma in enumerate(sigmas)
    )


def party(designator: str = "25544", **changed: Any) -> ConjunctionParty:
    usual = ConjunctionParty(
        designator=designator,
        name=f"OBJECT {designator}",
        catalog="SATCAT",
        international_designator="1998-067A",
        frame="EME2000",
        r_m=(RADIUS_M, 0.0, 0.0),
        v_m_s=(0.0, SPEED_M_S, 0.0),
        covariance_rtn=round_covariance(),
    )
    return msgspec.structs.replace(usual, **changed)


def secondary(miss_rtn_m: tuple[float, float, float] = (30.0, 40.0, 40.0), **changed: Any) -> Any:
    """On a polar orbit through the primary's place, moved by a miss (radial, along, across)
    that is at right angles to their relative velocity where the last two are equal."""
    radial_m, along_m, across_m = miss_rtn_m
    usual: dict[str, Any] = {
        "r_m": (RADIUS_M + radial_m, along_m, across_m),
        "v_m_s": (0.0, 0.0, SPEED_M_S),
        "international_designator": "2001-001B",
    }
    return party(**{"designator": "39227", **usual, **changed})


def message(
    name: str = "M1", *, created_h: float = -48.0, tca_s: float = 0.0, **changed: Any
) -> ConjunctionMessage:
    """A message of some hours before the usual TCA, whose own TCA is moved by `tca_s`."""
    miss_m = math.hypot(30.0, 40.0, 40.0)
    usual = ConjunctionMessage(
        message_id=name,
        originator="TEST CENTRE",
        created_tai_ns=TCA_NS + round(created_h * HOUR_NS),
        tca_tai_ns=TCA_NS + round(tca_s * SECOND_NS),
        miss_distance_m=miss_m,
        relative_speed_m_s=SPEED_M_S * math.sqrt(2.0),
        hard_body_radius_m=10.0,
        hard_body_radius_source="COMMENT HBR",
        primary=party(),
        secondary=secondary(),
        marks=Marks(originator="TEST CENTRE", source="by hand", data_mode=DataMode.TEST),
    )
    return msgspec.structs.replace(usual, **changed)
