"""Where two objects go: without a burn through the states of their encounter, and after one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.equinoctial import GM_M3_S2
from skypact.astro.frames import teme_from
from skypact.astro.interpolation import HERMITE, ephemeris_state, ephemeris_states
from skypact.astro.numerical import NumericalPath, Spacecraft, numerical_paths
from skypact.astro.time import NANOSECONDS
from skypact.astro.transition import (
    LONGEST_DAYS,
    Transition,
    burn_change,
    elements_along,
    holds,
    states_after,
    transition,
)
from skypact.base.errors import InputError
from skypact.base.kernel import kernel
from skypact.ssa.covariance import dcm_inertial_from_rtn

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

BETWEEN_NODES = 7  # degree of the Hermite polynomial through a path's nodes
_NODES_PER_TURN = 48.0  # at perigee: that polynomial is then exact to a micrometre
_NEAR_BURN = 0.25  # of a step: nodes of the grid that close to a burn are left out
_BISECTIONS = 60
_PROBE_M_S = 0.01
_DAY_S = 86_400.0
_BOTH_SHARE = 0.6  # of the time that all paths without a burn take


@dataclass(frozen=True, eq=False, kw_only=True)
class Path:
    """States in GCRF at times_s[first_row:] of the grid that it belongs to."""

    first_row: int
    r_gcrf_m: Floats
    v_gcrf_m_s: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Unburnt:
    """Both objects without a burn, on one grid of n times in seconds from TCA.

    Both go through their states at TCA under the same numerical model, so that their miss
    there is the one that was reported. `elements` (n, 6) are the primary's.
    """

    tca_tai_ns: int
    times_s: Floats
    primary: Path
    secondary: Path
    period_s: float
    elements: Floats
    transition: Transition
    spacecraft: Spacecraft

    def row_of(self, tai_ns: int) -> int:
        """The row of a burn's instant, which the grid holds."""
        return int(np.argmin(np.abs(self.times_s - (tai_ns - self.tca_tai_ns) / NANOSECONDS)))


class Approach(NamedTuple):
    """The least distance of two paths around TCA: when (s from TCA), and both states (6,)."""

    at_s: float
    state1_gcrf: Floats
    state2_gcrf: Floats


def unburnt(
    tca_tai_ns: int,
    state1_gcrf: Floats,
    state2_gcrf: Floats,
    *,
    burns_tai_ns: Integers,
    days: float,
    spacecraft: Spacecraft,
    on_progress: Callable[[float], None],
) -> Unburnt:
    """Both paths from the first burn on for `days`; the grid holds every burn's instant.

    Without any burn they begin a quarter of a turn before TCA.

    Raises:
        InputError: more than 3 days, or a window that ends before a quarter of a turn after
            TCA; or as `numerical_paths` and `transition`.
    """
    if not 0.0 < days <= LONGEST_DAYS:
        raise InputError(f"burns are followed for up to {LONGEST_DAYS:g} days, not for {days:g}")
    axis_m, eccentricity = _shape(state1_gcrf)
    period_s = 2.0 * math.pi * math.sqrt(axis_m**3 / GM_M3_S2)
    burns_s = np.unique(burns_tai_ns - tca_tai_ns) / NANOSECONDS
    if not len(burns_s):
        burns_s = np.array([-0.25 * period_s])
    from_s = float(burns_s[0])
    until_s = from_s + days * _DAY_S
    if until_s < 0.25 * period_s:
        raise InputError(
            f"the first burn stands {-from_s / _DAY_S:.2f} days before the closest approach, "
            f"which {days:g} days do not reach with a quarter of a turn to spare"
        )
    swiftest = math.sqrt((1.0 + eccentricity) / (1.0 - eccentricity) ** 3)
    times_s = _grid_s(burns_s, until_s, period_s / swiftest / _NODES_PER_TURN)
    both = np.stack([state1_gcrf, state2_gcrf])
    primary, secondary = numerical_paths(
        tca_tai_ns, both[:, :3], both[:, 3:],
        from_s=from_s, until_s=until_s, spacecraft=spacecraft,
        on_progress=lambda share: on_progress(_BOTH_SHARE * share),
    )  # fmt: skip
    first = _on_grid(primary, times_s)
    carried = transition(
        tca_tai_ns, first.r_gcrf_m[0], first.v_gcrf_m_s[0], times_s, spacecraft=spacecraft,
        on_progress=lambda share: on_progress(_BOTH_SHARE + (1.0 - _BOTH_SHARE) * share),
    )  # fmt: skip
    return Unburnt(
        tca_tai_ns=tca_tai_ns,
        times_s=times_s,
        primary=first,
        secondary=_on_grid(secondary, times_s),
        period_s=period_s,
        elements=elements_along(carried.dcm_orbit_gcrf, first.r_gcrf_m, first.v_gcrf_m_s),
        transition=carried,
        spacecraft=spacecraft,
    )


def _shape(state: Floats) -> tuple[float, float]:
    """Semi-major axis and eccentricity."""
    r_m, v_m_s = state[:3], state[3:]
    radius_m, square = float(np.linalg.norm(r_m)), float(v_m_s @ v_m_s)
    axis_m = 1.0 / (2.0 / radius_m - square / GM_M3_S2)
    momentum = np.cross(r_m, v_m_s)
    share = 1.0 - float(momentum @ momentum) / (GM_M3_S2 * axis_m)
    if not (axis_m > 0.0 and share < 1.0):
        raise InputError("the primary's state at closest approach is not that of a closed orbit")
    return axis_m, math.sqrt(max(share, 0.0))


def _grid_s(burns_s: Floats, until_s: float, step_s: float) -> Floats:
    count = max(2, math.ceil((until_s - burns_s[0]) / step_s))
    even_s = np.linspace(burns_s[0], until_s, count + 1)
    away_s = np.abs(even_s[:, None] - burns_s[None, :]).min(axis=1)
    inside = even_s[away_s > _NEAR_BURN * step_s]
    # The end stays even if a burn stands beside it.
    return np.unique(np.concatenate([burns_s, inside, [until_s]]))


def _on_grid(path: NumericalPath, times_s: Floats) -> Path:
    r_m, v_m_s = path.states(np.clip(times_s, path.times_s[0], path.times_s[-1]))
    return Path(first_row=0, r_gcrf_m=r_m, v_gcrf_m_s=v_m_s)


def after_burn(nominal: Unburnt, row: int, dv_rtn_m_s: Floats) -> tuple[Path, bool]:
    """The primary's path after a burn at times_s[row]; whether it was integrated afresh.

    By the transition matrices where they hold, else by the numerical model.
    """
    r_m, v_m_s, dv_m_s = at_burn(nominal, row, dv_rtn_m_s)
    change = burn_change(nominal.transition, row, r_m, v_m_s, dv_m_s)
    if not holds(nominal.transition, change):
        return integrated_after_burn(nominal, row, dv_rtn_m_s), True
    moved = states_after(nominal.transition, nominal.elements, change, slice(row, None))
    return Path(first_row=row, r_gcrf_m=moved[0], v_gcrf_m_s=moved[1]), False


def integrated_after_burn(nominal: Unburnt, row: int, dv_rtn_m_s: Floats) -> Path:
    """As `after_burn`, by the numerical model whatever the burn."""
    r_m, v_m_s, dv_m_s = at_burn(nominal, row, dv_rtn_m_s)
    times_s = nominal.times_s[row:] - nominal.times_s[row]
    path = numerical_paths(
        nominal.tca_tai_ns + round(float(nominal.times_s[row]) * NANOSECONDS),
        r_m[None], (v_m_s + dv_m_s)[None],
        from_s=0.0, until_s=float(times_s[-1]), spacecraft=nominal.spacecraft,
    )[0]  # fmt: skip
    moved = path.states(np.minimum(times_s, path.times_s[-1]))
    return Path(first_row=row, r_gcrf_m=moved[0], v_gcrf_m_s=moved[1])


def dense_states(nominal: Unburnt, path: Path) -> tuple[Floats, Floats]:
    """Times, in seconds from TCA, and states (n, 6) at three times the nodes of a path.

    NASA asks of ephemerides a hundred a turn (NPR 8079.1, table 5-1).
    """
    nodes_s = nominal.times_s[path.first_row :][: len(path.r_gcrf_m)]
    if len(nodes_s) == 1:
        return nodes_s, np.column_stack([path.r_gcrf_m, path.v_gcrf_m_s])
    nodes = np.arange(len(nodes_s))
    times_s = np.interp(np.linspace(0.0, nodes[-1], 3 * int(nodes[-1]) + 1), nodes, nodes_s)
    return times_s, ephemeris_states(
        times_s, nodes_s, path.r_gcrf_m, path.v_gcrf_m_s, 0, len(nodes_s), BETWEEN_NODES, HERMITE
    )


def at_burn(nominal: Unburnt, row: int, dv_rtn_m_s: Floats) -> tuple[Floats, Floats, Floats]:
    """Position and velocity in GCRF before a burn at times_s[row], and the burn in GCRF."""
    r_m, v_m_s = nominal.primary.r_gcrf_m[row], nominal.primary.v_gcrf_m_s[row]
    dcm = dcm_inertial_from_rtn(r_m[None], v_m_s[None])[0]
    return r_m, v_m_s, dcm @ dv_rtn_m_s


def spread_rtn(
    nominal: Unburnt, row: int, dv_rtn_m_s: Floats, covariance: Floats, at_s: float
) -> Floats:
    """What a burn's covariance (3, 3) makes of the state (6, 6) near `at_s`, in RTN there."""
    near = max(row, int(np.argmin(np.abs(nominal.times_s - at_s))))
    r_m, v_m_s, _ = at_burn(nominal, row, dv_rtn_m_s)
    states = []
    for dv in (dv_rtn_m_s, *(dv_rtn_m_s + step for step in _PROBE_M_S * np.eye(3))):
        change = burn_change(nominal.transition, row, r_m, v_m_s, at_burn(nominal, row, dv)[2])
        one = states_after(nominal.transition, nominal.elements, change, slice(near, near + 1))
        states.append(np.concatenate([one[0][0], one[1][0]]))
    partial = (np.array(states[1:]) - states[0]).T / _PROBE_M_S
    turn = np.kron(np.eye(2), dcm_inertial_from_rtn(states[0][None, :3], states[0][None, 3:])[0].T)
    partial_rtn = turn @ partial
    return np.asarray(partial_rtn @ covariance @ partial_rtn.T)


def closest(nominal: Unburnt, path: Path) -> Approach:
    """The least distance to the secondary within a quarter of a turn of TCA."""
    times_s = nominal.times_s[path.first_row :]
    reach_s = 0.25 * nominal.period_s
    from_s, until_s = max(-reach_s, float(times_s[0])), min(reach_s, float(times_s[-1]))
    other = nominal.secondary
    r_m, v_m_s = other.r_gcrf_m[path.first_row :], other.v_gcrf_m_s[path.first_row :]
    at_s = _closest(
        times_s, path.r_gcrf_m, path.v_gcrf_m_s,
        np.ascontiguousarray(r_m), np.ascontiguousarray(v_m_s), from_s, until_s,
    )  # fmt: skip
    return Approach(
        float(at_s),
        _state(at_s, times_s, path.r_gcrf_m, path.v_gcrf_m_s),
        _state(at_s, times_s, r_m, v_m_s),
    )


def _state(at_s: float, times_s: Floats, r_m: Floats, v_m_s: Floats) -> Floats:
    rows = len(times_s)
    return np.array(ephemeris_state(at_s, times_s, r_m, v_m_s, 0, rows, BETWEEN_NODES, HERMITE))


@kernel
def _closest(times_s, ra, va, rb, vb, from_s, until_s):  # type: ignore[no-untyped-def]
    """Time of the least distance: every turning point in the window, and its two ends."""
    best_s, least = from_s, np.inf
    g_before, t_before = 0.0, from_s
    n = times_s.shape[0]
    for i in range(-1, n + 1):
        if i >= 0 and i < n and not from_s < times_s[i] < until_s:
            continue
        t = from_s if i < 0 else (until_s if i == n else times_s[i])
        square, g = _apart(t, times_s, ra, va, rb, vb)
        if square < least and (i < 0 or i == n):
            best_s, least = t, square
        if i >= 0 and g_before < 0.0 <= g:
            low, high = t_before, t
            for _ in range(_BISECTIONS):
                middle = 0.5 * (low + high)
                _, g_middle = _apart(middle, times_s, ra, va, rb, vb)
                if g_middle < 0.0:
                    low = middle
                else:
                    high = middle
            square, _ = _apart(high, times_s, ra, va, rb, vb)
            if square < least:
                best_s, least = high, square
        g_before, t_before = g, t
    return best_s


@kernel
def _apart(t, times_s, ra, va, rb, vb):  # type: ignore[no-untyped-def]
    """Square of the distance, and half its derivative."""
    n = times_s.shape[0]
    ax, ay, az, avx, avy, avz = ephemeris_state(t, times_s, ra, va, 0, n, BETWEEN_NODES, HERMITE)
    bx, by, bz, bvx, bvy, bvz = ephemeris_state(t, times_s, rb, vb, 0, n, BETWEEN_NODES, HERMITE)
    x, y, z = bx - ax, by - ay, bz - az
    return x * x + y * y + z * z, x * (bvx - avx) + y * (bvy - avy) + z * (bvz - avz)


def dcms_teme_gcrf(nominal: Unburnt) -> Floats:
    """Rotation matrices (n, 3, 3) to TEME at the times of the grid."""
    tai_ns = nominal.tca_tai_ns + np.rint(nominal.times_s * NANOSECONDS).astype(np.int64)
    columns = []
    for axis in np.eye(3):
        turned, _, _ = teme_from(
            "GCRF", tai_ns, np.tile(axis, (len(tai_ns), 1)), np.zeros((len(tai_ns), 3))
        )
        columns.append(turned)
    return np.stack(columns, axis=2)


def gcrf_from(frame: str, tai_ns: int, state: Floats) -> Floats:
    """One state (6,) in GCRF, from a frame that `astro.frames` knows."""
    if frame == "GCRF":
        return state
    instant = np.array([tai_ns])
    r_m, v_m_s, _ = teme_from(frame, instant, state[None, :3], state[None, 3:])
    axes = [teme_from("GCRF", instant, axis[None], axis[None])[0][0] for axis in np.eye(3)]
    dcm_gcrf_teme = np.array(axes)
    return np.concatenate([dcm_gcrf_teme @ r_m[0], dcm_gcrf_teme @ v_m_s[0]])
