"""Damage as files meet it, and as someone may do it on purpose: bytes, lines, and whole parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

LARGEST = 1 << 16  # bytes of a mutated input
_BYTES = [
    b"", b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\t", b"=", b"[", b"]", b"<", b">",
    b"&", b"&amp;", b"&#0;", b"<!--", b"<![CDATA[", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"{", b"}",
    b'"', b",", b":", b"\\u0000", b"null", b"true", b"1e999", b"-1e-999", b"NaN", b"inf", b"-",
    b"+.", b"0x1", b"1_000", b"9" * 400, b"." * 50, b"2010-04-31T00:00:00", b"2016-12-31T23:59:60",
    b"2026-366T00:00:00", b"9999-12-31T23:59:59", b"0000-01-01T00:00:00", "\u0664".encode(),
    "km\u00b2".encode(), b"[km]", b"[m**99999999]", b"[((((]", b"COMMENT ", b"META_START\n",
    b"META_STOP\n", b"DATA_START\n", b"COVARIANCE_START\n", b"COV_STOP\n", b"TRAJ_START\n",
    b"OBJECT = OBJECT1\n", b"USER_DEFINED_ = 1\n", b"USER_DEFINED_X = 1\n",
    b"CCSDS_CDM_VERS = 1.0\n", b"CCSDS_OEM_VERS = 3.0\n", b"\n\n\n",
    b"MAN_EPOCH_IGNITION = 2000-01-01T00:00:00\n", b" " * 200,
]  # fmt: skip


def mutated(content: bytes, others: Sequence[bytes], rng: np.random.Generator) -> bytes:
    """`content` after a change, or some; `others` lend it some of their lines."""
    for _ in range(int(rng.geometric(0.6))):
        change = _CHANGES[int(rng.integers(len(_CHANGES)))]
        content = change(content, others, rng)[:LARGEST]
    return content


def _span(size: int, rng: np.random.Generator) -> tuple[int, int]:
    start = int(rng.integers(size + 1))
    return start, start + int(rng.geometric(0.1))


def _flip(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(content) + 1))
    return content[:place] + bytes([int(rng.integers(256))]) + content[place + 1 :]


def _cut(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    start, stop = _span(len(content), rng)
    return content[:start] + content[stop:]


def _end_early(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    return content[: int(rng.integers(len(content) + 1))]


def _insert(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(content) + 1))
    return content[:place] + _BYTES[int(rng.integers(len(_BYTES)))] + content[place:]


def _replace_word(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    words = content.split(b" ")
    words[int(rng.integers(len(words)))] = _BYTES[int(rng.integers(len(_BYTES)))]
    return b" ".join(words)


def _drop_line(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    del lines[int(rng.integers(len(lines)))]
    return b"\n".join(lines)


def _move_line(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    line = lines.pop(int(rng.integers(len(lines))))
    lines.insert(int(rng.integers(len(lines) + 1)), line)
    return b"\n".join(lines)


def _borrow_lines(content: bytes, others: Sequence[bytes], rng: np.random.Generator) -> bytes:
    lines, lent = content.split(b"\n"), others[int(rng.integers(len(others)))].split(b"\n")
    place, start = int(rng.integers(len(lines) + 1)), int(rng.integers(len(lent)))
    lines[place:place] = lent[start : start + int(rng.geometric(0.2))]
    return b"\n".join(lines)


def _repeat(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    start, stop = _span(len(content), rng)
    return content[:stop] + content[start:stop] * int(rng.geometric(0.02)) + content[stop:]


def _repeat_lines(content: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    start, stop = _span(len(lines), rng)
    return b"\n".join(lines[:stop] + lines[start:stop] * int(rng.geometric(0.1)) + lines[stop:])


_CHANGES: list[Callable[[bytes, Sequence[bytes], np.random.Generator], bytes]] = [
    _flip, _cut, _end_early, _insert, _replace_word, _drop_line, _move_line, _borrow_lines,
    _repeat, _repeat_lines,
]  # fmt: skip
