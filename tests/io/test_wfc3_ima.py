"""Ramps of HST WFC3/IR, whose IMA files hold the reads one by one."""

import gzip
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from rampviewer.api import explain
from rampviewer.core.dq import Dq
from rampviewer.io.export import export_run
from rampviewer.io.info import describe
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.readers.wfc3_times import cadence_of
from rampviewer.io.siblings import find_siblings, open_sibling
from rampviewer.model.errors import MissingReferenceError
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.deviation import residuals
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.commands import commands
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.tables.ramp_table import ramp_table
from tests.foreign_files import GAIN, NOISE, ima_ramp, write_ima

TIMES = (0.0, 0.5, 1.0, 1.5, 2.0)
SPARS = (0.0, 2.9, 12.9, 22.9, 32.9)
STEP = (0.0, 2.9, 5.8, 12.0, 50.0)
UNITS = ("ELECTRONS/S", "COUNTS/S", "ELECTRONS", "COUNTS")


@pytest.fixture
def ramp():
    return ima_ramp()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x_ima.fits"


def flags(exposure, k=slice(None), row=8, col=9):
    return exposure.groupdq[0, k, row, col].tolist()


DEFAULTS = Recipe(jump=JumpParameters(), fit=RampFitParameters())


def process(exposure, **changes):
    return process_exposure(Prepared.of(exposure), replace(DEFAULTS, **changes))


@pytest.mark.parametrize("last_first", [True, False])
@pytest.mark.parametrize("unit", UNITS)
def test_reads_become_a_ramp_in_dn_whatever_their_unit_and_order(
    path, ramp, unit, last_first
):
    exposure = read_exposure(write_ima(path, ramp, TIMES, unit=unit, last_first=last_first))
    assert exposure.shape == (1, 5, 18, 21)
    np.testing.assert_allclose(exposure.sci[0], ramp, rtol=1e-6)
    assert not exposure.sci[0, 0].any()
    assert exposure.timing.group_time == exposure.timing.frame_time == 0.5
    assert exposure.timing.read_times is None


def test_a_time_for_each_pixel_counts_more_than_that_of_the_read(path, ramp):
    def halve(sets):
        for parts in sets:
            parts["TIME"][0][8, 9] /= 2

    exposure = read_exposure(write_ima(path, ramp, TIMES, time_arrays=True, change=halve))
    np.testing.assert_allclose(exposure.sci[0, :, 8, 9], ramp[:, 8, 9] / 2, rtol=1e-6)
    np.testing.assert_allclose(exposure.sci[0, :, 8, 10], ramp[:, 8, 10], rtol=1e-6)


def test_the_zeroth_read_is_0_only_where_it_was_subtracted(path, ramp):
    raised = ramp + 7
    exposure = read_exposure(write_ima(path, raised, TIMES))
    assert not exposure.sci[0, 0].any()
    assert any("exactly 0" in note for note in exposure.notes)
    kept = write_ima(path, raised, TIMES, keywords={"ZOFFCORR": "PERFORM"})
    exposure = read_exposure(kept)
    np.testing.assert_allclose(exposure.sci[0], raised, rtol=1e-6)
    assert not any("exactly 0" in note for note in exposure.notes)


def test_extensions_without_data_are_constant(path, ramp):
    def flatten(sets):
        _, words = sets[2]["SCI"]
        sets[2]["SCI"] = (None, {**words, "PIXVALUE": 50.0})

    written = write_ima(
        path,
        ramp,
        TIMES,
        unit="COUNTS",
        change=flatten,
        dq=np.full(ramp.shape, 16, np.int16),
    )
    exposure = read_exposure(written)
    assert np.all(exposure.sci[0, 2] == 50.0)
    assert np.all(exposure.pixeldq & int(Dq.HOT))


def test_reference_pixels_are_the_border(path, ramp):
    exposure = read_exposure(write_ima(path, ramp, TIMES))
    inside = np.zeros((18, 21), bool)
    inside[5:-5, 5:-5] = True
    np.testing.assert_array_equal(
        (exposure.pixeldq & np.uint32(Dq.REFERENCE_PIXEL)) == 0, inside
    )


@pytest.mark.parametrize(
    ("bit", "meaning"),
    [
        (4, Dq.DEAD | Dq.DO_NOT_USE),
        (8, Dq.UNRELIABLE_BIAS),
        (16, Dq.HOT),
        (32, Dq.UNRELIABLE_DARK | Dq.DO_NOT_USE),
        (64, Dq.WARM),
        (128, Dq.BAD_REF_PIXEL),
        (512, Dq.UNRELIABLE_FLAT),
        (2048, Dq(0)),
    ],
)
def test_flags_of_pixels_are_those_of_jwst(path, ramp, bit, meaning):
    dq = np.zeros(ramp.shape, np.int16)
    dq[:, 8, 9] = bit
    exposure = read_exposure(write_ima(path, ramp, TIMES, dq=dq))
    assert exposure.pixeldq[8, 9] == int(meaning)
    assert exposure.pixeldq[8, 10] == 0
    assert flags(exposure) == [0] * 5
    told = any("signal in the zeroth read (1 pixel)" in note for note in exposure.notes)
    assert told == (bit == 2048)


def test_no_jump_is_searched_for_in_reference_pixels(path):
    ramp = ima_ramp(n_reads=8, n_rows=40, n_cols=40)
    ramp[3:, 4, :] += 2000  # the border, beside the light
    exposure = read_exposure(write_ima(path, ramp, [0.5 * k for k in range(8)]))
    border = (exposure.pixeldq & np.uint32(Dq.REFERENCE_PIXEL)) != 0
    assert np.all(exposure.groupdq[0][:, border] & int(Dq.DO_NOT_USE))
    assert "Reference pixels, a border of 5, are DO_NOT_USE." in exposure.notes
    run = process(exposure)
    assert run.n_primary == 0
    assert not (run.rate.dq[5] & int(Dq.JUMP_DET)).any()
    assert np.isfinite(run.rate.slope[~border]).all()


def test_flags_of_reads_are_those_of_jwst(path, ramp):
    dq = np.zeros(ramp.shape, np.int16)
    dq[2:, 8, 9] = 256
    dq[3, 8, 10] = 2
    dq[3, 8, 11] = 4  # a spike
    dq[2:, 8, 12] = 8192
    dq[[1, 3, 4], 8, 13] = 8192
    exposure = read_exposure(write_ima(path, ramp, TIMES, dq=dq))
    lost, jump = int(Dq.DROPOUT | Dq.DO_NOT_USE), int(Dq.JUMP_DET)
    assert flags(exposure) == [0, 0, 2, 2, 2]
    assert flags(exposure, col=10) == [0, 0, 0, lost, 0]
    assert flags(exposure, col=11) == [0, 0, 0, 1, 0]
    assert exposure.pixeldq[8, 11] == 0
    assert flags(exposure, col=12) == [0, 0, jump, 0, 0]
    assert flags(exposure, col=13) == [0, jump, 0, jump, 0]


def test_a_zeroth_read_that_is_alone_below_saturation_is_not_used(path, ramp):
    dq = np.zeros(ramp.shape, np.int16)
    dq[1:, 8, 9] = 256
    exposure = read_exposure(write_ima(path, ramp, TIMES, dq=dq))
    assert flags(exposure) == [1, 2, 2, 2, 2]
    assert any(note.startswith("1 pixel saturated") for note in exposure.notes)
    fit = RampFitParameters(suppress_one_group=False)
    assert np.isnan(process(exposure, fit=fit).rate.slope[8, 9])


def test_the_zeroth_read_of_an_even_sequence_after_it_is_not_used(path, ramp):
    written = write_ima(path, ramp, SPARS, keywords={"SAMP_SEQ": "SPARS10"})
    exposure = read_exposure(written)
    assert exposure.timing.read_times is None
    assert exposure.timing.group_time == pytest.approx(10.0)
    assert flags(exposure) == [1, 0, 0, 0, 0]
    assert any("SPARS10 takes 2.9 s" in note for note in exposure.notes)
    slope = process(exposure).rate.slope[8, 9]
    assert slope == pytest.approx((ramp[4, 8, 9] - ramp[1, 8, 9]) / 30.0, rel=0.05)


def test_uneven_reads_are_fitted_with_their_times(path, tmp_path):
    ramp = (np.array(STEP, np.float32) * 40)[:, None, None] * np.ones((18, 21), np.float32)
    written = write_ima(path, ramp, STEP, keywords={"SAMP_SEQ": "STEP50"})
    exposure = read_exposure(written)
    assert exposure.timing.read_times == tuple((time,) for time in STEP)
    assert any("UNEVEN" in note and "STEP50" in note for note in exposure.notes)
    run = process(exposure, delivered_jumps="as_delivered")
    assert run.rate.slope[8, 9] == pytest.approx(40.0, rel=1e-3)
    jump = export_run(exposure, run, tmp_path / "out", products=("jump",))[0]
    again = read_exposure(jump, gain=GAIN, readnoise=NOISE / GAIN)
    assert again.timing.read_times == exposure.timing.read_times


@pytest.mark.parametrize(
    ("sequence", "times"), [("RAPID", TIMES), ("SPARS10", SPARS), ("STEP50", STEP)]
)
def test_reads_are_drawn_when_they_were_read_and_lines_pass_through_them(
    path, sequence, times
):
    ramp = (np.array(times, np.float32) * 40)[:, None, None] * np.ones((18, 21), np.float32)
    written = write_ima(path, ramp, times, keywords={"SAMP_SEQ": sequence})
    kinds = ("", "three_group_", "four_group_")
    none = JumpParameters(**{f"{kind}rejection_threshold": 1e9 for kind in kinds})
    view = explain(read_exposure(written), x=9, y=8, jump=none).view
    np.testing.assert_allclose(view.times.of(np.arange(5)), times)
    np.testing.assert_allclose(ramp_table(view).arrays["time"], times)
    (segment,) = view.integrations[0].segments
    assert segment.slope == pytest.approx(40.0, rel=1e-3)
    drawn, values = segment.line(view.times)
    assert drawn == pytest.approx((times[segment.first_group], times[-1]))
    np.testing.assert_allclose(values, 40 * np.array(drawn), rtol=1e-3, atol=0.5)
    above = residuals(view.integrations[0], view.times)
    assert np.nanmax(np.abs(above)) < 0.5


def test_the_steps_of_a_sequence_tell_whether_it_is_even(path):
    assert not cadence_of(path, "RAPID", TIMES).note
    assert not cadence_of(path, "STEP", (0.0, 3.0)).note
    assert cadence_of(path, "X", (0.0, 1.0, 3.0)).timing.read_times is not None
    assert cadence_of(path, "X", SPARS).without_zeroth


def test_gain_and_noise_of_the_header_stand_in_until_others_are_given(path, ramp):
    exposure = read_exposure(write_ima(path, ramp, TIMES))
    assert exposure.gain[0, 0] == pytest.approx(GAIN)
    assert exposure.readnoise[0, 0] == pytest.approx(NOISE / GAIN)
    assert str(exposure.gain_reference) == "2.5 electron/DN (header)"
    assert str(exposure.readnoise_reference) == "8 DN (header)"
    assert any("READNSEA" in note for note in exposure.notes)
    other = read_exposure(path, gain=2.0, readnoise=9.0)
    assert other.gain[0, 0] == 2.0
    assert str(other.readnoise_reference) == "9.0 DN (stated)"
    assert not any("READNSEA" in note for note in other.notes)
    np.testing.assert_array_equal(other.sci, exposure.sci)


def test_the_commanded_gain_is_the_last_resort(path, ramp):
    amplifiers = [f"ATODGN{letter}" for letter in "ABCD"]
    written = write_ima(path, ramp, TIMES, unit="COUNTS", without=amplifiers)
    exposure = read_exposure(written)
    assert exposure.gain[0, 0] == 2.0
    assert any("CCDGAIN" in note for note in exposure.notes)
    table = {"CCDTAB": "iref$t_ccd.fits"}
    lacking = [*amplifiers, "CCDGAIN"]
    write_ima(path, ramp, TIMES, unit="COUNTS", without=lacking, keywords=table)
    with pytest.raises(MissingReferenceError, match="header does not state it") as caught:
        read_exposure(path)
    said = str(caught.value)
    assert "in the table that CCDTAB names (iref$t_ccd.fits); give a file" in said
    assert "or state a number (--gain NUMBER); the same holds for the read noise" in said
    assert "CRDS_CONTEXT" not in said
    assert read_exposure(path, gain=2, readnoise=9).sci[0, 4, 8, 9] == ramp[4, 8, 9]
    write_ima(path, ramp, TIMES, without=[*amplifiers, "CCDGAIN"])
    with pytest.raises(ValueError, match="in electrons and states no gain"):
        read_exposure(path, gain=2, readnoise=9)


def test_what_calibration_left_out_is_said(path, ramp):
    keywords = {"NLINCORR": "OMIT", "NSAMP": 9}
    notes = " ".join(read_exposure(write_ima(path, ramp, TIMES, keywords=keywords)).notes)
    assert "uncalibrated: NLINCORR of calwf3 did not run" in notes
    assert "NSAMP says 9, the file has 5 reads" in notes


def test_content_decides_and_not_the_name(tmp_path, ramp):
    plain = write_ima(tmp_path / "jw01_nrca1_uncal.fits", ramp, TIMES)
    zipped = tmp_path / "anything.dat"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    np.testing.assert_array_equal(read_exposure(zipped).sci, read_exposure(plain).sci)


def single(ramp, **keywords):
    header = fits.Header({"TELESCOP": "HST", **keywords})
    image = fits.ImageHDU(ramp[-1], name="SCI")
    return fits.HDUList([fits.PrimaryHDU(header=header), image])


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"INSTRUME": "WFC3", "DETECTOR": "UVIS"}, "an HST/WFC3/UVIS exposure"),
        (
            {"INSTRUME": "WFC3", "DETECTOR": "IR"},
            "an HST/WFC3/IR image, in which all reads",
        ),
        ({"INSTRUME": "NICMOS"}, "an HST/NICMOS exposure"),
    ],
)
def test_another_file_of_hst_is_called_what_it_is(tmp_path, ramp, keywords, words):
    path = tmp_path / "y_flt.fits"
    single(ramp, **keywords).writeto(path)
    with pytest.raises(ValueError, match=words) as caught:
        read_exposure(path)
    assert str(caught.value).startswith("y_flt.fits is not a ramp exposure but")


def test_a_ramp_of_hst_in_the_layout_of_jwst_is_read_as_such(path, tmp_path, ramp):
    exposure = read_exposure(write_ima(path, ramp, TIMES))
    jump = export_run(exposure, process(exposure), tmp_path / "out", products=("jump",))[0]
    again = read_exposure(jump, gain=GAIN, readnoise=NOISE / GAIN)
    np.testing.assert_array_equal(again.sci, exposure.sci)
    np.testing.assert_array_equal(again.pixeldq, exposure.pixeldq)


def change_unit(sets):
    sets[1]["SCI"][1]["BUNIT"] = "JY"


def change_shape(sets):
    sets[1]["SCI"] = (np.zeros((18, 20), np.float32), sets[1]["SCI"][1])


def drop_time(sets):
    del sets[1]["SCI"][1]["SAMPTIME"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_unit, r"reads in JY \(BUNIT\)"),
        (change_shape, "reads of different shapes"),
        (drop_time, "has no SAMPTIME"),
    ],
)
def test_a_file_that_makes_no_ramp_says_why(path, ramp, change, words):
    write_ima(path, ramp, TIMES, change=change)
    with pytest.raises(ValueError, match=f"x_ima.fits .*{words}"):
        read_exposure(path)


@pytest.mark.parametrize(
    ("times", "words"), [((0.0, 0.5, 0.5, 1.0, 1.5), "do not increase")]
)
def test_times_must_increase(path, ramp, times, words):
    with pytest.raises(ValueError, match=words):
        read_exposure(write_ima(path, ramp, times))


@pytest.mark.parametrize("left", [0.3, 0.8, 0.99])
def test_a_cut_file_is_called_truncated(path, ramp, left):
    write_ima(path, ramp, TIMES)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * left)])
    with pytest.raises(OSError, match=r"x_ima\.fits is truncated"):
        read_exposure(path)


def test_products_keep_the_keywords_of_hst_and_add_those_of_ramps(path, tmp_path, ramp):
    exposure = read_exposure(write_ima(path, ramp, TIMES))
    folder = tmp_path / "out"
    for product in export_run(exposure, process(exposure), folder):
        with fits.open(product, checksum=True) as hdus:
            hdus.verify("exception")
            header, sci = hdus[0].header, hdus["SCI"].header
            assert header["TELESCOP"] == "HST"
            assert header["ROOTNAME"] == "x"
            assert header["SUBTYPE"] == "SQ64SUB"
            assert "SUBARRAY" not in header
            assert header["UNITCORR"] == "OMIT"  # rates were turned back
            assert header["SAMP_SEQ"] == "RAPID"
            assert (header["NGROUPS"], header["TGROUP"]) == (5, 0.5)
            assert "NEXTEND" not in header
            assert header["HISTORY"][0] == "UNITCORR complete."
            assert sci["CRVAL1"] == 97.6
            assert "GOODMEAN" not in sci
            assert sci["BUNIT"] == ("DN" if header["DATAMODL"] == "RampModel" else "DN/s")
            if header["DATAMODL"] != "RampModel":
                assert header["RV_GAIN"] == pytest.approx(GAIN)
    names = {product.name for product in folder.iterdir()}
    assert names == {"x_jump.fits", "x_rate.fits", "x_rateints.fits"}


def test_a_replaced_file_is_not_taken_for_the_one_that_was_opened(path, tmp_path, ramp):
    exposure = read_exposure(write_ima(path, ramp, TIMES))
    run = process(exposure)
    write_ima(path, ramp[:-1], TIMES[:-1])
    with pytest.raises(OSError, match="no longer the file that was opened"):
        export_run(exposure, run, tmp_path / "out")
    single(ramp, INSTRUME="WFC3", DETECTOR="UVIS").writeto(path, overwrite=True)
    with pytest.raises(OSError, match="no longer the file that was opened"):
        export_run(exposure, run, tmp_path / "out")


def test_a_sibling_is_drawn_beside_its_jump_product(path, tmp_path, ramp):
    exposure = read_exposure(write_ima(path, ramp, TIMES))
    single(ramp, INSTRUME="WFC3", DETECTOR="IR").writeto(tmp_path / "x_flt.fits")
    jump = export_run(exposure, process(exposure), tmp_path, products=("jump",))[0]
    assert [sibling.name for sibling in find_siblings(exposure)] == ["jump"]
    of_jump = read_exposure(jump, gain=GAIN, readnoise=8.0)
    (sibling,) = find_siblings(of_jump)
    assert sibling.name == "ima"
    drawn = open_sibling(of_jump, sibling).ramp(Pixel(8, 9))
    np.testing.assert_allclose(drawn.signal[0], ramp[:, 8, 9], rtol=1e-6)


def test_pixels_have_places_on_the_sky_unless_light_is_dispersed(path, ramp):
    ra, dec = read_exposure(write_ima(path, ramp, TIMES)).sky(5.0, 4.0)
    assert (ra, dec) == pytest.approx((97.6, 29.7))
    grism = {"OBSTYPE": "SPECTROSCOPIC", "FILTER": "G102"}
    dispersed = read_exposure(write_ima(path, ramp, TIMES, keywords=grism))
    assert dispersed.sky is None
    jump = export_run(dispersed, process(dispersed), path.parent, products=("jump",))[0]
    assert read_exposure(jump, gain=GAIN, readnoise=8.0).sky is None


def test_what_is_in_the_file_is_told(path, ramp):
    lines = describe(write_ima(path, ramp, TIMES))
    assert lines["kind"] == "HST WFC3/IR IMA"
    assert lines["extensions"] == "5 sets of SCI, ERR, DQ, SAMP, TIME"
    assert lines["instrument"] == "WFC3 IR F126N"
    assert lines["timing"].startswith("RAPID group 0.5 s")
    assert lines["gain"].startswith("2.5 electron/DN (header). Gain: the mean of ATODGNA")


def test_commands_say_that_the_official_steps_read_no_such_file(path, ramp):
    exposure = read_exposure(write_ima(path, ramp, TIMES))
    notes = commands(exposure, DEFAULTS, "x_{}.fits".format).notes
    assert "The official steps do not read files of HST, such as this one." in notes
