"""Element sets as OMMs in keyword = value notation, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.formats.ccsds.kvn import Comment, Pair, tokens
from skypact.formats.omm import Message, from_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skypact.formats.omm import Records

_BLOCK = 20_000  # messages


def read_kvn(text: str) -> Iterator[Records]:
    """Records some thousands at a time; each message begins with `CCSDS_OMM_VERS`."""
    messages: list[Message] = []
    for token in tokens(text):
        if isinstance(token, Pair):
            if token.keyword == "CCSDS_OMM_VERS" or not messages:
                if len(messages) == _BLOCK:
                    yield from_messages(messages)
                    messages = []
                messages.append(Message(token.line))
            messages[-1].add(token.line, token.keyword, token.value)
        elif isinstance(token, Comment) and messages:
            messages[-1].add(token.line, "COMMENT", token.text)
    yield from_messages(messages)
