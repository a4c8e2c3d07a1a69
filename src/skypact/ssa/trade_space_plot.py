"""Candidate burns as a picture: when, how strong, in which direction, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.time import NANOSECONDS, tai_ns_from_utc
from skypact.ssa.chart import (
    LEFT_PX,
    RIGHT_PX,
    LinearScale,
    chart,
    circles,
    crosses,
    level_axis,
    line,
    squares,
    upright,
    words,
)
from skypact.ssa.event_words import brief
from skypact.ssa.trade_space import EVALUATED, reaches

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.base.svg import Svg
    from skypact.ssa.trade_space import TradeSpace

    Booleans = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

_NAME = "skypact-trade-space"
_TOP_PX, _PANEL_PX, _GAP_PX = 92.0, 130.0, 34.0
_HOUR_S = 3600.0
_NAMES = ("radial", "along-track", "cross-track")
_CM_FROM_M = 100.0
_SAME_AXIS_RATIO = 0.999  # of the speed: the burn is along this axis


def trade_space_plot(
    space: TradeSpace, *, tca_tai_ns: int, goal_probability: float, goal_miss_m: float, title: str
) -> Svg:
    """Burns along each axis over the time before the closest approach that they avoid.

    A circle settles the matter (`trade_space.reaches`, and no other object inside the keep-out
    volume), a square does not, a
    cross brings another object too near. Burns that are refused, failed or oblique are counted.
    """
    hours = _hours_before(space, tca_tai_ns)
    evaluated = np.asarray(space.status == EVALUATED, np.bool_)
    enough = reaches(space, goal_probability=goal_probability, goal_miss_m=goal_miss_m)
    crowded = np.asarray(space.others_inside > 0, np.bool_)
    earliest = float(hours[evaluated].max()) if evaluated.any() else 1.0
    across = LinearScale(lowest=1.05 * earliest, highest=0.0, start_px=LEFT_PX, end_px=RIGHT_PX)
    axes = (space.dv_radial_m_s, space.dv_transverse_m_s, space.dv_normal_m_s)
    marks: list[str] = []
    drawn = np.zeros(len(space), np.bool_)
    for row, (name, dv_m_s) in enumerate(zip(_NAMES, axes, strict=True)):
        here = evaluated & (np.abs(dv_m_s) > _SAME_AXIS_RATIO * space.speed_m_s)
        drawn |= here
        top_px = _TOP_PX + row * (_PANEL_PX + _GAP_PX)
        marks += _panel(name, hours, dv_m_s, (here, enough, crowded), across, top_px)
    bottom_px = _TOP_PX + 3.0 * _PANEL_PX + 2.0 * _GAP_PX
    left_out = int((~drawn).sum()) - 1  # to do nothing is no burn
    settling = int((drawn & enough & ~crowded).sum())
    goal = f"goal: probability at most {brief(goal_probability)}, nobody else too near"
    return chart(
        _NAME,
        title=title,
        description=f"{settling} of {int(drawn.sum())} burns settle it.",
        below=f"{goal}; {left_out} not drawn" if left_out else goal,
        height_px=bottom_px + 74.0,
        mode=space.marks.data_mode,
        children=(
            *marks,
            *level_axis(across, bottom_px, "hours from the burn to the closest approach"),
            *_legend(bottom_px + 62.0),
        ),
    )


def _hours_before(space: TradeSpace, tca_tai_ns: int) -> Floats:
    """NaN for doing nothing, which has no time."""
    hours = np.full(len(space), np.nan)
    timed = ~np.isnat(space.burn_utc)
    since_ns = tca_tai_ns - tai_ns_from_utc(space.burn_utc[timed])
    hours[timed] = since_ns / NANOSECONDS / _HOUR_S
    return hours


def _panel(
    name: str,
    hours: Floats,
    dv_m_s: Floats,
    masks: tuple[Booleans, Booleans, Booleans],
    across: LinearScale,
    top_px: float,
) -> list[str]:
    here, enough, crowded = masks
    largest = float(np.abs(dv_m_s[here]).max()) if here.any() else 0.01
    reach = 1.15 * largest * _CM_FROM_M
    up = LinearScale(lowest=-reach, highest=reach, start_px=top_px + _PANEL_PX, end_px=top_px)
    zero_px = float(up.px(0.0))
    x_px, y_px = across.px(hours), up.px(dv_m_s * _CM_FROM_M)
    settles, short = here & enough & ~crowded, here & ~enough & ~crowded
    return [
        *upright(up, f"{name}, cm/s"),
        line(LEFT_PX, zero_px, RIGHT_PX, zero_px, "frame thin"),
        *squares(x_px[short], y_px[short], "other", 3.0),
        *crosses(x_px[here & crowded], y_px[here & crowded], "danger", 4.0),
        *circles(x_px[settles], y_px[settles], "ours", 4.0),
    ]


def _legend(y_px: float) -> list[str]:
    level = np.array([y_px - 4.0])
    places_px = (LEFT_PX + 6.0, LEFT_PX + 146.0, LEFT_PX + 286.0)
    spots = [np.array([x_px]) for x_px in places_px]
    return [
        *circles(spots[0], level, "ours"),
        words("settles it", places_px[0] + 12.0, y_px, "quiet"),
        *squares(spots[1], level, "other", 3.0),
        words("not enough", places_px[1] + 12.0, y_px, "quiet"),
        *crosses(spots[2], level, "danger", 4.0),
        words("brings another object too near", places_px[2] + 12.0, y_px, "quiet"),
    ]
