"""Close approaches as a picture: how near, when, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from skypact.base.svg import Svg, dots, element, text
from skypact.records.marks import DataMode

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.base.svg import Attributes
    from skypact.records.conjunctions import Conjunctions

    Floats = npt.NDArray[np.float64]
    Times = npt.NDArray[np.datetime64]

_NAME = "skypact-conjunctions"
_WIDTH_PX, _HEIGHT_PX = 760.0, 420.0
_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 62.0, 740.0, 64.0, 352.0
_LABELLED = 3
_LETTER_PX, _LABEL_HEIGHT_PX = 7.0, 16.0  # of the usual letters, rounded up
_RING_PX = 6.0
_DATE_PX = 38.0  # half a date's width
_NEAREST_M = 1.0  # closer rows stand on the axis: elements cannot tell them apart
_SHORTEST_SPAN_NS = 3_600_000_000_000
_HOUR_NS = 3_600_000_000_000
_TICK_HOURS = (1, 2, 3, 6, 12, 24, 48, 96, 168)
_MOST_TICKS = 9
_FEWEST_LABELLED_TICKS = 2

_SPEEDS = (  # class, from (m/s), words
    ("slow", 0.0, "below 0.1 km/s"),
    ("low", 100.0, "0.1 to 5"),
    ("middle", 5_000.0, "5 to 10"),
    ("high", 10_000.0, "10 and more"),
)
# Each colour stands 3:1 or better against its ground; speed runs along lightness, and slow
# rows are squares, so that nothing hangs on telling hues apart.
_PALETTE = {
    "ground": "fill: {}",
    "ink": "fill: {}",
    "quiet": "fill: {}",
    "ring": "stroke: {}",
    "grid": "stroke: {}",
    "label": "stroke: {}",
    "slow": "stroke: {}; stroke-linecap: square",
    "low": "stroke: {}",
    "middle": "stroke: {}",
    "high": "stroke: {}",
}
_LIGHT = ("#fff", "#1c2733", "#566373", "#1c2733", "#dfe4ea", "#fff",
          "#b45309", "#5b8fc7", "#2763a8", "#0d2a55")  # fmt: skip
_DARK = ("#10161f", "#e8edf3", "#a3b0bf", "#e8edf3", "#263241", "#10161f",
         "#f2a950", "#4f7fb8", "#86b6ec", "#e1efff")  # fmt: skip


def _rules(colours: tuple[str, ...]) -> str:
    pairs = zip(_PALETTE.items(), colours, strict=True)
    return "\n".join(f".{_NAME} .{name} {{{rule.format(c)}}}" for (name, rule), c in pairs)


_STYLE = f"""
.{_NAME} {{font: 12px system-ui, "DejaVu Sans", sans-serif; max-width: 100%; height: auto}}
.{_NAME} .heading {{font-size: 16px; font-weight: 600}}
.{_NAME} .rows {{fill: none; stroke-width: 5.5; stroke-linecap: round}}
.{_NAME} .ring {{fill: none; stroke-width: 1.5}}
.{_NAME} .label {{paint-order: stroke; stroke-width: 4; stroke-linejoin: round}}
.{_NAME} .watermark {{font-size: 84px; font-weight: 700; letter-spacing: 6px; opacity: 0.09}}
{_rules(_LIGHT)}
@media (prefers-color-scheme: dark) {{
{_rules(_DARK)}
}}
"""


class _Axes(Struct, frozen=True):
    """Where a time and a distance stand on the picture."""

    start_ns: int
    end_ns: int
    log_low: float
    log_high: float

    def across_px(self, times_ns: npt.NDArray[np.int64]) -> Floats:
        share = (times_ns - self.start_ns) / (self.end_ns - self.start_ns)
        return np.asarray(_LEFT_PX + share * (_RIGHT_PX - _LEFT_PX), np.float64)

    def down_px(self, miss_m: Floats) -> Floats:
        logs = np.log10(np.maximum(miss_m, 10.0**self.log_low))
        share = (logs - self.log_low) / (self.log_high - self.log_low)
        return np.asarray(_BOTTOM_PX - share * (_BOTTOM_PX - _TOP_PX), np.float64)


def plot(conjunctions: Conjunctions) -> Svg:
    """Miss distance (logarithmic) over the time of closest approach, coloured by speed.

    The closest rows that belong to no group are ringed and named. Rows below 1 m stand on
    the lowest line. A row without a known distance or time cannot be placed; the picture
    says how many there are. Anything but real data carries its mode across the picture.
    """
    placed = np.isfinite(conjunctions.miss_distance_m) & ~np.isnat(conjunctions.tca_utc)
    drawn = conjunctions[placed]
    unplaced = int((~placed).sum())
    axes = _axes(drawn)
    return Svg(
        name=_NAME,
        title=_heading(conjunctions),
        description=_description(drawn, unplaced),
        width_px=_WIDTH_PX,
        height_px=_HEIGHT_PX,
        style=_STYLE,
        children=(
            _box("ground", _WIDTH_PX, _HEIGHT_PX),
            *_watermark(conjunctions.marks.data_mode),
            *_distance_lines(axes),
            *(_time_lines(axes) if len(drawn) else ()),
            *_rows(drawn, axes),
            *_closest(drawn, axes),
            *_words(conjunctions, drawn, unplaced),
            *_legend(),
        ),
    )


def _axes(drawn: Conjunctions) -> _Axes:
    if not len(drawn):
        return _Axes(0, _SHORTEST_SPAN_NS, 0.0, 4.0)
    times_ns = _ns(drawn.tca_utc)
    start_ns, end_ns = int(times_ns.min()), int(times_ns.max())
    margin_ns = max((_SHORTEST_SPAN_NS - (end_ns - start_ns)) // 2, (end_ns - start_ns) // 60)
    nearest_m = max(float(drawn.miss_distance_m.min()), _NEAREST_M)
    log_low = float(np.floor(np.log10(nearest_m)))
    farthest_m = max(float(drawn.miss_distance_m.max()), 2.0 * 10.0**log_low)
    log_high = float(np.log10(farthest_m)) + 0.05  # air above the farthest row
    return _Axes(start_ns - margin_ns, end_ns + margin_ns, log_low, log_high)


def _ns(times: Times) -> npt.NDArray[np.int64]:
    return times.astype("M8[ns]").astype(np.int64)


def _heading(conjunctions: Conjunctions) -> str:
    count = len(conjunctions)
    return f"{count:,} close approach{'' if count == 1 else 'es'}" if count else "No close approach"


def _description(drawn: Conjunctions, unplaced: int) -> str:
    if not len(drawn):
        return f"An empty chart; {unplaced} rows have no known distance or time."
    nearest = int(np.argmin(drawn.miss_distance_m))
    return (
        f"Miss distance over time of closest approach. {len(drawn)} rows from {_span(drawn)}; "
        f"the closest is {_pair(drawn, nearest)} at {_distance(drawn.miss_distance_m[nearest])}. "
        f"{unplaced} rows have no known distance or time and are not drawn. "
        f"Data mode: {drawn.marks.data_mode}."
    )


def _span(drawn: Conjunctions) -> str:
    first, last = drawn.tca_utc.min(), drawn.tca_utc.max()
    return f"{_minute(first)} to {_minute(last)} UTC"


def _minute(time: np.datetime64) -> str:
    return str(time.astype("M8[m]")).replace("T", " ")


def _pair(drawn: Conjunctions, row: int) -> str:
    return f"{drawn.primary_name[row]} and {drawn.secondary_name[row]}"


def _distance(miss_m: float) -> str:
    return f"{miss_m / 1000.0:.3g} km" if miss_m >= 1000.0 else f"{miss_m:.3g} m"


def _box(name: str, width_px: float, height_px: float) -> str:
    return element("rect", {"class": name, "width": width_px, "height": height_px})


def _line(x1_px: float, y1_px: float, x2_px: float, y2_px: float) -> str:
    ends = {"x1": x1_px, "y1": y1_px, "x2": x2_px, "y2": y2_px}
    return element("line", {"class": "grid", **ends})


def _words_at(words: str, x_px: float, y_px: float, name: str, anchor: str = "start") -> str:
    place: Attributes = {"class": name, "x": x_px, "y": y_px, "text-anchor": anchor}
    return element("text", place, text(words))


def _watermark(mode: DataMode) -> tuple[str, ...]:
    if mode == DataMode.REAL:
        return ()
    middle_x_px, middle_y_px = (_LEFT_PX + _RIGHT_PX) / 2.0, (_TOP_PX + _BOTTOM_PX) / 2.0 + 28.0
    return (_words_at(mode.value, middle_x_px, middle_y_px, "ink watermark", "middle"),)


def _distance_lines(axes: _Axes) -> list[str]:
    powers = np.arange(axes.log_low, axes.log_high + 1e-9)
    marks_m = [10.0**power for power in powers]
    if len(marks_m) <= _FEWEST_LABELLED_TICKS:
        marks_m = [step * mark_m for mark_m in marks_m for step in (1.0, 2.0, 5.0)]
    lines = []
    for mark_m in marks_m:
        if np.log10(mark_m) > axes.log_high:
            continue
        y_px = float(axes.down_px(np.array(mark_m)))
        sign = "≤ " if mark_m == _NEAREST_M else ""
        lines += [
            _line(_LEFT_PX, y_px, _RIGHT_PX, y_px),
            _words_at(sign + _distance(mark_m), _LEFT_PX - 8.0, y_px + 4.0, "quiet", "end"),
        ]
    return lines


def _time_lines(axes: _Axes) -> list[str]:
    span_ns = axes.end_ns - axes.start_ns
    fits = (hours for hours in _TICK_HOURS if span_ns / (hours * _HOUR_NS) <= _MOST_TICKS)
    step_ns = next(fits, -(-span_ns // (_MOST_TICKS * _HOUR_NS))) * _HOUR_NS
    first_ns = -(-axes.start_ns // step_ns) * step_ns
    lines = []
    for at_ns in range(first_ns, axes.end_ns, step_ns):
        x_px = float(axes.across_px(np.array(at_ns)))
        day, _, clock = str(np.datetime64(at_ns, "ns").astype("M8[m]")).partition("T")
        lines += [
            _line(x_px, _BOTTOM_PX, x_px, _BOTTOM_PX + 5.0),
            _words_at(clock, x_px, _BOTTOM_PX + 18.0, "quiet", "middle"),
        ]
        if clock == "00:00" or at_ns == first_ns:
            inside_px = min(max(x_px, _DATE_PX), _WIDTH_PX - _DATE_PX)
            lines.append(_words_at(day, inside_px, _BOTTOM_PX + 33.0, "quiet", "middle"))
    return lines


def _rows(drawn: Conjunctions, axes: _Axes) -> list[str]:
    x_px, y_px = axes.across_px(_ns(drawn.tca_utc)), axes.down_px(drawn.miss_distance_m)
    limits = np.array([start_m_s for _, start_m_s, _ in _SPEEDS])
    # A speed that is not known (NaN) sorts above every limit: it is drawn as the worst.
    speed = np.searchsorted(limits, drawn.relative_speed_m_s, side="right") - 1
    paths = []
    for index, (name, _, _) in enumerate(_SPEEDS):
        here = speed == index
        if here.any():
            path = dots(x_px[here], y_px[here])
            paths.append(element("path", {"class": f"rows {name}", "d": path}))
    return paths


def _closest(drawn: Conjunctions, axes: _Axes) -> list[str]:
    alone = np.flatnonzero(drawn.group < 0)
    nearest = alone[np.argsort(drawn.miss_distance_m[alone], kind="stable")][:_LABELLED]
    x_px = axes.across_px(_ns(drawn.tca_utc[nearest])).tolist()
    y_px = axes.down_px(drawn.miss_distance_m[nearest]).tolist()
    taken = [_Box(x - _RING_PX, x + _RING_PX, y) for x, y in zip(x_px, y_px, strict=True)]
    marks = [_ring(x, y) for x, y in zip(x_px, y_px, strict=True)]
    for row, x, y in zip(nearest.tolist(), x_px, y_px, strict=True):
        words = f"{_pair(drawn, row)}, {_distance(drawn.miss_distance_m[row])}"
        place = _free_place(words, x, y, taken)
        if place is not None:
            taken.append(place)
            marks.append(_words_at(words, place.left_px, place.middle_px + 4.0, "ink label"))
    return marks


class _Box(Struct, frozen=True):
    """One line of text, or a ring, on the picture."""

    left_px: float
    right_px: float
    middle_px: float

    def meets(self, other: _Box) -> bool:
        beside = self.right_px < other.left_px or other.right_px < self.left_px
        return not beside and abs(self.middle_px - other.middle_px) < _LABEL_HEIGHT_PX


def _free_place(words: str, x_px: float, y_px: float, taken: list[_Box]) -> _Box | None:
    """Room for the words beside their ring, else above or below; None where all is taken."""
    width_px, gap_px = _LETTER_PX * len(words), _RING_PX + 4.0
    places = (
        (x_px + gap_px, y_px),
        (x_px - gap_px - width_px, y_px),
        (x_px - width_px / 2.0, y_px - _LABEL_HEIGHT_PX - 2.0),
        (x_px - width_px / 2.0, y_px + _LABEL_HEIGHT_PX + 2.0),
    )
    for left_px, middle_px in places:
        place = _Box(left_px, left_px + width_px, middle_px)
        inside = left_px >= _LEFT_PX and place.right_px <= _WIDTH_PX
        if inside and not any(place.meets(other) for other in taken):
            return place
    return None


def _ring(x_px: float, y_px: float) -> str:
    return element("circle", {"class": "ring", "cx": x_px, "cy": y_px, "r": _RING_PX})


def _words(conjunctions: Conjunctions, drawn: Conjunctions, unplaced: int) -> list[str]:
    mode = conjunctions.marks.data_mode
    heading = _heading(conjunctions)
    heading += f", {unplaced} of unknown distance or time" if unplaced else ""
    parts = ["miss distance over time of closest approach"]
    parts += [_span(drawn)] if len(drawn) else []
    parts += [] if mode == DataMode.REAL else [mode.value]
    return [
        _words_at(heading, 16.0, 26.0, "ink heading"),
        _words_at(" · ".join(parts), 16.0, 44.0, "quiet"),
    ]


def _legend() -> list[str]:
    y_px = _HEIGHT_PX - 16.0
    marks = [_words_at("relative speed, km/s:", _LEFT_PX, y_px, "quiet")]
    for index, (name, _, words) in enumerate(_SPEEDS):
        x_px = 208.0 + 124.0 * index
        path = dots([x_px], [y_px - 4.0])
        marks.append(element("path", {"class": f"rows {name}", "d": path}))
        marks.append(_words_at(words.removesuffix(" km/s"), x_px + 9.0, y_px, "quiet"))
    return marks
