"""What originators of conjunction messages say in comments, for want of keywords."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from skypact.formats.ccsds.units import factor
from skypact.records.conjunction_messages import DragUncertainty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from skypact.formats.ccsds.message import Comment
    from skypact.records.conjunction_messages import Vector

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LENGTH = rf"[ \t]*[=:][ \t]*({_NUMBER})[ \t]*\[?[ \t]*(km|m|M|KM)?[ \t]*\]?[ \t]*\.?"
_FLAGS = re.IGNORECASE | re.ASCII
_COMBINED = re.compile(
    rf"(?:COMBINED[ _])?(?:HBR|HARD[ _-]?BODY[ _]RADIUS)(?:[ _]\(?COMBINED\)?)?{_LENGTH}", _FLAGS
)
_OWN = re.compile(rf"(?:OPERATOR|OBJECT)[ _](?:HBR|HARD[ _-]?BODY[ _]RADIUS){_LENGTH}", _FLAGS)
_EXCLUSION = re.compile(rf"EXCLUSION[ _]VOLUME[ _]RADIUS{_LENGTH}", _FLAGS)
_DENSITY = re.compile(rf"DCP[ _]DENSITY[ _]FORECAST[ _]UNCERTAINTY[ \t]*=[ \t]*({_NUMBER})", _FLAGS)
_SENSITIVITY = re.compile(
    rf"DCP[ _]SENSITIVITY[ _]VECTOR[ _]RTN[ _](POS|VEL)[ \t]*=[ \t]*"
    rf"({_NUMBER})[ \t]+({_NUMBER})[ \t]+({_NUMBER})[ \t]*(?:\[([^\]]*)\])?",
    _FLAGS,
)


def combined_radius(comments: Iterable[Comment]) -> tuple[float, int] | None:
    """The combined hard-body radius in m, and the line that states it."""
    return _first_length(_COMBINED, comments)


def own_radius(comments: Iterable[Comment]) -> tuple[float, int] | None:
    """One object's own hard-body radius in m, and the line that states it."""
    return _first_length(_OWN, comments)


def exclusion_radius(comments: Iterable[Comment]) -> tuple[float, int] | None:
    """One object's exclusion volume radius in m, and the line that states it."""
    return _first_length(_EXCLUSION, comments)


def _first_length(
    pattern: re.Pattern[str], comments: Iterable[Comment]
) -> tuple[float, int] | None:
    for comment in comments:
        found = pattern.fullmatch(comment.text)
        if found:
            return float(found[1]) * (factor((found[2] or "m").lower(), "m") or 1.0), comment.line
    return None


def drag_uncertainty(comments: Iterable[Comment]) -> DragUncertainty | None:
    """One object's sensitivity to the density forecast; None unless all of it is stated."""
    density_ratio: float | None = None
    vectors: dict[str, Vector] = {}
    for comment in comments:
        if density := _DENSITY.match(comment.text):
            density_ratio = float(density[1])
        elif sensitivity := _SENSITIVITY.match(comment.text):
            part = sensitivity[1].upper()
            unit = "m" if part == "POS" else "m/s"
            scale = factor(sensitivity[5] or unit, unit)
            if scale is not None:
                x, y, z = (float(sensitivity[place]) * scale for place in (2, 3, 4))
                vectors[part] = (x, y, z)
    if density_ratio is None or len(vectors) != 2:
        return None
    return DragUncertainty(
        density_ratio=density_ratio,
        position_rtn_m=vectors["POS"],
        velocity_rtn_m_s=vectors["VEL"],
    )
