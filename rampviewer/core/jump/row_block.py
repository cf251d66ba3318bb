"""Jump detection in a block of detector rows."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, U8, U32, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.candidates import detect_row
from rampviewer.core.jump.clip_rows import clip_rows
from rampviewer.core.jump.follow import follow_even_rows
from rampviewer.core.jump.pixel_jumps import pixel_scratch
from rampviewer.core.jump.rates import rates_of
from rampviewer.core.jump.ratios import find_ratios
from rampviewer.core.jump.row_screen import load_row, row_scratch
from rampviewer.core.jump.settings import (
    ITERATIVE,
    SIGMA_CLIP,
    SINGLE_PASS,
    TOO_FEW_GROUPS,
    JumpSettings,
)
from rampviewer.core.jump.sources import mark_sources
from rampviewer.core.jump.spread import flag_after_jumps, flag_around
from rampviewer.core.jump.uneven import detect_row_uneven

_T = TypeVar("_T", bound=np.generic)
_JUMP = np.uint8(Dq.JUMP_DET)
_ALL_BUT_JUMP = np.uint8(255 - Dq.JUMP_DET)


@kernel
def copy_flags(
    delivered: U8, place: tuple[int, int], keep_delivered: int, flags: U8, origin: U8
) -> None:
    """Copy the flags of a row without jumps that cannot stay, and say which are delivered.

    JUMP_DET goes where a group is saturated or unusable, and everywhere unless delivered
    jumps are kept. `place` is the row, and the row it is written to. An `origin` of
    (0, 0, 0) is left out.
    """
    row, out_row = place
    kept = np.uint8(255) if keep_delivered else _ALL_BUT_JUMP
    for p in range(len(delivered)):
        source, target = delivered[p, row], flags[p, out_row]
        for x in range(source.size):
            bits = source[x]
            blocked = ((bits | (bits >> 1)) & 1) << 2
            target[x] = bits & kept & ~blocked
        if origin.size == 0:
            continue
        cause = origin[p, out_row]
        for x in range(source.size):
            cause[x] = (target[x] >> 2) & 1


@kernel
def copy_rows(
    delivered: U8,
    rows: tuple[int, int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
) -> None:
    """Do `copy_flags` for a block, given as (start, stop, first row of the output)."""
    start, stop, first = rows
    for row in range(start, stop):
        place = row, row - first
        copy_flags(delivered, place, settings.keep_delivered, flags, origin)


@kernel
def follow_rows(
    data: F32,
    delivered: U8,
    gain: F32,
    rows: tuple[int, int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
) -> None:
    """Flag the groups after the large jumps of each pixel of a block."""
    start, stop, first = rows
    n_planes, _, n_cols = data.shape
    for row in range(start, stop):
        for col in range(n_cols):
            here, cause = flags[:, row - first, col], origin[:, row - first, col]
            union = np.uint8(0)
            for p in range(n_planes):
                union |= here[p]
            if union & _JUMP:
                signal = data[:, row, col] * gain[row, col]
                rates = rates_of(signal, delivered[:, row, col], settings)
                flag_after_jumps(rates, settings, here, cause)


@kernel
def even_rows(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
    ratio: F32,
    spread: U32,
) -> int:
    """Flag jumps and their neighbours where all groups are alike; see `detect_rows`.

    Parameters
    ----------
    data : (n_planes, n_rows, n_cols) float32
        [DN]; a plane is one group of one integration.
    delivered : (n_planes, n_rows, n_cols) uint8
    noise : tuple of (n_rows, n_cols) float32
        Gain [electron/DN] and CDS read noise [DN].
    rows : (start, stop, first row of the output)
    flags, origin : (n_planes, n_out, n_cols) uint8
        The origin may be left out, as (0, 0, 0).
    ratio : (n_out, n_cols) float32
    spread : (n_rows, n_cols, n_words) uint32
        As of `mark_sources`, or (0, 0, 0).

    Returns
    -------
    n_primary : int
    """
    start, stop, first = rows
    n_planes, n_rows, n_cols = data.shape
    n_ints = n_planes // (settings.steps.size + 1)
    row_values = row_scratch(n_ints, n_planes // n_ints, n_cols, settings.branch)
    scratch = pixel_scratch(n_planes)
    sources = np.empty((2, n_planes * n_cols), np.int64)  # of this row and the one before
    n_primary, n_before, halo = 0, 0, settings.flag_neighbors
    for row in range(max(start - halo, 0), min(stop + halo, n_rows)):
        here, before = sources[row % 2], sources[(row + 1) % 2]
        place = row, row - first if start <= row < stop else -1
        if place[1] >= 0:
            copy_flags(delivered, place, settings.keep_delivered, flags, origin)
        load_row(data, delivered, noise, row, n_ints, settings, row_values)
        n_new, n_here = detect_row(
            delivered, place, n_ints, settings, row_values, scratch, flags, origin, here
        )
        n_primary += n_new
        if place[1] >= 0:
            find_ratios(settings, row_values, scratch, ratio[place[1]])
            if spread.size > 0:
                mark_sources(here[:n_here], spread[row])
        above = row - 1 - first if row > start else -1
        flag_around(here[:n_here], before[:n_before], (place[1], above), flags, origin)
        n_before = n_here
    return n_primary


@kernel
def uneven_rows(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
    ratio: F32,
) -> int:
    """Do the same as `even_rows` for groups of any distance and number of reads."""
    start, stop, first = rows
    n_planes, n_rows, n_cols = data.shape
    sources = np.empty((2, n_planes * n_cols), np.int64)
    n_primary, n_before, halo = 0, 0, settings.flag_neighbors
    for row in range(max(start - halo, 0), min(stop + halo, n_rows)):
        here, before = sources[row % 2], sources[(row + 1) % 2]
        place = row, row - first if start <= row < stop else -1
        if place[1] >= 0:
            copy_flags(delivered, place, settings.keep_delivered, flags, origin)
        n_new, n_here = detect_row_uneven(
            data, delivered, noise, place, settings, flags, origin, ratio, here
        )
        n_primary += n_new
        above = row - 1 - first if row > start else -1
        flag_around(here[:n_here], before[:n_before], (place[1], above), flags, origin)
        n_before = n_here
    return n_primary


def _in_row(cube: NDArray[_T]) -> NDArray[_T]:
    """Return a view (n_planes, n_pixels) of a cube."""
    return cube.reshape(len(cube), -1)


def _clip(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int, int],
    settings: JumpSettings,
    out: tuple[U8, U8, F32],
) -> int:
    flags, origin, ratio = out
    return int(
        clip_rows(
            _in_row(data),
            _in_row(delivered),
            (noise[0].reshape(-1), noise[1].reshape(-1)),
            data.shape[2],
            rows,
            settings,
            _in_row(flags),
            _in_row(origin),
            ratio.reshape(-1),
        )
    )


def _follow(
    data: F32,
    delivered: U8,
    gain: F32,
    rows: tuple[int, int, int],
    settings: JumpSettings,
    out: tuple[U8, U8],
) -> None:
    if settings.uneven:
        follow_rows(data, delivered, gain, rows, settings, *out)
        return
    start, stop, first = (row * data.shape[2] for row in rows)
    follow_even_rows(
        _in_row(data),
        _in_row(delivered),
        gain.reshape(-1),
        (start, stop, first),
        settings,
        _in_row(out[0]),
        _in_row(out[1]),
    )


def _origin_of(wanted: U8 | None, flags: U8, settings: JumpSettings) -> U8:
    """Return room for the origin of `flags`: none where nobody wants or needs it."""
    if wanted is not None:
        return wanted.reshape(flags.shape)
    is_followed = settings.after_groups_1 > 0 or settings.after_groups_2 > 0
    is_plain = settings.branch in (ITERATIVE, SINGLE_PASS) and not settings.uneven
    is_left_out = is_plain and not is_followed
    return np.empty((0, 0, 0) if is_left_out else flags.shape, np.uint8)


def detect_rows(
    sci: F32,
    groupdq: U8,
    gain: F32,
    readnoise: F32,
    row_start: int,
    row_stop: int,
    settings: JumpSettings,
    out_groupdq: U8,
    out_origin: U8 | None = None,
    out_ratio: F32 | None = None,
    out_spread: U32 | None = None,
) -> int:
    """Flag the jumps of some rows of an exposure.

    The rows next to the block are looked at as well, for the jumps that flag neighbours:
    the result does not depend on how an exposure is cut.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols) float32
        The whole exposure [DN].
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
        As delivered.
    gain, readnoise : (n_rows, n_cols) float32
        [electron/DN] and CDS noise [DN].
    row_start, row_stop : int
        The rows to do.
    settings : JumpSettings
    out_groupdq, out_origin : (n_ints, n_groups, n_out, n_cols) uint8
        Filled; n_out is n_rows, then the rows go to their place, or the number of rows to
        do. The origin, if it is wanted, is that of JUMP_DET: PRIMARY where detection finds
        it, delivered or not, else DELIVERED, NEIGHBOR or AFTER_JUMP, whichever came first.
    out_ratio : (n_out, n_cols) float32, optional
        Filled with the largest |difference - median| / sigma of each pixel, with the median
        and sigma before anything is removed; NaN where no difference was compared.
    out_spread : (n_rows, n_cols, n_words) uint32, optional
        Filled with the groups that flag their neighbours, see `mark_sources`, where all
        groups are alike and jumps are not found by sigma clipping.

    Returns
    -------
    n_primary : int
        Groups with JUMP_DET, delivered or found, before neighbours and cleaning.

    Raises
    ------
    ValueError
        When an output is not C-contiguous.
    """
    outputs = (out_groupdq, out_origin, out_ratio)
    if not all(out is None or out.flags.c_contiguous for out in outputs):
        raise ValueError("out_groupdq, out_origin and out_ratio must be C-contiguous")
    # No kernel itself: each of those below is compiled when it is needed first.
    n_ints, n_groups, n_rows, n_cols = sci.shape
    n_out = out_groupdq.shape[2]
    data = sci.reshape(n_ints * n_groups, n_rows, n_cols)
    delivered = groupdq.reshape(data.shape)
    flags = out_groupdq.reshape(-1, n_out, n_cols)
    origin = _origin_of(out_origin, flags, settings)
    rows = row_start, row_stop, 0 if n_out == n_rows else row_start
    ratio = np.empty((n_out, n_cols), np.float32) if out_ratio is None else out_ratio
    if settings.branch == TOO_FEW_GROUPS:
        copy_rows(delivered, rows, settings, flags, origin)
        ratio[row_start - rows[2] : row_stop - rows[2]] = np.nan
        return 0
    noise, out = (gain, readnoise), (flags, origin, ratio)
    if settings.branch == SIGMA_CLIP:
        n_primary = _clip(data, delivered, noise, rows, settings, out)
    elif settings.uneven:
        n_primary = uneven_rows(data, delivered, noise, rows, settings, *out)
    else:
        spread = np.empty((0, 0, 0), np.uint32) if out_spread is None else out_spread
        n_primary = even_rows(data, delivered, noise, rows, settings, *out, spread)
    if settings.after_groups_1 > 0 or settings.after_groups_2 > 0:
        _follow(data, delivered, gain, rows, settings, (flags, origin))
    return int(n_primary)
