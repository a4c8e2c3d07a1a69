"""OEM in keyword = value notation."""

from __future__ import annotations

import numpy as np

from skypact.base.errors import FormatError
from skypact.formats.ccsds.fields import by_keyword
from skypact.formats.ccsds.kvn import Comment, Mark, Pair, Rows, tokens
from skypact.formats.ccsds.oem_parts import (
    COVARIANCE,
    STATE,
    STATE_WIDTHS,
    TRIANGLE,
    RawCovariance,
    RawMessage,
    RawSegment,
)
from skypact.formats.ccsds.rows import number, timed_rows

_PLACE_AFTER = {
    "META_START": "metadata",
    "META_STOP": "states",
    "COVARIANCE_START": "covariance",
    "COVARIANCE_STOP": "states",
}


def read_kvn(text: str) -> RawMessage:
    """The parts of one OEM; faults of form are collected with it."""
    reader = _Reader()
    for token in tokens(text):
        reader.take(token)
    reader.finish()
    return reader.message


class _Reader:
    def __init__(self) -> None:
        self.message = RawMessage()
        self.place = "header"
        self.covariance: list[Pair] = []
        self.triangle: list[Rows] = []

    def take(self, token: Pair | Comment | Mark | Rows) -> None:
        if isinstance(token, Mark):
            self.take_mark(token)
        elif isinstance(token, Comment):
            segments = self.message.segments
            (segments[-1] if segments else self.message).comments.append(token.text)
        elif isinstance(token, Rows):
            self.take_rows(token)
        else:
            self.take_pair(token)

    def take_mark(self, mark: Mark) -> None:
        place = _PLACE_AFTER.get(mark.word)
        opens = mark.word == "META_START"
        if place is None or not (opens or self.message.segments):
            self.blame(FormatError(mark.line, mark.word[:40], "a known keyword", "another line"))
            return
        if opens != (self.place in ("header", "states")) and mark.word != "COVARIANCE_START":
            self.blame(FormatError(mark.line, mark.word, f"the end of the {self.place}", mark.word))
        self.end_covariance()
        if opens:
            self.message.segments.append(RawSegment(mark.line))
        self.place = place

    def take_pair(self, pair: Pair) -> None:
        if self.place == "header":
            self.message.header.append(pair)
        elif self.place == "metadata":
            self.message.segments[-1].metadata.append(pair)
        elif self.place == "covariance":
            if pair.keyword == "EPOCH":
                self.end_covariance()
            self.covariance.append(pair)
        else:
            self.blame(FormatError(pair.line, pair.keyword[:40], "rows of states", "a keyword"))

    def take_rows(self, rows: Rows) -> None:
        if self.place == "states":
            try:
                states = timed_rows(rows.line, rows.text, STATE, STATE_WIDTHS)
            except FormatError as fault:
                self.blame(fault)
            else:
                self.message.segments[-1].states.append(states)
        elif self.place == "covariance":
            self.triangle.append(rows)
        else:
            self.blame(FormatError(rows.line, self.place, "keywords", "rows of numbers"))

    def end_covariance(self) -> None:
        pairs, rows = self.covariance, self.triangle
        self.covariance, self.triangle = [], []
        if not pairs and not rows:
            return
        line = pairs[0].line if pairs else rows[0].line
        faults = self.message.faults
        known = by_keyword(pairs, COVARIANCE, line=line, faults=faults)
        try:
            triangle = _triangle(line, rows)
        except FormatError as fault:
            faults.append(fault)
        else:
            self.message.segments[-1].covariances.append(RawCovariance(line, known, triangle))

    def blame(self, fault: FormatError) -> None:
        """A fault among the states, or one that leaves in doubt which rows are states."""
        self.message.faults.append(fault)
        if self.message.segments:
            self.message.segments[-1].broken = True

    def finish(self) -> None:
        if self.place == "covariance":
            fault = FormatError(0, "COVARIANCE_STOP", "the end of the covariance", "end of file")
            self.message.faults.append(fault)
        self.end_covariance()
        if self.place == "metadata":
            self.blame(
                FormatError(0, "META_STOP", "the end of the metadata", "the end of the file")
            )


def _triangle(line: int, rows: list[Rows]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    numbered = [
        (row, content.split())
        for block in rows
        for row, content in enumerate(block.text.split("\n"), start=block.line)
        if content.strip()
    ]
    values: list[float] = []
    for width, (row, words) in enumerate(numbered, start=1):
        if width > 6 or len(words) != width:
            expected = f"{width} in row {width}" if width <= 6 else "6 rows of covariance"
            raise FormatError(row, "covariance", expected, f"{len(words)} in row {width}")
        names = TRIANGLE[len(values) :]
        values += [number(word, row, name) for word, name in zip(words, names, strict=False)]
    if len(numbered) != 6:
        raise FormatError(line, "covariance", "6 rows", f"{len(numbered)}")
    return np.array(values)
