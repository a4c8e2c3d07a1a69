"""Whether an approach enters a volume, against the volume's own definition along the line."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.ssa.avoidance_others import inside_volume
from skypact.ssa.volumes import Volume, sphere

AXES = ("radial", "transverse", "normal")


def rows(miss_m, velocity_m_s):
    """Only what the question needs of a table of approaches."""
    columns = {}
    for axis, name in enumerate(AXES):
        columns[f"miss_{name}_m"] = np.array([miss_m[axis]], float)
        columns[f"relative_velocity_{name}_m_s"] = np.array([velocity_m_s[axis]], float)
    return SimpleNamespace(**columns)


def depth_along(volume, miss_m, velocity_m_s):
    """Smallest depth (at most 1: inside) at closely spaced places of the line."""
    axes_m = np.array([volume.radial_m, volume.transverse_m, volume.normal_m])
    times_s = np.linspace(-5.0, 5.0, 20_001)[:, None]
    place = np.abs((np.array(miss_m) + times_s * np.array(velocity_m_s)) / axes_m)
    return (place.max(axis=1) if volume.kind == "box" else np.linalg.norm(place, axis=1)).min()


metres = st.floats(-3000.0, 3000.0)
speeds = st.floats(-1000.0, 1000.0) | st.just(0.0)


@given(st.sampled_from(["box", "ellipsoid"]), st.tuples(metres, metres, metres),
       st.tuples(speeds, speeds, speeds))  # fmt: skip
def test_it_enters_where_some_place_of_its_line_is_inside(kind, miss_m, velocity_m_s):
    volume = Volume(kind=kind, radial_m=400.0, transverse_m=1500.0, normal_m=900.0)
    # A row stands at its least distance: the line is followed 5 s to either side of that.
    velocity = np.array(velocity_m_s)
    if velocity @ velocity > 0.0:
        miss_m = np.array(miss_m) - (np.array(miss_m) @ velocity) / (velocity @ velocity) * velocity
    depth = depth_along(volume, miss_m, velocity_m_s)
    reach = np.abs(5.0 * velocity / np.array([400.0, 1500.0, 900.0])).max()
    if depth < 0.99:
        assert inside_volume(rows(miss_m, velocity_m_s), volume)[0]
    elif depth > 1.02 and (reach > 12.0 or not velocity.any()):
        assert not inside_volume(rows(miss_m, velocity_m_s), volume)[0]


def test_a_sphere_is_entered_where_the_miss_is_within_its_radius():
    for miss_m, inside in ((999.0, True), (1000.0, True), (1001.0, False)):
        found = inside_volume(rows((0.0, 0.0, miss_m), (10.0, 7000.0, 0.0)), sphere(1000.0))
        assert found[0] == inside


def test_a_line_through_a_corner_enters_a_box_though_its_miss_is_outside_the_ellipsoid():
    miss_m, velocity = (290.0, 290.0, 290.0), (0.0, 1.0, -1.0)
    box = Volume(kind="box", radial_m=300.0, transverse_m=300.0, normal_m=300.0)
    round_one = Volume(kind="ellipsoid", radial_m=300.0, transverse_m=300.0, normal_m=300.0)
    assert inside_volume(rows(miss_m, velocity), box)[0]
    assert not inside_volume(rows(miss_m, velocity), round_one)[0]


@pytest.mark.parametrize("kind", ["box", "ellipsoid"])
def test_of_no_rows_none_is_inside(kind):
    empty = rows((0.0,) * 3, (0.0,) * 3)
    nothing = SimpleNamespace(**{name: column[:0] for name, column in vars(empty).items()})
    volume = Volume(kind=kind, radial_m=1.0, transverse_m=2.0, normal_m=3.0)
    assert len(inside_volume(nothing, volume)) == 0
