"""Machine code on disk is used only while all that it was made from stands."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CALLER = """
from typing import NamedTuple
from skypact.base.kernel import kernel
from callee import OFFSET, twice

class {pair}(NamedTuple):
    left: float
    right: float

@kernel
def total(pair):
    return twice(pair.left) + pair.right + OFFSET

def shown():
    return total({pair}(1.0, 2.0)), sum(total.stats.cache_hits.values())
"""
CALLEE = """
from skypact.base.kernel import kernel

OFFSET = {offset}

@kernel
def twice(x):
    return {factor} * x
"""

pytestmark = pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="nothing is compiled"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "caller.py").write_text(CALLER.format(pair="Pair"))
    (tmp_path / "callee.py").write_text(CALLEE.format(factor=2.0, offset=0.0))
    assert run(tmp_path) == "(4.0, 0)"
    return tmp_path


SHOW = "import caller; print(caller.shown())"
LISTEN = """
from skypact.base.compilation import tell_before_compiling
import caller

told = []
tell_before_compiling(lambda: told.append("compiling"))
caller.shown()
print(told)
"""


def run(folder: Path, program: str = SHOW) -> str:
    """What the kernel gives in a new process, and how often its code came from disk."""
    places = {"NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **places},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def test_code_on_disk_is_used_until_a_kernel_that_it_calls_or_a_number_changes(folder):
    assert run(folder) == "(4.0, 1)"
    (folder / "callee.py").write_text(CALLEE.format(factor=3.0, offset=10.0))
    assert run(folder) == "(15.0, 0)"


def test_a_type_that_was_renamed_since_is_compiled_again(folder):
    (folder / "caller.py").write_text(CALLER.format(pair="Couple"))
    assert run(folder) == "(4.0, 0)"


def test_a_file_cut_short_is_compiled_again(folder):
    for path in (folder / "cache").rglob("*.nbc"):
        path.write_bytes(path.read_bytes()[:-100])
    assert run(folder) == "(4.0, 0)"


def test_who_asks_is_told_once_before_something_is_compiled(folder):
    assert run(folder, LISTEN) == "[]"
    (folder / "callee.py").write_text(CALLEE.format(factor=4.0, offset=0.0))
    assert run(folder, LISTEN) == "['compiling']"
