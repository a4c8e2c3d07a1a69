"""Whether an operator's ephemeris is what NASA asks projects to share.

Source: NPR 8079.1 (effective 2023-06-27), NASA Spacecraft Conjunction Analysis and Collision
Avoidance for Space Environment Protection, 5.1.1 with table 5-1. The table does not say
where low Earth orbit ends; here it is an orbit that stays below 2000 km altitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.orientation import NO_EARTH_ORIENTATION
from skypact.astro.time import NANOSECONDS, parse_utc, tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.ssa.trajectory import teme_trajectory

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.astro.orientation import EarthOrientation
    from skypact.records.ephemeris import Ephemeris
    from skypact.ssa.trajectory import Trajectory

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

_EARTH_MU_M3_S2 = 3.986004418e14
_EARTH_RADIUS_M = 6_378_137.0
_LEO_CEILING_M = _EARTH_RADIUS_M + 2.0e6
_DAY_S = 86_400.0
# "About" 1/100 of an orbit: a tenth more still passes (60 s at a period of 92 minutes).
_WIDEST_STEP = 1.1 / 100.0
_NOT_A_COVARIANCE = -1e-6  # smallest eigenvalue of a correlation matrix, rounding allowed


class Verdict(StrEnum):
    """The outcome of comparing a file with one requirement."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Finding:
    """One requirement: the verdict, what was found, and what is asked."""

    requirement: str
    verdict: Verdict
    found: str
    asked: str


@dataclass(frozen=True)
class _Regime:
    name: str
    duration_days: float
    delivery: str
    oldest_days: float


_LEO = _Regime("low Earth orbit", 7.0, "daily", 1.0)
_OTHER = _Regime("another Earth orbit", 14.0, "twice weekly", 3.5)


def check_upload(
    ephemeris: Ephemeris,
    *,
    now_utc: np.datetime64 | None = None,
    orientation: EarthOrientation = NO_EARTH_ORIENTATION,
) -> tuple[Finding, ...]:
    """One finding per row of the table, in its order.

    How old the delivery is needs `now_utc` and the file's creation date. What no file can
    show (that every manoeuvre is in it, that the covariance is realistic) is CANNOT_TELL.
    Where the states cannot be brought to an inertial frame about the Earth, no more than
    that is told of anything that depends on the orbit.
    """
    try:
        trajectory = teme_trajectory(ephemeris, orientation=orientation)
        axis_m, highest_m = _orbit(trajectory)
    except InputError as error:
        unknown = Finding("orbit regime", Verdict.CANNOT_TELL, str(error), "states about the Earth")
        return (unknown, _covariance(ephemeris), _realism(ephemeris), _manoeuvres(ephemeris))
    regime = _LEO if highest_m < _LEO_CEILING_M else _OTHER
    created_tai_ns = _created(ephemeris)
    return (
        _duration(ephemeris, regime, created_tai_ns),
        _delivery(regime, created_tai_ns, now_utc),
        _spacing(trajectory, axis_m),
        _covariance(ephemeris),
        _realism(ephemeris),
        _manoeuvres(ephemeris),
    )


def _orbit(trajectory: Trajectory) -> tuple[float, float]:
    """Median semi-major axis and the greatest radius, from every row."""
    radius_m = np.sqrt((trajectory.r_teme_m**2).sum(axis=1))
    speed_squared = (trajectory.v_teme_m_s**2).sum(axis=1)
    with np.errstate(divide="ignore"):
        axis_m = float(np.median(1.0 / (2.0 / radius_m - speed_squared / _EARTH_MU_M3_S2)))
    if not 0.0 < axis_m < np.inf:
        raise InputError(f"the states are on no closed orbit (semi-major axis {axis_m:.6g} m)")
    return axis_m, float(radius_m.max())


def _created(ephemeris: Ephemeris) -> int | None:
    if ephemeris.marks.produced_at is None:
        return None
    utc, in_leap_second = parse_utc(ephemeris.marks.produced_at)
    return int(tai_ns_from_utc(np.array([utc]), in_leap_second=np.array([in_leap_second]))[0])


def _duration(ephemeris: Ephemeris, regime: _Regime, created_tai_ns: int | None) -> Finding:
    """From the creation date on where it is known: what lies before it predicts nothing."""
    spans = sorted((s.useable_start_tai_ns, s.useable_stop_tai_ns) for s in ephemeris.segments)
    start = spans[0][0] if created_tai_ns is None else max(spans[0][0], created_tai_ns)
    reach, uncovered_ns = start, 0
    for first, last in spans:
        if first > reach:
            uncovered_ns += first - reach
        reach = max(reach, last)
    days = (reach - start) / NANOSECONDS / _DAY_S
    found = f"{days:.2f} days after {'creation' if start == created_tai_ns else 'its start'}"
    if uncovered_ns:
        found += f", of which {uncovered_ns / NANOSECONDS:.0f} s between segments are not useable"
    # The last row may fall short by less than a step: nobody's steps divide a week evenly.
    last_step_ns = int(np.diff(ephemeris.times_tai_ns[-2:]).sum())
    met = days > regime.duration_days - last_step_ns / NANOSECONDS / _DAY_S
    return Finding(
        "predictive duration",
        Verdict.MET if met else Verdict.NOT_MET,
        found,
        f"{regime.duration_days:g} days in {regime.name}"
        + (", or the spacecraft's whole life if shorter" if regime is _LEO else ""),
    )


def _delivery(
    regime: _Regime, created_tai_ns: int | None, now_utc: np.datetime64 | None
) -> Finding:
    asked = f"{regime.delivery} in {regime.name}"
    if created_tai_ns is None or now_utc is None:
        found = "no creation date" if created_tai_ns is None else "no time to compare with"
        return Finding("delivery frequency", Verdict.CANNOT_TELL, found, asked)
    now_tai_ns = int(tai_ns_from_utc(np.array([now_utc]))[0])
    days = (now_tai_ns - created_tai_ns) / NANOSECONDS / _DAY_S
    verdict = Verdict.MET if days <= regime.oldest_days else Verdict.NOT_MET
    return Finding("delivery frequency", verdict, f"created {days:.2f} days ago", asked)


def _spacing(trajectory: Trajectory, axis_m: float) -> Finding:
    period_s = 2.0 * np.pi * np.sqrt(axis_m**3 / _EARTH_MU_M3_S2)
    in_time, in_angle = 0.0, 0.0
    for first, last in trajectory.pieces:
        steps_s = np.diff(trajectory.times_s[first:last])
        in_time = max(in_time, float(steps_s.max(initial=0.0)) / period_s)
        in_angle = max(in_angle, _widest_turn(trajectory.r_teme_m[first:last]))
    # Beyond half an orbit the angle between two positions no longer tells how far it went.
    by_anomaly = in_time < 0.5 and in_angle <= _WIDEST_STEP
    met = in_time <= _WIDEST_STEP or by_anomaly
    found = f"widest step 1/{1.0 / in_time:.1f} of the period" if in_time else "single states"
    if in_time and in_time < 0.5:
        found += f", {360.0 * in_angle:.2f} deg of arc"
    if np.isfinite(trajectory.leave_one_out_p99_m).any():
        worst_m = np.nanmax(trajectory.leave_one_out_p99_m)
        found += f"; a row left out is missed by {worst_m:.2g} m (p99)"
    return Finding(
        "point spacing",
        Verdict.MET if met and in_time else Verdict.NOT_MET,
        found,
        "about 1/100 of an orbit, in time or in true anomaly",
    )


def _widest_turn(r_m: Floats) -> float:
    """The widest angle between successive positions, in turns."""
    if len(r_m) < 2:
        return 0.0
    unit = r_m / np.sqrt((r_m**2).sum(axis=1))[:, None]
    chord = np.sqrt((np.diff(unit, axis=0) ** 2).sum(axis=1))
    return float((2.0 * np.arcsin(np.minimum(chord / 2.0, 1.0))).max() / (2.0 * np.pi))


def _covariance(ephemeris: Ephemeris) -> Finding:
    useable = np.zeros(len(ephemeris), np.bool_)
    for segment in ephemeris.segments:
        rows = slice(segment.first_row, segment.stop_row)
        times_ns = ephemeris.times_tai_ns[rows]
        useable[rows] = (times_ns >= segment.useable_start_tai_ns) & (
            times_ns <= segment.useable_stop_tai_ns
        )
    points_ns = ephemeris.times_tai_ns[useable]
    with_one = int(np.isin(points_ns, ephemeris.covariances.times_tai_ns).sum())
    met = with_one == len(points_ns) and with_one > 0
    return Finding(
        "covariance at each point",
        Verdict.MET if met else Verdict.NOT_MET,
        f"{with_one} of {len(points_ns)} useable states have one",
        "a covariance of position and velocity at every state",
    )


def _realism(ephemeris: Ephemeris) -> Finding:
    matrices = ephemeris.covariances.matrices
    asked = "errors as representative as those of a precision catalogue"
    if not len(matrices):
        return Finding("covariance realism", Verdict.CANNOT_TELL, "no covariance", asked)
    impossible = int((~_is_covariance(matrices)).sum())
    if impossible:
        found = f"{impossible} of {len(matrices)} are no covariance (a negative variance)"
        return Finding("covariance realism", Verdict.NOT_MET, found, asked)
    sigma_m = np.sqrt(np.trace(matrices[:, :3, :3], axis1=1, axis2=2))
    found = f"1-sigma position {sigma_m.min():.3g} to {sigma_m.max():.3g} m"
    return Finding("covariance realism", Verdict.CANNOT_TELL, found, asked)


def _is_covariance(matrices: Floats) -> npt.NDArray[np.bool_]:
    """Positive semidefinite, judged on the correlations: metres and m/s differ in size."""
    variances = np.diagonal(matrices, axis1=1, axis2=2)
    scale = 1.0 / np.sqrt(np.where(variances > 0.0, variances, 1.0))
    correlations = matrices * scale[:, :, None] * scale[:, None, :]
    smallest = np.linalg.eigvalsh(correlations).min(axis=1)
    return np.asarray((smallest >= _NOT_A_COVARIANCE) & (variances >= 0.0).all(axis=1))


def _manoeuvres(ephemeris: Ephemeris) -> Finding:
    segments = len(ephemeris.segments)
    return Finding(
        "manoeuvres",
        Verdict.CANNOT_TELL,
        f"{segments} segment{'' if segments == 1 else 's'}",
        "every known manoeuvre of the span, its execution error in the covariance",
    )
