"""Which small burn settles a conjunction without making another: the trade space of a threat.

Every candidate is followed from its burn to the end of the window, held against the threat
with its covariances and the burn's own error, and screened against the whole catalogue. What
is done to compare like with like is in docs/explanation/avoidance.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skypact.astro.numerical import TYPICAL, Spacecraft
from skypact.astro.time import NANOSECONDS, utc_from_tai_ns, utc_text
from skypact.base.errors import InputError
from skypact.base.table import TEXT
from skypact.records.encounters import Encounters
from skypact.records.ephemeris import NO_COVARIANCES, Ephemeris, EphemerisSegment
from skypact.records.manoeuvres import Manoeuvre
from skypact.records.marks import Marks, one_data_mode
from skypact.ssa.avoidance_others import Others, others_of
from skypact.ssa.avoidance_paths import (
    BETWEEN_NODES,
    Approach,
    Path,
    Unburnt,
    after_burn,
    at_burn,
    closest,
    dense_states,
    integrated_after_burn,
    spread_rtn,
    unburnt,
)
from skypact.ssa.burns import TYPICAL_ERROR, UNCONSTRAINED, refusals
from skypact.ssa.covariance import dcm_inertial_from_rtn, rotated_covariances
from skypact.ssa.trade_space import DO_NOTHING, EVALUATED, REFUSED, TradeSpace
from skypact.ssa.validity import planar_checks, planar_validity
from skypact.ssa.volumes import Volume, sphere

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from skypact.astro.sgp4_terms import Mode
    from skypact.records.conjunction_messages import Vector
    from skypact.records.elements import Elements, Text
    from skypact.ssa.burns import Burns, Constraints, ExecutionError
    from skypact.ssa.threats import Threat

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

KEEP_OUT = sphere(1000.0, source="Skypact: about the error of public element sets in low orbit")
# Of the progress that is reported: the paths without a burn, then those with one.
_UNBURNT_SHARE, _BURNT_SHARE = 0.1, 0.1
_PATHS_SHARE = _UNBURNT_SHARE + _BURNT_SHARE


@dataclass(frozen=True, eq=False, kw_only=True)
class Avoidance:
    """A threat's trade space, and the paths behind it."""

    threat: Threat
    burns: Burns
    space: TradeSpace
    nominal: Unburnt

    def ephemeris(self, row: int) -> Ephemeris:
        """The primary's states in GCRF on the option's way, to hand to a partner.

        From the first allowed burn of the trade space to the end of its window, in a segment
        before the option's burn and one after, integrated afresh whatever the burn.

        Raises:
            InputError: as `numerical_paths`.
        """
        whole = self.nominal.primary
        if row == 0:
            return _ephemeris(self, [whole], "no burn")
        burn = row - 1
        dv_rtn_m_s, tai_ns = self.burns.dv_rtn_m_s[burn], int(self.burns.tai_ns[burn])
        at = self.nominal.row_of(tai_ns)
        after = integrated_after_burn(self.nominal, at, dv_rtn_m_s)
        before = Path(
            first_row=0, r_gcrf_m=whole.r_gcrf_m[: at + 1], v_gcrf_m_s=whole.v_gcrf_m_s[: at + 1]
        )
        dv = ", ".join(f"{part:+.4f}" for part in dv_rtn_m_s + 0.0)
        when = utc_text(utc_from_tai_ns(np.array([tai_ns]))[0][0])
        words = f"impulse of ({dv}) m/s radial, transverse, normal on {when}"
        return _ephemeris(self, [before, after] if at else [after], words)

    def manoeuvre(self, row: int) -> Manoeuvre:
        """The burn of an option, and the state that it starts from.

        Raises:
            InputError: row 0, which is no burn.
        """
        if row == 0:
            raise InputError("doing nothing has no manoeuvre")
        dv_rtn_m_s = self.burns.dv_rtn_m_s[row - 1]
        tai_ns = int(self.burns.tai_ns[row - 1])
        r_m, v_m_s, dv_m_s = at_burn(self.nominal, self.nominal.row_of(tai_ns), dv_rtn_m_s)
        return Manoeuvre(
            object_name=self.threat.primary_name,
            object_id=self.threat.primary_object_id,
            tai_ns=tai_ns,
            r_gcrf_m=_vector(r_m),
            v_gcrf_m_s=_vector(v_m_s),
            dv_gcrf_m_s=_vector(dv_m_s),
            dv_rtn_m_s=_vector(dv_rtn_m_s),
            marks=self.space.marks,
        )


def _vector(values: Floats) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


class Probabilities(NamedTuple):
    """Probabilities (n,), NaN where unknown, and why each may not be relied on (empty: it may)."""

    probability: Floats
    concerns: Sequence[str]


def planar_probabilities(encounters: Encounters) -> Probabilities:
    """2D-Pc in the encounter plane, with the conditions of `validity.planar_validity`."""
    found = planar_validity(encounters)
    concerns = []
    for row in range(len(encounters)):
        failed = [check for check in planar_checks(found, row) if check.is_met is False]
        told = ", ".join(f"{check.name} {check.found}" for check in failed)
        concerns.append(f"2D-Pc does not hold: {told}" if failed else "")
    return Probabilities(found.probability, concerns)


def plan_avoidance(  # noqa: PLR0913
    threat: Threat,
    burns: Burns,
    elements: Elements,
    *,
    days: float = 3.0,
    constraints: Constraints = UNCONSTRAINED,
    execution: ExecutionError = TYPICAL_ERROR,
    spacecraft: Spacecraft = TYPICAL,
    keep_out: Volume = KEEP_OUT,
    probability: Callable[[Encounters], Probabilities] = planar_probabilities,
    mode: Mode = "a",
    threads: int | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Avoidance:
    """What doing nothing and every burn would lead to, within `days` of the first burn.

    `elements` is the catalogue that all other objects are taken from; sets of the threat's
    own two objects in it are left aside, for their states at TCA are known better. A burn
    that `constraints` forbid stays in the table, refused, with the reason. `probability`
    computes on `Encounters`, and says of each what speaks against its number.

    Raises:
        InputError: as `unburnt` and `screening.screen`.
    """
    one_data_mode(threat.marks, elements.marks)  # before minutes of computing
    report = on_progress or _unheard
    reasons = refusals(burns, constraints, threat.tca_tai_ns)
    allowed = np.flatnonzero(reasons == "")
    nominal = unburnt(
        threat.tca_tai_ns,
        threat.state1_gcrf,
        threat.state2_gcrf,
        burns_tai_ns=burns.tai_ns[allowed],
        days=days,
        spacecraft=spacecraft,
        on_progress=lambda share: report(_UNBURNT_SHARE * share),
    )
    paths, integrated = _paths(
        nominal, burns, allowed, lambda share: report(_UNBURNT_SHARE + _BURNT_SHARE * share)
    )
    approaches = [closest(nominal, path) for path in paths]
    encounters = _encounters(threat, nominal, burns, allowed, execution, approaches)
    others = others_of(
        threat, nominal, paths, elements, keep_out=keep_out, mode=mode, threads=threads,
        on_progress=lambda share: report(_PATHS_SHARE + (1.0 - _PATHS_SHARE) * share),
    )  # fmt: skip
    rows = np.concatenate([[0], allowed + 1])
    space = _space(
        threat, burns, reasons, rows, elements,
        probabilities=probability(encounters), integrated=integrated,
         encounters=encounters, others=others,
    )  # fmt: skip
    return Avoidance(threat=threat, burns=burns, space=space, nominal=nominal)


def _unheard(share: float) -> None:
    """Where nobody asks how far it is."""


def _paths(
    nominal: Unburnt,
    burns: Burns,
    allowed: Integers,
    on_progress: Callable[[float], None],
) -> tuple[list[Path], list[bool]]:
    """The primary's path without a burn, then after each that is allowed."""
    found = [(nominal.primary, False)]
    for done, burn in enumerate(allowed):
        row = nominal.row_of(int(burns.tai_ns[burn]))
        found.append(after_burn(nominal, row, burns.dv_rtn_m_s[burn]))
        on_progress((done + 1) / len(allowed))
    return [path for path, _ in found], [integrated for _, integrated in found]


def _encounters(
    threat: Threat,
    nominal: Unburnt,
    burns: Burns,
    allowed: Integers,
    execution: ExecutionError,
    approaches: list[Approach],
) -> Encounters:
    """The threat after each option: states where they are closest, covariances turned there.

    The error of the burn, carried along, is added to the primary's covariance.
    """
    state1 = np.array([approach.state1_gcrf for approach in approaches])
    state2 = np.array([approach.state2_gcrf for approach in approaches])
    dcm1 = dcm_inertial_from_rtn(state1[:, :3], state1[:, 3:])
    dcm2 = dcm_inertial_from_rtn(state2[:, :3], state2[:, 3:])
    rtn1 = np.tile(threat.covariance1_rtn, (len(approaches), 1, 1))
    spread = execution.covariances(burns.dv_rtn_m_s)
    for option, burn in enumerate(allowed, start=1):
        row = nominal.row_of(int(burns.tai_ns[burn]))
        rtn1[option] += spread_rtn(
            nominal, row, burns.dv_rtn_m_s[burn], spread[burn], approaches[option].at_s
        )
    rtn2 = np.tile(threat.covariance2_rtn, (len(approaches), 1, 1))
    at_ns = np.rint([approach.at_s * NANOSECONDS for approach in approaches]).astype(np.int64)
    turn1, turn2 = _sixfold(dcm1), _sixfold(dcm2)
    return Encounters(
        tca_tai_ns=threat.tca_tai_ns + at_ns,
        r1_m=state1[:, :3].copy(),
        v1_m_s=state1[:, 3:].copy(),
        r2_m=state2[:, :3].copy(),
        v2_m_s=state2[:, 3:].copy(),
        covariances1=rotated_covariances(rtn1, dcm1),
        covariances2=rotated_covariances(rtn2, dcm2),
        cross_covariances=turn1 @ threat.cross_covariance_rtn @ turn2.transpose(0, 2, 1),
        hard_body_radius_m=np.full(len(approaches), threat.hard_body_radius_m),
    )


def _sixfold(dcm: Floats) -> Floats:
    turn = np.zeros((len(dcm), 6, 6))
    turn[:, :3, :3], turn[:, 3:, 3:] = dcm, dcm
    return turn


def _space(
    threat: Threat,
    burns: Burns,
    reasons: Text,
    rows: Integers,
    elements: Elements,
    *,
    probabilities: Probabilities,
    integrated: list[bool],
    encounters: Encounters,
    others: Others,
) -> TradeSpace:
    count = len(burns) + 1

    def spread_out(values: npt.ArrayLike, fill: object) -> Any:
        values = np.asarray(values)
        out = np.full(count, fill, values.dtype)
        out[rows] = values
        return out

    dv = np.vstack([np.zeros(3), burns.dv_rtn_m_s])
    status = np.full(count, REFUSED, TEXT)
    status[rows] = EVALUATED
    status[0] = DO_NOTHING
    concerns = np.array(probabilities.concerns, TEXT)
    reason = np.concatenate([np.array([""], TEXT), reasons])
    reason[rows] = concerns
    burn_utc = np.concatenate([[np.datetime64("NaT", "ns")], utc_from_tai_ns(burns.tai_ns)[0]])
    miss_m = encounters.r2_m - encounters.r1_m
    dcm = dcm_inertial_from_rtn(encounters.r1_m, encounters.v1_m_s)
    miss_rtn_m = np.einsum("nji,nj->ni", dcm, miss_m)
    nat = np.datetime64("NaT", "ns")
    return TradeSpace(
        marks=Marks(
            originator="Skypact",
            source=f"avoidance planned with {elements.marks.source} from {threat.marks.source}",
            data_mode=one_data_mode(threat.marks, elements.marks),
            derived_from=(*threat.marks.derived_from, *elements.marks.derived_from),
        ),
        burn_utc=burn_utc,
        dv_radial_m_s=dv[:, 0].copy(),
        dv_transverse_m_s=dv[:, 1].copy(),
        dv_normal_m_s=dv[:, 2].copy(),
        speed_m_s=np.linalg.norm(dv, axis=1),
        status=status,
        reason=reason,
        collision_probability=spread_out(probabilities.probability, np.nan),
        is_probability_valid=spread_out(
            ~np.isnan(probabilities.probability) & (concerns == ""),
            False,  # noqa: FBT003
        ),
        tca_utc=spread_out(utc_from_tai_ns(encounters.tca_tai_ns)[0], nat),
        miss_m=spread_out(np.linalg.norm(miss_m, axis=1), np.nan),
        miss_radial_m=spread_out(miss_rtn_m[:, 0], np.nan),
        miss_transverse_m=spread_out(miss_rtn_m[:, 1], np.nan),
        miss_normal_m=spread_out(miss_rtn_m[:, 2], np.nan),
        others=spread_out(others.count, -1),
        others_inside=spread_out(others.inside, -1),
        other_norad_id=spread_out(others.norad_id, -1),
        other_name=spread_out(others.name, ""),
        other_utc=spread_out(others.utc, nat),
        other_miss_m=spread_out(others.miss_m, np.nan),
        others_judged_by=np.full(count, others.judged_by, TEXT),
        others_age_s=np.full(count, others.age_s),
        integrated=spread_out(integrated, False),  # noqa: FBT003
    )


def _ephemeris(plan: Avoidance, paths: list[Path], words: str) -> Ephemeris:
    nominal, threat = plan.nominal, plan.threat
    segments, instants, states, first = [], [], [], 0
    for path in paths:
        times_s, path_states = dense_states(nominal, path)
        times = nominal.tca_tai_ns + np.rint(times_s * NANOSECONDS).astype(np.int64)
        segments.append(
            EphemerisSegment(
                first_row=first, stop_row=first + len(times),
                useable_start_tai_ns=int(times[0]), useable_stop_tai_ns=int(times[-1]),
                frame="GCRF", centre="EARTH", interpolation="HERMITE",
                interpolation_degree=BETWEEN_NODES,
            )
        )  # fmt: skip
        instants.append(times)
        states.append(path_states)
        first += len(times)
    together = np.concatenate(states)
    return Ephemeris(
        object_name=threat.primary_name,
        object_id=threat.primary_object_id,
        marks=plan.space.marks,
        time_system="UTC",
        is_placed_in_time=True,
        times_tai_ns=np.concatenate(instants),
        r_m=together[:, :3].copy(),
        v_m_s=together[:, 3:].copy(),
        a_m_s2=None,
        segments=tuple(segments),
        covariances=NO_COVARIANCES,
        comments=(words,),
    )
