"""Orbit Parameter Messages: one state of one object, and burns that follow it.

Source: CCSDS 502.0-B-3 (2023), tables 3-1 to 3-3 and 8-3; annex J on earlier versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.formats.ccsds.orbit_blocks import (
    COVARIANCE,
    HEADER,
    SPACECRAFT,
    STATE_VECTOR,
    USER_DEFINED,
    message,
)
from skypact.formats.ccsds.orbit_rules import covariance_is_positive, time_system_is_known
from skypact.formats.ccsds.tables import MessageTable, Section, number, text, time

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Findings, Message

METADATA = (
    text("OBJECT_NAME", required=True),
    text("OBJECT_ID", required=True),
    text("CENTER_NAME", required=True),
    text("REF_FRAME", required=True),
    time("REF_FRAME_EPOCH"),
    text("TIME_SYSTEM", required=True),
)
_KEPLERIAN = Section(
    "keplerianElements",
    (
        number("SEMI_MAJOR_AXIS", "km", required=True),
        number("ECCENTRICITY", required=True, low=0.0),
        number("INCLINATION", "deg", required=True),
        number("RA_OF_ASC_NODE", "deg", required=True),
        number("ARG_OF_PERICENTER", "deg", required=True),
        number("TRUE_ANOMALY", "deg"),
        number("MEAN_ANOMALY", "deg"),
        number("GM", "km**3/s**2", required=True, low=0.0),
    ),
)
_MANEUVER = Section(
    "maneuverParameters",
    (
        time("MAN_EPOCH_IGNITION", required=True),
        number("MAN_DURATION", "s", low=0.0),
        number("MAN_DELTA_MASS", "kg", high=0.0),
        text("MAN_REF_FRAME", required=True),
        number("MAN_DV_1", "km/s", required=True),
        number("MAN_DV_2", "km/s", required=True),
        number("MAN_DV_3", "km/s", required=True),
    ),
    most=None,
)
_DATA = Section(
    "data",
    (
        Section("stateVector", STATE_VECTOR, least=1),
        _KEPLERIAN,
        SPACECRAFT,
        COVARIANCE,
        _MANEUVER,
        USER_DEFINED,
    ),
    least=1,
)
_METADATA = Section("metadata", METADATA, least=1)


def _one_anomaly(message: Message, findings: Findings) -> None:
    """Keplerian elements have a true or a mean anomaly (table 3-3)."""
    for elements in message.root.everywhere("keplerianElements"):
        anomalies = [name for name in ("TRUE_ANOMALY", "MEAN_ANOMALY") if name in elements.fields]
        if len(anomalies) != 1:
            found = " and ".join(anomalies) or "none"
            findings.fault(elements.line, "TRUE_ANOMALY", "a true or a mean anomaly", found)


def _mass_of_burns(message: Message, findings: Findings) -> None:
    """Burns need the mass before them, how long they last and what they use (3.2.4.8, 3.2.4.9)."""
    burns = list(message.root.everywhere("maneuverParameters"))
    masses = [block.text("MASS") for block in message.root.everywhere("spacecraftParameters")]
    if burns and not any(masses):
        findings.warn(burns[0].line, "MASS", "the mass before the first burn", "none")
    for burn in burns:
        for name in ("MAN_DURATION", "MAN_DELTA_MASS"):
            if burn.text(name) is None:
                findings.warn(burn.line, name, "this keyword in each burn", "none of that name")


OPM = MessageTable(
    "opm",
    ("1.0", "2.0", "3.0"),
    message("opm", HEADER, _METADATA, _DATA),
    (_one_anomaly, _mass_of_burns, covariance_is_positive, time_system_is_known),
)
