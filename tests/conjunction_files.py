"""Conjunction messages made by hand, written as an operator gets them by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.time import utc_from_tai_ns

if TYPE_CHECKING:
    from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty

_AXES = ("R", "T", "N", "RDOT", "TDOT", "NDOT")
_UNITS = ("m**2", "m**2/s", "m**2/s**2")


def kvn(message: ConjunctionMessage) -> str:
    """The message in keyword = value notation, version 1.0 of the standard."""
    lines = [
        "CCSDS_CDM_VERS = 1.0",
        f"CREATION_DATE = {_utc(message.created_tai_ns)}",
        f"ORIGINATOR = {message.originator}",
        f"MESSAGE_ID = {message.message_id}",
        f"TCA = {_utc(message.tca_tai_ns)}",
        f"MISS_DISTANCE = {message.miss_distance_m!r} [m]",
        f"RELATIVE_SPEED = {message.relative_speed_m_s!r} [m/s]",
    ]
    if message.collision_probability is not None:
        lines.append(f"COLLISION_PROBABILITY = {message.collision_probability!r}")
        lines.append("COLLISION_PROBABILITY_METHOD = FOSTER-1992")
    if message.hard_body_radius_m is not None:
        lines.append(f"COMMENT HBR = {message.hard_body_radius_m} [m]")
    for number, party in enumerate((message.primary, message.secondary), start=1):
        lines += _party(number, party)
    return "\n".join(lines) + "\n"


def _utc(tai_ns: int) -> str:
    return str(utc_from_tai_ns(np.array([tai_ns]))[0][0].astype("M8[ms]"))


def _party(number: int, party: ConjunctionParty) -> list[str]:
    lines = [
        f"OBJECT = OBJECT{number}",
        f"OBJECT_DESIGNATOR = {party.designator}",
        f"CATALOG_NAME = {party.catalog}",
        f"OBJECT_NAME = {party.name}",
        f"INTERNATIONAL_DESIGNATOR = {party.international_designator}",
        "EPHEMERIS_NAME = NONE",
        "COVARIANCE_METHOD = CALCULATED",
        f"MANEUVERABLE = {party.maneuverable or 'N/A'}",
        f"REF_FRAME = {party.frame}",
    ]
    states = zip("XYZ", party.r_m, party.v_m_s, strict=True)
    states = list(states)
    lines += [f"{axis} = {r_m / 1e3!r} [km]" for axis, r_m, _ in states]
    lines += [f"{axis}_DOT = {v_m_s / 1e3!r} [km/s]" for axis, _, v_m_s in states]
    # The standard wants numbers: who knows none writes zeros, as real messages do.
    matrix = party.covariance_rtn or ((0.0,) * 6,) * 6
    for row, axis in enumerate(_AXES):
        for column in range(row + 1):
            unit = _UNITS[(row > 2) + (column > 2)]
            lines.append(f"C{axis}_{_AXES[column]} = {matrix[row][column]!r} [{unit}]")
    return lines
