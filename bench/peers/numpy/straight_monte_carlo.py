"""What a notebook does: draw relative states, let them fly straight, count who comes close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def straight_hits(mean: Floats, covariance: Floats, radius_m: float, trials: int, seed: int) -> int:
    """Hits of `trials` draws of a relative state (6,) with covariance (6, 6)."""
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_normal(mean, covariance, trials, method="eigh")
    r_m, v_m_s = drawn[:, :3], drawn[:, 3:]
    along = (r_m * v_m_s).sum(axis=1)
    squared_m2 = (r_m**2).sum(axis=1) - along**2 / (v_m_s**2).sum(axis=1)
    return int((squared_m2 < radius_m**2).sum())
