"""Open FITS files; whatever is wrong with one becomes a sentence."""

import gzip
import io
import os
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.io.fits.verify import VerifyError
from astropy.utils.exceptions import AstropyWarning
from numpy.typing import DTypeLike, NDArray

from rampviewer.io.irs2 import trimmed
from rampviewer.model.memory.budget import IN_MEMORY, Room
from rampviewer.model.memory.scratch import blocks, release

# What the FITS library raises on files that are damaged.
UNREADABLE = (
    AttributeError,
    EOFError,
    LookupError,
    OverflowError,
    TypeError,
    ValueError,
    VerifyError,
    zlib.error,
)
GZIP = b"\x1f\x8b"


@contextmanager
def open_fits(path: Path) -> Iterator[fits.HDUList]:
    """Give the extensions of a FITS file, of which nothing large is read yet.

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


def read_array(
    path: Path,
    hdu: Any,
    dtype: DTypeLike,
    room: Room = IN_MEMORY,
    progress: Callable[[int], None] = lambda _n_bytes: None,
    rows: NDArray[np.intp] | None = None,
) -> NDArray[Any]:
    """Return the data of an image extension as a new array in native byte order.

    Parameters
    ----------
    path : Path
        Of the file.
    hdu : image extension
    dtype : data type
    room : Room
        Where the array is to live.
    progress : callable
        Gets the size of each part [byte] when it was read; what it raises ends the reading.
    rows : (n,) int, optional
        The rows to keep; all if not given.

    Raises
    ------
    OSError
        When the data cannot be read, or there is no room for them.
    """
    array = room.zeros(trimmed(tuple(hdu.shape), rows), dtype)
    for part in blocks(array.shape, array.itemsize):
        try:
            read = hdu.section[part]
            array[part] = read if rows is None else read[..., rows, :]
        except (OSError, *UNREADABLE) as error:
            raise OSError(
                f"{path.name}: the extension {hdu.name} cannot be read"
            ) from error
        release(array)
        progress(array[part].nbytes)
    return array


def find(hdus: fits.HDUList, name: str) -> Any | None:
    """Return the first extension called `name`, None when there is none."""
    try:
        return hdus[name]
    except KeyError:
        return None


def find_image(hdus: fits.HDUList, name: str) -> Any | None:
    """Return the same if it is an image, else None."""
    hdu = find(hdus, name)
    return hdu if is_image(hdu) else None


def is_image(hdu: Any) -> bool:
    """Return whether an extension is an image, not a table or something damaged."""
    return isinstance(hdu, fits.PrimaryHDU | fits.ImageHDU | fits.CompImageHDU)


def _check_is_file(path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, not a ramp exposure")
    if not path.is_file():
        raise OSError(f"{path} is no file with data")
    if path.stat().st_size == 0:
        raise OSError(f"{path.name} is empty (0 bytes)")


def _open_whole(path: Path) -> fits.HDUList:
    """Open the file and find every extension, so that a cut file shows at once."""
    zipped = _starts_with(path, GZIP)
    try:
        source = io.BytesIO(gzip.decompress(path.read_bytes())) if zipped else path
        # A map would count as memory of this process, for all that was read of it.
        hdus = fits.open(source, lazy_load_hdus=False, memmap=False)
    except PermissionError as error:
        raise PermissionError(f"{path} cannot be read: permission denied") from error
    except (OSError, *UNREADABLE) as error:
        if zipped or _starts_with(path, b"SIMPLE"):
            raise OSError(
                f"{path.name} is truncated or damaged: its extensions cannot be read"
            ) from error
        kind = "an ASDF" if path.suffix.lower() == ".asdf" else "a FITS"
        raise OSError(f"{path.name} is not {kind} file") from error
    if cut := _where_cut(hdus, source):
        hdus.close()
        raise OSError(f"{path.name} is truncated: {cut}")
    if damaged := _damaged_card(hdus):
        hdus.close()
        raise OSError(f"{path.name} is damaged: {damaged} cannot be read")
    return hdus


def _damaged_card(hdus: fits.HDUList) -> str:
    """Return which card of a header makes no sense, "" when all do."""
    for number, hdu in enumerate(hdus):
        for card in hdu.header.cards:
            try:
                card.value  # noqa: B018 - the FITS library looks at it now
            except (ValueError, VerifyError):
                where = f"the header of extension {number}" if number else "its header"
                return f"the keyword {card.keyword} in {where}"
    return ""


def _where_cut(hdus: fits.HDUList, source: Path | io.BytesIO) -> str:
    """Return what is missing at the end, "" when the file is whole."""
    last = hdus[-1]
    place = last.fileinfo()
    with (
        nullcontext(source) if isinstance(source, io.BytesIO) else source.open("rb") as end
    ):
        n_bytes = end.seek(0, os.SEEK_END)
        complete = place["datLoc"] + place["datSpan"]
        # Padding counts: a cut inside it hides the extensions that followed.
        if n_bytes < complete:
            return f"{complete - n_bytes} bytes of the extension {last.name} are missing"
        # The FITS library passes over a header that breaks off.
        end.seek(complete)
        if end.read(8) == b"XTENSION":
            return f"the header after the extension {last.name} breaks off"
    return ""


def _starts_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(magic)) == magic
