"""The reference implementation, `sgp4` on PyPI, asked for the same states in the same mode."""

from typing import NamedTuple

import numpy as np
from sgp4.api import WGS72, Satrec

from skypact.base.table import TEXT
from skypact.records.elements import Elements
from skypact.records.marks import DataMode, Marks

EPOCH = np.datetime64("2024-11-01T06:07:08.123456789", "ns")
XKE_RAD_MIN = 0.07436691613317342  # mean motion at one Earth radius, WGS72


class Orbit(NamedTuple):
    """One element set in SGP4's units: Earth radii, radians."""

    perigee_radii: float
    eccentricity: float
    inclination_rad: float
    raan_rad: float
    argument_of_perigee_rad: float
    mean_anomaly_rad: float
    bstar: float

    @property
    def mean_motion_rad_min(self):
        return XKE_RAD_MIN / (self.perigee_radii / (1.0 - self.eccentricity)) ** 1.5


def with_period(period_min, eccentricity, inclination_rad, bstar=0.0):
    axis_radii = (XKE_RAD_MIN * period_min / (2.0 * np.pi)) ** (2.0 / 3.0)
    perigee_radii = axis_radii * (1.0 - eccentricity)
    return Orbit(perigee_radii, eccentricity, inclination_rad, 1.0, 2.0, 3.0, bstar)


def elements_of(orbits, epoch=EPOCH):
    count = len(orbits)
    columns = np.array(orbits, float).reshape(count, 7).T
    motions = np.array([orbit.mean_motion_rad_min for orbit in orbits])
    return Elements(
        marks=Marks(originator="test", source="test", data_mode=DataMode.TEST),
        norad_id=np.arange(count),
        name=np.full(count, "", TEXT),
        object_id=np.full(count, "", TEXT),
        epoch_utc=np.full(count, epoch),
        mean_motion_rad_s=motions / 60.0,
        eccentricity=columns[1],
        inclination_rad=columns[2],
        raan_rad=columns[3],
        argument_of_perigee_rad=columns[4],
        mean_anomaly_rad=columns[5],
        bstar_per_earth_radius=columns[6],
        mean_motion_dot_rad_s2=np.zeros(count),
        mean_motion_ddot_rad_s3=np.zeros(count),
        ephemeris_type=np.zeros(count, np.int64),
        classification=np.full(count, "U", TEXT),
        element_set_no=np.zeros(count, np.int64),
        rev_at_epoch=np.zeros(count, np.int64),
    )


def reference_states(elements, minutes, mode):
    """r (object, time, 3) in m, v in m/s and errors, at minutes (object, time) from epoch."""
    r_m, v_m_s = np.empty((*minutes.shape, 3)), np.empty((*minutes.shape, 3))
    error = np.empty(minutes.shape, np.int8)
    for row, satellite in enumerate(_satellites(elements, mode)):
        for column, since_min in enumerate(minutes[row].tolist()):
            error[row, column], r_m[row, column], v_m_s[row, column] = satellite.sgp4_tsince(
                since_min
            )
    return 1e3 * r_m, 1e3 * v_m_s, error


def _satellites(elements, mode):
    days = (elements.epoch_utc - np.datetime64("1949-12-31", "ns")).astype(np.int64) / 86_400e9
    for row, day in enumerate(days.tolist()):
        satellite = Satrec()
        satellite.sgp4init(
            WGS72, mode, 1, day,
            float(elements.bstar_per_earth_radius[row]), 0.0, 0.0,
            float(elements.eccentricity[row]), float(elements.argument_of_perigee_rad[row]),
            float(elements.inclination_rad[row]), float(elements.mean_anomaly_rad[row]),
            float(elements.mean_motion_rad_s[row] * 60.0), float(elements.raan_rad[row]),
        )  # fmt: skip
        yield satellite
