"""What an Orbit Ephemeris Message consists of, in either notation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from skypact.formats.ccsds.fields import OPTIONAL, REQUIRED

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from skypact.base.errors import FormatError
    from skypact.formats.ccsds.kvn import Pair
    from skypact.formats.ccsds.rows import TimedRows

VERSIONS = ("1.0", "2.0", "3.0")

HEADER = {
    "CCSDS_OEM_VERS": REQUIRED,
    "CREATION_DATE": REQUIRED,
    "ORIGINATOR": REQUIRED,
    "CLASSIFICATION": OPTIONAL,
    "MESSAGE_ID": OPTIONAL,
}
METADATA = {
    "OBJECT_NAME": REQUIRED,
    "OBJECT_ID": REQUIRED,
    "CENTER_NAME": REQUIRED,
    "REF_FRAME": REQUIRED,
    "REF_FRAME_EPOCH": OPTIONAL,
    "TIME_SYSTEM": REQUIRED,
    "START_TIME": REQUIRED,
    "USEABLE_START_TIME": OPTIONAL,
    "USEABLE_STOP_TIME": OPTIONAL,
    "STOP_TIME": REQUIRED,
    "INTERPOLATION": OPTIONAL,
    "INTERPOLATION_DEGREE": OPTIONAL,
}
COVARIANCE = {"EPOCH": REQUIRED, "COV_REF_FRAME": OPTIONAL}

STATE = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT", "X_DDOT", "Y_DDOT", "Z_DDOT")
STATE_UNITS = ("km",) * 3 + ("km/s",) * 3 + ("km/s**2",) * 3
STATE_WIDTHS = (6, 9)

_AXES = STATE[:6]
# The lower triangle by rows: CX_X, CY_X, CY_Y, …, CZ_DOT_Z_DOT.
TRIANGLE = tuple(f"C{row}_{column}" for i, row in enumerate(_AXES) for column in _AXES[: i + 1])
TRIANGLE_UNITS = tuple(
    ("km**2", "km**2/s", "km**2/s**2")[(row >= 3) + (column >= 3)]
    for row in range(6)
    for column in range(row + 1)
)


@dataclass(slots=True)
class RawCovariance:
    """One matrix as its lower triangle, in km and km/s."""

    line: int
    pairs: dict[str, Pair]
    triangle: npt.NDArray[np.float64]


@dataclass(slots=True)
class RawSegment:
    """One metadata block and what follows it. `broken`: its states cannot be trusted."""

    line: int
    metadata: list[Pair] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    states: list[TimedRows] = field(default_factory=list)
    covariances: list[RawCovariance] = field(default_factory=list)
    broken: bool = False


@dataclass(slots=True)
class RawMessage:
    """One OEM, read but not yet understood."""

    header: list[Pair] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    segments: list[RawSegment] = field(default_factory=list)
    faults: list[FormatError] = field(default_factory=list)
