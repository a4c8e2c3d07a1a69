"""The login: where it comes from, and that it is never shown."""

from __future__ import annotations

import pytest

from skypact.base.errors import InputError
from skypact.node.credentials import FILE_NAME, IDENTITY, PASSWORD, credentials

SECRET = "hunter-two"


def test_the_environment_comes_first(tmp_path):
    login = credentials({IDENTITY: "me", PASSWORD: SECRET}, tmp_path)
    assert (login.identity, login.password) == ("me", SECRET)
    assert SECRET not in repr(login)


@pytest.fixture
def private(tmp_path):
    path = tmp_path / FILE_NAME
    path.write_text(f'identity = "me"\npassword = "{SECRET}"\n')
    path.chmod(0o600)
    return path


def test_a_private_file_comes_second(private):
    assert credentials({IDENTITY: "other"}, private.parent).password == SECRET


def test_a_file_that_others_may_read_is_refused_with_the_remedy(private):
    private.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        credentials({}, private.parent)


@pytest.mark.parametrize("text", [f"identity = {SECRET}", f'password = "{SECRET}"', "\udcff"])
def test_a_file_that_says_something_else_is_refused_without_showing_it(private, text):
    private.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        credentials({}, private.parent)
    assert SECRET not in str(caught.value)


def test_without_a_login_the_message_says_how_to_give_one(tmp_path):
    with pytest.raises(InputError, match=f"set {IDENTITY} and {PASSWORD}"):
        credentials({}, tmp_path)
