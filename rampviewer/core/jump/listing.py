"""The numbers behind each flag of a block of rows, in a list."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I32, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.clip_trace import trace_clip
from rampviewer.core.jump.pixel_trace import PixelTrace
from rampviewer.core.jump.settings import SIGMA_CLIP, JumpSettings
from rampviewer.core.jump.trace import trace_even

_JUMP = np.uint8(Dq.JUMP_DET)


class FlagList(NamedTuple):
    """Groups with JUMP_DET, (n,) each, by rows, columns and planes.

    A plane is one group of one integration. The numbers are those of the difference to the
    group before, at the stage that decided it; NaN where there is none to compare.
    """

    row: I32
    col: I32
    plane: I32
    step: F64  # [DN]
    ratio: F64  # [sigma]
    median: F64  # [electron]
    difference: F64  # signed [electron]
    limit: F64  # [sigma]


def empty_list(n: int) -> FlagList:
    """Return room for `n` flags."""
    row, col, plane = np.empty((3, n), np.int32)
    step, ratio, median, difference, limit = np.empty((5, n))
    return FlagList(row, col, plane, step, ratio, median, difference, limit)


@kernel
def _append(
    place: tuple[int, int],
    n_groups: int,
    signal: F32,
    flags: U8,
    trace: PixelTrace,
    n: int,
    out: FlagList,
) -> int:
    """Write the flags of a pixel, given as (row, column); return how many there are now."""
    for p in range(flags.size):
        if not flags[p] & _JUMP:
            continue
        out.row[n], out.col[n], out.plane[n] = place[0], place[1], p
        out.step[n] = np.nan
        if p % n_groups > 0:
            out.step[n] = np.float64(signal[p]) - np.float64(signal[p - 1])
        out.ratio[n], out.limit[n] = trace.ratio[p], trace.limit[p]
        out.median[n], out.difference[n] = trace.median[p], trace.difference[p]
        n += 1
    return n


@kernel
def _pixel(
    data: F32, delivered: U8, noise: tuple[F32, F32], place: tuple[int, int]
) -> tuple[F32, U8, tuple[float, float]]:
    """Return signal, delivered flags, and (gain, read noise) of a pixel."""
    row, col = place
    of_pixel = float(noise[0][row, col]), float(noise[1][row, col])
    return data[:, row, col].copy(), delivered[:, row, col].copy(), of_pixel


@kernel
def list_even(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    row_start: int,
    pixels: I64,
    settings: JumpSettings,
    flags: U8,
    out: FlagList,
) -> int:
    """Fill `out` from `pixels`, (n, 2) of (row of `flags`, column); not by sigma clipping.

    Row 0 of `flags` is `row_start` of the exposure. Returns how many flags were listed.
    """
    n, n_groups = 0, settings.steps.size + 1
    for k in range(len(pixels)):
        place = row_start + pixels[k, 0], pixels[k, 1]
        signal, given, of_pixel = _pixel(data, delivered, noise, place)
        trace = trace_even(signal, given, of_pixel, settings)
        here = flags[:, pixels[k, 0], pixels[k, 1]]
        n = _append(place, n_groups, signal, here, trace, n, out)
    return n


@kernel
def list_clipped(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    row_start: int,
    pixels: I64,
    settings: JumpSettings,
    flags: U8,
    out: FlagList,
) -> int:
    """Do the same as `list_even` for sigma clipping."""
    n, n_groups = 0, settings.steps.size + 1
    for k in range(len(pixels)):
        place = row_start + pixels[k, 0], pixels[k, 1]
        signal, given, of_pixel = _pixel(data, delivered, noise, place)
        trace = trace_clip(signal, given, of_pixel, settings)
        here = flags[:, pixels[k, 0], pixels[k, 1]]
        n = _append(place, n_groups, signal, here, trace, n, out)
    return n


def list_flags(
    sci: F32,
    groupdq: U8,
    noise: tuple[F32, F32],
    row_start: int,
    settings: JumpSettings,
    flags: U8,
) -> FlagList:
    """Return every JUMP_DET of some rows with the numbers that decided about it.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols) float32
        The whole exposure [DN].
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
        As delivered.
    noise : tuple of (n_rows, n_cols) float32
        Gain [electron/DN] and CDS read noise [DN].
    row_start : int
        Row of the exposure that is the first one of `flags`.
    settings : JumpSettings
        Of groups that are all alike.
    flags : (n_ints, n_groups, n_listed_rows, n_cols) uint8
        After jump detection, of the rows to list.
    """
    # No kernel itself: each of the two is compiled when it is needed first.
    n_rows, n_cols = sci.shape[2:]
    planes = flags.reshape(-1, *flags.shape[2:])
    pixels = np.argwhere(np.bitwise_or.reduce(planes, axis=0) & _JUMP)
    found = empty_list(int(np.count_nonzero(planes & _JUMP)))
    fill = list_clipped if settings.branch == SIGMA_CLIP else list_even
    data = sci.reshape(-1, n_rows, n_cols)
    delivered = groupdq.reshape(data.shape)
    fill(data, delivered, noise, row_start, pixels, settings, planes, found)
    return found
