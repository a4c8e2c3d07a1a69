"""Columns of text for a terminal or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

Column = tuple[str, Sequence[str]]
_WIDTH = 100


def show_columns(columns: Sequence[Column]) -> None:
    """Print columns side by side under their titles; those of numbers stand to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for title, cells in columns:
        right = all(cell.replace(".", "").isdigit() for cell in cells)
        table.add_column(title, justify="right" if right else "left", no_wrap=True)
    for row in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*(escape(cell) for cell in row))
    standard_output().print(table)


def standard_output() -> Console:
    """As wide as the terminal, or 100 columns where there is none."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:  # the console's own way is to exit with 1
            raise BrokenPipeError

    width = None if sys.stdout.isatty() else _WIDTH
    return Plain(width=width, highlight=False, soft_wrap=False)
