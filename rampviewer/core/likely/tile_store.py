"""Fits of a tile of ramps, written to the planes."""

import numpy as np

from rampviewer.core._jit import F32, F64, U8, U32, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.likely.outputs import LikelyOutputs
from rampviewer.core.likely.settings import ReadPattern
from rampviewer.core.likely.tile import (
    CENTER,
    JOINED,
    MIXED,
    NOISE2,
    PHOTONS,
    ROW_SUM,
    SQUARE,
    TOTAL,
    USE,
    Tile,
    fill,
)
from rampviewer.core.likely.tile_load import TileSource

REPORTED = np.uint8(Dq.SATURATED | Dq.JUMP_DET)
JUMP_DET = np.uint32(Dq.JUMP_DET)
DO_NOT_USE = np.uint32(Dq.DO_NOT_USE)


@borrowing_kernel
def _add_square(m: int, line: F64, share: float, total: F64) -> None:
    for x in range(m):
        total[x] += line[x] * line[x] * share


@borrowing_kernel
def _add_beside(m: int, a: F64, b: F64, share: float, total: F64) -> None:
    for x in range(m):
        total[x] += a[x] * b[x] * (2.0 * share)


@borrowing_kernel
def _scale(m: int, shares: F64, unit: F64, total: F64, out: F32) -> None:
    for x in range(m):
        out[x] = shares[x] * unit[x] / (total[x] * total[x])


@kernel
def _variance(m: int, alpha: F64, beta: F64, unit: F64, tile: Tile, out: F32) -> None:
    """Write the part of the variance of the rate that comes from one kind of noise."""
    shares = tile.lines[JOINED]
    fill(m, 0.0, shares)
    for k in range(alpha.size):
        _add_square(m, tile.cubes[ROW_SUM, k], alpha[k], shares)
    for k in range(beta.size):
        _add_beside(m, tile.cubes[ROW_SUM, k], tile.cubes[ROW_SUM, k + 1], beta[k], shares)
    _scale(m, shares, unit, tile.lines[TOTAL], out)


@borrowing_kernel
def _blank(m: int, n_given: F64, out: F32) -> None:
    nothing, zero = np.float32(np.nan), np.float32(0.0)
    for x in range(m):
        value = out[x] + zero  # no masked store: see `sort_columns`
        out[x] = value if n_given[x] > 0.0 else nothing


@kernel
def store_fits(
    m: int,
    pattern: ReadPattern,
    tile: Tile,
    n_given: F64,
    i: int,
    row: int,
    col: int,
    out: LikelyOutputs,
) -> None:
    """Write the fits to integration `i` of `m` pixels; NaN where nothing was usable."""
    stop = col + m
    slope, chisq = out.int_slope[i, row, col:stop], out.int_chisq[i, row, col:stop]
    poisson = out.int_var_poisson[i, row, col:stop]
    read, err = out.int_var_rnoise[i, row, col:stop], out.int_err[i, row, col:stop]
    photons, noise2 = tile.lines[PHOTONS], tile.lines[NOISE2]
    _variance(m, pattern.alpha_photon, pattern.beta_photon, photons, tile, poisson)
    _variance(m, pattern.alpha_read, pattern.beta_read, noise2, tile, read)
    center, total = tile.lines[CENTER], tile.lines[TOTAL]
    square, mixed = tile.lines[SQUARE], tile.lines[MIXED]
    for x in range(m):
        slope[x] = center[x] + mixed[x] / total[x]
    for x in range(m):
        chisq[x] = square[x] - mixed[x] * mixed[x] / total[x]
    for x in range(m):
        err[x] = np.sqrt(1.0 / total[x])
    for plane in (slope, poisson, read, err, chisq):
        _blank(m, n_given, plane)


@borrowing_kernel
def _set_flags(m: int, pixeldq: U32, seen: U8, unusable: U8, out: U32) -> None:
    for x in range(m):
        bad = DO_NOT_USE if unusable[x] else np.uint32(0)
        out[x] = pixeldq[x] | np.uint32(seen[x] & REPORTED) | bad


@kernel
def store_flags(
    m: int,
    pixeldq: U32,
    source: TileSource,
    tile: Tile,
    i: int,
    row: int,
    col: int,
    out: LikelyOutputs,
) -> None:
    """Write the flags of integration `i`: fewer differences used than given is a jump."""
    flags = out.int_dq[i, row, col : col + m]
    _set_flags(m, pixeldq, source.seen, source.is_unusable, flags)
    n_left = tile.lines[JOINED]
    fill(m, 0.0, n_left)
    for k in range(tile.cubes.shape[1]):
        use = tile.cubes[USE, k]
        for x in range(m):
            n_left[x] += use[x]
    for x in range(m):
        flags[x] |= JUMP_DET if n_left[x] < source.n_given[x] else np.uint32(0)
