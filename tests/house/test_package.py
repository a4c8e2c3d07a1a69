"""What is installed is whole, starts quickly, and does nothing until it is asked."""

import os
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

import skypact

ROOT = Path(__file__).parents[2]
THIS = Path(__file__)


def python(code: str, *, path: Path = ROOT / "src") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


IMPORT_EVERYTHING = """
import importlib, pkgutil, sys, time
import brahe, cyclopts, msgspec, nanoarrow, numba, numpy, polars, rich.progress, rich.table
import concurrent.futures.thread, email.message, http.client, subprocess, urllib.request

def refuse(event, arguments):
    if "__pycache__" in str(arguments):
        return  # the interpreter's and the compiler's own
    if event.startswith(("socket.", "subprocess.", "os.system", "os.remove", "os.mkdir")):
        raise SystemExit(f"{event} {arguments}")
    if event == "open" and not str(arguments[0]).endswith((".py", ".pyc", ".so")):
        raise SystemExit(f"opened {arguments[0]}")

def no_clock():
    raise SystemExit("read the clock")

import skypact
names = [found.name for found in pkgutil.walk_packages(skypact.__path__, "skypact.")]
time.time = time.time_ns = time.monotonic = no_clock
sys.addaudithook(refuse)
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def test_importing_every_module_opens_nothing_and_reads_no_clock():
    found = python(IMPORT_EVERYTHING)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) == len(list((ROOT / "src" / "skypact").rglob("*.py"))) - 1


def run_main(*arguments: str) -> str:
    """Code that runs the command line and then says what it had to import."""
    return f"""
import sys
sys.argv = {["skypact", *arguments]!r}
from skypact.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("IMPORTED", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


@pytest.mark.parametrize(
    ("argument", "expected", "heavy"),
    [
        ("--version", skypact.__version__, {"numpy", "numba", "polars", "cyclopts", "rich"}),
        ("--help", "screen", {"numpy", "numba", "polars", "brahe"}),
    ],
)
def test_a_short_answer_waits_for_no_heavy_import(argument, expected, heavy):
    found = python(run_main(argument))
    assert found.returncode == 0, found.stderr
    answer, _, modules = found.stdout.partition("IMPORTED")
    assert expected in answer
    assert heavy & set(modules.split()) == set()


def test_the_face_of_the_package_holds_what_it_names():
    for name in skypact.__all__:
        assert getattr(skypact, name) is not None
    assert set(dir(skypact)) == set(skypact.__all__)
    with pytest.raises(AttributeError, match="no attribute 'pact'"):
        import_module("skypact").pact  # noqa: B018


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_code_the_licence_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    metadata = f"skypact-{skypact.__version__}.dist-info"
    assert {"skypact/py.typed", f"{metadata}/licenses/LICENSE"} <= names
    code = {name for name in names if not name.startswith(metadata)}
    source = ROOT / "src"
    tracked = [*source.rglob("*.py"), *source.rglob("py.typed")]
    assert code == {path.relative_to(source).as_posix() for path in tracked}


def test_the_wheel_installs_where_nothing_else_is(wheel, tmp_path):
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-index", "--no-deps", "--target", str(tmp_path), str(wheel)),
        ],
        capture_output=True,
        check=True,
    )
    found = python(run_main("--version"), path=tmp_path)
    assert skypact.__version__ in found.stdout, found.stderr
    where = python("import skypact; print(skypact.__file__)", path=tmp_path)
    assert where.stdout.startswith(str(tmp_path))


def our_files() -> list[Path]:
    rooms = [ROOT / room for room in ("src", "tests", "docs", "bench", "examples", ".ci")]
    nested = [path for room in rooms for path in room.rglob("*") if path.is_file()]
    top = [path for path in ROOT.iterdir() if path.is_file()]
    return [path for path in [*nested, *top] if "__pycache__" not in path.parts]


FOREIGN = (
    "pypi.org", "pythonhosted", "index-url", "find-links",  # where packages come from
    "/work/", "/tmp/", "/root/", "/home/",  # one machine's folders
)  # fmt: skip


def test_no_file_names_a_package_host_or_a_machines_folder():
    named = {
        str(path.relative_to(ROOT)): word
        for path in our_files()
        for word in FOREIGN
        if path != THIS and word.encode() in path.read_bytes()
    }
    assert named == {}


def test_no_reference_data_were_carried_in(shared):
    sizes = {path.stat().st_size: path for path in our_files() if path.stat().st_size > 100}
    carried = [
        theirs
        for theirs in (shared / "data").rglob("*")
        if theirs.is_file()
        and theirs.stat().st_size in sizes
        and theirs.read_bytes() == sizes[theirs.stat().st_size].read_bytes()
    ]
    assert carried == []
