"""Conjunction Data Message: keyword table of CCSDS 508.0-B-1 and of the draft of issue 2.

Source: CCSDS 508.0-B-1 (2013, corrigendum 2 of 2021), tables 3-1 to 3-4, 4-1 and 4-2. The
draft's keywords, marked `since("2.0", …)`, after the messages in use: 508.0-P-1.1 (2024) is
not final, and its keywords already occur in messages that call themselves 1.0.
"""

from __future__ import annotations

from skypact.formats.ccsds.cdm_rules import RULES
from skypact.formats.ccsds.orbit_blocks import DETERMINATION
from skypact.formats.ccsds.tables import (
    Keyword,
    MessageTable,
    Section,
    choice,
    number,
    since,
    text,
    time,
    vector,
)

_DRAFT = "2.0"
# The rows below the state's: drag, solar radiation pressure, thrust; units as table 3-4 has them.
_PARAMETERS = {
    "DRG": ("m**3/kg", "m**3/(kg*s)"),
    "SRP": ("m**3/kg", "m**3/(kg*s)"),
    "THR": ("m**2/s**2", "m**2/s**3"),
}
_CROSS_UNITS = {
    ("DRG", "DRG"): "m**4/kg**2",
    ("SRP", "DRG"): "m**4/kg**2",
    ("SRP", "SRP"): "m**4/kg**2",
    ("THR", "DRG"): "m**3/(kg*s**2)",
    ("THR", "SRP"): "m**3/(kg*s**2)",
    ("THR", "THR"): "m**2/s**4",
}


def _covariance(axes: str, *, required: bool) -> tuple[Keyword, ...]:
    """The lower triangle of the state's covariance, then the rows of the parameters."""
    names = (*axes, *(f"{axis}DOT" for axis in axes))
    keywords = [
        number(f"C{row}_{column}", ("m**2", "m**2/s", "m**2/s**2")[(i >= 3) + (j >= 3)],
               required=required)
        for i, row in enumerate(names)
        for j, column in enumerate(names[: i + 1])
    ]  # fmt: skip
    above: list[str] = []
    for row, (position_unit, velocity_unit) in _PARAMETERS.items():
        above.append(row)
        keywords += [
            number(f"C{row}_{column}", position_unit if j < 3 else velocity_unit)
            for j, column in enumerate(names)
        ]
        keywords += [number(f"C{row}_{column}", _CROSS_UNITS[row, column]) for column in above]
    return tuple(keywords)


def _answer(name: str, *, required: bool = False) -> Keyword:
    return choice(name, "YES", "NO", required=required)


HEADER = Section(
    "header",
    (
        time("CREATION_DATE", required=True),
        text("ORIGINATOR", required=True),
        text("MESSAGE_FOR"),
        text("MESSAGE_ID", required=True),
        *since(_DRAFT, text("CLASSIFICATION")),
    ),
    least=1,
)

RELATIVE_STATE = Section(
    "relativeStateVector",
    (
        number("RELATIVE_POSITION_R", "m"),
        number("RELATIVE_POSITION_T", "m"),
        number("RELATIVE_POSITION_N", "m"),
        # NASA's own sample messages give velocities the unit of lengths.
        number("RELATIVE_VELOCITY_R", "m/s", also=("m",)),
        number("RELATIVE_VELOCITY_T", "m/s", also=("m",)),
        number("RELATIVE_VELOCITY_N", "m/s", also=("m",)),
    ),
)

RELATIVE = Section(
    "relativeMetadataData",
    (
        *since(_DRAFT, text("CONJUNCTION_ID")),
        time("TCA", required=True),
        number("MISS_DISTANCE", "m", required=True, low=0.0),
        *since(_DRAFT, number("MAHALANOBIS_DISTANCE", low=0.0)),
        number("RELATIVE_SPEED", "m/s", low=0.0),
        *since(_DRAFT, number("APPROACH_ANGLE", "deg", low=0.0, high=180.0)),
        RELATIVE_STATE,
        time("START_SCREEN_PERIOD"),
        time("STOP_SCREEN_PERIOD"),
        *since(_DRAFT, text("SCREEN_TYPE")),
        choice("SCREEN_VOLUME_FRAME", "RTN", "TVN"),
        choice("SCREEN_VOLUME_SHAPE", "ELLIPSOID", "BOX"),
        *since(_DRAFT, number("SCREEN_VOLUME_RADIUS", "m", low=0.0)),
        number("SCREEN_VOLUME_X", "m", low=0.0),
        number("SCREEN_VOLUME_Y", "m", low=0.0),
        number("SCREEN_VOLUME_Z", "m", low=0.0),
        time("SCREEN_ENTRY_TIME"),
        time("SCREEN_EXIT_TIME"),
        *since(
            _DRAFT,
            number("SCREEN_PC_THRESHOLD", low=0.0, high=1.0),
            vector("COLLISION_PERCENTILE", 0),
        ),
        number("COLLISION_PROBABILITY", low=0.0, high=1.0),
        text("COLLISION_PROBABILITY_METHOD"),
        *since(
            _DRAFT,
            number("COLLISION_MAX_PROBABILITY", low=0.0, high=1.0),
            text("COLLISION_MAX_PC_METHOD"),
            number("SEFI_COLLISION_PROBABILITY", low=0.0, high=1.0),
            text("SEFI_COLLISION_PROBABILITY_METHOD"),
            text("SEFI_FRAGMENTATION_MODEL"),
            text("PREVIOUS_MESSAGE_ID"),
            time("PREVIOUS_MESSAGE_EPOCH"),
            time("NEXT_MESSAGE_EPOCH"),
        ),
    ),
    least=1,
)

METADATA = Section(
    "metadata",
    (
        choice("OBJECT", "OBJECT1", "OBJECT2", required=True),
        text("OBJECT_DESIGNATOR", required=True),
        text("CATALOG_NAME", required=True),
        text("OBJECT_NAME", required=True),
        text("INTERNATIONAL_DESIGNATOR", required=True),
        choice("OBJECT_TYPE", "PAYLOAD", "ROCKET BODY", "DEBRIS", "UNKNOWN", "OTHER"),
        text("OPERATOR_CONTACT_POSITION"),
        text("OPERATOR_ORGANIZATION"),
        text("OPERATOR_PHONE"),
        text("OPERATOR_EMAIL"),
        text("EPHEMERIS_NAME", required=True),
        choice("COVARIANCE_METHOD", "CALCULATED", "DEFAULT", required=True),
        *since(
            _DRAFT,
            text("COVARIANCE_SOURCE"),
            text("ODM_MSG_LINK"),
            text("ADM_MSG_LINK"),
            _answer("OBS_BEFORE_NEXT_MESSAGE"),
        ),
        choice("MANEUVERABLE", "YES", "NO", "N/A", required=True),
        text("ORBIT_CENTER"),
        text("REF_FRAME", required=True),
        *since(_DRAFT, text("ALT_COV_TYPE"), text("ALT_COV_REF_FRAME")),
        text("GRAVITY_MODEL"),
        text("ATMOSPHERIC_MODEL"),
        text("N_BODY_PERTURBATIONS"),
        _answer("SOLAR_RAD_PRESSURE"),
        _answer("EARTH_TIDES"),
        _answer("INTRACK_THRUST"),
    ),
    least=1,
)

OD_PARAMETERS = Section(
    "odParameters",
    (
        *DETERMINATION,
        *since(_DRAFT, time("OD_EPOCH")),
    ),
)

ADDITIONAL_PARAMETERS = Section(
    "additionalParameters",
    (
        number("AREA_PC", "m**2", low=0.0),
        *since(
            _DRAFT,
            number("AREA_PC_MIN", "m**2", low=0.0),
            number("AREA_PC_MAX", "m**2", low=0.0),
        ),
        number("AREA_DRG", "m**2", low=0.0),
        number("AREA_SRP", "m**2", low=0.0),
        *since(
            _DRAFT,
            text("OEB_PARENT_FRAME"),
            time("OEB_PARENT_FRAME_EPOCH"),
            *(number(name) for name in ("OEB_Q1", "OEB_Q2", "OEB_Q3", "OEB_QC")),
            *(number(name, "m", low=0.0) for name in ("OEB_MAX", "OEB_INT", "OEB_MIN")),
            number("AREA_ALONG_OEB_MAX", "m**2", low=0.0),
            number("AREA_ALONG_OEB_INT", "m**2", low=0.0),
            number("AREA_ALONG_OEB_MIN", "m**2", low=0.0),
            *(number(name, "m**2", low=0.0) for name in ("RCS", "RCS_MIN", "RCS_MAX")),
            number("VM_ABSOLUTE"),
            number("VM_APPARENT_MIN"),
            number("VM_APPARENT"),
            number("VM_APPARENT_MAX"),
            number("REFLECTANCE", low=0.0, high=1.0),
            number("HBR", "m", low=0.0),
            number("APOAPSIS_ALTITUDE", "km"),
            number("PERIAPSIS_ALTITUDE", "km"),
            number("INCLINATION", "deg", low=0.0, high=180.0),
            number("COV_CONFIDENCE"),
            text("COV_CONFIDENCE_METHOD"),
        ),
        number("MASS", "kg", low=0.0),
        number("CD_AREA_OVER_MASS", "m**2/kg"),
        number("CR_AREA_OVER_MASS", "m**2/kg"),
        number("THRUST_ACCELERATION", "m/s**2"),
        number("SEDR", "W/kg"),
    ),
)

STATE = Section(
    "stateVector",
    (
        *(number(name, "km", required=True) for name in ("X", "Y", "Z")),
        *(number(name, "km/s", required=True) for name in ("X_DOT", "Y_DOT", "Z_DOT")),
    ),
    least=1,
)

COVARIANCE = Section("covarianceMatrix", _covariance("RTN", required=True), least=1)

# The draft has further blocks of the same name, told apart by what they hold.
OTHER_AXES_COVARIANCE = Section(
    "xyzCovarianceMatrix",
    since(_DRAFT, *_covariance("XYZ", required=False)),
    element="covarianceMatrix",
)
EIGENVECTORS = Section(
    "sigmaEigenvectors",
    since(_DRAFT, vector("CSIG3EIGVEC3", 12)),
    element="covarianceMatrix",
)
COVARIANCE_QUALITY = Section(
    "covarianceQuality",
    since(
        _DRAFT,
        number("DENSITY_FORECAST_UNCERTAINTY"),
        number("CSCALE_FACTOR_MIN"),
        number("CSCALE_FACTOR"),
        number("CSCALE_FACTOR_MAX"),
        text("SCREENING_DATA_SOURCE"),
        vector("DCP_SENSITIVITY_VECTOR_POSITION", 3, "m"),
        vector("DCP_SENSITIVITY_VECTOR_VELOCITY", 3, "m/s"),
    ),
    element="covarianceMatrix",
)
USER_DEFINED = Section("userDefinedParameters", since(_DRAFT, text("USER_DEFINED_*")))

CDM = MessageTable(
    "cdm",
    ("1.0", "2.0"),
    Section(
        "cdm",
        (
            HEADER,
            Section(
                "body",
                (
                    RELATIVE,
                    Section(
                        "segment",
                        (
                            METADATA,
                            Section(
                                "data",
                                (
                                    OD_PARAMETERS,
                                    ADDITIONAL_PARAMETERS,
                                    STATE,
                                    COVARIANCE,
                                    OTHER_AXES_COVARIANCE,
                                    EIGENVECTORS,
                                    COVARIANCE_QUALITY,
                                    USER_DEFINED,
                                ),
                                least=1,
                            ),
                        ),
                        least=2,
                        most=2,
                    ),
                ),
                least=1,
            ),
        ),
        least=1,
    ),
    rules=RULES,
)
