"""Errors, sorted by who must act.

SkypactError
├── InputError        the caller: a value that cannot be used      exit 3
│   └── FormatError   whoever wrote the file: line, field, what    exit 3
├── NotReleasable     the agreement forbids it                     exit 4
└── Unavailable       a source, partner or store; try again later  exit 5

Everything else is a bug.
"""

from __future__ import annotations


class SkypactError(Exception):
    """Root of every error that Skypact raises on purpose."""

    code = "error"
    exit_status = 1


class InputError(SkypactError):
    """The caller gave something that cannot be used."""

    code = "input"
    exit_status = 3


class FormatError(InputError):
    """A file, or one record of it, does not follow its standard.

    `line` counts from 1 (0: the file as a whole); `field` is the keyword or column, `file` if
    it is none of them.
    """

    code = "format"

    def __init__(self, line: int, field: str, expected: str, found: str) -> None:
        self.line = line
        self.field = field
        self.expected = expected
        self.found = found
        super().__init__(line, field, expected, found)

    def __str__(self) -> str:
        said = f"expected {self.expected}, found {self.found}"
        if not self.line and self.field == "file":
            return said
        where = f"line {self.line}, {self.field}" if self.line else self.field
        return f"{where}: {said}"


class NotReleasable(SkypactError):
    """An agreement does not permit this disclosure."""

    code = "not-releasable"
    exit_status = 4


class Unavailable(SkypactError):
    """A source, partner or store does not answer; the same call may succeed later."""

    code = "unavailable"
    exit_status = 5
