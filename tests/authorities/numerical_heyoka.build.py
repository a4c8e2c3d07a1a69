"""Rebuild numerical_heyoka.csv: states of three orbits over three days, integrated by heyoka.

Needs heyoka 7.13 (`pip install heyoka`), which brings EGM2008, IAU 2006 precession-nutation,
Earth orientation, VSOP2013 and ELP2000 with it.
"""

import csv
from pathlib import Path

import heyoka as hy
import numpy as np

DEGREE = 20
# Name, state in GCRF (km, km/s) at 2024-11-01 00:00:00 TAI.
ORBITS = {
    "low": (7000.0, 300.0, -1200.0, 1.1, 0.9, 7.3),
    "medium": (20_000.0, -8000.0, 15_000.0, 2.2, 2.9, -1.2),
    "geosynchronous": (42_164.0, 150.0, 30.0, -0.01, 3.0746, 0.02),
    "eccentric": (-6900.0, 2000.0, 1500.0, -2.8, -6.6, -6.1),
}
# 2024-11-01 00:00:00 TAI is 9,070.5 days and 32.184 s after 2000-01-01 12:00:00 TT.
START_TT_S = 9070.5 * 86_400.0 + 32.184
HOURS = (0.0, 6.0, 24.0, 48.0, 72.0)


def main() -> None:
    dynamics = hy.model.eo_dynamics(
        max_geo_degree=DEGREE, max_geo_order=DEGREE, iau2006_thresh=1e-4,
        elp2000_thresh=1e-6, vsop2013_thresh=1e-7,
    )  # fmt: skip
    integrator = hy.taylor_adaptive(dynamics, np.zeros(6), tol=1e-15, compact_mode=True)
    file = Path(__file__).with_name("numerical_heyoka.csv")
    with file.open("w", newline="", encoding="utf-8") as stream:
        stream.write(
            f"# heyoka {hy.__version__} (MPL-2.0), 2026-11-20: EGM2008 {DEGREE}x{DEGREE}, Sun and "
            "Moon as points (VSOP2013, ELP2000), IAU 2006, its bundled Earth orientation; GCRF.\n"
        )
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["orbit", "hours", "x_km", "y_km", "z_km", "vx_km_s", "vy_km_s", "vz_km_s"])
        for name, state in ORBITS.items():
            integrator.time = START_TT_S
            integrator.state[:] = state
            for hours in HOURS:
                outcome = integrator.propagate_until(START_TT_S + hours * 3600.0)[0]
                assert outcome == hy.taylor_outcome.time_limit, outcome
                writer.writerow([name, hours, *(f"{value:.12g}" for value in integrator.state)])


if __name__ == "__main__":
    main()
