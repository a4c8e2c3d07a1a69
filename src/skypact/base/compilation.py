"""Somebody may want to know that a kernel is about to be compiled, which takes seconds.

Apart from `base.kernel`, so that who only wants to be told need not load the compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def tell_before_compiling(tell: Callable[[], None]) -> None:
    """Call `tell` once, before the first kernel that the disk does not have."""
    _listeners[:] = [tell]


def about_to_compile() -> None:
    """Tell whoever asked to be told, the first time only."""
    while _listeners:
        _listeners.pop()()
