"""SGP4 at many times of one object: short loops over a batch, each of which vectorises.

Phases: mean elements (`sgp4_mean`), Kepler's equation, position and velocity. Symbols as in
`sgp4_terms`, memory as in `sgp4_scratch`.
"""

from __future__ import annotations

import math

import numpy as np

from skypact.astro.sgp4_constants import EARTH_RADIUS_M, J2, NEAR, XKE
from skypact.astro.sgp4_mean import mean_deep, mean_near
from skypact.astro.sgp4_scratch import (
    AM,
    AXN,
    AYN,
    BATCH,
    COSE,
    COSI,
    DECAYED,
    ERROR,
    NM,
    NODE,
    SCRATCH,
    SEMILATUS_OUT,
    SINE,
    SINI,
    STEP,
    TIME,
    VX,
    VY,
    VZ,
    E,
    U,
    X,
    Y,
    Z,
)  # fmt: skip
from skypact.astro.sgp4_terms import COLUMN
from skypact.astro.trigonometry import sincos, small_sincos
from skypact.base.kernel import inlined, kernel

_VELOCITY = EARTH_RADIUS_M * XKE / 60.0
_CONVERGED_RAD = 4.0e-8  # a Newton step this small leaves an error below 1e-15 rad
_kind = COLUMN["kind"]


@kernel
def _kepler(n, s):  # type: ignore[no-untyped-def]
    """Newton's method for all times at once, until every time has converged.

    A time that has converged stays as it is while its neighbours go on, so that its bits do
    not depend on which times share its batch.
    """
    for k in range(n):
        s[E + k] = s[U + k]
        s[STEP + k] = 1.0
    for _ in range(15):
        moving = 0
        for k in range(n):
            axn, ayn, e = s[AXN + k], s[AYN + k], s[E + k]
            sine, cosine = sincos(e)
            step = (s[U + k] - ayn * cosine + axn * sine - e) / (1.0 - cosine * axn - sine * ayn)
            step = 0.95 if step > 0.95 else step
            step = -0.95 if step < -0.95 else step
            half = 0.5 * step * step
            done = abs(s[STEP + k]) <= _CONVERGED_RAD
            s[STEP + k] = 0.0 if done else step
            s[E + k] = e if done else e + step
            s[SINE + k] = s[SINE + k] if done else sine + cosine * step - sine * half
            s[COSE + k] = s[COSE + k] if done else cosine - sine * step - cosine * half
            moving += 1 if abs(s[STEP + k]) > _CONVERGED_RAD else 0
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
        mean_near(c, n, s)
    else:
        mean_deep(c, n, keep_nodes_positive, s)
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
            s[AM + k], s[AXN + k], s[AYN + k], s[SINE + k], s[COSE + k],
            s[NODE + k], s[SINI + k], s[COSI + k], s[NM + k],
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
            s[AM + k], s[AXN + k], s[AYN + k], s[SINE + k], s[COSE + k],
            s[NODE + k], s[SINI + k], s[COSI + k], s[NM + k],
        )  # fmt: skip
        number = s[ERROR + k]
        number = SEMILATUS_OUT if number == 0.0 and not pl >= 0.0 else number
        length = np.nan if number > 0.0 else EARTH_RADIUS_M
        speed = np.nan if number > 0.0 else _VELOCITY
        s[ERROR + k] = DECAYED if number == 0.0 and mrt < 1.0 else number
        s[X + k], s[Y + k], s[Z + k] = x * length, y * length, z * length
        s[VX + k], s[VY + k], s[VZ + k] = vx * speed, vy * speed, vz * speed


@kernel
def _fill(c, epoch_s, times_s, keep_nodes_positive, s, r_m, v_m_s, error):  # type: ignore[no-untyped-def]
    """States of one object at up to BATCH times."""
    n = times_s.shape[0]
    for k in range(n):
        s[TIME + k] = (times_s[k] - epoch_s) / 60.0
    states(c, n, keep_nodes_positive, s)
    for k in range(n):
        r_m[k, 0] = s[X + k]
        r_m[k, 1] = s[Y + k]
        r_m[k, 2] = s[Z + k]
        v_m_s[k, 0] = s[VX + k]
        v_m_s[k, 1] = s[VY + k]
        v_m_s[k, 2] = s[VZ + k]
        error[k] = s[ERROR + k]


@kernel
def propagate_all(terms, epoch_s, times_s, keep_nodes_positive, r_m, v_m_s, error):  # type: ignore[no-untyped-def]
    """Every object at every time: r (object, time, 3), v likewise, error (object, time)."""
    s = np.empty(SCRATCH)
    for i in range(terms.shape[0]):
        for start in range(0, times_s.shape[0], BATCH):
            end = min(start + BATCH, times_s.shape[0])
            _fill(
                terms[i], epoch_s[i], times_s[start:end], keep_nodes_positive, s,
                r_m[i, start:end], v_m_s[i, start:end], error[i, start:end],
            )  # fmt: skip


@kernel
def propagate_each(terms, epoch_s, rows, times_s, keep_nodes_positive, r_m, v_m_s, error):  # type: ignore[no-untyped-def]
    """Object `rows[i]` at `times_s[i]`: r (i, 3), v likewise, error (i); fast where rows repeat."""
    s = np.empty(SCRATCH)
    start = 0
    while start < rows.shape[0]:
        row, end = rows[start], start + 1
        while end < rows.shape[0] and end < start + BATCH and rows[end] == row:
            end += 1
        _fill(
            terms[row], epoch_s[row], times_s[start:end], keep_nodes_positive, s,
            r_m[start:end], v_m_s[start:end], error[start:end],
        )  # fmt: skip
        start = end
