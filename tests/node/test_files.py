"""Files: opened with a clear reason, and never half-written."""

from __future__ import annotations

import pytest

from skypact.base.errors import InputError
from skypact.node.files import reading, replacing
from skypact.node.home import home


def test_a_result_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "result.csv"
    with replacing(path) as stream:
        stream.write(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_what_was_there_stays_when_writing_fails(tmp_path, failure):
    path = tmp_path / "result.csv"
    path.write_bytes(b"before")

    def fail() -> None:
        with replacing(path) as stream:
            stream.write(b"after")
            raise failure

    with pytest.raises(failure):
        fail()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_replaced_file_keeps_its_mode(tmp_path):
    path = tmp_path / "result.csv"
    path.write_bytes(b"before")
    path.chmod(0o640)
    with replacing(path) as stream:
        stream.write(b"after")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_directory_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere"), replacing(tmp_path / "nowhere" / "x"):
        pass


@pytest.mark.parametrize("name", ["missing.tle", "."])
def test_what_cannot_be_opened_is_named_with_the_reason(tmp_path, name):
    with pytest.raises(InputError, match="cannot read"), reading(str(tmp_path / name)):
        pass


def test_one_variable_moves_everything(tmp_path):
    assert {path.parent for path in home({"SKYPACT_HOME": str(tmp_path)})} == {tmp_path}


def test_xdg_directories_are_honoured_and_relative_ones_ignored(tmp_path):
    at = home({"XDG_CACHE_HOME": str(tmp_path), "XDG_STATE_HOME": "relative"})
    assert at.cache == tmp_path / "skypact"
    assert at.state.parts[-3:] == (".local", "state", "skypact")[-3:]
