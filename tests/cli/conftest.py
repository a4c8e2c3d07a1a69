"""A small screening made by hand: two pairs, one of each oddity."""

from __future__ import annotations

import numpy as np
import pytest

from skypact.base.table import TEXT
from skypact.records.conjunctions import Certificate, Conjunctions, Coverage, Screening
from skypact.records.marks import DataMode, Marks

EXERCISE = Marks(originator="test", source="by hand", data_mode=DataMode.EXERCISE)


@pytest.fixture
def screening() -> Screening:
    tca_utc = np.array(["2016-12-31T23:59:59.25", "2017-01-01T06:00:00.123456"], "M8[ns]")
    numbers = np.array([[4321.0, 0.8], [14_000.0, 0.5], [0.0, 0.0]])
    conjunctions = Conjunctions(
        marks=EXERCISE,
        primary_norad_id=np.array([25544, -1]),
        secondary_norad_id=np.array([900_000_001, 43013]),
        primary_name=np.array(["ISS (ZARYA)", "[OPERATOR]"], TEXT),
        secondary_name=np.array(["A NAME THAT IS FAR TOO LONG FOR ANY TABLE", "NOAA 20"], TEXT),
        tca_utc=tca_utc,
        tca_in_leap_second=np.array([True, False]),
        miss_distance_m=numbers[0],
        relative_speed_m_s=numbers[1],
        miss_radial_m=numbers[2],
        miss_transverse_m=numbers[2],
        miss_normal_m=numbers[2],
        relative_velocity_radial_m_s=numbers[2],
        relative_velocity_transverse_m_s=numbers[2],
        relative_velocity_normal_m_s=numbers[2],
        entry_utc=tca_utc,
        exit_utc=tca_utc,
        is_minimum=np.array([True, False]),
        at_edge=np.array([False, True]),
        volume_of=np.array(["both", "primary"], TEXT),
        threshold_m=np.full(2, 5000.0),
        primary_age_s=np.array([86_400.0, np.nan]),
        secondary_age_s=np.array([-43_200.0, 864_000.0]),
        primary_elements=np.array([0, -1]),
        secondary_elements=np.array([1, 2]),
        group=np.full(2, -1),
    )
    coverage = Coverage(
        marks=EXERCISE,
        norad_id=np.array([25544, 900_000_001, 43013]),
        name=np.array(["ISS (ZARYA)", "LONG", "NOAA 20"], TEXT),
        status=np.array(["SCREENED", "SCREENED", "REFUSED"], TEXT),
        reason=np.array(["", "elements older than 7 days", "for SGP4-XP"], TEXT),
        from_utc=np.array(["2016-12-31", "2016-12-31", "NaT"], "M8[ns]"),
        until_utc=np.array(["2017-01-02", "2017-01-02", "NaT"], "M8[ns]"),
        age_s=np.zeros(3),
    )
    certificate = Certificate(
        method="swept by hand",
        sgp4_mode="a",
        start_utc="2016-12-31T00:00:00Z",
        end_utc="2017-01-02T00:00:00Z",
        duration_s=172_801.0,
        thresholds_m=(5000.0,),
        step_s=10.0,
        largest_interpolation_error_bound_m=0.6,
        largest_acceleration_bound_m_s2=9.0,
        largest_relative_speed_bound_m_s=17_100.0,
        rounding_bound_m=1e-6,
        assumptions=("none",),
        counts={"pairs": 2},
    )
    return Screening(conjunctions=conjunctions, coverage=coverage, certificate=certificate)
