"""The encounter seen along the relative velocity: where the other object may pass."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from skypact.base.svg import element
from skypact.ssa.chart import LinearScale, chart, circles, curve, line, words
from skypact.ssa.covariance import joint_covariances
from skypact.ssa.event_words import distance_words

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.base.svg import Svg
    from skypact.records.encounters import Encounters
    from skypact.records.marks import DataMode

    Floats = npt.NDArray[np.float64]

_NAME = "skypact-encounter-plane"
_SIDE_PX = 420.0
_LEFT_PX, _TOP_PX = 84.0, 84.0
_KM_FROM_M = 5_000.0
_AROUND = np.linspace(0.0, math.tau, 121)
_SIGMAS = (1.0, 2.0, 3.0)
_LEAST_RADIUS_PX = 3.0
_FLAT_RATIO = 5.0


def encounter_plane_plot(encounters: Encounters, *, title: str, mode: DataMode) -> Svg:
    """The first row in the plane at right angles to its relative velocity, to scale.

    The primary with the combined radius stands at the centre; the secondary's place is drawn
    with ellipses of 1, 2 and 3 sigma of the joint position covariance. Up is the part of the
    primary's radial direction that lies in the plane. Without a known covariance there are no
    ellipses, and the picture says so; without known states it says that alone.
    """
    miss_m, covariance_m2 = in_the_plane(encounters)
    radius_m = float(encounters.hard_body_radius_m[0])
    ellipses_m = _ellipses(covariance_m2)
    known = bool(np.isfinite(miss_m).all())
    reach_m = _reach(miss_m, radius_m, ellipses_m)
    return chart(
        _NAME,
        title=title,
        description=_description(miss_m, radius_m, known=known, has_ellipses=bool(ellipses_m)),
        below=f"seen along the relative velocity, {_scale_words(reach_m)}; up is outwards",
        height_px=_TOP_PX + _SIDE_PX + 56.0,
        mode=mode,
        children=(
            *_axes(reach_m),
            *(_drawn(miss_m, radius_m, ellipses_m, reach_m) if known else ()),
            *_beside(miss_m, radius_m, known=known, has_ellipses=bool(ellipses_m)),
        ),
    )


def in_the_plane(encounters: Encounters) -> tuple[Floats, Floats]:
    """Miss (2,) and joint position covariance (2, 2) of the first row, across and up."""
    velocity_m_s = encounters.v2_m_s[0] - encounters.v1_m_s[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        along = velocity_m_s / np.linalg.norm(velocity_m_s)
        radial = encounters.r1_m[0] / np.linalg.norm(encounters.r1_m[0])
        up = radial - (radial @ along) * along
        up = up / np.linalg.norm(up)
    axes = np.stack([np.cross(up, along), up])
    joint = joint_covariances(encounters[:1])[0, :3, :3]
    return axes @ (encounters.r2_m[0] - encounters.r1_m[0]), axes @ joint @ axes.T


def _ellipses(covariance_m2: Floats) -> list[Floats]:
    """Outlines (2, n) of 1, 2 and 3 sigma; none where the covariance is not one."""
    if not np.isfinite(covariance_m2).all():
        return []
    values, axes = np.linalg.eigh(covariance_m2)
    if not (values[0] >= 0.0 and values[1] > 0.0):
        return []
    circle = np.stack([np.cos(_AROUND), np.sin(_AROUND)])
    outline = axes @ (np.sqrt(values)[:, None] * circle)
    return [sigmas * outline for sigmas in _SIGMAS]


def _reach(miss_m: Floats, radius_m: float, ellipses_m: list[Floats]) -> tuple[float, float]:
    """Half of the width and height that are shown, with everything in them and some air.

    They differ where an encounter is so flat that it would be drawn as a line.
    """
    extents_m = []
    for axis in (0, 1):
        parts = [abs(miss_m[axis]), radius_m, 1.0]
        parts += [np.abs(miss_m[axis] + ellipse[axis]).max() for ellipse in ellipses_m]
        extents_m.append(1.1 * float(np.nanmax(parts)))
    wide_m, high_m = extents_m
    if max(extents_m) < _FLAT_RATIO * min(extents_m):
        return max(extents_m), max(extents_m)
    return wide_m, high_m


def _scale_words(reach_m: tuple[float, float]) -> str:
    wide_m, high_m = reach_m
    if wide_m == high_m:
        return "to scale"
    stretched = "height" if wide_m > high_m else "width"
    times = max(reach_m) / min(reach_m)
    return f"{stretched} stretched {times:.0f} times"


def _unit(reach_m: float) -> tuple[float, str]:
    return (1000.0, "km") if reach_m >= _KM_FROM_M else (1.0, "m")


def _scales(reach_m: tuple[float, float]) -> tuple[LinearScale, LinearScale]:
    right_px, bottom_px = _LEFT_PX + _SIDE_PX, _TOP_PX + _SIDE_PX
    wide_m, high_m = reach_m
    return (
        LinearScale(lowest=-wide_m, highest=wide_m, start_px=_LEFT_PX, end_px=right_px),
        LinearScale(lowest=-high_m, highest=high_m, start_px=bottom_px, end_px=_TOP_PX),
    )


def _axes(reach_m: tuple[float, float]) -> list[str]:
    right_px, bottom_px = _LEFT_PX + _SIDE_PX, _TOP_PX + _SIDE_PX
    (wide_m, across_unit), (high_m, up_unit) = map(_unit, reach_m)
    across, up = _scales((reach_m[0] / wide_m, reach_m[1] / high_m))
    marks = []
    for value, tick in across.ticks():
        x_px = float(across.px(value))
        marks.append(line(x_px, _TOP_PX, x_px, bottom_px))
        marks.append(words(tick, x_px, bottom_px + 18.0, "quiet", "middle"))
    for value, tick in up.ticks():
        y_px = float(up.px(value))
        marks.append(line(_LEFT_PX, y_px, right_px, y_px))
        marks.append(words(tick, _LEFT_PX - 8.0, y_px + 4.0, "quiet", "end"))
    middle_px = _LEFT_PX + _SIDE_PX / 2.0
    marks.append(words(f"across, {across_unit}", middle_px, bottom_px + 38.0, "quiet", "middle"))
    return [*marks, words(f"up, {up_unit}", _LEFT_PX, _TOP_PX - 7.0, "quiet")]


def _drawn(
    miss_m: Floats, radius_m: float, ellipses_m: list[Floats], reach_m: tuple[float, float]
) -> list[str]:
    across, up = _scales(reach_m)
    x_px, y_px = float(across.px(miss_m[0])), float(up.px(miss_m[1]))
    middle_px = float(across.px(0.0)), float(up.px(0.0))
    marks = [
        curve(across.px(miss_m[0] + one[0]), up.px(miss_m[1] + one[1]), name)
        for one, name in zip(ellipses_m, ("ours", "ours thin", "ours thin"), strict=False)
    ]
    radii_px = [radius_m / each_m * _SIDE_PX / 2.0 for each_m in reach_m]
    marks.append(line(*middle_px, x_px, y_px, "other dashed"))
    marks += circles(np.array([x_px]), np.array([y_px]), "ours", 3.0)
    body = {
        "cx": middle_px[0],
        "cy": middle_px[1],
        "rx": max(radii_px[0], _LEAST_RADIUS_PX),
        "ry": max(radii_px[1], _LEAST_RADIUS_PX),
    }
    return [*marks, element("ellipse", {"class": "danger mark", **body})]


def _beside(miss_m: Floats, radius_m: float, *, known: bool, has_ellipses: bool) -> list[str]:
    """What is drawn, in words, to the right of it."""
    x_px = _LEFT_PX + _SIDE_PX + 24.0
    lines = ["The states are not known."]
    if known:
        lines = [
            "circle at the centre: both bodies",
            f"together, {distance_words(radius_m)} in radius",
            "",
            "dot: the other object,",
            f"{distance_words(float(np.linalg.norm(miss_m)))} away",
            "",
            *(
                ("ellipses: 1, 2, 3 sigma of where", "it may pass, both errors together")
                if has_ellipses
                else ("no ellipses: how well the", "positions are known is unknown")
            ),
        ]
    return [
        words(said, x_px, _TOP_PX + 16.0 + 18.0 * row, "quiet") for row, said in enumerate(lines)
    ]


def _description(miss_m: Floats, radius_m: float, *, known: bool, has_ellipses: bool) -> str:
    if not known:
        return "The states are not known, nothing is drawn."
    sure = "with ellipses of 1, 2 and 3 sigma" if has_ellipses else "with an unknown error"
    return (
        f"The other object passes {distance_words(float(np.linalg.norm(miss_m)))} from the "
        f"primary, {sure}; the bodies touch within {distance_words(radius_m)}."
    )
