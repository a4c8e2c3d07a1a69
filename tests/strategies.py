"""Hypothesis strategies, each drawn from the whole domain that its docstring promises."""

from __future__ import annotations

from math import nextafter, pi, tau

import numpy as np
from hypothesis import strategies as st
from tests.astro.sgp4_reference import Orbit

from skypact.base.table import TEXT
from skypact.records.elements import Elements
from skypact.records.marks import DataMode, Marks

_FIRST_NS = int(np.datetime64("1957-01-01", "ns").astype(np.int64))
_LAST_NS = int(np.datetime64("2199-12-31T23:59:59.999999999", "ns").astype(np.int64))

_finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
_angle_rad = st.floats(0.0, tau, exclude_max=True)
# Text as catalogues hold it: no line ends, no edges that a reader would strip.
_line = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=24)
_word = _line.map(str.strip)
_name = _word.filter(lambda name: not name.startswith("EXERCISE"))

_ROW = st.fixed_dictionaries(
    {
        "norad_id": st.integers(0, 999_999_999),
        "name": _name,
        "object_id": _word,
        "epoch_utc": st.integers(_FIRST_NS, _LAST_NS),
        "mean_motion_rad_s": st.floats(nextafter(0.0, 1.0), 1e3),
        "eccentricity": st.floats(0.0, 1.0, exclude_max=True),
        "inclination_rad": st.floats(0.0, pi),
        "raan_rad": _angle_rad,
        "argument_of_perigee_rad": _angle_rad,
        "mean_anomaly_rad": _angle_rad,
        "bstar_per_earth_radius": _finite,
        "mean_motion_dot_rad_s2": st.floats(-1e3, 1e3) | st.just(float("nan")),
        "mean_motion_ddot_rad_s3": st.floats(-1e3, 1e3) | st.just(float("nan")),
        "ephemeris_type": st.integers(0, 9),
        "classification": st.sampled_from(["U", "C", "S", ""]),
        "element_set_no": st.integers(-1, 99_999),
        "rev_at_epoch": st.integers(-1, 999_999),
    }
)


@st.composite
def element_tables(draw: st.DrawFn, min_size: int = 1, max_size: int = 5) -> Elements:
    """Element sets of different objects, of every size and kind that the table allows."""
    by_object = st.lists(
        _ROW, min_size=min_size, max_size=max_size, unique_by=lambda row: row["norad_id"]
    )
    rows = draw(by_object)
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    for name in ("name", "object_id", "classification"):
        columns[name] = np.array([row[name] for row in rows], TEXT)
    columns["epoch_utc"] = columns["epoch_utc"].astype("M8[ns]")
    mode = draw(st.sampled_from(DataMode))
    return Elements(marks=Marks(originator="test", source="test", data_mode=mode), **columns)


utc_ns = st.integers(_FIRST_NS, _LAST_NS)
# TAI instants, every second one within two seconds of a step of UTC.
_steps_ns = st.sampled_from(["1972-07-01", "1981-07-01", "1999-01-01", "2006-01-01", "2017-01-01"])
instants_ns = utc_ns.map(lambda ns: ns + 37_000_000_000) | st.builds(
    lambda day, offset_s, shift_ns: (
        int(np.datetime64(day, "ns").astype(np.int64)) + offset_s * 1_000_000_000 + shift_ns
    ),
    _steps_ns,
    st.integers(8, 40),
    st.integers(-2_000_000_000, 2_000_000_000),
)


# Perigee above the densest air, eccentricity up to where SGP4 still keeps a millimetre.
sgp4_orbits = st.builds(
    Orbit,
    perigee_radii=st.floats(1.02, 6.7),
    eccentricity=st.floats(0.0, 0.95),
    # Inclinations whose square underflows make the reference NaN.
    inclination_rad=st.floats(1e-12, 3.1) | st.floats(0.19, 0.21) | st.just(0.0),
    raan_rad=_angle_rad,
    argument_of_perigee_rad=_angle_rad,
    mean_anomaly_rad=_angle_rad,
    bstar=st.floats(-1e-3, 1e-3),
)
minutes_of_a_week = st.lists(st.floats(-10_080.0, 10_080.0), min_size=1, max_size=20)
