"""Many ramps fitted at once: covariance, pivots and sums, line by line.

Columns (lanes) are ramps, so that each loop is vector instructions. The arithmetic is
another than that of `solution`, by pivots in place of determinants, and agrees with it far
within the precision of the result wherever enough differences are usable.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, borrowing_kernel, kernel
from rampviewer.core.likely.settings import ReadPattern

# A pivot below this share of its diagonal element is next to none.
LEAST_PIVOT = 1e-9


class Tile(NamedTuple):
    """Ramps and what their fit needs: (n_differences, n_lanes) or (n_lanes,) each."""

    data: F64  # differences [DN/s]
    use: F64  # 1 where used, else 0
    photons: F64  # count rate by gain [DN^2 / electron / s]
    noise2: F64  # squared read noise of a single read [DN^2]
    center: F64  # a rate to count from, for little rounding [DN/s]
    low: F64  # how far the least pivot is above `LEAST_PIVOT`
    joined: F64  # room for one line
    pivot: F64  # 1 / pivots of the covariance matrix
    factor: F64  # by which the line before is subtracted
    ones: F64  # `use` with the lines before subtracted, later what `reduce` leaves
    rest: F64  # data, likewise
    row_sum: F64  # inverse of the matrix times ones
    row_data: F64  # inverse of the matrix times data, later times residuals
    inverse: F64  # diagonal of the inverse
    square: F64  # data times inverse times data
    mixed: F64  # data times inverse times ones
    total: F64  # ones times inverse times ones


@kernel
def tile_room(n: int, width: int) -> Tile:
    """Return room for `width` ramps of `n` differences."""
    return Tile(
        np.empty((n, width)),
        np.empty((n, width)),
        np.empty(width),
        np.empty(width),
        np.empty(width),
        np.empty(width),
        np.empty(width),
        np.empty((n, width)),
        np.empty((n, width)),
        np.empty((n, width)),
        np.empty((n, width)),
        np.empty((n, width)),
        np.empty((n, width)),
        np.empty((n, width)),
        np.empty(width),
        np.empty(width),
        np.empty(width),
    )


@borrowing_kernel
def _join(
    m: int, photons: F64, noise2: F64, beta: tuple[float, float], a: F64, b: F64, out: F64
) -> None:
    photon, read = beta
    for x in range(m):
        out[x] = (photons[x] * photon + noise2[x] * read) * (a[x] * b[x])


@borrowing_kernel
def _multiply(m: int, a: F64, b: F64, out: F64) -> None:
    for x in range(m):
        out[x] = a[x] * b[x]


@borrowing_kernel
def _pivot(
    m: int,
    photons: F64,
    noise2: F64,
    alpha: tuple[float, float],
    joined: F64,
    factor: F64,
    out: F64,
) -> None:
    photon, read = alpha
    for x in range(m):
        out[x] = photons[x] * photon + noise2[x] * read - joined[x] * factor[x]


@borrowing_kernel
def _lowest(
    m: int, photons: F64, noise2: F64, alpha: tuple[float, float], pivot: F64, low: F64
) -> None:
    photon, read = LEAST_PIVOT * alpha[0], LEAST_PIVOT * alpha[1]
    for x in range(m):
        excess = pivot[x] - photons[x] * photon - noise2[x] * read
        low[x] = excess if excess < low[x] else low[x]


@borrowing_kernel
def _invert(m: int, line: F64) -> None:
    for x in range(m):
        line[x] = 1.0 / line[x]


@borrowing_kernel
def _eliminate(m: int, use: F64, factor: F64, before: F64, out: F64) -> None:
    for x in range(m):
        out[x] = use[x] - factor[x] * before[x]


@borrowing_kernel
def _eliminate_data(
    m: int, use: F64, data: F64, center: F64, factor: F64, before: F64, out: F64
) -> None:
    for x in range(m):
        out[x] = use[x] * (data[x] - center[x]) - factor[x] * before[x]


@borrowing_kernel
def _add_product(m: int, a: F64, b: F64, pivot: F64, total: F64) -> None:
    for x in range(m):
        total[x] += a[x] * b[x] * pivot[x]


@borrowing_kernel
def fill(m: int, value: float, line: F64) -> None:
    """Write the same value to all lanes."""
    for x in range(m):
        line[x] = value


@kernel
def forward(m: int, pattern: ReadPattern, tile: Tile) -> None:
    """Eliminate downwards: everything up to `square`, `mixed` and `total`."""
    photons, noise2, joined = tile.photons, tile.noise2, tile.joined
    fill(m, np.inf, tile.low)
    fill(m, 0.0, tile.square)
    fill(m, 0.0, tile.mixed)
    fill(m, 0.0, tile.total)
    fill(m, 0.0, joined)
    fill(m, 0.0, tile.factor[0])
    for k in range(tile.data.shape[0]):
        before = k - 1 if k > 0 else 0
        use, pivot, factor = tile.use[k], tile.pivot[k], tile.factor[k]
        if k > 0:
            beta = (pattern.beta_photon[before], pattern.beta_read[before])
            _join(m, photons, noise2, beta, tile.use[before], use, joined)
            _multiply(m, joined, tile.pivot[before], factor)
        alpha = (pattern.alpha_photon[k], pattern.alpha_read[k])
        _pivot(m, photons, noise2, alpha, joined, factor, pivot)
        _lowest(m, photons, noise2, alpha, pivot, tile.low)
        _invert(m, pivot)
        ones, rest = tile.ones[k], tile.rest[k]
        # The first line has no line before: its factor is 0, and `joined` finite there.
        ones_before = tile.ones[before] if k > 0 else joined
        rest_before = tile.rest[before] if k > 0 else joined
        _eliminate(m, use, factor, ones_before, ones)
        _eliminate_data(m, use, tile.data[k], tile.center, factor, rest_before, rest)
        _add_product(m, rest, rest, pivot, tile.square)
        _add_product(m, rest, ones, pivot, tile.mixed)
        _add_product(m, ones, ones, pivot, tile.total)


@borrowing_kernel
def _substitute(m: int, line: F64, pivot: F64, factor: F64, after: F64, out: F64) -> None:
    for x in range(m):
        out[x] = line[x] * pivot[x] - factor[x] * after[x]


@borrowing_kernel
def _substitute_inverse(m: int, pivot: F64, factor: F64, after: F64, out: F64) -> None:
    for x in range(m):
        out[x] = pivot[x] + factor[x] * factor[x] * after[x]


@kernel
def back_ones(m: int, tile: Tile) -> None:
    """Substitute upwards: `row_sum`."""
    n = tile.data.shape[0]
    _multiply(m, tile.ones[n - 1], tile.pivot[n - 1], tile.row_sum[n - 1])
    for k in range(n - 2, -1, -1):
        after = tile.row_sum[k + 1]
        _substitute(
            m, tile.ones[k], tile.pivot[k], tile.factor[k + 1], after, tile.row_sum[k]
        )


@kernel
def back_data(m: int, tile: Tile) -> None:
    """Substitute upwards: `row_data` and `inverse`."""
    n = tile.data.shape[0]
    _multiply(m, tile.rest[n - 1], tile.pivot[n - 1], tile.row_data[n - 1])
    for x in range(m):
        tile.inverse[n - 1, x] = tile.pivot[n - 1, x]
    for k in range(n - 2, -1, -1):
        pivot, factor = tile.pivot[k], tile.factor[k + 1]
        after = tile.row_data[k + 1]
        _substitute(m, tile.rest[k], pivot, factor, after, tile.row_data[k])
        _substitute_inverse(m, pivot, factor, tile.inverse[k + 1], tile.inverse[k])
