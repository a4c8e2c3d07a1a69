"""One measured line, and how lines are shown: never a speed without its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence


class Figure(Struct, frozen=True, kw_only=True):
    """What `who` took for `what`, and how wrong it was.

    `cpu_s` is user and system time of all threads, of the whole process where `peak_mib` is
    given. `error` says how far the answer is from the reference's, and `holds` whether that
    is within the tolerance (None: nothing is promised of it). `bar` is what issue 2 asks.
    """

    task: str
    what: str
    who: str
    cpu_s: float
    error: str
    holds: bool | None
    wall_s: float | None = None
    states: int | None = None
    peak_mib: float | None = None
    disk_mib: float | None = None
    bar: str = ""

    def __post_init__(self) -> None:
        if not self.error:
            raise ValueError(f"{self.task}: a speed without an error is not published")

    @property
    def states_per_cpu_s(self) -> float | None:
        return self.states / self.cpu_s if self.states else None


HEADINGS = (
    "task", "what", "who", "CPU-s", "x yardstick", "wall s", "M states/CPU-s", "peak GiB",
    "disk MiB", "error", "holds", "bar",
)  # fmt: skip
YARDSTICK = "yardstick"


def cells(figure: Figure, yardstick_s: float) -> list[str]:
    rate = figure.states_per_cpu_s
    return [
        figure.task,
        figure.what,
        figure.who,
        _number(figure.cpu_s),
        _number(figure.cpu_s / yardstick_s),
        _number(figure.wall_s),
        _number(None if rate is None else rate / 1e6),
        _number(None if figure.peak_mib is None else figure.peak_mib / 1024.0),
        _number(figure.disk_mib),
        figure.error,
        {None: "", True: "yes", False: "NO"}[figure.holds],
        figure.bar,
    ]


def row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100.0 else f"{value:.3g}"
