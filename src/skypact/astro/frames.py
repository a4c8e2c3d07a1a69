"""From the frames that operators publish in to TEME, the frame of public element sets.

Earth-fixed frames go to TEME through Greenwich mean sidereal time of 1982 and the pole, as
SGP4's authors do; celestial frames through precession and nutation (IAU 2006/2000A, brahe).

TEME itself is only as well defined as the element sets in it: whether its equator moves by
the IAU 1980 or 2000A theory is nowhere stated. The theories put the pole 0.02 arcseconds
apart in 2004 (0.7 m at 7000 km), far below the error of any public element set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.orientation import (
    LARGEST_POLE_RAD,
    LARGEST_UT1_MINUS_UTC_S,
    NO_EARTH_ORIENTATION,
    tai_minus_utc_s,
)
from skypact.astro.time import NANOSECONDS
from skypact.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from skypact.astro.orientation import EarthOrientation

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]

# Source: Vallado et al. (2006), "Revisiting Spacetrack Report #3", AIAA 2006-6753.
EARTH_RATE_RAD_S = 7.29211514670698e-05

CELESTIAL = ("GCRF", "ICRF", "EME2000", "J2000", "TOD", "MOD", "TEME")
EARTH_FIXED = ("ITRF", "GRC", "TDR")
_SYNONYMS = {
    "ICRF": "GCRF",  # about the Earth's centre they share their axes
    "J2000": "EME2000",
    "TOD_EARTH": "TOD",
    "MOD_EARTH": "MOD",
    "TEMEOFDATE": "TEME",
    "GTOD": "TDR",
}
_OF_DATE = ("TOD", "MOD", "TEME")

_KNOT_NS = 3 * 3600 * NANOSECONDS
_WINDOW = np.arange(-3, 5)  # knots around each instant
_CELESTIAL_POLE_RAD = np.pi / 648_000_000.0  # 1 mas: IERS's offsets from IAU 2006/2000A are less
_WITHIN_A_DAY_RAD = 1.5e-8  # tides in UT1 and the pole that daily values miss
_J2000_UT1_NS = 946_728_000 * NANOSECONDS


@dataclass(frozen=True, kw_only=True)
class FrameNote:
    """How states came to TEME, and by how many metres what was left out may move them.

    `orientation` names the Earth-orientation data, `zero` or `not needed`. The bound does
    not hold predictions of Earth orientation to account, nor the definition of TEME.
    """

    frame: str
    method: str
    orientation: str
    effect_bound_m: float

    def __str__(self) -> str:
        return (
            f"{self.frame} to TEME by {self.method}; Earth orientation: {self.orientation}; "
            f"left out: at most {self.effect_bound_m:.3g} m"
        )


def known_frame(name: str) -> str:
    """The frame that a published name means; every ITRF realisation is `ITRF`.

    The realisations since 1988 differ by centimetres to decimetres, which is ignored.

    Raises:
        InputError: a name that is not known here.
    """
    plain = name.strip().upper().replace("-", "").replace(" ", "")
    frame = "ITRF" if plain.startswith("ITRF") else _SYNONYMS.get(plain, plain)
    if frame not in CELESTIAL + EARTH_FIXED:
        known = ", ".join(CELESTIAL + EARTH_FIXED)
        raise InputError(f"expected a frame such as {known}, found {name!r}")
    return frame


def teme_from(
    frame: str,
    tai_ns: Instants,
    r_m: Floats,
    v_m_s: Floats,
    *,
    orientation: EarthOrientation = NO_EARTH_ORIENTATION,
    frame_epoch_tai_ns: int | None = None,
) -> tuple[Floats, Floats, FrameNote]:
    """Positions and velocities (n, 3) in TEME at instants `tai_ns` (n,), and how they came there.

    Velocities are relative to non-rotating axes; that TEME itself turns by 8e-12 rad/s is
    left out, 6e-5 m/s in low orbit. `frame_epoch_tai_ns` freezes a frame of date (TOD, MOD,
    TEME) at that instant. GRC and TDR are taken as Earth-fixed without polar motion.

    Raises:
        InputError: an unknown frame, or an Earth-fixed one frozen at an epoch.
    """
    known = known_frame(frame)
    frozen = frame_epoch_tai_ns if known in _OF_DATE else None
    if known in EARTH_FIXED and frame_epoch_tai_ns is not None:
        raise InputError(f"{frame} turns with the Earth, so it cannot be frozen at an epoch")
    reach_m = float(np.sqrt((r_m**2).sum(axis=1)).max(initial=0.0))
    if known in EARTH_FIXED:
        r_teme_m, v_teme_m_s = _from_earth_fixed(known, tai_ns, r_m, v_m_s, orientation)
        return r_teme_m, v_teme_m_s, _earth_fixed_note(known, tai_ns, orientation, reach_m)
    if known == "TEME" and frozen is None:
        note = FrameNote(frame=known, method="identity", orientation="not needed", effect_bound_m=0)
        return r_m, v_m_s, note
    dcm_teme = _dcm_teme_from(known, tai_ns, frozen)
    # The pole's offsets cancel between frames of the same date.
    same_date = known in _OF_DATE and frozen is None
    note = FrameNote(
        frame=known,
        method="precession and nutation IAU 2006/2000A",
        orientation="not needed",
        effect_bound_m=0.0 if same_date else reach_m * _CELESTIAL_POLE_RAD,
    )
    return _rotated(dcm_teme, r_m), _rotated(dcm_teme, v_m_s), note


def _rotated(dcm: Floats, vectors: Floats) -> Floats:
    rotated: Floats = np.einsum("nij,nj->ni", dcm, vectors)
    return rotated


def _from_earth_fixed(
    frame: str, tai_ns: Instants, r_m: Floats, v_m_s: Floats, orientation: EarthOrientation
) -> tuple[Floats, Floats]:
    if frame == "ITRF":
        x_rad, y_rad = orientation.pole_rad(tai_ns)
        r_m, v_m_s = _about_the_pole(r_m, x_rad, y_rad), _about_the_pole(v_m_s, x_rad, y_rad)
    v_m_s = v_m_s + EARTH_RATE_RAD_S * np.stack([-r_m[:, 1], r_m[:, 0], 0.0 * r_m[:, 2]], axis=1)
    gmst_rad = gmst_1982_rad(tai_ns, orientation)
    return _about_the_axis(r_m, gmst_rad), _about_the_axis(v_m_s, gmst_rad)


def gmst_1982_rad(tai_ns: Instants, orientation: EarthOrientation) -> Floats:
    """Greenwich mean sidereal time of 1982, in [0, 2 pi).

    Source: Vallado et al. (2006), "Revisiting Spacetrack Report #3", AIAA 2006-6753; the
    whole turns of each day are taken out first, which keeps 1e-12 rad over centuries.
    """
    ut1_minus_tai_s = orientation.ut1_minus_utc_s(tai_ns) - tai_minus_utc_s(tai_ns)
    ut1_ns = tai_ns + np.rint(ut1_minus_tai_s * NANOSECONDS).astype(np.int64) - _J2000_UT1_NS
    day_ns = 86400 * NANOSECONDS
    centuries = ut1_ns / (36525 * day_ns)
    slow_s = 67310.54841 + centuries * (
        8640184.812866 + centuries * (0.093104 - 6.2e-6 * centuries)
    )
    turns = slow_s / 86400.0 + (ut1_ns % day_ns) / day_ns
    gmst_rad: Floats = 2.0 * np.pi * (turns % 1.0)
    return gmst_rad


def _about_the_pole(vectors: Floats, x_rad: Floats, y_rad: Floats) -> Floats:
    """ITRF to the frame of the moving pole: R1(y) R2(x)."""
    first = np.cos(x_rad) * vectors[:, 0] - np.sin(x_rad) * vectors[:, 2]
    third = np.sin(x_rad) * vectors[:, 0] + np.cos(x_rad) * vectors[:, 2]
    second = np.cos(y_rad) * vectors[:, 1] + np.sin(y_rad) * third
    return np.stack([first, second, np.cos(y_rad) * third - np.sin(y_rad) * vectors[:, 1]], axis=1)


def _about_the_axis(vectors: Floats, angle_rad: Floats) -> Floats:
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    first = cosine * vectors[:, 0] - sine * vectors[:, 1]
    second = sine * vectors[:, 0] + cosine * vectors[:, 1]
    return np.stack([first, second, vectors[:, 2]], axis=1)


def _earth_fixed_note(
    frame: str, tai_ns: Instants, orientation: EarthOrientation, reach_m: float
) -> FrameNote:
    covered = orientation.covers(tai_ns)
    source = orientation.source
    if len(orientation.tai_ns) and not covered:
        source = f"{source}; zero at times outside it"
    turned_rad = LARGEST_UT1_MINUS_UTC_S * EARTH_RATE_RAD_S + LARGEST_POLE_RAD
    angle_rad = _WITHIN_A_DAY_RAD if covered else turned_rad
    if frame != "ITRF":
        angle_rad += LARGEST_POLE_RAD  # whether its owner meant the moving pole is not known
    return FrameNote(
        frame=frame,
        method="Greenwich mean sidereal time of 1982",
        orientation=source,
        effect_bound_m=reach_m * angle_rad,
    )


def _dcm_teme_from(frame: str, tai_ns: Instants, frozen_tai_ns: int | None) -> Floats:
    """Rotation matrices (n, 3, 3) from a celestial frame to TEME.

    Precession and nutation are slow, and 33 microseconds an instant to evaluate: they are
    evaluated every 3 h and interpolated between 8 of those knots. Both ways agree within
    2e-14 rad (0.1 micrometres at 7000 km).
    """
    if frozen_tai_ns is None:
        return _between_knots(_gcrf_to_teme_from(frame), tai_ns)
    dcm_teme_gcrf = _between_knots(_gcrf_to_teme_from("GCRF"), tai_ns)
    epoch = np.array([frozen_tai_ns])
    dcm_teme_then = _between_knots(_gcrf_to_teme_from("GCRF"), epoch)[0]
    if frame == "TEME":
        return np.asarray(dcm_teme_gcrf @ dcm_teme_then.T)
    dcm_teme_frame_then = _between_knots(_gcrf_to_teme_from(frame), epoch)[0]
    return np.asarray(dcm_teme_gcrf @ dcm_teme_then.T @ dcm_teme_frame_then)


def _gcrf_to_teme_from(frame: str) -> Callable[[Instants], Floats]:
    def at(tai_ns: Instants) -> Floats:
        import brahe

        if not brahe.get_global_eop_initialization():
            # What brahe would apply here, the celestial pole's offsets, is in the note.
            brahe.set_global_eop_provider_from_static_provider(brahe.StaticEOPProvider.from_zero())
        mjds = 40587.0 + tai_ns / (86400 * NANOSECONDS)
        epochs = [brahe.Epoch.from_mjd(float(mjd), brahe.TAI) for mjd in mjds]
        dcm_teme_gcrf = np.asarray(brahe.rotation_gcrf_to_teme(epochs))
        if frame == "GCRF":
            return dcm_teme_gcrf
        if frame == "EME2000":
            return np.asarray(dcm_teme_gcrf @ brahe.rotation_eme2000_to_gcrf())
        back = {"TOD": brahe.rotation_gcrf_to_tod, "MOD": brahe.rotation_gcrf_to_mod}[frame]
        return np.asarray(dcm_teme_gcrf @ np.asarray(back(epochs)).transpose(0, 2, 1))

    return at


def _between_knots(at: Callable[[Instants], Floats], tai_ns: Instants) -> Floats:
    cells, past_ns = np.divmod(tai_ns, _KNOT_NS)
    knots, places = np.unique(cells[:, None] + _WINDOW, return_inverse=True)
    dcms = at(knots * _KNOT_NS)
    weights = _lagrange_weights(past_ns / _KNOT_NS)
    found: Floats = np.einsum("nk,nkij->nij", weights, dcms[places.reshape(-1, len(_WINDOW))])
    return found


def _lagrange_weights(place: Floats) -> Floats:
    """Weights (n, 8) of the window's knots at places in [0, 1) between knots 0 and 1."""
    weights = np.ones((len(place), len(_WINDOW)))
    for column, knot in enumerate(_WINDOW):
        for other in _WINDOW[knot != _WINDOW]:
            weights[:, column] *= (place - other) / (knot - other)
    return weights
