from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from astropy import units
from astropy.table import Table

import rampviewer as rv
from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.io.tables import write_table
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.tables.jump_table import jump_table
from rampviewer.model.text.number_text import grouped
from tests.exposures import random_exposure


@pytest.fixture(scope="module")
def result():
    return rv.process(random_exposure(shape=(2, 8, 40, 9)))


def test_the_table_of_jumps_holds_every_flag(result):
    table = result.table_of_jumps()
    jumps = np.zeros(result.jumps.groupdq.shape, bool)
    jumps[table["integration"], table["group"], table["y"], table["x"]] = True
    np.testing.assert_array_equal(jumps, (result.jumps.groupdq & Dq.JUMP_DET) != 0)
    assert len(table) == jumps.sum()
    primary = (result.jumps.origin == Origin.PRIMARY).sum()
    assert (table["origin"] == "primary").sum() == primary > 0
    assert (table["ratio"] > table["threshold"])[table["origin"] == "primary"].all()
    assert table["step"].unit == units.DN
    assert table.meta["run"] == "run 1 (4 sigma)"


def test_the_segments_of_a_pixel_are_those_of_its_explanation(result):
    y, x = np.argwhere(result.run.diagnostics.n_segments > 2)[0].tolist()
    table = result.segments_of(x, y)
    expected = rv.explain(result, x, y).segments
    assert len(table) == sum(map(len, expected)) > 2
    first = table[0]
    assert first["slope"] == expected[0][0].slope
    assert first["share"] == expected[0][0].weight
    assert first["weight"] == 1 / expected[0][0].var_rnoise
    assert table["slope"].unit == units.DN / units.s
    assert table["var_rnoise"].unit == (units.DN / units.s) ** 2
    assert table["share"].sum() == pytest.approx(1)


def test_the_likelihood_fit_has_no_weights_of_least_squares(result):
    fit = RampFitParameters(algorithm="LIKELY")
    likely = rv.process(result.exposure, fit=fit)
    y, x = np.argwhere(np.isfinite(likely.run.rate.slope))[0].tolist()
    table = likely.segments_of(x, y)
    assert len(table)
    assert np.isnan(table["weight"]).all()
    assert table["share"].sum() == pytest.approx(1)


def test_a_pixel_without_a_fit_has_an_empty_table(result):
    groupdq = result.exposure.groupdq.copy()
    groupdq[:, :, 4, 3] = Dq.SATURATED
    dead = rv.process(replace(result.exposure, groupdq=groupdq))
    assert len(dead.segments_of(3, 4)) == 0
    assert len(dead.segments_of(4, 4)) > 0


def test_a_pixel_outside_is_one_sentence(result):
    with pytest.raises(ValueError, match="x 9, y 0 is not in the exposure"):
        result.segments_of(9, 0)


@pytest.mark.parametrize("x", [3.0, 3.5, "3", None, [3]])
def test_a_column_that_is_no_whole_number_is_one_sentence(result, x):
    def view(x, y):
        return rv.view(result, x if x is not None else "x", y)

    for ask in (result.segments_of, result.plot_pixel, partial(rv.explain, result), view):
        with pytest.raises(TypeError, match="x must be a whole number, got "):
            ask(x, 4)
    assert len(result.segments_of(np.int16(4), np.uint64(4))) > 0


def test_a_csv_file_has_units_in_its_head_and_digits_that_mean_something(result, tmp_path):
    path, table = tmp_path / "jumps.csv", jump_table(result.prepared, result.run)
    write_table(table, path)
    head, *lines = path.read_text().splitlines()
    assert head == (
        "x,y,integration,group,origin,step [DN],ratio [sigma],sign,threshold [sigma]"
    )
    assert len(lines) == len(table)
    for place, name in ((5, "step"), (6, "ratio")):
        texts = [line.split(",")[place] for line in lines]
        np.testing.assert_allclose(np.array(texts, float), table[name], rtol=1e-6)
        digits = [text.split("e")[0].lstrip("-0.").replace(".", "") for text in texts]
        assert max(map(len, digits)) <= 7


def test_a_written_table_is_read_back_the_same(result, tmp_path):
    path = tmp_path / "jumps.ecsv"
    path.write_text("old")
    table = jump_table(result.prepared, result.run)
    write_table(table, path)
    read = Table.read(path, format="ascii.ecsv")
    for name in ("x", "y", "integration", "group", "step", "ratio", "threshold"):
        values = np.ma.filled(read[name].astype(float), np.nan)
        np.testing.assert_array_equal(values, table[name])
    assert read["origin"].tolist() == result.table_of_jumps()["origin"].tolist()
    assert read["step"].unit == units.DN
    assert list(tmp_path.iterdir()) == [path]


def test_another_suffix_is_refused(result, tmp_path):
    with pytest.raises(ValueError, match=r"jumps.txt must end in .csv or .ecsv"):
        write_table(jump_table(result.prepared, result.run), tmp_path / "jumps.txt")


def test_numbers_in_notes_of_a_file_are_in_plain_digits(result, tmp_path):
    table = jump_table(result.prepared, result.run)
    path = tmp_path / "jumps.ecsv"
    write_table(replace(table, notes={"rows": f"{grouped(94183)} flags"}), path)
    assert Table.read(path, format="ascii.ecsv").meta["rows"] == "94183 flags"
