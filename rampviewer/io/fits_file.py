"""Open FITS files; whatever is wrong with one becomes a sentence."""

import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.io.fits.verify import VerifyError
from astropy.utils.exceptions import AstropyWarning
from numpy.typing import DTypeLike, NDArray

UNREADABLE = (EOFError, IndexError, TypeError, ValueError, VerifyError, zlib.error)


@contextmanager
def open_fits(path: Path) -> Iterator[fits.HDUList]:
    """Give the extensions of a FITS file, memory-mapped where it is not compressed.

    Warnings of the FITS library are silent inside the `with` block.

    Raises
    ------
    FileNotFoundError, IsADirectoryError, OSError
        One sentence that names the file: it is missing, a folder, empty, not FITS, or
        truncated.
    """
    _check_is_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AstropyWarning)
        hdus = _open_whole(path)
        try:
            yield hdus
        finally:
            hdus.close()


def read_array(path: Path, hdu: Any, dtype: DTypeLike) -> NDArray[Any]:
    """Return the data of an image extension as a new array in native byte order.

    Raises
    ------
    OSError
        When the data cannot be read.
    """
    try:
        return np.array(hdu.data, dtype=dtype, order="C")
    except (OSError, *UNREADABLE) as error:
        raise OSError(f"{path.name}: the extension {hdu.name} cannot be read") from error


def find(hdus: fits.HDUList, name: str) -> Any | None:
    """Return the first extension called `name`, None when there is none."""
    try:
        return hdus[name]
    except KeyError:
        return None


def _check_is_file(path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, not a ramp exposure")
    if path.stat().st_size == 0:
        raise OSError(f"{path.name} is empty (0 bytes)")


def _open_whole(path: Path) -> fits.HDUList:
    """Open the file and find every extension, so that a cut file shows at once."""
    try:
        hdus = fits.open(path, lazy_load_hdus=False)
    except PermissionError as error:
        raise PermissionError(f"{path} cannot be read: permission denied") from error
    except (OSError, *UNREADABLE) as error:
        raise OSError(_why_not_opened(path)) from error
    if _is_plain(path):
        last = hdus[-1]
        missing = last.fileinfo()["datLoc"] + last.size - path.stat().st_size
        if missing > 0:
            hdus.close()
            raise OSError(
                f"{path.name} is truncated: {missing} bytes of the extension "
                f"{last.name} are missing"
            )
    return hdus


def _why_not_opened(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(6)
    if start == b"SIMPLE" or start[:2] == b"\x1f\x8b":
        return f"{path.name} is truncated or damaged: its extensions cannot be read"
    return f"{path.name} is not a FITS file"


def _is_plain(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(6) == b"SIMPLE"
