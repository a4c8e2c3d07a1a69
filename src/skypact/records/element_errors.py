"""How wrong public element sets are, by the orbit and the age of the set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skypact.records.marks import MarkedTable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Text = npt.NDArray[Any]  # StringDType, which the type checkers do not know yet


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ElementErrors(MarkedTable):
    """One-sigma position errors of element sets; of several rows that fit a set the first holds.

    A row is for sets whose perigee height above the equator, eccentricity, inclination and age
    lie in its ranges (lower ends belong to them, upper ends do not). A sigma is that of
    `age_from_s` and grows by its `growth` until `age_until_s`, along the object's own radial,
    transverse and normal axes; NaN is unknown. `pairs` of sets and `objects` are what a row
    was fitted from (0: published), `tail_ratio` the share of those pairs that lie beyond three
    sigmas in any direction (a normal distribution has 0.008). `source` cites; `data_mode` is
    that of the marks, so that a file of the rows keeps it.
    """

    regime: Text
    perigee_from_m: Floats
    perigee_until_m: Floats
    eccentricity_from: Floats
    eccentricity_until: Floats
    inclination_from_rad: Floats
    inclination_until_rad: Floats
    age_from_s: Floats
    age_until_s: Floats
    sigma_radial_m: Floats
    sigma_transverse_m: Floats
    sigma_normal_m: Floats
    growth_radial_m_s: Floats
    growth_transverse_m_s: Floats
    growth_normal_m_s: Floats
    pairs: Integers
    objects: Integers
    tail_ratio: Floats
    source: Text
    data_mode: Text
