"""The errors of element sets, looked up in a table by their orbits and ages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.sgp4_constants import EARTH_GM_M3_S2, EARTH_RADIUS_M

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.records.element_errors import ElementErrors
    from skypact.records.elements import Elements

    Booleans = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


class Sigmas(NamedTuple):
    """One-sigma errors along radial, transverse, normal, and the row that says so.

    `sigma_rtn_m` has shape (n, 3). Where no row of the table fits, the sigmas are NaN and
    `row` is -1.
    """

    sigma_rtn_m: Floats
    row: Integers


def element_sigmas(elements: Elements, age_s: Floats, errors: ElementErrors) -> Sigmas:
    """Errors of these element sets at these ages (time minus epoch; both of one length).

    Before its epoch a set is taken to be as good as after it. Nothing is extrapolated: a set
    older than the table, or in an orbit that it does not have, is unknown.
    """
    size_s = np.abs(age_s)
    row = np.full(len(elements), -1)
    sigma_rtn_m = np.full((len(elements), 3), np.nan)
    start_m = np.stack(
        [errors.sigma_radial_m, errors.sigma_transverse_m, errors.sigma_normal_m], axis=1
    )
    growth_m_s = np.stack(
        [errors.growth_radial_m_s, errors.growth_transverse_m_s, errors.growth_normal_m_s], axis=1
    )
    for number in range(len(errors)):
        fits = _fits(elements, errors, number) & _within(size_s, errors, "age_{}_s", number)
        new = fits & (row < 0)
        row[new] = number
        older_s = size_s[new, None] - errors.age_from_s[number]
        sigma_rtn_m[new] = start_m[number] + growth_m_s[number] * older_s
    return Sigmas(sigma_rtn_m, row)


def knows_orbit(elements: Elements, errors: ElementErrors) -> Booleans:
    """Whether the table has a row for the orbit of each set, at whatever age."""
    known = np.zeros(len(elements), np.bool_)
    for number in range(len(errors)):
        known |= _fits(elements, errors, number)
    return known


def _fits(elements: Elements, errors: ElementErrors, row: int) -> Booleans:
    return (
        _within(perigee_heights_m(elements), errors, "perigee_{}_m", row)
        & _within(elements.eccentricity, errors, "eccentricity_{}", row)
        & _within(elements.inclination_rad, errors, "inclination_{}_rad", row)
    )


def _within(values: Floats, errors: ElementErrors, column: str, row: int) -> Booleans:
    low, high = (getattr(errors, column.format(end))[row] for end in ("from", "until"))
    inside: Booleans = (values >= low) & (values < high)
    return inside


def perigee_heights_m(elements: Elements) -> Floats:
    """Heights of the mean perigees above the equator."""
    axis_m: Floats = np.cbrt(EARTH_GM_M3_S2 / elements.mean_motion_rad_s**2)
    return axis_m * (1.0 - elements.eccentricity) - EARTH_RADIUS_M
