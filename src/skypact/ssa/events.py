"""Messages about one close approach are one event, and every partner calls it by the same name."""

from __future__ import annotations

import base64
import hashlib
import itertools
import math
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec import Struct

from skypact.astro.frames import EARTH_RATE_RAD_S
from skypact.astro.sgp4_constants import EARTH_GM_M3_S2
from skypact.astro.time import NANOSECONDS, utc_from_tai_ns, utc_text
from skypact.base.errors import InputError
from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SAME_APPROACH_PERIODS_RATIO = 0.2
"""Two messages tell of the same approach when their times of closest approach differ by at most
this fraction of the shorter orbital period: two orbits that cross meet twice in a period, half a
period apart, and predictions of one meeting differ by seconds to a few minutes."""

_SHORTEST_PERIOD_S = 5_200.0  # an orbit just above the air; stands for one that is not known
_ID_BYTES = 15  # 120 bits: enough that nobody can search for two events of one name
_LETTERS = 12  # 60 bits of them are spoken
_GROUP = 4
_FEWEST_LETTERS = 4
_UNSAID = ("UNKNOWN", "NONE", "N/A")
_NAMELESS = ("", *_UNSAID)


class Event(Struct, frozen=True, kw_only=True):
    """All that is known of one close approach of two objects.

    `messages` are in order of creation, then of MESSAGE_ID; all share one data mode. `id` is
    made of the two objects and the earliest message. `aliases` are the ids that somebody
    without the earlier messages gives to the same event, one for each later message: the id
    that stood before an earlier message arrived is among them, and two partners whose sets
    of messages overlap each find the other's id among their own names.
    """

    id: str
    aliases: tuple[str, ...]
    objects: tuple[str, str]
    messages: tuple[ConjunctionMessage, ...]

    @property
    def current(self) -> ConjunctionMessage:
        """The message to decide by: the newest with both covariances, else the newest.

        A newer screening of public elements, which has none, tells less than what it follows.
        """
        return self.messages[self.current_row]

    @property
    def current_row(self) -> int:
        """Where the current message stands among the messages."""
        full = [row for row, one in enumerate(self.messages) if _has_covariances(one)]
        return full[-1] if full else len(self.messages) - 1

    @property
    def names(self) -> tuple[str, ...]:
        """The id and every alias."""
        return (self.id, *self.aliases)


def _has_covariances(message: ConjunctionMessage) -> bool:
    return None not in (message.primary.covariance_rtn, message.secondary.covariance_rtn)


def group(messages: Iterable[ConjunctionMessage]) -> list[Event]:
    """Events by time of closest approach: the same ones for the same messages in any order.

    A message joins the event of the same pair and data mode whose nearest time of closest
    approach lies within `SAME_APPROACH_PERIODS_RATIO` of the shorter period; which of the two
    objects a message calls the first does not matter. A message given twice counts once.
    """
    by_pair: dict[tuple[str, str, str], list[ConjunctionMessage]] = defaultdict(list)
    for message in _each_once(messages):
        by_pair[*_objects(message), message.marks.data_mode].append(message)
    found = [_event(chain) for pair in by_pair.values() for chain in _chains(pair)]
    return sorted(found, key=lambda event: (event.current.tca_tai_ns, event.id))


def _each_once(messages: Iterable[ConjunctionMessage]) -> list[ConjunctionMessage]:
    """Without those that say the same but for comments and where it was found.

    They leave in an order that does not depend on the one in which they came.
    """
    by_content: dict[bytes, ConjunctionMessage] = {}
    for message in sorted(messages, key=msgspec.json.encode):
        by_content.setdefault(msgspec.json.encode(_bare(message)), message)
    return list(by_content.values())


def _bare(message: ConjunctionMessage) -> ConjunctionMessage:
    replace = msgspec.structs.replace
    return replace(
        message,
        comments=(),
        hard_body_radius_source=None,  # tells a line, which each notation has elsewhere
        primary=replace(message.primary, comments=()),
        secondary=replace(message.secondary, comments=()),
        marks=replace(message.marks, source="", produced_at=None, derived_from=()),
    )


def _chains(messages: Sequence[ConjunctionMessage]) -> Iterable[list[ConjunctionMessage]]:
    """Cut a pair's messages, in order of closest approach, where the next one is too far off."""
    ordered = sorted(messages, key=_by_approach)
    chain = ordered[:1]
    for before, after in itertools.pairwise(ordered):
        gap_s = (after.tca_tai_ns - before.tca_tai_ns) / NANOSECONDS
        if gap_s > SAME_APPROACH_PERIODS_RATIO * min(_period_s(before), _period_s(after)):
            yield chain
            chain = []
        chain.append(after)
    yield chain


def _by_approach(message: ConjunctionMessage) -> tuple[int, int, str]:
    return (message.tca_tai_ns, *_by_creation(message))


def _by_creation(message: ConjunctionMessage) -> tuple[int, str]:
    return message.created_tai_ns, message.message_id


def _event(chain: list[ConjunctionMessage]) -> Event:
    messages = sorted(chain, key=_by_creation)
    names = list(dict.fromkeys(map(_name, messages)))
    return Event(
        id=names[0],
        aliases=tuple(names[1:]),
        objects=_objects(messages[0]),
        messages=tuple(messages),
    )


def _name(message: ConjunctionMessage) -> str:
    """What an event is called whose earliest message is this one: `abcd-efgh-2345`.

    60 bits of SHA-256 over the JSON list [object, object, creation, MESSAGE_ID], the objects
    in order, the creation as UTC with nine decimals.
    """
    utc, leap = utc_from_tai_ns(np.array([message.created_tai_ns]))
    created = utc_text(utc[0], in_leap_second=bool(leap[0]), decimals=9)
    said = msgspec.json.encode([*_objects(message), created, message.message_id])
    digest = hashlib.sha256(said).digest()[:_ID_BYTES]
    letters = base64.b32encode(digest).decode().lower()[:_LETTERS]
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def _objects(message: ConjunctionMessage) -> tuple[str, str]:
    first, second = sorted((object_id(message.primary), object_id(message.secondary)))
    return first, second


def object_id(party: ConjunctionParty) -> str:
    """One spelling for one object: its catalogue number without leading zeros.

    What has no number goes by its designator and catalogue, else by its name.

    >>> from types import SimpleNamespace
    >>> object_id(SimpleNamespace(designator="000025544", catalog="SATCAT", name="ISS"))
    '25544'
    """
    designator = " ".join(party.designator.upper().split())
    if designator.isascii() and designator.isdigit() and int(designator):
        return str(int(designator))
    if designator.strip("0") and designator not in _UNSAID:
        return f"{' '.join(party.catalog.upper().split())}:{designator}"
    return f"NAME:{' '.join(party.name.upper().split())}"


def called(party: ConjunctionParty) -> str:
    """What a person calls an object: its name; what is nameless, by its number or designator.

    >>> from types import SimpleNamespace
    >>> called(SimpleNamespace(designator="41", catalog="SATCAT", name="UNKNOWN"))
    'object 41'
    """
    name = " ".join(party.name.split())
    return f"object {object_id(party)}" if name.upper() in _NAMELESS else name


def _period_s(message: ConjunctionMessage) -> float:
    return min(orbital_period_s(message.primary), orbital_period_s(message.secondary))


def orbital_period_s(party: ConjunctionParty) -> float:
    """Period of the orbit through this state; of no closed orbit, the shortest that there is."""
    (x, y, _), (vx, vy, vz) = party.r_m, party.v_m_s
    if party.frame.upper().startswith(("ITRF", "ECEF", "EFG", "TDR", "WGS")):  # turn with the Earth
        vx, vy = vx - EARTH_RATE_RAD_S * y, vy + EARTH_RATE_RAD_S * x
    per_axis = 2.0 / math.hypot(*party.r_m) - (vx * vx + vy * vy + vz * vz) / EARTH_GM_M3_S2
    if not per_axis > 0.0:
        return _SHORTEST_PERIOD_S
    return math.tau * math.sqrt((1.0 / per_axis) ** 3 / EARTH_GM_M3_S2)


def find(events: Sequence[Event], name: str) -> Event:
    """The event of this id or alias; its first letters do where they mean one event only.

    Raises:
        InputError: none is called so, or several are.
    """
    wanted = name.strip().lower().replace("-", "")
    if len(wanted) < _FEWEST_LETTERS:
        raise InputError(f"an event is named by {_FEWEST_LETTERS} letters or more, not {name!r}")
    matching = [
        event
        for event in events
        if any(one.replace("-", "").startswith(wanted) for one in event.names)
    ]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise InputError(f"there is no event {name} among the {len(events)} of these messages")
    listed = ", ".join(event.id for event in matching)
    raise InputError(f"{name} may be any of {listed}")
