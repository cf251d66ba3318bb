"""How much chi-square falls when differences are left out, for many ramps at once.

Leaving differences out makes chi-square fall by their residuals, weighted by the inverse of
the covariance matrix, between the inverse of the block of that matrix that belongs to them
once the common rate is taken out of it.
"""

import numpy as np

from rampviewer.core._jit import F64, U8, borrowing_kernel, kernel
from rampviewer.core.likely.tile import (
    FACTOR,
    INVERSE,
    JOINED,
    MIXED,
    ONES,
    ROW_DATA,
    ROW_SUM,
    TOTAL,
    Tile,
    fill,
)


@borrowing_kernel
def _residuals(m: int, mixed: F64, total: F64, row_sum: F64, row_data: F64) -> None:
    for x in range(m):
        row_data[x] -= mixed[x] / total[x] * row_sum[x]


@borrowing_kernel
def _reduce(m: int, inverse: F64, row_sum: F64, total: F64, out: F64) -> None:
    for x in range(m):
        out[x] = inverse[x] - row_sum[x] * row_sum[x] / total[x]


@kernel
def reduce_tile(m: int, tile: Tile) -> None:
    """Turn `row_data` into that of the residuals, and `ones` into the reduced diagonal."""
    for k in range(tile.cubes.shape[1]):
        _residuals(
            m,
            tile.lines[MIXED],
            tile.lines[TOTAL],
            tile.cubes[ROW_SUM, k],
            tile.cubes[ROW_DATA, k],
        )
        _reduce(
            m,
            tile.cubes[INVERSE, k],
            tile.cubes[ROW_SUM, k],
            tile.lines[TOTAL],
            tile.cubes[ONES, k],
        )


@borrowing_kernel
def _largest_one(m: int, residual: F64, diagonal: F64, best: F64) -> None:
    for x in range(m):
        fall = residual[x] * residual[x] / diagonal[x]
        known = best[x] + 0.0  # no masked store: see `sort_columns`
        best[x] = fall if fall > known else known


@borrowing_kernel
def _beside(
    m: int, factor: F64, inverse: F64, a: F64, b: F64, total: F64, out: F64
) -> None:
    for x in range(m):
        out[x] = -factor[x] * inverse[x] - a[x] * b[x] / total[x]


@borrowing_kernel
def _largest_two(
    m: int, r0: F64, r1: F64, d0: F64, d1: F64, beside: F64, best: F64
) -> None:
    for x in range(m):
        off = beside[x]
        top = d1[x] * r0[x] * r0[x] - 2.0 * off * r0[x] * r1[x] + d0[x] * r1[x] * r1[x]
        fall = top / (d0[x] * d1[x] - off * off)
        known = best[x] + 0.0  # no masked store: see `sort_columns`
        best[x] = fall if fall > known else known


@kernel
def largest_falls(
    m: int, is_averaged: U8, tile: Tile, best_one: F64, best_two: F64
) -> None:
    """Write the largest falls with one difference left out, and with two in a row.

    `tile` is as `reduce_tile` left it. Pairs count only where the group between the two is
    an average of several reads.
    """
    n = tile.cubes.shape[1]
    fill(m, 0.0, best_one)
    fill(m, 0.0, best_two)
    for k in range(n):
        _largest_one(m, tile.cubes[ROW_DATA, k], tile.cubes[ONES, k], best_one)
    for k in range(n - 1):
        if is_averaged[k]:
            a, b = tile.cubes[ROW_SUM, k], tile.cubes[ROW_SUM, k + 1]
            inverse = tile.cubes[INVERSE, k + 1]
            _beside(
                m,
                tile.cubes[FACTOR, k + 1],
                inverse,
                a,
                b,
                tile.lines[TOTAL],
                tile.lines[JOINED],
            )
            r0, r1 = tile.cubes[ROW_DATA, k], tile.cubes[ROW_DATA, k + 1]
            d0, d1 = tile.cubes[ONES, k], tile.cubes[ONES, k + 1]
            _largest_two(m, r0, r1, d0, d1, tile.lines[JOINED], best_two)


@borrowing_kernel
def pair_beside(k: int, x: int, tile: Tile) -> float:
    """Return the reduced element beside the diagonal, of differences `k` and `k + 1`."""
    beside = -tile.cubes[FACTOR, k + 1, x] * tile.cubes[INVERSE, k + 1, x]
    both = tile.cubes[ROW_SUM, k, x] * tile.cubes[ROW_SUM, k + 1, x]
    return np.float64(beside - both / tile.lines[TOTAL, x])


@borrowing_kernel
def pair_fall(k: int, x: int, beside: float, tile: Tile) -> float:
    """Return the fall of chi-square without differences `k` and `k + 1`."""
    r0, r1 = tile.cubes[ROW_DATA, k, x], tile.cubes[ROW_DATA, k + 1, x]
    d0, d1 = tile.cubes[ONES, k, x], tile.cubes[ONES, k + 1, x]
    top = d1 * r0 * r0 - 2.0 * beside * r0 * r1 + d0 * r1 * r1
    return np.float64(top / (d0 * d1 - beside * beside))
