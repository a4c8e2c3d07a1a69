"""What people write: understood, or refused with what would be."""

from __future__ import annotations

import numpy as np
import pytest

from skypact.base.errors import InputError
from skypact.cli import arguments
from skypact.cli.arguments import UsageError
from skypact.ssa.exercise import exercise_population
from skypact.ssa.volumes import PRESETS


@pytest.mark.parametrize(
    ("text", "metres"), [("5km", 5000.0), (" 0.5 km", 500.0), ("250m", 250.0), (".1km", 100.0)]
)
def test_a_length_has_its_unit(text, metres):
    assert arguments.length_m(text) == pytest.approx(metres)


@pytest.mark.parametrize("text", ["5", "5 miles", "-5km", "0km", "nan km", "1e3m", "", "5kmkm"])
def test_a_length_without_a_unit_or_sense_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"5km|above zero"):
        arguments.length_m(text)


def test_several_lengths_come_smallest_first_and_once():
    assert arguments.lengths_m("5km,1km,5000m") == (1000.0, 5000.0)


@pytest.fixture(scope="module")
def elements():
    return exercise_population(objects=120)


def test_a_volume_is_a_preset_a_shape_or_each_objects_own(elements):
    assert arguments.volumes("leo", elements) == PRESETS["leo"]
    box = arguments.volumes("box:1km,5km,6km", elements)
    assert (box.kind, box.radial_m, box.transverse_m, box.normal_m) == ("box", 1e3, 5e3, 6e3)
    assert arguments.volumes("ellipsoid:1km,5km,6km", elements).kind == "ellipsoid"
    assert arguments.volumes("sphere:2km", elements).normal_m == 2000.0
    own = arguments.volumes("regime", elements)
    assert {PRESETS["leo"], PRESETS["geo"]} == set(own.values())


@pytest.mark.parametrize("text", ["meo", "box:1km", "sphere:1km,2km", "sphere", "cone:1km", ""])
def test_another_volume_is_refused_with_those_that_there_are(elements, text):
    with pytest.raises(UsageError, match="regime, leo, geo, socrates"):
        arguments.volumes(text, elements)


def test_a_start_is_a_date_or_an_instant_in_utc():
    assert arguments.start_utc("2024-11-01") == np.datetime64("2024-11-01")
    assert arguments.start_utc("2024-11-01T06:30Z") == np.datetime64("2024-11-01T06:30")


@pytest.mark.parametrize("text", ["yesterday", "2016-12-31T23:59:60", "1066-10-14", "2024-13-01"])
def test_another_start_is_refused(text):
    with pytest.raises(UsageError):
        arguments.start_utc(text)


def test_objects_are_found_by_number_and_by_name_in_any_case(elements):
    first, second = elements.norad_id[:2].tolist()
    texts = [str(second), str(elements.name[0]).lower(), str(second)]
    assert arguments.objects(texts, elements) == [second, first]


def test_an_object_that_is_not_there_is_named_with_its_neighbours(elements):
    name = str(elements.name[0])
    with pytest.raises(InputError, match=f"did you mean.*{name}"):
        arguments.objects([name.replace("SHELL", "SHELLS")], elements)
    with pytest.raises(InputError, match="'NOSUCH'; skypact catalogue show CATALOGUE --like"):
        arguments.objects(["NOSUCH"], elements)
    with pytest.raises(InputError, match="no object '12'"):
        arguments.objects(["12"], elements)
