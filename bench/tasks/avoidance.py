"""500 burns against a whole catalogue for three days: cost, and how exact are their paths?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from figures import Figure
from measuring import OURS, timed

from skypact.astro.sgp4 import propagate, sgp4_model
from skypact.astro.time import tai_ns_from_utc
from skypact.records.encounters import Encounters
from skypact.ssa.avoidance import plan_avoidance
from skypact.ssa.avoidance_paths import after_burn, integrated_after_burn
from skypact.ssa.burns import burn_grid
from skypact.ssa.covariance import dcm_inertial_from_rtn, rotated_covariances
from skypact.ssa.threats import Threat, threat_of_encounter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from setting import Setting

    from skypact.records.elements import Elements
    from skypact.ssa.avoidance import Avoidance

_SPEEDS_M_S = np.array([0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3])
_SIGMA_RTN = np.array([20.0, 200.0, 20.0, 0.2, 0.02, 0.02])
_MISS_M = 60.0
_RADIUS_M = 10.0
_LARGEST_ERROR_M = 100.0
_LARGEST_MISS_ERROR_M = 0.01
_LOW = 1.06e-3  # rad/s, a mean motion at 750 km


def figures(setting: Setting) -> Iterator[Figure]:
    days = setting.effort.burn_days
    middle_s = round(days * 43_200.0)
    tca_utc = setting.start_utc + np.timedelta64(middle_s, "s")
    threat = _threat(setting.elements, tca_utc)
    before_s = np.linspace(0.95 * middle_s, 3600.0, setting.effort.burn_times)
    burns = burn_grid(tca_utc - before_s.astype("m8[s]"), _SPEEDS_M_S)
    first = np.arange(len(burns)) == 0
    plan_avoidance(threat, burns[first], setting.elements, days=days)  # its kernels are compiled
    plan, cost = timed(lambda: plan_avoidance(threat, burns, setting.elements, days=days))
    error_m = _path_error_m(plan)
    miss_error_m = abs(float(plan.space.miss_m[0]) - _MISS_M)
    yield Figure(
        task="avoidance",
        what=f"{len(burns)} burns x {len(setting.elements):,} element sets x {days:g} d",
        who=OURS,
        cpu_s=cost.cpu_s,
        wall_s=cost.wall_s,
        bar="<= 60 s wall on 2 cores; paths within 100 m of the numerical model",
        error=f"paths <= {error_m:.1f} m from a fresh integration; "
        f"the miss without a burn given back to {1e3 * miss_error_m:.2g} mm",
        holds=bool(error_m <= _LARGEST_ERROR_M and miss_error_m <= _LARGEST_MISS_ERROR_M),
    )


def _path_error_m(plan: Avoidance) -> float:
    """Over the largest burns of the first, the middle and the last time, along and against."""
    burns, worst_m = plan.burns, 0.0
    times = np.unique(burns.tai_ns)
    for tai_ns in times[[0, len(times) // 2, -1]]:
        row = plan.nominal.row_of(int(tai_ns))
        for side in (1.0, -1.0):
            dv = np.array([0.0, side * _SPEEDS_M_S[-1], 0.0])
            found, integrated = after_burn(plan.nominal, row, dv)
            if integrated:
                continue
            fresh = integrated_after_burn(plan.nominal, row, dv)
            apart_m = np.linalg.norm(found.r_gcrf_m - fresh.r_gcrf_m, axis=1).max()
            worst_m = max(worst_m, float(apart_m))
    return worst_m


def _threat(elements: Elements, tca_utc: np.datetime64) -> Threat:
    """The object nearest to 750 km height, met at right angles by one that is made up."""
    tca_tai_ns = tai_ns_from_utc(np.array([tca_utc]))
    round_enough = np.where(elements.eccentricity < 0.002, elements.mean_motion_rad_s, 0.0)
    row = int(np.argmin(np.abs(round_enough - _LOW)))
    model = sgp4_model(elements[row], origin_tai_ns=int(tca_tai_ns[0]))
    state = propagate(model, np.zeros(1))
    r1_m, v1_m_s = state.r_teme_m[0], state.v_teme_m_s[0]
    turn = dcm_inertial_from_rtn(r1_m, v1_m_s)
    radial, normal = turn[:, :, 0], turn[:, :, 2]
    r2_m = r1_m + _MISS_M * radial
    v2_m_s = np.linalg.norm(v1_m_s) * normal + (v1_m_s * radial).sum() * radial
    covariance = np.diag(_SIGMA_RTN**2)[None]
    encounter = Encounters(
        tca_tai_ns=tca_tai_ns,
        r1_m=r1_m,
        v1_m_s=v1_m_s,
        r2_m=r2_m,
        v2_m_s=v2_m_s,
        covariances1=rotated_covariances(covariance, turn),
        covariances2=rotated_covariances(covariance, dcm_inertial_from_rtn(r2_m, v2_m_s)),
        cross_covariances=np.zeros((1, 6, 6)),
        hard_body_radius_m=np.array([_RADIUS_M]),
    )
    return threat_of_encounter(
        encounter,
        frame="TEME",
        norad_ids=(int(elements.norad_id[row]), -1),
        names=(str(elements.name[row]), "MADE UP"),
        object_id=str(elements.object_id[row]),
        marks=elements.marks,
    )
