"""Write FITS files part by part, whatever the size of their arrays.

The FITS library writes every header, of arrays of a single value; the real ones follow in
parts. The file is the one that the library would have written from whole arrays, with
checksums.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from rampviewer.io.checksums import SummedExtension
from rampviewer.model.memory.scratch import BLOCK, blocks, expect, release

Part = tuple[int | slice, ...]
_BYTE = np.dtype(np.uint8)
_RECORD = 2880  # header and data fill whole records [byte]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Image:
    """An image extension whose data are asked for in parts.

    `part` gives the data of an index into `shape` in native byte order; see `blocks`.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    part: Callable[[Part], NDArray[Any]]
    header: fits.Header = field(default_factory=fits.Header)

    @classmethod
    def of(
        cls, name: str, data: NDArray[Any], header: fits.Header | None = None
    ) -> "Image":
        """Return the extension of an array, which is not copied."""

        def part(index: Part) -> NDArray[Any]:
            # What came before is written; an array of a scratch file may be large.
            release(data)
            expect(data[index])
            return data[index]

        header = fits.Header() if header is None else header
        return cls(name=name, shape=data.shape, dtype=data.dtype, part=part, header=header)

    @property
    def ver(self) -> int:
        return 1

    @property
    def size(self) -> int:
        """Size of the data [byte]."""
        return int(np.prod(self.shape)) * self.dtype.itemsize

    @property
    def stub(self) -> fits.ImageHDU:
        """The same extension with a single value."""
        value = np.zeros((1,) * len(self.shape), self.dtype)
        header = _named(self.name, self.header)
        return fits.ImageHDU(value, header=header, name=self.name, ver=1)


@dataclass(frozen=True, slots=True, eq=False)
class Original:
    """An extension of the opened file, copied as it is."""

    hdu: Any

    @property
    def name(self) -> str:
        return str(self.hdu.name)

    @property
    def ver(self) -> int:
        return int(self.hdu.ver)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.hdu.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values as they are stored."""
        kind: np.dtype[Any] = np.dtype(fits.BITPIX2DTYPE[self.hdu.header["BITPIX"]])
        return kind

    @property
    def size(self) -> int:
        """Size of the data with what fills their last record [byte]."""
        return int(self.hdu.fileinfo()["datSpan"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keywords:
    """An extension with keywords and no data."""

    name: str
    header: fits.Header
    shape: tuple[int, ...] = ()
    dtype: np.dtype[Any] = _BYTE
    ver: int = 1
    size: int = 0

    @property
    def stub(self) -> fits.ImageHDU:
        """The extension."""
        return fits.ImageHDU(None, _named(self.name, self.header), name=self.name)


def _named(name: str, header: fits.Header) -> fits.Header:
    """Return a copy that begins with the name, as those of official products."""
    header = header.copy()
    header.insert(0, ("EXTNAME", name, "extension name"))
    return header


Extension = Image | Original | Keywords


def write_hdus(
    stream: BinaryIO,
    primary: fits.PrimaryHDU,
    extensions: Sequence[Extension],
    tree: fits.BinTableHDU,
    progress: Callable[[int], None],
) -> None:
    """Write a file: the primary header, images, and the tree at the end.

    Parameters
    ----------
    stream : binary file
        Open for writing, can be searched.
    primary : primary extension without data
    extensions : sequence of Image, Original or Keywords
    tree : table
    progress : callable
        Gets the size of each part [byte] when it was written; what it raises ends the
        writing.

    Raises
    ------
    VerifyError
        When a header is invalid and cannot be mended.
    """
    for item in extensions:
        if isinstance(item, Original):
            item.hdu.verify("silentfix+exception")
    stubs = [item.stub for item in extensions if not isinstance(item, Original)]
    small = io.BytesIO()
    fits.HDUList([primary, *stubs, tree]).writeto(
        small, output_verify="silentfix+exception"
    )
    small.seek(0)
    with fits.open(small, lazy_load_hdus=False) as written:
        made = iter(written)
        _write_small(stream, small, next(made))
        for item in extensions:
            if isinstance(item, Image):
                _write_image(stream, item, next(made).header, progress)
            elif isinstance(item, Keywords):
                _write_small(stream, small, next(made))
            else:
                _copy(stream, item, progress)
        _write_small(stream, small, next(made))


def _write_small(stream: BinaryIO, file: io.BytesIO, hdu: Any) -> None:
    place = hdu.fileinfo()
    written = SummedExtension(stream, hdu.header)
    # A view would keep the buffer from being closed as long as anyone looks at this frame,
    # as the profiler of a Dask worker does.
    file.seek(place["datLoc"])
    written.write(file.read(place["datSpan"]))
    written.finish()


def _write_image(
    stream: BinaryIO, image: Image, header: fits.Header, progress: Callable[[int], None]
) -> None:
    for axis, length in enumerate(reversed(image.shape), start=1):
        header[f"NAXIS{axis}"] = length
    written = SummedExtension(stream, header)
    for index in blocks(image.shape, image.dtype.itemsize):
        data = _as_stored(image.part(index))
        written.write(data.data)
        progress(data.nbytes)
    written.write(bytes(-image.size % _RECORD))
    written.finish()


def _as_stored(data: NDArray[Any]) -> NDArray[Any]:
    """Return values as a file has them: big-endian, unsigned ones moved by their half."""
    if data.dtype == np.uint32:
        data = data ^ np.uint32(1 << 31)
    return np.ascontiguousarray(data, data.dtype.newbyteorder(">"))


def _copy(stream: BinaryIO, original: Original, progress: Callable[[int], None]) -> None:
    place = original.hdu.fileinfo()
    written = SummedExtension(stream, original.hdu.header)
    place["file"].seek(place["datLoc"])
    left = original.size
    while left > 0:
        data = place["file"].read(min(left, BLOCK))
        if not data:
            raise OSError(f"the extension {original.name} of the opened file is cut short")
        written.write(data)
        left -= len(data)
        progress(len(data))
    written.finish()
