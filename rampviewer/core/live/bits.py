"""Values and jump flags of some pixels, written into those of a frame."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import I64, U8, kernel


@kernel
def put_values(values: NDArray[Any], pixels: I64, planes: NDArray[Any]) -> None:
    """Replace the values of some pixels.

    Parameters
    ----------
    values : (n_planes, >= n)
    pixels : (n,) int64
        row x n_cols + column
    planes : (n_planes, n_rows x n_cols)
        Changed in place.
    """
    for p in range(len(planes)):
        plane, new = planes[p], values[p]
        for k in range(pixels.size):
            plane[pixels[k]] = new[k]


@kernel
def put_jumps(jumps: U8, pixels: I64, n_cols: int, jump_bits: U8) -> None:
    """Replace the jumps of some pixels.

    Parameters
    ----------
    jumps : (n_planes, >= n) uint8
        1 where there is a jump.
    pixels : (n,) int64
        row x n_cols + column
    n_cols : int
        Of the frame.
    jump_bits : (n_planes, n_rows, ceil(n_cols / 8)) uint8
        Packed along the columns, the first in the highest bit; changed in place.
    """
    n_bytes = jump_bits.shape[2]
    places = np.empty(pixels.size, np.int64)
    bits = np.empty(pixels.size, np.uint8)
    for k in range(pixels.size):
        row, col = pixels[k] // n_cols, pixels[k] % n_cols
        places[k], bits[k] = row * n_bytes + col // 8, 128 >> (col % 8)
    for p in range(len(jump_bits)):
        plane, new = jump_bits[p].reshape(-1), jumps[p]
        for k in range(pixels.size):
            bit = bits[k] if new[k] else np.uint8(0)
            plane[places[k]] = (plane[places[k]] & ~bits[k]) | bit
