"""How large two objects are together: the message's word, a table's, or their class's default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty

_UNSTATED_M = 5.0
_UNSTATED_SOURCE = "the radius most often stated in public 18 SDS conjunction messages"
DEFAULT_RADII_M = {"DEBRIS": (1.1, "NASA CARA's default for debris (HBR estimates, 2026-06-01)")}
"""Radius and citation by OBJECT_TYPE; every other class takes 5 m.

In NASA's public estimates the debris whose size nobody measured has 1.1 m. For payloads, rocket
bodies and unknown objects no agency publishes one figure: of the 106 objects with a stated
exclusion radius in NASA CARA's public test messages 38 have 5 m, 36 have 1 m and the rest 3 to
19 m. A table of one's own (`radii_m`) is better than any of these.
"""


def combined_radius_m(
    message: ConjunctionMessage, *, radii_m: Mapping[str, float]
) -> tuple[float, str]:
    """Sum of the two radii, and in words where they come from.

    A combined radius in the message comes first. Else each object's own: what the message
    says of it, what the table `radii_m` (metres by object designator) says, the default of
    its class.
    """
    if message.hard_body_radius_m is not None:
        source = message.hard_body_radius_source or "stated"
        return message.hard_body_radius_m, f"message: {source}"
    first_m, first = object_radius_m(message.primary, radii_m=radii_m)
    second_m, second = object_radius_m(message.secondary, radii_m=radii_m)
    again = "the same" if second == first else second
    return first_m + second_m, f"{first_m:g} m ({first}) + {second_m:g} m ({again})"


def object_radius_m(party: ConjunctionParty, *, radii_m: Mapping[str, float]) -> tuple[float, str]:
    """Radius of one object, and in words where it comes from."""
    if party.exclusion_radius_m is not None:
        return party.exclusion_radius_m, "message: exclusion volume radius"
    if party.designator in radii_m:
        return radii_m[party.designator], "table"
    return class_radius_m(party.object_type or "UNKNOWN")


def class_radius_m(object_type: str) -> tuple[float, str]:
    """Default radius of an OBJECT_TYPE, and its citation."""
    kind = object_type.upper()
    radius_m, source = DEFAULT_RADII_M.get(kind, (_UNSTATED_M, _UNSTATED_SOURCE))
    return radius_m, f"default for {kind.lower()}: {source}"
