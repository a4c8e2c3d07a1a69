"""SGP4 at many times of one object: short loops over a batch, each of which vectorises.

Phases, on rows of a scratch array with one column per time:
mean elements (near Earth, or deep space with resonance and lunisolar periodics), then
Kepler's equation, then position and velocity. A phase has no branch and no call that a
compiler cannot put into vector lanes; the exceptions (resonance nodes, nearly equatorial
orbits) are handled in loops of their own.

Symbols as in `sgp4_terms`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.sgp4_deep import (
    DEEP,
    DEEP_HALF_DAY,
    DEEP_ONE_DAY,
    EARTH_RATE_RAD_MIN,
    MOON_ECCENTRICITY,
    MOON_RATE_RAD_MIN,
    SUN_ECCENTRICITY,
    SUN_RATE_RAD_MIN,
)
from skypact.astro.sgp4_terms import COLUMN, EARTH_RADIUS_M, J2, J3_OVER_J2, NEAR, XKE
from skypact.astro.trigonometry import sincos, small_sincos
from skypact.base.kernel import inlined, kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

BATCH = 128
_TWO_PI = 2.0 * math.pi
_VELOCITY = EARTH_RADIUS_M * XKE / 60.0
_CONVERGED_RAD = 4.0e-8  # a Newton step this small leaves an error below 1e-15 rad
_STEP_MIN = 720.0  # of the resonance integrator
_LYDDANE_RAD = 0.2

# Error of a time, as the reference implementations number them.
ECCENTRICITY_OUT, MEAN_MOTION_OUT, PERTURBED_OUT, SEMILATUS_OUT, DECAYED = 1.0, 2.0, 3.0, 4.0, 6.0

# Scratch rows, as offsets into one flat array: with constant distances between the rows the
# compiler can prove that they do not overlap, and only then does it vectorise.
(TIME, X, Y, Z, VX, VY, VZ, ERROR, _AM, _AXN, _AYN, _U, _NODE, _INC, _NM, _E, _SINE, _COSE, _SINI,
 _COSI, _ARGP, _MEAN, _ECC, _PINC, _PH, _PGH) = range(0, 26 * BATCH, BATCH)  # fmt: skip
SCRATCH = 26 * BATCH

(_mo, _mdot, _argpo, _argpdot, _nodeo, _nodedot, _nodecf, _cc1, _bcc4, _t2cof, _no, _ecco, _inclo,
 _sinio, _cosio, _aycof, _xlcof, _ao, _omgcof, _eta, _xmcof, _delmo, _d2, _d3, _d4, _bcc5,
 _sinmao, _t3cof, _t4cof, _t5cof, _kind) = range(31)  # fmt: skip
_gsto, _zmos, _zmol, _sun, _moon = (COLUMN[n] for n in ("gsto", "zmos", "zmol", "se2", "ee2"))
_dedt, _didt, _dmdt, _dnodt, _domdt = (COLUMN[n] for n in ("dedt", "didt", "dmdt", "dnodt", "domdt"))
_xlamo, _xfact, _del1, _d2201 = (COLUMN[n] for n in ("xlamo", "xfact", "del1", "d2201"))
_node0, _xni0, _xli0 = (COLUMN[n] for n in ("node0", "xni0", "xli0"))


@kernel
def _mean_near(c, n, s):  # type: ignore[no-untyped-def]
    mo, mdot, argpo, argpdot, nodeo, nodedot = c[_mo], c[_mdot], c[_argpo], c[_argpdot], c[_nodeo], c[_nodedot]
    nodecf, cc1, bcc4, t2cof, no, ecco = c[_nodecf], c[_cc1], c[_bcc4], c[_t2cof], c[_no], c[_ecco]
    sinio, cosio, aycof, xlcof, ao = c[_sinio], c[_cosio], c[_aycof], c[_xlcof], c[_ao]
    omgcof, eta, xmcof, delmo, d2, d3, d4 = c[_omgcof], c[_eta], c[_xmcof], c[_delmo], c[_d2], c[_d3], c[_d4]
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
        s[_AM + k] = am
        s[_AXN + k] = axn
        s[_AYN + k] = ecc * sin_argp + temp * aycof
        s[_U + k] = u - _TWO_PI * _nearest(u / _TWO_PI)
        s[_NODE + k] = nodeo + nodedot * t + nodecf * t2
        s[_SINI + k] = sinio
        s[_COSI + k] = cosio
        s[_NM + k] = XKE / (am * math.sqrt(am))


@inlined
def _nearest(x):  # type: ignore[no-untyped-def]
    return (x + 6755399441055744.0) - 6755399441055744.0


@kernel
def _mean_deep(c, n, keep_nodes_positive, s):  # type: ignore[no-untyped-def]
    _resonate(c, n, s)
    _perturb(c, n, s)
    for k in range(n):
        if s[_INC + k] < _LYDDANE_RAD:
            _lyddane(k, keep_nodes_positive, s)
    for k in range(n):
        flip = s[_INC + k] < 0.0
        inc = -s[_INC + k] if flip else s[_INC + k]
        node = s[_NODE + k] + math.pi if flip else s[_NODE + k]
        argp = s[_ARGP + k] - math.pi if flip else s[_ARGP + k]
        ecc = s[_ECC + k]
        s[ERROR + k] = PERTURBED_OUT if s[ERROR + k] == 0.0 and (ecc < 0.0 or ecc > 1.0) else s[ERROR + k]
        sini, cosi = sincos(inc)
        sin_argp, cos_argp = sincos(argp)
        divisor = 1.0 + cosi if abs(1.0 + cosi) > 1.5e-12 else 1.5e-12
        aycof = -0.5 * J3_OVER_J2 * sini
        xlcof = -0.25 * J3_OVER_J2 * sini * (3.0 + 5.0 * cosi) / divisor
        am = s[_AM + k]
        temp = 1.0 / (am * (1.0 - ecc * ecc))
        axn = ecc * cos_argp
        u = s[_MEAN + k] + argp + temp * xlcof * axn
        s[_AXN + k] = axn
        s[_AYN + k] = ecc * sin_argp + temp * aycof
        s[_U + k] = u - _TWO_PI * _nearest(u / _TWO_PI)
        s[_NODE + k] = node
        s[_SINI + k] = sini
        s[_COSI + k] = cosi
        s[_NM + k] = XKE / (am * math.sqrt(am))


@kernel
def _resonate(c, n, s):  # type: ignore[no-untyped-def]
    """Rows NM and MEAN: mean motion and mean anomaly without drag, with resonance if any.

    The resonance integrator steps 720 minutes from epoch; between its nodes mean motion and
    longitude are quadratic in time, so times in ascending or descending order cost one step
    per node, not per time.
    """
    kind, no, xfact = c[_kind], c[_no], c[_xfact]
    if kind == DEEP:
        mo, rate = c[_mo], c[_mdot] + c[_dmdt]
        for k in range(n):
            s[_NM + k] = no
            s[_MEAN + k] = mo + rate * s[TIME + k]
        return
    node, xni, xli = c[_node0], c[_xni0], c[_xli0]
    rate, acceleration = _resonance_rates(c, node, xli, xni + xfact)
    for k in range(n):
        t = s[TIME + k]
        if t * node < 0.0 or abs(t) < abs(node):
            node, xni, xli = 0.0, no, c[_xlamo]
            rate, acceleration = _resonance_rates(c, node, xli, xni + xfact)
        while abs(t - node) >= _STEP_MIN:
            node, xni, xli = _resonance_step(node, xni, xli, xfact, rate, acceleration, t)
            rate, acceleration = _resonance_rates(c, node, xli, xni + xfact)
        ft = t - node
        s[_NM + k] = xni + rate * ft + acceleration * ft * ft * 0.5
        s[_MEAN + k] = xli + (xni + xfact) * ft + rate * ft * ft * 0.5
    one_day = kind == DEEP_ONE_DAY
    for k in range(n):
        t = s[TIME + k]
        argp = c[_argpo] + (c[_argpdot] + c[_domdt]) * t
        raan = c[_nodeo] + (c[_nodedot] + c[_dnodt] + c[_nodecf] * t) * t
        theta = c[_gsto] + t * EARTH_RATE_RAD_MIN
        s[_MEAN + k] += theta - raan - argp if one_day else 2.0 * (theta - raan)


@kernel
def _resonance_step(node, xni, xli, xfact, rate, acceleration, t):  # type: ignore[no-untyped-def]
    """The next node of the integrator towards t."""
    step = _STEP_MIN if t > 0.0 else -_STEP_MIN
    xli += (xni + xfact) * step + rate * (0.5 * _STEP_MIN * _STEP_MIN)
    xni += rate * step + acceleration * (0.5 * _STEP_MIN * _STEP_MIN)
    return node + step, xni, xli


@kernel
def start_resonance(terms, minutes):  # type: ignore[no-untyped-def]
    """Let each object's integrator start at the last node before its own entry of `minutes`."""
    for i in range(terms.shape[0]):
        c, t = terms[i], minutes[i]
        if c[_kind] <= DEEP:
            continue
        node, xni, xli = 0.0, c[_no], c[_xlamo]
        while abs(t - node) >= _STEP_MIN:
            rate, acceleration = _resonance_rates(c, node, xli, xni + c[_xfact])
            node, xni, xli = _resonance_step(node, xni, xli, c[_xfact], rate, acceleration, t)
        c[_node0], c[_xni0], c[_xli0] = node, xni, xli


@kernel
def _resonance_rates(c, node, xli, xldot):  # type: ignore[no-untyped-def]
    """First and second derivative of mean motion at a node of the integrator."""
    if c[_kind] == DEEP_ONE_DAY:
        first = c[_del1] * math.sin(xli - 0.13130908)
        first += c[_del1 + 1] * math.sin(2.0 * (xli - 2.8843198))
        first += c[_del1 + 2] * math.sin(3.0 * (xli - 0.37448087))
        second = c[_del1] * math.cos(xli - 0.13130908)
        second += 2.0 * c[_del1 + 1] * math.cos(2.0 * (xli - 2.8843198))
        second += 3.0 * c[_del1 + 2] * math.cos(3.0 * (xli - 0.37448087))
        return first, second * xldot
    perigee = c[_argpo] + c[_argpdot] * node
    first, second = 0.0, 0.0
    for term in range(10):
        of_perigee, of_longitude, phase = _HALF_DAY[term]
        angle = of_perigee * perigee + of_longitude * xli - phase
        first += c[_d2201 + term] * math.sin(angle)
        second += c[_d2201 + term] * of_longitude * math.cos(angle)
    return first, second * xldot


_G22, _G32, _G44, _G52, _G54 = 5.7686396, 0.95240898, 1.8014998, 1.0508330, 4.4108898
# Multiples of perigee and longitude, and phase, of d2201 d2211 d3210 d3222 d4410 d4422 d5220 …
_HALF_DAY = (
    (2.0, 1.0, _G22), (0.0, 1.0, _G22), (1.0, 1.0, _G32), (-1.0, 1.0, _G32), (2.0, 2.0, _G44),
    (0.0, 2.0, _G44), (1.0, 1.0, _G52), (-1.0, 1.0, _G52), (1.0, 2.0, _G54), (-1.0, 2.0, _G54),
)  # fmt: skip


@kernel
def _perturb(c, n, s):  # type: ignore[no-untyped-def]
    """Secular and periodic effects of drag, Sun and Moon on the mean elements."""
    argpo, argp_rate = c[_argpo], c[_argpdot] + c[_domdt]
    nodeo, node_rate, nodecf = c[_nodeo], c[_nodedot] + c[_dnodt], c[_nodecf]
    inclo, didt, ecco, ecc_rate = c[_inclo], c[_didt], c[_ecco], c[_dedt] - c[_bcc4]
    no, ao, cc1, longitude_drag, zmos, zmol = c[_no], c[_ao], c[_cc1], c[_no] * c[_t2cof], c[_zmos], c[_zmol]
    se2, se3, si2, si3, sl2, sl3 = c[_sun], c[_sun + 1], c[_sun + 2], c[_sun + 3], c[_sun + 4], c[_sun + 5]
    sl4, sgh2, sgh3, sgh4, sh2, sh3 = c[_sun + 6], c[_sun + 7], c[_sun + 8], c[_sun + 9], c[_sun + 10], c[_sun + 11]
    ee2, e3, xi2, xi3, xl2, xl3 = c[_moon], c[_moon + 1], c[_moon + 2], c[_moon + 3], c[_moon + 4], c[_moon + 5]
    xl4, xgh2, xgh3, xgh4, xh2, xh3 = c[_moon + 6], c[_moon + 7], c[_moon + 8], c[_moon + 9], c[_moon + 10], c[_moon + 11]
    for k in range(n):
        t = s[TIME + k]
        nm = s[_NM + k]
        tempa = 1.0 - cc1 * t
        s[_AM + k] = ao * _two_thirds_power(no / nm) * tempa * tempa
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
        s[_INC + k] = inc
        s[_ECC + k] = ecc + pe
        s[_MEAN + k] += longitude_drag * t * t + pl
        s[_ARGP + k] = argpo + argp_rate * t + argp_shift
        s[_NODE + k] = nodeo + (node_rate + nodecf * t) * t + node_shift
        s[_PINC + k] = pinc
        s[_PH + k] = ph
        s[_PGH + k] = pgh


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
    inc, pinc, ph = s[_INC + k], s[_PINC + k], s[_PH + k]
    sini, cosi = math.sin(inc), math.cos(inc)
    before = np.fmod(s[_NODE + k], _TWO_PI)
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
    s[_ARGP + k] += s[_PGH + k] + (cosi - pinc * sini) * before - cosi * after
    s[_NODE + k] = after


@kernel
def _kepler(n, s):  # type: ignore[no-untyped-def]
    """Newton's method for all times at once, until every time has converged."""
    for k in range(n):
        s[_E + k] = s[_U + k]
    for _ in range(15):
        moving = 0
        for k in range(n):
            axn, ayn, e = s[_AXN + k], s[_AYN + k], s[_E + k]
            sine, cosine = sincos(e)
            step = (s[_U + k] - ayn * cosine + axn * sine - e) / (1.0 - cosine * axn - sine * ayn)
            step = 0.95 if step > 0.95 else step
            step = -0.95 if step < -0.95 else step
            moving += 1 if abs(step) > _CONVERGED_RAD else 0
            s[_E + k] = e + step
            half = 0.5 * step * step
            s[_SINE + k] = sine + cosine * step - sine * half
            s[_COSE + k] = cosine - sine * step - cosine * half
        if moving == 0:
            break


@inlined
def _state(am, axn, ayn, sine, cose, node, sini, cosi, nm):  # type: ignore[no-untyped-def]
    """Position and velocity in SGP4's units, distance, and the semilatus rectum."""
    ecose = axn * cose + ayn * sine
    esine = axn * sine - ayn * cose
    el2 = axn * axn + ayn * ayn
    pl = am * (1.0 - el2)
    rl = am * (1.0 - ecose)
    betal = math.sqrt(1.0 - el2)
    temp = esine / (1.0 + betal)
    sinu = am / rl * (sine - ayn - axn * temp)
    cosu = am / rl * (cose - axn + ayn * temp)
    sin2u = (cosu + cosu) * sinu
    cos2u = 1.0 - 2.0 * sinu * sinu
    temp1 = 0.5 * J2 / pl
    temp2 = temp1 / pl
    con41, x1mth2, x7thm1 = 3.0 * cosi * cosi - 1.0, 1.0 - cosi * cosi, 7.0 * cosi * cosi - 1.0
    mrt = rl * (1.0 - 1.5 * temp2 * betal * con41) + 0.5 * temp1 * x1mth2 * cos2u
    # The short-period corrections are small angles: rotate instead of calling sine again.
    ds, dc = small_sincos(-0.25 * temp2 * x7thm1 * sin2u)
    sinsu, cossu = sinu * dc + cosu * ds, cosu * dc - sinu * ds
    sin_node, cos_node = sincos(node)
    ds, dc = small_sincos(1.5 * temp2 * cosi * sin2u)
    snod, cnod = sin_node * dc + cos_node * ds, cos_node * dc - sin_node * ds
    ds, dc = small_sincos(1.5 * temp2 * cosi * sini * cos2u)
    sinc, cinc = sini * dc + cosi * ds, cosi * dc - sini * ds
    xmx, xmy = -snod * cinc, cnod * cinc
    ux, uy, uz = xmx * sinsu + cnod * cossu, xmy * sinsu + snod * cossu, sinc * sinsu
    vx, vy, vz = xmx * cossu - cnod * sinsu, xmy * cossu - snod * sinsu, sinc * cossu
    mvt = math.sqrt(am) * esine / rl - nm * temp1 * x1mth2 * sin2u / XKE
    rvdot = math.sqrt(pl) / rl + nm * temp1 * (x1mth2 * cos2u + 1.5 * con41) / XKE
    return (
        mrt * ux, mrt * uy, mrt * uz,
        mvt * ux + rvdot * vx, mvt * uy + rvdot * vy, mvt * uz + rvdot * vz, mrt, pl,
    )  # fmt: skip


@kernel
def _mean(c, n, keep_nodes_positive, s):  # type: ignore[no-untyped-def]
    if c[_kind] <= NEAR:
        _mean_near(c, n, s)
    else:
        _mean_deep(c, n, keep_nodes_positive, s)
    _kepler(n, s)


@kernel
def positions(c, n, keep_nodes_positive, s):  # type: ignore[no-untyped-def]
    """Rows X, Y, Z (m) at the n <= BATCH times (minutes since epoch) in row TIME.

    Returns how many times have an error. Those are NaN, but for a decayed object, which keeps
    its position.
    """
    _mean(c, n, keep_nodes_positive, s)
    errors = 0
    for k in range(n):
        x, y, z, _, _, _, mrt, pl = _state(
            s[_AM + k], s[_AXN + k], s[_AYN + k], s[_SINE + k], s[_COSE + k],
            s[_NODE + k], s[_SINI + k], s[_COSI + k], s[_NM + k],
        )  # fmt: skip
        bad = s[ERROR + k] > 0.0 or not pl >= 0.0
        errors += 1 if bad or mrt < 1.0 else 0
        size = np.nan if bad else EARTH_RADIUS_M
        s[X + k], s[Y + k], s[Z + k] = x * size, y * size, z * size
    return errors


@kernel
def states(c, n, keep_nodes_positive, s):  # type: ignore[no-untyped-def]
    """Rows X … VZ (m, m/s) and ERROR at the n <= BATCH times (minutes since epoch) in row TIME."""
    _mean(c, n, keep_nodes_positive, s)
    for k in range(n):
        x, y, z, vx, vy, vz, mrt, pl = _state(
            s[_AM + k], s[_AXN + k], s[_AYN + k], s[_SINE + k], s[_COSE + k],
            s[_NODE + k], s[_SINI + k], s[_COSI + k], s[_NM + k],
        )  # fmt: skip
        number = s[ERROR + k]
        number = SEMILATUS_OUT if number == 0.0 and not pl >= 0.0 else number
        length = np.nan if number > 0.0 else EARTH_RADIUS_M
        speed = np.nan if number > 0.0 else _VELOCITY
        s[ERROR + k] = DECAYED if number == 0.0 and mrt < 1.0 else number
        s[X + k], s[Y + k], s[Z + k] = x * length, y * length, z * length
        s[VX + k], s[VY + k], s[VZ + k] = vx * speed, vy * speed, vz * speed


@kernel
def propagate_all(terms, epoch_s, times_s, keep_nodes_positive, r_m, v_m_s, error):  # type: ignore[no-untyped-def]
    """Every object at every time: r (object, time, 3), v likewise, error (object, time)."""
    s = np.empty(SCRATCH)
    for i in range(terms.shape[0]):
        for start in range(0, times_s.shape[0], BATCH):
            n = min(BATCH, times_s.shape[0] - start)
            for k in range(n):
                s[TIME + k] = (times_s[start + k] - epoch_s[i]) / 60.0
            states(terms[i], n, keep_nodes_positive, s)
            for k in range(n):
                r_m[i, start + k, 0] = s[X + k]
                r_m[i, start + k, 1] = s[Y + k]
                r_m[i, start + k, 2] = s[Z + k]
                v_m_s[i, start + k, 0] = s[VX + k]
                v_m_s[i, start + k, 1] = s[VY + k]
                v_m_s[i, start + k, 2] = s[VZ + k]
                error[i, start + k] = s[ERROR + k]
