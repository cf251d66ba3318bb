"""Products of exposures of HST and Roman, before the official data models of JWST."""

import re
import warnings
from dataclasses import dataclass, field

import numpy as np
import pytest
from astropy.io import fits
from astropy.io.fits.scripts import fitscheck

import rampviewer
from rampviewer.io.asdf_tree import raw_bytes, read_tree
from tests.foreign_files import ima_ramp, l1_data, write_ima, write_l1

datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
CLASSES = {
    "jump": "RampModel",
    "rate": "ImageModel",
    "rateints": "CubeModel",
    "fitopt": "RampFitOutputModel",
}
PLACES = {
    "meta.instrument.name": "INSTRUME",
    "meta.instrument.detector": "DETECTOR",
    "meta.instrument.filter": "FILTER",
    "meta.exposure.type": "EXP_TYPE",
}


@dataclass(frozen=True)
class Kind:
    """A telescope whose names JWST does not have, and the keywords with such a name."""

    write: object
    taken: str
    unknown: set = field(default_factory=set)


def write_hst(folder):
    ramp = ima_ramp(n_reads=6)
    return write_ima(folder / "x_ima.fits", ramp, [0.5 * k for k in range(len(ramp))])


def write_roman(folder):
    return write_l1(folder / "r01_wfi07_uncal.asdf", l1_data())


KINDS = {
    "HST": Kind(write_hst, "HST WFC3 IR F126N", {"INSTRUME", "DETECTOR", "FILTER"}),
    "Roman": Kind(
        write_roman, "ROMAN WFI WFI07 F158", {"INSTRUME", "DETECTOR", "FILTER", "EXP_TYPE"}
    ),
}


@pytest.fixture(scope="module", params=KINDS)
def made(request, tmp_path_factory):
    """Return the kind of a telescope, and all products of an exposure that it took."""
    kind, folder = KINDS[request.param], tmp_path_factory.mktemp("foreign")
    exposure = rampviewer.open(kind.write(folder), 2.0, 9.0)
    paths = rampviewer.process(exposure).save(folder / "out", save_opt=True)
    return kind, {path.stem.rpartition("_")[2]: path for path in paths}


def keywords_of(told):
    """Return the keywords that warnings of the data models are about."""
    texts = [str(warning.message) for warning in told]
    return {PLACES[re.match(r"While validating (\S+) the", text)[1]] for text in texts}


def test_each_opens_as_its_model_which_warns_of_unknown_names_and_of_nothing_else(made):
    kind, products = made
    assert products.keys() == CLASSES.keys()
    for product, path in products.items():
        with (
            warnings.catch_warnings(record=True, action="always") as told,
            datamodels.open(path) as model,
        ):
            assert type(model) is getattr(datamodels, CLASSES[product])
            model.validate()
            assert keywords_of(told) == kind.unknown, product


def test_no_keyword_claims_an_instrument_of_jwst(made):
    kind, products = made
    for path in products.values():
        header = fits.getheader(path)
        assert header["RV_TAKEN"] == kind.taken
        names = ("TELESCOP", "INSTRUME", "DETECTOR", "FILTER")
        assert " ".join(header[name] for name in names) == kind.taken
        assert not {"READPATT", "SUBARRAY"} & {*header}


@pytest.mark.filterwarnings("ignore::stdatamodels.exceptions.ValidationWarning")
def test_a_round_trip_loses_the_unknown_names_alone_and_keeps_them_in_a_keyword(
    made, tmp_path
):
    kind, products = made
    for path in products.values():
        copy = tmp_path / path.name
        with datamodels.open(path) as model:
            model.save(str(copy))
        with fits.open(path) as ours, fits.open(copy) as theirs:
            assert {*ours[0].header} - {*theirs[0].header} == kind.unknown
            assert theirs[0].header["RV_TAKEN"] == kind.taken
            for keyword in {*theirs[0].header} - {"DATE", "HISTORY", "COMMENT", ""}:
                if keyword not in ("CHECKSUM", "DATASUM"):
                    assert ours[0].header[keyword] == theirs[0].header[keyword], keyword
            assert list(ours[0].header["HISTORY"]) == list(theirs[0].header["HISTORY"])
            assert [hdu.name for hdu in ours] == [hdu.name for hdu in theirs]
            for our in ours[1:-1]:
                np.testing.assert_array_equal(our.data, theirs[our.name].data)


def test_headers_are_standard_and_checksums_true(made):
    for path in made[1].values():
        with fits.open(path, checksum=True) as hdus:
            hdus.verify("exception")
        assert fitscheck.main(["--compliance", str(path)]) == 0


def test_metadata_of_roman_stay_where_roman_has_them(tmp_path):
    exposure = rampviewer.open(write_roman(tmp_path), 2.0, 9.0)
    for path in rampviewer.process(exposure).save(tmp_path / "out", save_opt=True):
        with fits.open(path) as hdus:
            tree = read_tree(raw_bytes(hdus))
        meta = tree["roman"]["meta"]
        assert meta["instrument"]["optical_element"] == "F158"
        assert meta["exposure"]["ma_table_number"] == 3
        assert "instrument" not in tree["meta"]
        assert tree["meta"]["filename"] == path.name
