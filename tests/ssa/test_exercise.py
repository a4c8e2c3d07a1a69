"""The exercise looks like the sky, names itself, and holds something to worry about."""

from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.spatial import cKDTree
from sgp4.api import WGS72, Satrec, SatrecArray

from skypact.base.errors import InputError
from skypact.records.elements import Elements
from skypact.records.marks import DataMode
from skypact.ssa.exercise import EXERCISE_EPOCH_UTC, exercise_population

SGP4_EPOCH = np.datetime64("1949-12-31", "ns")
SECONDS = np.timedelta64(1_000_000_000, "ns")


def peers_satellites(elements: Elements) -> list[Satrec]:
    """The same objects in the `sgp4` library."""
    made = []
    for row in elements.rows():
        satellite = Satrec()
        satellite.sgp4init(
            WGS72,
            "a",
            0,
            (row["epoch_utc"] - SGP4_EPOCH) / SECONDS / 86_400.0,
            row["bstar_per_earth_radius"],
            0.0,
            0.0,
            row["eccentricity"],
            row["argument_of_perigee_rad"],
            row["inclination_rad"],
            row["mean_anomaly_rad"],
            row["mean_motion_rad_s"] * 60.0,
            row["raan_rad"],
        )
        made.append(satellite)
    return made


def of_kind(elements: Elements, kind: str) -> Elements:
    return elements[np.array([f" {kind} " in str(name) for name in elements.name])]


@pytest.fixture(scope="module")
def population() -> Elements:
    return exercise_population()


def test_every_object_is_labelled_and_bears_a_number_that_no_real_one_has(population):
    assert population.marks.data_mode is DataMode.EXERCISE
    assert all(str(name).startswith("EXERCISE ") for name in population.name)
    assert len(set(population.name.tolist())) == len(population) == 3000
    assert population.norad_id.tolist() == list(range(900_000_001, 900_003_001))


def test_the_same_seed_gives_the_same_objects_and_another_seed_others():
    one, again, other = (exercise_population(300, seed) for seed in (1, 1, 2))
    for name, column in one.columns().items():
        assert np.array_equal(column, again.columns()[name])
    assert not np.array_equal(one.raan_rad, other.raan_rad)


def test_the_population_can_be_had_at_any_time():
    late = exercise_population(200, epoch_utc=np.datetime64("2031-05-01"))
    early = exercise_population(200)
    shift = np.datetime64("2031-05-01") - EXERCISE_EPOCH_UTC
    assert np.array_equal(late.epoch_utc, early.epoch_utc + shift)


@pytest.mark.parametrize("objects", [100, 101, 137, 3000])
def test_as_many_objects_come_as_were_asked_for_and_every_regime_among_them(objects):
    population = exercise_population(objects)
    assert len(population) == objects
    kinds = {str(name).rsplit(" ", 1)[0].removeprefix("EXERCISE ") for name in population.name}
    assert kinds == {
        *("SHELL", "SUNSYNC", "DEBRIS", "TRANSFER", "MOLNIYA", "NAVIGATION", "GEOSYNC"),
        *("STATION", "FORMATION", "STALE", "DECAYING", "OTHER THEORY"),
    }


def test_too_few_objects_are_refused():
    with pytest.raises(InputError, match="100 objects or more, not 99"):
        exercise_population(99)


@pytest.mark.parametrize(
    ("kind", "revolutions_a_day"),
    [("NAVIGATION", (2.0, 2.02)), ("GEOSYNC", (1.0, 1.01)), ("SHELL", (14.87, 15.3))],
)
def test_orbits_have_the_periods_of_their_regimes(population, kind, revolutions_a_day):
    low, high = revolutions_a_day
    motion = of_kind(population, kind).mean_motion_rad_s * 86_400.0 / (2.0 * np.pi)
    assert low - 0.01 < motion.min()
    assert motion.max() < high + 0.01


def test_the_nodes_of_sun_synchronous_orbits_turn_once_a_year(population):
    # The secular rate that J2 alone gives, from any textbook: -3/2 J2 n (R/p)^2 cos i.
    chosen = of_kind(population, "SUNSYNC")
    axis_m = (3.986008e14 / chosen.mean_motion_rad_s**2) ** (1.0 / 3.0)
    parameter_m = axis_m * (1.0 - chosen.eccentricity**2)
    rate_rad_s = (
        -1.5
        * 1.082616e-3
        * chosen.mean_motion_rad_s
        * (6_378_135.0 / parameter_m) ** 2
        * np.cos(chosen.inclination_rad)
    )
    year_s = 365.2422 * 86_400.0
    assert rate_rad_s * year_s == pytest.approx(np.full(len(chosen), 2.0 * np.pi), rel=0.01)


def errors_over_a_day(elements: Elements) -> np.ndarray:
    """SGP4's status of each object every ten minutes, by the peer."""
    minutes = np.arange(0.0, 1440.1, 10.0)
    start = datetime(2026, 11, 20, tzinfo=UTC)
    first = 2_440_587.5 + start.timestamp() / 86_400.0
    status, _, _ = SatrecArray(peers_satellites(elements)).sgp4(
        np.full(len(minutes), first), minutes / 1440.0
    )
    return status


def test_only_what_decays_cannot_be_propagated(population):
    failing = population[errors_over_a_day(population).max(axis=1) > 0]
    assert 1 <= len(failing) <= 5
    assert len(of_kind(failing, "DECAYING")) == len(failing)


def test_the_docked_pair_stays_together_and_the_formation_never_meets(population):
    company = peers_satellites(
        population[np.flatnonzero([" STATION " in str(n) for n in population.name])]
    ) + peers_satellites(of_kind(population, "FORMATION"))
    first = 2_461_364.5
    _, r_km, _ = SatrecArray(company).sgp4(np.full(1441, first), np.arange(1441) / 1440.0)
    assert np.array_equal(r_km[0], r_km[1])
    for one, other in ((2, 3), (3, 4), (2, 4)):
        apart_km = np.linalg.norm(r_km[one] - r_km[other], axis=1)
        assert apart_km.min() > 0.1
        assert apart_km.max() < 5.0


def test_ages_are_what_the_docstring_says(population):
    age_days = (EXERCISE_EPOCH_UTC - population.epoch_utc) / SECONDS / 86_400.0
    stale = np.array([" STALE " in str(name) for name in population.name])
    assert stale.sum() == 10
    assert (age_days[stale] >= 25.0).all()
    assert (age_days[stale] <= 60.0).all()
    assert (age_days[~stale] >= 0.0).all()
    assert (age_days[~stale] <= 1.5).all()


@pytest.mark.slow
def test_a_newcomer_sees_hundreds_of_approaches_and_a_handful_below_500_m(population):
    """Brute force, in straight lines between samples 10 s apart: good to some ten metres."""
    peers = SatrecArray(peers_satellites(population[population.ephemeris_type == 0]))
    nearest_km: dict[tuple[int, int], float] = {}
    for start_s in range(0, 86_400, 3_600):
        seconds = np.arange(start_s, start_s + 3_600, 10.0)
        status, r_km, v_km_s = peers.sgp4(np.full(360, 2_461_364.5), seconds / 86_400.0)
        for step in range(len(seconds)):
            alive = np.flatnonzero(status[:, step] == 0)
            _approaches(alive, r_km[alive, step], v_km_s[alive, step], nearest_km)
    assert 300 <= len(nearest_km) <= 1000
    assert 5 <= sum(0.02 < miss_km < 0.5 for miss_km in nearest_km.values()) <= 25


def _approaches(alive, r_km, v_km_s, nearest_km):
    pairs = cKDTree(r_km).query_pairs(5.0 + 20.5 * 5.0, output_type="ndarray")
    apart_km = r_km[pairs[:, 1]] - r_km[pairs[:, 0]]
    relative_km_s = v_km_s[pairs[:, 1]] - v_km_s[pairs[:, 0]]
    speed2 = np.maximum((relative_km_s**2).sum(axis=1), 1e-12)
    after_s = np.clip(-(apart_km * relative_km_s).sum(axis=1) / speed2, -5.0, 5.0)
    miss_km = np.linalg.norm(apart_km + after_s[:, None] * relative_km_s, axis=1)
    for row in np.flatnonzero(miss_km < 5.0):
        pair = (int(alive[pairs[row, 0]]), int(alive[pairs[row, 1]]))
        nearest_km[pair] = min(nearest_km.get(pair, np.inf), float(miss_km[row]))
