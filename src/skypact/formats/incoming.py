"""Bytes as they come in: gzipped or not, in whatever encoding, and never more than a limit."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.base.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib's word for "expect a gzip header and its checksum"


class Unpacked:
    """The bytes of a stream in chunks, unpacked if they begin as gzip does.

    Reads forward only, so standard input will do. `is_cut_short` turns true at the end of a
    gzip stream that ended early.

    Raises:
        FormatError: while reading, the gzip layer is damaged.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._first = stream.read(_CHUNK)
        self.is_gzipped = self._first.startswith(_GZIP)
        self.is_cut_short = False

    def __iter__(self) -> Iterator[bytes]:
        return self._inflated() if self.is_gzipped else self._packed()

    def _packed(self) -> Iterator[bytes]:
        chunk = self._first
        while chunk:
            yield chunk
            chunk = self._stream.read(_CHUNK)

    def _inflated(self) -> Iterator[bytes]:
        inflate = zlib.decompressobj(_GZIP_WINDOW)
        for packed in self._packed():
            chunk = packed
            while chunk:
                if inflate.eof:  # gzip files may simply follow one another
                    inflate = zlib.decompressobj(_GZIP_WINDOW)
                try:
                    yield inflate.decompress(chunk, _CHUNK)
                except zlib.error as error:
                    raise FormatError(0, "gzip", "an undamaged gzip stream", str(error)) from None
                chunk = inflate.unused_data.lstrip(b"\0") or inflate.unconsumed_tail
        self.is_cut_short = not inflate.eof


@dataclass(frozen=True)
class Text:
    """A file's text, its line ends all LF, and what had to be mended to read it."""

    text: str
    warnings: tuple[FormatError, ...]


def read_text(stream: BinaryIO, max_bytes: int) -> Text:
    """All of a stream as text.

    UTF-8 and UTF-16 with or without a byte-order mark; lines that are not UTF-8 are read as
    Latin-1, each by itself, with one warning for all. A gzip stream that ends early gives
    what came before, with a warning.

    Raises:
        FormatError: more than `max_bytes` (unpacked), or a damaged gzip layer.
    """
    unpacked = Unpacked(stream)
    content = bytearray()
    for chunk in unpacked:
        content += chunk
        if len(content) > max_bytes:
            raise FormatError(0, "file", f"at most {max_bytes:,} bytes", "more; split the file")
    text, warnings = decoded(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if unpacked.is_cut_short:
        expected, found = "a complete gzip stream", f"its end after {len(content):,} bytes"
        warnings.append(FormatError(text.count("\n") + 1, "gzip", expected, found))
    return Text(text, tuple(warnings))


def decoded(content: bytes | bytearray) -> tuple[str, list[FormatError]]:
    """Text from bytes, without ever failing."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), []
    if content[1:4:2] == b"\0\0":  # ASCII as UTF-16 has a zero in every second byte
        return content.decode("utf-16-le", errors="replace"), []
    if content[:4:2] == b"\0\0":
        return content.decode("utf-16-be", errors="replace"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _mixed(bytes(content))


def _mixed(content: bytes) -> tuple[str, list[FormatError]]:
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    texts, foreign = [], []
    for number, line in enumerate(lines, start=1):
        try:
            texts.append(line.decode())
        except UnicodeDecodeError as error:
            texts.append(_C1.sub("\ufffd", line.decode("latin-1")))
            foreign.append((number, line[error.start]))
    (number, byte), others = foreign[0], len(foreign) - 1
    found = f"byte 0x{byte:02X}, read as Latin-1 ({others} more such lines)"
    return "\n".join(texts), [FormatError(number, "encoding", "UTF-8", found)]


_C1 = re.compile("[\x80-\x9f]")  # control codes; no name has them


def pieces(text: str, size: int = 1 << 22) -> Iterator[tuple[int, list[str]]]:
    """The number of the first line and the lines, some megabytes at a time."""
    start, line = 0, 1
    while start < len(text):
        stop = text.find("\n", start + size)
        stop = len(text) if stop < 0 else stop
        lines = text[start:stop].split("\n")
        yield line, lines
        start, line = stop + 1, line + len(lines)
