"""The benchmarks run from end to end, on the exercise, and show no speed without an error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = ROOT / "bench" / "run.py"


def bench(*arguments, **environment):
    return subprocess.run(
        [sys.executable, str(RUN), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def figures():
    done = bench("--quick", "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_every_task_that_needs_no_reference_data_measures_something(figures):
    assert {figure["task"] for figure in figures} == {
        "yardstick", "sgp4", "screening", "kd_tree", "brute_force", "random_pairs", "scaling",
        "ranking", "probability", "monte_carlo", "messages", "avoidance",
    }  # fmt: skip
    assert figures[0]["task"] == "yardstick"


@pytest.mark.slow
def test_no_speed_stands_without_its_error(figures):
    assert all(figure["cpu_s"] > 0.0 and figure["error"] for figure in figures)


@pytest.mark.slow
def test_what_is_ours_holds_where_there_was_something_to_compare(figures):
    ours = [figure for figure in figures if figure["who"].startswith("skypact")]
    assert not [figure for figure in ours if figure["holds"] is False]
    judged = {figure["task"] for figure in ours if figure["holds"]}
    assert judged >= {
        "sgp4", "screening", "kd_tree", "brute_force", "random_pairs", "probability",
        "monte_carlo", "messages", "avoidance",
    }  # fmt: skip


def test_an_unknown_task_is_named_with_those_that_exist():
    done = bench("sgp5")
    assert done.returncode == 2
    assert "sgp5" in done.stderr
    assert "kd_tree" in done.stderr


def test_without_reference_data_it_says_where_they_are_sought(tmp_path):
    done = bench("yardstick", SKYPACT_SHARED=str(tmp_path))
    assert done.returncode == 3
    assert "SKYPACT_SHARED" in done.stderr
