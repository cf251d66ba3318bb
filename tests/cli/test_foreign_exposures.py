"""Every command on exposures of HST WFC3/IR and Roman WFI."""

import json
import os

import pytest
from astropy.io import fits

from rampviewer.cli import main
from tests.foreign_files import ima_ramp, l1_data, l1_meta, write_ima, write_l1

TIMES = tuple(0.5 * k for k in range(6))
STEP = (0.0, 2.9, 5.8, 12.0, 50.0, 90.0)
UNEVEN = [[1], [2, 3], [5, 6, 7], [10, 11], [12]]
GIVEN = ("--gain", "1.8", "--readnoise", "9")
FILES = ("x_ima.fits", "r01_wfi07_uncal.asdf")


@pytest.fixture
def files(tmp_path):
    """Return an IMA and an L1 file with a cosmic ray each in x 30 y 20."""
    ramp = ima_ramp(n_reads=6, n_rows=74, n_cols=74)
    ramp[3:, 20, 30] += 4000
    data = l1_data(n_rows=64, n_cols=64)
    data[3:, 20, 30] += 4000
    return [
        write_ima(tmp_path / FILES[0], ramp, TIMES),
        write_l1(tmp_path / FILES[1], data),
    ]


def words(*given):
    return [str(word) for word in given]


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_info_tells_both_in_words_and_in_json(files, capsys):
    assert main(words("info", *files)) == 0
    told = capsys.readouterr().out
    assert "RAPID group 0.5 s" in told
    assert "WFC3 IR F126N" in told
    assert "IM_60_6_S group 6 s" in told
    assert main(words("info", "--json", *files)) == 0
    hst, roman = lines(capsys)
    assert hst["keywords"]["SAMP_SEQ"] == "RAPID"
    assert hst["gain"]["source"] == "header"
    assert roman["keywords"]["MATABNAM"] == "IM_60_6_S"
    assert "error" in roman["gain"]
    assert roman["timing"]["n_frames"] == 2


@pytest.mark.parametrize("name", FILES)
def test_a_sheet_is_drawn(files, tmp_path, monkeypatch, capsys, name):
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ["QT_QPA_PLATFORM"])
    output = tmp_path / "sheet.pdf"
    given = ("--pixel", "30,20", "-o", output, *GIVEN)
    assert main(words("sheet", tmp_path / name, *given)) == 0, capsys.readouterr().err
    assert output.read_bytes().startswith(b"%PDF")


def test_process_says_in_json_what_it_found(files, tmp_path, capsys):
    more = ("-o", tmp_path / "out", "--json", "-q", "--save-opt", *GIVEN)
    assert main(words("process", *files, *more)) == 0
    for line, root in zip(lines(capsys), ("x", "r01_wfi07"), strict=True):
        assert line["state"] == "done"
        assert line["n_primary"] >= 1
        names = [path.rpartition("/")[2] for path in line["products"]]
        kinds = ("jump", "rate", "rateints", "fitopt")
        assert names == [f"{root}_{kind}.fits" for kind in kinds]
        assert fits.getdata(line["products"][0], "GROUPDQ")[0, 3, 20, 30] & 4


@pytest.mark.parametrize("given", [(), GIVEN])
def test_a_batch_of_ima_files_goes_on_where_it_ended(files, tmp_path, capsys, given):
    more = ("-o", tmp_path / "out", "--json", "-q", *given)
    for state in ("done", "skipped"):
        assert main(words("process", files[0], *more)) == 0
        assert [line["state"] for line in lines(capsys)] == [state]
    others = () if given else GIVEN
    assert main(words("process", files[0], *more[:4], *others)) == 1
    assert "made with another gain" in lines(capsys)[0]["reason"]


@pytest.mark.parametrize("algorithm", ["OLS_C", "LIKELY"])
@pytest.mark.parametrize("name", FILES)
def test_a_batch_of_uneven_exposures_goes_on_where_it_ended(
    tmp_path, capsys, name, algorithm
):
    if name == FILES[0]:
        ramp = ima_ramp(n_reads=6)
        path = write_ima(tmp_path / name, ramp, STEP, keywords={"SAMP_SEQ": "STEP50"})
    else:
        path = write_l1(tmp_path / name, l1_data(), meta=l1_meta(UNEVEN))
    more = ("-o", tmp_path / "out", "--json", "-q", "--save-opt", *GIVEN)
    for state in ("done", "skipped"):
        assert main(words("process", path, *more, "--algorithm", algorithm)) == 0
        (line,) = lines(capsys)
        assert line["state"] == state
        assert line["products"][-1].endswith("_likely_chisq.fits")


def test_several_are_processed_side_by_side(files, tmp_path, capsys):
    more = ("-o", tmp_path / "out", "--json", "-q", "--jobs", "2", *GIVEN)
    assert main(words("process", *files, *more)) == 0
    found = {line["path"]: line for line in lines(capsys)}
    assert found.keys() == set(map(str, files))
    assert {line["state"] for line in found.values()} == {"done"}
    assert len({path for line in found.values() for path in line["products"]}) == 6
