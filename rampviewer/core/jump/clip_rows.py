"""Jump detection by sigma clipping in a block of detector rows.

Here a frame is one long row of pixels: where it is narrow, some of its rows are one tile.
"""

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.clip_tile import (
    TileScratch,
    clip_tile,
    load_tile,
    tile_scratch,
    widest_tile,
)
from rampviewer.core.jump.one_pixel import read_variance
from rampviewer.core.jump.selection import select_middle
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.spread import flag_next_to
from rampviewer.core.jump.uneven import is_source, sigma_of_step
from rampviewer.core.origin import Origin

_JUMP = np.uint8(Dq.JUMP_DET)
_ALL_BUT_JUMP = np.uint8(255 - Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_LOST = np.uint8(Dq.JUMP_DET | Dq.DO_NOT_USE)
_DELIVERED = np.uint8(Origin.DELIVERED)
_PRIMARY = np.uint8(Origin.PRIMARY)
_INFINITY = np.float32(np.inf)
_ROUNDING = 1e-9


@kernel
def _scratch(n_planes: int, n_pixels: int, settings: JumpSettings) -> TileScratch:
    n_steps = settings.steps.size
    return tile_scratch(
        n_planes, n_pixels, n_steps, n_steps if settings.by_integration else 1
    )


@borrowing_kernel
def _find(steps: F32, lower: F32, upper: F32, found: U8) -> None:
    """Set `found` to JUMP_DET where a finite difference is beyond the limits, else to 0."""
    for x in range(found.size):
        beyond = (steps[x] < lower[x]) | (steps[x] > upper[x])
        found[x] = (beyond & (abs(steps[x]) < _INFINITY)) << 2


@borrowing_kernel
def _mark(
    delivered: U8, found: U8, kept: np.uint8, wiped: bool, flags: U8, origin: U8
) -> None:
    """Write the flags of a plane; add delivered jumps to `found`, take lost ones from it.

    Jumps on unusable groups stay in `found`.
    """
    for x in range(flags.size):
        bits = (delivered[x] & kept) | found[x]
        left = np.uint8(0) if wiped & (bits == _JUMP) else np.uint8(bits)
        cause = _PRIMARY if found[x] else _DELIVERED
        found[x] = left & _JUMP
        left = np.uint8(left & ~_JUMP) if left & _UNUSABLE else left
        flags[x] = left
        origin[x] = cause if left & _JUMP else np.uint8(0)


@borrowing_kernel
def _list(found: U8, first: int, columns: I64, n: int) -> int:
    """Append `first` + x for each lane x with a jump; return how many there are now.

    `found` is as long as a multiple of eight: jumps are rare, and eight lanes are looked
    at in one go.
    """
    eights = found.view(np.uint64)
    for k in range(eights.size):
        if eights[k]:
            for x in range(8 * k, 8 * k + 8):
                columns[n] = first + x
                n += found[x] != 0
    return n


@kernel
def _median_of(lane: int, time: float, scratch: TileScratch) -> float:
    """Return the median of all usable differences of a lane [electron/s]."""
    n = 0
    for p in range(len(scratch.steps)):
        step = scratch.steps[p, lane]
        scratch.samples[n] = step
        n += not np.isnan(step)
    lower, upper = select_middle(scratch.samples, n)
    return (lower / time + upper / time) / 2.0


@kernel
def _take_middles(settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill `center` with the median of the lanes where it is known; `noisy` says where.

    It is known where all samples are one set. Infinite ones are in no set, but in the
    median.
    """
    (lowest, highest), time = scratch.middles, settings.steps[0]
    for lane in range(scratch.noisy.size):
        known = len(scratch.lower) == 1 and abs(lowest[lane]) < _INFINITY
        scratch.noisy[lane] = known and scratch.infinite[lane] == 0
        scratch.center[lane] = (lowest[lane] / time + highest[lane] / time) / 2.0


@kernel
def _is_surely_source(
    rate: float, lane: int, variance: float, settings: JumpSettings, scratch: TileScratch
) -> int:
    """Return 1 if the jump flags its neighbours, 0 if not, -1 if the median must decide."""
    time = settings.steps[0]
    low, high = scratch.middles[0, lane] / time, scratch.middles[1, lane] / time
    if scratch.infinite[lane] > 0 or not abs(low) + abs(high) < _INFINITY:
        return -1
    within, at_zero = low <= rate <= high, low <= 0.0 <= high
    nearest = 0.0 if within else min(abs(rate - low), abs(rate - high))
    farthest = max(abs(rate - low), abs(rate - high))
    least = 0.0 if at_zero else min(abs(low), abs(high))
    most = max(abs(low), abs(high))
    smallest = nearest / sigma_of_step(0, most, variance, settings) * (1.0 - _ROUNDING)
    largest = farthest / sigma_of_step(0, least, variance, settings) * (1.0 + _ROUNDING)
    if smallest > settings.min_to_neighbors and largest < settings.max_to_neighbors:
        return 1
    beyond = smallest > settings.max_to_neighbors or largest < settings.min_to_neighbors
    return 0 if beyond else -1


@kernel
def _keep_sources(
    jumps: I64,
    start: int,
    noise: tuple[F32, F32],
    n_pixels: int,
    settings: JumpSettings,
    scratch: TileScratch,
    sources: I64,
) -> int:
    """Append those of `jumps` to `sources` that flag their neighbours.

    Parameters
    ----------
    jumps : (n_jumps,) int64
        plane x n_pixels + pixel.
    start : int
        First pixel of the tile.
    noise : tuple of (n_pixels,) float32
        Gain [electron/DN] and CDS read noise [DN].

    Returns
    -------
    n_sources : int
    """
    gain, readnoise = noise
    median, known, n_sources = scratch.center, scratch.noisy, 0
    _take_middles(settings, scratch)
    for jump in jumps:
        plane, pixel = jump // n_pixels, jump % n_pixels
        lane = pixel - start
        step = scratch.steps[plane, lane]
        if np.isnan(step):
            continue
        rate = np.float64(step) / settings.steps[0]
        variance = read_variance(readnoise[pixel], gain[pixel], 2.0)
        if not known[lane]:
            sure = _is_surely_source(rate, lane, variance, settings, scratch)
            if sure >= 0:
                sources[n_sources] = jump
                n_sources += sure
                continue
            median[lane] = _median_of(lane, settings.steps[0], scratch)
            known[lane] = 1
        sources[n_sources] = jump
        n_sources += is_source(plane, rate, median[lane], variance, settings)
    return n_sources


@kernel
def _clip_pixels(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    place: tuple[int, int, int],
    settings: JumpSettings,
    scratch: TileScratch,
    rows: U8,
    flags: U8,
    origin: U8,
    ratio: F32,
    sources: I64,
) -> tuple[int, int]:
    """Do for some pixels what `candidates.detect_row` does, writing all their flags.

    Parameters
    ----------
    place : tuple of int
        First pixel, the one after the last, and that of `flags` and `origin` where the
        first one is written to, -1 for none.
    rows : (3, n) uint8
        Room, as wide as a tile or more, n a multiple of eight.
    """
    first, stop, out = place
    n_planes, n_pixels = data.shape
    width, n_groups = scratch.missing.size, settings.steps.size + 1
    kept = np.uint8(255) if settings.keep_delivered else _ALL_BUT_JUMP
    n_primary, n_sources = 0, 0
    for start in range(first, stop, width):
        n, n_before = min(width, stop - start), n_sources
        load_tile(data, delivered, noise[0], (start, start + n), n_groups - 1, scratch)
        clip_tile(n, settings, scratch)
        here = out + start - first
        if out >= 0:
            ratio[here : here + n] = scratch.ratio[:n]
        found, bits, cause = rows[0, :n], rows[1, :n], rows[2, :n]
        rows[0] = 0
        for p in range(n_planes):
            s = max(p % n_groups - 1, 0) if settings.by_integration else 0
            _find(scratch.steps[p], scratch.lower[s], scratch.upper[s], found)
            if out >= 0:
                bits, cause = flags[p, here : here + n], origin[p, here : here + n]
            wiped = settings.wiped[p] != 0
            _mark(delivered[p, start : start + n], found, kept, wiped, bits, cause)
            n_sources = _list(rows[0], p * n_pixels + start, sources, n_sources)
        n_primary += n_sources - n_before if out >= 0 else 0
        if not settings.flag_neighbors:
            n_sources = n_before
        jumps, room = sources[n_before:n_sources], sources[n_before:]
        n_sources = n_before + _keep_sources(
            jumps, start, noise, n_pixels, settings, scratch, room
        )
    return n_primary, n_sources


@kernel
def _rows_at_once(n_rows: int, n_cols: int, n_planes: int) -> int:
    """Return how many rows of a band are taken at once: the narrower, the more."""
    most = max(widest_tile(n_planes) // n_cols, 1)
    n_blocks = max((n_rows + most - 1) // most, 1)
    return (n_rows + n_blocks - 1) // n_blocks


@kernel
def clip_rows(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    n_cols: int,
    rows: tuple[int, int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
    ratio: F32,
) -> int:
    """Do the same as `row_block.even_rows` by sigma clipping.

    All frames are given as one row of pixels: it may hold several rows of `n_cols`.
    """
    start, stop, first = rows
    n_planes, n_pixels = data.shape
    n_together = _rows_at_once(stop - start, n_cols, n_planes)
    scratch = _scratch(n_planes, n_together * n_cols, settings)
    room = np.empty((3, (scratch.missing.size + 7) // 8 * 8), np.uint8)
    # One more, as a list is written to before it is known to grow.
    sources = np.empty((2, n_planes * n_together * n_cols + 1), np.int64)
    n_primary, n_before, number, halo = 0, 0, 0, settings.flag_neighbors
    low, end = max(start - halo, 0), min(stop + halo, n_pixels // n_cols)
    while low < end:
        inside = start <= low < stop
        high = min(low + n_together, stop) if inside else low + 1
        out = (low - first) * n_cols if inside else -1
        place = low * n_cols, high * n_cols, out
        here, before = sources[number % 2], sources[(number + 1) % 2]
        n_new, n_here = _clip_pixels(
            data,
            delivered,
            noise,
            place,
            settings,
            scratch,
            room,
            flags,
            origin,
            ratio,
            here,
        )
        n_primary += n_new
        frame, last = (n_pixels, n_cols, first), min(high, stop)
        flag_next_to(here[:n_here], frame, (max(low - 1, start), last), flags, origin)
        flag_next_to(before[:n_before], frame, (max(low, start), last), flags, origin)
        low, n_before, number = high, n_here, number + 1
    return n_primary


@kernel
def _all_flagged(delivered: U8, found: U8, kept: np.uint8) -> bool:
    n_flagged = 0
    for x in range(found.size):
        n_flagged += (((delivered[x] & kept) | found[x]) & _LOST) != 0
    return n_flagged == found.size


@kernel
def wholly_flagged(
    data: F32,
    delivered: U8,
    gain: F32,
    pixels: tuple[int, int],
    settings: JumpSettings,
    wanted: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return which planes have JUMP_DET or DO_NOT_USE in each of some pixels.

    Parameters
    ----------
    data : (n_planes, n_pixels) float32
        [DN]
    delivered : (n_planes, n_pixels) uint8
    gain : (n_pixels,) float32
        [electron/DN]
    pixels : (start, stop)
    wanted : (n_planes,) bool
        The other planes are not looked at, their answer is False.
    """
    n_planes, n_groups = len(data), settings.steps.size + 1
    scratch = _scratch(n_planes, pixels[1] - pixels[0], settings)
    width = scratch.missing.size
    room = np.empty(width, np.uint8)
    kept = np.uint8(255) if settings.keep_delivered else _ALL_BUT_JUMP
    wholly = wanted.copy()
    for start in range(pixels[0], pixels[1], width):
        if not wholly.any():
            return wholly
        stop = min(start + width, pixels[1])
        load_tile(data, delivered, gain, (start, stop), n_groups - 1, scratch)
        clip_tile(stop - start, settings, scratch)
        found = room[: stop - start]
        for p in range(n_planes):
            if not wholly[p]:
                continue
            s = max(p % n_groups - 1, 0) if settings.by_integration else 0
            _find(scratch.steps[p], scratch.lower[s], scratch.upper[s], found)
            wholly[p] = _all_flagged(delivered[p, start:stop], found, kept)
    return wholly
