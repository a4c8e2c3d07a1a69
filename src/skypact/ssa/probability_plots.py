"""How the probability hangs on what is poorly known: the covariance's size, the bodies' size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from skypact.ssa.chart import (
    LEFT_PX,
    RIGHT_PX,
    TOP_PX,
    LogScale,
    chart,
    circles,
    curve,
    level_axis,
    line,
    squares,
    upright,
    words,
)
from skypact.ssa.event_words import brief, distance_words, probability_words

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.base.svg import Svg
    from skypact.records.marks import DataMode
    from skypact.ssa.levels import Thresholds

    Floats = npt.NDArray[np.float64]

_DILUTION, _RADIUS = "skypact-dilution", "skypact-radius"
_BOTTOM_PX, _HEIGHT_PX = 330.0, 390.0
_LEAST_SHOWN = 1e-16
_DECADES = 12.0  # below the highest value: less than that is nothing to act on


def dilution_plot(
    covariance_scale_ratio: Floats,
    probability: Floats,
    thresholds: Thresholds,
    *,
    title: str,
    mode: DataMode,
) -> Svg:
    """Probability against the factor by which every sigma is multiplied; 1 is as given.

    Left of the top, better knowledge makes the probability smaller; right of it the covariance
    dilutes it. Shapes (n,), both ascending in the factor.
    """
    now = _at(1.0, covariance_scale_ratio, probability)
    peak = _peak(covariance_scale_ratio, probability)
    parts = [f"2D-Pc as given {probability_words(now)}"]
    if peak is not None:
        parts.append(f"at most {probability_words(peak[1])} with {peak[0]:.2g} times the sigmas")
    return _curve_chart(
        _DILUTION,
        (covariance_scale_ratio, probability),
        marked=((1.0, now, "as given"), *(((*peak, "largest"),) if peak else ())),
        thresholds=thresholds,
        title=title,
        below="; ".join(parts),
        across="every sigma times",
        mode=mode,
    )


def radius_plot(
    radius_m: Floats,
    probability: Floats,
    thresholds: Thresholds,
    *,
    used_m: float,
    title: str,
    mode: DataMode,
) -> Svg:
    """Probability against the combined hard-body radius, the one that was used marked."""
    used = _at(used_m, radius_m, probability)
    return _curve_chart(
        _RADIUS,
        (radius_m, probability),
        marked=((used_m, used, f"{distance_words(used_m)} used"),),
        thresholds=thresholds,
        title=title,
        below=f"2D-Pc {probability_words(used)} with the radius used, {distance_words(used_m)}",
        across="combined hard-body radius, m",
        mode=mode,
    )


def _at(where: float, x: Floats, probability: Floats) -> float:
    with np.errstate(divide="ignore"):
        logs = np.log(probability)
    if not math.isfinite(where) or not np.isfinite(probability).any():
        return math.nan
    return float(np.exp(np.interp(math.log(where), np.log(x), logs)))


def _peak(x: Floats, probability: Floats) -> tuple[float, float] | None:
    """The largest value where it lies inside the curve; an end is no maximum."""
    if np.isnan(probability).all():
        return None
    row = int(np.nanargmax(probability))
    if row in (0, len(x) - 1) or probability[row] <= 0.0:
        return None
    return float(x[row]), float(probability[row])


def _curve_chart(
    name: str,
    line_of: tuple[Floats, Floats],
    *,
    marked: tuple[tuple[float, float, str], ...],
    thresholds: Thresholds,
    title: str,
    below: str,
    across: str,
    mode: DataMode,
) -> Svg:
    x, probability = line_of
    right = LogScale(lowest=float(x[0]), highest=float(x[-1]), start_px=LEFT_PX, end_px=RIGHT_PX)
    up = _probability_scale(probability, thresholds)
    return chart(
        name,
        title=title,
        description=f"{below}.",
        below=below,
        height_px=_HEIGHT_PX,
        mode=mode,
        children=(
            *upright(up, "probability of collision"),
            *level_axis(right, _BOTTOM_PX, across),
            *_limits(up, thresholds),
            curve(right.px(x), _below_nothing(probability, up), "ours"),
            *_marked(right, up, marked),
            *([] if np.isfinite(probability).any() else [_nothing()]),
        ),
    )


def _probability_scale(probability: Floats, thresholds: Thresholds) -> LogScale:
    known = probability[np.isfinite(probability) & (probability > 0.0)]
    highest = max([thresholds.red_probability * 3.0, *known.tolist()])
    least = float(known.min()) if len(known) else highest
    lowest = max(_LEAST_SHOWN, highest * 10.0**-_DECADES, least)
    lowest = min(lowest, 0.3 * thresholds.yellow_probability)
    return LogScale(
        lowest=10.0 ** math.floor(math.log10(lowest)),
        highest=min(1.0, 10.0 ** math.ceil(math.log10(highest))),
        start_px=_BOTTOM_PX,
        end_px=TOP_PX + 20.0,
    )


def _below_nothing(probability: Floats, up: LogScale) -> Floats:
    """Where the values stand; the curve leaves the picture at its lower edge."""
    return np.where(probability >= up.lowest, up.px(probability), np.nan)


def _limits(up: LogScale, thresholds: Thresholds) -> list[str]:
    marks = []
    for limit, said in (
        (thresholds.red_probability, "act"),
        (thresholds.yellow_probability, "watch"),
    ):
        y_px = float(up.px(limit))
        marks.append(line(LEFT_PX, y_px, RIGHT_PX, y_px, "danger dashed"))
        marks.append(words(f"{said} {brief(limit)}", RIGHT_PX, y_px - 4.0, "ink halo", "end"))
    return marks


def _marked(
    right: LogScale, up: LogScale, marked: tuple[tuple[float, float, str], ...]
) -> list[str]:
    marks = []
    for number, (x, value, said) in enumerate(marked):
        if math.isnan(value):
            continue
        x_px, y_px = float(right.px(x)), float(up.px(value))
        shape = squares if number else circles
        marks += shape(np.array([x_px]), np.array([y_px]), "other")
        beside_px = 16.0 if number == 0 and y_px < _BOTTOM_PX - 20.0 else -10.0
        marks.append(words(said, x_px + 8.0, y_px + beside_px, "ink halo"))
    return marks


def _nothing() -> str:
    middle_px = (LEFT_PX + RIGHT_PX) / 2.0
    return words("not known", middle_px, (TOP_PX + _BOTTOM_PX) / 2.0, "ink heading halo", "middle")
