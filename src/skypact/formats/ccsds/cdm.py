"""Conjunction Data Messages as records in SI units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError
from skypact.formats.ccsds.cdm_comments import (
    combined_radius,
    drag_uncertainty,
    exclusion_radius,
    own_radius,
)
from skypact.formats.ccsds.cdm_rules import TRIANGLE, segments
from skypact.formats.ccsds.cdm_table import OD_PARAMETERS
from skypact.formats.ccsds.message import Block, Comment
from skypact.formats.ccsds.reading import MOST_BYTES, read_messages
from skypact.formats.ccsds.values import si, si_vector, utc_instants, whole
from skypact.records.conjunction_messages import (
    ConjunctionMessage,
    ConjunctionParty,
    DragUncertainty,
)
from skypact.records.marks import DataMode, Marks

if TYPE_CHECKING:
    from typing import BinaryIO

    from skypact.formats.ccsds.message import Field, Message
    from skypact.records.conjunction_messages import Matrix, Vector

_LAST_OBSERVED = ("TIME_LASTOB_START", "TIME_LASTOB_END")
_UNKNOWN = float("nan")


@dataclass(frozen=True, kw_only=True)
class CdmReading:
    """What a file gave: the conjunctions that can be relied on, and what is wrong with the rest.

    A message with a fault gives no conjunction. `warnings` speak of messages that do.
    """

    conjunctions: tuple[ConjunctionMessage, ...]
    faults: tuple[FormatError, ...]
    warnings: tuple[FormatError, ...]


def read_cdm(
    stream: BinaryIO,
    *,
    source: str,
    data_mode: DataMode = DataMode.REAL,
    max_bytes: int = MOST_BYTES,
) -> CdmReading:
    """Conjunction messages in keyword = value notation, XML or JSON, one or many, gzipped or not.

    `source` goes into the marks of what is read. A message that breaks the standard becomes
    faults, and the others are read.

    Raises:
        FormatError: nothing here is a navigation message, or it is longer than `max_bytes`.
    """
    reading = read_messages(stream, max_bytes=max_bytes)
    faults, conjunctions = list(reading.faults), []
    for message in reading.messages:
        if message.kind != "cdm":
            name = f"CCSDS_{message.kind.upper()}_VERS"
            faults.append(FormatError(message.line, name, "a conjunction message", "another"))
        elif not message.findings.faults:
            try:
                conjunctions.append(conjunction_of(message, source=source, data_mode=data_mode))
            except FormatError as fault:
                faults.append(fault)
    return CdmReading(
        conjunctions=tuple(conjunctions), faults=tuple(faults), warnings=reading.warnings
    )


def conjunction_of(
    message: Message, *, source: str, data_mode: DataMode = DataMode.REAL
) -> ConjunctionMessage:
    """The record of a message that has no faults.

    Raises:
        FormatError: a time of second 60 where UTC had no leap second.
    """
    header = _block(message.root, "header")
    body = _block(message.root, "body")
    relative = _block(body, "relativeMetadataData")
    parts = segments(message)
    comments = [_comments(part) for part in parts]
    both = _comments(header) + _comments(relative)
    observed = [_observed(part) for part in parts]
    # All times at once: one by one they would take longer than everything else.
    created, tca, *instants = utc_instants(
        [header.fields["CREATION_DATE"], relative.fields["TCA"], *observed[0], *observed[1]]
    )
    ends = (instants[: len(observed[0])], instants[len(observed[0]) :])
    parties = [
        _party(part, said, dict(zip((field.keyword for field in fields), times, strict=True)))
        for part, said, fields, times in zip(parts, comments, observed, ends, strict=True)
    ]
    radius = _hard_body_radius(parts, comments, both)
    state = relative.block("relativeStateVector")
    return ConjunctionMessage(
        message_id=header.fields["MESSAGE_ID"].value,
        originator=header.fields["ORIGINATOR"].value,
        message_for=header.text("MESSAGE_FOR"),
        created_tai_ns=created,
        tca_tai_ns=tca,
        miss_distance_m=_stated(relative, "MISS_DISTANCE"),
        relative_speed_m_s=si(relative, "RELATIVE_SPEED"),
        relative_position_rtn_m=_vector(state, "RELATIVE_POSITION_"),
        relative_velocity_rtn_m_s=_vector(state, "RELATIVE_VELOCITY_"),
        collision_probability=si(relative, "COLLISION_PROBABILITY"),
        collision_probability_method=relative.text("COLLISION_PROBABILITY_METHOD"),
        hard_body_radius_m=radius[0] if radius else None,
        hard_body_radius_source=radius[1] if radius else None,
        primary=parties[0],
        secondary=parties[1],
        comments=tuple(comment.text for comment in both),
        marks=Marks(
            originator=header.fields["ORIGINATOR"].value,
            source=source,
            data_mode=data_mode,
            marking=header.text("CLASSIFICATION"),
            produced_at=header.fields["CREATION_DATE"].value,
        ),
    )


def _block(parent: Block, name: str) -> Block:
    found = parent.block(name)
    assert found is not None, "a message without faults has all its required sections"
    return found


def _observed(segment: Block) -> list[Field]:
    """When the object was last observed: from and until, as far as stated."""
    data = segment.block("data")
    od = data.block("odParameters") if data else None
    return [od.fields[name] for name in _LAST_OBSERVED if od.text(name)] if od else []


def _party(segment: Block, comments: list[Comment], instants: dict[str, int]) -> ConjunctionParty:
    metadata, data = _block(segment, "metadata"), _block(segment, "data")
    state = _block(data, "stateVector")
    od = data.block("odParameters") or Block(segment.line, OD_PARAMETERS, [], {})
    additional = data.block("additionalParameters")
    exclusion = exclusion_radius(comments)
    return ConjunctionParty(
        designator=metadata.fields["OBJECT_DESIGNATOR"].value,
        name=metadata.fields["OBJECT_NAME"].value,
        catalog=metadata.fields["CATALOG_NAME"].value,
        international_designator=metadata.fields["INTERNATIONAL_DESIGNATOR"].value,
        object_type=metadata.text("OBJECT_TYPE"),
        operator=metadata.text("OPERATOR_ORGANIZATION"),
        operator_position=metadata.text("OPERATOR_CONTACT_POSITION"),
        operator_phone=metadata.text("OPERATOR_PHONE"),
        operator_email=metadata.text("OPERATOR_EMAIL"),
        ephemeris_name=metadata.text("EPHEMERIS_NAME"),
        covariance_method=metadata.text("COVARIANCE_METHOD"),
        maneuverable=metadata.text("MANEUVERABLE"),
        frame=metadata.fields["REF_FRAME"].value.upper(),
        centre=(metadata.text("ORBIT_CENTER") or "EARTH").upper(),
        r_m=(_stated(state, "X"), _stated(state, "Y"), _stated(state, "Z")),
        v_m_s=(_stated(state, "X_DOT"), _stated(state, "Y_DOT"), _stated(state, "Z_DOT")),
        covariance_rtn=_covariance(_block(data, "covarianceMatrix")),
        drag=_drag(data.block("covarianceQuality")) or drag_uncertainty(comments),
        exclusion_radius_m=exclusion[0] if exclusion else None,
        last_observed_from_tai_ns=instants.get("TIME_LASTOB_START"),
        last_observed_until_tai_ns=instants.get("TIME_LASTOB_END"),
        actual_od_span_s=si(od, "ACTUAL_OD_SPAN"),
        recommended_od_span_s=si(od, "RECOMMENDED_OD_SPAN"),
        observations_used=whole(od, "OBS_USED"),
        tracks_used=whole(od, "TRACKS_USED"),
        residuals_accepted_ratio=si(od, "RESIDUALS_ACCEPTED"),
        weighted_rms_ratio=si(od, "WEIGHTED_RMS"),
        mass_kg=si(additional, "MASS") if additional else None,
        comments=tuple(comment.text for comment in comments),
    )


def _stated(block: Block, keyword: str) -> float:
    value = si(block, keyword)
    assert value is not None, "a message without faults states what is required"
    return value


def _vector(block: Block | None, beginning: str) -> Vector | None:
    """Three components, None unless all are stated."""
    if block is None:
        return None
    r, t, n = (si(block, f"{beginning}{axis}") for axis in "RTN")
    return None if r is None or t is None or n is None else (r, t, n)


def _covariance(block: Block) -> Matrix | None:
    """Symmetric 6 x 6; components that are not stated are NaN."""
    matrix = [[_UNKNOWN] * 6 for _ in range(6)]
    for i, row in enumerate(TRIANGLE):
        for j, name in enumerate(row):
            value = si(block, name)
            if value is not None:
                matrix[i][j] = matrix[j][i] = value
    return tuple(map(tuple, matrix))


def _drag(quality: Block | None) -> DragUncertainty | None:
    """The draft's keywords for what others say in comments."""
    if quality is None:
        return None
    density = si(quality, "DENSITY_FORECAST_UNCERTAINTY")
    position = si_vector(quality, "DCP_SENSITIVITY_VECTOR_POSITION")
    velocity = si_vector(quality, "DCP_SENSITIVITY_VECTOR_VELOCITY")
    if density is None or position is None or velocity is None:
        return None
    (x, y, z), (vx, vy, vz) = position, velocity
    return DragUncertainty(
        density_ratio=density, position_rtn_m=(x, y, z), velocity_rtn_m_s=(vx, vy, vz)
    )


def _hard_body_radius(
    parts: list[Block], comments: list[list[Comment]], both: list[Comment]
) -> tuple[float, str] | None:
    """The combined radius in m and where it stands; a sum only where both objects state theirs."""
    combined = combined_radius([*both, *comments[0], *comments[1]])
    if combined:
        return combined[0], f"comment HBR in line {combined[1]}"
    first, second = (_own_radius(*one) for one in zip(parts, comments, strict=True))
    if first is None or second is None:
        return None
    lines = f"lines {first[1]} and {second[1]}"
    return first[0] + second[0], f"sum of the radii in {lines}"


def _own_radius(segment: Block, comments: list[Comment]) -> tuple[float, int] | None:
    data = segment.block("data")
    additional = data.block("additionalParameters") if data else None
    stated = si(additional, "HBR") if additional else None
    if additional and stated is not None:
        return stated, additional.fields["HBR"].line
    return own_radius(comments)


def _comments(block: Block) -> list[Comment]:
    """Comments of a section and of all sections in it, in order."""
    found: list[Comment] = []
    for item in block.items:
        if isinstance(item, Comment):
            found.append(item)
        elif isinstance(item, Block):
            found += _comments(item)
    return found
