"""Elements of a CCSDS XML message, each with the line that it begins on.

Document type declarations are refused: navigation messages have none, and they are how
entity bombs and reads of other files come in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from skypact.base.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 50
_MOST_ELEMENTS = 5_000_000  # some 2 GB of memory; half a million states
_CHILDREN = 2  # elements are open where a child of the root begins, the nameless top one of them
_WHOLE = True  # nothing follows what is handed to the parser


@dataclass(slots=True)
class Element:
    """One element; namespaces and prefixes are dropped from its name.

    `span` are the bytes from which to which a child of the root stands; (0, 0) of others.
    """

    line: int
    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)
    span: tuple[int, int] = (0, 0)

    def named(self, name: str) -> Iterator[Element]:
        """Children of this name, in order."""
        return (child for child in self.children if child.name == name)

    def everywhere(self, name: str) -> Iterator[Element]:
        """All elements of this name from here downwards, in document order."""
        if self.name == name:
            yield self
        for child in self.children:
            yield from child.everywhere(name)


def read_tree(content: bytes) -> Element:
    """The root element.

    Raises:
        FormatError: not well-formed, too deep or with too many elements, or with a document type.
    """
    growing = _GrowingTree(content)
    try:
        growing.parser.Parse(content, _WHOLE)
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        raise FormatError(error.lineno, "XML", "well-formed XML", reason) from None
    except (LookupError, ValueError) as error:  # an encoding that Python or expat cannot read
        raise FormatError(1, "XML", "a known encoding", str(error)) from None
    return growing.top.children[0]


class _GrowingTree:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.top = Element(0, "", {})
        self.open = [self.top]
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def refuse_doctype(self, name: str, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise FormatError(line, "DOCTYPE", "no document type declaration", name)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if len(self.open) > _DEEPEST:
            raise FormatError(line, name, f"at most {_DEEPEST} levels of elements", "more")
        self.count += 1
        if self.count > _MOST_ELEMENTS:
            raise FormatError(line, name, f"at most {_MOST_ELEMENTS:,} elements", "more")
        element = Element(line, name.rpartition(":")[2], attributes)
        if len(self.open) == _CHILDREN:
            element.span = (self.parser.CurrentByteIndex, 0)
        self.open[-1].children.append(element)
        self.open.append(element)

    def end(self, _: str) -> None:
        element = self.open.pop()
        element.text = element.text.strip()
        if len(self.open) == _CHILDREN:
            stop = self.content.find(b">", self.parser.CurrentByteIndex) + 1
            element.span = (element.span[0], stop)

    def characters(self, text: str) -> None:
        self.open[-1].text += text
