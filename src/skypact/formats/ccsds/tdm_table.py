"""Tracking Data Messages: what stations and sensors observed.

Source: CCSDS 503.0-B-2 (2020), tables 3-2 to 3-5. Version 1 lacks some of the keywords; it is
read by the same table.
"""

from __future__ import annotations

from skypact.formats.ccsds.orbit_blocks import message
from skypact.formats.ccsds.tables import (
    Keyword,
    MessageTable,
    Observations,
    Section,
    choice,
    number,
    text,
    time,
    whole,
)
from skypact.formats.ccsds.tdm_rules import RULES

PARTICIPANTS = ("1", "2", "3", "4", "5")


def _of_each(keyword: str, unit: str = "", *, low: float | None = None) -> tuple[Keyword, ...]:
    return tuple(number(f"{keyword}_{one}", unit, low=low) for one in PARTICIPANTS)


_HEADER = (
    time("CREATION_DATE", required=True),
    text("ORIGINATOR", required=True),
    text("MESSAGE_ID"),
)
_METADATA = Section(
    "metadata",
    (
        text("TRACK_ID"),
        text("DATA_TYPES"),
        text("TIME_SYSTEM", required=True),
        time("START_TIME"),
        time("STOP_TIME"),
        *(text(f"PARTICIPANT_{one}") for one in PARTICIPANTS),
        choice("MODE", "SEQUENTIAL", "SINGLE_DIFF"),
        text("PATH"),
        text("PATH_1"),
        text("PATH_2"),
        *(text(f"EPHEMERIS_NAME_{one}") for one in PARTICIPANTS),
        text("TRANSMIT_BAND"),
        text("RECEIVE_BAND"),
        whole("TURNAROUND_NUMERATOR"),
        whole("TURNAROUND_DENOMINATOR"),
        choice("TIMETAG_REF", "TRANSMIT", "RECEIVE"),
        number("INTEGRATION_INTERVAL", "s", low=0.0),
        choice("INTEGRATION_REF", "START", "MIDDLE", "END"),
        number("FREQ_OFFSET", "Hz"),
        choice("RANGE_MODE", "COHERENT", "CONSTANT", "ONE_WAY"),
        number("RANGE_MODULUS", low=0.0),
        choice("RANGE_UNITS", "km", "s", "RU"),
        text("ANGLE_TYPE"),
        text("REFERENCE_FRAME"),
        text("INTERPOLATION"),
        whole("INTERPOLATION_DEGREE"),
        number("DOPPLER_COUNT_BIAS", "Hz", low=0.0),
        whole("DOPPLER_COUNT_SCALE"),
        choice("DOPPLER_COUNT_ROLLOVER", "YES", "NO"),
        *_of_each("TRANSMIT_DELAY", "s", low=0.0),
        *_of_each("RECEIVE_DELAY", "s", low=0.0),
        choice("DATA_QUALITY", "RAW", "VALIDATED", "DEGRADED"),
        number("CORRECTION_ANGLE_1", "deg"),
        number("CORRECTION_ANGLE_2", "deg"),
        number("CORRECTION_DOPPLER", "km/s"),
        number("CORRECTION_MAG"),
        number("CORRECTION_RANGE"),
        number("CORRECTION_RCS", "m**2"),
        number("CORRECTION_RECEIVE"),
        number("CORRECTION_TRANSMIT"),
        number("CORRECTION_ABERRATION_YEARLY"),
        number("CORRECTION_ABERRATION_DIURNAL"),
        choice("CORRECTIONS_APPLIED", "YES", "NO"),
    ),
    least=1,
    marks=("META_START", "META_STOP"),
)
OBSERVED = Observations(
    "observation",
    (
        number("ANGLE_1", "deg"),
        number("ANGLE_2", "deg"),
        number("CARRIER_POWER", "dBW"),
        number("CLOCK_BIAS", "s"),
        number("CLOCK_DRIFT", "s/s"),
        number("DOPPLER_COUNT"),
        number("DOPPLER_INSTANTANEOUS", "km/s"),
        number("DOPPLER_INTEGRATED", "km/s"),
        number("DOR", "s"),
        number("MAG"),
        number("PC_N0", "dBHz"),
        number("PR_N0", "dBHz"),
        number("PRESSURE", "hPa"),
        number("RANGE"),
        number("RCS", "m**2"),
        *_of_each("RECEIVE_FREQ", "Hz"),
        number("RECEIVE_FREQ", "Hz"),
        *_of_each("RECEIVE_PHASE_CT"),
        number("RHUMIDITY", "%"),
        number("STEC", "TECU"),
        number("TEMPERATURE", "K"),
        *_of_each("TRANSMIT_FREQ", "Hz"),
        *_of_each("TRANSMIT_FREQ_RATE", "Hz/s"),
        *_of_each("TRANSMIT_PHASE_CT"),
        number("TROPO_DRY", "m"),
        number("TROPO_WET", "m"),
        number("VLBI_DELAY", "s"),
    ),
)
_DATA = Section("data", (OBSERVED,), least=1, marks=("DATA_START", "DATA_STOP"))

TDM = MessageTable(
    "tdm", ("1.0", "2.0"), message("tdm", _HEADER, _METADATA, _DATA, most=None), RULES
)
