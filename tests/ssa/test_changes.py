"""Two catalogues compared, with the sgp4 library telling how far an object moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sgp4.api import WGS72, Satrec

from skypact.ssa.changes import compare
from skypact.ssa.exercise import exercise_population

if TYPE_CHECKING:
    from skypact.records.elements import Elements


@pytest.fixture(scope="module")
def before() -> Elements:
    return exercise_population(objects=120)[:20]


def with_columns(elements: Elements, **changed: np.ndarray) -> Elements:
    return replace(elements, **changed)


def test_a_catalogue_does_not_differ_from_itself(before):
    changes = compare(before, before[np.arange(20)[::-1]])
    assert [len(changes.new), len(changes.gone), len(changes.changed)] == [0, 0, 0]


def test_new_and_gone_objects_are_told_apart(before):
    changes = compare(before[:15], before[5:])
    assert changes.gone.tolist() == before.norad_id[:5].tolist()
    assert changes.new.tolist() == before.norad_id[15:].tolist()


def test_an_empty_catalogue_has_lost_everything(before):
    assert len(compare(before, before[:0]).gone) == 20
    assert len(compare(before[:0], before[:0]).new) == 0


def test_the_newest_of_several_sets_counts(before):
    older = with_columns(
        before,
        epoch_utc=before.epoch_utc - np.timedelta64(1, "D"),
        eccentricity=before.eccentricity + 0.01,
    )
    twice = with_columns(
        before, **{name: np.concatenate([column, older.columns()[name]])
                   for name, column in before.columns().items()}
    )  # fmt: skip
    assert len(compare(twice, before).changed) == 0


def sgp4_position_km(elements: Elements, row: int, at_utc: np.datetime64) -> np.ndarray:
    satellite = Satrec()
    epoch = elements.epoch_utc[row]
    satellite.sgp4init(
        WGS72, "a", 1, (epoch - np.datetime64("1949-12-31", "ns")) / np.timedelta64(1, "D"),
        float(elements.bstar_per_earth_radius[row]), 0.0, 0.0, float(elements.eccentricity[row]),
        float(elements.argument_of_perigee_rad[row]), float(elements.inclination_rad[row]),
        float(elements.mean_anomaly_rad[row]), float(elements.mean_motion_rad_s[row]) * 60.0,
        float(elements.raan_rad[row]),
    )  # fmt: skip
    error, position_km, _ = satellite.sgp4_tsince((at_utc - epoch) / np.timedelta64(60, "s"))
    assert error == 0
    return np.array(position_km)


def test_a_changed_object_moved_as_far_as_the_sgp4_library_says(before):
    raan_rad = before.raan_rad.copy()
    raan_rad[7] = (raan_rad[7] + 1e-4) % (2.0 * np.pi)
    after = with_columns(before, raan_rad=raan_rad)
    changes = compare(before, after)
    assert changes.changed.tolist() == [before.norad_id[7]]
    assert changes.at_utc == before.epoch_utc.max()
    apart_km = np.linalg.norm(
        sgp4_position_km(before, 7, changes.at_utc) - sgp4_position_km(after, 7, changes.at_utc)
    )
    assert changes.moved_m[0] == pytest.approx(apart_km * 1e3, abs=2e-3)


def test_an_object_that_sgp4_cannot_follow_moved_by_an_unknown_distance(before):
    eccentricity = before.eccentricity.copy()
    eccentricity[3] = 0.99
    after = with_columns(before, eccentricity=eccentricity)
    changes = compare(before, after)
    assert changes.changed.tolist() == [before.norad_id[3]]
    assert np.isnan(changes.moved_m[0])
