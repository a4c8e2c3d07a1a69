"""Pictures as SVG text: no drawing library, the same bytes every time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    Attributes = Mapping[str, str | float]

_DECIMALS = 1  # a tenth of a CSS pixel: finer than any screen shows
_NOT_IN_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def number(value: float) -> str:
    """A coordinate as short text: `12.5`, `12`, never `-0` or an exponent.

    >>> number(-0.04), number(12.0), number(12.46)
    ('0', '12', '12.5')
    """
    text = f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, attributes: Attributes, children: str | Iterable[str] = ()) -> str:
    """One element. Children are markup already: words go through `text` first.

    >>> element("line", {"x1": 0.0, "y1": 1.25})
    '<line x1="0" y1="1.2"/>'
    """
    spelt = "".join(f" {key}={quoteattr(_value(value))}" for key, value in attributes.items())
    inside = "".join(children)
    return f"<{name}{spelt}>{inside}</{name}>" if inside else f"<{name}{spelt}/>"


def _value(value: str | float) -> str:
    return _printable(value) if isinstance(value, str) else number(value)


def text(words: str) -> str:
    """Words as markup, with what XML cannot hold replaced by U+FFFD."""
    return escape(_printable(words))


def _printable(words: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def dots(x: npt.ArrayLike, y: npt.ArrayLike) -> str:
    """Path data that puts one dot at each point, for a stroke with round or square caps."""
    points = zip(np.asarray(x).tolist(), np.asarray(y).tolist(), strict=True)
    return "".join(f"M{number(across)} {number(down)}h0" for across, down in points)


@dataclass(frozen=True)
class Svg:
    """One picture. Notebooks show it; `str` gives the file's text (UTF-8).

    `title` and `description` are what a screen reader says. Sizes are CSS pixels. The style
    sheet should name only classes below `.{name}`: within a page it reaches everything.
    """

    name: str
    title: str
    description: str
    width_px: float
    height_px: float
    style: str
    children: tuple[str, ...]

    def __str__(self) -> str:
        attributes: dict[str, str | float] = {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": self.name,
            "role": "img",
            "width": self.width_px,
            "height": self.height_px,
            "viewBox": f"0 0 {number(self.width_px)} {number(self.height_px)}",
        }
        head = (
            element("title", {}, text(self.title)),
            element("desc", {}, text(self.description)),
            element("style", {}, text(self.style)),
        )
        return element("svg", attributes, (*head, *self.children)) + "\n"

    def _repr_svg_(self) -> str:
        return str(self)
