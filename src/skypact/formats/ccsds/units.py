"""Units as messages spell them: which are the same, which convert, which are wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from math import pi

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = re.compile("([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)")
_TOKEN = re.compile(
    r"(?P<name>[A-Za-zµ%#°]+|1(?![\d]))(?:(?:\*\*|\^)?(?P<power>[+-]?\d+))?|(?P<mark>[*/().·×⋅ ])"
)
_LONGEST = 40  # characters; no unit of any standard is half as long

_Dimensions = tuple[tuple[str, int], ...]

# Name, in lower case: factor to the coherent unit, and its dimensions.
_UNITS: dict[str, tuple[float, dict[str, int]]] = {
    "m": (1.0, {"m": 1}),
    "km": (1e3, {"m": 1}),
    "cm": (1e-2, {"m": 1}),
    "mm": (1e-3, {"m": 1}),
    "s": (1.0, {"s": 1}),
    "sec": (1.0, {"s": 1}),
    "min": (60.0, {"s": 1}),
    "h": (3600.0, {"s": 1}),
    "d": (86400.0, {"s": 1}),
    "day": (86400.0, {"s": 1}),
    "days": (86400.0, {"s": 1}),
    "yr": (31557600.0, {"s": 1}),
    "hz": (1.0, {"s": -1}),
    "rad": (1.0, {"rad": 1}),
    "deg": (pi / 180.0, {"rad": 1}),
    "°": (pi / 180.0, {"rad": 1}),
    "rev": (2.0 * pi, {"rad": 1}),
    "kg": (1.0, {"kg": 1}),
    "g": (1e-3, {"kg": 1}),
    "n": (1.0, {"kg": 1, "m": 1, "s": -2}),
    "w": (1.0, {"kg": 1, "m": 2, "s": -3}),
    "j": (1.0, {"kg": 1, "m": 2, "s": -2}),
    "t": (1.0, {"t": 1}),
    "nt": (1e-9, {"t": 1}),
    "%": (1e-2, {}),
    "1": (1.0, {}),
}


def factor(found: str, wanted: str) -> float | None:
    """What a number in unit `found` is multiplied with to be in `wanted`; None: it cannot be.

    Upper and lower case, `^` and `**`, superscripts, `·`, `×` and blanks between factors make
    no difference.

    >>> factor("m×s⁻¹", "km/s"), factor("KM**2", "km**2"), factor("s", "m**2")
    (0.001, 1.0, None)
    """
    if found == wanted:
        return 1.0
    first, second = _meaning(found), _meaning(wanted)
    if first is None or second is None or first[1] != second[1]:
        return None
    return float(f"{first[0] / second[0]:.15g}")  # 1e3 squared over 1e6 is one


@lru_cache(maxsize=512)
def _meaning(unit: str) -> tuple[float, _Dimensions] | None:
    """Factor to coherent units, and dimensions; None where the text is no unit."""
    text = _RAISED.sub(lambda raised: f"**{raised[1].translate(_SUPERSCRIPTS)}", unit.strip())
    if not text or len(text) > _LONGEST:
        return None
    total, dimensions = 1.0, dict[str, int]()
    sign, signs, position = 1, [1], 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return None
        position = token.end()
        if token["mark"] is None:
            scale, parts = _UNITS.get(token["name"].lower(), (1.0, {token["name"].lower(): 1}))
            power = sign * signs[-1] * int(token["power"] or 1)
            if abs(power) > 9:
                return None
            total *= scale**power
            for name, exponent in parts.items():
                dimensions[name] = dimensions.get(name, 0) + exponent * power
            sign = 1
        elif token["mark"] == "/":
            sign = -1
        elif token["mark"] == "(":
            signs.append(signs[-1] * sign)
            sign = 1
        elif token["mark"] == ")":
            if len(signs) == 1:
                return None
            signs.pop()
    return total, tuple(sorted((name, power) for name, power in dimensions.items() if power))


@lru_cache(maxsize=512)
def si_factor(unit: str) -> float:
    """What a number in `unit` is multiplied with to be in SI units and radians, or a ratio.

    A unit that is none of SI's (`1/ER`, `SFU`) stays as it is.

    >>> si_factor("km/s"), si_factor("%"), si_factor("")
    (1000.0, 0.01, 1.0)
    """
    meaning = _meaning(unit)
    return meaning[0] if meaning else 1.0
