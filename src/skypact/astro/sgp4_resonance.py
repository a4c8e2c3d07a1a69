"""Resonance with the Earth's rotation: SGP4's integrator for orbits of a day and half a day."""

from __future__ import annotations

import math

from skypact.astro.sgp4_constants import DEEP, DEEP_ONE_DAY, EARTH_RATE_RAD_MIN
from skypact.astro.sgp4_scratch import MEAN, NM, TIME
from skypact.astro.sgp4_terms import COLUMN
from skypact.base.kernel import kernel

_STEP_MIN = 720.0
(_mo, _mdot, _argpo, _argpdot, _nodeo, _nodedot, _nodecf, _no, _kind, _gsto, _dmdt, _dnodt, _domdt,
 _xlamo, _xfact, _del1, _d2201, _node0, _xni0, _xli0) = (COLUMN[name] for name in (
    "mo", "mdot", "argpo", "argpdot", "nodeo", "nodedot", "nodecf", "no", "kind", "gsto", "dmdt",
    "dnodt", "domdt", "xlamo", "xfact", "del1", "d2201", "node0", "xni0", "xli0"))  # fmt: skip


@kernel
def resonate(c, n, s):  # type: ignore[no-untyped-def]
    """Rows NM and MEAN: mean motion and mean anomaly without drag, with resonance if any.

    The resonance integrator steps 720 minutes from epoch; between its nodes mean motion and
    longitude are quadratic in time. Times that move away from epoch cost one step per node
    they pass; a time nearer to epoch than the last node starts again, from where
    `start_resonance` left the integrator if it can, else from epoch: 0.1 to 0.2
    microseconds a step, 6 to 14 ms a century.
    """
    kind, no, xfact = c[_kind], c[_no], c[_xfact]
    if kind == DEEP:
        mo, rate = c[_mo], c[_mdot] + c[_dmdt]
        for k in range(n):
            s[NM + k] = no
            s[MEAN + k] = mo + rate * s[TIME + k]
        return
    node, xni, xli = c[_node0], c[_xni0], c[_xli0]
    rate, acceleration = _resonance_rates(c, node, xli, xni + xfact)
    for k in range(n):
        t = s[TIME + k]
        if t * node < 0.0 or abs(t) < abs(node):
            reachable = t * c[_node0] >= 0.0 and abs(t) >= abs(c[_node0])
            node, xni, xli = 0.0, no, c[_xlamo]
            if reachable:
                node, xni, xli = c[_node0], c[_xni0], c[_xli0]
            rate, acceleration = _resonance_rates(c, node, xli, xni + xfact)
        while abs(t - node) >= _STEP_MIN:
            node, xni, xli = _resonance_step(node, xni, xli, xfact, rate, acceleration, t)
            rate, acceleration = _resonance_rates(c, node, xli, xni + xfact)
        ft = t - node
        s[NM + k] = xni + rate * ft + acceleration * ft * ft * 0.5
        s[MEAN + k] = xli + (xni + xfact) * ft + rate * ft * ft * 0.5
    one_day = kind == DEEP_ONE_DAY
    for k in range(n):
        t = s[TIME + k]
        argp = c[_argpo] + (c[_argpdot] + c[_domdt]) * t
        raan = c[_nodeo] + (c[_nodedot] + c[_dnodt] + c[_nodecf] * t) * t
        theta = c[_gsto] + t * EARTH_RATE_RAD_MIN
        s[MEAN + k] += theta - raan - argp if one_day else 2.0 * (theta - raan)


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
