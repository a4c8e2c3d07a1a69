"""Orbit, tracking and re-entry messages: what breaks a rule is named, what bends one is told."""

import io
import re

import pytest
from tests.formats.ccsds.sample_messages import SAMPLES

from skypact.formats.ccsds.reading import read_messages


def read(text):
    return read_messages(io.BytesIO(text.encode()))


def changed(kind, old, new):
    """A sample with one of its lines, or several that follow one another, changed."""
    assert SAMPLES[kind].count(old) == 1
    return SAMPLES[kind].replace(old, new)


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_good_message_has_no_finding(kind):
    found = read(SAMPLES[kind])
    assert [message.kind for message in found.messages] == [kind]
    assert (found.faults, found.warnings) == ((), ())


FAULTS = [
    ("opm", "OBJECT_ID = 2026-900A\n", "", "OBJECT_ID"),
    ("opm", "OBJECT_ID = 2026-900A\n", "OBJECT_ID =\n", "OBJECT_ID"),
    ("opm", "X = 6900.125 [km]", "X = 6900,125 [km]", "X"),
    ("opm", "X = 6900.125 [km]", "X = 6900.125 [kg]", "X"),
    ("opm", "X_DOT = 1.25 [km/s]", "X_DOT = inf [km/s]", "X_DOT"),
    ("opm", "TRUE_ANOMALY = 110.0 [deg]\n", "", "TRUE_ANOMALY"),
    (
        "opm",
        "TRUE_ANOMALY = 110.0",
        "TRUE_ANOMALY = 110.0 [deg]\nMEAN_ANOMALY = 1.0",
        "TRUE_ANOMALY",
    ),
    ("opm", "CZ_Z = 1.0e-4 [km**2]\n", "", "CZ_Z"),
    ("opm", "MAN_DELTA_MASS = -0.75", "MAN_DELTA_MASS = 0.75", "MAN_DELTA_MASS"),
    ("opm", "MASS = 512.0", "WEIGHT = 512.0", "WEIGHT"),
    ("opm", "CREATION_DATE = 2026-11-20", "CREATION_DATE = 2026-04-31", "CREATION_DATE"),
    ("omm", "MEAN_MOTION = 14.78125 [rev/day]\n", "", "MEAN_MOTION"),
    ("omm", "MEAN_MOTION = 14.78", "SEMI_MAJOR_AXIS = 7010.5\nMEAN_MOTION = 14.78", "MEAN_MOTION"),
    ("omm", "ECCENTRICITY = 0.0125", "ECCENTRICITY = -0.0125", "ECCENTRICITY"),
    ("omm", "NORAD_CAT_ID = 900001", "NORAD_CAT_ID = 9000010000", "NORAD_CAT_ID"),
    ("omm", "NORAD_CAT_ID = 900001", "NORAD_CAT_ID = T0002", "NORAD_CAT_ID"),
    ("ocm", "EPOCH_TZERO = 2026-11-20T06:00:00\n", "", "EPOCH_TZERO"),
    ("ocm", "START_TIME = 0.0", "START_TIME = soon", "START_TIME"),
    ("ocm", "ORB_REVNUM_BASIS = 0\n", "", "ORB_REVNUM_BASIS"),
    ("ocm", "ORB_REVNUM_BASIS = 0", "ORB_REVNUM_BASIS = 2", "ORB_REVNUM_BASIS"),
    ("ocm", "INTERPOLATION_DEGREE = 3\n", "", "INTERPOLATION_DEGREE"),
    (
        "ocm",
        "TRAJ_UNITS = [km,km,km,km/s,km/s,km/s]",
        "TRAJ_UNITS = [m,m,m,m/s,m/s,m/s]",
        "TRAJ_UNITS",
    ),
    ("ocm", "60.0 6970.5 -775.25 460.0", "60.0 6970.5 -775.25", "60.0"),
    ("ocm", "60.0 6970.5 -775.25", "60.0 6970.5 north", "60.0"),
    ("ocm", "2026-11-20T06:00:00 7010.5", "2026-11-31T06:00:00 7010.5", "time tag"),
    ("ocm", "COV_ORDERING = LTM", "COV_ORDERING = ROWS", "COV_ORDERING"),
    ("ocm", "COV_ORDERING = LTM", "COV_ORDERING = FULL", "0.0"),
    ("ocm", "COV_TYPE = CARTP", "COV_TYPE = TCARTP", "COV_UNITS"),
    ("ocm", "COV_UNITS = [km,km,km]", "COV_UNITS = [km,km]", "COV_UNITS"),
    (
        "ocm",
        "DC_TYPE = CONTINUOUS\nMAN_COMPOSITION = TIME_R",
        "DC_TYPE = TIME\nMAN_COMPOSITION = TIME_R",
        "DC_WIN_OPEN",
    ),
    (
        "ocm",
        "DC_TYPE = CONTINUOUS\nMAN_COMPOSITION = TIME_R",
        "DC_TYPE = OFTEN\nMAN_COMPOSITION = TIME_R",
        "DC_TYPE",
    ),
    ("ocm", "= TIME_RELATIVE,MAN_DURA", "= MAN_DURA,TIME_RELATIVE", "MAN_COMPOSITION"),
    ("ocm", "= TIME_RELATIVE,MAN_DURA", "= TIME_RELATIVE,DEPLOY_ID", "MAN_COMPOSITION"),
    ("ocm", "THR_INTERP,THR_ISP", "THR_INTERP,THR_INTERP", "MAN_COMPOSITION"),
    ("ocm", "0.5 0.0 ON 300.0", "0.5 0.0 MAYBE 300.0", "THR_INTERP"),
    ("ocm", "0.5 0.0 ON 300.0", "0.5 0.0 ON", "500.0"),
    ("ocm", "2026-11-20T07:00:00 CUBE_1 0.0001", "2026-11-20T07:00:00 CUBE_1 1e-x", "DEPLOY_DV_X"),
    ("ocm", "OD_EPOCH = 0.0\n", "", "OD_EPOCH"),
    ("ocm", "USER_STOP\n", "USER_STOP\nMETA_START\nMETA_STOP\n", "META_START"),
    ("tdm", "PARTICIPANT_1 = STATION 1\nMETA_STOP", "META_STOP", "PARTICIPANT_1"),
    ("tdm", "TIME_SYSTEM = UTC\nSTART_TIME", "START_TIME", "TIME_SYSTEM"),
    ("tdm", "PATH = 1,2,1", "PATH = 1, 2, 1", "PATH"),
    ("tdm", "PATH = 1,2,1", "PATH = 1,3,1", "PATH"),
    ("tdm", "RANGE_UNITS = km", "RANGE_UNITS = miles", "RANGE_UNITS"),
    ("tdm", "TRANSMIT_DELAY_1 = 0.000077", "TRANSMIT_DELAY_1 = -0.000077", "TRANSMIT_DELAY_1"),
    ("tdm", "RANGE = 2026-11-20T01:01:00 1100.25", "RANGE = 2026-11-20T01:01:00", "RANGE"),
    ("tdm", "RANGE = 2026-11-20T01:01:00 1100.25", "RANGE = 2026-11-20T01:61:00 1100.25", "RANGE"),
    (
        "tdm",
        "RANGE = 2026-11-20T01:01:00 1100.25",
        "DISTANCE = 2026-11-20T01:01:00 1100.25",
        "DISTANCE",
    ),
    (
        "tdm",
        "TEMPERATURE = 2026-11-20T01:00:00 283.5\nPRESSURE = 2026-11-20T01:00:00 1013.25\n",
        "",
        "data",
    ),
    ("tdm", "META_STOP\nDATA_START\nTEMP", "DATA_START\nTEMP", "META_STOP"),
    ("rdm", "CONTROLLED_REENTRY = NO", "CONTROLLED_REENTRY = PERHAPS", "CONTROLLED_REENTRY"),
    ("rdm", "PROBABILITY_OF_IMPACT = 0.5", "PROBABILITY_OF_IMPACT = 1.5", "PROBABILITY_OF_IMPACT"),
    ("rdm", "NOMINAL_IMPACT_LON = -45.5", "NOMINAL_IMPACT_LON = 314.5", "NOMINAL_IMPACT_LON"),
    ("rdm", "NOMINAL_IMPACT_LAT = 12.25 [deg]\n", "", "NOMINAL_IMPACT_LAT"),
    ("rdm", "IMPACT_REF_FRAME = ITRF-97\n", "", "IMPACT_REF_FRAME"),
    ("rdm", "IMPACT_1_STOP_LAT = 13.0 [deg]\n", "", "IMPACT_1_STOP_LAT"),
    ("rdm", "IMPACT_2_CONFIDENCE = 95.0", "IMPACT_2_CONFIDENCE = 50.0", "IMPACT_2_CONFIDENCE"),
    ("rdm", "REF_FRAME = EME2000\nIMPACT_U", "IMPACT_U", "REF_FRAME"),
    ("rdm", "REENTRY_ALTITUDE = 80.0 [km]\n", "", "REENTRY_ALTITUDE"),
]


@pytest.mark.parametrize(("kind", "old", "new", "keyword"), FAULTS)
def test_what_breaks_the_standard_is_named_with_its_line(kind, old, new, keyword):
    text = changed(kind, old, new)
    found = read(text)
    named = [fault for fault in found.faults if fault.field == keyword]
    assert named, [*map(str, found.faults)]
    # Close to the change: what is missing is told where its section begins.
    assert 0 < named[0].line <= text.count("\n") + 1


PERTURBATIONS = re.search(r"PERT_START.*PERT_STOP\n", SAMPLES["ocm"], re.DOTALL)[0]
WARNINGS = [
    ("opm", "MASS = 512.0 [kg]\n", "", "MASS"),
    ("opm", "MAN_DURATION = 132.5 [s]\n", "", "MAN_DURATION"),
    ("opm", "X = 6900.125 [km]", "X = 6900125.0 [m]", "X"),
    ("opm", "X_DOT = 1.25 [km/s]", "X_DOT = 1.25 [km·s⁻¹]", "X_DOT"),
    ("opm", "CX_X = 4.0e-4", "CX_X = -4.0e-4", "CX_X"),
    ("opm", "CX_X = 4.0e-4", "CX_X = 0.0", "CX_X"),
    ("opm", "CY_X = 1.0e-5", "CY_X = 7.0e-4", "CX_X"),
    ("opm", "CCSDS_OPM_VERS = 3.0", "CCSDS_OPM_VERS = 2.0", "MESSAGE_ID"),
    ("opm", "TIME_SYSTEM = UTC", "TIME_SYSTEM = LOCAL", "TIME_SYSTEM"),
    (
        "opm",
        "REF_FRAME = EME2000\nTIME_SYSTEM = UTC",
        "TIME_SYSTEM = UTC\nREF_FRAME = EME2000",
        "REF_FRAME",
    ),
    ("omm", "REF_FRAME = TEME", "REF_FRAME = GCRF", "REF_FRAME"),
    ("omm", "BSTAR = 0.0001 [1/ER]\n", "", "BSTAR"),
    ("omm", "BSTAR = 0.0001 [1/ER]\n", "BSTAR = 0.0001\nBTERM = 0.001\n", "BSTAR"),
    ("omm", "NORAD_CAT_ID = 900001\n", "", "NORAD_CAT_ID"),
    ("ocm", "TRAJ_TYPE = CARTPV\n", "", "TRAJ_TYPE"),
    (
        "ocm",
        "TRAJ_TYPE = CARTPV\nTRAJ_UNITS = [km,km,km,km/s,km/s,km/s]",
        "TRAJ_TYPE = OURS",
        "TRAJ_TYPE",
    ),
    ("ocm", "60.0 6970.5", "0.0 6970.5", "time tags"),
    ("ocm", "60.0 6970.5", "2026-11-20T06:01:00 6970.5", "time tags"),
    ("ocm", "0.0 4.0e-4 1.0e-5", "0.0 4.0e-4 1.0", "covariance"),
    ("ocm", PERTURBATIONS, "", "PERT_START"),
    ("ocm", "COV_START\n", "COV_START\nCOV_STOP\nCOV_START\n", "cov"),
    ("tdm", "PATH = 1,2,1\n", "", "PATH"),
    ("tdm", "CORRECTIONS_APPLIED = YES\n", "", "CORRECTIONS_APPLIED"),
    ("tdm", "RANGE = 2026-11-20T01:01:00", "RANGE = 2026-11-20T00:59:00", "RANGE"),
    ("rdm", "CZ_DOT_Z_DOT = 1.0e-10", "CZ_DOT_Z_DOT = -1.0e-10", "CX_X"),
]


@pytest.mark.parametrize(("kind", "old", "new", "keyword"), WARNINGS)
def test_what_can_be_lived_with_is_told_and_the_message_is_read(kind, old, new, keyword):
    found = read(changed(kind, old, new))
    assert found.faults == ()
    assert keyword in {warning.field for warning in found.warnings}
    assert len(found.messages) == 1
