"""Close approaches by brute force on the reference `sgp4`, and small populations to try it on.

Nothing of the screening is used: positions come from `sgp4` in mode 'a' by minutes since epoch,
every second; scipy closes in on each minimum of the range.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from sgp4.api import WGS72, Satrec

from skypact.base.table import TEXT
from skypact.records.elements import Elements
from skypact.records.marks import DataMode, Marks

START = np.datetime64("2026-11-20T00:00:00", "ns")
MU_M3_S2 = 3.986008e14
EARTH_M = 6_378_135.0
_DAY_ZERO = np.datetime64("1949-12-31", "ns")
COLUMNS = (
    "mean_motion_rad_s", "eccentricity", "inclination_rad", "raan_rad",
    "argument_of_perigee_rad", "mean_anomaly_rad",
)  # fmt: skip


class Minimum(NamedTuple):
    low: int
    high: int
    tca_s: float
    miss_m: float
    speed_m_s: float


def elements_of(
    orbits,
    *,
    epoch=START,
    norad_id=None,
    names=None,
    bstar=0.0,
    ephemeris_type=0,
    data_mode=DataMode.TEST,
):
    """Elements from rows of (axis m, e, i, node, perigee, anomaly), angles in rad."""
    orbits = np.asarray(orbits, float).reshape(-1, 6)
    count = len(orbits)
    nothing = np.zeros(count)
    ids = np.arange(1001, 1001 + count) if norad_id is None else np.asarray(norad_id, np.int64)
    return Elements(
        marks=Marks(originator="test", source="test", data_mode=data_mode),
        norad_id=ids.astype(np.int64),
        name=np.array([f"OBJECT {n}" for n in ids] if names is None else names, TEXT),
        object_id=np.full(count, "", TEXT),
        epoch_utc=np.broadcast_to(np.asarray(epoch, "M8[ns]"), count).copy(),
        mean_motion_rad_s=np.sqrt(MU_M3_S2 / orbits[:, 0] ** 3),
        eccentricity=orbits[:, 1].copy(),
        inclination_rad=orbits[:, 2].copy(),
        raan_rad=orbits[:, 3] % (2 * np.pi),
        argument_of_perigee_rad=orbits[:, 4] % (2 * np.pi),
        mean_anomaly_rad=orbits[:, 5] % (2 * np.pi),
        bstar_per_earth_radius=np.broadcast_to(bstar, count).astype(float),
        mean_motion_dot_rad_s2=nothing,
        mean_motion_ddot_rad_s3=nothing.copy(),
        ephemeris_type=np.broadcast_to(ephemeris_type, count).astype(np.int64),
        classification=np.full(count, "U", TEXT),
        element_set_no=np.full(count, 1),
        rev_at_epoch=np.zeros(count, np.int64),
    )


class Body:
    """One element set under `sgp4`, by SI seconds since `start`."""

    def __init__(self, elements, row, start=START, *, leap_seconds_between=0):
        self.satrec = Satrec()
        epoch = elements.epoch_utc[row]
        self.satrec.sgp4init(
            WGS72, "a", 1, (epoch - _DAY_ZERO).astype("m8[ns]").astype(np.int64) / 86_400e9,
            elements.bstar_per_earth_radius[row], 0.0, 0.0, elements.eccentricity[row],
            elements.argument_of_perigee_rad[row], elements.inclination_rad[row],
            elements.mean_anomaly_rad[row], elements.mean_motion_rad_s[row] * 60.0,
            elements.raan_rad[row],
        )  # fmt: skip
        self.age_s = (start - epoch).astype("m8[ns]").astype(np.int64) / 1e9 + leap_seconds_between

    def r_m(self, t_s):
        return np.array(self.satrec.sgp4_tsince((t_s + self.age_s) / 60.0)[1]) * 1e3

    def many_r_m(self, times_s):
        day, part = self.satrec.jdsatepoch, self.satrec.jdsatepochF
        # The same minutes since epoch as above, to 1e-10 s.
        fraction = part + (times_s + self.age_s) / 86_400.0
        _, r_km, _ = self.satrec.sgp4_array(np.full(len(times_s), day), fraction)
        return r_km * 1e3


def range_m(one, other, t_s):
    return float(np.linalg.norm(one.r_m(t_s) - other.r_m(t_s)))


def refined(one, other, near_s, half_width_s=1.0):
    """The minimum of the range near a time: (time s, range m, relative speed m/s)."""

    def square(t_s):
        return np.sum((one.r_m(t_s) - other.r_m(t_s)) ** 2)

    best_s = minimize_scalar(
        square,
        bounds=(near_s - half_width_s, near_s + half_width_s),
        method="bounded",
        options={"xatol": 1e-9, "maxiter": 300},
    ).x
    before, after = (one.r_m(best_s + s) - other.r_m(best_s + s) for s in (-0.05, 0.05))
    speed_m_s = float(np.linalg.norm(after - before) / 0.1)
    # The bottom of a parabola is flat to rounding: halve between two equally high sides.
    side_s = 0.02 if speed_m_s > 50.0 else 1.0
    ends = best_s - side_s, best_s + side_s
    rise = [square(end + side_s) - square(end - side_s) for end in ends]
    if rise[0] < 0.0 < rise[1]:
        best_s = brentq(lambda t: square(t + side_s) - square(t - side_s), *ends, xtol=1e-9)
    return best_s, range_m(one, other, best_s), speed_m_s


def brute_force(bodies, end_s, miss_m, *, step_s=1.0):
    """Every minimum of the range inside (0, end_s) and not above miss_m, pair by pair."""
    times_s = np.arange(-step_s, end_s + 1.5 * step_s, step_s)
    r_m = np.stack([body.many_r_m(times_s) for body in bodies])
    out = []
    for low in range(len(bodies) - 1):
        apart = r_m[low + 1 :] - r_m[low]
        square = np.einsum("otx,otx->ot", apart, apart)
        reach_m = miss_m + 20_000.0 * step_s
        dip = (square[:, 1:-1] <= square[:, :-2]) & (square[:, 1:-1] < square[:, 2:])
        for other, k in zip(*np.nonzero(dip & (square[:, 1:-1] < reach_m**2)), strict=True):
            high = low + 1 + int(other)
            tca_s, range_there_m, speed_m_s = refined(
                bodies[low], bodies[high], times_s[k + 1], step_s
            )
            if range_there_m <= miss_m and 0.0 < tca_s < end_s:
                out.append(Minimum(low, high, tca_s, range_there_m, speed_m_s))
    return out


def regime(name, seed=7):
    """(orbits, threshold m, hours) of a small population that meets itself often."""
    rng = np.random.default_rng(seed)
    return _REGIMES[name](rng)


def _angles(rng, count):
    return rng.uniform(0.0, 2 * np.pi, (count, 3))


def _orbits(axis_m, eccentricity, inclination_rad, angles_rad):
    return np.column_stack([axis_m, eccentricity, inclination_rad, angles_rad])


def _low(rng, count=36):
    return _orbits(
        7.0e6 + rng.uniform(-3e4, 3e4, count), rng.uniform(0, 4e-3, count),
        rng.uniform(0.05, 3.1, count), _angles(rng, count),
    )  # fmt: skip


def _eccentric(rng, count, perigee_m, apogee_m, *, first_perigee_s):
    perigee, apogee = rng.uniform(*perigee_m, count), rng.uniform(*apogee_m, count)
    axis = (perigee + apogee) / 2
    angles = _angles(rng, count)
    tilt = rng.uniform(0.1, 3.0, count)
    # At perigee somewhere in the window, where the crossings are fast.
    angles[:, 2] = -np.sqrt(MU_M3_S2 / axis**3) * rng.uniform(*first_perigee_s, count)
    return _orbits(axis, (apogee - perigee) / (apogee + perigee), tilt, angles)


def _low_and_eccentric(rng):
    high = _eccentric(rng, 14, (6.7e6, 7.1e6), (3e7, 4.6e7), first_perigee_s=(0, 7000))
    return np.concatenate([_low(rng, 24), high]), 300e3, 2.0


def _geosynchronous(rng):
    count = 20
    angles = _angles(rng, count)
    angles[:, 2] = rng.normal(0.0, 0.003, count) - angles[:, 0] - angles[:, 1]
    # Across 0.2 rad too, where SGP4 changes its treatment of the node.
    tilt = np.where(np.arange(count) < 6, rng.uniform(0.195, 0.205, count),
                    rng.uniform(1e-4, 0.02, count))  # fmt: skip
    axis = 42_164_200.0 + rng.uniform(-2e4, 2e4, count)
    return _orbits(axis, rng.uniform(0, 1e-3, count), tilt, angles), 60e3, 12.0


def _coplanar(rng):
    count = 16
    angles = np.column_stack([np.full(count, 1.0), np.full(count, 0.5), rng.normal(0, 5e-3, count)])
    axis = 7.1e6 + rng.normal(0.0, 4e3, count)
    return _orbits(axis, rng.uniform(0, 2e-3, count), np.full(count, 1.2), angles), 20e3, 4.0


def _docked(rng):
    base = _low(rng, 8)
    near = base + rng.normal(0.0, 1.0, base.shape) * [0.0, 1e-7, 1e-7, 1e-7, 1e-5, 0.0]
    near[:, 1] = np.abs(near[:, 1])
    near[:, 5] -= near[:, 4] - base[:, 4]
    return np.concatenate([base, near]), 5e3, 2.0


def _opposed(rng):
    half = _low(rng, 18)
    other = half.copy()
    other[:, 2] = np.pi - other[:, 2]
    other[:, 3] += np.pi
    other[:, 5] = -other[:, 5] + rng.normal(0, 3e-3, len(other))
    return np.concatenate([half, other]), 100e3, 2.0


def _copies(rng):
    half = _low(rng, 14)
    return np.concatenate([half, half, half]), 100e3, 1.5


def _hyperfast(rng):
    fast = _eccentric(rng, 30, (6.8e6, 7.1e6), (1.5e8, 3.2e8), first_perigee_s=(500, 5000))
    return np.concatenate([fast, _low(rng, 10)]), 500e3, 1.5


def _lunar(rng):
    far = _eccentric(rng, 24, (7.0e6, 5e7), (3.2e8, 4.2e8), first_perigee_s=(3e3, 9e4))
    # Half of them in one stream, so that they meet out there.
    far[:12, 0], far[:12, 1] = 2.0e8 + rng.normal(0, 1e5, 12), 0.9
    far[:12, 2] = 0.5 + rng.normal(0, 1e-3, 12)
    far[:12, 3:5] = 1.0 + rng.normal(0, 1e-3, (12, 2))
    far[:12, 5] = rng.choice([-0.5, 0.5], 12) + rng.normal(0, 1e-3, 12)
    return far, 3e5, 12.0


_REGIMES = {
    "low": lambda rng: (_low(rng), 100e3, 2.0),
    "low and eccentric": _low_and_eccentric,
    "geosynchronous": _geosynchronous,
    "coplanar": _coplanar,
    "docked": _docked,
    "opposed": _opposed,
    "copies": _copies,
    "hyperfast perigees": _hyperfast,
    "lunar distance": _lunar,
}
REGIMES = tuple(_REGIMES)
