"""Ephemerides with a closed form: circular orbits, whole or with a burn in them."""

from itertools import pairwise

import numpy as np

from skypact.astro.time import NANOSECONDS, tai_ns_from_utc
from skypact.records.ephemeris import NO_COVARIANCES, Covariances, Ephemeris, EphemerisSegment
from skypact.records.marks import DataMode, Marks

EARTH_MU_M3_S2 = 3.986004418e14
START_TAI_NS = int(tai_ns_from_utc(np.array(["2026-11-20"], "M8[ns]"))[0])


def circle(times_s, radius_m):
    rate_rad_s = np.sqrt(EARTH_MU_M3_S2 / radius_m**3)
    angle_rad, zero = rate_rad_s * times_s, np.zeros_like(times_s)
    r_m = radius_m * np.stack([np.cos(angle_rad), np.sin(angle_rad), zero], axis=1)
    v_m_s = radius_m * rate_rad_s * np.stack([-np.sin(angle_rad), np.cos(angle_rad), zero], axis=1)
    return r_m, v_m_s


def period_s(radius_m):
    return 2.0 * np.pi * np.sqrt(radius_m**3 / EARTH_MU_M3_S2)


def segment(first_row, stop_row, times_tai_ns, **changed):
    stated = {
        "useable_start_tai_ns": int(times_tai_ns[first_row]),
        "useable_stop_tai_ns": int(times_tai_ns[stop_row - 1]),
        "frame": "TEME",
        "centre": "EARTH",
    }
    return EphemerisSegment(first_row=first_row, stop_row=stop_row, **(stated | changed))


def circular_ephemeris(
    *, radius_m=7.0e6, step_s=60.0, days=0.1, cuts=(), covariances=False, **changed
):
    """Rows every `step_s`, cut into segments before the rows in `cuts`."""
    times_s = np.arange(0.0, days * 86400.0 + 0.5, step_s)
    r_m, v_m_s = circle(times_s, radius_m)
    times_tai_ns = START_TAI_NS + np.rint(times_s * NANOSECONDS).astype(np.int64)
    edges = [0, *cuts, len(times_s)]
    given = NO_COVARIANCES
    if covariances:
        given = Covariances(
            times_tai_ns=times_tai_ns,
            matrices=np.tile(
                np.diag([100.0, 400.0, 100.0, 1e-4, 1e-4, 1e-4]), (len(times_s), 1, 1)
            ),
            frames=("RTN",) * len(times_s),
            segment=np.zeros(len(times_s), np.int64),
        )
    return Ephemeris(
        object_name="EXAMPLE 1",
        object_id="2020-001A",
        marks=Marks(
            originator="a test",
            source="a test",
            data_mode=DataMode.EXERCISE,
            produced_at="2026-11-19T22:00:00Z",
        ),
        time_system="UTC",
        is_placed_in_time=True,
        times_tai_ns=times_tai_ns,
        r_m=r_m,
        v_m_s=v_m_s,
        a_m_s2=None,
        segments=tuple(
            segment(first, stop, times_tai_ns, **changed) for first, stop in pairwise(edges)
        ),
        covariances=given,
    )
