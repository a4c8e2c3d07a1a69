"""What people write on a command line, as numbers with a meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from skypact.base.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from skypact.records.elements import Elements
    from skypact.ssa.volumes import Volume

_METRES = {"m": 1.0, "km": 1e3}
_CLOSE = 0.75  # of 1: below it a name alike in half of its letters would be offered
_LENGTH = re.compile(r"(\d+\.?\d*|\.\d+)\s*(km|m)")


def _name(_: object, text: str) -> None:
    if text.startswith("-") and text != "-":
        raise ValueError(f"there is no option {text}")


# `-`, standard input, is a name; every other word with a hyphen in front is a mistaken option.
Name = Annotated[str, Parameter(allow_leading_hyphen=True, validator=_name)]


class UsageError(Exception):
    """The command line says something that no command understands."""


def length_m(text: str) -> float:
    """A positive length with its unit.

    >>> length_m("5km"), length_m("250 m")
    (5000.0, 250.0)
    """
    matched = _LENGTH.fullmatch(text.strip())
    if not matched:
        raise UsageError(f"expected a length with its unit, such as 5km or 500m, found {text!r}")
    metres = float(matched[1]) * _METRES[matched[2]]
    if metres == 0.0:
        raise UsageError(f"a length must be above zero, not {text}")
    return metres


def lengths_m(text: str) -> tuple[float, ...]:
    """Lengths with their units, smallest first.

    >>> lengths_m("5km,1km")
    (1000.0, 5000.0)
    """
    return tuple(sorted({length_m(part) for part in text.split(",")}))


def volumes(text: str, elements: Elements) -> Volume | dict[int, Volume]:
    """A preset by name, `regime`, or a shape with semi-axes: `ellipsoid:500m,17km,20km`."""
    from skypact.ssa.volumes import PRESETS, Volume, by_regime, sphere

    if text == "regime":
        return by_regime(elements)
    if text in PRESETS:
        return PRESETS[text]
    kind, _, axes = text.partition(":")
    lengths = [length_m(part) for part in axes.split(",")] if axes else []
    if kind == "sphere" and len(lengths) == 1:
        return sphere(lengths[0])
    if kind in ("ellipsoid", "box") and len(lengths) == 3:
        shape: Literal["ellipsoid", "box"] = "box" if kind == "box" else "ellipsoid"
        return Volume(kind=shape, radial_m=lengths[0], transverse_m=lengths[1], normal_m=lengths[2])
    raise UsageError(
        f"expected a volume: regime, {', '.join(PRESETS)}, sphere:5km, or ellipsoid: or box: with "
        f"radial, transverse and normal semi-axes such as 500m,17km,20km; found {text!r}"
    )


def start_utc(text: str) -> np.datetime64:
    """An instant in ISO 8601; a date alone is its midnight."""
    from skypact.astro.time import parse_utc

    try:
        utc, in_leap_second = parse_utc(text)
    except InputError as error:
        raise UsageError(str(error)) from None
    if in_leap_second:
        raise UsageError(f"a window cannot start inside a leap second, {text}")
    return utc


def objects(texts: Sequence[str], elements: Elements) -> list[int]:
    """Catalogue numbers of the objects listed by number or by name, each once, in order.

    Raises:
        InputError: one of them is not in the catalogue.
    """
    known = set(elements.norad_id.tolist())
    by_name: dict[str, list[int]] = {}
    for number, name in zip(elements.norad_id.tolist(), elements.name, strict=True):
        by_name.setdefault(str(name).casefold(), []).append(number)
    found: dict[int, None] = {}
    for text in texts:
        is_number = text.isascii() and text.isdigit()
        numbers = [int(text)] if is_number else by_name.get(text.casefold(), [])
        if not numbers or not known.issuperset(numbers):
            raise InputError(_absent(text, by_name))
        found.update(dict.fromkeys(numbers))
    return list(found)


def _absent(text: str, by_name: dict[str, list[int]]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(text.casefold(), by_name, n=3, cutoff=_CLOSE)
    meant = f"did you mean {' or '.join(name.upper() for name in near)}?"
    look_up = "skypact catalogue show CATALOGUE --like TEXT finds names by a part of them"
    return f"the catalogue has no object {text!r}; {meant if near else look_up}"


def listed(text: str) -> list[str]:
    r"""The entries of a list file: one per line or comma, `#` starts a comment.

    >>> listed("25544, ALOS-2  # ours\n\n43013")
    ['25544', 'ALOS-2', '43013']
    """
    lines = (line.partition("#")[0] for line in text.splitlines())
    return [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
