"""The command as a process: exit status, streams, interruption, closed pipes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from skypact import __version__
from skypact.cli.run import run

SKYPACT = [sys.executable, "-c", "from skypact.cli import main; main()"]
PATH = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], env=PATH, capture_output=True, text=True, check=False
    )


def test_the_version_is_answered_before_anything_heavy_is_imported():
    program = (
        "import sys; sys.argv = ['skypact', '--version']\n"
        "from skypact.cli import main; main()\n"
        "print([name for name in ('numpy', 'cyclopts', 'rich') if name in sys.modules])"
    )
    answer = python(program)
    assert answer.stdout.split("\n")[:2] == [__version__, "[]"]


def test_help_imports_no_numbers_and_tells_the_exit_statuses():
    program = (
        "import sys; from skypact.cli.run import run; run(['--help'])\n"
        "assert 'numpy' not in sys.modules, 'help imports numpy'"
    )
    answer = python(program)
    assert answer.returncode == 0, answer.stderr
    assert "130 interrupted" in answer.stdout
    for command in ("screen", "catalogue", "check", "demo", "warm"):
        assert f" {command} " in answer.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["screen", "--no-such-option", "exercise"],
        ["screen", "exercise", "--no-such-option"],
        ["check", "--no-such-option"],
        ["screen"],
        ["screen", "exercise", "--miss", "5"],
        ["screen", "exercise", "--miss", "5km", "--volume", "leo"],
        ["screen", "exercise", "--format", "xml"],
        ["screen", "exercise", "--days", "many"],
        ["screen", "exercise", "-o", "result.docx"],
        ["screen", "exercise", "--format", "table", "-o", "result.txt"],
        ["screen", "exercise", "--radius", "1m"],
        ["screen", "exercise", "--threads", "0"],
        ["screen", "exercise", "--verify=-1"],
        ["screen", "exercise", "--days=0"],
        ["screen", "exercise", "--days=nan"],
        ["screen", "exercise", "--miss=2000km"],
        ["screen", "exercise", "--miss="],
        ["screen", "exercise", "--primary="],
        ["screen", "exercise", "more"],
        ["scren", "exercise"],
    ],
)
def test_wrong_usage_exits_2_with_one_message_and_the_way_to_help(arguments, capsys):
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("skypact: ")
    assert err.rstrip().endswith("--help")


def test_a_file_that_is_not_there_exits_3_and_names_it(capsys):
    assert run(["screen", "missing.tle"]) == 3
    assert capsys.readouterr().err.strip() == (
        "skypact: cannot read missing.tle: No such file or directory"
    )


def test_a_source_without_network_and_copy_exits_5_and_says_what_to_do(
    tmp_path, monkeypatch, capsys
):
    from skypact.node import fetching
    from skypact.node.http import Unreachable

    def offline(*_):
        raise Unreachable("celestrak.org cannot be reached: no network")

    monkeypatch.setenv("SKYPACT_HOME", str(tmp_path))
    monkeypatch.setattr(fetching, "ask", offline)
    assert run(["catalogue", "fetch", "celestrak:stations"]) == 5
    assert "skypact screen exercise" in capsys.readouterr().err


def test_a_login_is_never_asked_for_on_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SKYPACT_HOME", str(tmp_path))
    assert run(["catalogue", "fetch", "spacetrack:catalogue"]) == 3
    assert "SKYPACT_SPACETRACK_IDENTITY" in capsys.readouterr().err


# What a kernel is to Python: seconds of computing without one of Python's own instructions.
_WORK = {
    "in a kernel": "hashlib.pbkdf2_hmac('sha256', b'', b'', 200_000_000)",
    "in Python": "threading.Event().wait(60)",
}
_PROGRAM = """
import hashlib, sys, threading
from pathlib import Path
from skypact.cli.interruption import exit_promptly_when_interrupted
from skypact.node.files import replacing

exit_promptly_when_interrupted()
try:
    with replacing(Path(sys.argv[1])) as stream:
        stream.write(b"half")
        print("computing", flush=True)
        {work}
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("work", _WORK.values(), ids=_WORK)
def test_ctrl_c_ends_at_once_with_130_and_leaves_nothing(tmp_path, work):
    command = [sys.executable, "-c", _PROGRAM.format(work=work), str(tmp_path / "result.csv")]
    with subprocess.Popen(command, env=PATH, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"computing\n"
        time.sleep(0.1)
        sent_s = time.perf_counter()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20.0) == 130
        took_s = time.perf_counter() - sent_s
    assert list(tmp_path.iterdir()) == []
    assert took_s < 1.0  # half a second, and as much again for a busy machine


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scren", "exercise"], "there is no command 'scren'; did you mean screen?"),
        (["screen", "exercise", "more"], "one argument too many: 'more'"),
        (["catalogue", "show"], "Try: skypact catalogue show --help"),
        (["frobnicate"], "there is no command or file 'frobnicate'"),
        (["conjunctions", "report", "exercise"], "skypact: say -o event.html"),
        (["conjunctions", "report", "exercise", "-o"], "-o requires an argument"),
        (["conjunctions", "plan", "exercise"], "skypact: say --catalogue celestrak:active"),
    ],
)
def test_words_without_a_place_are_named(arguments, said, capsys):
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("form", ["table", "csv", "parquet"])
def test_a_full_disk_is_told_in_one_line(form):
    command = [*SKYPACT, "catalogue", "show", "exercise", "--format", form]
    with open("/dev/full", "wb") as full:
        answer = subprocess.run(
            command, env=PATH, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert answer.returncode == 3
    assert answer.stderr.splitlines()[1:] == [
        "skypact: cannot write to standard output: No space left on device"
    ]


@pytest.mark.parametrize("form", ["table", "jsonl", "parquet"])
def test_a_reader_that_has_seen_enough_ends_the_command_quietly(form):
    command = [*SKYPACT, "catalogue", "show", "exercise", "--top", "3000", "--format", form]
    with subprocess.Popen(
        command, env=PATH, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(9)
        process.stdout.close()
        assert b"Error" not in process.stderr.read()
        assert process.wait(timeout=60.0) == 0
