"""`skypact catalogue fit-errors`, as its user meets it."""

import numpy as np
import pytest
from tests.ssa.test_element_error_fit import DAY_S, history

from skypact.cli.run import UNUSABLE, run
from skypact.formats.element_errors import read_element_errors
from skypact.formats.elements import write_omm_csv


@pytest.fixture
def file(tmp_path):
    sets = history(1.5 * DAY_S, 30, anomaly_rad=2e-5, node_rad=3e-5, motion_rad_s=1e-10)
    path = tmp_path / "history.csv"
    with path.open("wb") as stream:
        write_omm_csv(sets, stream)
    return path


def test_a_history_becomes_a_table_for_people(file, capsys):
    assert run(["catalogue", "fit-errors", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "perigee 600 to 800 km" in out
    assert "1 to 2" in out
    assert "60 element sets of 30 objects compared in 30 pairs" in err


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_of_it_can_be_read_and_names_no_path(file, tmp_path, ending):
    output = tmp_path / f"sigmas.{ending}"
    assert run(["catalogue", "fit-errors", str(file), "-o", str(output)]) == 0
    with output.open("rb") as stream:
        table = read_element_errors(stream, source="test")
    assert table.pairs.tolist() == [30]
    assert np.isfinite(table.sigma_transverse_m).all()
    assert str(tmp_path) not in output.read_text()


def test_two_histories_are_one(file, capsys):
    assert run(["catalogue", "fit-errors", str(file), str(file)]) == 0
    assert "120 element sets of 30 objects" in capsys.readouterr().err


def test_real_and_invented_objects_are_not_mixed(file, capsys):
    assert run(["catalogue", "fit-errors", str(file), "exercise"]) == UNUSABLE
    assert "EXERCISE" in capsys.readouterr().err


def test_a_catalogue_of_one_epoch_says_what_is_missing(capsys):
    assert run(["catalogue", "fit-errors", "exercise"]) == UNUSABLE
    assert "here is one set per object" in capsys.readouterr().err
