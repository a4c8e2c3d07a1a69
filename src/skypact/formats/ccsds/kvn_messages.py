"""Messages in keyword = value notation, read by their tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from skypact.formats.ccsds.layout import scope_of
from skypact.formats.ccsds.message import Block, Comment, RowRun, blame_repetition
from skypact.formats.ccsds.row_runs import observation_fault, row_run
from skypact.formats.ccsds.rows import odd_character
from skypact.formats.ccsds.tables import Observations, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from skypact.formats.ccsds.layout import MarkedSection, Path, Place, Scope
    from skypact.formats.ccsds.message import Findings
    from skypact.formats.ccsds.slots import Slot
    from skypact.formats.ccsds.tables import MessageTable

BLANKS = " \t\r\n"
_LONG = 20_000  # characters
_PIECE = 1 << 20  # characters
_OTHER_LINES = ("=", "_", "M")  # of fields, of marks, of comments
_NOWHERE: Path = (Section("", ()),)  # no keyword's path
_ROW = re.compile(r"^[ \t]*[\d+\-.]", re.MULTILINE | re.ASCII)
_ROWS_END = re.compile(r"\n[ \t]*(?=[^\s\d+\-.])", re.ASCII)


def read_kvn_message(
    table: MessageTable, version: str, line: int, text: str, start: int, findings: Findings
) -> Block:
    """The sections of one message from what follows its version line.

    That is `text` from character `start` on, in line number `line`; lines end with LF.
    """
    reader = _Reader(table, version, line, findings)
    for number, lines in _chunks(text, start, line, has_rows=scope_of(table).has_rows):
        if findings.is_full:
            break
        if isinstance(lines, str):
            reader.take_rows(number, lines)
        else:
            reader.take_lines(number, lines)
    reader.finish()
    return reader.root


def read_flat_message(
    table: MessageTable, version: str, entries: Iterable[tuple[int, str, str]], findings: Findings
) -> Block:
    """The sections of one message from line, keyword and value (with unit) of each field.

    Keywords may come in another order than the table's.
    """
    reader = _FlatReader(table, version, 1, findings)
    for line, name, raw in entries:
        if name == "COMMENT":
            reader.comments.append(Comment(line, raw))
        else:
            reader.take(line, name, raw)
    reader.finish()
    return reader.root


def _chunks(
    text: str, position: int, line: int, *, has_rows: bool
) -> Iterator[tuple[int, str | list[str]]]:
    """Lists of lines, and between them each run of rows as one text."""
    while has_rows and (row := _ROW.search(text, position)):
        start = row.start()
        if start > position:
            yield from _lines(text, position, start - 1, line)
            line += text.count("\n", position, start)
        position = _end_of_rows(text, start)
        yield line, text[start:position]
        if position < len(text):  # counting takes as long as reading a tenth of the rows
            line += text.count("\n", start, position)
    if position < len(text):
        yield from _lines(text, position, len(text), line)


def _lines(text: str, position: int, stop: int, line: int) -> Iterator[tuple[int, list[str]]]:
    """Lines some at a time: all at once they would take ten times the memory of their text."""
    while stop - position > _PIECE and (end := text.find("\n", position + _PIECE, stop)) >= 0:
        lines = text[position:end].split("\n")
        yield line, lines
        position, line = end + 1, line + len(lines)
    yield line, text[position:stop].split("\n")


def _end_of_rows(text: str, start: int) -> int:
    """Where the lines end that begin as rows do.

    In a long text, characters that every other line has one of are looked for first: that is
    fifty times as fast as looking at each line's beginning.
    """
    is_long = len(text) - start > _LONG
    if is_long and all(text.find(mark, start) < 0 for mark in _OTHER_LINES):
        return len(text)
    end = _ROWS_END.search(text, start)
    return end.start() + 1 if end else len(text)


class _Frame:
    """What stands open between two marks: `base` is the block that its paths begin at."""

    __slots__ = ("base", "last", "last_name", "scope", "stop")

    def __init__(self, scope: Scope, base: Block, stop: str) -> None:
        self.scope = scope
        self.base = base
        self.stop = stop
        self.last = -1
        self.last_name = ""


class _Reader:
    def __init__(self, table: MessageTable, version: str, line: int, findings: Findings) -> None:
        self.version = version
        self.findings = findings
        self.root = Block(line, table.root, [], {})
        self.frames = [_Frame(scope_of(table), self.root, "")]
        self.block = self.root
        self.path: Path = ()
        self.comments: list[Comment] = []
        self.observed: list[str] = []
        self.observed_line = 0

    def take_lines(self, first: int, lines: list[str]) -> None:
        if not all(map(str.isprintable, lines)) and (odd := odd_character(first, "\n".join(lines))):
            self.findings.take(odd)
        frame = self.frames[-1]
        places = frame.scope.places
        for line, content in enumerate(lines, first):
            name, equals, raw = content.partition("=")
            name = name.strip(BLANKS)
            place = places.get(name)
            if place is None or not equals:
                self.take_other(line, content.strip(BLANKS), name)
                frame = self.frames[-1]
                places = frame.scope.places
                continue
            order = place.order
            if order > frame.last and place.path is self.path:
                frame.last, frame.last_name = order, name
            else:
                self.go_to(line, name, place, frame)
            self.take_field(line, name, raw, place.slot)

    def take_field(self, line: int, name: str, raw: str, slot: Slot) -> None:
        if self.comments:
            self.flush_comments()
        field = slot.from_line(line, name, raw.strip(BLANKS), self.findings)
        self.block.items.append(field)
        fields = self.block.fields
        if name in fields:
            blame_repetition(fields[name], field, self.findings)
        else:
            fields[name] = field
        if slot.since and self.version < slot.since:
            expected = f"a keyword of version {self.version}"
            self.findings.warn(line, name, expected, f"one of version {slot.since}")

    def go_to(self, line: int, name: str, place: Place, frame: _Frame) -> None:
        """Make the block of the keyword the current one."""
        if 0 <= place.order <= frame.last:
            self.go_back(line, name, place, frame)
            return
        if place.path is not self.path:
            self.block = _reached(frame.base, place.path, place.begins, line)
            self.path = place.path
        if place.order >= 0:
            frame.last, frame.last_name = place.order, name

    def go_back(self, line: int, name: str, place: Place, frame: _Frame) -> None:
        """A keyword that the order of the table has before the last one, or the last again."""
        depth = place.begins
        reached = _last_at(frame.base, place.path)
        if depth < 0 and reached is not self.block and reached and name in reached.fields:
            depth = place.begins_section
        if depth >= 0:
            frame.last = place.order
            reached = None
        elif reached is None or name not in reached.fields:
            self.blame_order(line, name, frame, is_near=reached is self.block)
        self.block = reached or _reached(frame.base, place.path, depth, line)
        self.path = place.path

    def blame_order(self, line: int, name: str, frame: _Frame, *, is_near: bool) -> None:
        """A keyword out of order is wrong where it belongs to another section than it is in.

        Within its section it is told only: two of Orekit's sample CDMs, which other programs
        read, have REF_FRAME after INTRACK_THRUST, and nothing can be mistaken there.
        """
        expected, found = "the order of the standard", f"it after {frame.last_name}"
        if is_near:
            self.findings.warn(line, name, expected, f"{found}, in its own section")
        else:
            self.findings.fault(line, name, expected, found)

    def take_other(self, line: int, content: str, name: str) -> None:
        """A line that is no keyword of the scope with a value."""
        if not content:
            return
        if content.startswith("COMMENT") and content[7:8] in ("", " ", "\t"):
            self.flush_observations()
            self.comments.append(Comment(line, content[8:].strip(BLANKS)))
            return
        frame = self.frames[-1]
        if name in frame.scope.observations and "=" in content:
            self.take_observation(line, content, name)
        elif "=" not in content:
            self.take_mark(line, content)
        elif place := frame.scope.place(name, self.path):
            self.go_to(line, name, place, frame)
            self.take_field(line, name, content.partition("=")[2], place.slot)
        else:
            self.blame_keyword(line, name)

    def blame_keyword(self, line: int, name: str) -> None:
        outside = next((f for f in self.frames[-2::-1] if name in f.scope.places), None)
        if outside is not None:
            stop = self.frames[-1].stop
            self.findings.fault(line, name, f"{stop} before it", "none")
            return
        self.findings.fault(line, name, "a keyword of this section", name[:40])

    def take_mark(self, line: int, word: str) -> None:
        self.flush_observations()
        if len(self.frames) > 1 and word == self.frames[-1].stop:
            self.leave()
            return
        opener = next((f for f in reversed(self.frames) if word in f.scope.marked), None)
        if opener is None:
            found = f"{word[:40]!r}"
            self.findings.fault(line, word, "KEYWORD = value", found)
            return
        while self.frames[-1] is not opener:
            self.findings.fault(line, self.frames[-1].stop, "this line", f"{word} before it")
            self.leave()
        self.enter(line, opener, opener.scope.marked[word], word)

    def enter(self, line: int, frame: _Frame, marked: MarkedSection, word: str) -> None:
        self.flush_comments()
        if marked.order < frame.last and marked.begins < 0 and frame.scope.section.ordered:
            found = f"it after {frame.last_name}"
            self.findings.fault(line, word, "the order of the standard", found)
        frame.last, frame.last_name = marked.order, word
        base = _reached(frame.base, marked.path, marked.begins, line)
        if not marked.is_group:
            inner = Block(line, marked.section, [], {})
            base.items.append(inner)
            base = inner
        self.frames.append(_Frame(marked.scope, base, marked.stop))
        self.block, self.path = base, ()

    def leave(self) -> None:
        self.flush_comments()
        self.frames.pop()
        self.block, self.path = _last_block(self.frames[-1].base), _NOWHERE

    def take_rows(self, line: int, text: str) -> None:
        frame = self.frames[-1]
        rows = frame.scope.rows
        if rows is None or isinstance(rows, Observations):
            found = repr(text.partition("\n")[0][:40])
            self.findings.fault(line, frame.scope.section.name, "KEYWORD = value", found)
            return
        self.block = _reached(frame.base, frame.scope.rows_path, -1, line)
        self.path = frame.scope.rows_path
        self.flush_comments()
        self.block.items.append(row_run(line, rows, text, self.findings))

    def take_observation(self, line: int, content: str, name: str) -> None:
        words = content.partition("=")[2].strip(BLANKS)
        slot = self.frames[-1].scope.observations[name]
        fault = observation_fault(line, slot, words)
        if fault:
            self.findings.take(fault)
        if not self.observed:
            frame = self.frames[-1]
            self.observed_line = line
            self.block = _reached(frame.base, frame.scope.rows_path, -1, line)
            self.path = frame.scope.rows_path
            self.flush_comments()
        self.observed.append(f"{name} {words}")

    def flush_observations(self) -> None:
        if not self.observed:
            return
        rows = self.frames[-1].scope.rows
        assert rows is not None  # it is what makes observations keywords of the scope
        self.block.items.append(RowRun(self.observed_line, rows, "\n".join(self.observed)))
        self.observed = []

    def flush_comments(self) -> None:
        if self.comments:
            self.block.items.extend(self.comments)
            self.comments = []

    def finish(self) -> None:
        self.flush_observations()
        while len(self.frames) > 1:
            self.findings.fault(0, self.frames[-1].stop, "this line", "the end of the message")
            self.leave()
        if self.comments:
            _last_block(self.root).items.extend(self.comments)


class _FlatReader(_Reader):
    """Fields that come without marks, rows and order."""

    def take(self, line: int, name: str, raw: str) -> None:
        frame = self.frames[0]
        place = frame.scope.places.get(name) or frame.scope.place(name, self.path)
        if place is not None:
            self.go_to(line, name, place, frame)
            self.take_field(line, name, raw, place.slot)

    def blame_order(self, line: int, name: str, frame: _Frame, *, is_near: bool) -> None:
        """An object has no order."""


def _reached(base: Block, path: Path, fresh: int, line: int) -> Block:
    """The last block down `path`, made where there is none; new ones from depth `fresh` on."""
    block = base
    for depth, section in enumerate(path):
        found = None if depth == fresh else _last_of(block, section)
        if found is None:
            found = Block(line, section, [], {})
            block.items.append(found)
        block = found
    return block


def _last_of(block: Block, section: Section) -> Block | None:
    for item in reversed(block.items):
        if isinstance(item, Block) and item.section is section:
            return item
    return None


def _last_at(base: Block, path: Path) -> Block | None:
    """The last block down `path`, None where there is none."""
    block: Block | None = base
    for section in path:
        block = _last_of(block, section) if block else None
    return block


def _last_block(block: Block) -> Block:
    """The innermost block at the end."""
    while block.items and isinstance(block.items[-1], Block):
        block = block.items[-1]
    return block
