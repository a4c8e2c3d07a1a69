"""Where a small burn leads, without integrating again: a transition matrix between elements.

Burns of a metre a second grow to hundreds of kilometres in days, along a curved path: straight
lines in position and velocity lose kilometres there. Differences of equinoctial elements stay
almost linear: mean motion, unlike the axis, makes the growing part linear by itself. They are
counted from the orbit's own plane at the start, so that no inclination is singular.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.equinoctial import (
    LONGITUDE,
    H,
    K,
    N,
    Q,
    elements_from_states,
    states_from_elements,
)
from skypact.astro.numerical import TYPICAL, Spacecraft, swift_paths
from skypact.astro.time import NANOSECONDS
from skypact.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

LONGEST_DAYS = 3.0
_LONGEST_S = LONGEST_DAYS * 86_400.0
LARGEST_ECCENTRICITY = 0.7
# Of a round orbit; an eccentric one, which bends more at its perigee, bears less.
_LARGEST_LEAD_RAD = 0.075  # gained in 3 days
_LARGEST_SHIFT_RAD = 0.03  # taken back to the first time: what a late burn would have gained
_LARGEST_SHAPE_CHANGE = 5e-4  # of eccentricity and tilt: 4 m/s along the radius in low orbit
_PROBE = 1e-5  # change of each element, 70 m in low orbit
# Wider where the second order is wanted, about what 0.5 m/s along track does in low orbit in a day.
_WIDE_MOTION = 2e-4  # of mean motion, relative
_WIDE_LONGITUDE_RAD = 0.02
_ROUNDS = 4  # each gains three digits


@dataclass(frozen=True, eq=False, kw_only=True)
class Transition:
    """How a change of the elements at the first of n times goes over into one at the others.

    `times_s` count from `epoch_tai_ns`. A change of elements c (6,) becomes
    `matrices[i] @ c` and `bends[i]` (3, 6) times the squares and the product of its mean motion
    and longitude: the second order is kept where it matters, for an object that runs ahead to
    where the field pulls otherwise. `dcm_orbit_gcrf` turns GCRF to the axes that the elements
    are counted in.
    """

    epoch_tai_ns: int
    times_s: Floats
    matrices: Floats
    bends: Floats
    dcm_orbit_gcrf: Floats
    eccentricity: float


def transition(
    tai_ns: int,
    r_gcrf_m: Floats,
    v_gcrf_m_s: Floats,
    times_s: Floats,
    *,
    spacecraft: Spacecraft = TYPICAL,
    on_progress: Callable[[float], None] | None = None,
) -> Transition:
    """The matrices along the path through one state (3,) at `tai_ns` + times_s[0].

    `times_s` count from `tai_ns` and increase. A change for which it `holds`
    leads to within 100 m of where a fresh integration does, for 3 days: in low orbit that of
    0.6 m/s along the track at the first time and 0.2 m/s at the last. Tests hold it to that
    from low to geosynchronous and eccentric orbits. Above an eccentricity of 0.7 it holds for
    no change, and serves covariances only.

    Raises:
        InputError: times that span more than 3 days, or as `numerical_paths`.
    """
    span_s = float(times_s[-1] - times_s[0])
    if not 0.0 < span_s <= _LONGEST_S * (1.0 + 1e-9):
        raise InputError(
            f"transition matrices hold for {LONGEST_DAYS:g} days, not for {span_s / 86_400:g}"
        )
    dcm_orbit_gcrf = orbit_axes(r_gcrf_m, v_gcrf_m_s)
    start = elements_along(dcm_orbit_gcrf, r_gcrf_m[None], v_gcrf_m_s[None])[0]
    eccentricity = _eccentricity(start)
    steps = _probe_steps(start)
    probes = _states(start + steps, dcm_orbit_gcrf)
    paths = swift_paths(
        tai_ns + round(float(times_s[0]) * NANOSECONDS),
        *probes,
        from_s=0.0,
        until_s=span_s,
        spacecraft=spacecraft,
        on_progress=on_progress,
    )
    elapsed_s = np.minimum(times_s - times_s[0], paths[0].times_s[-1])
    found = np.array([elements_along(dcm_orbit_gcrf, *path.states(elapsed_s)) for path in paths])
    matrices, bends = _derivatives(steps, _differences(found, found[0]))
    return Transition(
        epoch_tai_ns=tai_ns,
        times_s=times_s,
        matrices=matrices,
        bends=bends,
        dcm_orbit_gcrf=dcm_orbit_gcrf,
        eccentricity=eccentricity,
    )


def holds(transition: Transition, change: Floats) -> bool:
    """Whether a change of elements (6,) is small enough for the 100 m that are promised."""
    share = 1.0 - transition.eccentricity
    return bool(
        transition.eccentricity <= LARGEST_ECCENTRICITY
        and abs(change[N]) * _LONGEST_S <= _LARGEST_LEAD_RAD * share**2
        and abs(change[LONGITUDE]) <= _LARGEST_SHIFT_RAD * share**2
        and np.abs(change[H : Q + 1]).max() <= _LARGEST_SHAPE_CHANGE * share
    )


def _eccentricity(elements: Floats) -> float:
    return math.hypot(elements[H], elements[K])


def _probe_steps(start: Floats) -> Floats:
    """Changes of elements (11, 6): none, one of each, two backwards, and those two at odds."""
    steps = np.full(6, _PROBE)
    steps[N] = _WIDE_MOTION * start[N]
    steps[LONGITUDE] = _WIDE_LONGITUDE_RAD * (1.0 - _eccentricity(start)) ** 2
    one = np.diag(steps)
    at_odds = one[N] - one[LONGITUDE]
    return np.vstack([np.zeros(6), one, -one[N], -one[LONGITUDE], at_odds, -at_odds])


def _derivatives(steps: Floats, changes: Floats) -> tuple[Floats, Floats]:
    """First (n, 6, 6) and second (n, 3, 6) from the changes (11, n, 6) that the probes made."""
    faster, ahead = steps[1, N], steps[6, LONGITUDE]
    first = np.stack([changes[1 + k] / steps[1 + k, k] for k in range(6)], axis=2)
    first[:, :, N] = (changes[1] - changes[7]) / (2.0 * faster)
    first[:, :, LONGITUDE] = (changes[6] - changes[8]) / (2.0 * ahead)
    of_motion = 0.5 * (changes[1] + changes[7])
    of_longitude = 0.5 * (changes[6] + changes[8])
    of_both = of_motion + of_longitude - 0.5 * (changes[9] + changes[10])
    second = [
        of_motion / faster**2,
        of_both / (faster * ahead),
        of_longitude / ahead**2,
    ]
    return np.ascontiguousarray(first), np.stack(second, axis=1)


def orbit_axes(r_m: Floats, v_m_s: Floats) -> Floats:
    """Rotation matrix (3, 3) to axes along the radius, ahead, and the orbit's normal."""
    radial = r_m / np.linalg.norm(r_m)
    normal = np.cross(r_m, v_m_s)
    normal /= np.linalg.norm(normal)
    return np.stack([radial, np.cross(normal, radial), normal])


def elements_along(dcm_orbit_gcrf: Floats, r_gcrf_m: Floats, v_gcrf_m_s: Floats) -> Floats:
    """Elements (n, 6) of states (n, 3) in GCRF."""
    return elements_from_states(r_gcrf_m @ dcm_orbit_gcrf.T, v_gcrf_m_s @ dcm_orbit_gcrf.T)


def _states(elements: Floats, dcm_orbit_gcrf: Floats) -> tuple[Floats, Floats]:
    r_m, v_m_s = states_from_elements(elements, np.zeros(len(elements)))
    return r_m @ dcm_orbit_gcrf, v_m_s @ dcm_orbit_gcrf


def states_after(
    transition: Transition, elements: Floats, change: Floats, rows: slice
) -> tuple[Floats, Floats]:
    """States (m, 3) in GCRF at times_s[rows] of a path whose elements were changed.

    `elements` (n, 6) are those of the path at all times; `change` (6,) is that at the first.
    """
    moved = elements[rows] + _carried(transition.matrices[rows], transition.bends[rows], change)
    return _states(moved, transition.dcm_orbit_gcrf)


def burn_change(
    transition: Transition, row: int, r_gcrf_m: Floats, v_gcrf_m_s: Floats, dv_gcrf_m_s: Floats
) -> Floats:
    """The change of elements (6,) at the first time that equals a burn at times_s[row].

    Exact where it burns (elements of the state after less those before), then taken back.
    """
    before, after = elements_along(
        transition.dcm_orbit_gcrf,
        np.stack([r_gcrf_m, r_gcrf_m]),
        np.stack([v_gcrf_m_s, v_gcrf_m_s + dv_gcrf_m_s]),
    )
    kick = _differences(after, before)
    matrix, bend = transition.matrices[row], transition.bends[row]
    change = np.linalg.solve(matrix, kick)
    for _ in range(_ROUNDS):
        change = np.linalg.solve(matrix, kick - _squares(change) @ bend)
    return np.asarray(change)


def _carried(matrices: Floats, bends: Floats, change: Floats) -> Floats:
    return np.asarray(matrices @ change + _squares(change) @ bends)


def _squares(change: Floats) -> Floats:
    faster, ahead = change[N], change[LONGITUDE]
    return np.array([faster**2, faster * ahead, ahead**2])


def _differences(after: Floats, before: Floats) -> Floats:
    """Elements less elements, the longitude by the shorter way round."""
    change = after - before
    change[..., LONGITUDE] = (change[..., LONGITUDE] + np.pi) % (2.0 * np.pi) - np.pi
    return np.asarray(change)
