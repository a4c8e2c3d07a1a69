"""The register of requests: limits hold over time, restarts and processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.base.errors import Unavailable
from skypact.node.limiter import Limit, Limiter

TWICE = Limit("source", 2, 60.0, "the source's rules")
ONCE = Limit("group", 1, 7200.0, "the source's rules")


@pytest.fixture
def limiter(tmp_path, clock):
    return Limiter(tmp_path / "state" / "requests.sqlite", clock)


def test_the_third_of_two_allowed_requests_waits_until_the_first_is_old(limiter, clock):
    assert [limiter.claim([TWICE]) for _ in range(2)] == [0.0, 0.0]
    clock.now_s += 20.0
    assert limiter.claim([TWICE]) == 40.0
    clock.now_s += 40.0
    assert limiter.claim([TWICE]) == 0.0


def test_all_limits_hold_and_a_refusal_counts_under_none(limiter, clock):
    assert limiter.claim([TWICE, ONCE]) == 0.0
    assert limiter.claim([TWICE, ONCE]) == 7200.0
    assert limiter.claim([TWICE]) == 0.0


def test_a_restart_remembers(limiter, clock):
    limiter.claim([ONCE])
    assert Limiter(limiter.path, clock).claim([ONCE]) == 7200.0


def test_a_request_given_back_may_be_made_again(limiter):
    limiter.claim([ONCE])
    limiter.give_back([ONCE])
    assert limiter.claim([ONCE]) == 0.0


def test_a_clock_that_was_ahead_does_not_block_for_ever(limiter, clock):
    clock.now_s += 1e9
    limiter.claim([ONCE])
    clock.now_s -= 1e9
    assert limiter.claim([ONCE]) == 0.0


def test_a_damaged_register_says_which_file(limiter):
    limiter.path.parent.mkdir()
    limiter.path.write_bytes(b"not a database" * 100)
    with pytest.raises(Unavailable, match=r"requests\.sqlite"):
        limiter.claim([ONCE])


def test_two_processes_share_the_limit(tmp_path):
    program = (
        "import sys; from pathlib import Path; from skypact.node.limiter import Limit, Limiter\n"
        "limiter = Limiter(Path(sys.argv[1]), lambda: 1000.0)\n"
        "print(sum(limiter.claim([Limit('k', 30, 60.0, '')]) == 0.0 for _ in range(25)))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "shared.sqlite")]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, env=path) for _ in range(2)]
    assert sum(int(one.communicate()[0]) for one in both) == 30


@settings(max_examples=30, deadline=None)
@given(steps_s=st.lists(st.floats(0.0, 50.0), max_size=30))
def test_no_period_ever_holds_more_than_its_count(tmp_path_factory, steps_s):
    now_s, made = 1000.0, []
    limiter = Limiter(tmp_path_factory.mktemp("state") / "requests.sqlite", lambda: now_s)
    for step_s in steps_s:
        now_s += step_s
        wait_s = limiter.claim([TWICE])
        if wait_s == 0.0:
            made.append(now_s)
        else:
            assert made[-2] + 60.0 == pytest.approx(now_s + wait_s)
    assert all(late - early >= 60.0 for early, late in zip(made, made[2:], strict=False))
