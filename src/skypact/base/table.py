"""The table: equal-length numpy columns that other tools take without copying."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from skypact.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

TEXT = np.dtypes.StringDType()
_LONGEST_STRING_BYTES = 2**31 - 1  # what 32-bit offsets reach


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Base of all tables: a frozen dataclass whose numpy fields are its columns.

    Every column is one-dimensional and of one length; other fields belong to the table as a
    whole. Number columns leave through `__arrow_c_stream__` without being copied; text,
    truth values and times that contain NaT are converted.

    Raises:
        InputError: the columns differ in length, or one has more dimensions.
    """

    def __post_init__(self) -> None:
        shapes = {name: column.shape for name, column in self.columns().items()}
        if any(len(shape) != 1 for shape in shapes.values()):
            raise InputError(f"the columns of a table have one dimension, not {shapes}")
        lengths = {name: len(column) for name, column in self.columns().items()}
        if len(set(lengths.values())) > 1:
            raise InputError(f"the columns of a table must be equally long, not {lengths}")

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """The columns by name, in order."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if isinstance(value, np.ndarray)}

    def __len__(self) -> int:
        return next((len(column) for column in self.columns().values()), 0)

    def __getitem__(self, rows: int | slice | npt.NDArray[Any] | Sequence[int]) -> Self:
        """The same table with only these rows (a slice, a mask or row numbers), in that order."""
        picked = rows if isinstance(rows, slice) else np.atleast_1d(np.asarray(rows))
        if isinstance(picked, np.ndarray) and picked.size == 0:
            picked = picked.astype(np.intp)
        return replace(self, **{name: column[picked] for name, column in self.columns().items()})

    def rows(self) -> Iterator[dict[str, Any]]:
        """One dict per row. For small tables and for printing; services work on columns."""
        columns = self.columns()
        for index in range(len(self)):
            yield {name: column[index] for name, column in columns.items()}

    def __repr__(self) -> str:
        names = ", ".join(self.columns())
        return f"<{type(self).__name__}: {len(self)} rows of {names}>"

    def arrow_metadata(self) -> Mapping[str, str]:
        """What the Arrow schema says about the table as a whole."""
        return {}

    def __arrow_c_schema__(self) -> object:
        return _c_array(self).schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        from nanoarrow.c_array_stream import CArrayStream

        array = _c_array(self)
        stream = CArrayStream.from_c_arrays([array], array.schema)
        return stream.__arrow_c_stream__(requested_schema)


def _c_array(table: Table) -> Any:
    import nanoarrow as na

    columns = table.columns()
    children = [_column(values) for values in columns.values()]
    schema = na.c_schema(
        na.struct(
            {name: child.schema for name, child in zip(columns, children, strict=True)},
            nullable=False,
        )
    ).modify(metadata=dict(table.arrow_metadata()))
    return na.c_array_from_buffers(schema, len(table), [None], children=children)


def _column(values: npt.NDArray[Any]) -> Any:
    import nanoarrow as na

    rows = len(values)
    if values.dtype.kind == "T":
        return _text_column(values)
    if values.dtype.kind == "M":
        times = np.ascontiguousarray(values.astype("datetime64[ns]", copy=False))
        missing = np.isnat(times)
        valid = np.packbits(~missing, bitorder="little") if missing.any() else None
        return na.c_array_from_buffers(
            na.timestamp("ns", "UTC"), rows, [valid, times.view(np.int64)]
        )
    if values.dtype.kind == "b":
        bits = np.packbits(values, bitorder="little")
        return na.c_array_from_buffers(na.bool_(), rows, [None, bits])
    arrow_type = getattr(na, values.dtype.name)()  # both libraries call it float64, int8, …
    return na.c_array_from_buffers(arrow_type, rows, [None, np.ascontiguousarray(values)])


def _text_column(values: npt.NDArray[Any]) -> Any:
    import nanoarrow as na

    encoded = [str(value).encode() for value in values]
    ends = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(item) for item in encoded], out=ends[1:])
    long = ends[-1] > _LONGEST_STRING_BYTES
    kind, offsets = (na.large_string(), ends) if long else (na.string(), ends.astype(np.int32))
    return na.c_array_from_buffers(kind, len(values), [None, offsets, b"".join(encoded)])
