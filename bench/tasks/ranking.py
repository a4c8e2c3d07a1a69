"""A day's close approaches ranked: what do probability and level of all of them cost?"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from figures import Figure
from measuring import OURS, timed
from peers.scipy.synthetic_probability import synthetic_probability
from peers.sgp4.propagation import satellites
from setting import SEED

from skypact.ssa.element_errors import element_sigmas
from skypact.ssa.published_element_errors import published_element_errors
from skypact.ssa.screening import screen
from skypact.ssa.screening_risk import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from setting import Setting

    from skypact.records.elements import Elements
    from skypact.records.ranked_conjunctions import RankedConjunctions

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

_SAMPLE = 200
_LEAST = 1e-30
_CLOSE_RATIO = 1e-6  # what a millimetre between the states makes of Pc far out in the tail
_ERRORS = published_element_errors()


def figures(setting: Setting) -> Iterator[Figure]:
    days = setting.effort.windows_days[0]
    found = screen(setting.elements, start_utc=setting.start_utc, days=days, miss_m=5000.0)
    rows = found.conjunctions
    ranked(rows[:1], setting.elements, errors=_ERRORS, radii_m={})  # compiles
    answer, cost = timed(lambda: ranked(rows, setting.elements, errors=_ERRORS, radii_m={}))
    sample = _sample(answer)
    theirs, peer_cost = timed(lambda: _peer(answer, setting.elements, sample))
    ours = answer.collision_probability[sample]
    worst_ratio = float(np.max(np.abs(ours / theirs - 1.0), initial=0.0))
    unknown = int(np.isnan(answer.collision_probability).sum())
    yield Figure(
        task="ranking", what=f"{len(rows):,} rows: states, 2D-Pc, validity, level", who=OURS,
        cpu_s=cost.cpu_s, wall_s=cost.wall_s, states=2 * len(rows), bar="<= 3 CPU-s",
        error=f"relative {worst_ratio:.1e} on {len(sample)} rows; {unknown:,} unknown, told why",
        holds=worst_ratio < _CLOSE_RATIO,
    )  # fmt: skip
    yield Figure(
        task="ranking", what=f"{len(sample)} of these rows: states, 2D-Pc",
        who=f"sgp4, scipy {version('scipy')} quad", cpu_s=peer_cost.cpu_s,
        wall_s=peer_cost.wall_s, states=2 * len(sample), error="the reference", holds=None,
    )  # fmt: skip


def _sample(answer: RankedConjunctions) -> Integers:
    likely = np.flatnonzero(answer.collision_probability > _LEAST)
    chosen = np.random.default_rng(SEED).permutation(likely)[:_SAMPLE]
    return np.sort(chosen)


def _peer(answer: RankedConjunctions, elements: Elements, sample: Integers) -> Floats:
    first, second = answer.primary_elements[sample], answer.secondary_elements[sample]
    sides = [
        (satellites(elements[rows], "a"), element_sigmas(elements[rows], age_s, _ERRORS)[0])
        for rows, age_s in (
            (first, answer.primary_age_s[sample]),
            (second, answer.secondary_age_s[sample]),
        )
    ]
    (ones, one_m), (others, other_m) = sides
    return np.array([
        synthetic_probability(
            (ones[k], others[k]), answer.tca_utc[row], (one_m[k], other_m[k]),
            float(answer.hard_body_radius_m[row]),
        )
        for k, row in enumerate(sample)
    ])  # fmt: skip
