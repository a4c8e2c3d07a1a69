"""What a file is, told by its content."""

import gzip
import io

import pytest
from tests.formats.test_elements import EVERY

from skypact.base.errors import FormatError
from skypact.formats.identify import identify

KINDS = {
    "csv": "omm-csv", "json": "omm-json", "json numbers": "omm-json", "json lines": "omm-json",
    "kvn": "omm-kvn", "xml": "omm-xml", "tle": "3le",
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), EVERY.items(), ids=EVERY)
@pytest.mark.parametrize("packed", [False, True])
def test_element_sets_are_known_and_counted_in_every_spelling(name, text, packed):
    content = gzip.compress(text.encode()) if packed else text.encode()
    found = identify(io.BytesIO(content))
    assert (found.kind, found.records, found.is_gzipped) == (KINDS[name], 2, packed)
    assert found.description.split()[0] in ("Mean", "Two-line", "Orbit")


@pytest.mark.parametrize(
    ("content", "kind", "version"),
    [
        (b"CCSDS_OEM_VERS = 2.0\nCREATION_DATE = 2026\n", "oem-kvn", "2.0"),
        (b"\xef\xbb\xbfCOMMENT first\r\nCCSDS_CDM_VERS=1.0\r\n", "cdm-kvn", "1.0"),
        (b'<?xml version="1.0"?>\n<tdm id="CCSDS_TDM_VERS" version="2.0">', "tdm-xml", "2.0"),
        (b'<ndm><ndm:oem xmlns:ndm="x" version="3.0">', "oem-xml", "3.0"),
        (b"<ndm>", "ndm-xml", None),
        (b'{"CCSDS_OPM_VERS": "3.0"}', "opm-json", "3.0"),
        (b'[{"CCSDS_CDM_VERS":1.0}]', "cdm-json", "1.0"),
        (b"CCSDS_OCM_VERS = 3.0", "ocm-kvn", "3.0"),
        (b"TRACSS_CDM_VERS = 1.0", "cdm-kvn", "1.0"),
        (b'{"TRACSS_CDM_VERS": "1.0"}', "cdm-json", "1.0"),
        (b"CCSDS_RDM_VERS = 1.0", "rdm-kvn", "1.0"),
        (b"CCSDS_APM_VERS = 2.0", "apm-kvn", "2.0"),
        (b"CCSDS_AEM_VERS = 2.0", "aem-kvn", "2.0"),
        (b"NORAD_CAT_ID_1,DSE_1,NORAD_CAT_ID_2,TCA\n1,0,2,2026", "socrates-csv", None),
        (b"primary_norad_id,secondary_norad_id\n1,2\n", "conjunctions-csv", None),
        (b'[{"primary_norad_id":1,"secondary_norad_id":2}]', "conjunctions-json", None),
        (b'{"primary_norad_id":1,"secondary_norad_id":2}\n', "conjunctions-json", None),
        (b'{"marks": {}, "certificate": {}, "conjunctions": []}', "screening-json", None),
        (b"PAR1\x15\x04", "parquet", None),
        (b"PK\x03\x04", "zip", None),
        (b"<!DOCTYPE html>", "html", None),
        (b"<svg/>", "unknown", None),
        (b"a,b\n1,2\n", "unknown", None),
        (b'{"type": "Feature"}', "unknown", None),
        (b"\x89PNG\r\n", "unknown", None),
        (b"", "empty", None),
    ],
)  # fmt: skip
def test_other_files_are_told_apart(content, kind, version):
    found = identify(io.BytesIO(content))
    assert (found.kind, found.version) == (kind, version)
    assert found.description[0].isupper()


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_results_of_ours_are_known_and_counted(form):
    rows = [b'{"primary_norad_id":1,"secondary_norad_id":2}'] * 3
    content = {
        "csv": b"primary_norad_id,secondary_norad_id\r\n" + b"1,2\r\n" * 3,
        "json": b"[" + b",".join(rows) + b"]",
        "jsonl": b"\n".join(rows),
    }[form]
    assert identify(io.BytesIO(content)).records == 3


def test_counting_does_not_depend_on_where_chunks_end():
    lines = EVERY["tle"].encode() + b"\n"
    for padding in range(0, 200, 3):
        content = b"# " + b"x" * padding + b"\n" + lines * 500
        assert identify(io.BytesIO(content)).records == 1000


@pytest.mark.parametrize(
    ("folder", "prefix"), [("odm/oem", "oem"), ("odm/opm", "opm"), ("cdm", "cdm"), ("tdm", "tdm")]
)
def test_messages_of_the_corpus_are_what_their_names_say(shared, folder, prefix):
    files = sorted((shared / "data/ndm/corpus" / folder).rglob("*Example*.txt"))
    assert files
    for path in files:
        with path.open("rb") as stream:
            assert identify(stream).kind in (f"{prefix}-kvn", f"{prefix}-xml"), path.name


def test_a_damaged_gzip_layer_is_said_to_be_one():
    with pytest.raises(FormatError, match="gzip"):
        identify(io.BytesIO(b"\x1f\x8b" + bytes(50)))
