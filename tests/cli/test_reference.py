"""The page on the command line names what there is, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from inspect import signature
from pathlib import Path
from typing import get_args

import pytest

from skypact.cli.conjunctions import assess, report
from skypact.cli.conjunctions_input import Judging
from skypact.cli.conjunctions_plan import Burning, Handing, plan
from skypact.cli.convert import convert
from skypact.cli.results import Format
from skypact.cli.run import app
from skypact.cli.screening import Effort, Output, Question
from skypact.cli.screening_ranking import Ranking
from skypact.ssa.volumes import PRESETS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text("utf-8")
GROUPS = (Question, Ranking, Effort, Output)
OPTIONS = {f"--{field.name.replace('_', '-')}" for group in GROUPS for field in fields(group)}


def test_every_option_of_screen_is_on_the_page_and_no_other():
    screen = PAGE.partition("## `skypact screen`")[2].partition("### Volumes")[0]
    named = set(re.findall(r"^\| `(?:-o`, `)?(--[a-z-]+)`", screen, re.MULTILINE))
    assert named == OPTIONS


@pytest.mark.parametrize("command", [name for name in app if not name.startswith("-")])
def test_every_command_is_on_the_page(command):
    assert f"`skypact {command}" in PAGE


@pytest.mark.parametrize("name", [*get_args(Format), *PRESETS])
def test_every_format_and_volume_is_on_the_page(name):
    assert f"`{name}`" in PAGE


def test_every_option_of_convert_is_on_the_page_and_no_other():
    section = PAGE.partition("## `skypact convert`")[2]
    named = set(re.findall(r"^\| `(?:-o`, `)?(--[a-z-]+)`", section, re.MULTILINE))
    assert named == {f"--{name}" for name in signature(convert).parameters if name != "file"}


def test_every_option_of_conjunctions_is_on_the_page_and_no_other():
    section = PAGE.partition("## `skypact conjunctions`")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| `(?:-o`, `)?(--[a-z-]+)`", section, re.MULTILINE))
    commands = (assess, plan, report)
    own = {name for command in commands for name in signature(command).parameters}
    own |= {field.name for group in (Judging, Burning, Handing) for field in fields(group)}
    own -= {"files", "event_and_files", "judging", "burning", "handing"}
    assert named == {f"--{name.replace('_', '-')}" for name in own}
