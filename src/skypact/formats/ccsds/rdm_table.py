"""Re-entry Data Messages: when and where an object comes down.

Source: CCSDS 508.1-B-1 (2019, corrigendum 1 of 2021), tables 3-1 to 3-3 and 4-1.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from skypact.formats.ccsds.orbit_blocks import (
    COVARIANCE,
    DETERMINATION,
    STATE_VECTOR,
    USER_DEFINED,
    message,
)
from skypact.formats.ccsds.orbit_rules import covariance_is_positive, time_system_is_known
from skypact.formats.ccsds.tables import (
    Keyword,
    MessageTable,
    Section,
    choice,
    number,
    text,
    time,
)

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Block, Findings, Message

_INTERVALS = ("IMPACT_1", "IMPACT_2", "IMPACT_3")
_EDGES = ("CONFIDENCE", "START_LON", "START_LAT", "STOP_LON", "STOP_LAT", "CROSS_TRACK")
_PROBABILITIES = ("IMPACT", "BURN_UP", "BREAK_UP", "LAND_IMPACT", "CASUALTY")


def _longitude(name: str) -> Keyword:
    return number(name, "deg", low=-180.0, high=180.0)


def _latitude(name: str) -> Keyword:
    return number(name, "deg", low=-90.0, high=90.0)


def _interval(name: str) -> tuple[Keyword, ...]:
    return (
        number(f"{name}_CONFIDENCE", "%", low=0.0, high=100.0),
        _longitude(f"{name}_START_LON"),
        _latitude(f"{name}_START_LAT"),
        _longitude(f"{name}_STOP_LON"),
        _latitude(f"{name}_STOP_LAT"),
        number(f"{name}_CROSS_TRACK", "km", low=0.0),
    )


_HEADER = (
    time("CREATION_DATE", required=True),
    text("ORIGINATOR", required=True),
    text("MESSAGE_ID", required=True),
)
_METADATA = Section(
    "metadata",
    (
        text("OBJECT_NAME", required=True),
        text("INTERNATIONAL_DESIGNATOR", required=True),
        text("CATALOG_NAME"),
        text("OBJECT_DESIGNATOR"),
        choice("OBJECT_TYPE", "PAYLOAD", "ROCKET BODY", "DEBRIS", "OTHER", "UNKNOWN"),
        text("OBJECT_OWNER"),
        text("OBJECT_OPERATOR"),
        choice("CONTROLLED_REENTRY", "YES", "NO", "UNKNOWN", required=True),
        text("CENTER_NAME", required=True),
        text("TIME_SYSTEM", required=True),
        time("EPOCH_TZERO", required=True),
        text("REF_FRAME"),
        time("REF_FRAME_EPOCH"),
        text("EPHEMERIS_NAME"),
        text("GRAVITY_MODEL"),
        text("ATMOSPHERIC_MODEL"),
        text("SOLAR_FLUX_PREDICTION"),
        text("N_BODY_PERTURBATIONS"),
        text("SOLAR_RAD_PRESSURE"),
        text("EARTH_TIDES"),
        choice("INTRACK_THRUST", "YES", "NO"),
        text("DRAG_PARAMETERS_SOURCE"),
        number("DRAG_PARAMETERS_ALTITUDE", "km"),
        choice("REENTRY_UNCERTAINTY_METHOD", "NONE", "ANALYTICAL", "STOCHASTIC", "EMPIRICAL"),
        # The standard's table and its own example spell this value differently.
        text("REENTRY_DISINTEGRATION"),
        choice("IMPACT_UNCERTAINTY_METHOD", "NONE", "ANALYTICAL", "STOCHASTIC", "EMPIRICAL"),
        text("PREVIOUS_MESSAGE_ID"),
        time("PREVIOUS_MESSAGE_EPOCH"),
        text("NEXT_MESSAGE_EPOCH"),  # a time, or N/A
    ),
    least=1,
)
_REENTRY = Section(
    "atmosphericReentryParameters",
    (
        number("ORBIT_LIFETIME", "d", required=True, low=0.0),
        number("REENTRY_ALTITUDE", "km", required=True, low=0.0),
        number("ORBIT_LIFETIME_WINDOW_START", "d", low=0.0),
        number("ORBIT_LIFETIME_WINDOW_END", "d", low=0.0),
        time("NOMINAL_REENTRY_EPOCH"),
        time("REENTRY_WINDOW_START"),
        time("REENTRY_WINDOW_END"),
        number("ORBIT_LIFETIME_CONFIDENCE_LEVEL", "%", low=0.0, high=100.0),
    ),
    least=1,
)
_IMPACT = Section(
    "groundImpactParameters",
    (
        *(number(f"PROBABILITY_OF_{event}", low=0.0, high=1.0) for event in _PROBABILITIES),
        time("NOMINAL_IMPACT_EPOCH"),
        time("IMPACT_WINDOW_START"),
        time("IMPACT_WINDOW_END"),
        text("IMPACT_REF_FRAME"),
        _longitude("NOMINAL_IMPACT_LON"),
        _latitude("NOMINAL_IMPACT_LAT"),
        number("NOMINAL_IMPACT_ALT", "m"),
        *(keyword for name in _INTERVALS for keyword in _interval(name)),
    ),
)
_PHYSICS = Section(
    "spacecraftParameters",
    (
        number("WET_MASS", "kg", low=0.0),
        number("DRY_MASS", "kg", low=0.0),
        text("HAZARDOUS_SUBSTANCES"),
        number("SOLAR_RAD_AREA", "m**2", low=0.0),
        number("SOLAR_RAD_COEFF"),
        number("DRAG_AREA", "m**2", low=0.0),
        number("DRAG_COEFF"),
        number("RCS", "m**2", low=0.0),
        number("BALLISTIC_COEFF", "kg/m**2"),
        number("THRUST_ACCELERATION", "m/s**2"),
    ),
)
_DETERMINATION = Section(
    "odParameters",
    DETERMINATION,
)
_DATA = Section(
    "data",
    (
        _REENTRY,
        _IMPACT,
        Section("stateVector", STATE_VECTOR),
        COVARIANCE,
        _PHYSICS,
        _DETERMINATION,
        USER_DEFINED,
    ),
    least=1,
)


def _states(message: Message, findings: Findings) -> None:
    """A state needs a frame, a covariance needs a state (table 3-2 and 3.5.19)."""
    metadata = next(message.root.everywhere("metadata"), None)
    state = next(message.root.everywhere("stateVector"), None)
    covariance = next(message.root.everywhere("covarianceMatrix"), None)
    if state is not None and metadata is not None and metadata.text("REF_FRAME") is None:
        findings.fault(state.line, "REF_FRAME", "the frame of the state", "none")
    if covariance is not None and state is None:
        findings.fault(covariance.line, "EPOCH", "the state that the covariance is of", "none")


def _impacts(message: Message, findings: Findings) -> None:
    """A place needs its frame and both angles; intervals are whole and widen (3.5.10 to 3.5.16)."""
    for block in message.root.everywhere("groundImpactParameters"):
        place = ("NOMINAL_IMPACT_LON", "NOMINAL_IMPACT_LAT")
        if any(name in block.fields for name in place):
            _ask(block, (*place, "IMPACT_REF_FRAME"), "with a place of impact", findings)
        confidences = []
        for index, name in enumerate(_INTERVALS):
            edges = tuple(f"{name}_{edge}" for edge in _EDGES)
            if any(edge in block.fields for edge in edges):
                before = tuple(f"{one}_CONFIDENCE" for one in _INTERVALS[:index])
                _ask(block, (*before, *edges), f"with {name}", findings)
                confidences.append(block.text(f"{name}_CONFIDENCE") or "nan")
        if not _increase(confidences):
            line = block.fields["IMPACT_2_CONFIDENCE"].line
            findings.fault(line, "IMPACT_2_CONFIDENCE", "confidences that increase",
                           ", ".join(confidences))  # fmt: skip


def _increase(texts: list[str]) -> bool:
    try:
        numbers = [float(text) for text in texts]
    except ValueError:  # told as a fault of that field
        return True
    return not any(later <= earlier for earlier, later in pairwise(numbers))


def _ask(block: Block, names: tuple[str, ...], why: str, findings: Findings) -> None:
    for name in names:
        if block.text(name) is None:
            findings.fault(block.line, name, f"this keyword {why}", "none of that name")


RDM = MessageTable(
    "rdm",
    ("1.0",),
    message("rdm", _HEADER, _METADATA, _DATA),
    (_states, _impacts, covariance_is_positive, time_system_is_known),
)
