"""Every error says who must act."""

import pickle

import pytest

from skypact.base.errors import (
    FormatError,
    InputError,
    NotReleasable,
    SkypactError,
    Unavailable,
)


@pytest.mark.parametrize(
    ("error", "code", "exit_status"),
    [
        (InputError, "input", 3),
        (FormatError, "format", 3),
        (NotReleasable, "not-releasable", 4),
        (Unavailable, "unavailable", 5),
    ],
)
def test_codes_and_exit_statuses_are_what_scripts_rely_on(error, code, exit_status):
    assert issubclass(error, SkypactError)
    assert (error.code, error.exit_status) == (code, exit_status)


def test_a_fault_of_a_file_names_line_and_field():
    fault = FormatError(12, "ECCENTRICITY", "0 to 1", "1.5")
    assert str(fault) == "line 12, ECCENTRICITY: expected 0 to 1, found 1.5"


def test_a_fault_of_the_whole_file_names_no_place():
    assert str(FormatError(0, "file", "some bytes", "none")) == "expected some bytes, found none"


def test_a_fault_survives_the_way_between_processes():
    fault = pickle.loads(pickle.dumps(FormatError(2, "EPOCH", "a time", "noon")))
    assert (fault.line, fault.field, fault.expected, fault.found) == (2, "EPOCH", "a time", "noon")
