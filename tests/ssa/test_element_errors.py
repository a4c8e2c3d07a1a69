"""Which row of a table holds, and that nothing is said where no source says it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.astro.sgp4_reference import Orbit, elements_of

from skypact.ssa.element_errors import element_sigmas, knows_orbit
from skypact.ssa.published_element_errors import published_element_errors

DAY_S = 86_400.0


def circular(height_km, inclination_deg=50.0, eccentricity=0.0):
    perigee_radii = 1.0 + height_km / 6378.135
    return Orbit(perigee_radii, eccentricity, np.radians(inclination_deg), 0.0, 0.0, 0.0, 0.0)


# The papers' own figures: metres along radial, transverse, normal.
@pytest.mark.parametrize(
    ("orbit", "age_days", "sigma_m"),
    [
        (circular(500.0), 0.0, (176.0, 695.0, 168.0)),
        (circular(500.0), 2.0, (426.0, 1479.0, 168.0)),
        (circular(500.0), -2.0, (426.0, 1479.0, 168.0)),
        (circular(1999.0, 98.0), 6.99, (1049.75, 3435.08, 168.0)),
        (circular(20_200.0, 55.0), 0.5, (71.0, 228.0, 95.0)),
        (circular(20_200.0, 65.0), 0.5, (91.0, 428.0, 114.0)),
        (circular(8_000.0, 5.0), 0.5, (191.0, 256.0, 203.0)),
        (circular(35_786.0, 0.0), 0.99, (357.0, 432.0, 83.0)),
    ],
)
def test_published_errors_are_those_of_the_papers(orbit, age_days, sigma_m):
    found = element_sigmas(
        elements_of([orbit]), np.array([age_days * DAY_S]), published_element_errors()
    )
    assert found.sigma_rtn_m[0] == pytest.approx(sigma_m, rel=1e-12)


@pytest.mark.parametrize(
    ("orbit", "age_days", "orbit_is_known"),
    [
        (circular(500.0), 7.0, True),
        (circular(500.0), -7.0, True),
        (circular(500.0), np.nan, True),
        (circular(20_200.0, 55.0), 1.0, True),
        (circular(500.0, eccentricity=0.1), 0.0, False),
        (circular(35_786.0, 35.0), 0.0, False),
        (circular(-1.0), 0.0, False),
    ],
)
def test_outside_the_table_the_error_is_unknown(orbit, age_days, orbit_is_known):
    elements, table = elements_of([orbit]), published_element_errors()
    found = element_sigmas(elements, np.array([age_days * DAY_S]), table)
    assert found.row.tolist() == [-1]
    assert np.isnan(found.sigma_rtn_m).all()
    assert knows_orbit(elements, table).tolist() == [orbit_is_known]


def test_every_published_row_cites_its_source_and_can_be_reached():
    table = published_element_errors()
    assert all("(20" in source for source in table.source)
    reached = set()
    for height_km in (300.0, 5000.0, 30_000.0):
        for inclination_deg in (10.0, 45.0, 98.0):
            elements = elements_of([circular(height_km, inclination_deg)])
            reached |= set(element_sigmas(elements, np.zeros(1), table).row.tolist())
    assert reached - {-1} == set(range(len(table)))


def test_of_two_rows_that_fit_the_first_holds():
    table = published_element_errors()
    twice = replace(
        table[np.array([0, 0])], sigma_radial_m=np.array([1.0, 2.0]), growth_radial_m_s=np.zeros(2)
    )
    found = element_sigmas(elements_of([circular(500.0)]), np.zeros(1), twice)
    assert found.sigma_rtn_m[0, 0] == 1.0


def test_an_empty_table_knows_nothing():
    table = published_element_errors()[:0]
    found = element_sigmas(elements_of([circular(500.0)]), np.zeros(1), table)
    assert found.row.tolist() == [-1]
