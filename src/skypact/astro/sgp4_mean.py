"""First phase of SGP4: mean elements, drag, and what Sun and Moon do to them.

Loops without a branch or a call that a compiler cannot put into vector lanes; nearly
equatorial orbits are corrected in a loop of their own. Symbols as in `sgp4_terms`.
"""

from __future__ import annotations

import math

import numpy as np

from skypact.astro.sgp4_constants import (
    J3_OVER_J2,
    MOON_ECCENTRICITY,
    MOON_RATE_RAD_MIN,
    SUN_ECCENTRICITY,
    SUN_RATE_RAD_MIN,
    XKE,
)
from skypact.astro.sgp4_resonance import resonate
from skypact.astro.sgp4_scratch import (
    AM,
    ARGP,
    AXN,
    AYN,
    COSI,
    ECC,
    ECCENTRICITY_OUT,
    ERROR,
    INC,
    MEAN,
    MEAN_MOTION_OUT,
    NM,
    NODE,
    PERTURBED_OUT,
    PGH,
    PH,
    PINC,
    SINI,
    TIME,
    U,
)  # fmt: skip
from skypact.astro.sgp4_terms import COLUMN
from skypact.astro.trigonometry import sincos, small_sincos
from skypact.base.kernel import inlined, kernel

_TWO_PI = 2.0 * math.pi
_LYDDANE_RAD = 0.2

(_mo, _mdot, _argpo, _argpdot, _nodeo, _nodedot, _nodecf, _cc1, _bcc4, _t2cof, _no, _ecco, _inclo,
 _sinio, _cosio, _aycof, _xlcof, _ao, _omgcof, _eta, _xmcof, _delmo, _d2, _d3, _d4, _bcc5,
 _sinmao, _t3cof, _t4cof, _t5cof) = range(30)  # fmt: skip
_zmos, _zmol, _sun, _moon = (COLUMN[name] for name in ("zmos", "zmol", "se2", "ee2"))
_dedt, _didt, _dnodt, _domdt = (COLUMN[name] for name in ("dedt", "didt", "dnodt", "domdt"))


@kernel
def mean_near(c, n, s):  # type: ignore[no-untyped-def]
    mo, mdot, argpo, argpdot, nodeo, nodedot = (
        c[_mo],
        c[_mdot],
        c[_argpo],
        c[_argpdot],
        c[_nodeo],
        c[_nodedot],
    )
    nodecf, cc1, bcc4, t2cof, no, ecco = c[_nodecf], c[_cc1], c[_bcc4], c[_t2cof], c[_no], c[_ecco]
    sinio, cosio, aycof, xlcof, ao = c[_sinio], c[_cosio], c[_aycof], c[_xlcof], c[_ao]
    omgcof, eta, xmcof, delmo, d2, d3, d4 = (
        c[_omgcof],
        c[_eta],
        c[_xmcof],
        c[_delmo],
        c[_d2],
        c[_d3],
        c[_d4],
    )
    bcc5, sinmao, t3cof, t4cof, t5cof = c[_bcc5], c[_sinmao], c[_t3cof], c[_t4cof], c[_t5cof]
    for k in range(n):
        t = s[TIME + k]
        t2 = t * t
        mean = mo + mdot * t
        argp = argpo + argpdot * t
        _, cos_mean = sincos(mean)
        swing = 1.0 + eta * cos_mean
        shift = omgcof * t + xmcof * (swing * swing * swing - delmo)
        mean += shift
        argp -= shift
        sin_mean, _ = sincos(mean)
        tempa = 1.0 - cc1 * t - t2 * (d2 + t * (d3 + t * d4))
        tempe = bcc4 * t + bcc5 * (sin_mean - sinmao)
        templ = t2 * (t2cof + t * (t3cof + t * (t4cof + t * t5cof)))
        ecc = ecco - tempe
        s[ERROR + k] = ECCENTRICITY_OUT if ecc >= 1.0 or ecc < -0.001 else 0.0
        ecc = ecc if ecc >= 1.0e-6 else 1.0e-6
        am = ao * tempa * tempa
        sin_argp, cos_argp = sincos(argp)
        temp = 1.0 / (am * (1.0 - ecc * ecc))
        axn = ecc * cos_argp
        u = mean + no * templ + argp + temp * xlcof * axn
        s[AM + k] = am
        s[AXN + k] = axn
        s[AYN + k] = ecc * sin_argp + temp * aycof
        s[U + k] = u - _TWO_PI * _nearest(u / _TWO_PI)
        s[NODE + k] = nodeo + nodedot * t + nodecf * t2
        s[SINI + k] = sinio
        s[COSI + k] = cosio
        s[NM + k] = XKE / (am * math.sqrt(am))


@inlined
def _nearest(x):  # type: ignore[no-untyped-def]
    return (x + 6755399441055744.0) - 6755399441055744.0


@kernel
def mean_deep(c, n, keep_nodes_positive, s):  # type: ignore[no-untyped-def]
    resonate(c, n, s)
    _perturb(c, n, s)
    for k in range(n):
        if s[INC + k] < _LYDDANE_RAD:
            _lyddane(k, keep_nodes_positive, s)
    for k in range(n):
        flip = s[INC + k] < 0.0
        inc = -s[INC + k] if flip else s[INC + k]
        node = s[NODE + k] + math.pi if flip else s[NODE + k]
        argp = s[ARGP + k] - math.pi if flip else s[ARGP + k]
        ecc = s[ECC + k]
        s[ERROR + k] = (
            PERTURBED_OUT if s[ERROR + k] == 0.0 and (ecc < 0.0 or ecc > 1.0) else s[ERROR + k]
        )
        sini, cosi = sincos(inc)
        sin_argp, cos_argp = sincos(argp)
        divisor = 1.0 + cosi if abs(1.0 + cosi) > 1.5e-12 else 1.5e-12
        aycof = -0.5 * J3_OVER_J2 * sini
        xlcof = -0.25 * J3_OVER_J2 * sini * (3.0 + 5.0 * cosi) / divisor
        am = s[AM + k]
        temp = 1.0 / (am * (1.0 - ecc * ecc))
        axn = ecc * cos_argp
        u = s[MEAN + k] + argp + temp * xlcof * axn
        s[AXN + k] = axn
        s[AYN + k] = ecc * sin_argp + temp * aycof
        s[U + k] = u - _TWO_PI * _nearest(u / _TWO_PI)
        s[NODE + k] = node
        s[SINI + k] = sini
        s[COSI + k] = cosi
        s[NM + k] = XKE / (am * math.sqrt(am))


@kernel
def _perturb(c, n, s):  # type: ignore[no-untyped-def]
    """Secular and periodic effects of drag, Sun and Moon on the mean elements."""
    argpo, argp_rate = c[_argpo], c[_argpdot] + c[_domdt]
    nodeo, node_rate, nodecf = c[_nodeo], c[_nodedot] + c[_dnodt], c[_nodecf]
    inclo, didt, ecco, ecc_rate = c[_inclo], c[_didt], c[_ecco], c[_dedt] - c[_bcc4]
    no, ao, cc1, longitude_drag, zmos, zmol = (
        c[_no],
        c[_ao],
        c[_cc1],
        c[_no] * c[_t2cof],
        c[_zmos],
        c[_zmol],
    )
    se2, se3, si2, si3, sl2, sl3 = (
        c[_sun],
        c[_sun + 1],
        c[_sun + 2],
        c[_sun + 3],
        c[_sun + 4],
        c[_sun + 5],
    )
    sl4, sgh2, sgh3, sgh4, sh2, sh3 = (
        c[_sun + 6],
        c[_sun + 7],
        c[_sun + 8],
        c[_sun + 9],
        c[_sun + 10],
        c[_sun + 11],
    )
    ee2, e3, xi2, xi3, xl2, xl3 = (
        c[_moon],
        c[_moon + 1],
        c[_moon + 2],
        c[_moon + 3],
        c[_moon + 4],
        c[_moon + 5],
    )
    xl4, xgh2, xgh3, xgh4, xh2, xh3 = (
        c[_moon + 6],
        c[_moon + 7],
        c[_moon + 8],
        c[_moon + 9],
        c[_moon + 10],
        c[_moon + 11],
    )
    for k in range(n):
        t = s[TIME + k]
        nm = s[NM + k]
        tempa = 1.0 - cc1 * t
        s[AM + k] = ao * _two_thirds_power(no / nm) * tempa * tempa
        ecc = ecco + ecc_rate * t
        outside = ECCENTRICITY_OUT if ecc >= 1.0 or ecc < -0.001 else 0.0
        s[ERROR + k] = MEAN_MOTION_OUT if nm <= 0.0 else outside
        ecc = ecc if ecc >= 1.0e-6 else 1.0e-6

        f2, f3, sinzf = _phase(zmos + SUN_RATE_RAD_MIN * t, SUN_ECCENTRICITY)
        pe = se2 * f2 + se3 * f3
        pinc = si2 * f2 + si3 * f3
        pl = sl2 * f2 + sl3 * f3 + sl4 * sinzf
        pgh = sgh2 * f2 + sgh3 * f3 + sgh4 * sinzf
        ph = sh2 * f2 + sh3 * f3
        f2, f3, sinzf = _phase(zmol + MOON_RATE_RAD_MIN * t, MOON_ECCENTRICITY)
        pe += ee2 * f2 + e3 * f3
        pinc += xi2 * f2 + xi3 * f3
        pl += xl2 * f2 + xl3 * f3 + xl4 * sinzf
        pgh += xgh2 * f2 + xgh3 * f3 + xgh4 * sinzf
        ph += xh2 * f2 + xh3 * f3

        inc = inclo + didt * t + pinc
        sini, cosi = sincos(inc)
        # Below 0.2 rad these divide by too little: the Lyddane loop corrects node and perigee.
        lyddane = inc < _LYDDANE_RAD
        node_shift = 0.0 if lyddane else ph / sini
        argp_shift = 0.0 if lyddane else pgh - cosi * node_shift
        s[INC + k] = inc
        s[ECC + k] = ecc + pe
        s[MEAN + k] += longitude_drag * t * t + pl
        s[ARGP + k] = argpo + argp_rate * t + argp_shift
        s[NODE + k] = nodeo + (node_rate + nodecf * t) * t + node_shift
        s[PINC + k] = pinc
        s[PH + k] = ph
        s[PGH + k] = pgh


@inlined
def _phase(mean_rad, eccentricity):  # type: ignore[no-untyped-def]
    """Functions of the true longitude of Sun or Moon that the periodics are made of."""
    sine, cosine = sincos(mean_rad)
    sin_shift, cos_shift = small_sincos(2.0 * eccentricity * sine)
    sinzf = sine * cos_shift + cosine * sin_shift
    coszf = cosine * cos_shift - sine * sin_shift
    return 0.5 * sinzf * sinzf - 0.25, -0.5 * sinzf * coszf, sinzf


@inlined
def _two_thirds_power(x):  # type: ignore[no-untyped-def]
    """x to the power 2/3 for x near 1 (a resonance moves mean motion by percents at most).

    Newton for the cube root, from a start that is within 1e-3 over 0.8..1.25; five steps hold
    1e-16 from 0.2 to 5.
    """
    root = 1.0 + (x - 1.0) / 3.0 - (x - 1.0) * (x - 1.0) / 9.0
    root = root if root > 0.3 else 0.3
    root -= (root - x / (root * root)) / 3.0
    root -= (root - x / (root * root)) / 3.0
    root -= (root - x / (root * root)) / 3.0
    root -= (root - x / (root * root)) / 3.0
    root -= (root - x / (root * root)) / 3.0
    return root * root


@kernel
def _lyddane(k, keep_nodes_positive, s):  # type: ignore[no-untyped-def]
    """Periodics of node and perigee for orbits close to the equator, after Lyddane."""
    inc, pinc, ph = s[INC + k], s[PINC + k], s[PH + k]
    sini, cosi = math.sin(inc), math.cos(inc)
    before = np.fmod(s[NODE + k], _TWO_PI)
    sin_node, cos_node = math.sin(before), math.cos(before)
    alfdp = sini * sin_node + ph * cos_node + pinc * cosi * sin_node
    betdp = sini * cos_node - ph * sin_node + pinc * cosi * cos_node
    if keep_nodes_positive and before < 0.0:
        before += _TWO_PI
    after = math.atan2(alfdp, betdp)
    if keep_nodes_positive and after < 0.0:
        after += _TWO_PI
    if abs(before - after) > math.pi:
        after += _TWO_PI if after < before else -_TWO_PI
    s[ARGP + k] += s[PGH + k] + (cosi - pinc * sini) * before - cosi * after
    s[NODE + k] = after
