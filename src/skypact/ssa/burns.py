"""Burns that might settle a conjunction: the grid of candidates, what forbids one, how it errs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from skypact.astro.time import tai_ns_from_utc, utc_from_tai_ns, utc_text
from skypact.base.errors import InputError
from skypact.base.table import TEXT

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.elements import Text

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]
    Times = npt.NDArray[np.datetime64]

AXES = {
    "radial": (1.0, 0.0, 0.0),
    "transverse": (0.0, 1.0, 0.0),
    "normal": (0.0, 0.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Burns:
    """n impulses: when (TAI), and the change of velocity (n, 3).

    That is along the primary's own radial, transverse and normal axes before the burn.

    Raises:
        InputError: the arrays do not fit together, or a burn is not finite or is zero.
    """

    tai_ns: Instants
    dv_rtn_m_s: Floats

    def __post_init__(self) -> None:
        if self.dv_rtn_m_s.shape != (len(self.tai_ns), 3):
            raise InputError(
                f"{len(self.tai_ns)} burns need velocities of shape ({len(self.tai_ns)}, 3), "
                f"not {self.dv_rtn_m_s.shape}"
            )
        speed_m_s = np.linalg.norm(self.dv_rtn_m_s, axis=1)
        if not (np.isfinite(speed_m_s) & (speed_m_s > 0.0)).all():
            raise InputError(
                "a burn must have a speed above zero; doing nothing is always an option"
            )

    def __len__(self) -> int:
        return len(self.tai_ns)

    def __getitem__(self, rows: npt.NDArray[np.bool_]) -> Burns:
        return Burns(tai_ns=self.tai_ns[rows], dv_rtn_m_s=self.dv_rtn_m_s[rows])


def burn_grid(times_utc: Times, speeds_m_s: Floats, directions_rtn: Floats | None = None) -> Burns:
    """Every time with every direction (k, 3) and every speed, in that order.

    Directions are made unit vectors; without any there are six, both ways along each axis.

    Raises:
        InputError: a direction without length, a speed that is not positive, or a bad time.
    """
    if directions_rtn is None:
        axes = np.array(list(AXES.values()))
        directions_rtn = np.concatenate([axes, -axes])
    lengths = np.linalg.norm(directions_rtn, axis=1, keepdims=True)
    if not (lengths > 0.0).all():
        raise InputError("a direction of zero length points nowhere")
    if not (np.asarray(speeds_m_s) > 0.0).all():
        raise InputError(f"speeds must be positive, not {speeds_m_s} m/s")
    dv = (directions_rtn / lengths)[:, None, :] * np.asarray(speeds_m_s, np.float64)[:, None]
    kinds = dv.reshape(-1, 3)
    tai_ns = tai_ns_from_utc(np.asarray(times_utc))
    return Burns(tai_ns=np.repeat(tai_ns, len(kinds)), dv_rtn_m_s=np.tile(kinds, (len(tai_ns), 1)))


class Cone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Directions that the thrusters can push in: within an angle of an axis, both in RTN.

    Raises:
        InputError: an axis without length, or an angle outside 0 to pi.
    """

    axis_rtn: tuple[float, float, float]
    half_angle_rad: float

    def __post_init__(self) -> None:
        if not np.linalg.norm(self.axis_rtn) > 0.0 or not 0.0 <= self.half_angle_rad <= np.pi:
            raise InputError(
                f"no cone has the axis {self.axis_rtn} and the half angle {self.half_angle_rad} rad"
            )

    def holds(self, dv_rtn_m_s: Floats) -> npt.NDArray[np.bool_]:
        """Which of the burns (n, 3) point into the cone, its surface included to 1e-9 rad."""
        axis = np.asarray(self.axis_rtn) / np.linalg.norm(self.axis_rtn)
        along = dv_rtn_m_s @ axis
        across = np.linalg.norm(np.cross(dv_rtn_m_s, axis), axis=1)
        inside: npt.NDArray[np.bool_] = np.arctan2(across, along) <= self.half_angle_rad + 1e-9
        return inside


class Constraints(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a burn must obey.

    No burns between pairs of TAI instants, ends included; no more speed than the operator
    can spend; a direction within one of the cones (none given: any direction).
    """

    blackouts_tai_ns: tuple[tuple[int, int], ...] = ()
    largest_speed_m_s: float = float("inf")
    cones: tuple[Cone, ...] = ()


UNCONSTRAINED = Constraints()


def refusals(burns: Burns, constraints: Constraints, tca_tai_ns: int) -> Text:
    """Why each burn is not allowed; empty where it is."""
    reasons = np.full(len(burns), "", TEXT)
    late = burns.tai_ns >= tca_tai_ns
    reasons[late] = "not before the closest approach"
    for first, last in constraints.blackouts_tai_ns:
        held = (burns.tai_ns >= first) & (burns.tai_ns <= last)
        _also(reasons, held, f"no burns from {_text(first)} to {_text(last)}")
    speed_m_s = np.linalg.norm(burns.dv_rtn_m_s, axis=1)
    budget_m_s = constraints.largest_speed_m_s
    # A burn at the limit stays allowed whatever its components round to.
    _also(reasons, speed_m_s > budget_m_s * (1.0 + 1e-12), f"more than {budget_m_s:g} m/s")
    if constraints.cones:
        possible = np.any([cone.holds(burns.dv_rtn_m_s) for cone in constraints.cones], axis=0)
        _also(reasons, ~possible, "outside the directions of the thrusters")
    return reasons


def _also(reasons: Text, where: npt.NDArray[np.bool_], words: str) -> None:
    for row in np.flatnonzero(where):
        reasons[row] = f"{reasons[row]}; {words}" if reasons[row] else words


def _text(tai_ns: int) -> str:
    return utc_text(utc_from_tai_ns(np.array([tai_ns]))[0][0], decimals=0)


class ExecutionError(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One-sigma errors of a burn: of its magnitude and, per axis across it, of its pointing.

    Each has a fixed part and one in proportion to the speed. The defaults are ours: 1 % in
    magnitude, 1 degree in pointing, nothing fixed.

    Source: Gates (1963), "A Simplified Model of Midcourse Maneuver Execution Errors", JPL
    Technical Report 32-504.

    Raises:
        InputError: a negative error.
    """

    magnitude_fixed_m_s: float = 0.0
    magnitude_ratio: float = 0.01
    pointing_fixed_m_s: float = 0.0
    pointing_rad: float = 0.0174532925199433

    def __post_init__(self) -> None:
        parts = (self.magnitude_fixed_m_s, self.magnitude_ratio,
                 self.pointing_fixed_m_s, self.pointing_rad)  # fmt: skip
        if not min(parts) >= 0.0:
            raise InputError(f"errors of a burn cannot be negative: {parts}")

    def covariances(self, dv_m_s: Floats) -> Floats:
        """Covariances (n, 3, 3) in m2/s2 of burns (n, 3), in whatever axes they are given."""
        square = np.einsum("ni,ni->n", dv_m_s, dv_m_s)
        along = self.magnitude_fixed_m_s**2 + self.magnitude_ratio**2 * square
        across = self.pointing_fixed_m_s**2 + self.pointing_rad**2 * square
        unit = dv_m_s / np.sqrt(square)[:, None]
        outer = unit[:, :, None] * unit[:, None, :]
        spread: Floats = across[:, None, None] * np.eye(3) + (along - across)[:, None, None] * outer
        return spread


TYPICAL_ERROR = ExecutionError()
