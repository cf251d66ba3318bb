"""Arrays that live in files, for what memory has no room for.

A scratch file has no name that anybody could find: the system frees its space when the
last array on it is gone, after an exception or a crash too.
"""

import _thread
import ctypes
import errno
import math
import mmap
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

FOLDER_VARIABLE: Final = "RAMPVIEWER_SCRATCH"
BLOCK: Final = 32 * 2**20  # what is read or written in one go [byte]
_PIECE: Final = 2**14
_ON_DISK: Final = Path("/var/tmp")  # the folder for temporary files may lie in memory


def scratch_folder() -> Path:
    """Return where scratch files go: RAMPVIEWER_SCRATCH, TMPDIR or /var/tmp."""
    chosen = os.environ.get(FOLDER_VARIABLE) or os.environ.get("TMPDIR")
    if chosen:
        return Path(chosen)
    return _ON_DISK if os.access(_ON_DISK, os.W_OK) else Path(tempfile.gettempdir())


def scratch_array(
    shape: tuple[int, ...], dtype: DTypeLike, *, written: bool = False
) -> NDArray[Any]:
    """Return an array of zeros that lives in a file.

    Parameters
    ----------
    shape : tuple of int
    dtype : data type
    written : bool
        Whether the zeros are written, which takes a while, but makes it twice as quick to
        fill the array. Else there is only room for it.

    Raises
    ------
    OSError
        One sentence, when the folder cannot be written to or the disk has no room.
    """
    kind = np.dtype(dtype)
    n_bytes = math.prod(shape) * kind.itemsize
    folder = scratch_folder()
    try:
        if (free := shutil.disk_usage(folder).free) < n_bytes:
            raise _no_room(folder, n_bytes, free)
        with tempfile.TemporaryFile(dir=folder, prefix="rampviewer-") as file:
            _reserve(file, n_bytes, written)
            mapped = _Mapping.of(file.fileno(), n_bytes)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _no_room(folder, n_bytes, shutil.disk_usage(folder).free) from error
        if error.errno is None:
            raise
        raise OSError(
            f"{folder} cannot take scratch files ({error.strerror}); "
            f"{FOLDER_VARIABLE} names another folder"
        ) from error
    # Else the system would read, and count as ours, much that stands around what is needed.
    _advise(_base(mapped), n_bytes, "MADV_RANDOM")
    return np.ndarray(shape, kind, buffer=mapped)


def is_scratch(array: NDArray[Any]) -> bool:
    """Return whether an array, or what it is a view of, lives in a scratch file."""
    return _mapping(array) is not None


def release(*arrays: NDArray[Any] | None) -> None:
    """Take the pages of scratch files out of the memory of this process.

    Their values stay: they come back from the file, or the cache of the system, when they
    are needed again. Arrays that live in memory are left alone.
    """
    for array in arrays:
        mapped = None if array is None else _mapping(array)
        if mapped is not None:
            _advise(_base(mapped), len(mapped), "MADV_DONTNEED")


def expect(*views: NDArray[Any] | None) -> None:
    """Let the system fetch parts of scratch files that are needed soon, all at a time.

    Parameters
    ----------
    views : (..., n_rows, n_cols) arrays or None
        Parts of arrays: some frames, or the same whole rows of each frame.
    """
    for view in views:
        if view is None or view.size == 0 or _mapping(view) is None:
            continue
        is_whole = view.flags.c_contiguous
        n_bytes = view.nbytes if is_whole else view[(0,) * (view.ndim - 2)].nbytes
        for start in _starts(view):
            page = start % mmap.PAGESIZE
            _advise(start - page, page + n_bytes, "MADV_WILLNEED")


def blocks(shape: tuple[int, ...], itemsize: int) -> Iterator[tuple[int | slice, ...]]:
    """Yield indices of contiguous parts of about `BLOCK`, in order; no frame is cut.

    The last two axes are those of a frame.
    """
    if len(shape) <= 2:
        yield (slice(None),)
        return
    one = itemsize * math.prod(shape[1:])
    if one > BLOCK and len(shape) > 3:
        for index in range(shape[0]):
            for rest in blocks(shape[1:], itemsize):
                yield (index, *rest)
        return
    step = max(1, BLOCK // max(one, 1))
    for start in range(0, shape[0], step):
        yield (slice(start, min(start + step, shape[0])),)


def size_text(n_bytes: float) -> str:
    """Return a number of bytes as it is said."""
    for power, unit in ((3, "GB"), (2, "MB"), (1, "kB")):
        if n_bytes >= 0.95 * 1000**power:
            return f"{n_bytes / 1000**power:.3g} {unit}"
    return f"{n_bytes:.0f} bytes"


class _Mapping(mmap.mmap):
    """A scratch file in memory, which goes when nobody needs it any more.

    The system takes up to a second for that and Python would let no thread go on meanwhile,
    so the file is emptied on a thread of its own; what is left goes in no time.
    """

    _file = -1

    @classmethod
    def of(cls, file: int, n_bytes: int) -> "_Mapping":
        """Map an open file."""
        mapped = cls(file, n_bytes)
        mapped._file = os.dup(file)
        return mapped

    def __del__(self) -> None:
        # No `Thread`: it waits for locks, perhaps for one that is held where this happens.
        # One that has not begun when the process ends leaves the rest to the system.
        if self._file >= 0:
            _thread.start_new_thread(_empty, (self, self._file))


def _empty(_mapped: _Mapping, file: int) -> None:
    """Give back the space of a file; its mapping lives until then."""
    with suppress(OSError):  # where a file is not emptied while it is mapped
        os.ftruncate(file, 0)
    os.close(file)


def _mapping(array: NDArray[Any]) -> _Mapping | None:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, _Mapping) else None


def _reserve(file: IO[bytes], n_bytes: int, written: bool) -> None:
    """Make a file that long; a disk that fills up later would end the process."""
    if hasattr(os, "posix_fallocate") and not written:
        os.posix_fallocate(file.fileno(), 0, n_bytes)
        return
    # In small pieces: the system would keep larger ones together, and count all of one as
    # memory of this process as soon as a value of it is needed.
    piece = bytes(_PIECE)
    for _ in range(n_bytes // _PIECE):
        file.write(piece)
    file.write(bytes(n_bytes % _PIECE))
    file.flush()


def _starts(view: NDArray[Any]) -> list[int]:
    """Return where the parts of a view begin that have no gap: all of it, or each frame."""
    # Not frame by frame: a series has thousands, and the mouse waits for those of a pixel.
    starts = np.array([_address(view)])
    if not view.flags.c_contiguous:
        for n, step in zip(view.shape[:-2], view.strides[:-2], strict=True):
            starts = (starts[:, None] + step * np.arange(n)).reshape(-1)
    found: list[int] = starts.tolist()
    return found


def _base(mapped: _Mapping) -> int:
    return _address(np.ndarray((1,), np.uint8, buffer=mapped))


def _advise(start: int, size: int, advice: str) -> None:
    """Tell the system what becomes of `size` bytes from an address on, that of a page."""
    if hasattr(mmap, advice):  # not on every system
        # The values are the same where the system does not take the advice.
        _madvise()(start, size, getattr(mmap, advice))


@cache
def _madvise() -> Callable[[int, int, int], int]:
    """Return what advises; the method of `mmap` lets no thread go on, for up to 0.1 s."""
    function = ctypes.CDLL(None).madvise
    function.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    return cast("Callable[[int, int, int], int]", function)


def _address(array: NDArray[Any]) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _no_room(folder: Path, n_bytes: int, free: int) -> OSError:
    return OSError(
        f"{folder} has {size_text(free)} free, but the work needs a scratch file of "
        f"{size_text(n_bytes)} there; {FOLDER_VARIABLE} names another folder, and a larger "
        "memory budget needs less of it"
    )
