"""Orbit Mean-elements Messages, such as element sets for SGP4.

Source: CCSDS 502.0-B-3 (2023), tables 4-1 to 4-3 and 8-5; annex J on earlier versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.formats.ccsds.opm_table import METADATA
from skypact.formats.ccsds.orbit_blocks import (
    COVARIANCE,
    HEADER,
    SPACECRAFT,
    USER_DEFINED,
    message,
)
from skypact.formats.ccsds.orbit_rules import covariance_is_positive, time_system_is_known
from skypact.formats.ccsds.tables import MessageTable, Section, number, since, text, time, whole

if TYPE_CHECKING:
    from skypact.formats.ccsds.message import Findings, Message

_ELEMENTS = Section(
    "meanElements",
    (
        time("EPOCH", required=True),
        number("SEMI_MAJOR_AXIS", "km", low=0.0),
        number("MEAN_MOTION", "rev/day", low=0.0),
        number("ECCENTRICITY", required=True, low=0.0),
        number("INCLINATION", "deg", required=True),
        number("RA_OF_ASC_NODE", "deg", required=True),
        number("ARG_OF_PERICENTER", "deg", required=True),
        number("MEAN_ANOMALY", "deg", required=True),
        number("GM", "km**3/s**2", low=0.0),
    ),
    least=1,
)
_LATEST_CATALOG_NUMBER = 999_999_999
_TLE = Section(
    "tleParameters",
    (
        whole("EPHEMERIS_TYPE"),
        text("CLASSIFICATION_TYPE"),
        whole("NORAD_CAT_ID", high=_LATEST_CATALOG_NUMBER),
        whole("ELEMENT_SET_NO"),
        whole("REV_AT_EPOCH"),
        number("BSTAR", "1/ER", also=("1/[Earth radii]",)),
        *since("3.0", number("BTERM", "m**2/kg")),
        number("MEAN_MOTION_DOT", "rev/day**2"),
        number("MEAN_MOTION_DDOT", "rev/day**3"),
        *since("3.0", number("AGOM", "m**2/kg")),
    ),
)
_DATA = Section("data", (_ELEMENTS, SPACECRAFT, _TLE, COVARIANCE, USER_DEFINED), least=1)
_METADATA = Section("metadata", (*METADATA, text("MEAN_ELEMENT_THEORY", required=True)), least=1)
_OF_SGP = (("CENTER_NAME", "EARTH"), ("REF_FRAME", "TEME"), ("TIME_SYSTEM", "UTC"))
# What each theory asks for; of several names one.
_CATALOG = ("NORAD_CAT_ID",)
_DRAG_OF_SGP = (("MEAN_MOTION_DOT",), ("MEAN_MOTION_DDOT",))
_DRAG_OF_SGP4 = (("BSTAR", "BTERM"),)
_ASKED = {
    "SGP": (_CATALOG, *_DRAG_OF_SGP),
    "PPT3": (_CATALOG, *_DRAG_OF_SGP),
    "SGP4": (_CATALOG, *_DRAG_OF_SGP4),
    "SGP/SGP4": (_CATALOG, *_DRAG_OF_SGP4, *_DRAG_OF_SGP),
    "SGP4-XP": (_CATALOG, *_DRAG_OF_SGP4, ("MEAN_MOTION_DDOT", "AGOM")),
}


def _one_size(message: Message, findings: Findings) -> None:
    """The orbit's size is told once: by its axis, or for SGP4 by its mean motion (table 4-3)."""
    sizes = ("SEMI_MAJOR_AXIS", "MEAN_MOTION")
    for elements in message.root.everywhere("meanElements"):
        given = [name for name in sizes if name in elements.fields]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            findings.fault(elements.line, "MEAN_MOTION", "an axis or a mean motion", found)


def _sgp4(message: Message, findings: Findings) -> None:
    """What propagating with SGP4 and its kin takes (4.2.4.6 and table 4-3)."""
    for segment in message.root.everywhere("segment"):
        metadata, data = segment.block("metadata"), segment.block("data")
        theory = (metadata.text("MEAN_ELEMENT_THEORY") or "").upper() if metadata else ""
        if metadata is None or data is None or theory not in _ASKED:
            continue
        for name, wanted in _OF_SGP:
            field = metadata.fields.get(name)
            if field is not None and field.value.upper() != wanted:
                findings.warn(field.line, name, f"{wanted} with {theory}", field.value[:40])
        elements = data.block("tleParameters")
        found = elements.fields if elements is not None else {}
        line = elements.line if elements is not None else data.line
        for names in _ASKED[theory]:
            given = [name for name in names if name in found]
            if len(given) != 1:
                asked = f"{' or '.join(names)} with {theory}"
                findings.warn(line, names[0], asked, " and ".join(given) or "none")


OMM = MessageTable(
    "omm",
    ("1.0", "2.0", "3.0"),
    message("omm", HEADER, _METADATA, _DATA),
    (_one_size, _sgp4, covariance_is_positive, time_system_is_known),
)
