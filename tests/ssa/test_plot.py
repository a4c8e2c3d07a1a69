"""The picture shows every row where it belongs, and says what it cannot show."""

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.base.svg import Svg
from skypact.base.table import TEXT
from skypact.records.conjunctions import Conjunctions
from skypact.records.marks import DataMode, Marks
from skypact.ssa.plot import plot

SVG = "{http://www.w3.org/2000/svg}"
START = np.datetime64("2026-11-20", "ns")


def approaches(
    miss_m: Any, speed_m_s: Any = 9000.0, *, hours: Any = None, mode: DataMode = DataMode.REAL
) -> Conjunctions:
    miss_m = np.atleast_1d(np.asarray(miss_m, np.float64))
    rows = len(miss_m)
    after = np.arange(rows) if hours is None else np.asarray(hours)
    tca = START + (after * 3600).astype("m8[s]")
    nothing, number = np.zeros(rows), np.arange(rows)
    name = np.array([f"A <{row}>" for row in range(rows)], TEXT)
    return Conjunctions(
        marks=Marks(originator="a test", source="by hand", data_mode=mode),
        primary_norad_id=number,
        secondary_norad_id=number + rows,
        primary_name=name,
        secondary_name=name,
        tca_utc=tca,
        tca_in_leap_second=nothing > 0,
        miss_distance_m=miss_m,
        relative_speed_m_s=np.broadcast_to(np.asarray(speed_m_s, np.float64), rows),
        miss_radial_m=nothing,
        miss_transverse_m=nothing,
        miss_normal_m=nothing,
        relative_velocity_radial_m_s=nothing,
        relative_velocity_transverse_m_s=nothing,
        relative_velocity_normal_m_s=nothing,
        entry_utc=tca,
        exit_utc=tca,
        is_minimum=nothing == 0,
        at_edge=nothing > 0,
        volume_of=np.full(rows, "both", TEXT),
        threshold_m=np.full(rows, 5000.0),
        primary_age_s=nothing,
        secondary_age_s=nothing,
        primary_elements=number,
        secondary_elements=number,
        group=np.full(rows, -1),
    )


def dots_by_speed(picture: Svg) -> dict[str, list[tuple[float, float]]]:
    """Where the dots of the chart (not of its legend) stand."""
    root = ElementTree.fromstring(str(picture))
    found: dict[str, list[tuple[float, float]]] = {}
    for path in root.iter(f"{SVG}path"):
        speed = path.attrib["class"].removeprefix("rows ")
        points = re.findall(r"M([\d.]+) ([\d.]+)h0", path.attrib["d"])
        found.setdefault(speed, []).extend((float(x), float(y)) for x, y in points)
    return {speed: points[:-1] for speed, points in found.items()}  # the last is the legend's


def words(picture: Svg) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(str(picture)).iter(f"{SVG}text")]


def test_a_tenfold_distance_is_the_same_step_upwards():
    (_, first), (_, second), (_, third) = dots_by_speed(plot(approaches([10, 100, 1000])))["middle"]
    assert first - second == pytest.approx(second - third, abs=0.11)
    assert first > second  # down is larger


def test_time_runs_to_the_right_evenly():
    (left, _), (middle, _), (right, _) = dots_by_speed(plot(approaches([9, 9, 9])))["middle"]
    assert middle - left == pytest.approx(right - middle, abs=0.11)
    assert left < right


def test_each_speed_has_its_own_colour():
    picture = plot(approaches([1e3] * 7, [0, 99.9, 100, 5e3, 9999, 1e4, 2e4]))
    counted = {speed: len(points) for speed, points in dots_by_speed(picture).items()}
    assert counted == {"slow": 2, "low": 1, "middle": 2, "high": 2}


def test_a_speed_that_is_not_known_is_drawn_as_the_worst():
    assert len(dots_by_speed(plot(approaches([1e3], np.nan)))["high"]) == 1


@given(st.lists(st.one_of(st.floats(0, 1e5), st.just(np.nan)), max_size=30))
def test_every_row_is_either_drawn_inside_the_picture_or_counted(miss_m):
    picture = plot(approaches(miss_m))
    drawn = [point for points in dots_by_speed(picture).values() for point in points]
    unknown = sum(np.isnan(miss_m))
    assert len(drawn) + unknown == len(miss_m)
    assert all(60 <= x <= 745 and 60 <= y <= 355 for x, y in drawn)
    counted = [word for word in words(picture) if f", {unknown} of unknown" in word]
    assert len(counted) == (unknown > 0)


def test_a_time_that_is_not_known_is_counted_too():
    rows = approaches([10, 20])
    rows.tca_utc[0] = np.datetime64("NaT")
    assert any("1 of unknown distance or time" in word for word in words(plot(rows)))


@pytest.mark.parametrize("mode", [DataMode.TEST, DataMode.SIMULATED, DataMode.EXERCISE])
@pytest.mark.parametrize("miss_m", [[], [100.0]])
def test_what_is_not_real_says_so_across_the_picture(mode, miss_m):
    picture = plot(approaches(miss_m, mode=mode))
    marks = ElementTree.fromstring(str(picture)).iter(f"{SVG}text")
    assert [text.text for text in marks if "watermark" in text.get("class", "")] == [mode.value]


def test_what_is_real_bears_no_mark_across_it():
    assert 'watermark"' not in str(plot(approaches([100.0])))


def test_the_closest_are_named_but_not_those_that_fly_together():
    rows = approaches([5000, 40, 3, 0.5])
    rows.group[3] = 0
    named = [word for word in words(plot(rows)) if " and " in word]
    assert "A <2> and A <2>, 3 m" in named
    assert not any("A <3>" in word for word in named)


def test_labels_stay_inside_and_apart():
    rows = approaches([10, 11, 12], hours=[0, 0.01, 24])
    root = ElementTree.fromstring(str(plot(rows)))
    labels = [text for text in root.iter(f"{SVG}text") if "label" in text.get("class", "")]
    assert labels
    heights = sorted(float(label.attrib["y"]) for label in labels)
    left = [float(label.attrib["x"]) for label in labels]
    right = [x + 7.0 * len(label.text or "") for x, label in zip(left, labels, strict=True)]
    assert min(left) >= 62
    assert max(right) <= 760
    assert len(set(heights)) == len(heights) or len(set(left)) == len(left)


def test_a_reader_of_screens_is_told_what_there_is():
    root = ElementTree.fromstring(str(plot(approaches([5000, 40, np.nan]))))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "3 close approaches"
    told = root.findtext(f"{SVG}desc") or ""
    assert "the closest is A <1> and A <1> at 40 m" in told
    assert "1 rows have no known distance or time" in told


def test_nothing_found_is_a_picture_too():
    assert "No close approach" in words(plot(approaches([])))


def test_ten_years_of_rows_are_drawn_with_few_ticks():
    picture = plot(approaches([10, 20], hours=[0, 24 * 3652]))
    assert len(words(picture)) < 40


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    shares = [int(digits[at : at + 2], 16) / 255.0 for at in (0, 2, 4)]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_stand_out_from_their_ground_as_wcag_asks(scheme):
    """3:1 for what is drawn (success criterion 1.4.11), 4.5:1 for words (1.4.3)."""
    style = ElementTree.fromstring(str(plot(approaches([10.0])))).findtext(f"{SVG}style") or ""
    rules = style.split("@media (prefers-color-scheme: dark)")[scheme]
    colours = dict(re.findall(r"\.(\w+) \{(?:fill|stroke): (#[0-9a-f]+)", rules))
    least = {"slow": 3.0, "low": 3.0, "middle": 3.0, "high": 3.0, "ink": 4.5, "quiet": 4.5}
    for name, ratio in least.items():
        assert contrast(colours[name], colours["ground"]) >= ratio, name
    speeds = [luminance(colours[name]) for name in ("low", "middle", "high")]
    assert speeds == sorted(speeds, reverse=scheme == 0)
