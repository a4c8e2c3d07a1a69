"""SGP4 for whole catalogues: near Earth and deep space, one object after another.

Agrees with the reference implementation (`sgp4` on PyPI, same mode) to below 1 mm for a week
either side of epoch, and in every error number; times are elapsed SI seconds, so that a leap
second moves nothing. Where SGP4 multiplies rounding itself, so do both: above an eccentricity
of 0.95, in deep space within 1 degree of an inclination of 180, and years from epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.sgp4_kernel import propagate_all, propagate_each
from skypact.astro.sgp4_resonance import start_resonance
from skypact.astro.sgp4_terms import MeanElements, Mode, sgp4_terms
from skypact.astro.time import seconds_since, tai_ns_from_utc
from skypact.base.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]

_FARTHEST_S = 8e9  # 1957 to 2200: no epoch and no origin are farther from a time than that
_EPOCH_1950 = np.datetime64("1949-12-31", "ns")


@dataclass(frozen=True, eq=False)
class Sgp4:
    """Element sets made ready to propagate.

    `terms` has one row per element set; `epoch_s` are their epochs in SI seconds from
    `origin_tai_ns`, the zero of every time that this model is given.
    """

    terms: Floats
    epoch_s: Floats
    origin_tai_ns: int
    mode: Mode

    @property
    def keep_nodes_positive(self) -> bool:
        """Whether nodes are kept positive as the catalogue's own software does (mode `a`)."""
        return self.mode == "a"


class States(NamedTuple):
    """TEME states: r and v of shape (object, time, 3), error numbers of shape (object, time).

    Errors are the reference implementation's: 0 none, 1 mean eccentricity, 2 mean motion,
    3 perturbed eccentricity, 4 semilatus rectum (all four: NaN), 6 decayed (state kept).
    """

    r_teme_m: Floats
    v_teme_m_s: Floats
    error: npt.NDArray[np.int8]


def sgp4_model(elements: Elements, *, origin_tai_ns: int, mode: Mode = "a") -> Sgp4:
    """SGP4 for these element sets, with times counted from `origin_tai_ns`.

    Raises:
        InputError: an epoch lies outside 1957..2200.
    """
    days = (elements.epoch_utc - _EPOCH_1950).astype(np.int64) / 86_400e9
    mean = MeanElements(
        epoch_days=days,
        mean_motion_rad_min=elements.mean_motion_rad_s * 60.0,
        eccentricity=elements.eccentricity,
        inclination_rad=elements.inclination_rad,
        raan_rad=elements.raan_rad,
        argument_of_perigee_rad=elements.argument_of_perigee_rad,
        mean_anomaly_rad=elements.mean_anomaly_rad,
        bstar_per_earth_radius=elements.bstar_per_earth_radius,
    )
    epoch_s = seconds_since(tai_ns_from_utc(elements.epoch_utc), origin_tai_ns)
    return Sgp4(sgp4_terms(mean, mode), epoch_s, origin_tai_ns, mode)


def start_near(model: Sgp4, from_s: float, until_s: float) -> Sgp4:
    """The same model, faster from `from_s` to `until_s` and equal everywhere, to the last bit.

    Resonant orbits are integrated from their epoch in steps of 720 minutes; this one keeps
    the node from which the span can be reached.

    Raises:
        InputError: the span lies more than 8e9 s from the model's origin.
    """
    _refuse_far(np.array([from_s, until_s]))
    nearest_s = np.clip(model.epoch_s, from_s, until_s)
    terms = model.terms.copy()
    start_resonance(terms, (nearest_s - model.epoch_s) / 60.0)
    return replace(model, terms=terms)


def propagate(model: Sgp4, times_s: Floats, *, out: States | None = None) -> States:
    """States of every object at every time (SI seconds from the model's origin).

    `out` takes the states of an earlier call of the same shape: fresh memory for a large
    result costs several times as much as computing it. Times may come in any order and
    number; the same time gives the same bits. NaN gives NaN and error 4.

    Raises:
        InputError: a time lies more than 8e9 s from the origin, or `out` has another shape.
    """
    _refuse_far(times_s)
    shape = (len(model.terms), len(times_s))
    if out and (out.r_teme_m.shape, out.v_teme_m_s.shape, out.error.shape) != (
        (*shape, 3),
        (*shape, 3),
        shape,
    ):
        raise InputError(f"states of shape {shape} do not fit into an `out` of {out.error.shape}")
    states = out or States(np.empty((*shape, 3)), np.empty((*shape, 3)), np.empty(shape, np.int8))
    times_s = np.ascontiguousarray(times_s, np.float64)
    propagate_all(model.terms, model.epoch_s, times_s, model.keep_nodes_positive, *states)
    return states


def propagate_rows(
    model: Sgp4, rows: npt.NDArray[np.int64], times_s: Floats
) -> tuple[Floats, Floats, npt.NDArray[np.int8]]:
    """TEME states of element set `rows[i]` at `times_s[i]`: r and v of shape (n, 3), errors (n,).

    Times and errors as for `propagate`, and the same bits. Sets may stand in any order; those
    of one set are computed together.

    Raises:
        InputError: a time lies more than 8e9 s from the origin, or a row is not in the model.
    """
    _refuse_far(times_s)
    if len(rows) and not 0 <= rows.min() <= rows.max() < len(model.terms):
        found = f"{rows.min()} to {rows.max()}"
        raise InputError(f"the model has rows 0 to {len(model.terms) - 1}, not {found}")
    order = np.argsort(rows, kind="stable")
    r_m, v_m_s = np.empty((len(rows), 3)), np.empty((len(rows), 3))
    error = np.empty(len(rows), np.int8)
    sorted_rows, sorted_times_s = rows[order], times_s[order]
    propagate_each(
        model.terms, model.epoch_s, sorted_rows, sorted_times_s, model.keep_nodes_positive,
        r_m, v_m_s, error,
    )  # fmt: skip
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return r_m[back], v_m_s[back], error[back]


def _refuse_far(times_s: Floats) -> None:
    """Resonant orbits are integrated step by step: an infinite time would never come back."""
    far = np.abs(times_s) > _FARTHEST_S
    if far.any():
        raise InputError(
            f"a time must lie within {_FARTHEST_S:g} s of the model's origin, "
            f"not at {np.asarray(times_s)[far][0]:g} s"
        )
