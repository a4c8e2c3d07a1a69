"""Reference data say where they come from."""

import re
from pathlib import Path

import pytest

AUTHORITIES = Path(__file__).parents[1] / "authorities"
README = AUTHORITIES / "README.md"
DATED = re.compile(r"\b(19|20)\d\d\b|\b\d+\.\d+")  # a year, or a tool's version


def provenance(file: Path) -> str:
    """The comment that opens the file; for a format without comments, its line in README.md."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    opening = [line for line in lines[:12] if line.lstrip().startswith(("#", "COMMENT", "<!--"))]
    if opening or not README.exists():
        return " ".join(opening)
    index = README.read_text(encoding="utf-8").splitlines()
    return " ".join(line for line in index if f"`{file.name}`" in line)


def files() -> list[Path]:
    found = sorted(path for path in AUTHORITIES.rglob("*") if path.is_file())
    return [
        path
        for path in found
        if path != README and not path.name.endswith(".build.py") and path.suffix != ".pyc"
    ]


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_every_reference_says_who_and_when(file):
    said = provenance(file)
    assert len(said) >= 40
    assert DATED.search(said), f"no year and no version: {said}"


@pytest.mark.parametrize("builder", sorted(AUTHORITIES.glob("*.build.py")), ids=lambda b: b.name)
def test_every_builder_has_built_something(builder):
    stem = builder.name.removesuffix(".build.py")
    assert [file.name for file in files() if file.name.startswith(f"{stem}.")] != []
