"""One's own screening as conjunction messages, so that it joins what others say of an approach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from skypact.astro.time import utc_from_tai_ns, utc_text
from skypact.records.conjunction_messages import ConjunctionMessage, ConjunctionParty, Vector
from skypact.ssa.published_element_errors import published_element_errors
from skypact.ssa.screening_risk import screening_encounters

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.conjunctions import Conjunctions
    from skypact.records.elements import Elements

    Floats = npt.NDArray[np.float64]

ORIGINATOR = "SKYPACT SCREENING"


def screening_messages(
    conjunctions: Conjunctions, elements: Elements, *, created_tai_ns: int, mode: Mode = "a"
) -> tuple[ConjunctionMessage, ...]:
    """Each row as a message of its own, states in TEME, for `events.group` and `assess`.

    `elements` are those that were screened, in the same order; `created_tai_ns` is when. The
    messages have no covariance and no probability, because public elements have none: by
    themselves such events are UNKNOWN, in the order of their miss. An object that flies an
    ephemeris has a state of NaN; its miss is the row's.
    """
    found = screening_encounters(
        conjunctions, elements, errors=published_element_errors(), radii_m={}, mode=mode
    ).encounters
    marks = msgspec.structs.replace(conjunctions.marks, originator=ORIGINATOR)
    misses_m = np.stack(
        [conjunctions.miss_radial_m, conjunctions.miss_transverse_m, conjunctions.miss_normal_m],
        axis=1,
    )
    primaries = _parties(
        conjunctions.primary_norad_id, conjunctions.primary_name, found.r1_m, found.v1_m_s
    )
    secondaries = _parties(
        conjunctions.secondary_norad_id, conjunctions.secondary_name, found.r2_m, found.v2_m_s
    )
    made = _utc(created_tai_ns)
    return tuple(
        ConjunctionMessage(
            message_id=f"{first.designator}-{second.designator}-{_utc(tca_tai_ns)}-{made}",
            originator=ORIGINATOR,
            created_tai_ns=created_tai_ns,
            tca_tai_ns=tca_tai_ns,
            miss_distance_m=float(conjunctions.miss_distance_m[row]),
            relative_speed_m_s=float(conjunctions.relative_speed_m_s[row]),
            relative_position_rtn_m=_vector(misses_m[row]),
            primary=first,
            secondary=second,
            marks=marks,
        )
        for row, (first, second, tca_tai_ns) in enumerate(
            zip(primaries, secondaries, found.tca_tai_ns.tolist(), strict=True)
        )
    )


def _parties(
    norad_id: npt.NDArray[np.int64],
    name: npt.NDArray[np.str_],
    r_m: Floats,
    v_m_s: Floats,
) -> list[ConjunctionParty]:
    return [
        ConjunctionParty(
            designator=str(number) if number > 0 else "UNKNOWN",
            name=str(name[row]),
            catalog="SATCAT",
            international_designator="UNKNOWN",
            frame="TEME",
            r_m=_vector(r_m[row]),
            v_m_s=_vector(v_m_s[row]),
        )
        for row, number in enumerate(norad_id.tolist())
    ]


def _vector(values: Floats) -> Vector:
    x, y, z = values.tolist()
    return x, y, z


def _utc(tai_ns: int) -> str:
    utc, leap = utc_from_tai_ns(np.array([tai_ns]))
    return utc_text(utc[0], in_leap_second=bool(leap[0]), decimals=3)
