"""A picture is well-formed whatever the words in it."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.base.svg import Svg, dots, element, number, text

SVG = "{http://www.w3.org/2000/svg}"


def picture(words: str) -> Svg:
    return Svg(
        name="plain",
        title=words,
        description="",
        width_px=10.0,
        height_px=5.5,
        style=".plain text {fill: red}\n",
        children=(element("text", {"id": words}, text(words)),),
    )


@given(st.text())
def test_any_words_make_a_picture_that_a_parser_reads(words):
    root = ElementTree.fromstring(str(picture(words)).encode(errors="strict"))
    assert root.find(f"{SVG}title") is not None


@pytest.mark.parametrize("words", ["<script>", "a & b", "\"'", "]]>", "日本"])
def test_words_are_shown_as_they_are(words):
    root = ElementTree.fromstring(str(picture(words)))
    shown = root.find(f"{SVG}text")
    assert shown is not None
    assert (shown.text, shown.get("id")) == (words, words)


def test_the_style_sheet_keeps_its_line_breaks():
    root = ElementTree.fromstring(str(picture("")))
    assert root.findtext(f"{SVG}style") == ".plain text {fill: red}\n"


def test_a_notebook_is_given_the_same_text_as_a_file():
    assert picture("a")._repr_svg_() == str(picture("a"))


@given(st.floats(-1e6, 1e6))
def test_a_coordinate_is_short_and_within_a_twentieth_of_a_pixel(value):
    assert "e" not in number(value)
    assert float(number(value)) == pytest.approx(value, abs=0.0501)


def test_dots_stand_where_they_are_put():
    assert dots(np.array([1.0, 2.26]), np.array([-0.01, 3.5])) == "M1 0h0M2.3 3.5h0"
