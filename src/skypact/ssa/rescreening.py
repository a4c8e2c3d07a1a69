"""Screening again after some objects have new elements, without redoing the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from skypact.astro.time import NANOSECONDS, parse_utc, tai_ns_from_utc
from skypact.base.errors import InputError
from skypact.ssa.companions import NOTHING_EXCLUDED, Exclusions
from skypact.ssa.plan import DAY_S, plan
from skypact.ssa.report import in_order, regroup
from skypact.ssa.screening import carry_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from skypact.records.conjunctions import Certificate, Conjunctions, Screening
    from skypact.records.elements import Elements
    from skypact.ssa.plan import Plan
    from skypact.ssa.trajectory import Trajectory
    from skypact.ssa.volumes import Volume

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


def rescreen(
    before: Screening,
    elements: Elements,
    changed: Iterable[int],
    *,
    volumes: Volume | Mapping[int, Volume] | None = None,
    primaries: Iterable[int] | None = None,
    trajectories: Sequence[Trajectory] = (),
    exclude: Exclusions = NOTHING_EXCLUDED,
    threads: int | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Screening:
    """What `screen` would find in `elements`, given what it found before.

    `elements` is the whole catalogue as it is now; it differs from that of `before` only in
    the objects `changed` (catalogue numbers; new, gone or with other sets). Window,
    thresholds and mode are those of `before`; the other arguments must be repeated as they
    were. Only pairs with a changed object are computed. The certificate has the larger of
    the two bounds and counts the new work.

    Raises:
        InputError: as `screen`; or docked objects were left out, which cannot be undone, or
            the epoch of an unchanged object's elements is another now (that nothing else
            of it changed is the caller's word).
    """
    if exclude.docked:
        raise InputError("screen with docked objects, and leave them out of the rows afterwards")
    wanted = np.array(sorted({int(norad_id) for norad_id in changed}), np.int64)
    settled = plan_again(before.certificate, elements, volumes, primaries, trajectories, exclude)
    again = carry_out(
        settled,
        np.isin(settled.tracks.object_key, wanted),
        threads=threads,
        on_progress=on_progress,
    )
    kept = _untouched(before.conjunctions, elements, wanted)
    rows = regroup(settled, in_order(_merged(kept, again.conjunctions)))
    certificate = _certificate(before.certificate, again.certificate, len(rows))
    return replace(again, conjunctions=rows, certificate=certificate)


def plan_again(
    certificate: Certificate,
    elements: Elements,
    volumes: Volume | Mapping[int, Volume] | None,
    primaries: Iterable[int] | None,
    trajectories: Sequence[Trajectory],
    exclude: Exclusions,
) -> Plan:
    """The plan of a screening that has a certificate, for these elements."""
    return plan(
        elements,
        start_utc=parse_utc(certificate.start_utc)[0],
        days=certificate.duration_s / DAY_S,
        miss_m=certificate.thresholds_m,
        volumes=volumes,
        primaries=primaries,
        trajectories=trajectories,
        exclude=exclude,
        mode="i" if certificate.sgp4_mode == "i" else "a",
    )


def _untouched(rows: Conjunctions, elements: Elements, changed: Integers) -> Conjunctions:
    """The rows between unchanged objects, pointing at the element sets where they stand now."""
    rows = rows[
        ~(np.isin(rows.primary_norad_id, changed) | np.isin(rows.secondary_norad_id, changed))
    ]
    tca_ns = tai_ns_from_utc(rows.tca_utc, in_leap_second=rows.tca_in_leap_second)
    return replace(
        rows,
        primary_elements=_where_now(
            elements, rows.primary_norad_id, rows.primary_elements, tca_ns, rows.primary_age_s
        ),
        secondary_elements=_where_now(
            elements, rows.secondary_norad_id, rows.secondary_elements, tca_ns, rows.secondary_age_s
        ),
    )


_MS_BITS = 43  # hold 270 years of milliseconds


def _where_now(
    elements: Elements, norad_id: Integers, before: Integers, tca_ns: Integers, age_s: Floats
) -> Integers:
    """Row of each element set in `elements`, found by its object and epoch."""
    sets = before >= 0
    objects = np.unique(elements.norad_id)
    earliest_ns = tai_ns_from_utc(np.array(["1957-01-01"], "M8[ns]"))[0]

    def key(ids: Integers, epoch_ns: Integers) -> Integers:
        milliseconds: Integers = (epoch_ns - earliest_ns) // 1_000_000
        return (np.searchsorted(objects, ids) << _MS_BITS) + milliseconds

    now = key(elements.norad_id, tai_ns_from_utc(elements.epoch_utc))
    order = np.argsort(now, kind="stable")
    epoch_ns = tca_ns[sets] - np.round(age_s[sets] * NANOSECONDS).astype(np.int64)
    wanted = key(norad_id[sets], epoch_ns)
    # An age in seconds gives the epoch back to a fraction of a microsecond.
    at = np.minimum(np.searchsorted(now[order], wanted - 1), len(order) - 1)
    row = order[at]
    strange = (np.abs(now[row] - wanted) > 1) | (elements.norad_id[row] != norad_id[sets])
    if strange.any():
        raise InputError(
            f"object {norad_id[sets][strange][0]} has other elements than before "
            "but is not among the changed ones"
        )
    found = before.copy()
    found[sets] = row
    return found


def _merged(first: Conjunctions, second: Conjunctions) -> Conjunctions:
    columns = second.columns()
    joined = {
        name: np.concatenate([values, columns[name]]) for name, values in first.columns().items()
    }
    return replace(second, **joined)  # type: ignore[arg-type]


def _certificate(before: Certificate, again: Certificate, rows: int) -> Certificate:
    bounds = {
        name: max(getattr(before, name), getattr(again, name))
        for name in (
            "largest_interpolation_error_bound_m", "largest_acceleration_bound_m_s2",
            "largest_relative_speed_bound_m_s", "rounding_bound_m",
        )
    }  # fmt: skip
    counts = {name: before.counts.get(name, 0) + count for name, count in again.counts.items()}
    return msgspec.structs.replace(again, **bounds, counts={**counts, "rows": rows})
