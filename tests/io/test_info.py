import json

import numpy as np
import pytest

from rampviewer.cli import main
from rampviewer.core.dq import Dq
from rampviewer.io.info import describe, facts_of

PLACE = {"SUBSTRT1": 11, "SUBSTRT2": 21, "SUBSIZE1": 7, "SUBSIZE2": 6}


def test_size_timing_and_place_are_in_words(write_ramp):
    lines = describe(write_ramp(), gain=1, readnoise=1)
    assert lines["size"] == "2 integrations, 5 groups, 6 rows, 7 columns"
    assert lines["instrument"] == "NIRCAM NRCA1"
    assert lines["timing"] == (
        "SHALLOW4 group 7.5 s, frame 1.5 s, 4 frames per group, 1 dropped between groups, "
        "2 before the first"
    )
    assert lines["subarray"].startswith("SUB64 columns 11 to 17, rows 21 to 26")
    assert lines["extensions"] == "SCI, PIXELDQ, GROUPDQ, ZEROFRAME, AVDRKCUR"
    assert lines["jump step"] == "not run"
    assert "notes" not in lines


def test_flags_are_counted(write_ramp):
    groupdq = np.zeros((2, 5, 6, 7), np.uint8)
    groupdq[0, 1, 2, 3] = groupdq[1, 4, 2, 3] = Dq.JUMP_DET | Dq.SATURATED
    groupdq[0, 2, 0, 0] = Dq.SATURATED
    pixeldq = np.zeros((6, 7), np.uint32)
    pixeldq[0, :3] = Dq.DO_NOT_USE
    pixeldq[0, 0] |= np.uint32(Dq.REFERENCE_PIXEL)
    lines = describe(write_ramp(GROUPDQ=groupdq, PIXELDQ=pixeldq), gain=1, readnoise=1)
    assert lines["delivered jumps"] == "2 groups in 1 pixel"
    assert lines["saturated"] == "3 groups in 2 pixels"
    assert lines["groups not used"] == "none"
    assert lines["pixels not used"] == "3 of 42"
    assert lines["reference pixels"] == "1"


def test_references_are_described_or_their_absence(
    write_ramp, write_reference, monkeypatch
):
    monkeypatch.delenv("CRDS_PATH", raising=False)
    gain = write_reference("gain.fits", np.full((6, 7), 2), GAINFACT=1.5, **PLACE)
    lines = describe(write_ramp(), gain=gain)
    assert lines["gain"] == "gain.fits (given), median 2 electron/DN, GAINFACT 1.5"
    assert lines["readnoise"].startswith("not available: x_ramp.fits has no read noise")
    assert describe(write_ramp(), readnoise=12.5)["readnoise"] == "12.5 DN (stated)"


def test_a_reference_of_nothing_but_nan_has_no_median(write_ramp, write_reference):
    gain = write_reference("gain.fits", np.full((6, 7), np.nan), **PLACE)
    assert describe(write_ramp(), gain=gain)["gain"] == "gain.fits (given)"


def test_absent_extensions_and_keywords_are_left_out_or_noted(write_ramp):
    without = ("GROUPDQ", "PIXELDQ", "DATAMODL", "READPATT", "SUBSTRT1")
    lines = describe(write_ramp(without=without), gain=1, readnoise=1)
    assert "saturated" not in lines
    assert "no GROUPDQ" in lines["notes"].replace("There is ", "")
    assert lines["kind"] == "ramp exposure (no DATAMODL keyword)"
    assert lines["timing"].startswith("group 7.5 s")
    assert lines["subarray"] == "SUB64"


def test_what_is_not_a_ramp_is_refused(write_ramp):
    with pytest.raises(ValueError, match="not a ramp exposure"):
        describe(write_ramp(SCI=np.zeros((6, 7))))


def test_facts_survive_json(write_ramp, monkeypatch):
    monkeypatch.delenv("CRDS_PATH", raising=False)
    groupdq = np.zeros((2, 5, 6, 7), np.uint8)
    groupdq[0, 1, 2, 3] = groupdq[1, 4, 2, 3] = Dq.JUMP_DET
    facts = facts_of(write_ramp(GROUPDQ=groupdq), gain=2)
    assert json.loads(json.dumps(facts)) == facts
    assert facts["shape"] == {"n_ints": 2, "n_groups": 5, "n_rows": 6, "n_cols": 7}
    assert facts["timing"]["group_time"] == 7.5
    assert facts["group_flags"]["JUMP_DET"] == {"groups": 2, "pixels": 1}
    assert facts["gain"]["median"] == 2
    assert "no read noise" in facts["readnoise"]["error"]
    assert facts["delivered"] is None


def test_info_writes_a_line_of_json_for_each_file(write_ramp, tmp_path, capsys):
    ramp = write_ramp()
    bad = tmp_path / "bad.fits"
    bad.write_text("no FITS")
    words = ["--json", "--gain", "2", "--readnoise", "9"]
    assert main(["info", str(ramp), str(bad), str(ramp), *words]) == 1
    said = capsys.readouterr()
    found = [json.loads(line) for line in said.out.splitlines()]
    assert [facts["file"] for facts in found] == [str(ramp), str(bad), str(ramp)]
    assert ["error" in facts for facts in found] == [False, True, False]
    assert found[1]["error"] == f"{bad} is not a FITS file"
    assert "bad.fits" in said.err


def test_a_segment_says_which_part_of_a_series_it_is(write_ramp):
    for number in (1, 2):
        path = write_ramp(f"jw01-seg00{number}_nrca1_ramp.fits")
    lines = describe(path, gain=1, readnoise=1)
    assert lines["notes"].startswith("This is segment 2 of 2 of a time series")


def test_stripes_are_no_rectangle_of_the_detector(write_ramp):
    keywords = {"SUBARRAY": "SUB164STRIPE4_DHS", "MSTR_RD1": 1, "MSTR_RD2": 40}
    lines = describe(write_ramp(keywords=keywords), gain=1, readnoise=1)
    assert lines["subarray"] == "SUB164STRIPE4_DHS stripes of 40 lines of the detector"
    lines = describe(write_ramp(keywords={"SUBSTRT1": "left"}), gain=1, readnoise=1)
    assert lines["subarray"] == "SUB64"
