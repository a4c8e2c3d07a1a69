"""Charts of one quantity over another: scales, lines, marks and words, in light and dark."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from skypact.base.svg import Svg, element, number, text
from skypact.records.marks import DataMode
from skypact.ssa.event_words import brief

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from skypact.base.svg import Attributes

    Floats = npt.NDArray[np.float64]

WIDTH_PX = 760.0
LEFT_PX, RIGHT_PX = 84.0, 740.0
TOP_PX = 64.0
_MOST_TICKS = 9
_MOST_POWERS = 8
_STEPS = (1.0, 2.0, 5.0, 10.0)

# Each colour stands 3:1 or better against its ground, words 4.5:1. No two things are told
# apart by hue alone: marks differ in shape, lines in their dashes.
_PALETTE = {
    "ground": "fill: {}",
    "ink": "fill: {}",
    "quiet": "fill: {}",
    "frame": "stroke: {}; fill: none",
    "grid": "stroke: {}",
    "halo": "stroke: {}",
    "ours": "stroke: {}; fill: none",
    "other": "stroke: {}; fill: none",
    "danger": "stroke: {}; fill: none",
    "unknown": "stroke: {}; fill: none",
}
_LIGHT = ("#fff", "#1c2733", "#566373", "#1c2733", "#dfe4ea", "#fff",
          "#2763a8", "#b45309", "#b3261e", "#6b4ea8")  # fmt: skip
_DARK = ("#10161f", "#e8edf3", "#a3b0bf", "#e8edf3", "#263241", "#10161f",
         "#86b6ec", "#f2a950", "#ff8a80", "#c3a6ff")  # fmt: skip


class LinearScale(Struct, frozen=True, kw_only=True):
    """Where a value stands between two ends of an axis; `lowest` may be the larger number."""

    lowest: float
    highest: float
    start_px: float
    end_px: float

    def px(self, value: npt.ArrayLike) -> Floats:
        share = (np.asarray(value, np.float64) - self.lowest) / (self.highest - self.lowest)
        return np.asarray(self.start_px + share * (self.end_px - self.start_px), np.float64)

    def ticks(self, most: int = _MOST_TICKS) -> list[tuple[float, str]]:
        """Round values inside, about `most` of them, with their words."""
        low, high = sorted((self.lowest, self.highest))
        step = _round_step((high - low) / most)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [(at * step, f"{at * step:.6g}") for at in range(first, last + 1)]


class LogScale(Struct, frozen=True, kw_only=True):
    """The same in powers of ten; what is smaller than `lowest` stands on it."""

    lowest: float
    highest: float
    start_px: float
    end_px: float

    def px(self, value: npt.ArrayLike) -> Floats:
        logs = np.log10(np.maximum(np.asarray(value, np.float64), self.lowest))
        low, high = math.log10(self.lowest), math.log10(self.highest)
        share = (logs - low) / (high - low)
        return np.asarray(self.start_px + share * (self.end_px - self.start_px), np.float64)

    def ticks(self) -> list[tuple[float, str]]:
        """Powers of ten inside, every so many; 1, 2, 5 where there are few of them."""
        first = math.ceil(math.log10(self.lowest) - 1e-9)
        last = math.floor(math.log10(self.highest) + 1e-9)
        every = max(1, -(-(last - first) // _MOST_POWERS))
        values = [10.0**power for power in range(first, last + 1, every)]
        if len(values) <= 2:
            powers = range(first - 1, last + 1)
            finer = (step * 10.0**power for power in powers for step in _STEPS[:3])
            values = [one for one in finer if self.lowest <= one <= self.highest]
        return [(one, brief(one)) for one in values]


Scale = LinearScale | LogScale


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1.0 - 1e-9))


def chart(
    name: str,
    *,
    title: str,
    description: str,
    below: str,
    height_px: float,
    mode: DataMode,
    children: Iterable[str],
) -> Svg:
    """A picture with its heading, the line below it, and its data mode across it if not real."""
    shown = below if mode == DataMode.REAL else f"{mode.value} · {below}"
    return Svg(
        name=name,
        title=title,
        description=f"{description} Data mode: {mode.value}.",
        width_px=WIDTH_PX,
        height_px=height_px,
        style=_style(name),
        children=(
            element("rect", {"class": "ground", "width": WIDTH_PX, "height": height_px}),
            *watermark(mode, height_px),
            *children,
            words(title, 16.0, 26.0, "ink heading"),
            words(shown, 16.0, 44.0, "quiet"),
        ),
    )


def _style(name: str) -> str:
    return f"""
.{name} {{font: 12px system-ui, "DejaVu Sans", sans-serif; max-width: 100%; height: auto}}
.{name} .heading {{font-size: 16px; font-weight: 600}}
.{name} .curve {{stroke-width: 2; stroke-linejoin: round}}
.{name} .dashed {{stroke-width: 1.5; stroke-dasharray: 6 4}}
.{name} .mark {{stroke-width: 2}}
.{name} .thin {{stroke-width: 1.2}}
.{name} .halo {{paint-order: stroke; stroke-width: 4; stroke-linejoin: round}}
.{name} .watermark {{font-size: 84px; font-weight: 700; letter-spacing: 6px; opacity: 0.09}}
{_rules(name, _LIGHT)}
@media (prefers-color-scheme: dark) {{
{_rules(name, _DARK)}
}}
@media print {{
{_rules(name, _LIGHT)}
}}
"""


def _rules(name: str, colours: tuple[str, ...]) -> str:
    pairs = zip(_PALETTE.items(), colours, strict=True)
    return "\n".join(f".{name} .{one} {{{rule.format(c)}}}" for (one, rule), c in pairs)


def watermark(mode: DataMode, height_px: float) -> tuple[str, ...]:
    if mode == DataMode.REAL:
        return ()
    middle_px = (LEFT_PX + RIGHT_PX) / 2.0
    return (words(mode.value, middle_px, height_px / 2.0 + 28.0, "ink watermark", "middle"),)


def words(said: str, x_px: float, y_px: float, name: str, anchor: str = "start") -> str:
    place: Attributes = {"class": name, "x": x_px, "y": y_px, "text-anchor": anchor}
    return element("text", place, text(said))


def line(x1_px: float, y1_px: float, x2_px: float, y2_px: float, name: str = "grid") -> str:
    ends = {"x1": x1_px, "y1": y1_px, "x2": x2_px, "y2": y2_px}
    return element("line", {"class": name, **ends})


def curve(x_px: Floats, y_px: Floats, name: str) -> str:
    """A line through the points, broken where one is not known."""
    path, pen = [], "M"
    for x, y in zip(x_px.tolist(), y_px.tolist(), strict=True):
        if math.isfinite(x) and math.isfinite(y):
            path.append(f"{pen}{number(x)} {number(y)}")
            pen = "L"
        else:
            pen = "M"
    return element("path", {"class": f"curve {name}", "d": "".join(path)}) if path else ""


def circles(x_px: Floats, y_px: Floats, name: str, radius_px: float = 4.0) -> list[str]:
    return [
        element("circle", {"class": f"mark {name}", "cx": x, "cy": y, "r": radius_px})
        for x, y in _known(x_px, y_px)
    ]


def squares(x_px: Floats, y_px: Floats, name: str, half_px: float = 4.0) -> list[str]:
    return [
        element("rect", {"class": f"mark {name}", "x": x - half_px, "y": y - half_px,
                         "width": 2.0 * half_px, "height": 2.0 * half_px})
        for x, y in _known(x_px, y_px)
    ]  # fmt: skip


def crosses(x_px: Floats, y_px: Floats, name: str, half_px: float = 5.0) -> list[str]:
    marks = []
    for x, y in _known(x_px, y_px):
        marks.append(line(x - half_px, y - half_px, x + half_px, y + half_px, f"mark {name}"))
        marks.append(line(x - half_px, y + half_px, x + half_px, y - half_px, f"mark {name}"))
    return marks


def _known(x_px: Floats, y_px: Floats) -> list[tuple[float, float]]:
    pairs = zip(x_px.tolist(), y_px.tolist(), strict=True)
    return [(x, y) for x, y in pairs if math.isfinite(x) and math.isfinite(y)]


def upright(scale: Scale, said: str) -> list[str]:
    """The vertical axis of a panel: a line and a number at each tick, and what it shows."""
    marks = [words(said, LEFT_PX, min(scale.start_px, scale.end_px) - 7.0, "quiet")]
    for value, tick in scale.ticks():
        y_px = float(scale.px(value))
        marks.append(line(LEFT_PX, y_px, RIGHT_PX, y_px))
        marks.append(words(tick, LEFT_PX - 8.0, y_px + 4.0, "quiet", "end"))
    return marks


def level_axis(scale: Scale, bottom_px: float, said: str) -> list[str]:
    """The horizontal axis, below the lowest panel."""
    middle_px = (LEFT_PX + RIGHT_PX) / 2.0
    marks = [words(said, middle_px, bottom_px + 36.0, "quiet", "middle")]
    for value, tick in scale.ticks():
        x_px = float(scale.px(value))
        marks.append(line(x_px, bottom_px, x_px, bottom_px + 5.0))
        marks.append(words(tick, x_px, bottom_px + 18.0, "quiet", "middle"))
    return marks
