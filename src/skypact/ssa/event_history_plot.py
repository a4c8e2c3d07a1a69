"""The history of an event as a picture: probability and miss against the time that is left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.ssa.chart import (
    LEFT_PX,
    RIGHT_PX,
    LinearScale,
    LogScale,
    chart,
    circles,
    crosses,
    curve,
    level_axis,
    line,
    squares,
    upright,
    words,
)
from skypact.ssa.event_words import brief, probability_words, spelt

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.base.svg import Svg
    from skypact.records.conjunctions import Text
    from skypact.ssa.event_history import EventHistory
    from skypact.ssa.levels import Thresholds

    Floats = npt.NDArray[np.float64]

_NAME = "skypact-history"
_PROBABILITY_PX = (84.0, 250.0)
_COMPONENT_PX, _GAP_PX = 70.0, 30.0
_LEAST_SHOWN = 1e-16
_DAY_S, _HOUR_S = 86_400.0, 3_600.0
_KM_FROM_M = 5_000.0
_FEW_TICKS = 4


class Decision(NamedTuple):
    """The probability to decide by, where another method than the history's gave it."""

    row: int
    probability: float
    method: str


def history_plot(
    history: EventHistory,
    thresholds: Thresholds,
    *,
    commit_before_tca_s: float,
    title: str,
    decision: Decision | None = None,
) -> Svg:
    """Probability, then radial, along-track and cross-track miss with one sigma, by message.

    Time runs to the right towards the closest approach; the line marked "decide" stands
    `commit_before_tca_s` before it. A probability or miss that is not known is a question
    mark in its place, a probability whose method is not known to hold is a cross; one below
    1e-16 stands on the lowest line. A `decision` is a mark of its own.
    """
    scale_s, unit = _time_unit(history, commit_before_tca_s)
    left = history.time_to_tca_s / scale_s
    decide = commit_before_tca_s / scale_s
    across = _time_scale(left, decide)
    panels = _component_panels(history, across.px(left))
    bottom_px = _PROBABILITY_PX[1] + 3 * (_COMPONENT_PX + _GAP_PX)
    decide_px = float(across.px(decide))
    return chart(
        _NAME,
        title=title,
        description=_description(history),
        below=f"computed by {history.method[-1]}; misses with one sigma",
        height_px=bottom_px + 74.0,
        mode=history.marks.data_mode,
        children=(
            *_probability_panel(history, thresholds, across.px(left), decision),
            *panels,
            line(decide_px, _PROBABILITY_PX[0], decide_px, bottom_px, "other dashed"),
            _decide(decide_px, bottom_px),
            *level_axis(across, bottom_px, f"{unit} before the closest approach"),
            *_legend(bottom_px + 62.0),
        ),
    )


def _decide(x_px: float, bottom_px: float) -> str:
    """The name of the line, on the side of it where there is room."""
    if x_px < (LEFT_PX + RIGHT_PX) / 2.0:
        return words("decide", x_px + 4.0, bottom_px - 4.0, "ink halo")
    return words("decide", x_px - 4.0, bottom_px - 4.0, "ink halo", "end")


def _time_unit(history: EventHistory, commit_before_tca_s: float) -> tuple[float, str]:
    longest_s = max(float(np.max(history.time_to_tca_s)), commit_before_tca_s)
    return (_DAY_S, "days") if longest_s > 2.0 * _DAY_S else (_HOUR_S, "hours")


def _time_scale(left: Floats, decide: float) -> LinearScale:
    earliest = max(float(left.max()), decide)
    latest = min(0.0, float(left.min()))  # a message may come after the approach
    margin = 0.05 * (earliest - latest)
    return LinearScale(lowest=earliest + margin, highest=latest, start_px=LEFT_PX, end_px=RIGHT_PX)


def _probability_panel(
    history: EventHistory, thresholds: Thresholds, x_px: Floats, decision: Decision | None
) -> list[str]:
    top_px, bottom_px = _PROBABILITY_PX
    both = (history.collision_probability, history.stated_probability)
    decided = np.array([decision.probability] if decision else [])
    scale = _probability_scale(thresholds, *both, decided, top_px=top_px, bottom_px=bottom_px)
    marks = upright(scale, "probability of collision")
    for limit, said in (
        (thresholds.red_probability, "act"),
        (thresholds.yellow_probability, "watch"),
    ):
        y_px = float(scale.px(limit))
        marks.append(line(LEFT_PX, y_px, RIGHT_PX, y_px, "danger dashed"))
        marks.append(words(f"{said} {brief(limit)}", RIGHT_PX, y_px - 4.0, "ink halo", "end"))
    ours_px, stated_px = (scale.px(values) for values in both)
    marks += _curves(history.originator, x_px, ours_px)
    marks += squares(x_px, stated_px, "other", 6.0)
    holds = history.is_valid
    marks += circles(x_px[holds], ours_px[holds], "ours")
    marks += crosses(x_px[~holds], ours_px[~holds], "ours")
    unknown = np.isnan(history.collision_probability)
    marks += [
        words("?", x, top_px + 16.0, "ink heading halo", "middle") for x in x_px[unknown].tolist()
    ]
    if decision:
        at_px = x_px[decision.row : decision.row + 1]
        marks += circles(at_px, scale.px(decided), "other", 6.0)
        said = f"{decision.method} {spelt(decision.probability)}, which decides"
        before = bool(at_px[0] > (LEFT_PX + RIGHT_PX) / 2.0)
        beside_px = float(at_px[0]) + (-12.0 if before else 12.0)
        level_px = float(scale.px(decided)[0]) + 4.0
        marks.append(words(said, beside_px, level_px, "ink halo", "end" if before else "start"))
    return marks


def _curves(originator: Text, x_px: Floats, y_px: Floats) -> list[str]:
    """A line through the messages of each originator, with the name where there are several."""
    each = list(dict.fromkeys(originator.tolist()))
    marks = []
    for name in each:
        own = originator == name
        marks.append(curve(x_px[own], y_px[own], "ours"))
        known = np.flatnonzero(own & np.isfinite(y_px))
        if len(each) > 1 and len(known):
            last = known[-1]
            ends = x_px[last] > RIGHT_PX - 140.0
            at_px = float(x_px[last]) + (-12.0 if ends else 12.0)
            anchor = "end" if ends else "start"
            marks.append(words(name, at_px, float(y_px[last]) + 4.0, "quiet halo", anchor))
    return marks


def _probability_scale(
    thresholds: Thresholds, *values: Floats, top_px: float, bottom_px: float
) -> LogScale:
    known = np.concatenate([*values, [thresholds.yellow_probability, thresholds.red_probability]])
    known = np.clip(known[np.isfinite(known)], _LEAST_SHOWN, 1.0)
    lowest = 10.0 ** math.floor(math.log10(known.min()) - 0.5)
    highest = min(1.0, 10.0 ** math.ceil(math.log10(known.max()) + 0.5))
    return LogScale(lowest=lowest, highest=highest, start_px=bottom_px, end_px=top_px)


def _component_panels(history: EventHistory, x_px: Floats) -> list[str]:
    marks: list[str] = []
    top_px = _PROBABILITY_PX[1] + _GAP_PX
    for said, miss_m, sigma_m in (
        ("radial miss", history.miss_radial_m, history.sigma_radial_m),
        ("along-track miss", history.miss_transverse_m, history.sigma_transverse_m),
        ("cross-track miss", history.miss_normal_m, history.sigma_normal_m),
    ):
        marks += _component(said, miss_m, sigma_m, x_px, top_px)
        top_px += _COMPONENT_PX + _GAP_PX
    return marks


def _component(
    said: str, miss_m: Floats, sigma_m: Floats, x_px: Floats, top_px: float
) -> list[str]:
    spread_m = np.nan_to_num(sigma_m)
    reach_m = float(np.nanmax(np.append(np.abs(miss_m) + spread_m, 1.0))) * 1.1
    unit_m, unit = (1000.0, "km") if reach_m >= _KM_FROM_M else (1.0, "m")
    reach = reach_m / unit_m
    bottom_px = top_px + _COMPONENT_PX
    scale = LinearScale(lowest=-reach, highest=reach, start_px=bottom_px, end_px=top_px)
    zero_px = float(scale.px(0.0))
    marks = [
        words(f"{said}, {unit}", LEFT_PX, top_px - 7.0, "quiet"),
        line(LEFT_PX, zero_px, RIGHT_PX, zero_px, "frame thin"),
    ]
    for value, tick in scale.ticks(most=_FEW_TICKS):
        y_px = float(scale.px(value))
        marks.append(line(LEFT_PX, y_px, RIGHT_PX, y_px))
        marks.append(words(tick, LEFT_PX - 8.0, y_px + 4.0, "quiet", "end"))
    low_px, high_px = scale.px((miss_m - sigma_m) / unit_m), scale.px((miss_m + sigma_m) / unit_m)
    for x, low, high in zip(x_px.tolist(), low_px.tolist(), high_px.tolist(), strict=True):
        if math.isfinite(low + high):
            marks.append(line(x, low, x, high, "ours mark"))
    marks += circles(x_px, scale.px(miss_m / unit_m), "ours", 3.0)
    lost = np.isnan(miss_m)
    marks += [words("?", x, zero_px - 4.0, "ink halo", "middle") for x in x_px[lost].tolist()]
    return marks


def _legend(y_px: float) -> list[str]:
    places_px = (LEFT_PX + 6.0, LEFT_PX + 116.0, LEFT_PX + 356.0, LEFT_PX + 556.0)
    here, outside, there = (np.array([x_px]) for x_px in places_px[:3])
    level = np.array([y_px - 4.0])
    return [
        *circles(here, level, "ours"),
        words("computed", places_px[0] + 12.0, y_px, "quiet"),
        *crosses(outside, level, "ours"),
        words("computed, not known to hold", places_px[1] + 12.0, y_px, "quiet"),
        *squares(there, level, "other", 6.0),
        words("stated in the message", places_px[2] + 14.0, y_px, "quiet"),
        words("?  not known", places_px[3], y_px, "quiet"),
    ]


def _description(history: EventHistory) -> str:
    last = history[-1]
    unknown = int(np.isnan(history.collision_probability).sum())
    return (
        f"{len(history)} messages. The newest gives a probability of "
        f"{probability_words(float(last.collision_probability[0]))}; "
        f"{unknown} give none that is known."
    )
