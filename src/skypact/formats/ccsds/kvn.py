"""Tokens of the CCSDS keyword = value notation, whatever the message.

A run of number rows (states, covariances) is one token, so that a bulk reader can take ten
thousand lines at once; nothing else in a message is long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Pair:
    """`KEYWORD = value`; lines count from 1."""

    line: int
    keyword: str
    value: str


@dataclass(frozen=True, slots=True)
class Comment:
    """`COMMENT text`."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that is one word or more without `=`, such as `META_START`."""

    line: int
    word: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Consecutive lines that begin like a number; blank lines may stand between them."""

    line: int
    text: str


Token = Pair | Comment | Mark | Rows

_ROW = re.compile(r"[ \t\r]*[\d+\-.]")
_ROWS_END = re.compile(r"\n[ \t\r]*(?=[^\s\d+\-.])")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a KVN message, in order; lines may end in LF, CRLF or CR LF mixed."""
    position, line = 0, 1
    while position < len(text):
        if _ROW.match(text, position):
            end = _ROWS_END.search(text, position)
            stop = end.start() + 1 if end else len(text)
            yield Rows(line, text[position:stop])
            line += text.count("\n", position, stop)
            position = stop
            continue
        stop = text.find("\n", position) % (len(text) + 1)
        words = text[position:stop].strip()
        if words:
            yield _token(line, words)
        position, line = stop + 1, line + 1


def _token(line: int, words: str) -> Pair | Comment | Mark:
    if words == "COMMENT" or words.startswith(("COMMENT ", "COMMENT\t")):
        return Comment(line, words[8:].strip())
    keyword, equals, value = words.partition("=")
    return Pair(line, keyword.strip(), value.strip()) if equals else Mark(line, words)
