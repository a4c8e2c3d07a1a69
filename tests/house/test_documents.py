"""What the pages promise happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SKYPACT = "import sys; sys.argv[0] = 'skypact'; from skypact.cli import main; sys.exit(main())"


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [text for spoken, text in found if spoken == language]


def pages_with(language: str) -> list[Path]:
    return [page for page in PAGES if blocks(page, language)]


def run(arguments: list[str], folder: Path) -> str:
    """What a command prints on standard output, in a home of its own."""
    found = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "SKYPACT_HOME": str(folder),
            "COLUMNS": "100",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def commands(block: str) -> list[tuple[str, str]]:
    """Each command of a console block, with what is shown to follow."""
    _, *parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def shows(shown: str, printed: str) -> bool:
    """Whether the output is as shown: `…` is anything, a run of blanks is one."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in shown.split("…")]
    return re.fullmatch(rf"\s*{'.*'.join(parts)}\s*", printed, re.DOTALL) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a  b\n", "a b\n", True),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nb\nc\n", False),
        ("a\n", "a\nb\n", False),
        ("1.5", "125", False),
    ],
)
def test_shown_output_is_compared_as_promised(shown, printed, same):
    assert shows(shown, printed) == same


@pytest.mark.parametrize("page", pages_with("console"), ids=name_of)
def test_commands_print_what_the_page_shows(page, tmp_path):
    for block in blocks(page, "console"):
        for command, shown in commands(block):
            program, *arguments = command.split()
            assert program == "skypact", "a block that is not to be run is fenced as `sh`"
            printed = run(["-c", SKYPACT, *arguments], tmp_path)
            assert shows(shown, printed), f"$ {command}\n{printed}"


@pytest.mark.parametrize("page", pages_with("python"), ids=name_of)
def test_python_on_a_page_runs(page, tmp_path):
    run(["-W", "error", "-c", "\n".join(blocks(page, "python"))], tmp_path)


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_an_example_runs(example, tmp_path):
    assert run(["-W", "error", str(example)], tmp_path) != ""


@pytest.mark.parametrize("page", pages_with("sh"), ids=name_of)
def test_make_targets_on_a_page_exist(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for block in blocks(page, "sh"):
        for target in re.findall(r"^make (\w+)", block, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for link in LINK.findall(text):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = {(ROOT / "docs" / link).resolve() for link in LINK.findall(index)}
    assert set((ROOT / "docs").rglob("*.md")) - listed == {ROOT / "docs/index.md"}


def test_the_picture_on_the_first_page_is_what_is_drawn_today(tmp_path):
    run([str(ROOT / "examples" / "screening.py")], tmp_path)
    drawn = (tmp_path / "close-approaches.svg").read_text(encoding="utf-8")
    shown = (ROOT / "docs" / "exercise.svg").read_text(encoding="utf-8")
    number = re.compile(r"\d+\.?\d*")
    assert number.sub("0", drawn) == number.sub("0", shown)
    # The last bits of a screening may differ between types of machine: a tenth of a pixel.
    assert [float(value) for value in number.findall(drawn)] == pytest.approx(
        [float(value) for value in number.findall(shown)], abs=0.11
    )
