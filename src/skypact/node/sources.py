"""Public catalogues by name: where they are, how they are asked, how often they may be.

`celestrak:GROUP`, `celestrak:NUMBER`, `spacetrack:catalogue`, `spacetrack:NUMBER,NUMBER`.
"""

from __future__ import annotations

import difflib
from typing import NamedTuple

from skypact.base.errors import InputError
from skypact.node.limiter import Limit

_HOUR_S = 3600.0

CELESTRAK_GROUPS = (
    "active", "amateur", "analyst", "argos", "beidou", "cosmos-1408-debris",
    "cosmos-2251-debris", "cubesat", "dmc", "education", "engineering", "eutelsat",
    "fengyun-1c-debris", "galileo", "geo", "geodetic", "glo-ops", "globalstar", "gnss", "goes",
    "gps-ops", "gpz", "gpz-plus", "hulianwang", "intelsat", "iridium", "iridium-33-debris",
    "iridium-NEXT", "kuiper", "last-30-days", "military", "molniya", "musson", "nnss", "noaa",
    "oneweb", "orbcomm", "other", "other-comm", "planet", "qianfan", "radar", "resource",
    "sarsat", "satnogs", "sbas", "science", "ses", "spire", "starlink", "stations", "tdrss",
    "telesat", "visual", "weather", "x-comm",
)  # fmt: skip
"""Groups of CelesTrak's current data page, celestrak.org/NORAD/elements."""

_CELESTRAK = "https://celestrak.org/NORAD/elements/gp.php"
_CELESTRAK_POLICY = "celestrak.org/usage-policy.php: no data set changes within 2 hours"

SPACETRACK_LOGIN = "https://www.space-track.org/ajaxauth/login"
_SPACETRACK = "https://www.space-track.org/basicspacedata/query/class/gp"
_SPACETRACK_RULES = "space-track.org API use guidelines"
# Fewer than 30 a minute and 300 an hour; each of ours counts twice, for the login and the query.
_SPACETRACK_LIMITS = (
    Limit("spacetrack minute", 14, 60.0, f"{_SPACETRACK_RULES}: fewer than 30 per minute"),
    Limit("spacetrack hour", 149, _HOUR_S, f"{_SPACETRACK_RULES}: fewer than 300 per hour"),
)


class Query(NamedTuple):
    """One question to one source."""

    name: str
    originator: str
    url: str
    limits: tuple[Limit, ...]

    @property
    def needs_login(self) -> bool:
        """Whether the URL is handed to `SPACETRACK_LOGIN` with the user's credentials."""
        return self.url.startswith(_SPACETRACK)


def is_source(name: str) -> bool:
    """Whether this names a public catalogue rather than a file."""
    return name.startswith(("celestrak:", "spacetrack:"))


def query(name: str) -> Query:
    """What to ask for a catalogue's name.

    Raises:
        InputError: no source has a catalogue of this name.
    """
    source, _, wanted = name.partition(":")
    if source == "celestrak":
        return _celestrak(name, wanted)
    if source == "spacetrack":
        return _spacetrack(name, wanted)
    raise InputError(f"expected a source such as celestrak:active, found {name!r}")


def _celestrak(name: str, wanted: str) -> Query:
    if wanted.isascii() and wanted.isdigit():
        question = f"CATNR={wanted}"
    elif wanted in CELESTRAK_GROUPS:
        question = f"GROUP={wanted}"
    else:
        near = difflib.get_close_matches(wanted, CELESTRAK_GROUPS, n=3) or ["active", "stations"]
        raise InputError(f"CelesTrak has no group {wanted!r}; did you mean {' or '.join(near)}?")
    limit = Limit(name, 1, 2 * _HOUR_S, _CELESTRAK_POLICY)
    return Query(name, "CelesTrak", f"{_CELESTRAK}?{question}&FORMAT=csv", (limit,))


def _spacetrack(name: str, wanted: str) -> Query:
    if wanted == "catalogue":
        # Space-Track's own recipe for all current element sets.
        selection = "decay_date/null-val/epoch/%3Enow-30/orderby/norad_cat_id"
    elif all(number.isascii() and number.isdigit() for number in wanted.split(",")):
        selection = f"norad_cat_id/{wanted}"
    else:
        raise InputError(
            f"expected spacetrack:catalogue or spacetrack: with numbers such as 25544,43013, "
            f"found {name!r}"
        )
    once = Limit(name, 1, _HOUR_S, f"{_SPACETRACK_RULES}: GP class once per hour")
    url = f"{_SPACETRACK}/{selection}/format/json"
    return Query(name, "Space-Track", url, (*_SPACETRACK_LIMITS, once))
