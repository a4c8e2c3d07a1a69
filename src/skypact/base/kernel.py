"""The house's one way to compile a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import numba
from numba.core.caching import FunctionCache

from skypact.base.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


class _VersionedCache(FunctionCache):
    """Machine code on disk that another version of Skypact does not use.

    A kernel's code holds the kernels that it calls, but numba looks for changes in its own
    file only.
    """

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), __version__)  # type: ignore[no-untyped-call]


def kernel(function: Function) -> Function:
    """Compile on first use, keep the machine code on disk, release the interpreter lock.

    No fastmath: the same input gives the same bits on one type of machine. With
    `NUMBA_DISABLE_JIT=1` the plain Python function runs instead.
    """
    return _compiled(function, inline="never")


def inlined(function: Function) -> Function:
    """A kernel that is written into each of its callers before they are compiled.

    LLVM vectorises a loop only if no call is left in it, and its own inliner stops at small
    functions.
    """
    return _compiled(function, inline="always")


def _compiled(function: Function, *, inline: Literal["never", "always"]) -> Function:
    compiled: Any = numba.njit(nogil=True, error_model="numpy", inline=inline)(function)
    if compiled is not function:  # it is where compilation is switched off
        # numba has no public way
        compiled._cache = _VersionedCache(function)  # type: ignore[no-untyped-call]
    return cast("Function", compiled)
