"""Pairs at their closest approach, in arrays: what the probability methods compute on."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

from skypact.base.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Encounters:
    """n pairs of objects at one instant each, near their closest approach.

    States have shape (n, 3) and covariances of (position, velocity) shape (n, 6, 6), in m and
    m/s; both objects of a row share one inertial frame, which may differ from row to row.
    Covariances are NaN where unknown; a row may know the position block alone. The
    covariance of the difference of the two states is C1 + C2 - X - X^T, X being
    `cross_covariances` (zero where the errors are independent).

    Raises:
        InputError: the arrays do not fit together.
    """

    tca_tai_ns: Instants
    r1_m: Floats
    v1_m_s: Floats
    r2_m: Floats
    v2_m_s: Floats
    covariances1: Floats
    covariances2: Floats
    cross_covariances: Floats
    hard_body_radius_m: Floats

    def __post_init__(self) -> None:
        rows = len(self.tca_tai_ns)
        expected: dict[str, tuple[int, ...]] = dict.fromkeys(
            ("r1_m", "v1_m_s", "r2_m", "v2_m_s"), (rows, 3)
        )
        expected |= {"hard_body_radius_m": (rows,), "tca_tai_ns": (rows,)}
        for name, column in self._arrays().items():
            shape = expected.get(name, (rows, 6, 6))
            if column.shape != shape:
                raise InputError(
                    f"{name} of {rows} encounters has shape {shape}, not {column.shape}"
                )

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __len__(self) -> int:
        return len(self.tca_tai_ns)

    def __getitem__(self, rows: slice | npt.NDArray[Any]) -> Self:
        """The same with only these rows (a slice, a mask or row numbers), in that order."""
        return replace(self, **{name: column[rows] for name, column in self._arrays().items()})
