"""The house's one way to compile a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


def kernel(function: Function) -> Function:
    """Compile on first use, keep the machine code on disk, release the interpreter lock.

    No fastmath: the same input gives the same bits on one type of machine. With
    `NUMBA_DISABLE_JIT=1` the plain Python function runs instead.
    """
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast("Function", compiled)


def inlined(function: Function) -> Function:
    """A kernel that is written into each of its callers before they are compiled.

    LLVM vectorises a loop only if no call is left in it, and its own inliner stops at small
    functions.
    """
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")(function)
    return cast("Function", compiled)
