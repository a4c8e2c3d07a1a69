"""SGP4's deep-space constants: Sun, Moon and resonance with the Earth's rotation.

For element sets with periods of 225 minutes and more. Theory, symbols and sources as in
`sgp4_terms`; the doubled coefficients of the resonance polynomials are the 2006 paper's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypact.astro.sgp4_constants import (
    DEEP,
    DEEP_HALF_DAY,
    DEEP_ONE_DAY,
    EARTH_RATE_RAD_MIN,
    MOON_ECCENTRICITY,
    MOON_RATE_RAD_MIN,
    SUN_ECCENTRICITY,
    SUN_RATE_RAD_MIN,
    XKE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_TWO_PI = 2.0 * np.pi


class _Body(NamedTuple):
    """Coupling of one perturbing body with the orbit: s1..s7 and the z terms used later."""

    s1: Floats
    s2: Floats
    s3: Floats
    s4: Floats
    s5: Floats
    s6: Floats
    s7: Floats
    z1: Floats
    z2: Floats
    z3: Floats
    z11: Floats
    z12: Floats
    z13: Floats
    z21: Floats
    z22: Floats
    z23: Floats
    z31: Floats
    z32: Floats
    z33: Floats


def deep_terms(
    near: Mapping[str, Floats], epoch_days: Floats, sidereal_rad: Floats
) -> dict[str, Floats]:
    """The deep-space columns for the element sets whose near-Earth columns are given."""
    sun, moon, zmos, zmol = _sun_and_moon(near, epoch_days)
    terms = {"gsto": sidereal_rad, "zmos": zmos, "zmol": zmol}
    terms |= _periodics(near["ecco"], sun, moon)
    secular = _secular(near, sun, moon)
    return {**terms, **secular, **_resonance(near, secular, sidereal_rad)}


def _sun_and_moon(
    near: Mapping[str, Floats], epoch_days: Floats
) -> tuple[_Body, _Body, Floats, Floats]:
    day = epoch_days + 18261.5
    node = (4.5236020 - 9.2422029e-4 * day) % _TWO_PI  # of the Moon's orbit on the ecliptic
    stem, ctem = np.sin(node), np.cos(node)
    zcosil = 0.91375164 - 0.03568096 * ctem
    zsinil = np.sqrt(1.0 - zcosil * zcosil)
    zsinhl = 0.089683511 * stem / zsinil
    zcoshl = np.sqrt(1.0 - zsinhl * zsinhl)
    gam = 5.8351514 + 0.0019443680 * day
    zx = np.arctan2(0.39785416 * stem / zsinil, zcoshl * ctem + 0.91744867 * zsinhl * stem)
    zx = gam + zx - node
    snodm, cnodm = np.sin(near["nodeo"]), np.cos(near["nodeo"])
    one = np.ones_like(day)
    sun = _coupling(near, 2.9864797e-6, one * 0.1945905, one * -0.98088458,
                    one * 0.91744867, one * 0.39785416, cnodm, snodm)  # fmt: skip
    moon = _coupling(near, 4.7968065e-7, np.cos(zx), np.sin(zx), zcosil, zsinil,
                     zcoshl * cnodm + zsinhl * snodm, snodm * zcoshl - cnodm * zsinhl)  # fmt: skip
    zmol = (4.7199672 + 0.22997150 * day - gam) % _TWO_PI
    zmos = (6.2565837 + 0.017201977 * day) % _TWO_PI
    return sun, moon, zmos, zmol


def _coupling(
    near: Mapping[str, Floats],
    cc: float,
    zcosg: Floats,
    zsing: Floats,
    zcosi: Floats,
    zsini: Floats,
    zcosh: Floats,
    zsinh: Floats,
) -> _Body:
    em, sinim, cosim = near["ecco"], near["sinio"], near["cosio"]
    sinomm, cosomm = np.sin(near["argpo"]), np.cos(near["argpo"])
    emsq = em * em
    betasq = 1.0 - emsq
    a1 = zcosg * zcosh + zsing * zcosi * zsinh
    a3 = -zsing * zcosh + zcosg * zcosi * zsinh
    a7 = -zcosg * zsinh + zsing * zcosi * zcosh
    a8 = zsing * zsini
    a9 = zsing * zsinh + zcosg * zcosi * zcosh
    a10 = zcosg * zsini
    a2, a4 = cosim * a7 + sinim * a8, cosim * a9 + sinim * a10
    a5, a6 = -sinim * a7 + cosim * a8, -sinim * a9 + cosim * a10
    x1, x2 = a1 * cosomm + a2 * sinomm, a3 * cosomm + a4 * sinomm
    x3, x4 = -a1 * sinomm + a2 * cosomm, -a3 * sinomm + a4 * cosomm
    x5, x6, x7, x8 = a5 * sinomm, a6 * sinomm, a5 * cosomm, a6 * cosomm
    z31 = 12.0 * x1 * x1 - 3.0 * x3 * x3
    z32 = 24.0 * x1 * x2 - 6.0 * x3 * x4
    z33 = 12.0 * x2 * x2 - 3.0 * x4 * x4
    z1 = 3.0 * (a1 * a1 + a2 * a2) + z31 * emsq
    z2 = 6.0 * (a1 * a3 + a2 * a4) + z32 * emsq
    z3 = 3.0 * (a3 * a3 + a4 * a4) + z33 * emsq
    s3 = cc / near["no"]
    s4 = s3 * np.sqrt(betasq)
    return _Body(
        s1=-15.0 * em * s4, s2=-0.5 * s3 / np.sqrt(betasq), s3=s3, s4=s4,
        s5=x1 * x3 + x2 * x4, s6=x2 * x3 + x1 * x4, s7=x2 * x4 - x1 * x3,
        z1=z1 + z1 + betasq * z31, z2=z2 + z2 + betasq * z32, z3=z3 + z3 + betasq * z33,
        z11=-6.0 * a1 * a5 + emsq * (-24.0 * x1 * x7 - 6.0 * x3 * x5),
        z12=-6.0 * (a1 * a6 + a3 * a5)
        + emsq * (-24.0 * (x2 * x7 + x1 * x8) - 6.0 * (x3 * x6 + x4 * x5)),
        z13=-6.0 * a3 * a6 + emsq * (-24.0 * x2 * x8 - 6.0 * x4 * x6),
        z21=6.0 * a2 * a5 + emsq * (24.0 * x1 * x5 - 6.0 * x3 * x7),
        z22=6.0 * (a4 * a5 + a2 * a6)
        + emsq * (24.0 * (x2 * x5 + x1 * x6) - 6.0 * (x4 * x7 + x3 * x8)),
        z23=6.0 * a4 * a6 + emsq * (24.0 * x2 * x6 - 6.0 * x4 * x8),
        z31=z31, z32=z32, z33=z33,
    )  # fmt: skip


def _periodics(ecco: Floats, sun: _Body, moon: _Body) -> dict[str, Floats]:
    """Amplitudes of the long-period terms, by the function (2, 3, 4) that they go with."""
    terms: dict[str, Floats] = {}
    names = {
        "sun": "se2 se3 si2 si3 sl2 sl3 sl4 sgh2 sgh3 sgh4 sh2 sh3",
        "moon": "ee2 e3 xi2 xi3 xl2 xl3 xl4 xgh2 xgh3 xgh4 xh2 xh3",
    }  # fmt: skip
    for key, body, eccentricity in (
        ("sun", sun, SUN_ECCENTRICITY),
        ("moon", moon, MOON_ECCENTRICITY),
    ):
        values = (
            2.0 * body.s1 * body.s6, 2.0 * body.s1 * body.s7,
            2.0 * body.s2 * body.z12, 2.0 * body.s2 * (body.z13 - body.z11),
            -2.0 * body.s3 * body.z2, -2.0 * body.s3 * (body.z3 - body.z1),
            -2.0 * body.s3 * (-21.0 - 9.0 * ecco * ecco) * eccentricity,
            2.0 * body.s4 * body.z32, 2.0 * body.s4 * (body.z33 - body.z31),
            -18.0 * body.s4 * eccentricity,
            -2.0 * body.s2 * body.z22, -2.0 * body.s2 * (body.z23 - body.z21),
        )  # fmt: skip
        terms.update(zip(names[key].split(), values, strict=True))
    return terms


def _secular(near: Mapping[str, Floats], sun: _Body, moon: _Body) -> dict[str, Floats]:
    """Drifts from the averaged pull of Sun and Moon."""
    inclm, sinim, cosim, emsq = near["inclo"], near["sinio"], near["cosio"], near["ecco"] ** 2
    zns, znl = SUN_RATE_RAD_MIN, MOON_RATE_RAD_MIN
    flat = (inclm < 5.2359877e-2) | (inclm > np.pi - 5.2359877e-2)  # 3 degrees
    shs = np.where(flat, 0.0, -zns * sun.s2 * (sun.z21 + sun.z23))
    shll = np.where(flat, 0.0, -znl * moon.s2 * (moon.z21 + moon.z23))
    divisor = np.where(sinim != 0.0, sinim, 1.0)
    shs = shs / divisor
    sgs = sun.s4 * zns * (sun.z31 + sun.z33 - 6.0) - cosim * shs
    sghl = moon.s4 * znl * (moon.z31 + moon.z33 - 6.0)
    moon_node = np.where(sinim != 0.0, shll / divisor, 0.0)
    return {
        "dedt": sun.s1 * zns * sun.s5 + moon.s1 * znl * moon.s5,
        "didt": sun.s2 * zns * (sun.z11 + sun.z13) + moon.s2 * znl * (moon.z11 + moon.z13),
        "dmdt": -zns * sun.s3 * (sun.z1 + sun.z3 - 14.0 - 6.0 * emsq)
        - znl * moon.s3 * (moon.z1 + moon.z3 - 14.0 - 6.0 * emsq),
        "domdt": sgs + sghl - cosim * moon_node,
        "dnodt": shs + moon_node,
    }


def _resonance(
    near: Mapping[str, Floats], secular: Mapping[str, Floats], sidereal_rad: Floats
) -> dict[str, Floats]:
    no, ecco = near["no"], near["ecco"]
    one_day = (no > 0.0034906585) & (no < 0.0052359877)
    half_day = (no >= 8.26e-3) & (no <= 9.24e-3) & (ecco >= 0.5)
    theta = sidereal_rad % _TWO_PI
    mo, nodeo, argpo = near["mo"], near["nodeo"], near["argpo"]
    drift = near["mdot"] + secular["dmdt"] - no
    node_drift = near["nodedot"] + secular["dnodt"] - EARTH_RATE_RAD_MIN
    lambda_day = (mo + nodeo + argpo - theta) % _TWO_PI
    lambda_half = (mo + nodeo + nodeo - theta - theta) % _TWO_PI
    perigee_drift = near["argpdot"] + secular["domdt"]
    return {
        "kind": np.where(one_day, DEEP_ONE_DAY, np.where(half_day, DEEP_HALF_DAY, DEEP)),
        "xlamo": np.where(one_day, lambda_day, lambda_half),
        "xfact": np.where(one_day, drift + node_drift + perigee_drift, drift + 2.0 * node_drift),
        **_one_day(near),
        **_half_day(near),
    }


def _one_day(near: Mapping[str, Floats]) -> dict[str, Floats]:
    no, emsq, sinim, cosim = near["no"], near["ecco"] ** 2, near["sinio"], near["cosio"]
    aonv = (no / XKE) ** (2.0 / 3.0)
    g200 = 1.0 + emsq * (-2.5 + 0.8125 * emsq)
    g310 = 1.0 + 2.0 * emsq
    g300 = 1.0 + emsq * (-6.0 + 6.60937 * emsq)
    f220 = 0.75 * (1.0 + cosim) ** 2
    f311 = 0.9375 * sinim * sinim * (1.0 + 3.0 * cosim) - 0.75 * (1.0 + cosim)
    f330 = 1.875 * (1.0 + cosim) ** 3
    size = 3.0 * no * no * aonv * aonv
    return {
        "del1": size * f311 * g310 * 2.1460748e-6 * aonv,
        "del2": 2.0 * size * f220 * g200 * 1.7891679e-6,
        "del3": 3.0 * size * f330 * g300 * 2.2123015e-7 * aonv,
    }


def _half_day(near: Mapping[str, Floats]) -> dict[str, Floats]:
    no, em, sinim, cosim = near["no"], near["ecco"], near["sinio"], near["cosio"]
    g201 = -0.306 - (em - 0.64) * 0.440
    g211, g310, g322, g410, g422, g520, g521, g532, g533 = _eccentricity_polynomials(em)
    sini2, cosisq = sinim * sinim, cosim * cosim
    f220 = 0.75 * (1.0 + 2.0 * cosim + cosisq)
    f221 = 1.5 * sini2
    f321 = 1.875 * sinim * (1.0 - 2.0 * cosim - 3.0 * cosisq)
    f322 = -1.875 * sinim * (1.0 + 2.0 * cosim - 3.0 * cosisq)
    f441 = 35.0 * sini2 * f220
    f442 = 39.3750 * sini2 * sini2
    f522 = (
        9.84375
        * sinim
        * (
            sini2 * (1.0 - 2.0 * cosim - 5.0 * cosisq)
            + 0.33333333 * (-2.0 + 4.0 * cosim + 6.0 * cosisq)
        )
    )
    f523 = sinim * (
        4.92187512 * sini2 * (-2.0 - 4.0 * cosim + 10.0 * cosisq)
        + 6.56250012 * (1.0 + 2.0 * cosim - 3.0 * cosisq)
    )
    f542 = 29.53125 * sinim * (2.0 - 8.0 * cosim + cosisq * (-12.0 + 8.0 * cosim + 10.0 * cosisq))
    f543 = 29.53125 * sinim * (-2.0 - 8.0 * cosim + cosisq * (12.0 + 8.0 * cosim - 10.0 * cosisq))
    aonv = (no / XKE) ** (2.0 / 3.0)
    by_2 = 3.0 * no * no * aonv * aonv
    by_3, by_4, by_5 = by_2 * aonv, by_2 * aonv**2, by_2 * aonv**3
    root22, root32, root44, root52, root54 = (
        1.7891679e-6, 3.7393792e-7, 7.3636953e-9, 1.1428639e-7, 2.1765803e-9,
    )  # fmt: skip
    return {
        "d2201": by_2 * root22 * f220 * g201, "d2211": by_2 * root22 * f221 * g211,
        "d3210": by_3 * root32 * f321 * g310, "d3222": by_3 * root32 * f322 * g322,
        "d4410": 2.0 * by_4 * root44 * f441 * g410, "d4422": 2.0 * by_4 * root44 * f442 * g422,
        "d5220": by_5 * root52 * f522 * g520, "d5232": by_5 * root52 * f523 * g532,
        "d5421": 2.0 * by_5 * root54 * f542 * g521, "d5433": 2.0 * by_5 * root54 * f543 * g533,
    }  # fmt: skip


def _eccentricity_polynomials(em: Floats) -> tuple[Floats, ...]:
    """Eccentricity functions g211 … g533, fitted piecewise; highest power first."""
    low, high = em <= 0.65, em > 0.715

    def pick(choose: npt.NDArray[np.bool_], yes: str, no: str) -> Floats:
        return np.where(choose, polynomial(yes), polynomial(no))

    def polynomial(coefficients: str) -> Floats:
        return np.asarray(np.polyval([float(word) for word in coefficients.split()], em), float)

    below_07 = em < 0.7
    g520_above = pick(high, "31324.56 -54087.36 29936.92 -5149.66", "3763.64 -4664.75 1464.74")
    return (
        pick(low, "16.29 -13.247 3.616", "266.724 -508.738 331.819 -72.099"),
        pick(low, "156.591 -228.419 117.39 -19.302", "1246.113 -2415.925 1582.851 -346.844"),
        pick(low, "146.5816 -214.6334 109.7927 -18.9068", "1215.972 -2366.899 1554.908 -342.585"),
        pick(low, "313.953 -471.094 242.694 -41.122", "3651.957 -7193.992 4758.686 -1052.797"),
        pick(low, "1083.435 -1629.014 841.88 -146.407", "12422.52 -24462.77 16178.11 -3581.69"),
        np.where(low, polynomial("3708.276 -5740.032 3017.977 -532.114"), g520_above),
        pick(
            below_07,
            "5337.524 -8491.4146 4568.6173 -822.71072",
            "146349.42 -309468.16 218913.95 -51752.104",
        ),
        pick(
            below_07,
            "5341.4 -8624.77 4690.25 -853.666",
            "115605.82 -242699.48 170470.89 -40023.88",
        ),
        pick(
            below_07,
            "5542.21 -9064.77 4988.61 -919.2277",
            "109377.94 -229838.2 161616.52 -37995.78",
        ),
    )
