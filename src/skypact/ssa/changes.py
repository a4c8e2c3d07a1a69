"""What changed from one catalogue to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.sgp4 import propagate, sgp4_model
from skypact.astro.time import tai_ns_from_utc

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

_PHYSICS = (
    "epoch_utc", "mean_motion_rad_s", "eccentricity", "inclination_rad", "raan_rad",
    "argument_of_perigee_rad", "mean_anomaly_rad", "bstar_per_earth_radius", "ephemeris_type",
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Changes:
    """Catalogue numbers that are new, gone, or whose newest elements changed, ascending.

    `moved_m` has one entry per changed number: how far apart the old and the new elements
    put the object at `at_utc`, the newest epoch of both catalogues; NaN where SGP4 cannot
    follow one of them to there.
    """

    new: Integers
    gone: Integers
    changed: Integers
    moved_m: Floats
    at_utc: np.datetime64


def compare(before: Elements, after: Elements, *, mode: Mode = "a") -> Changes:
    """Compare the newest element set of each object of two catalogues."""
    before, after = _newest(before), _newest(after)
    both, old, new = np.intersect1d(before.norad_id, after.norad_id, return_indices=True)
    before_columns, after_columns = before.columns(), after.columns()
    differs = np.zeros(len(both), np.bool_)
    for name in _PHYSICS:
        differs |= before_columns[name][old] != after_columns[name][new]
    epochs = np.concatenate([before.epoch_utc, after.epoch_utc])
    at_utc = epochs.max() if len(epochs) else np.datetime64("NaT", "ns")
    return Changes(
        new=np.setdiff1d(after.norad_id, both),
        gone=np.setdiff1d(before.norad_id, both),
        changed=both[differs],
        moved_m=_apart_m(before[old[differs]], after[new[differs]], at_utc, mode),
        at_utc=at_utc,
    )


def _newest(elements: Elements) -> Elements:
    """The set with the latest epoch of each object, by number; of equal epochs the last."""
    order = np.lexsort((np.arange(len(elements)), elements.epoch_utc, elements.norad_id))
    numbers = elements.norad_id[order]
    return elements[order[np.append(numbers[1:] != numbers[:-1], True)[: len(numbers)]]]


def _apart_m(before: Elements, after: Elements, at_utc: np.datetime64, mode: Mode) -> Floats:
    if not len(before):
        return np.empty(0)
    origin_tai_ns = int(tai_ns_from_utc(np.array([at_utc]))[0])
    at = [
        propagate(sgp4_model(elements, origin_tai_ns=origin_tai_ns, mode=mode), np.zeros(1))
        for elements in (before, after)
    ]
    apart_m: Floats = np.linalg.norm(at[0].r_teme_m[:, 0] - at[1].r_teme_m[:, 0], axis=1)
    return np.where((at[0].error[:, 0] == 0) & (at[1].error[:, 0] == 0), apart_m, np.nan)
