"""How much memory the work on an exposure may take, and what lives on disk for it."""

import math
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rampviewer.model.memory import pages
from rampviewer.model.memory.scratch import scratch_array, scratch_folder, size_text
from rampviewer.model.runs.bands import ROWS_PER_BAND

SAMPLE: Final = 5  # signal and flags of a pixel in a group [byte]
FITTED: Final = 20  # five planes of an integration [byte]
# What a band needs for each of its samples: its part of the exposure where that comes from
# a file, new flags, their origin, and one to spare [byte].
_WITH_FILE, _WITHOUT = 8, 3
_WINDOW: Final = 2**16  # what the system brings in with a value of a file [byte]
_KEPT: Final = 2**25  # larger pieces of memory always go back to the system [byte]
SMALL: Final = 1 / 64  # of the budget: smaller arrays stay in memory
_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_UNKNOWN: Final = 8 * 10**9  # taken for the free memory where a system does not tell it


@dataclass(frozen=True, slots=True)
class Room:
    """Where the large arrays of one exposure and of its runs live.

    Attributes
    ----------
    budget : int or None
        Memory to work in [byte]; None is as much as there is.
    on_disk : bool
        Whether that is too little: large arrays then live in scratch files.
    """

    budget: int | None = None
    on_disk: bool = False

    @classmethod
    def within(cls, shape: tuple[int, int, int, int], budget: int | None) -> "Room":
        """Return the room for an exposure of this shape.

        Parameters
        ----------
        shape : (n_ints, n_groups, n_rows, n_cols)
        budget : int or None
            [byte]; half of the free memory if not given.
        """
        budget = free_memory() // 2 if budget is None else budget
        # The window keeps two runs.
        return cls(budget, exposure_size(shape) + 2 * run_size(shape) > budget)

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array with room for values, whatever they are now.

        Raises
        ------
        OSError
            When a scratch file is needed and there is no room for it.
        """
        make = scratch_array if self._is_large(shape, dtype) else pages.empty
        return make(shape, dtype)

    def empty_pair(
        self, shape: tuple[int, ...], dtype: DTypeLike
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return two such arrays; small ones are halves of one, so they are freed together.

        The allocator keeps one piece of this size for the next call, while it gives two
        back to the system, and new pages take longer than to fill them.
        """
        is_kept = 2 * math.prod(shape) * np.dtype(dtype).itemsize <= _KEPT
        if self._is_large(shape, dtype) or not is_kept:
            return self.empty(shape, dtype), self.empty(shape, dtype)
        first, second = np.empty((2, *shape), dtype)
        return first, second

    def zeros(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Do the same as `empty` for zeros; a scratch file is then quicker to fill."""
        if self._is_large(shape, dtype):
            return scratch_array(shape, dtype, written=True)
        return np.zeros(shape, dtype)

    def n_threads(self, shape: tuple[int, int, int, int], most: int) -> int:
        """Return how many of `most` threads find room to work at a time, at least 1."""
        if self.budget is None:
            return most
        return int(min(max(self.budget // 2 // self._band_size(shape, 1), 1), most))

    def rows_per_band(self, shape: tuple[int, int, int, int], n_threads: int) -> int:
        """Return how many rows each of so many threads may work on at a time."""
        if self.budget is None:
            return ROWS_PER_BAND
        # Half of it: the interpreter, images and room of kernels need the rest.
        each = self.budget // 2 // self.n_threads(shape, n_threads)
        fixed = self._band_size(shape, 0)
        row = self._band_size(shape, 1) - fixed
        return int(min(max((each - fixed) // row, 1), ROWS_PER_BAND))

    def _band_size(self, shape: tuple[int, int, int, int], n_rows: int) -> int:
        """Return the memory that a thread needs for a band of rows [byte]."""
        n_ints, n_groups, _, n_cols = shape
        if not self.on_disk:
            return n_ints * n_groups * n_cols * n_rows * _WITHOUT
        return n_ints * n_groups * (n_cols * n_rows * _WITH_FILE + 2 * _WINDOW)

    def _is_large(self, shape: tuple[int, ...], dtype: DTypeLike) -> bool:
        n_bytes = math.prod(shape) * np.dtype(dtype).itemsize
        return self.on_disk and n_bytes > SMALL * (self.budget or 0)

    def sentence(self, name: str, shape: tuple[int, int, int, int]) -> str:
        """Return what working from disk means for an exposure; "" in memory."""
        if not self.on_disk or self.budget is None:
            return ""
        size, run = size_text(exposure_size(shape)), size_text(run_size(shape))
        return (
            f"{name} holds {size}, more than the memory budget of "
            f"{size_text(self.budget)} has room for: it is worked on from scratch files "
            f"in {scratch_folder()} ({size}, and {run} for each run)."
        )


IN_MEMORY: Final = Room()


def exposure_size(shape: tuple[int, int, int, int]) -> int:
    """Return how large the ramps of an exposure are in memory [byte]."""
    return SAMPLE * math.prod(shape)


def run_size(shape: tuple[int, int, int, int]) -> int:
    """Return how large the results of a run are [byte]."""
    n_ints, _, n_rows, n_cols = shape
    return math.prod(shape) // 8 + FITTED * n_ints * n_rows * n_cols


def bytes_of(text: str | int) -> int:
    """Return a size given as a number of bytes or as text such as "4GB" or "500 MB".

    Raises
    ------
    ValueError
        When it is neither, or nothing.
    """
    number = r"\s*(\d+\.?\d*|\.\d+)\s*([KMGT]?)B?\s*"
    match = re.fullmatch(number, str(text).upper())
    size = int(float(match[1]) * _UNITS[match[2]]) if match else 0
    if size < 1:
        raise ValueError(f"a memory budget is a size such as 4GB or 500MB, got {text!r}")
    return size


def free_memory() -> int:
    """Return how much memory programs can still get without swapping [byte]."""
    table = Path("/proc/meminfo")
    if table.exists():
        found = re.search(r"MemAvailable:\s*(\d+) kB", table.read_text())
        if found:
            return 1024 * int(found[1])
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _UNKNOWN
