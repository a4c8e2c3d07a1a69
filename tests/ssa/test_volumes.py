"""Volumes and the regimes that they are meant for."""

from __future__ import annotations

import numpy as np
import pytest

from skypact.base.errors import InputError
from skypact.base.table import TEXT
from skypact.records.elements import Elements
from skypact.records.marks import DataMode, Marks
from skypact.ssa.volumes import PRESETS, Volume, by_regime, sphere

# Name, revolutions per day, eccentricity, inclination in degrees: rounded from public element
# sets of 2024.
FLYING = [
    ("station", 15.50, 0.0006, 51.6, "leo"),
    ("sun-synchronous", 14.20, 0.0010, 98.6, "leo"),
    ("geostationary", 1.00272, 0.0002, 0.05, "geo"),
    ("inclined geosynchronous", 1.00272, 0.0750, 41.0, None),
    ("navigation", 2.00562, 0.0100, 55.0, None),
    ("transfer", 2.27, 0.7300, 6.0, None),
]


def flying() -> Elements:
    nothing = np.zeros(len(FLYING))
    whole = np.zeros(len(FLYING), np.int64)
    return Elements(
        marks=Marks(originator="test", source="test", data_mode=DataMode.TEST),
        norad_id=np.arange(1, len(FLYING) + 1),
        name=np.array([row[0] for row in FLYING], TEXT),
        object_id=np.full(len(FLYING), "", TEXT),
        epoch_utc=np.full(len(FLYING), "2024-11-01", "M8[ns]"),
        mean_motion_rad_s=np.array([row[1] for row in FLYING]) * 2.0 * np.pi / 86_400.0,
        eccentricity=np.array([row[2] for row in FLYING]),
        inclination_rad=np.radians([row[3] for row in FLYING]),
        raan_rad=nothing,
        argument_of_perigee_rad=nothing,
        mean_anomaly_rad=nothing,
        bstar_per_earth_radius=nothing,
        mean_motion_dot_rad_s2=nothing,
        mean_motion_ddot_rad_s3=nothing,
        ephemeris_type=whole,
        classification=np.full(len(FLYING), "U", TEXT),
        element_set_no=whole,
        rev_at_epoch=whole,
    )


def test_each_object_gets_the_volume_of_its_regime_and_the_rest_none():
    wanted = {number: PRESETS[row[4]] for number, row in enumerate(FLYING, 1) if row[4]}
    assert by_regime(flying()) == wanted


def test_every_preset_says_who_uses_it():
    assert all(volume.source for volume in PRESETS.values())


@pytest.mark.parametrize("axes_m", [(0.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, float("nan"))])
def test_an_axis_that_is_no_length_is_refused(axes_m):
    radial_m, transverse_m, normal_m = axes_m
    with pytest.raises(InputError, match="positive"):
        Volume(kind="box", radial_m=radial_m, transverse_m=transverse_m, normal_m=normal_m)


def test_a_sphere_has_one_radius():
    assert sphere(5.0).normal_m == 5.0
    with pytest.raises(InputError, match="ellipsoid"):
        Volume(kind="sphere", radial_m=1.0, transverse_m=2.0, normal_m=1.0)
