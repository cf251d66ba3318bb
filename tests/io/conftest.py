"""Small exposures, references and runs, made on the spot."""

from functools import cache, partial
from pathlib import Path

import asdf.schema
import numpy as np
import pytest
from astropy.io import fits

from rampviewer.io.products import write_products
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.results import Segments
from rampviewer.model.timing import Timing
from tests.random_runs import random_run, random_segments

SHAPE = (2, 5, 6, 7)
KEYWORDS = {
    "TELESCOP": "JWST",
    "INSTRUME": "NIRCAM",
    "DETECTOR": "NRCA1",
    "EXP_TYPE": "NRC_IMAGE",
    "READPATT": "SHALLOW4",
    "DATAMODL": "RampModel",
    "FILENAME": "x_ramp.fits",
    "DATE-OBS": "2024-01-01",
    "TIME-OBS": "00:00:00.000",
    "NINTS": 2,
    "NGROUPS": 5,
    "NFRAMES": 4,
    "GROUPGAP": 1,
    "DRPFRMS1": 2,
    "TFRAME": 1.5,
    "TGROUP": 7.5,
    "SUBARRAY": "SUB64",
    "SUBSTRT1": 11,
    "SUBSTRT2": 21,
    "SUBSIZE1": 7,
    "SUBSIZE2": 6,
}


@pytest.fixture(scope="session", autouse=True)
def _schemas_are_parsed_once():
    """Keep schemas: asdf parses one anew wherever another refers to it.

    That is most of the time that the official models take to validate themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(asdf.schema, "_make_schema_loader"):  # not for others to know
            load = cache(asdf.schema._make_schema_loader())
            patch.setattr(asdf.schema, "_make_schema_loader", lambda: load)
        yield


@pytest.fixture
def rng():
    return np.random.default_rng(20240101)


@pytest.fixture
def images(rng):
    """Return the image extensions of a ramp by name."""
    n_ints, _, *frame = SHAPE
    return {
        "SCI": rng.normal(1000, 10, SHAPE).astype(np.float32),
        "PIXELDQ": rng.integers(0, 1 << 32, frame, np.uint32),
        "GROUPDQ": rng.integers(0, 8, SHAPE, np.uint8),
        "ZEROFRAME": rng.normal(100, 1, (n_ints, *frame)).astype(np.float32),
        "AVDRKCUR": rng.normal(0.1, 0.01, frame).astype(np.float32),
    }


@pytest.fixture
def write_ramp(tmp_path, images):
    """Return a function that writes a ramp with the FITS library alone."""

    def write(
        name="x_ramp.fits", *, without=(), extra=(), keywords=None, **replaced
    ) -> Path:
        header = fits.Header({**KEYWORDS, **(keywords or {})})
        for keyword in without:
            header.remove(keyword, ignore_missing=True)
        arrays = {k: v for k, v in {**images, **replaced}.items() if k not in without}
        parts = [fits.ImageHDU(data, name=key) for key, data in arrays.items()]
        hdus = fits.HDUList([fits.PrimaryHDU(header=header), *parts, *extra])
        if "SCI" in arrays:
            hdus["SCI"].header["BUNIT"] = "DN"
        hdus.writeto(tmp_path / name, overwrite=True)
        return tmp_path / name

    return write


@pytest.fixture
def write_reference(tmp_path):
    """Return a function that writes a gain or read-noise file."""

    def write(name, data, **keywords) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        primary = fits.PrimaryHDU(header=fits.Header(keywords))
        image = fits.ImageHDU(np.asarray(data, ">f4"), name="SCI")
        fits.HDUList([primary, image]).writeto(path)
        return path

    return write


@pytest.fixture
def exposure(rng) -> Exposure:
    """Return an exposure that was made of arrays."""
    return Exposure.from_arrays(
        rng.normal(1000, 10, SHAPE),
        rng.integers(0, 4, SHAPE),
        np.zeros(SHAPE[2:]),
        gain=1.8,
        readnoise=12.5,
        timing=Timing(frame_time=1.5, group_time=7.5, n_frames=4, groupgap=1),
        instrument="NIRCAM",
    )


@pytest.fixture
def make_run(rng):
    """Return a function that makes a run, of random planes, and its flags."""
    return partial(random_run, rng)


@pytest.fixture
def segments(rng) -> Segments:
    return random_segments(rng, SHAPE)


TIMES = np.array(
    [(1, 59000.25), (2, 59000.5)], [("integration_number", "i4"), ("mid", "f8")]
)


@pytest.fixture
def opened(write_ramp):
    """Return an exposure with everything a ramp file can hold."""
    extra = [
        fits.ImageHDU(np.full((2, 5, 6, 7), 3, np.float32), name="ERR"),
        fits.BinTableHDU(TIMES, name="INT_TIMES"),
        fits.ImageHDU(np.arange(12, dtype=np.int16), name="MYSTERY"),
    ]
    return read_exposure(write_ramp(extra=extra), gain=1.8, readnoise=12.5)


@pytest.fixture
def write(opened, make_run, tmp_path):
    """Return a function that writes products of `opened` and gives their paths by name."""

    def write(exposure=None, run=None, **options):
        made, _ = make_run(exposure or opened)
        folder = options.pop("folder", tmp_path / "out")
        paths = write_products(exposure or opened, run or made, folder, **options)
        return {path.stem.rsplit("_", 1)[1]: path for path in paths}

    return write
