"""The page of an event needs nothing else, and prints."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import msgspec
import pytest
from tests.ssa.conjunction_examples import HOUR_NS, TCA_NS, message, secondary

from skypact.base.errors import InputError, Unavailable
from skypact.node import printing
from skypact.node.conjunctions import assess_messages
from skypact.node.event_page import event_page
from skypact.node.printing import BROWSERS, browser, pdf_of_page
from skypact.records.assessments import ProbabilityEstimate
from skypact.ssa.exercise_conjunctions import exercise_conjunctions

VOID = {"meta", "br", "img", "hr", "input", "link"}


class Reader(HTMLParser):
    """What is on a page, and whether every element is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [
            value for name, value in attrs if name in ("src", "href", "srcset") and value
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def page_of(*messages) -> str:
    (event,) = assess_messages(messages or (message(),), at_tai_ns=TCA_NS - 40 * HOUR_NS)
    return event_page(event)


def test_the_page_is_whole_and_asks_nobody_for_anything():
    page = page_of()
    read = Reader(page)
    assert read.open == []
    assert not {"script", "link", "img", "iframe"} & set(read.tags)
    assert read.links == []
    assert "@import" not in page
    assert "url(" not in page
    assert read.tags.count("svg") == 4


def test_the_page_says_level_advice_methods_history_and_source():
    words = "\n".join(Reader(page_of()).words)
    for said in ("RED", "What to do", "Go / no-go by", "2D-Pc", "the first message", "by hand",
                 "M1", "EME2000", "COMMENT HBR", "10 m"):  # fmt: skip
        assert said in words, said


def test_what_a_sender_writes_cannot_become_markup():
    nasty = message(
        "<script>alert(1)</script>",
        originator='"><img src=x>',
        secondary=secondary(name="<b>EVIL & CO</b>", covariance_rtn=None),
    )
    read = Reader(page_of(nasty))
    assert not {"script", "img", "b"} & set(read.tags)
    assert any("<b>EVIL & CO</b>" in said for said in read.words)


def test_unknown_and_exercise_are_said():
    bare = message(secondary=secondary(covariance_rtn=None))
    words = "\n".join(Reader(page_of(bare)).words)
    assert "UNKNOWN" in words
    assert "TEST: not the real sky" in words
    assert "unknown: the secondary has no position covariance" in words


def test_the_exercise_gets_worse_from_message_to_message():
    """The story that the pages tell: shrinking miss and covariance, rising probability."""
    (event,) = assess_messages(exercise_conjunctions())
    values = event.history.collision_probability.tolist()
    assert values == sorted(values)
    assert values[0] < 1e-4 < values[-1]
    assert event.level.name == "RED"
    assert event.message.marks.data_mode == "EXERCISE"
    # An hour after its last message, whenever that is read.
    assert event.now_tai_ns - event.message.created_tai_ns == HOUR_NS


def test_without_a_browser_one_is_told_what_else_to_do(monkeypatch):
    monkeypatch.delenv("SKYPACT_BROWSER", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(printing, "_MAC", printing.Path("nowhere"))
    with pytest.raises(Unavailable, match=r"write \.html and print that"):
        browser()


def test_a_browser_of_ones_own_is_used_or_refused_by_name(monkeypatch):
    monkeypatch.setenv("SKYPACT_BROWSER", "no-such-browser")
    with pytest.raises(InputError, match="no-such-browser"):
        browser()


def test_a_browser_that_prints_nothing_is_told(monkeypatch):
    monkeypatch.setenv("SKYPACT_BROWSER", "false")
    with pytest.raises(Unavailable, match="printed nothing"):
        pdf_of_page(b"<p>x</p>")


@pytest.mark.slow
def test_the_page_is_printed_as_pdf():
    if not any(map(shutil.which, BROWSERS)):
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no browser that prints")
        pytest.skip("no browser here")
    content = pdf_of_page(page_of().encode())
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(content) > 20_000


def test_each_printed_page_and_the_head_carry_every_marking_and_the_data_mode():
    first = message("M1", marks=msgspec.structs.replace(message().marks, marking="SECRET </style>"))
    later = message("M2", created_h=-40.0, originator="OTHER CENTRE")
    page = event_page(*assess_messages([first, later], at_tai_ns=TCA_NS - 40 * HOUR_NS))
    assert "<strong>SECRET &lt;/style&gt;</strong>" in page
    assert page.count("</style>") == 1 + 4  # the page's and each picture's
    running = page.partition("@top-center {content: ")[2].partition(";")[0]
    spoken = "".join(chr(int(code, 16)) for code in running.strip('"').split("\\")[1:])
    assert spoken == "TEST: not the real sky; SECRET </style>"
    assert "TEST CENTRE, OTHER CENTRE" in page


def test_the_page_names_the_file_and_not_our_folders():
    marks = msgspec.structs.replace(message().marks, source="/srv/secret project/event.cdm")
    page = event_page(*assess_messages([message(marks=marks)], at_tai_ns=TCA_NS - 40 * HOUR_NS))
    assert "from event.cdm" in page
    assert "secret project" not in page


def test_what_another_method_decides_is_said_beside_the_curves_of_2d_pc():
    (event,) = assess_messages([message()], at_tai_ns=TCA_NS - 40 * HOUR_NS)
    other = ProbabilityEstimate(method="3D-Nc", value=3e-5, is_valid=True)
    page = event_page(replace(event, best=other))
    assert "The level follows from 3D-Nc: 3.0e-5 (1 in 33,000)." in page
    assert "3D-Nc 3.0e-5, which decides" in page
    assert "which decides" not in event_page(event)
