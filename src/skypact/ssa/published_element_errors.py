"""What the literature says about the errors of public element sets, each row with its source."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from skypact.base.table import TEXT
from skypact.records.element_errors import ElementErrors
from skypact.records.marks import DataMode, Marks

_DAY_S = 86_400.0

_AIDA: Final = (
    "Aida and Kirschner (2013), Accuracy Assessment of SGP4 Orbit Information Conversion into "
    "Osculating Elements, table 1 (public sets against GPS orbits), in the reading of the "
    "SIMPLETON project"
)
_FLOHRER: Final = (
    "Flohrer, Krag and Klinkrad (2008), Assessment and Categorization of TLE Orbit Errors for the "
    "US SSN Catalogue, table 2 (errors at epoch), in the reading of A. Lidtke"
)


class _Row(Struct, frozen=True, kw_only=True):
    """Heights in km, angles in degrees, ages in days and sigmas in metres, as papers print."""

    regime: str
    perigee_km: tuple[float, float]
    inclination_deg: tuple[float, float] = (0.0, np.inf)
    until_days: float
    sigma_m: tuple[float, float, float]
    growth_m_day: tuple[float, float, float] = (0.0, 0.0, 0.0)
    source: str


# Near-circular orbits only: the one reading at hand of Flohrer's rows for eccentricities above
# 0.1 has its decimal points in places that contradict one another.
_MOST_ECCENTRIC = 0.1

# Aida and Kirschner's last age is six to seven days. Flohrer et al. give the error at epoch and
# no growth: it is taken to hold for one day, which is our choice.
_ROWS = (
    _Row(regime="low", perigee_km=(0.0, 2000.0), until_days=7.0, sigma_m=(176.0, 695.0, 168.0),
         growth_m_day=(125.0, 392.0, 0.0), source=_AIDA),
    _Row(regime="medium, inclined below 30 degrees", perigee_km=(2000.0, 25_000.0),
         inclination_deg=(0.0, 30.0), until_days=1.0, sigma_m=(191.0, 256.0, 203.0),
         source=_FLOHRER),
    _Row(regime="medium, inclined 30 to 60 degrees", perigee_km=(2000.0, 25_000.0),
         inclination_deg=(30.0, 60.0), until_days=1.0, sigma_m=(71.0, 228.0, 95.0),
         source=_FLOHRER),
    _Row(regime="medium, inclined above 60 degrees", perigee_km=(2000.0, 25_000.0),
         inclination_deg=(60.0, np.inf), until_days=1.0, sigma_m=(91.0, 428.0, 114.0),
         source=_FLOHRER),
    _Row(regime="high, inclined below 30 degrees", perigee_km=(25_000.0, np.inf),
         inclination_deg=(0.0, 30.0), until_days=1.0, sigma_m=(357.0, 432.0, 83.0),
         source=_FLOHRER),
)  # fmt: skip


def published_element_errors() -> ElementErrors:
    """The errors of public element sets as far as a source was found that says them.

    >>> table = published_element_errors()
    >>> print(table.regime[0], table.sigma_transverse_m[0])
    low 695.0
    """
    perigee_m = np.array([row.perigee_km for row in _ROWS]) * 1e3
    inclination_rad = np.radians([row.inclination_deg for row in _ROWS])
    sigma_m = np.array([row.sigma_m for row in _ROWS])
    growth_m_s = np.array([row.growth_m_day for row in _ROWS]) / _DAY_S
    none, everywhere = np.zeros(len(_ROWS), np.int64), np.ones(len(_ROWS))
    return ElementErrors(
        marks=Marks(originator="Skypact", source="published tables"),
        regime=np.array([row.regime for row in _ROWS], TEXT),
        perigee_from_m=perigee_m[:, 0],
        perigee_until_m=perigee_m[:, 1],
        eccentricity_from=0.0 * everywhere,
        eccentricity_until=_MOST_ECCENTRIC * everywhere,
        inclination_from_rad=inclination_rad[:, 0],
        inclination_until_rad=inclination_rad[:, 1],
        age_from_s=0.0 * everywhere,
        age_until_s=_DAY_S * np.array([row.until_days for row in _ROWS]),
        sigma_radial_m=sigma_m[:, 0],
        sigma_transverse_m=sigma_m[:, 1],
        sigma_normal_m=sigma_m[:, 2],
        growth_radial_m_s=growth_m_s[:, 0],
        growth_transverse_m_s=growth_m_s[:, 1],
        growth_normal_m_s=growth_m_s[:, 2],
        pairs=none,
        objects=none,
        tail_ratio=np.nan * everywhere,
        source=np.array([row.source for row in _ROWS], TEXT),
        data_mode=np.full(len(_ROWS), DataMode.REAL.value, TEXT),
    )
