"""Dealing pieces of work to threads: in order, with progress, and stopped when asked."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_LISTEN_S = 0.1  # how often an interruption is looked for


class Crew:
    """Threads that work on pieces; kernels release the interpreter lock, so they run at once.

    A kernel that can be stopped looks at `stop[0]` now and then. `on_progress` gets the share
    done, 0 to 1, from the calling thread.
    """

    def __init__(self, threads: int, on_progress: Callable[[float], None] | None) -> None:
        self.threads = threads
        self.stop = np.zeros(1, np.bool_)
        self._on_progress = on_progress

    def deal(
        self,
        work: Callable[[Piece], Result],
        pieces: Sequence[Piece],
        *,
        shares: tuple[float, float] = (0.0, 1.0),
    ) -> list[Result]:
        """The result of each piece, in the order of the pieces whatever the threads do."""
        first, last = shares
        with ThreadPoolExecutor(self.threads) as pool:
            futures = [pool.submit(work, piece) for piece in pieces]
            waiting = set(futures)
            try:
                while waiting:
                    done, waiting = wait(waiting, _LISTEN_S, FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    if self._on_progress is not None and done:
                        share = 1.0 - len(waiting) / len(futures)
                        self._on_progress(first + (last - first) * share)
            finally:
                # Reached with work left only by an interruption or an error: end the rest.
                if waiting:
                    self.stop[0] = True
                    pool.shutdown(wait=False, cancel_futures=True)
        return [future.result() for future in futures]
