"""A navigation message as it was written: fields, comments and rows where they stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from skypact.base.errors import FormatError
from skypact.formats.ccsds.rows import TimedRows
from skypact.formats.ccsds.tables import Rows, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skypact.formats.ccsds.tables import MessageTable


class Field(Struct, gc=False):
    """A keyword with its value as it was written; `unit` only where not the table's own.

    An empty value was stated to be empty.
    """

    line: int
    keyword: str
    value: str
    unit: str = ""


class Comment(Struct, gc=False):
    """One comment."""

    line: int
    text: str


class RowRun(Struct):
    """Rows that follow one another, a line of words separated by blanks for each.

    `values` are the rows of `Columns` as arrays, None where they cannot be read.
    """

    line: int
    rows: Rows
    text: str
    values: TimedRows | None = None


class Block(Struct):
    """One section of a message: what it holds, in order, and its fields by keyword.

    Of a repeated keyword `fields` holds the first.
    """

    line: int
    section: Section
    items: list[Item]
    fields: dict[str, Field]

    def blocks(self, name: str) -> Iterator[Block]:
        """Sections of this name directly in this one."""
        for item in self.items:
            if isinstance(item, Block) and item.section.name == name:
                yield item

    def block(self, name: str) -> Block | None:
        """The first section of this name directly in this one."""
        return next(self.blocks(name), None)

    def everywhere(self, name: str) -> Iterator[Block]:
        """Sections of this name from here downwards, in order."""
        if self.section.name == name:
            yield self
        for item in self.items:
            if isinstance(item, Block):
                yield from item.everywhere(name)

    def comments(self) -> Iterator[Comment]:
        """The comments of this section, without those of sections in it."""
        return (item for item in self.items if isinstance(item, Comment))

    def runs(self) -> Iterator[RowRun]:
        """The rows of this section."""
        return (item for item in self.items if isinstance(item, RowRun))

    def text(self, keyword: str) -> str | None:
        """A keyword's value; None where it is absent or empty."""
        found = self.fields.get(keyword)
        return (found.value or None) if found is not None else None


Item: TypeAlias = "Field | Comment | RowRun | Block"


_MOST_FINDINGS = 1000  # of each sort; a file of rubbish has one in every line


@dataclass
class Findings:
    """What is wrong with a message (`faults`), and what is odd (`warnings`).

    After a thousand of one sort the rest is not told.
    """

    faults: list[FormatError] = field(default_factory=list)
    warnings: list[FormatError] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether further faults would not be told; there is no need to read on."""
        return len(self.faults) > _MOST_FINDINGS

    def fault(self, line: int, name: str, expected: str, found: str) -> None:
        """The standard is broken."""
        _add(self.faults, FormatError(line, name[:40], expected, found))

    def warn(self, line: int, name: str, expected: str, found: str) -> None:
        """Something is odd, and can be read all the same."""
        _add(self.warnings, FormatError(line, name[:40], expected, found))

    def take(self, fault: FormatError) -> None:
        """A fault that was raised."""
        _add(self.faults, fault)


def _add(findings: list[FormatError], finding: FormatError) -> None:
    if len(findings) < _MOST_FINDINGS:
        findings.append(finding)
    elif len(findings) == _MOST_FINDINGS:
        more = f"{_MOST_FINDINGS} before; the others are not told"
        findings.append(FormatError(finding.line, "message", "fewer findings", more))


def blame_repetition(first: Field, again: Field, findings: Findings) -> None:
    """Tell that a keyword stands there twice: odd with one value, wrong with two."""
    expected = f"the keyword once (line {first.line})"
    if (first.value, first.unit) == (again.value, again.unit):
        findings.warn(again.line, again.keyword, expected, "it again, with the same value")
    else:
        findings.fault(again.line, again.keyword, expected, "it again, with another value")


@dataclass(frozen=True, eq=False, repr=False)
class Message:
    """One message and what was found in it; with faults, as much of it as could be read.

    `root` holds header and body. `content` are the bytes that it came in, of a file of several
    those of its own (of all in UTF-16, where they are not told apart); `family` is
    whose version its first keyword tells, `CCSDS` or `TRACSS`. Two messages are equal if they
    hold the same fields in the same sections, and comments and rows at the same places between
    them, however they are spelled and indented.
    """

    table: MessageTable
    version: str
    line: int
    root: Block
    findings: Findings
    content: bytes = b""
    family: str = "CCSDS"

    @property
    def kind(self) -> str:
        """`cdm`, `oem`, …."""
        return self.table.kind

    @property
    def version_keyword(self) -> str:
        """The keyword that a message begins with."""
        return f"{self.family}_{self.kind.upper()}_VERS"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        mine = (self.version_keyword, self.version, list(_events(self.root, ())))
        return mine == (other.version_keyword, other.version, list(_events(other.root, ())))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.kind.upper()} {self.version}: {len(list(_events(self.root, ())))} entries>"


def _events(block: Block, path: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    """Fields with the sections that they stand in; comments and rows without."""
    counts: dict[str, int] = {}
    for item in block.items:
        if isinstance(item, Block):
            name = item.section.name
            counts[name] = counts.get(name, 0) + 1
            yield from _events(item, (*path, name, counts[name]))
        elif isinstance(item, Field):
            yield (path, item.keyword, item.value, item.unit)
        elif isinstance(item, Comment):
            yield ("COMMENT", item.text)
        else:
            yield from ((path, *line.split()) for line in item.text.split("\n") if line.strip())
