"""Fetching: limits kept, answers kept, and what is said without a network."""

from __future__ import annotations

import dataclasses
import gzip
import json

import pytest

from skypact.base.errors import InputError, Unavailable
from skypact.node import fetching
from skypact.node.archive import Archive
from skypact.node.credentials import Credentials
from skypact.node.fetching import Fetcher
from skypact.node.http import Unreachable, request
from skypact.node.limiter import Limiter

NAME = "celestrak:stations"


@pytest.fixture
def fetcher(tmp_path, clock, source):
    return Fetcher(
        archive=Archive(tmp_path / "responses"),
        limiter=Limiter(tmp_path / "requests.sqlite", clock),
        clock=clock,
        login=lambda: Credentials("me", "hunter-two"),
        ask=lambda *_: request(source.url),
    )


def offline(wanted, login):
    raise Unreachable("celestrak.org cannot be reached: no network")


def test_the_answer_is_kept_raw_with_its_headers_and_time(fetcher, source, clock, tmp_path):
    source.headers = {"ETag": "abc"}
    assert fetcher.fetch(NAME) == (NAME, source.body, 0.0, "")
    (kept,) = (tmp_path / "responses").rglob("*.gz")
    assert gzip.decompress(kept.read_bytes()) == source.body
    receipt = json.loads(kept.with_suffix(".json").read_text())
    assert receipt["fetched_at_s"] == clock.now_s
    assert receipt["headers"]["ETag"] == "abc"
    assert receipt["url"].startswith("https://celestrak.org/")


def test_within_the_limit_the_source_is_left_alone_and_the_copy_says_its_age(
    fetcher, source, clock
):
    fetcher.fetch(NAME)
    clock.now_s += 5400.0
    again = fetcher.fetch(NAME)
    assert len(source.asked) == 1
    assert again.body == source.body
    assert again.age_s == 5400.0
    assert "30 min" in again.notice
    assert "copy of 1.5 h ago" in again.notice


def test_after_the_limit_the_source_is_asked_again_and_the_newest_copy_counts(
    fetcher, source, clock
):
    fetcher.fetch(NAME)
    clock.now_s += 7200.0
    source.body = b"OBJECT_NAME,OBJECT_ID\nTWO,2000-001A\n"
    fetcher.fetch(NAME)
    clock.now_s += 60.0
    assert fetcher.fetch(NAME).body == source.body


def test_groups_have_limits_of_their_own(fetcher, source):
    fetcher.fetch(NAME)
    fetcher.fetch("celestrak:geo")
    assert len(source.asked) == 2


def test_without_a_network_and_a_copy_the_message_says_what_to_do(fetcher):
    with pytest.raises(Unavailable) as caught:
        dataclasses.replace(fetcher, ask=offline).fetch(NAME)
    for way_out in ("no network", "skypact screen FILE", "skypact screen exercise"):
        assert way_out in str(caught.value)


def test_without_a_network_the_copy_serves_and_the_request_does_not_count(fetcher, source, clock):
    fetcher.fetch(NAME)
    clock.now_s += 8000.0
    cut_off = dataclasses.replace(fetcher, ask=offline).fetch(NAME)
    assert cut_off.body == source.body
    assert "no network" in cut_off.notice
    fetcher.fetch(NAME)
    assert len(source.asked) == 2


def test_a_refusal_counts_so_that_nobody_hammers_a_source_that_said_no(fetcher, source):
    source.status = 403
    with pytest.raises(Unavailable, match="403"):
        fetcher.fetch(NAME)
    with pytest.raises(Unavailable, match="left alone"):
        fetcher.fetch(NAME)
    assert len(source.asked) == 1


@pytest.mark.parametrize("body", [b"No GP data found", b"", b"Invalid query: GROUP"])
def test_a_sentence_instead_of_elements_is_passed_on_and_not_kept(fetcher, source, body):
    source.body = body
    with pytest.raises(Unavailable, match=body.decode() or "nothing"):
        fetcher.fetch(NAME)
    assert fetcher.archive.newest(NAME) is None


def test_an_interrupted_request_may_be_made_again(fetcher, source):
    def interrupted(wanted, login):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dataclasses.replace(fetcher, ask=interrupted).fetch(NAME)
    fetcher.fetch(NAME)
    assert len(source.asked) == 1


def test_a_damaged_copy_is_never_used(fetcher, source, clock, tmp_path):
    fetcher.fetch(NAME)
    (kept,) = (tmp_path / "responses").rglob("*.gz")
    kept.write_bytes(gzip.compress(b"OBJECT_NAME,forged"))
    with pytest.raises(Unavailable, match="not what was fetched"):
        fetcher.fetch(NAME)


def test_spacetrack_gets_the_login_in_the_body_and_nowhere_else(
    fetcher, source, tmp_path, monkeypatch
):
    monkeypatch.setattr(fetching, "SPACETRACK_LOGIN", f"{source.url}/ajaxauth/login")
    source.body = b'[{"NORAD_CAT_ID": "25544"}]'
    dataclasses.replace(fetcher, ask=fetching.ask).fetch("spacetrack:25544")
    ((method, path, sent),) = source.asked
    assert (method, path) == ("POST", "/ajaxauth/login")
    assert b"password=hunter-two" in sent
    assert b"query=https%3A%2F%2Fwww.space-track.org%2Fbasicspacedata" in sent
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"hunter-two" not in kept


def test_a_refused_login_is_told_as_the_callers_error_without_showing_it(fetcher, source):
    source.body = b'{"Login":"Failed"}'
    with pytest.raises(InputError, match="refused the login") as caught:
        fetcher.fetch("spacetrack:catalogue")
    assert "hunter-two" not in str(caught.value)
