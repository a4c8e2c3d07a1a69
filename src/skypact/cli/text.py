"""Columns of text for a terminal or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence

Column = tuple[str, Sequence[str]]


def show_columns(columns: Sequence[Column]) -> None:
    """Print columns side by side under their titles; those of numbers stand to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for title, cells in columns:
        right = all(cell.replace(".", "").isdigit() for cell in cells)
        table.add_column(title, justify="right" if right else "left", no_wrap=True)
    for row in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*(escape(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 100, highlight=False).print(table)
