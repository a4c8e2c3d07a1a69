"""Opening what a user names and writing results so that nothing is ever half-written."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from skypact.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def reading(path: str) -> Iterator[BinaryIO]:
    """A stream on the file of this name; `-` is standard input.

    Raises:
        InputError: it cannot be opened or read, with the system's reason.
    """
    try:
        if path == "-":
            yield sys.stdin.buffer
        else:
            with open(path, "rb") as stream:
                yield stream
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error


_unfinished: set[Path] = set()


def remove_unfinished() -> None:
    """Remove what `replacing` has begun: for a process that ends without unwinding."""
    for path in list(_unfinished):
        path.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes the file once the block ends well, and never before.

    Raises:
        InputError: the directory or the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
    unfinished = Path(name)
    _unfinished.add(unfinished)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.chmod(_mode(path))
        unfinished.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
        _unfinished.discard(unfinished)


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, or what this process gives to new files."""
    with suppress(FileNotFoundError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
