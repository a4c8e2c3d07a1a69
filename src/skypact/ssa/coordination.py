"""Who can move out of the way, and whom to call about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.ssa.events import called

if TYPE_CHECKING:
    from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty

_CANNOT_MOVE = ("DEBRIS", "ROCKET BODY")
_DEAD_NAMES = {"DEB", "DEBRIS", "R/B"}  # as the public catalogue names fragments and stages
_NOBODY = {"NONE", "N/A", "UNKNOWN"}


def who_manoeuvres(message: ConjunctionMessage) -> str:
    """Who can move, as far as the message says."""
    ours, theirs = _can_move(message.primary), _can_move(message.secondary)
    us = called(message.primary)
    them = called(message.secondary)
    if ours is False and theirs is False:
        return f"Nobody can: neither {us} nor {them} can manoeuvre."
    if theirs is False:
        sure = "" if ours else f", if it can (the message does not say so for {us})"
        return f"{us}{sure}; {them} cannot."
    if ours is False:
        sure = "" if theirs else ", if it can, which the message does not say"
        return f"{them}{sure}; {us} cannot. Its operator has to know."
    doubt = "" if theirs else f" The message does not say whether {them} can manoeuvre."
    return (
        f"Agree with the operator of {them} who does: two burns that do not know of each other "
        f"may cancel.{doubt}"
    )


def _can_move(party: ConjunctionParty) -> bool | None:
    """What the message says, or the kind of object that it or the name states; else None."""
    words = set(party.name.upper().replace("_", " ").split())
    if (party.object_type or "").upper().replace("_", " ") in _CANNOT_MOVE or words & _DEAD_NAMES:
        return False
    return {"YES": True, "NO": False}.get((party.maneuverable or "").upper())


def contact(message: ConjunctionMessage) -> str:
    """Whom to call about the other object."""
    them = message.secondary
    name = called(them)
    reached = (
        them.operator_position, them.operator, them.operator_phone, them.operator_email
    )  # fmt: skip
    said = ", ".join(
        dict.fromkeys(part for part in reached if part and part.upper() not in _NOBODY)
    )
    if said:
        return f"{name}: {said}."
    if _can_move(them) is False:
        return f"Nobody answers for {name}. Questions on the message: {message.originator}."
    return f"The message names nobody for {name}; ask {message.originator}, who sent it."
