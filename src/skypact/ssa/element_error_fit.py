"""How wrong element sets were, from what later sets of the same objects said."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.sgp4 import propagate_rows, sgp4_model
from skypact.astro.time import seconds_since, tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.base.table import TEXT
from skypact.records.element_errors import ElementErrors
from skypact.records.marks import Marks
from skypact.ssa.covariance import dcm_inertial_from_rtn
from skypact.ssa.element_errors import perigee_heights_m

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.elements import Elements

    Booleans = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

FEWEST_PAIRS = 20
"""With fewer pairs of sets the error at an orbit and age stays unknown."""

_SEVERAL = "several element sets of an object, more than a minute and less than 14 days apart"
_DAY_S = 86_400.0
_AGES_S = tuple(days * _DAY_S for days in (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0))
_PERIGEES_KM = (0.0, 400.0, 600.0, 800.0, 1200.0, 2000.0, 25_000.0, np.inf)
_ECCENTRICITIES = (0.0, 0.1, 1.0)
_SIGMAS_PER_MEDIAN = 1.482602218505602  # of the absolute value of a normal variable
_SOONEST_S = 60.0  # sets that correct one another at one epoch say nothing of age
_TAIL_SIGMAS = 3.0
_MILLISECONDS = 1000


class Differences(NamedTuple):
    """What the older of two sets of one object had wrong at the epoch of the newer.

    `older` and `newer` are rows of the history, of shape (n,); `age_s` the time between their
    epochs; `apart_rtn_m`, of shape (n, 3), older minus newer in the newer's radial, transverse
    and normal axes, NaN where SGP4 fails.
    """

    older: Integers
    newer: Integers
    age_s: Floats
    apart_rtn_m: Floats


def fit_element_errors(history: Elements, *, mode: Mode = "a") -> ElementErrors:
    """One-sigma errors by perigee height, eccentricity and age, from sets of many epochs.

    Each set is compared, once per range of ages up to 14 days, with the first later set of its
    object in that range. A sigma is 1.4826 times the median size of the difference along an
    axis, so that manoeuvres and bad sets widen the tail (`tail_ratio`) and not the sigma. It is
    the error of both sets: were they independent and equally good, a young set's own would be
    smaller by up to a factor of 1.41; that both rest on the same tracking works against that.

    Rows with less than 20 pairs have a sigma of NaN; ranges that no pair falls into have no row.

    Raises:
        InputError: no object has two sets that are more than a minute and less than 14 days
            apart.
    """
    if not len(history):
        raise InputError("a history without element sets says nothing of their errors")
    if len(np.unique(history.norad_id)) == len(history):
        raise InputError(f"a history needs {_SEVERAL}; here is one set per object")
    found = set_differences(history, mode=mode)
    known = np.isfinite(found.apart_rtn_m).all(axis=1)
    if not known.any():
        raise InputError(f"a history needs {_SEVERAL}; here are none that SGP4 can compare")
    return _table(
        history,
        Differences(
            found.older[known], found.newer[known], found.age_s[known], found.apart_rtn_m[known]
        ),
    )


def set_differences(history: Elements, *, mode: Mode = "a") -> Differences:
    """Every set against the first later one of its object in each range of ages."""
    older, newer = _pairs(history)
    origin_tai_ns = int(tai_ns_from_utc(history.epoch_utc[:1])[0])
    model = sgp4_model(history, origin_tai_ns=origin_tai_ns, mode=mode)
    epoch_s = seconds_since(tai_ns_from_utc(history.epoch_utc), origin_tai_ns)
    r_older_m, _, failed = propagate_rows(model, older, epoch_s[newer])
    r_newer_m, v_newer_m_s, failed_too = propagate_rows(model, newer, epoch_s[newer])
    axes = dcm_inertial_from_rtn(r_newer_m, v_newer_m_s)
    apart_rtn_m = np.einsum("nij,ni->nj", axes, r_older_m - r_newer_m)
    apart_rtn_m[(failed != 0) | (failed_too != 0)] = np.nan
    return Differences(older, newer, epoch_s[newer] - epoch_s[older], apart_rtn_m)


def _pairs(history: Elements) -> tuple[Integers, Integers]:
    """Rows of the older and the newer set of each pair."""
    _, number = np.unique(history.norad_id, return_inverse=True)
    since = history.epoch_utc - history.epoch_utc.min()
    epoch_ms = since.astype("m8[ms]").astype(np.int64)
    longest_ms = int(_AGES_S[-1] * _MILLISECONDS)
    # One ascending key for object and epoch, with room for the longest age between objects.
    key_ms = number * (int(epoch_ms.max()) + longest_ms + 1) + epoch_ms
    order = np.argsort(key_ms, kind="stable")
    sorted_ms = key_ms[order]
    older, newer = [], []
    for low_s, high_s in pairwise(_AGES_S):
        least_ms = int(max(low_s, _SOONEST_S) * _MILLISECONDS)
        later = np.searchsorted(sorted_ms, sorted_ms + least_ms)
        there = np.minimum(later, len(order) - 1)
        within = (later < len(order)) & (sorted_ms[there] - sorted_ms < high_s * _MILLISECONDS)
        older.append(order[within])
        newer.append(order[there[within]])
    return np.concatenate(older), np.concatenate(newer)


def _table(history: Elements, found: Differences) -> ElementErrors:
    perigee_m, eccentricity = perigee_heights_m(history), history.eccentricity
    orbits = [
        (perigees_m, eccentricities)
        for eccentricities, perigees_m in product(
            pairwise(_ECCENTRICITIES), pairwise(1e3 * edge for edge in _PERIGEES_KM)
        )
    ]
    rows: list[tuple[tuple[float, ...], _Spread]] = []
    for (low_m, high_m), (least, most) in orbits:
        here = (perigee_m >= low_m) & (perigee_m < high_m)
        here &= (eccentricity >= least) & (eccentricity < most)
        in_orbit = here[found.older]
        for low_s, high_s in pairwise(_AGES_S):
            chosen = in_orbit & (found.age_s >= low_s) & (found.age_s < high_s)
            if chosen.any():
                limits = (low_m, high_m, least, most, 0.0, np.inf, low_s, high_s)
                rows.append((limits, _spread(history, found, chosen)))
    return _columns(history, rows)


class _Spread(NamedTuple):
    sigma_rtn_m: Floats
    pairs: int
    objects: int
    tail_ratio: float


def _spread(history: Elements, found: Differences, chosen: Booleans) -> _Spread:
    apart_m = np.abs(found.apart_rtn_m[chosen])
    pairs = len(apart_m)
    objects = len(np.unique(history.norad_id[found.older[chosen]]))
    if pairs < FEWEST_PAIRS:
        return _Spread(np.full(3, np.nan), pairs, objects, np.nan)
    sigma_m: Floats = _SIGMAS_PER_MEDIAN * np.median(apart_m, axis=0)
    beyond = (apart_m > _TAIL_SIGMAS * sigma_m).any(axis=1)
    return _Spread(sigma_m, pairs, objects, float(beyond.mean()))


def _columns(history: Elements, rows: list[tuple[tuple[float, ...], _Spread]]) -> ElementErrors:
    limits = np.array([limit for limit, _ in rows])
    sigma_m = np.array([spread.sigma_rtn_m for _, spread in rows])
    constant = np.zeros(len(rows))
    names = ("perigee", "eccentricity", "inclination", "age")
    units = ("_m", "", "_rad", "_s")
    ends = [f"{name}_{end}{unit}" for name, unit in zip(names, units, strict=True)
            for end in ("from", "until")]  # fmt: skip
    return ElementErrors(
        marks=_marks(history),
        regime=np.array([_regime(*limit[:3]) for limit, _ in rows], TEXT),
        **dict(zip(ends, limits.T.copy(), strict=True)),
        sigma_radial_m=sigma_m[:, 0].copy(),
        sigma_transverse_m=sigma_m[:, 1].copy(),
        sigma_normal_m=sigma_m[:, 2].copy(),
        growth_radial_m_s=constant,
        growth_transverse_m_s=constant,
        growth_normal_m_s=constant,
        pairs=np.array([spread.pairs for _, spread in rows]),
        objects=np.array([spread.objects for _, spread in rows]),
        tail_ratio=np.array([spread.tail_ratio for _, spread in rows]),
        source=np.full(len(rows), _source(history), TEXT),
        data_mode=np.full(len(rows), history.marks.data_mode.value, TEXT),
    )


def _source(history: Elements) -> str:
    first, last = np.datetime_as_string(
        [history.epoch_utc.min(), history.epoch_utc.max()], unit="D"
    )
    return f"fitted from element sets of {first} to {last}"


def _marks(history: Elements) -> Marks:
    marks = history.marks
    return Marks(originator="Skypact", source=marks.source, data_mode=marks.data_mode,
                 marking=marks.marking)  # fmt: skip


def _regime(low_m: float, high_m: float, least_eccentricity: float) -> str:
    """The orbit in words.

    >>> _regime(400e3, 600e3, 0.0), _regime(25e6, np.inf, 0.1)
    ('perigee 400 to 600 km', 'perigee above 25000 km, eccentric')
    """
    limited = f"{low_m / 1e3:g} to {high_m / 1e3:g} km"
    height = limited if high_m < np.inf else f"above {low_m / 1e3:g} km"
    return f"perigee {height}{', eccentric' if least_eccentricity > 0.0 else ''}"
