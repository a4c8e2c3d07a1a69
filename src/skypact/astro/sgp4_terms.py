"""SGP4's constants of motion: everything that depends on the element set but not on time.

One row per element set, one column per term (`COLUMN`). The theory is SGP4 with the deep
space terms of SDP4, as published in Hoots and Roehrich (1980), Spacetrack Report No. 3, and
corrected in Vallado, Crawford, Hujsak and Kelso (2006), AIAA 2006-6753, whose symbols name
the columns. Units inside are SGP4's own: Earth radii, minutes, radians; constants WGS72.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from skypact.astro.sgp4_constants import DEEP, J2, J3_OVER_J2, J4, NEAR, NEAR_SIMPLE, XKE
from skypact.astro.sgp4_deep import deep_terms

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Mode = Literal["a", "i"]

_TWO_PI = 2.0 * np.pi

_WORDS = """
    mo mdot argpo argpdot nodeo nodedot nodecf cc1 bcc4 t2cof no ecco inclo sinio cosio aycof
    xlcof ao omgcof eta xmcof delmo d2 d3 d4 bcc5 sinmao t3cof t4cof t5cof kind
    gsto zmos zmol
    se2 se3 si2 si3 sl2 sl3 sl4 sgh2 sgh3 sgh4 sh2 sh3
    ee2 e3 xi2 xi3 xl2 xl3 xl4 xgh2 xgh3 xgh4 xh2 xh3
    dedt didt dmdt dnodt domdt xlamo xfact del1 del2 del3
    d2201 d2211 d3210 d3222 d4410 d4422 d5220 d5232 d5421 d5433
    node0 xni0 xli0
"""
# From gsto on for deep space only: sidereal angle, phases of Sun and Moon; periodics of the Sun
# (s…) and the Moon (e…, x…); secular rates; resonance; where its integrator starts (minutes
# from epoch, mean motion and longitude there).
_NAMES: Final = tuple(_WORDS.split())
COLUMN: Final = {name: index for index, name in enumerate(_NAMES)}


class MeanElements(NamedTuple):
    """What SGP4 starts from, shape (n,) each: radians, radians per minute, Earth radii.

    `epoch_days` counts days from 1949-12-31 00:00 UTC.
    """

    epoch_days: Floats
    mean_motion_rad_min: Floats
    eccentricity: Floats
    inclination_rad: Floats
    raan_rad: Floats
    argument_of_perigee_rad: Floats
    mean_anomaly_rad: Floats
    bstar_per_earth_radius: Floats


def sgp4_terms(elements: MeanElements, mode: Mode) -> Floats:
    """The terms of each element set, shape (n, len(COLUMN)).

    `mode` is `a` (what the catalogue's makers use: sidereal time by their old formula, nodes
    kept positive) or `i` (improved). A row whose elements make no orbit comes out NaN.
    """
    terms = np.zeros((len(elements.eccentricity), len(_NAMES)))
    with np.errstate(all="ignore"):
        _near_terms(elements, terms)
        deep = _TWO_PI / terms[:, COLUMN["no"]] >= 225.0
        terms[deep, COLUMN["kind"]] = DEEP
        for name in ("omgcof", "xmcof", "bcc5", "d2", "d3", "d4", "t3cof", "t4cof", "t5cof"):
            terms[deep, COLUMN[name]] = 0.0
        sidereal_rad = _sidereal_rad(elements.epoch_days[deep], mode)
        near = {name: terms[deep, index] for name, index in COLUMN.items()}
        for name, values in deep_terms(near, elements.epoch_days[deep], sidereal_rad).items():
            terms[deep, COLUMN[name]] = values
        terms[deep, COLUMN["xni0"]] = terms[deep, COLUMN["no"]]
        terms[deep, COLUMN["xli0"]] = terms[deep, COLUMN["xlamo"]]
    return terms


def _near_terms(elements: MeanElements, terms: Floats) -> None:
    ecco, inclo, argpo, mo, bstar = (
        elements.eccentricity, elements.inclination_rad, elements.argument_of_perigee_rad,
        elements.mean_anomaly_rad, elements.bstar_per_earth_radius,
    )  # fmt: skip
    cosio, sinio = np.cos(inclo), np.sin(inclo)
    theta2, omeosq = cosio * cosio, 1.0 - ecco * ecco
    rteosq = np.sqrt(omeosq)
    no = _brouwer_mean_motion(elements.mean_motion_rad_min, theta2, rteosq * omeosq)
    ao = (XKE / no) ** (2.0 / 3.0)
    con41, x1mth2, perigee_er = 3.0 * theta2 - 1.0, 1.0 - theta2, ao * (1.0 - ecco)

    sfour, qzms24 = _atmosphere(perigee_er)
    tsi = 1.0 / (ao - sfour)
    eta = ao * ecco * tsi
    etasq, eeta = eta * eta, ecco * eta
    psisq = np.abs(1.0 - etasq)
    coef = qzms24 * tsi**4
    coef1 = coef / psisq**3.5
    cc2 = (
        coef1
        * no
        * (
            ao * (1.0 + 1.5 * etasq + eeta * (4.0 + etasq))
            + 0.375 * J2 * tsi / psisq * con41 * (8.0 + 3.0 * etasq * (8.0 + etasq))
        )
    )
    cc1 = bstar * cc2
    round_orbit = ecco <= 1.0e-4  # terms divided by the eccentricity are dropped
    cc3 = np.where(round_orbit, 0.0, -2.0 * coef * tsi * J3_OVER_J2 * no * sinio / ecco)
    cc4 = 2.0 * no * coef1 * ao * omeosq * (
        eta * (2.0 + 0.5 * etasq) + ecco * (0.5 + 2.0 * etasq)
        - J2 * tsi / (ao * psisq) * (
            -3.0 * con41 * (1.0 - 2.0 * eeta + etasq * (1.5 - 0.5 * eeta))
            + 0.75 * x1mth2 * (2.0 * etasq - eeta * (1.0 + etasq)) * np.cos(2.0 * argpo)
        )
    )  # fmt: skip
    cc5 = 2.0 * coef1 * ao * omeosq * (1.0 + 2.75 * (etasq + eeta) + eeta * etasq)

    rates = _secular_rates(no, ao * omeosq, rteosq, cosio)
    simple = perigee_er < 220.0 / 6378.135 + 1.0
    drag = _drag_series(cc1, ao, tsi, sfour)
    columns = {
        "mo": mo, "argpo": argpo, "nodeo": elements.raan_rad, "no": no, "ecco": ecco,
        "inclo": inclo, "sinio": sinio, "cosio": cosio, "ao": ao, "cc1": cc1, "eta": eta,
        "mdot": rates.mdot, "argpdot": rates.argpdot, "nodedot": rates.nodedot,
        "nodecf": 3.5 * omeosq * rates.node_j2 * cc1, "bcc4": bstar * cc4, "bcc5": bstar * cc5,
        "t2cof": 1.5 * cc1, "omgcof": bstar * cc3 * np.cos(argpo),
        "xmcof": np.where(round_orbit, 0.0, -2.0 / 3.0 * coef * bstar / eeta),
        "delmo": (1.0 + eta * np.cos(mo)) ** 3, "sinmao": np.sin(mo),
        "aycof": -0.5 * J3_OVER_J2 * sinio,
        # near an inclination of 180 degrees the divisor is held off zero
        "xlcof": -0.25 * J3_OVER_J2 * sinio * (3.0 + 5.0 * cosio)
        / np.where(np.abs(1.0 + cosio) > 1.5e-12, 1.0 + cosio, 1.5e-12),
        "kind": np.where(simple, NEAR_SIMPLE, NEAR),
        **{name: np.where(simple, 0.0, values) for name, values in drag.items()},
    }  # fmt: skip
    for name, values in columns.items():
        terms[:, COLUMN[name]] = values
    for name in ("omgcof", "xmcof", "bcc5"):
        terms[simple, COLUMN[name]] = 0.0


def _brouwer_mean_motion(kozai: Floats, theta2: Floats, beta3: Floats) -> Floats:
    """Mean motion after Brouwer from the published one, which is after Kozai."""
    d1 = 0.75 * J2 * (3.0 * theta2 - 1.0) / beta3
    ak = (XKE / kozai) ** (2.0 / 3.0)
    delta = d1 / (ak * ak)
    adel = ak * (1.0 - delta * delta - delta * (1.0 / 3.0 + 134.0 * delta * delta / 81.0))
    brouwer: Floats = kozai / (1.0 + d1 / (adel * adel))
    return brouwer


def _atmosphere(perigee_er: Floats) -> tuple[Floats, Floats]:
    """Height parameter s and (q0 - s)^4 of the density law, lowered for low perigees."""
    perigee_km = (perigee_er - 1.0) * 6378.135
    s_km = np.where(perigee_km < 98.0, 20.0, np.where(perigee_km < 156.0, perigee_km - 78.0, 78.0))
    return s_km / 6378.135 + 1.0, ((120.0 - s_km) / 6378.135) ** 4


class _Rates(NamedTuple):
    mdot: Floats
    argpdot: Floats
    nodedot: Floats
    node_j2: Floats


def _secular_rates(no: Floats, po: Floats, rteosq: Floats, cosio: Floats) -> _Rates:
    """Drift of mean anomaly, perigee and node from J2, J2 squared and J4."""
    theta2 = cosio * cosio
    theta4, pinvsq = theta2 * theta2, 1.0 / (po * po)
    temp1 = 1.5 * J2 * pinvsq * no
    temp2 = 0.5 * temp1 * J2 * pinvsq
    temp3 = -0.46875 * J4 * pinvsq * pinvsq * no
    node_j2 = -temp1 * cosio
    return _Rates(
        mdot=no
        + 0.5 * temp1 * rteosq * (3.0 * theta2 - 1.0)
        + 0.0625 * temp2 * rteosq * (13.0 - 78.0 * theta2 + 137.0 * theta4),
        argpdot=-0.5 * temp1 * (1.0 - 5.0 * theta2)
        + 0.0625 * temp2 * (7.0 - 114.0 * theta2 + 395.0 * theta4)
        + temp3 * (3.0 - 36.0 * theta2 + 49.0 * theta4),
        nodedot=node_j2
        + (0.5 * temp2 * (4.0 - 19.0 * theta2) + 2.0 * temp3 * (3.0 - 7.0 * theta2)) * cosio,
        node_j2=node_j2,
    )


def _drag_series(cc1: Floats, ao: Floats, tsi: Floats, sfour: Floats) -> dict[str, Floats]:
    """Higher powers of time in the drag of semi-major axis and mean longitude."""
    cc1sq = cc1 * cc1
    d2 = 4.0 * ao * tsi * cc1sq
    temp = d2 * tsi * cc1 / 3.0
    d3 = (17.0 * ao + sfour) * temp
    d4 = 0.5 * temp * ao * tsi * (221.0 * ao + 31.0 * sfour) * cc1
    return {
        "d2": d2, "d3": d3, "d4": d4, "t3cof": d2 + 2.0 * cc1sq,
        "t4cof": 0.25 * (3.0 * d3 + cc1 * (12.0 * d2 + 10.0 * cc1sq)),
        "t5cof": 0.2 * (3.0 * d4 + 12.0 * cc1 * d3 + 6.0 * d2 * d2
                        + 15.0 * cc1sq * (2.0 * d2 + cc1sq)),
    }  # fmt: skip


def _sidereal_rad(epoch_days: Floats, mode: Mode) -> Floats:
    """Greenwich sidereal angle at epoch, by the catalogue's own formula in mode `a`."""
    if mode == "a":
        # The reference's epoch has been a Julian date, rounded to 40 microseconds; resonance
        # makes a millimetre a week of that.
        since_1970 = ((epoch_days + 2433281.5) - 2433281.5) - 7305.0
        whole = np.floor(since_1970 + 1.0e-8)
        rate = 1.72027916940703639e-2
        angle = 1.7321343856509374 + rate * whole + (rate + _TWO_PI) * (since_1970 - whole)
        return (angle + since_1970 * since_1970 * 5.07551419432269442e-15) % _TWO_PI
    centuries = (epoch_days + 2433281.5 - 2451545.0) / 36525.0
    seconds = 67310.54841 + centuries * (
        876600.0 * 3600.0 + 8640184.812866 + centuries * (0.093104 - 6.2e-6 * centuries)
    )
    angle = np.radians(seconds / 240.0) % _TWO_PI
    return np.asarray(angle)
