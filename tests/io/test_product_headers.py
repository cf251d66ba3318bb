import io
from dataclasses import replace

import asdf.util
import numpy as np
import pytest
from astropy.io import fits

from rampviewer.core.dq import Dq
from rampviewer.io.asdf_tree import tree_hdu
from rampviewer.io.headers import merge_into, with_entries
from rampviewer.io.keyword_order import add_in_order
from rampviewer.io.products import write_products
from rampviewer.io.provenance import Entry
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.model.settings.parameters import RampFitParameters


def primary(path):
    return fits.getheader(path)


def tree(path):
    with fits.open(path) as hdus:
        raw = hdus["ASDF"].data.tobytes()
    return asdf.util.load_yaml(io.BytesIO(raw), tagged=True)


def test_headers_start_from_the_opened_file(write):
    paths = write()
    for name, path in paths.items():
        header = primary(path)
        assert header["FILENAME"] == f"x_{name}.fits"
        assert (header["TGROUP"], header["SUBSTRT1"]) == (7.5, 11)
        assert header["DATE"].startswith("20")
        assert header["RV_VERS"]
    assert primary(paths["jump"])["DATAMODL"] == "RampModel"
    assert primary(paths["rate"])["DATAMODL"] == "ImageModel"
    assert primary(paths["rateints"])["DATAMODL"] == "CubeModel"


@pytest.mark.parametrize("n", [1, 18, 40, 41, 42, 60, 66, 67, 68, 69, 100])
@pytest.mark.parametrize("before", [(), ("R_SATURA", 50 * "n", "Saturation r")])
def test_a_comment_ends_where_its_card_does(n, before):
    # A card that is too long would warn, and a warning is an error here.
    entry = Entry("R_SATURA", "x" * n, "Saturation reference file name")
    header = with_entries(fits.Header([before] if before else []), [entry], ())
    header = fits.Header.fromstring(header.tostring())
    assert header["R_SATURA"] == "x" * n
    assert entry.comment.startswith(header.comments["R_SATURA"])
    assert n > 18 or header.comments["R_SATURA"] == entry.comment


def test_a_number_without_a_comment_of_its_own_keeps_that_of_the_file():
    card = ("NINTS", 8, "Number of integrations in exposure")
    header = with_entries(fits.Header([card]), [Entry("NINTS", 2, "")], ())
    assert (header["NINTS"], header.comments["NINTS"]) == (2, card[2])


def test_the_science_header_keeps_what_is_not_about_the_array(write_ramp, write):
    path = write_ramp()
    fits.setval(path, "RA_REF", value=80.5, ext=1)
    header = fits.getheader(write(read_exposure(path, gain=1, readnoise=1))["rate"], "SCI")
    assert header["RA_REF"] == 80.5
    assert "NAXIS3" not in header


@pytest.mark.parametrize(
    ("exp_type", "lamp", "model"),
    [
        ("NRS_IFU", "NONE", "IFUImageModel"),
        ("MIR_MRS", "NONE", "IFUImageModel"),
        ("NRS_LAMP", "IFU", "IFUImageModel"),
        ("NRS_AUTOWAVE", "IFU", "IFUImageModel"),
        ("NRS_LAMP", "MSASPEC", "ImageModel"),
        ("NRS_IMAGE", "IFU", "ImageModel"),
    ],
)
def test_ifu_exposures_have_their_own_rate_model(write_ramp, write, exp_type, lamp, model):
    path = write_ramp(keywords={"EXP_TYPE": exp_type, "OPMODE": lamp})
    written = write(read_exposure(path, gain=1, readnoise=1))
    assert primary(written["rate"])["DATAMODL"] == model
    assert primary(written["rateints"])["DATAMODL"] == "CubeModel"


def test_steps_and_event_rates_are_recorded(opened, make_run, tmp_path):
    groupdq = opened.groupdq & ~np.uint8(Dq.DO_NOT_USE)
    groupdq[0, 1] |= np.uint8(Dq.DO_NOT_USE)
    groupdq[1, :2] |= np.uint8(Dq.DO_NOT_USE)
    opened = replace(opened, groupdq=groupdq)
    run, _ = make_run(opened)
    jump, rate, ints = write_products(opened, run, tmp_path / "out")
    assert (primary(jump)["S_JUMP"], primary(jump).get("S_RAMP")) == ("COMPLETE", None)
    for path in (rate, ints):
        assert (primary(path)["S_JUMP"], primary(path)["S_RAMP"]) == (
            "COMPLETE",
            "COMPLETE",
        )
    n_differences = 2 * 5 - 3 - 2
    amount = n_differences * 7.5 * 6 * 7
    for path in (jump, rate, ints):
        assert primary(path)["PRIMECRS"] == pytest.approx(1000 * 30 / amount)
        assert primary(path)["EXTNCRS"] == pytest.approx(1e6 * 2 / amount)


def test_no_event_rate_without_differences(opened, make_run, tmp_path):
    groupdq = opened.groupdq.copy()
    groupdq[:, 1:] |= np.uint8(Dq.DO_NOT_USE)
    opened = replace(opened, groupdq=groupdq)
    run, _ = make_run(opened)
    (jump,) = write_products(opened, run, tmp_path / "out", which=["jump"])
    assert "PRIMECRS" not in primary(jump)


def test_a_skipped_jump_step_says_so(opened, make_run, write):
    run, _ = make_run(opened, jump_skipped=True)
    paths = write(run=run)
    jump = primary(paths["jump"])
    assert jump["S_JUMP"] == "SKIPPED"
    assert "R_GAIN" not in jump
    assert "PRIMECRS" not in jump
    assert not any("rejection_threshold" in line for line in jump["HISTORY"])
    rate = primary(paths["rate"])
    assert (rate["S_JUMP"], rate["S_RAMP"], rate["R_GAIN"]) == (
        "SKIPPED",
        "COMPLETE",
        "N/A",
    )


def test_flags_as_delivered_claim_no_jump_step(opened, make_run, write):
    run, _ = make_run(opened, delivered="as_delivered")
    paths = write(run=run)
    header = primary(paths["rate"])
    assert header["S_JUMP"] == "SKIPPED"
    assert header["S_RAMP"] == "COMPLETE"
    assert header["RV_FLAGS"] == "as_delivered"
    assert "rampviewer" in tree(paths["rate"])
    assert "jump" not in tree(paths["rate"])["rampviewer"]["parameters"]


def test_every_parameter_is_in_the_history_and_in_the_tree(write):
    paths = write()
    lines = list(primary(paths["rate"])["HISTORY"])
    assert "  rejection_threshold = 3.75" in lines
    assert "  firstgroup = 1" in lines
    assert "  only_use_ints = True" in lines
    recorded = tree(paths["rate"])["rampviewer"]
    assert recorded["parameters"]["jump"]["rejection_threshold"] == 3.75
    assert recorded["parameters"]["ramp_fit"]["firstgroup"] == 1
    assert recorded["gain"] == {"source": "scalar", "name": "1.8"}
    assert "ramp_fit" not in tree(paths["jump"])["rampviewer"]["parameters"]


def test_stated_numbers_are_in_the_header(write):
    header = primary(write()["rate"])
    assert (header["R_GAIN"], header["R_READNO"]) == ("N/A", "N/A")
    assert (header["RV_GAIN"], header["RV_READN"]) == (1.8, 12.5)


def test_reference_files_are_named_as_by_the_steps(write_ramp, write_reference, write):
    gain = write_reference("gain.fits", np.ones((6, 7)), GAINFACT=2.5)
    exposure = read_exposure(write_ramp(), gain=gain, readnoise=1)
    crds = replace(exposure.readnoise_reference, source="crds", name="/c/jwst_rn_1.fits")
    paths = write(replace(exposure, readnoise_reference=crds))
    for path in paths.values():
        header = primary(path)
        assert header["R_GAIN"] == str(gain)
        assert header["R_READNO"] == "crds://jwst_rn_1.fits"
        assert "RV_GAIN" not in header
    factors = {name: primary(path).get("GAINFACT") for name, path in paths.items()}
    assert factors == {"jump": None, "rate": 2.5, "rateints": 2.5}


def test_header_and_tree_agree(write, write_ramp):
    stale = {"meta": {"bunit_data": "DN", "filename": "old"}, "_fits_hash": "0" * 64}
    path = write_ramp(extra=[tree_hdu(stale, None)])
    paths = write(read_exposure(path, gain=1.8, readnoise=12.5))
    assert tree(paths["rate"])["meta"]["bunit_data"] == "DN/s"
    assert "_fits_hash" not in tree(paths["jump"])
    for path in paths.values():
        meta, header = tree(path)["meta"], primary(path)
        assert meta["model_type"] == header["DATAMODL"]
        assert meta["filename"] == header["FILENAME"] == path.name
        assert meta["date"] == header["DATE"]
        assert meta["cal_step"]["jump"] == header["S_JUMP"]
        assert meta["ref_file"]["gain"]["name"] == header["R_GAIN"]


def test_a_new_keyword_stands_where_official_headers_have_it(write_ramp, write):
    keywords = {"S_LINEAR": "COMPLETE", "S_REFPIX": "COMPLETE", "LAST": 1}
    path = write_ramp(keywords=keywords)
    written = write(read_exposure(path, gain=1, readnoise=1))
    order = list(primary(written["rate"]))
    start = order.index("S_JUMP")
    assert order[start : start + 5] == ["S_JUMP", "S_LINEAR", "S_RAMP", "S_REFPIX", "LAST"]


def headed(*parts):
    """Return a header of sections: a heading, then its keywords."""
    header = fits.Header()
    for heading, *keywords in parts:
        for text in ("", heading, "") if heading else ():
            header.append(fits.Card("", text), end=True)
        for keyword in keywords:
            header.append(fits.Card(keyword, 1), end=True)
    header.add_history("old")
    return header


def listed(header):
    return [
        card.keyword or card.value for card in header.cards if card.keyword or card.value
    ]


@pytest.mark.parametrize("keywords", [("S_JUMP", "R_GAIN"), ("R_GAIN", "S_JUMP")])
def test_a_missing_section_is_begun_with_its_heading(keywords):
    exposure, steps = "Exposure parameters", "Calibration step information"
    header = headed(("", "DATE"), (exposure, "NINTS", "TGROUP"), ("Other", "LAST"))
    for keyword in (*keywords, "S_RAMP", "GAINFACT"):
        add_in_order(header, fits.Card(keyword, 2))
    references = "Reference file information"
    assert listed(header) == [
        *("DATE", exposure, "NINTS", "TGROUP", "GAINFACT", "Other", "LAST"),
        *(references, "R_GAIN", steps, "S_JUMP", "S_RAMP", "HISTORY"),
    ]


def test_a_header_without_headings_gets_none():
    header = headed(("", "DATE", "LAST"))
    add_in_order(header, fits.Card("S_JUMP", 2))
    assert listed(header) == ["DATE", "LAST", "S_JUMP", "HISTORY"]


def test_empty_nodes_of_a_tree_are_filled():
    tree_of_source = {"meta": {"cal_step": None}}
    merge_into(tree_of_source, [Entry("S_JUMP", "SKIPPED", "", ("cal_step", "jump"))])
    assert tree_of_source == {"meta": {"cal_step": {"jump": "SKIPPED"}}}


def test_a_range_of_groups_that_does_not_act_is_in_the_history_and_in_the_tree(
    opened, make_run, write
):
    run, _ = make_run(opened)
    recipe = replace(run.recipe, fit=RampFitParameters(firstgroup=4, lastgroup=2))
    paths = write(run=replace(run, recipe=recipe))
    lines = list(primary(paths["rate"])["HISTORY"])
    assert "  used: groups 0 to 4" in lines
    assert "firstgroup 4 and lastgroup 2 are ignored" in " ".join(lines)
    recorded = tree(paths["rateints"])["rampviewer"]
    assert recorded["groups_used"] == "groups 0 to 4"
    assert recorded["groups_note"].endswith("groups 0 to 4 are used.")
    assert "groups_used" not in tree(paths["jump"])["rampviewer"]


def test_a_range_of_groups_that_acts_is_recorded_without_a_note(write):
    paths = write()
    assert "  used: groups 1 to 4" in list(primary(paths["rate"])["HISTORY"])
    assert "groups_note" not in tree(paths["rate"])["rampviewer"]
    assert not any("used:" in line for line in primary(paths["jump"])["HISTORY"])


def test_segments_say_when_and_where_they_were_taken_as_the_official_ones(
    write_ramp, make_run, segments, tmp_path
):
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
    words = {"MJD-BEG": 59713.75, "EPH_TYPE": "Definitive", "JWST_X": -9.1e7, "CRPIX1": 3}
    path = write_ramp()
    with fits.open(path, "update") as hdus:
        hdus["SCI"].header.update(words)
        for place, heading in (("EPH_TYPE", "Ephemeris"), ("CRPIX1", "WCS")):
            for text in ("", heading, ""):
                hdus["SCI"].header.insert(place, ("", text))
    exposure = read_exposure(path, gain=1.8, readnoise=12.5)
    run, _ = make_run(exposure)
    written = write_products(exposure, run, tmp_path / "out", segments=segments)[-1]
    with fits.open(written, checksum=True) as hdus:
        hdus.verify("exception")
        assert [hdu.name for hdu in hdus][1:3] == ["SCI", "SLOPE"]
        assert hdus["SCI"].data is None
        assert hdus["SCI"].header["MJD-BEG"] == words["MJD-BEG"]
        # Below the headings of the official model, which names the extension first.
        cards = [card.keyword or card.value for card in hdus["SCI"].header.cards]
        beginning = ["XTENSION", "BITPIX", "NAXIS", "PCOUNT", "GCOUNT", "EXTNAME"]
        told = ["MJD-BEG", "", "Ephemeris", "", "EPH_TYPE", "JWST_X"]
        assert cards == [*beginning, *told, "CHECKSUM", "DATASUM"]
    with datamodels.open(written) as model:
        model.validate()
        assert type(model) is datamodels.RampFitOutputModel
        assert model.meta.exposure.start_time_mjd == words["MJD-BEG"]
        np.testing.assert_array_equal(model.slope, segments.slope)


def test_names_with_any_letters_are_written_so_that_headers_hold_them(
    write_ramp, make_run, write_reference, tmp_path
):
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
    gain = write_reference("gäin.fits", np.full((6, 7), 1.8))
    path = write_ramp().rename(tmp_path / "µ\t_ramp.fits")
    exposure = read_exposure(path, gain=gain, readnoise=12.5)
    run, _ = make_run(exposure)
    run = replace(run, recipe=replace(run.recipe, source="päram.cfg"))
    for written in write_products(exposure, run, tmp_path / "out"):
        header = primary(written)
        assert header["FILENAME"] == written.name.replace("µ\t", r"\xb5\t")
        assert header["R_GAIN"] == str(gain).replace("ä", r"\xe4")
        lines = list(header["HISTORY"])
        assert r"  gain = g\xe4in.fits (given)" in lines
        assert r"parameters: p\xe4ram.cfg" in lines
        assert tree(written)["rampviewer"]["gain"]["name"] == str(gain)
        assert tree(written)["meta"]["ref_file"]["gain"]["name"] == header["R_GAIN"]
        with datamodels.open(str(written)) as model:
            model.validate()
            model.save(str(tmp_path / "copy.fits"))
    jump = tmp_path / "out" / "µ\t_jump.fits"
    assert read_exposure(jump).gain_reference.name == str(gain)
