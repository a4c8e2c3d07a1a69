"""Paths and burns as the messages that a partner reads: OEM and OPM.

Version 2.0 of CCSDS 502.0, which every reader of these messages knows.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from skypact.astro.time import utc_from_tai_ns, utc_text
from skypact.base.errors import InputError
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.writing import write_messages
from skypact.records.marks import DataMode

if TYPE_CHECKING:
    import numpy.typing as npt

    from skypact.formats.ccsds.writing import Notation
    from skypact.records.ephemeris import Ephemeris
    from skypact.records.manoeuvres import Manoeuvre
    from skypact.records.marks import Marks

    Floats = npt.NDArray[np.float64]
    Instants = npt.NDArray[np.int64]

_KM = 1e-3
_VERSION = "2.0"


def write_oem(ephemeris: Ephemeris, *, created_tai_ns: int, notation: Notation = "kvn") -> bytes:
    """The states of an ephemeris, to a micrometre and a nanometre a second, in UTC.

    Covariances and accelerations stay behind.

    Raises:
        InputError: the times cannot be told in UTC, or a name that no message can hold.
    """
    if not ephemeris.is_placed_in_time:
        raise InputError(f"times in {ephemeris.time_system} cannot be told in UTC")
    lines = _header("OEM", ephemeris.marks, created_tai_ns)
    for segment in ephemeris.segments:
        rows = slice(segment.first_row, segment.stop_row)
        times = _texts(ephemeris.times_tai_ns[rows])
        useable = _texts(
            np.array([segment.useable_start_tai_ns, segment.useable_stop_tai_ns], np.int64)
        )
        lines += [
            "META_START",
            *_comments(ephemeris.comments, ephemeris.marks),
            *_about(ephemeris.object_name, ephemeris.object_id, segment.centre, segment.frame),
            f"START_TIME = {times[0]}",
            f"USEABLE_START_TIME = {useable[0]}",
            f"USEABLE_STOP_TIME = {useable[1]}",
            f"STOP_TIME = {times[-1]}",
        ]
        if segment.interpolation and segment.interpolation_degree:
            lines += [
                f"INTERPOLATION = {segment.interpolation}",
                f"INTERPOLATION_DEGREE = {segment.interpolation_degree}",
            ]
        lines.append("META_STOP")
        states = zip(times, ephemeris.r_m[rows], ephemeris.v_m_s[rows], strict=True)
        lines += [" ".join([at, *_km(r_m, 9), *_km(v_m_s, 12)]) for at, r_m, v_m_s in states]
    return _checked(lines, notation)


def write_opm(
    manoeuvre: Manoeuvre,
    *,
    created_tai_ns: int,
    mass_kg: float | None = None,
    notation: Notation = "kvn",
) -> bytes:
    """The state before a burn, and the burn as an impulse along radial, transverse, normal.

    What the burn uses up is not known; the standard wants a number, and a comment says that
    the zero is none. `mass_kg` is that before it.

    Raises:
        InputError: a name that no message can hold.
    """
    (epoch,) = _texts(np.array([manoeuvre.tai_ns]))
    lines = [
        *_header("OPM", manoeuvre.marks, created_tai_ns),
        *_comments((), manoeuvre.marks),
        *_about(manoeuvre.object_name, manoeuvre.object_id, "EARTH", "GCRF"),
        f"EPOCH = {epoch}",
    ]
    state = [*_km(manoeuvre.r_gcrf_m, 9), *_km(manoeuvre.v_gcrf_m_s, 12)]
    names = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
    lines += [f"{name} = {value}" for name, value in zip(names, state, strict=True)]
    if mass_kg is not None:
        lines.append(f"MASS = {mass_kg:.12g}")
    lines += [
        "COMMENT an impulse; the mass that it uses up is not known",
        f"MAN_EPOCH_IGNITION = {epoch}",
        "MAN_DURATION = 0.0",
        "MAN_DELTA_MASS = 0.0",
        "MAN_REF_FRAME = RTN",
    ]
    dv = enumerate(_km(manoeuvre.dv_rtn_m_s, 12), start=1)
    lines += [f"MAN_DV_{axis} = {value}" for axis, value in dv]
    return _checked(lines, notation)


def _header(kind: str, marks: Marks, created_tai_ns: int) -> list[str]:
    (created,) = _texts(np.array([created_tai_ns // 1_000_000_000 * 1_000_000_000]))
    return [
        f"CCSDS_{kind}_VERS = {_VERSION}",
        f"CREATION_DATE = {created}",
        f"ORIGINATOR = {_plain(marks.originator)}",
    ]


def _comments(comments: tuple[str, ...], marks: Marks) -> list[str]:
    mode = (
        () if marks.data_mode is DataMode.REAL else (f"{marks.data_mode.value}: not the real sky",)
    )
    return [f"COMMENT {_plain(text)}" for text in (*mode, *comments)]


def _about(name: str, designator: str, centre: str, frame: str) -> list[str]:
    return [
        f"OBJECT_NAME = {_plain(name)}",
        f"OBJECT_ID = {_plain(designator)}",
        f"CENTER_NAME = {centre}",
        f"REF_FRAME = {frame}",
        "TIME_SYSTEM = UTC",
    ]


def _plain(text: str) -> str:
    """In one line, and something at all: an empty value would be no value."""
    return " ".join(text.split()) or "UNKNOWN"


def _km(values_m: Floats | tuple[float, ...], decimals: int) -> list[str]:
    return [f"{_KM * value + 0.0:.{decimals}f}" for value in values_m]  # no -0


def _texts(tai_ns: Instants) -> list[str]:
    utc, leap = utc_from_tai_ns(tai_ns)
    return [
        utc_text(one, in_leap_second=bool(leaps), decimals=9).removesuffix("Z")
        for one, leaps in zip(utc, leap, strict=True)
    ]


def _checked(lines: list[str], notation: Notation) -> bytes:
    """What others would find wrong with it is told to the writer, not to them."""
    found = read_messages(io.BytesIO("\n".join([*lines, ""]).encode()))
    if found.faults:
        raise InputError(f"the message cannot be written: {found.faults[0]}")
    return write_messages(found.messages, notation)
