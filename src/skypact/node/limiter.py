"""How often a source may be asked, remembered on disk and shared by all processes."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from skypact.base.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from skypact.node.clock import Clock

_PATIENCE_S = 10.0


class Limit(NamedTuple):
    """At most `requests` under `key` within any `period_s`; `source` says who asks for it."""

    key: str
    requests: int
    period_s: float
    source: str


@dataclass(frozen=True)
class Limiter:
    """A register of requests made, in one SQLite file whose locks hold between processes."""

    path: Path
    clock: Clock

    def claim(self, limits: Sequence[Limit]) -> float:
        """Seconds to wait before the next request; 0 also registers it as made now.

        Raises:
            Unavailable: the register cannot be read or written.
        """
        now_s = self.clock()
        with self._register() as register:
            wait_s = max((_wait_s(register, limit, now_s) for limit in limits), default=0.0)
            if wait_s == 0.0:
                register.executemany(
                    "INSERT INTO made VALUES (?, ?)", [(limit.key, now_s) for limit in limits]
                )
        return wait_s

    def give_back(self, limits: Sequence[Limit]) -> None:
        """Forget the latest request under each limit: it never reached the source."""
        with self._register() as register:
            register.executemany(
                "DELETE FROM made WHERE rowid ="
                " (SELECT rowid FROM made WHERE key = ? ORDER BY at_s DESC LIMIT 1)",
                [(limit.key,) for limit in limits],
            )

    @contextmanager
    def _register(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE_S)) as register:
                register.isolation_level = None
                register.execute("BEGIN IMMEDIATE")
                register.execute("CREATE TABLE IF NOT EXISTS made (key TEXT, at_s REAL)")
                yield register
                register.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise Unavailable(
                f"cannot keep the register of requests, {self.path}: {error}; "
                "delete it if it is damaged, or set SKYPACT_HOME to a directory you can write"
            ) from error


def _wait_s(register: sqlite3.Connection, limit: Limit, now_s: float) -> float:
    # A request "made" in the future comes from a clock that was wrong; it must not block.
    register.execute(
        "DELETE FROM made WHERE key = ? AND (at_s <= ? OR at_s > ?)",
        (limit.key, now_s - limit.period_s, now_s),
    )
    oldest = register.execute(
        "SELECT at_s FROM made WHERE key = ? ORDER BY at_s DESC LIMIT 1 OFFSET ?",
        (limit.key, limit.requests - 1),
    ).fetchone()
    return 0.0 if oldest is None else float(oldest[0]) + limit.period_s - now_s
