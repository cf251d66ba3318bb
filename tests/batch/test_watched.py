"""Work that is watched: the profiler of a Dask worker keeps frames, and what they hold."""

import gzip
import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

import rampviewer
from rampviewer import api
from rampviewer.io.series import in_file
from tests.exposure_files import write_simulated

OWN = str(Path(rampviewer.__file__).parent)


def with_frames_kept(function):
    """Call a function and keep every frame of ours meanwhile, with what it points to."""
    frames = []

    def keep(frame, event, _argument):
        if event == "call" and frame.f_code.co_filename.startswith(OWN):
            frames.append(frame)

    sys.setprofile(keep)
    try:
        return function(), len(frames)
    finally:
        sys.setprofile(None)


def test_a_packed_file_is_read_and_products_are_written(tmp_path):
    files = write_simulated(tmp_path, n_groups=5)
    packed = tmp_path / "packed_ramp.fits.gz"
    packed.write_bytes(gzip.compress(files.ramp.read_bytes(), 1))
    exposure, n_kept = with_frames_kept(lambda: api.open(packed, files.gain, 9.0))
    assert n_kept > 0
    result = api.process(exposure)
    products, n_kept = with_frames_kept(lambda: result.save(tmp_path / "out"))
    assert len(products) == 3
    assert n_kept > 0


def test_a_table_in_memory_is_closed():
    table = fits.BinTableHDU(np.zeros(3, [("a", "i4")]), name="INT_TIMES")

    def length():
        with in_file(table) as hdu:
            return len(hdu.data)

    assert with_frames_kept(length)[0] == 3
