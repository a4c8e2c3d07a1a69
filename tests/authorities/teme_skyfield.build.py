"""Rebuild teme_skyfield.csv: states in several frames and, by Skyfield, in TEME."""

import csv
from pathlib import Path

import numpy as np
import skyfield
from skyfield.api import load
from skyfield.constants import AU_KM, DAY_S
from skyfield.framelib import (
    ICRS_to_J2000,
    itrs,
    mean_equator_and_equinox_of_date,
    true_equator_and_equinox_of_date,
)
from skyfield.positionlib import ICRF
from skyfield.sgp4lib import TEME
from skyfield.units import Distance, Velocity

UTC = [(1998, 7, 1, 3), (2004, 4, 6, 7), (2017, 1, 1, 0), (2024, 11, 1, 18), (2026, 11, 20, 6)]
ORBITS_KM = (6778.0, 7500.0, 26560.0, 42164.0)


class J2000:
    """The mean equator and equinox of J2000."""

    @staticmethod
    def rotation_at(_):
        return ICRS_to_J2000


class GCRF:
    """The axes of ICRF."""

    @staticmethod
    def rotation_at(_):
        return np.eye(3)


FRAMES = {
    "GCRF": GCRF,
    "EME2000": J2000,
    "MOD": mean_equator_and_equinox_of_date,
    "TOD": true_equator_and_equinox_of_date,
    "ITRF": itrs,
}


def rows():
    timescale = load.timescale(builtin=True)
    random = np.random.default_rng(20261120)
    for name, frame in FRAMES.items():
        for when in UTC:
            for radius_km in ORBITS_KM:
                t = timescale.utc(*when)
                r_km = random.normal(size=3)
                r_km *= radius_km / np.linalg.norm(r_km)
                v_km_s = random.normal(size=3)
                state = ICRF.from_time_and_frame_vectors(
                    t, frame, Distance(km=r_km), Velocity(km_per_s=v_km_s)
                )
                rotation = TEME.rotation_at(timescale.utc(*when))  # the MOD frame spoils its time
                r_teme_km = rotation @ state.xyz.au * AU_KM
                v_teme_km_s = rotation @ state.velocity.au_per_d * AU_KM / DAY_S
                utc = t.utc_strftime("%Y-%m-%dT%H:%M:%S")
                yield [name, utc, t.dut1, *r_km, *v_km_s, *r_teme_km, *v_teme_km_s]


def main():
    columns = ["frame", "utc", "ut1_minus_utc_s"]
    for suffix in ("", "_teme"):
        columns += [f"{axis}{suffix}_km" for axis in "xyz"]
        columns += [f"v{axis}{suffix}_km_s" for axis in "xyz"]
    path = Path(__file__).with_name("teme_skyfield.csv")
    with path.open("w", newline="") as file:
        file.write(
            f"# Skyfield {skyfield.__version__} (MIT), built-in timescale, no polar motion; "
            "random states, built by teme_skyfield.build.py\n"
        )
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
