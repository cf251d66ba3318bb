"""Large arrays on pages of memory that are kept for the next ones.

The system clears every page that it gives away, and where an array begins or ends within a
large page it gives small ones, hundreds of them: filling new arrays took longer than what
was computed for them. Here an array begins with a page, and its pages go to the next array
of this size. Those that wait are marked as free: the system may take them whenever it needs
memory.
"""

import math
import mmap
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

PAGE: Final = 2**21  # a large one [byte]
MOST_KEPT: Final = 2**28  # [byte]
_PRIVATE: Final = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)

U8 = NDArray[np.uint8]


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array with room for values, whatever they are now, as `numpy.empty`."""
    kind = np.dtype(dtype)
    n_bytes = math.prod(shape) * kind.itemsize
    if n_bytes < PAGE or not _PRIVATE:
        return np.empty(shape, kind)
    size = -(-n_bytes // PAGE) * PAGE
    try:
        lease = _Lease(_taken(size) or _new(size))
    except OSError:  # no whole pages are left; numpy says it if there is no memory at all
        return np.empty(shape, kind)
    return np.asarray(lease)[:n_bytes].view(kind).reshape(shape)


def make_ready(shape: tuple[int, ...], dtype: DTypeLike) -> None:
    """Have pages for one array: the next one of this size does not wait for the system."""
    empty(shape, dtype).fill(0)


class _Lease:
    """Pages in use: they go back when the last array on them is gone."""

    __slots__ = ("__array_interface__", "_pages")

    def __init__(self, pages: mmap.mmap) -> None:
        self._pages = pages
        self.__array_interface__ = np.frombuffer(pages, np.uint8).__array_interface__

    def __del__(self, is_over: Callable[[], bool] = sys.is_finalizing) -> None:
        if not is_over():  # then the names of this module may be gone
            _keep(self._pages)


_kept: deque[mmap.mmap] = deque()  # those that waited longest come first


def _keep(pages: mmap.mmap) -> None:
    # Any thread may do so at any moment, within `_taken` too: no step leaves a gap.
    if len(pages) > MOST_KEPT:  # all others would have to go for it
        return
    _advise(pages, "MADV_FREE")
    _kept.append(pages)
    while sum(map(len, _waiting())) > MOST_KEPT:
        with suppress(IndexError):  # somebody else took the last ones
            _kept.popleft()


def _waiting() -> list[mmap.mmap]:
    # No tuple: while one is made the collector of cycles may call `_keep`.
    return list(_kept)


def _taken(size: int) -> mmap.mmap | None:
    """Return pages of this size that wait, if there are any."""
    for pages in _waiting():
        if len(pages) == size:
            try:
                _kept.remove(pages)
            except ValueError:  # somebody else was quicker
                continue
            return pages
    return None


def _new(size: int) -> mmap.mmap:
    pages = mmap.mmap(-1, size, flags=_PRIVATE)
    _advise(pages, "MADV_HUGEPAGE")
    return pages


def _advise(pages: mmap.mmap, advice: str) -> None:
    if hasattr(mmap, advice):  # not on every system
        with suppress(OSError):  # as of a kernel that was built without it
            pages.madvise(getattr(mmap, advice))
