"""The house's one way to compile a kernel."""

from __future__ import annotations

import hashlib
import pickle
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import numba
import numpy as np
from numba.core.caching import FunctionCache, IndexDataCacheFile

from skypact.base.compilation import about_to_compile
from skypact.base.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")
_UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, EOFError, TypeError, ValueError)


class _Index(IndexDataCacheFile):
    """What is on disk of one kernel; what cannot be read is taken as not there.

    An entry names types, and one that a change of the program took away cannot be read back.
    """

    def _load_index(self) -> Any:
        try:
            return super()._load_index()  # type: ignore[no-untyped-call]
        except _UNREADABLE:
            return {}

    def load(self, key: Any) -> Any:
        try:
            return super().load(key)  # type: ignore[no-untyped-call]
        except _UNREADABLE:
            return None


class _Cache(FunctionCache):
    """Machine code on disk that is used only while all that it was made from stands.

    A kernel's code holds the kernels that it calls and the numbers that its module names;
    numba looks for changes in the kernel's own file only.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._cache_file = _Index(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )  # type: ignore[no-untyped-call]

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        found = super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        if found is None:
            about_to_compile()
        return found

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        key = super()._index_key(sig, codegen)  # type: ignore[no-untyped-call]
        return (*key, __version__, _ingredients(self._py_func))


def _ingredients(function: Any) -> str:
    """Hash of what a kernel is made from: files of the kernels that it calls, numbers it names."""
    found: dict[Any, str] = {}
    left = [function]
    while left:
        here = left.pop()
        parts = []
        for name in here.__code__.co_names:
            value = here.__globals__.get(name)
            if isinstance(getattr(value, "_cache", None), _Cache):
                parts.append(repr(value._cache._cache_file._source_stamp))
                left += [value.py_func] if value.py_func not in found else []
            elif isinstance(value, np.ndarray):
                parts.append(hashlib.sha256(value.tobytes()).hexdigest())
            elif isinstance(value, int | float | str | tuple):
                parts.append(repr(value))
        found[here] = " ".join(parts)
    return hashlib.sha256(repr(sorted(found.values())).encode()).hexdigest()


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
        compiled._cache = _Cache(function)
    return cast("Function", compiled)
