"""Orbits under the Earth's field, Sun, Moon, air and sunlight, integrated without a download.

The integrator and the forces are brahe's; docs/decisions/0004-numerical-model.md tells why, and
from which of its settings this module keeps away. Everything is in GCRF; nothing is read but
what brahe carries. Left out: tides, and the difference between UT1 and UTC, which turns the
Earth's field by 0.9 s at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from skypact.astro.interpolation import HERMITE, ephemeris_states
from skypact.astro.time import NANOSECONDS
from skypact.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

DEGREE = 20
LOWEST_M = 6_378_136.3 + 100e3  # Harris and Priester's air begins here
_DEGREE_BETWEEN_NODES = 11
_DAY_NS = 86_400 * NANOSECONDS
_MJD_1970 = 40_587
# 0.5 m after three days in low orbit; ten times coarser leaves 4 m.
_ABSOLUTE, _RELATIVE = 1e-6, 1e-13
# While brahe integrates, no other thread of Python runs, not even the one that hears Ctrl-C.
_AT_ONCE_S = 5400.0  # a tenth of a second for two paths
_NODES_APART_S = 1.0  # nearer than that, rounding would bend the polynomial through them


class Spacecraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What air and sunlight push on.

    The density is Harris and Priester's: mean solar activity, 100 to 1000 km height; none
    above. Light has a coefficient of 1 if it is absorbed and 2 if it is thrown back.

    Raises:
        InputError: a mass or an area that is not positive, or a negative coefficient.
    """

    mass_kg: float = 100.0
    area_m2: float = 1.0
    drag_coefficient: float = 2.2
    light_coefficient: float = 1.3

    def __post_init__(self) -> None:
        coefficients = (self.drag_coefficient, self.light_coefficient)
        if not (self.mass_kg > 0.0 and self.area_m2 > 0.0 and min(coefficients) >= 0.0):
            raise InputError(
                f"a spacecraft of {self.mass_kg} kg, {self.area_m2} m2 and coefficients "
                f"{coefficients} cannot be propagated"
            )


TYPICAL = Spacecraft()


@dataclass(frozen=True, eq=False, kw_only=True)
class NumericalPath:
    """States in GCRF at the integrator's own steps, n times in SI seconds from the epoch."""

    epoch_tai_ns: int
    times_s: Floats
    r_gcrf_m: Floats
    v_gcrf_m_s: Floats

    def states(self, times_s: Floats) -> tuple[Floats, Floats]:
        """Positions and velocities (k, 3) at times inside the path; within 1 mm of its own.

        Raises:
            InputError: a time lies outside the path.
        """
        first_s, last_s = self.times_s[0], self.times_s[-1]
        if len(times_s) and not (times_s.min() >= first_s and times_s.max() <= last_s):
            raise InputError(
                f"a path from {first_s:g} s to {last_s:g} s does not reach "
                f"{times_s.min():g} s to {times_s.max():g} s"
            )
        found = ephemeris_states(
            np.ascontiguousarray(times_s, np.float64), self.times_s, self.r_gcrf_m,
            self.v_gcrf_m_s, 0, len(self.times_s), _DEGREE_BETWEEN_NODES, HERMITE,
        )  # fmt: skip
        return found[:, :3].copy(), found[:, 3:].copy()


def numerical_path(
    tai_ns: int,
    r_gcrf_m: Floats,
    v_gcrf_m_s: Floats,
    *,
    from_s: float,
    until_s: float,
    spacecraft: Spacecraft = TYPICAL,
    on_progress: Callable[[float], None] | None = None,
) -> NumericalPath:
    """The path through one state at `tai_ns`, from `from_s` to `until_s` seconds from then.

    Raises:
        InputError: as `numerical_paths`.
    """
    return numerical_paths(
        tai_ns, r_gcrf_m[None], v_gcrf_m_s[None],
        from_s=from_s, until_s=until_s, spacecraft=spacecraft, on_progress=on_progress,
    )[0]  # fmt: skip


def numerical_paths(
    tai_ns: int,
    r_gcrf_m: Floats,
    v_gcrf_m_s: Floats,
    *,
    from_s: float,
    until_s: float,
    spacecraft: Spacecraft = TYPICAL,
    on_progress: Callable[[float], None] | None = None,
) -> list[NumericalPath]:
    """The paths through k states (k, 3) at one instant, integrated side by side.

    The span must hold zero, the instant itself. Earth: EGM2008 to degree and order 20; Sun
    and Moon: points at positions of low precision (within 0.1 % of the truth).

    Raises:
        InputError: a span without its own epoch, or a path below 100 km height.
    """
    _refuse_span(from_s, until_s)
    states = np.column_stack([r_gcrf_m, v_gcrf_m_s])
    return _paths(tai_ns, states, (from_s, until_s), _forces(spacecraft), on_progress or _unheard)


def swift_paths(
    tai_ns: int,
    r_gcrf_m: Floats,
    v_gcrf_m_s: Floats,
    *,
    from_s: float,
    until_s: float,
    spacecraft: Spacecraft = TYPICAL,
    on_progress: Callable[[float], None] | None = None,
) -> list[NumericalPath]:
    """As `numerical_paths` at a tenth of the cost, for what is learnt from paths side by side.

    The Earth's axis keeps the direction that it has in the middle of the span: 5 m in low
    orbit after three days. Sun and Moon stand where precession since 2000 puts them (0.14
    degrees off in 2025), which tells high up: 82 m in geosynchronous orbit, 127 m on a long
    ellipse. Two paths of this kind differ as two of the other do.

    Raises:
        InputError: as `numerical_paths`.
    """
    import brahe

    _refuse_span(from_s, until_s)
    forces = _forces(spacecraft)
    turning_only: Any = brahe.FrameTransformationModel.EARTH_ROTATION_ONLY
    forces.frame_transform = turning_only
    _settle_orientation()
    middle = _instant(tai_ns) + 0.5 * (from_s + until_s)
    dcm_date_gcrf = np.asarray(brahe.bias_precession_nutation(middle))
    states = np.column_stack([r_gcrf_m @ dcm_date_gcrf.T, v_gcrf_m_s @ dcm_date_gcrf.T])
    found = _paths(tai_ns, states, (from_s, until_s), forces, on_progress or _unheard)
    return [
        replace(
            path, r_gcrf_m=path.r_gcrf_m @ dcm_date_gcrf, v_gcrf_m_s=path.v_gcrf_m_s @ dcm_date_gcrf
        )
        for path in found
    ]


def _unheard(share: float) -> None:
    """Where nobody asks how far it is."""


def _refuse_span(from_s: float, until_s: float) -> None:
    if not from_s <= 0.0 <= until_s or from_s == until_s:
        raise InputError(f"a span must hold zero, not go from {from_s:g} s to {until_s:g} s")


def _paths(
    tai_ns: int,
    states: Floats,
    span_s: tuple[float, float],
    forces: Any,
    on_progress: Callable[[float], None],
) -> list[NumericalPath]:
    _refuse_low(states)
    from_s, until_s = span_s
    share = until_s / (until_s - from_s)
    after = _integrated(tai_ns, states, until_s, forces, lambda done: on_progress(share * done))
    before = _integrated(
        tai_ns, states, from_s, forces, lambda done: on_progress(share + (1.0 - share) * done)
    )
    return [_joined(tai_ns, *early, *late) for early, late in zip(before, after, strict=True)]


def _joined(
    tai_ns: int, early_s: Floats, early: Floats, late_s: Floats, late: Floats
) -> NumericalPath:
    states = np.concatenate([early[:-1], late])
    _refuse_low(states)
    return NumericalPath(
        epoch_tai_ns=tai_ns,
        times_s=np.concatenate([early_s[:-1], late_s]),
        r_gcrf_m=states[:, :3].copy(),
        v_gcrf_m_s=states[:, 3:].copy(),
    )


def _refuse_low(states: Floats) -> None:
    lowest_m = np.linalg.norm(states[:, :3], axis=1).min()
    if not lowest_m >= LOWEST_M:
        raise InputError(
            f"the path comes down to {lowest_m / 1e3:,.0f} km from the Earth's centre; "
            f"below {LOWEST_M / 1e3:,.0f} km there is no model of the air"
        )


def _integrated(
    tai_ns: int, states: Floats, span_s: float, forces: Any, on_progress: Callable[[float], None]
) -> list[tuple[Floats, Floats]]:
    """Times (ascending, zero among them) and states of each path over a span to one side."""
    import brahe

    if span_s == 0.0:
        return [(np.zeros(1), state[None]) for state in states]
    _settle_orientation()
    start, integration = _instant(tai_ns), _integration()
    running = [
        brahe.NumericalOrbitPropagator(start, state, integration, forces, None) for state in states
    ]
    pieces = math.ceil(abs(span_s) / _AT_ONCE_S)
    for piece in range(1, pieces + 1):
        brahe.par_propagate_to(running, start + span_s * piece / pieces)
        on_progress(piece / pieces)
    return [_steps(one.trajectory, start) for one in running]


def _settle_orientation() -> None:
    import brahe

    if not brahe.get_global_eop_initialization():
        brahe.set_global_eop_provider_from_static_provider(brahe.StaticEOPProvider.from_zero())


def _instant(tai_ns: int) -> Any:
    import brahe

    day, within_ns = divmod(tai_ns, _DAY_NS)
    midnight: Any = brahe.Epoch.from_mjd(float(_MJD_1970 + day), brahe.TAI)
    return midnight + within_ns / NANOSECONDS


def _steps(trajectory: Any, start: Any) -> tuple[Floats, Floats]:
    """In ascending order, as brahe keeps them whichever way it went."""
    times_s = np.array([epoch - start for epoch in trajectory.epochs()])
    states = np.asarray(trajectory.to_matrix())
    kept = np.append(np.diff(times_s) >= _NODES_APART_S, [True])
    kept[0] = True
    return times_s[kept], states[kept]


def _integration() -> Any:
    import brahe

    # Not RKN1210, brahe's own high precision: that method is for forces without velocity, and
    # with drag it is 100 m off after a day, in silence.
    runge_kutta_fehlberg: Any = brahe.IntegrationMethod.RKF78
    method = brahe.NumericalPropagationConfig.with_method(runge_kutta_fehlberg)
    return method.with_abs_tol(_ABSOLUTE).with_rel_tol(_RELATIVE)


def _forces(spacecraft: Spacecraft) -> Any:
    import brahe

    # brahe's stub takes members of its enumerations for functions.
    air: Any = brahe.AtmosphericModel.HARRIS_PRIESTER
    shadow: Any = brahe.EclipseModel.CONICAL
    low_precision: Any = brahe.EphemerisSource.LowPrecision  # the others are downloaded
    bodies: Sequence[Any] = (brahe.ThirdBody.SUN, brahe.ThirdBody.MOON)
    area = brahe.ParameterSource.value(spacecraft.area_m2)
    drag = brahe.DragConfiguration(
        model=air,
        area=area,
        cd=brahe.ParameterSource.value(spacecraft.drag_coefficient),
    )
    light = brahe.SolarRadiationPressureConfiguration(
        area=area,
        cr=brahe.ParameterSource.value(spacecraft.light_coefficient),
        eclipse_model=shadow,
    )
    return brahe.ForceModelConfig(
        gravity=brahe.GravityConfiguration(degree=DEGREE, order=DEGREE),
        third_body=[brahe.ThirdBodyConfiguration(body, low_precision) for body in bodies],
        drag=drag,
        srp=light,
        mass=brahe.ParameterSource.value(spacecraft.mass_kg),
    )
