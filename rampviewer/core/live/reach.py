"""Lists of the pixels that a move reaches, each once."""

import numpy as np

from rampviewer.core._jit import I64, U8, U32, borrowing_kernel, kernel
from rampviewer.core.marked import list_marked


@kernel
def list_once(pixels: I64, marks: U8) -> I64:
    """Return every pixel of a list once, in order.

    Parameters
    ----------
    pixels : (n,) int64
    marks : (n_pixels of the frame,) uint8
        0 everywhere, as afterwards again.
    """
    for pixel in pixels:
        marks[pixel] = 1
    once = np.empty(pixels.size + 1, np.int64)
    once = once[: list_marked(marks, once)]
    for pixel in once:
        marks[pixel] = 0
    return once


@borrowing_kernel
def _append_new(pixel: int, marks: U8, pixels: I64, n: int) -> int:
    pixels[n] = pixel
    n += marks[pixel] == 0
    marks[pixel] = 1
    return n


@kernel
def list_others_around(known: I64, pixels: I64, frame: tuple[int, int], marks: U8) -> I64:
    """Return the neighbours of `pixels` that are not `known`, each once, in any order.

    Parameters
    ----------
    known, pixels : (n,) int64
        row x n_cols + column
    frame : (n_rows, n_cols)
    marks : (n_rows x n_cols,) uint8
        0 everywhere, as afterwards again.
    """
    n_rows, n_cols = frame
    for pixel in known:
        marks[pixel] = 1
    others, n = np.empty(4 * pixels.size + 1, np.int64), 0
    for pixel in pixels:
        row, col = pixel // n_cols, pixel % n_cols
        if row > 0:
            n = _append_new(pixel - n_cols, marks, others, n)
        if row < n_rows - 1:
            n = _append_new(pixel + n_cols, marks, others, n)
        if col > 0:
            n = _append_new(pixel - 1, marks, others, n)
        if col < n_cols - 1:
            n = _append_new(pixel + 1, marks, others, n)
    for pixel in known:
        marks[pixel] = 0
    for pixel in others[:n]:
        marks[pixel] = 0
    return others[:n]


@kernel
def exchange_sources(pixels: I64, found: U32, spread: U32, before: U32) -> I64:
    """Replace the groups of some pixels that flag neighbours; return where others do now.

    Parameters
    ----------
    pixels : (n,) int64
    found : (>= n, n_words) uint32
        Of these pixels, see `mark_sources`.
    spread : (n_pixels of the frame, n_words) uint32
        Changed in place.
    before : (n, n_words) uint32
        Filled with what was replaced.
    """
    changed, n = np.empty(pixels.size + 1, np.int64), 0
    for k in range(pixels.size):
        pixel, is_other = pixels[k], False
        for w in range(spread.shape[1]):
            old, new = spread[pixel, w], found[k, w]
            before[k, w], spread[pixel, w] = old, new
            is_other |= old != new
        changed[n] = pixel
        n += is_other
    return changed[:n]
