"""Orbit Ephemeris Message: keyword table of CCSDS 502.0, versions 1.0 to 3.0.

Source: CCSDS 502.0-B-3 (2023), tables 5-2 and 5-3 and section 5.2.5; XML after 505.0-B-3.
"""

from __future__ import annotations

from skypact.formats.ccsds.oem_assembly import judge_ephemerides
from skypact.formats.ccsds.tables import (
    Columns,
    MessageTable,
    Section,
    Triangle,
    since,
    text,
    time,
    triangle,
    whole,
)

STATE = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT", "X_DDOT", "Y_DDOT", "Z_DDOT")
STATE_UNITS = ("km",) * 3 + ("km/s",) * 3 + ("km/s**2",) * 3
# The lower triangle by rows: CX_X, CY_X, CY_Y, …, CZ_DOT_Z_DOT.
TRIANGLE, TRIANGLE_UNITS = zip(*triangle(STATE[:6], STATE_UNITS[:6]), strict=True)

_HEADER = Section(
    "header",
    (
        *since("3.0", text("CLASSIFICATION")),
        time("CREATION_DATE", required=True),
        text("ORIGINATOR", required=True),
        *since("3.0", text("MESSAGE_ID")),
    ),
    least=1,
)
_METADATA = Section(
    "metadata",
    (
        text("OBJECT_NAME", required=True),
        text("OBJECT_ID", required=True),
        text("CENTER_NAME", required=True),
        text("REF_FRAME", required=True),
        time("REF_FRAME_EPOCH"),
        text("TIME_SYSTEM", required=True),
        time("START_TIME", required=True),
        time("USEABLE_START_TIME"),
        time("USEABLE_STOP_TIME"),
        time("STOP_TIME", required=True),
        text("INTERPOLATION"),
        whole("INTERPOLATION_DEGREE", low=1),
    ),
    least=1,
    marks=("META_START", "META_STOP"),
)
_COVARIANCE = Section(
    "covarianceMatrix",
    (
        time("EPOCH", required=True),
        text("COV_REF_FRAME"),
        Triangle(TRIANGLE, TRIANGLE_UNITS),
    ),
    most=None,
    group_marks=("COVARIANCE_START", "COVARIANCE_STOP"),
)
_DATA = Section(
    "data",
    (Columns("stateVector", ("EPOCH", *STATE), ("", *STATE_UNITS), (7, 10)), _COVARIANCE),
    least=1,
)

OEM = MessageTable(
    "oem",
    ("1.0", "2.0", "3.0"),
    Section(
        "oem",
        (
            _HEADER,
            Section("body", (Section("segment", (_METADATA, _DATA), least=1, most=None),), least=1),
        ),
        least=1,
    ),
    rules=(judge_ephemerides,),
)
