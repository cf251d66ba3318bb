"""Mean over a ring around each pixel, compared with a limit.

The official code convolves by Fourier transforms of single precision and leaves out
missing pixels by a second convolution. The mean is a sum of a few dozen values, which is
faster taken as it is. Only where it comes as close to the limit as those transforms are
exact do they have to be done too.
"""

from typing import Final

import numpy as np

from rampviewer.core._jit import F32, F64, I64, U8, kernel

_TILE = 32  # pixels on a side, within which the size of the values is measured
# In units of the root mean square of the values: a transform errs by less than a seventh.
_ROUNDING = 5e-7
# The first sums are in single precision too.
_ROUGH = 1e-5


class Ring:
    """The pixels of a ring.

    Parameters
    ----------
    inner, width : float
        Radius of the hole and width of the ring [pixel].
    """

    def __init__(self, inner: float, width: float) -> None:
        # It takes a while to import, and few exposures need it.
        from astropy.convolution import Ring2DKernel  # noqa: PLC0415

        self.kernel: Final[F64] = Ring2DKernel(inner, width).array
        self.reach: Final = len(self.kernel) // 2
        self.offsets: Final[I64] = np.argwhere(self.kernel > 0)

    def exceeds(self, values: F32, limit: float) -> U8:
        """Return where the mean over the ring exceeds a limit: (n_rows, n_cols) uint8.

        Parameters
        ----------
        values : (n_rows, n_cols) float32
            A pixel that is not finite neither counts nor exceeds anything; pixels beyond
            the edges count as 0.
        limit : float
        """
        padded, good = _padded(values, self.reach)
        rounding = _ROUNDING * _largest_rms(padded)
        exceeds, n_unsure = _compare(
            padded, good, self.offsets, self.reach, limit, rounding
        )
        if n_unsure == 0:
            return exceeds
        return self._by_transforms(values, limit)

    def _by_transforms(self, values: F32, limit: float) -> U8:
        from scipy.signal import oaconvolve  # type: ignore[import-untyped]  # noqa: PLC0415

        good = np.isfinite(values)
        total = oaconvolve(np.where(good, values, np.float32(0)), self.kernel, mode="same")
        counted = np.pad(good.astype(float), self.reach, constant_values=1.0)
        share = oaconvolve(counted, self.kernel, mode="valid")
        good &= share > 1e-3 * np.mean(self.kernel)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total / share
        exceeds: U8 = (good & (mean > limit)).astype(np.uint8)
        return exceeds


@kernel
def _padded(values: F32, reach: int) -> tuple[F32, F32]:
    """Return the values, 0 where not finite or outside, and 1 where they count."""
    n_rows, n_cols = values.shape
    shape = n_rows + 2 * reach, n_cols + 2 * reach
    padded, good = np.zeros(shape, np.float32), np.ones(shape, np.float32)
    zero, one = np.float32(0), np.float32(1)
    for row in range(n_rows):
        data = values[row]
        out, counts = padded[row + reach], good[row + reach]
        for col in range(n_cols):
            # inf - inf is NaN too.
            finite = data[col] - data[col] == zero
            out[col + reach] = data[col] if finite else zero
            counts[col + reach] = one if finite else zero
    return padded, good


@kernel
def _largest_rms(values: F32) -> float:
    """Return a bound of the root mean square of any block of the transforms.

    A block of 8 pixels or more on a side touches so few tiles that it holds no more than
    the sum of squares of 2 x 2 of the worst kind.
    """
    n_rows, n_cols = values.shape
    largest = 0.0
    for top in range(0, n_rows, _TILE):
        sums = np.zeros(n_cols, np.float32)
        for row in range(top, min(top + _TILE, n_rows)):
            data = values[row]
            for col in range(n_cols):
                sums[col] += data[col] * data[col]
        for left in range(0, n_cols, _TILE):
            largest = max(largest, float(sums[left : left + _TILE].sum()))
    return float(np.sqrt(largest) / 8.0)


@kernel
def _ring_sum(values: F32, offsets: I64, row: int, out: F32) -> None:
    """Fill `out` with the sums over the ring for a row of the padded `values`."""
    out[:] = 0
    for n in range(len(offsets)):
        shifted = values[row + offsets[n, 0]][offsets[n, 1] :]
        for col in range(out.size):
            out[col] += shifted[col]


@kernel
def _compare(
    values: F32, good: F32, offsets: I64, reach: int, limit: float, rounding: float
) -> tuple[U8, int]:
    """Return where the mean exceeds the limit and how many pixels are too close to tell.

    Parameters
    ----------
    values, good : (n_rows + 2 * reach, n_cols + 2 * reach) float32
    offsets : (n_offsets, 2) int64
        Rows and columns of the ring, counted from the corner of its box.
    reach : int
    limit, rounding : float
    """
    n_rows, n_cols = values.shape[0] - 2 * reach, values.shape[1] - 2 * reach
    exceeds, n_unsure = np.empty((n_rows, n_cols), np.uint8), 0
    total, share = np.empty(n_cols, np.float32), np.empty(n_cols, np.float32)
    limit_32, rough = np.float32(limit), np.float32(_ROUGH * (abs(limit) + 1))
    slack = np.float32(rounding * len(offsets))
    for row in range(n_rows):
        _ring_sum(values, offsets, row, total)
        _ring_sum(good, offsets, row, share)
        out, counts, n_close = exceeds[row], good[row + reach][reach:], 0
        for col in range(n_cols):
            excess = total[col] - limit_32 * share[col]
            there = (counts[col] != 0) & (share[col] != 0)
            out[col] = there & (excess > 0)
            n_close += there & (abs(excess) <= rough * share[col] + slack)
        for col in range(n_cols if n_close else 0):
            if counts[col] == 0 or share[col] == 0:
                continue
            excess = _exact_sum(values, offsets, row, col) - limit * share[col]
            out[col] = excess > 0
            n_unsure += abs(excess) <= rounding * len(offsets)
    return exceeds, n_unsure


@kernel
def _exact_sum(values: F32, offsets: I64, row: int, col: int) -> float:
    total = 0.0
    for n in range(len(offsets)):
        total += values[row + offsets[n, 0], col + offsets[n, 1]]
    return total
