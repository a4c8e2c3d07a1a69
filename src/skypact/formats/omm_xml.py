"""Element sets as OMMs in XML: one, or many in a combined message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from skypact.base.errors import FormatError
from skypact.formats.omm import Message, from_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skypact.formats.omm import Records

_OMM = re.compile(rb"<(?:[\w.-]+:)?omm\b")
_CHUNK = 1 << 22
_HOPELESS = 1000  # breaks of the XML itself
_LONGEST = 10_000  # characters of one value; none is longer than a name


def read_xml(text: str) -> Iterator[Records]:
    """Records some megabytes at a time; where the XML breaks, reading resumes at the next `<omm>`.

    Raises:
        FormatError: a document type is declared. OMMs have none, and it is how entity bombs
            and reads of other files come in.
    """
    content = text.encode()
    start, line, opening = 0, 1, b""
    for _ in range(_HOPELESS):
        collector = _Collector(line)
        try:
            collector.parser.Parse(opening)
            for position in range(start, len(content), _CHUNK):
                collector.parser.Parse(content[position : position + _CHUNK])
                yield from_messages(collector.taken())
            collector.parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            found = expat.errors.messages[error.code]
            fault = FormatError(line + error.lineno - 1, "XML", "well-formed XML", found)
        else:
            return
        yield from_messages(collector.taken(), [fault])
        broken = start + collector.parser.ErrorByteIndex - len(opening)
        resume = _OMM.search(content, max(broken, start + 1))
        if resume is None:
            return
        line += content.count(b"\n", start, resume.start())
        start, opening = resume.start(), b"<ndm>"  # many messages need one root
    found = f"{_HOPELESS} breaks; the rest is not read"
    yield from_messages([], [FormatError(line, "XML", "well-formed XML", found)])


class _Collector:
    """The finished messages, and the one that is open."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.open: Message | None = None
        self._finished: list[Message] = []
        self._name = self._unit = self._text = ""
        # The text was decoded before; what the XML declaration says no longer holds.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    @property
    def line(self) -> int:
        return self.first_line + self.parser.CurrentLineNumber - 1

    def taken(self) -> list[Message]:
        finished, self._finished = self._finished, []
        return finished

    def _refuse_doctype(self, name: str, *_: object) -> None:
        raise FormatError(self.line, "DOCTYPE", "no document type declaration", name)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "omm":
            if self.open is not None:
                self.open.fault = FormatError(self.line, "omm", "</omm>", "the next <omm>")
                self._finished.append(self.open)
            self.open = Message(self.line)
        self._name = _keyword(local, attributes)
        self._unit = attributes.get("units", "")
        self._text = ""

    def _characters(self, text: str) -> None:
        if len(self._text) < _LONGEST:
            self._text += text

    def _end(self, name: str) -> None:
        value = self._text.strip()
        self._text = ""
        local = name.rpartition(":")[2]
        if self.open is None:
            return
        if local == "omm":
            self._finished.append(self.open)
            self.open = None
        elif value:
            self.open.add(self.line, self._name, f"{value} [{self._unit}]" if self._unit else value)


def _keyword(name: str, attributes: dict[str, str]) -> str:
    if name == "USER_DEFINED":
        return f"USER_DEFINED_{attributes.get('parameter', '')}"
    return name
