"""Results to standard output or a file, in the form that was asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, get_args

from skypact.base.errors import InputError
from skypact.cli.arguments import UsageError
from skypact.node.files import replacing

if TYPE_CHECKING:
    from skypact.base.table import Table

Format = Literal["table", "json", "jsonl", "csv", "parquet", "socrates"]


def settle(asked: Format | None, output: Path | None) -> Format:
    """The form asked for, else what the file's ending says, else a table for people."""
    if asked is None:
        ending = output.suffix.removeprefix(".") if output else "table"
        if ending not in get_args(Format):
            raise UsageError(f"say --format: the ending of {output} tells none")
        form: Format = ending  # type: ignore[assignment]  # just checked
    else:
        form = asked
    if form == "table" and output:
        raise UsageError(f"a table is for the terminal; for {output} say --format csv or another")
    if output and not output.parent.is_dir():  # before hours of computing, not after
        raise InputError(f"cannot write {output}: there is no directory {output.parent}")
    if form == "parquet" and not output and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal; say -o FILE")
    return form


@contextmanager
def writing(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(output) as stream:
            yield stream


def write_table(table: Table, form: Format, output: Path | None) -> None:
    """A table of any kind as JSON, JSON lines, CSV or Parquet."""
    from skypact.formats import tables

    with writing(output) as stream:
        if form == "json":
            tables.write_json(table, stream)
        elif form == "jsonl":
            tables.write_json_lines(table, stream)
        elif form == "parquet":
            tables.write_parquet(table, stream, metadata={})
        else:
            tables.write_csv(table, stream)
