"""Every sample message of the reference data: what is valid is read, what is wrong is named."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from skypact.base.errors import FormatError
from skypact.formats.ccsds.reading import read_messages
from skypact.formats.ccsds.writing import write_messages

if TYPE_CHECKING:
    from pathlib import Path

SPOKEN = ("cdm/", "odm/", "tdm/")
VALID = 110

# What is wrong with each file, as a line of its own says it or its name does: keyword and line
# (0: wherever). The other program's own verdict is in expected.json beside the files.
WRONG = {
    "cdm/CDM-covariance-wrong-entry-format.txt": ("CRDOT_T", 65),
    "cdm/CDM-missing-TCA.txt": ("TCA", 0),
    "cdm/CDM-missing-object1-covariance-block.xml": ("covarianceMatrix|CR_R", 0),
    "cdm/CDM-missing-object2-state-vector.txt": ("stateVector|X", 0),
    "cdm/CDM-wrong-key-word.txt": ("", 0),
    "cdm/CDMExample1InvalidTca.txt": ("TCA", 0),
    "cdm/CDMExample_issue1319_mandatory_empty_value.xml": ("X", 0),
    "odm/ocm/OCM-incompatible-units-dimension.txt": ("TRAJ_UNITS", 13),
    "odm/ocm/OCM-incompatible-units-scale.txt": ("TRAJ_UNITS", 13),
    "odm/ocm/OCM-missing-maneuver-time.txt": ("MAN_COMPOSITION", 18),
    "odm/ocm/OCM-missing-revnum-basis.txt": ("ORB_REVNUM_BASIS", 14),
    "odm/ocm/OCM-missing-t0.txt": ("EPOCH_TZERO", 0),
    "odm/ocm/OCM-spurious-metadata-section.txt": ("META_START", 8),
    "odm/ocm/OCM-wrong-nb-elements.txt": ("TRAJ_UNITS", 13),
    "odm/ocm/OCM-wrong-time-span.txt": ("TIME_SPAN", 11),
    "odm/ocm/OCMMinimalExpected.txt": ("cov", 0),
    "odm/oem/OEM-covariance-number-format-error.txt": ("", 52),
    "odm/oem/OEM-ephemeris-number-format-error.txt": ("", 44),
    "odm/oem/OEM-inconsistent-time-systems.txt": ("TIME_SYSTEM", 0),
    "odm/oem/OEM-keyword-within-covariance.txt": ("USER_DEFINED_TEST_KEY", 91),
    "odm/oem/OEM-keyword-within-ephemeris.txt": ("USER_DEFINED_TEST_KEY", 24),
    "odm/oem/OEM-too-few-covariance-columns.txt": ("", 0),
    "odm/oem/OEM-too-large-covariance-dimension.txt": ("", 0),
    "odm/oem/OEM-too-many-covariance-columns.txt": ("", 0),
    "odm/oem/OEM-too-small-covariance-dimension.txt": ("", 0),
    "odm/oem/OEM-wrong-keyword.txt": ("WRONG_KEYWORD", 19),
    "odm/oem/OEMExample7.txt.post": ("CCSDS_OEM_VERS|CCSDS navigation message", 0),
    "odm/oem/OEMExample7.txt.pre": ("", 0),
    "odm/omm/OMM-empty-object-id.txt": ("OBJECT_ID", 0),
    "odm/omm/OMM-empty-object-id.xml": ("OBJECT_ID", 0),
    "odm/omm/OMM-number-format-error.txt": ("ARG_OF_PERICENTER", 15),
    "odm/omm/OMM-wrong-keyword.txt": ("WRONG_KEYWORD", 9),
    "odm/omm/spurious-metadata.xml": ("OBJECT_NAME", 8),
    "odm/opm/OPM-incompatible-units.txt": ("", 0),
    "odm/opm/OPM-number-format-error.txt": ("SEMI_MAJOR_AXIS", 17),
    "odm/opm/OPM-wrong-keyword.txt": ("WRONG_KEYWORD", 11),
    "odm/opm/spurious-metadata.xml": ("OBJECT_NAME", 13),
    "tdm/kvn/TDM-data-inconsistent-line.txt": ("RECEIVE_FREQ_1", 25),
    "tdm/kvn/TDM-data-number-format-error.txt": ("RECEIVE_FREQ_1", 26),
    "tdm/kvn/TDM-data-wrong-keyword.txt": ("WRONG_KEYWORD", 26),
    "tdm/kvn/TDM-issue963.txt": ("PATH", 13),
    "tdm/kvn/TDM-metadata-number-format-error.txt": ("TRANSMIT_DELAY_1", 17),
    "tdm/kvn/TDM-metadata-wrong-keyword.txt": ("WRONG_KEYWORD", 16),
    "tdm/xml/TDM-data-inconsistent-block.xml": ("", 0),
    "tdm/xml/TDM-data-number-format-error.xml": ("RECEIVE_FREQ_1", 47),
    "tdm/xml/TDM-data-wrong-keyword.xml": ("WRONG_KEYWORD", 45),
    "tdm/xml/TDM-external-doctype.xml": ("DOCTYPE", 0),
    "tdm/xml/TDM-metadata-number-format-error.xml": ("TRANSMIT_DELAY_1", 24),
    "tdm/xml/TDM-metadata-wrong-keyword.xml": ("WRONG_KEYWORD", 23),
    "tdm/xml/TDM-missing-participants.xml": ("PARTICIPANT_1", 0),
    "tdm/xml/TDM-missing-timesystem.xml": ("TIME_SYSTEM", 0),
    "ndm/NDM-opm-entity.xml": ("DOCTYPE", 2),
    "ndm/wrong-format.txt": ("", 0),
}  # fmt: skip
# What Orekit does not take for want of data of its own, and why we take it.
ACCEPTED = {
    "odm/ocm/OCM-unknown-frame-center.txt": "it has no ephemeris of a body ZZ; nobody needs one",
    "tdm/kvn/TDM-metadata-timesystem-not-implemented.txt": "a time system that partners agreed on",
    "tdm/xml/TDM-metadata-timesystem-not-implemented.xml": "a time system that partners agreed on",
}


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    return shared / "data" / "ndm" / "corpus"


def _expected(corpus: Path) -> dict[str, dict[str, object]]:
    text = (corpus.parent / "expected.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _faults(path: Path) -> list[FormatError]:
    try:
        return list(read_messages(io.BytesIO(path.read_bytes())).faults)
    except FormatError as error:
        return [error]


def _valid(corpus: Path) -> list[str]:
    expected = _expected(corpus).items()
    return [name for name, told in expected if told["read_by_orekit"] and name.startswith(SPOKEN)]


def test_every_valid_message_is_read_without_a_fault(corpus):
    valid = _valid(corpus)
    assert len(valid) == VALID
    refused = {name: [*map(str, _faults(corpus / name))] for name in valid}
    assert {name: faults for name, faults in refused.items() if faults} == {}


def test_what_is_wrong_is_refused_and_named(corpus):
    accepted, unnamed = [], {}
    for name, (keyword, line) in WRONG.items():
        faults = _faults(corpus / name)
        if not faults:
            accepted.append(name)
        elif not any(_names(fault, keyword, line) for fault in faults):
            unnamed[name] = [*map(str, faults)]
    assert accepted == []
    assert unnamed == {}


def _names(fault: FormatError, keyword: str, line: int) -> bool:
    is_line = line in (0, fault.line)
    return is_line and (not keyword or re.search(rf"\b({keyword})\b", str(fault)) is not None)


def test_files_without_a_message_are_refused(corpus):
    stubs = sorted((corpus / "lexical").iterdir())
    assert len(stubs) == 11
    assert [path.name for path in stubs if not _faults(path)] == []


def test_every_file_that_another_program_refuses_is_refused_or_explained(corpus):
    refused = {name for name, told in _expected(corpus).items() if not told["read_by_orekit"]}
    ours = {name for name in refused if name.startswith((*SPOKEN, "ndm/"))}
    assert ours == WRONG.keys() | ACCEPTED.keys()
    for name in ACCEPTED:
        assert _faults(corpus / name) == [], name


@pytest.mark.parametrize("notation", ["kvn", "xml", "json"])
def test_valid_messages_are_the_same_in_every_notation_and_back(corpus, notation):
    changed = []
    for name in _valid(corpus):
        found = read_messages(io.BytesIO((corpus / name).read_bytes()))
        written = write_messages(found.messages, notation)
        again = read_messages(io.BytesIO(written))
        if again.faults or again.messages != found.messages:
            changed.append(name)
    assert changed == []


def test_messages_that_come_together_are_read_each_for_itself(corpus):
    both = read_messages(io.BytesIO((corpus / "ndm/NDM-ocm-apm.xml").read_bytes()))
    assert [message.kind for message in both.messages] == ["ocm"]
    assert both.faults == ()
    assert [warning.field for warning in both.warnings if "attitude" in warning.found] == ["apm"]
    none = read_messages(io.BytesIO((corpus / "ndm/empty.xml").read_bytes()))
    assert (none.messages, none.faults) == ((), ())
    assert [warning.field for warning in none.warnings] == ["ndm"]
