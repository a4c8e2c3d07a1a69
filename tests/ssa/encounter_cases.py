"""Reference encounters of the shared data, and encounters made of a plane's numbers."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from skypact.records.encounters import Encounters
from skypact.ssa.covariance import dcm_inertial_from_rtn, rotated_covariances

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def cases(shared: Path, prefix: str = "") -> list[dict[str, Any]]:
    """Cases of NASA CARA and others whose id starts with the prefix."""
    return [case for case in document(shared)["cases"] if case["id"].startswith(prefix)]


def document(shared: Path) -> Any:
    return json.loads((shared / "data" / "pc" / "cases.json").read_bytes())


def expected(case: dict[str, Any], name: str) -> float | None:
    found = (case["expected"] or {}).get(name)
    return None if found is None else float(found)


def encounters(rows: Sequence[dict[str, Any]]) -> Encounters:
    def column(name: str) -> Any:
        return np.array([row[name] for row in rows], np.float64)

    return Encounters(
        tca_tai_ns=np.zeros(len(rows), np.int64),
        r1_m=column("r1"),
        v1_m_s=column("v1"),
        r2_m=column("r2"),
        v2_m_s=column("v2"),
        covariances1=np.array([_whole(row["cov1"]) for row in rows]),
        covariances2=np.array([_whole(row["cov2"]) for row in rows]),
        cross_covariances=np.zeros((len(rows), 6, 6)),
        hard_body_radius_m=column("HBR"),
    )


def _whole(covariance: Any) -> Any:
    found = np.full((6, 6), np.nan)
    if covariance is not None:
        size = len(covariance)
        found[:size, :size] = covariance
    return found


def esa_challenge(shared: Path) -> Encounters:
    """The 2,170 conjunctions of ESA's challenge, position covariances only."""
    path = shared / "data" / "pc" / "orekit_armellin" / "data.csv"
    with path.open(encoding="utf-8") as lines:
        rows = np.array([[float(cell) for cell in row] for row in list(csv.reader(lines))[1:]])
    states = []
    for start in (2, 14):
        r_m, v_m_s = rows[:, start : start + 3] * 1e3, rows[:, start + 3 : start + 6] * 1e3
        rr, tt, nn, rt, rn, tn = rows[:, start + 6 : start + 12].T * 1e6
        rtn = np.full((len(rows), 6, 6), np.nan)
        rtn[:, :3, :3] = np.array([[rr, rt, rn], [rt, tt, tn], [rn, tn, nn]]).transpose(2, 0, 1)
        states.append((r_m, v_m_s, rotated_covariances(rtn, dcm_inertial_from_rtn(r_m, v_m_s))))
    (r1_m, v1_m_s, covariances1), (r2_m, v2_m_s, covariances2) = states
    return Encounters(
        tca_tai_ns=np.zeros(len(rows), np.int64),
        r1_m=r1_m,
        v1_m_s=v1_m_s,
        r2_m=r2_m,
        v2_m_s=v2_m_s,
        covariances1=covariances1,
        covariances2=covariances2,
        cross_covariances=np.zeros((len(rows), 6, 6)),
        hard_body_radius_m=rows[:, 1] * 1e3,
    )


def head_on(
    *,
    miss_m: float = 100.0,
    sigma_miss_m: float = 100.0,
    sigma_across_m: float = 100.0,
    radius_m: float = 10.0,
) -> Encounters:
    """One encounter along y, the miss along x, both sigmas along the axes of the plane."""
    covariance = np.zeros((1, 6, 6))
    covariance[0, :3, :3] = np.diag([sigma_miss_m**2, 1e4, sigma_across_m**2])
    covariance[0, 3:, 3:] = np.eye(3)
    return Encounters(
        tca_tai_ns=np.zeros(1, np.int64),
        r1_m=np.array([[7e6, 0.0, 0.0]]),
        v1_m_s=np.array([[0.0, 7500.0, 0.0]]),
        r2_m=np.array([[7e6 + miss_m, 0.0, 0.0]]),
        v2_m_s=np.array([[0.0, -7500.0, 0.0]]),
        covariances1=0.5 * covariance,
        covariances2=0.5 * covariance,
        cross_covariances=np.zeros((1, 6, 6)),
        hard_body_radius_m=np.array([radius_m]),
    )
