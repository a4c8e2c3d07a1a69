"""Conjunction Data Messages from records, so that own results reach a partner."""

from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from skypact.astro.time import utc_from_tai_ns, utc_text
from skypact.base.errors import InputError
from skypact.formats.ccsds import cdm_table as table
from skypact.formats.ccsds.cdm_comments import (
    combined_radius,
    drag_uncertainty,
    exclusion_radius,
    own_radius,
)
from skypact.formats.ccsds.cdm_rules import TRIANGLE
from skypact.formats.ccsds.layout import plan_of
from skypact.formats.ccsds.message import Comment
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.tables import Keyword
from skypact.formats.ccsds.writing import write_messages
from skypact.records.marks import DataMode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from skypact.formats.ccsds.message import Message
    from skypact.formats.ccsds.tables import Section
    from skypact.formats.ccsds.writing import Notation
    from skypact.records.conjunction_messages import (
        ConjunctionMessage,
        ConjunctionParty,
        DragUncertainty,
        Matrix,
    )

    Values = Mapping[str, str | float | None]

Stated = TypeVar("Stated")

_FRAMES_OF_1 = ("EME2000", "GCRF", "ITRF")
_UNKNOWN_COVARIANCE = "COVARIANCE: zeros stand for what is not known"


def write_cdm(conjunctions: Sequence[ConjunctionMessage], notation: Notation = "kvn") -> bytes:
    """One or more conjunction messages as a file.

    Numbers come back to the last bit or two; of times, all nanoseconds.

    Raises:
        InputError: as `message_of`.
    """
    return write_messages([message_of(one) for one in conjunctions], notation)


def message_of(conjunction: ConjunctionMessage) -> Message:
    """The message that tells a record, in the units of the standard.

    Version 1.0, which every reader knows; 2.0, a draft, where a marking or another frame than
    those of 1.0 has to be told. What has no keyword becomes a comment, as others write it: radii,
    errors of the drag, and that something is not of the real sky. Components of a covariance
    that are not known become zeros, with a comment: the standard demands numbers.

    Raises:
        InputError: something that the standard requires is not known, such as the miss
            distance, or no message can hold it.
    """
    text = "".join(f"{line}\n" for line in _lines(conjunction))
    found = read_messages(io.BytesIO(text.encode()))
    if found.faults:
        raise InputError(f"the message cannot be written: {found.faults[0]}")
    (message,) = found.messages
    return message


def _lines(conjunction: ConjunctionMessage) -> Iterable[str]:
    parties = (conjunction.primary, conjunction.secondary)
    marking = conjunction.marks.marking
    is_plain = marking is None and all(party.frame in _FRAMES_OF_1 for party in parties)
    yield f"CCSDS_CDM_VERS = {'1.0' if is_plain else '2.0'}"
    yield from _section(
        table.HEADER,
        {
            "CREATION_DATE": _time(conjunction.created_tai_ns),
            "ORIGINATOR": conjunction.originator,
            "MESSAGE_FOR": conjunction.message_for,
            "MESSAGE_ID": conjunction.message_id,
            "CLASSIFICATION": marking,
        },
    )
    yield from (f"COMMENT {_line(comment)}" for comment in _common_comments(conjunction))
    yield from _section(table.RELATIVE, _relative(conjunction))
    for number, party in enumerate(parties, start=1):
        yield f"OBJECT = OBJECT{number}"
        yield from (f"COMMENT {_line(comment)}" for comment in _comments(party))
        for section, values in _party(party):
            yield from _section(section, values)


def _section(section: Section, values: Values) -> Iterable[str]:
    """Keywords with what is known of them, in the order and the units of the table."""
    slots = plan_of(section).slots
    for item in section.items:
        if not isinstance(item, Keyword):
            yield from _section(item, values)  # type: ignore[arg-type]  # no rows in it
        elif (value := values.get(item.name)) is not None:
            is_text = isinstance(value, str)
            shown = _line(value) if is_text else repr(value / slots[item.name].si)  # type: ignore[arg-type, operator]
            yield f"{item.name} = {shown}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _time(tai_ns: int | None) -> str | None:
    """UTC to the millisecond, or as finely as it has to be."""
    if tai_ns is None:
        return None
    utc, leap = utc_from_tai_ns(np.array([tai_ns]))
    decimals = next(digits for digits in (3, 6, 9) if tai_ns % 10 ** (9 - digits) == 0)
    text = utc_text(utc[0], in_leap_second=bool(leap[0]), decimals=decimals)
    return text.removesuffix("Z")


def _relative(conjunction: ConjunctionMessage) -> Values:
    position, velocity = (
        dict(zip("RTN", vector or (None,) * 3, strict=True))
        for vector in (conjunction.relative_position_rtn_m, conjunction.relative_velocity_rtn_m_s)
    )
    return {
        "TCA": _time(conjunction.tca_tai_ns),
        "MISS_DISTANCE": conjunction.miss_distance_m,
        "RELATIVE_SPEED": conjunction.relative_speed_m_s,
        **{f"RELATIVE_POSITION_{axis}": value for axis, value in position.items()},
        **{f"RELATIVE_VELOCITY_{axis}": value for axis, value in velocity.items()},
        "COLLISION_PROBABILITY": conjunction.collision_probability,
        "COLLISION_PROBABILITY_METHOD": conjunction.collision_probability_method,
    }


def _party(party: ConjunctionParty) -> Iterable[tuple[Section, Values]]:
    yield (
        table.METADATA,
        {
            "OBJECT_DESIGNATOR": party.designator,
            "CATALOG_NAME": party.catalog,
            "OBJECT_NAME": party.name,
            "INTERNATIONAL_DESIGNATOR": party.international_designator or "UNKNOWN",
            "OBJECT_TYPE": party.object_type,
            "OPERATOR_CONTACT_POSITION": party.operator_position,
            "OPERATOR_ORGANIZATION": party.operator,
            "OPERATOR_PHONE": party.operator_phone,
            "OPERATOR_EMAIL": party.operator_email,
            "EPHEMERIS_NAME": party.ephemeris_name or "NONE",
            "COVARIANCE_METHOD": party.covariance_method
            or ("DEFAULT" if party.covariance_rtn is None else "CALCULATED"),
            "MANEUVERABLE": party.maneuverable or "N/A",
            "ORBIT_CENTER": party.centre,
            "REF_FRAME": party.frame,
        },
    )
    yield (
        table.OD_PARAMETERS,
        {
            "TIME_LASTOB_START": _time(party.last_observed_from_tai_ns),
            "TIME_LASTOB_END": _time(party.last_observed_until_tai_ns),
            "RECOMMENDED_OD_SPAN": party.recommended_od_span_s,
            "ACTUAL_OD_SPAN": party.actual_od_span_s,
            "OBS_USED": _count(party.observations_used),
            "TRACKS_USED": _count(party.tracks_used),
            "RESIDUALS_ACCEPTED": party.residuals_accepted_ratio,
            "WEIGHTED_RMS": party.weighted_rms_ratio,
        },
    )
    yield table.ADDITIONAL_PARAMETERS, {"MASS": party.mass_kg}
    axes = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
    yield table.STATE, dict(zip(axes, (*party.r_m, *party.v_m_s), strict=True))
    yield table.COVARIANCE, _covariance(party.covariance_rtn)


def _count(number: int | None) -> str | None:
    return None if number is None else str(number)


def _covariance(matrix: Matrix | None) -> Values:
    lower = matrix or ((0.0,) * 6,) * 6
    return {
        name: 0.0 if np.isnan(value) else value
        for names, row in zip(TRIANGLE, lower, strict=True)
        for name, value in zip(names, row, strict=False)
    }


def _common_comments(conjunction: ConjunctionMessage) -> list[str]:
    mode, radius_m = conjunction.marks.data_mode, conjunction.hard_body_radius_m
    comments = list(conjunction.comments)
    if mode is not DataMode.REAL and (told := f"{mode.value}: not the real sky") not in comments:
        comments.insert(0, told)
    objects = [_said(party.comments) for party in (conjunction.primary, conjunction.secondary)]
    combined = combined_radius(chain(_said(comments), *objects))
    own = [own_radius(said) for said in objects]
    if combined is None and own[0] and own[1]:
        combined = (own[0][0] + own[1][0], 0)
    if radius_m is None or (combined is not None and combined[0] == radius_m):
        return comments
    return _stating(comments, _radius(combined_radius), radius_m, f"HBR = {radius_m!r} [m]")


def _comments(party: ConjunctionParty) -> list[str]:
    comments, radius_m, drag = list(party.comments), party.exclusion_radius_m, party.drag
    if radius_m is not None:
        told = f"EXCLUSION_VOLUME_RADIUS = {radius_m!r} [m]"
        comments = _stating(comments, _radius(exclusion_radius), radius_m, told)
    if drag is not None and drag_uncertainty(_said(comments)) != drag:
        comments += _drag(drag)
    is_known = party.covariance_rtn is not None and not np.isnan(party.covariance_rtn).any()
    if not is_known and _UNKNOWN_COVARIANCE not in comments:
        comments.append(_UNKNOWN_COVARIANCE)
    return comments


def _said(comments: Iterable[str]) -> list[Comment]:
    return [Comment(0, _line(comment)) for comment in comments]


def _radius(
    reader: Callable[[Iterable[Comment]], tuple[float, int] | None],
) -> Callable[[Iterable[Comment]], float | None]:
    def radius_m(comments: Iterable[Comment]) -> float | None:
        found = reader(comments)
        return found[0] if found else None

    return radius_m


def _stating(
    comments: list[str],
    reader: Callable[[Iterable[Comment]], Stated | None],
    value: Stated,
    told: str,
) -> list[str]:
    """Comments from which `reader` reads the value: what says another is left out."""
    kept = [comment for comment in comments if reader(_said([comment])) in (None, value)]
    return kept if reader(_said(kept)) == value else [*kept, told]


def _drag(drag: DragUncertainty) -> list[str]:
    position, velocity = (
        " ".join(map(repr, vector)) for vector in (drag.position_rtn_m, drag.velocity_rtn_m_s)
    )
    return [
        f"DCP Density Forecast Uncertainty = {drag.density_ratio!r}",
        f"DCP Sensitivity Vector RTN Pos = {position} [m]",
        f"DCP Sensitivity Vector RTN Vel = {velocity} [m/sec]",
    ]
