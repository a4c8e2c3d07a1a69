"""The pictures of an event put things where they belong and say what they cannot show."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ssa.conjunction_examples import (
    HOUR_NS,
    TCA_NS,
    message,
    party,
    round_covariance,
    secondary,
)

from skypact.base.svg import Svg
from skypact.records.marks import DataMode, Marks
from skypact.ssa.assessment import EventAssessment, assess
from skypact.ssa.chart import LinearScale, LogScale
from skypact.ssa.encounter_plane_plot import in_the_plane
from skypact.ssa.event_plots import EventPlots
from skypact.ssa.events import group

if TYPE_CHECKING:
    from skypact.records.conjunction_messages import ConjunctionMessage

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["history", "encounter_plane", "dilution", "radius"]


def assessed(*messages: ConjunctionMessage) -> EventAssessment:
    (event,) = group(messages or [message()])
    return assess(event, now_tai_ns=TCA_NS - 40 * HOUR_NS)


def words(picture: Svg) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(str(picture)).iter(f"{SVG}text")]


def shapes(picture: Svg, kind: str, name: str) -> list[dict[str, str]]:
    root = ElementTree.fromstring(str(picture))
    return [one.attrib for one in root.iter(f"{SVG}{kind}") if name in one.get("class", "").split()]


def picture(of: EventAssessment, name: str) -> Svg:
    found = getattr(EventPlots(of), name)()
    assert isinstance(found, Svg)
    return found


BARE = message(secondary=secondary(covariance_rtn=None))
NOWHERE = message(primary=party(frame="MARS-FIXED"), secondary=secondary(frame="MARS-FIXED"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", [message(), BARE, NOWHERE], ids=["full", "bare", "nowhere"])
def test_every_picture_is_drawn_whatever_is_missing(name, case):
    drawn = picture(assessed(case), name)
    root = ElementTree.fromstring(str(drawn))
    assert root.get("role") == "img"
    assert "nan" not in re.sub(r"<style>.*?</style>", "", str(drawn), flags=re.DOTALL).lower()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_real_says_so_across_the_picture(name):
    assert any(said == "TEST" for said in words(picture(assessed(), name)))
    real = Marks(originator="x", source="y", data_mode=DataMode.REAL)
    assert "TEST" not in words(picture(assessed(message(marks=real)), name))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("history", "?"),
        ("encounter_plane", "positions are known is unknown"),
        ("dilution", "not known"),
        ("radius", "not known"),
    ],
)
def test_what_is_unknown_is_said_to_be(name, said):
    assert said in words(picture(assessed(BARE), name))
    assert said not in words(picture(assessed(), name))


def test_each_message_has_its_mark_and_the_unknown_one_a_question_mark():
    three = [message("A", created_h=-72.0, collision_probability=1e-5),
             msgspec.structs.replace(BARE, message_id="B"),
             message("C", created_h=-24.0)]  # fmt: skip
    drawn = picture(assessed(*three), "history")
    probabilities = [one for one in shapes(drawn, "circle", "ours") if float(one["cy"]) < 251]
    assert len(probabilities) == 2
    assert len(shapes(drawn, "rect", "other")) == 1 + 1  # the legend's
    assert words(drawn).count("?") == 1


def test_time_runs_to_the_closest_approach_at_the_right():
    drawn = picture(assessed(message("A", created_h=-72.0), message("B", created_h=-24.0)),
                    "history")  # fmt: skip
    first, second = [float(one["cx"]) for one in shapes(drawn, "circle", "ours")][:2]
    # Linear in the time that is left, which is none at the right edge.
    assert (740.0 - first) / (740.0 - second) == pytest.approx(3.0, rel=0.01)
    (decide,) = shapes(drawn, "line", "other")
    assert (740.0 - first) / (740.0 - float(decide["x1"])) == pytest.approx(72.0 / 12.81, rel=0.01)


def test_a_message_after_the_approach_stands_inside_the_picture():
    drawn = picture(assessed(message("A", created_h=-30.0), message("B", created_h=6.0)), "history")
    across = [float(one["cx"]) for one in shapes(drawn, "circle", "ours")]
    assert max(across) <= 740.0


def test_the_plane_is_seen_along_the_relative_velocity_with_the_radial_up():
    """Radial 30 m stays 30 m up; along and across, 40 m each, are 56.6 m in the plane."""
    of = assessed()
    miss_m, covariance_m2 = in_the_plane(of.encounter)
    assert miss_m[1] == pytest.approx(30.0, rel=1e-6)
    assert abs(miss_m[0]) == pytest.approx(40.0 * math.sqrt(2.0), rel=1e-6)
    assert covariance_m2[1, 1] == pytest.approx(2.0 * 20.0**2, rel=1e-6)
    # Along the horizontal axis (0, 1, 1) / sqrt 2: each object's 100 m and 20 m at 45 degrees.
    assert covariance_m2[0, 0] == pytest.approx(100.0**2 + 20.0**2, rel=1e-6)


def test_the_plane_is_drawn_to_scale():
    drawn = picture(assessed(), "encounter_plane")
    (body,), (dot,) = shapes(drawn, "ellipse", "danger"), shapes(drawn, "circle", "ours")
    up_px = float(body["cy"]) - float(dot["cy"])
    across_px = abs(float(body["cx"]) - float(dot["cx"]))
    assert across_px / up_px == pytest.approx(40.0 * math.sqrt(2.0) / 30.0, rel=0.03)
    assert float(body["rx"]) * 3.0 == pytest.approx(up_px, rel=0.05)  # 10 m of 30 m


def test_a_flat_encounter_is_stretched_and_says_so():
    flat = (5.0, 2000.0, 5.0)
    both = message(
        primary=party(covariance_rtn=round_covariance(flat)),
        secondary=secondary((10.0, 0.0, 0.0), covariance_rtn=round_covariance(flat)),
    )
    drawn = picture(assessed(both), "encounter_plane")
    (body,) = shapes(drawn, "ellipse", "danger")
    (said,) = [text for text in words(drawn) if "stretched" in text]
    times = float(re.search(r"stretched ([\d.]+) times", said)[1])  # type: ignore[index]
    assert times > 5.0
    assert float(body["ry"]) > float(body["rx"])
    assert "to scale" in " ".join(words(picture(assessed(), "encounter_plane")))


def test_dilution_marks_the_largest_value_where_the_gaussian_has_it():
    """Round errors and a small body: the largest is where sigma = miss / sqrt 2."""
    sigma_m = (50.0, 50.0, 50.0)
    covariance = tuple(
        tuple((s**2 if a == b else 0.0) for b in range(6)) for a, s in enumerate((*sigma_m,) * 2)
    )
    both = message(
        primary=party(covariance_rtn=covariance),
        secondary=secondary((400.0, 0.0, 0.0), covariance_rtn=covariance),
        hard_body_radius_m=1.0,
    )
    drawn = picture(assessed(both), "dilution")
    said = next(text for text in words(drawn) if "times the sigmas" in text)
    factor = float(re.search(r"with ([\d.]+) times", said)[1])  # type: ignore[index]
    sigma_then_m = math.sqrt(2.0) * 50.0  # of both together
    assert factor == pytest.approx(400.0 / math.sqrt(2.0) / sigma_then_m, rel=0.03)


def test_a_small_body_four_times_as_wide_is_sixteen_times_as_likely_to_be_hit():
    of = assessed(message(hard_body_radius_m=0.1))
    curve = next(iter(shapes(picture(of, "radius"), "path", "ours")))["d"]
    points = np.array(re.findall(r"([\d.]+) ([\d.]+)", curve), np.float64)
    across = LogScale(lowest=0.01, highest=1.0, start_px=84.0, end_px=740.0)
    steps = np.diff(points[:, 1]) / np.diff(points[:, 0])
    assert np.ptp(steps) < 0.2 * abs(steps.mean())  # a straight line of two logarithms
    assert float(across.px(0.1)) == pytest.approx((84.0 + 740.0) / 2.0)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_of_a_line_are_few_round_and_inside(start, span):
    scale = LinearScale(lowest=start, highest=start + span, start_px=0.0, end_px=100.0)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 11
    assert all(-0.01 <= float(scale.px(value)) <= 100.01 for value, _ in ticks)


@given(st.integers(-16, 0), st.integers(1, 16))
def test_ticks_of_powers_are_few_and_inside(first, decades):
    scale = LogScale(
        lowest=10.0**first, highest=10.0 ** (first + decades), start_px=100.0, end_px=0.0
    )
    places = [float(scale.px(value)) for value, _ in scale.ticks()]
    assert 2 <= len(places) <= 10
    assert places == sorted(places, reverse=True)
    assert all(-0.01 <= place <= 100.01 for place in places)


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    shares = [int(digits[at : at + 2], 16) / 255.0 for at in (0, 2, 4)]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_stand_out_from_their_ground_as_wcag_asks(scheme):
    """3:1 for what is drawn (success criterion 1.4.11), 4.5:1 for words (1.4.3)."""
    style = ElementTree.fromstring(str(picture(assessed(), "radius"))).findtext(f"{SVG}style") or ""
    rules = style.split("@media")[scheme]
    colours = dict(re.findall(r"\.(\w+) \{(?:fill|stroke): (#[0-9a-f]+)", rules))
    ground = luminance(colours["ground"])
    for name, least in {"ink": 4.5, "quiet": 4.5, "ours": 3, "other": 3, "danger": 3}.items():
        bright, dim = sorted((luminance(colours[name]), ground), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= least, name


def test_half_a_covariance_draws_no_ellipse():
    drawn = picture(assessed(BARE), "encounter_plane")
    assert "no ellipses: how well the" in words(drawn)
    assert not shapes(drawn, "path", "curve")


def test_each_originators_messages_have_a_line_of_their_own():
    both = [
        message(f"{name}{at}", created_h=-60.0 + 4.0 * at, originator=name)
        for at, name in enumerate(("CENTRE A", "CENTRE B", "CENTRE A", "CENTRE B"))
    ]
    drawn = picture(assessed(*both), "history")
    assert {"CENTRE A", "CENTRE B"} <= set(words(drawn))
    assert len(shapes(drawn, "path", "ours")) == 2
    alone = picture(assessed(*both[::2]), "history")
    assert "CENTRE A" not in words(alone)
    assert len(shapes(alone, "path", "ours")) == 1


def test_a_worse_word_of_another_originator_is_told_beside_the_newest():
    near = message("NEAR", created_h=-60.0, originator="CENTRE A")
    far = message("FAR", originator="CENTRE B", secondary=secondary((600.0, 400.0, 400.0)))
    found = assessed(near, far)
    assert found.level.name == "GREEN"
    assert found.advice.how_sure[-1].startswith("The last message of CENTRE A gives ")
    assert found.advice.how_sure[-1].endswith(" (2D-Pc): RED by itself.")
    assert "CENTRE A" not in " ".join(assessed(far).advice.how_sure)
