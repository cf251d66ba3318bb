"""Which reader a file is for: what it holds decides, not what it is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from astropy.io import fits

from rampviewer.io.fits_file import find_image, open_fits
from rampviewer.io.headers import without_structure
from rampviewer.io.readers.asdf_arrays import is_asdf
from rampviewer.io.readers.interface import NoRampError, Ramp, Source
from rampviewer.io.readers.roman_l1 import RomanRamp, metadata, roman_ramp
from rampviewer.io.readers.wfc3_ima import ima_ramp, is_ima


def foreign_ramp(path: Path, hdus: fits.HDUList) -> Ramp | None:
    """Return the ramp of a FITS file that has not the layout of JWST, None where it may.

    Raises
    ------
    NoRampError
        When another telescope made it and it holds no ramp; the sentence says what it is.
    ValueError
        When its ramp is not sound.
    """
    if is_ima(hdus):
        return ima_ramp(path, hdus)
    header = hdus[0].header
    if str(header.get("TELESCOP", "")).strip() != "HST" or "DATAMODL" in header:
        return None
    sci = find_image(hdus, "SCI")
    if sci is not None and len(sci.shape) == 4:
        return None
    raise NoRampError(
        f"{path.name} is not a ramp exposure but {_what_of_hst(header)}: of HST, only IMA "
        "files of WFC3/IR hold ramps that can be read here"
    )


@contextmanager
def open_foreign(path: Path) -> Iterator[Ramp | None]:
    """Give the ramp of a file that has not the layout of JWST, None where it may.

    Raises
    ------
    ValueError, OSError
        As `foreign_ramp`, or when the file cannot be read.
    """
    if is_asdf(path):
        yield roman_ramp(path)
        return
    with open_fits(path) as hdus:
        yield foreign_ramp(path, hdus)


def source_of(ramp: Ramp) -> Source:
    """Return what products take over of such a file: no extension, only what it says."""
    tree = metadata(ramp) if isinstance(ramp, RomanRamp) else None
    return Source(fits.HDUList(), without_structure(ramp.header), tree, ramp.sci_header)


def _what_of_hst(header: fits.Header) -> str:
    instrument, detector = (
        str(header.get(key, "")).strip() for key in ("INSTRUME", "DETECTOR")
    )
    name = "/".join(filter(None, ("HST", instrument, detector)))
    if (instrument, detector) == ("WFC3", "IR"):
        return f"an {name} image, in which all reads are combined (as in _flt)"
    return f"an {name} exposure"
