"""One request against a server on this machine."""

from __future__ import annotations

import gzip
import socket

import pytest

from skypact.base.errors import InputError, Unavailable
from skypact.node.http import Unreachable, request


def test_an_answer_comes_back_whole_with_its_headers(source):
    source.headers = {"Last-Modified": "yesterday"}
    answer = request(source.url)
    assert answer.body == source.body
    assert answer.headers["Last-Modified"] == "yesterday"


def test_a_packed_answer_is_unpacked(source):
    plain, source.body = source.body, gzip.compress(source.body)
    source.headers = {"Content-Encoding": "gzip"}
    assert request(source.url).body == plain


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_is_too_large_is_refused(source, packed):
    source.body = b"x" * 2_000_000
    if packed:
        source.body = gzip.compress(source.body)
        source.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(Unavailable, match="more than 1 MiB"):
        request(source.url, largest_bytes=1 << 20)


def test_a_packed_answer_that_is_cut_short_is_refused(source):
    source.body = gzip.compress(source.body)[:-9]
    source.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(Unavailable, match="broke off"):
        request(source.url)


def test_a_packed_answer_that_is_no_gzip_is_refused(source):
    source.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(Unavailable, match="broke off"):
        request(source.url)


def test_an_answer_that_breaks_off_is_refused(source):
    source.headers = {"Content-Length": "1000"}
    with pytest.raises(Unavailable, match="broke off"):
        request(source.url, timeout_s=5.0)


def test_a_redirect_is_reported_and_not_followed(source):
    source.status, source.headers = 301, {"Location": f"{source.url}/elsewhere"}
    with pytest.raises(Unavailable, match=r"301 .*/elsewhere"):
        request(source.url)
    assert len(source.asked) == 1


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_refusal_is_reported_with_its_status_and_not_repeated(source, status):
    source.status = status
    with pytest.raises(Unavailable, match=str(status)) as caught:
        request(source.url)
    assert not isinstance(caught.value, Unreachable)
    assert len(source.asked) == 1


def test_nobody_at_home_is_told_apart_from_a_refusal():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(Unreachable, match="cannot be reached"):
        request(url)


def test_a_server_that_never_answers_is_given_up():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        with pytest.raises(Unavailable, match=r"0\.2 s|cannot be reached"):
            request(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout_s=0.2)


@pytest.mark.parametrize("url", ["http://example.org", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_only_https_is_spoken_to_others(url):
    with pytest.raises(InputError, match="https"):
        request(url)
