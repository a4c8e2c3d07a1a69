"""An import points down, physics knows no clock, and the checks that say so do fire."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AUTHORITIES = ROOT / "tests" / "authorities"


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_keeps_its_floors():
    found = lint_imports(ROOT)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("records/marks.py", "import skypact.ssa.volumes", "An import points down"),
        ("formats/decimals.py", "import skypact.ssa.volumes", "never sideways"),
        ("ssa/volumes.py", "import time", "Physics and records"),
        ("astro/time.py", "from datetime import datetime", "Physics and records"),
        ("formats/decimals.py", "import pathlib", "A format is handed its bytes"),
        ("attic/__init__.py", "", "An import points down"),
    ],
)
def test_a_broken_floor_is_noticed(tmp_path, module, line, contract):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    broken = tmp_path / "src" / "skypact" / module
    broken.parent.mkdir(exist_ok=True)
    with broken.open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    found = lint_imports(tmp_path)
    assert found.returncode != 0
    assert contract in found.stdout


def imported(script: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_reference_data_are_built_without_the_code_that_they_judge():
    builders = sorted(AUTHORITIES.glob("*.build.py"))
    assert [script.name for script in builders if "skypact" in imported(script)] == []
