"""Sections that several messages share, as CCSDS 502.0-B-3 and 508.1-B-1 table them."""

from __future__ import annotations

from skypact.formats.ccsds.tables import (
    Keyword,
    Section,
    number,
    since,
    text,
    time,
    triangle,
    whole,
)

AXES = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
AXIS_UNITS = ("km", "km", "km", "km/s", "km/s", "km/s")

HEADER = (
    *since("3.0", text("CLASSIFICATION")),
    time("CREATION_DATE", required=True),
    text("ORIGINATOR", required=True),
    *since("3.0", text("MESSAGE_ID")),
)
DETERMINATION = (
    time("TIME_LASTOB_START"),
    time("TIME_LASTOB_END"),
    number("RECOMMENDED_OD_SPAN", "d", low=0.0),
    number("ACTUAL_OD_SPAN", "d", low=0.0),
    whole("OBS_AVAILABLE"),
    whole("OBS_USED"),
    whole("TRACKS_AVAILABLE"),
    whole("TRACKS_USED"),
    number("RESIDUALS_ACCEPTED", "%", low=0.0, high=100.0),
    number("WEIGHTED_RMS", low=0.0),
)
STATE_VECTOR = (
    time("EPOCH", required=True),
    *(number(axis, unit, required=True) for axis, unit in zip(AXES, AXIS_UNITS, strict=True)),
)
COVARIANCE = Section(
    "covarianceMatrix",
    (
        text("COV_REF_FRAME"),
        *(number(name, unit, required=True) for name, unit in triangle(AXES, AXIS_UNITS)),
    ),
)
SPACECRAFT = Section(
    "spacecraftParameters",
    (
        number("MASS", "kg", low=0.0),
        number("SOLAR_RAD_AREA", "m**2", low=0.0),
        number("SOLAR_RAD_COEFF"),
        number("DRAG_AREA", "m**2", low=0.0),
        number("DRAG_COEFF"),
    ),
)
USER_DEFINED = Section("userDefinedParameters", (text("USER_DEFINED_*"),), ordered=False)


def message(
    name: str,
    header: tuple[Keyword, ...],
    metadata: Section,
    data: Section,
    *,
    most: int | None = 1,
) -> Section:
    """The whole of a message: a header, and in the body 1 to `most` pairs of sections."""
    segment = Section("segment", (metadata, data), least=1, most=most)
    body = Section("body", (segment,), least=1)
    return Section(name, (Section("header", header, least=1), body), least=1)
