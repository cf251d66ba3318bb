"""Means of equal windows of a frame, one for each pixel of a screen."""

from typing import Any, cast

import numpy as np

from rampviewer.core._jit import F32, I64, kernel


@kernel
def fill_means(
    values: F32, rows: I64, cols: I64, height: int, width: int, out: F32
) -> None:
    """Take the mean of each window.

    NaN counts as no pixel: a mean is NaN only where all pixels of the window are.

    Parameters
    ----------
    values : (n_rows, n_cols) float32
    rows, cols : (n,) int64
        Where the windows begin.
    height, width : int
        Of each window [pixels].
    out : (n windows down, n windows across) float32
    """
    n_cols = values.shape[1]
    sums, counts = np.empty(n_cols, np.float32), np.empty(n_cols, np.int32)
    for i in range(rows.size):
        sums[:] = 0
        counts[:] = 0
        for row in range(rows[i], rows[i] + height):
            # No branch: then the compiler takes many columns at a time.
            line = values[row]
            for col in range(n_cols):
                is_good = line[col] == line[col]
                sums[col] += line[col] if is_good else np.float32(0)
                counts[col] += is_good
        for j in range(cols.size):
            total, n = sums[cols[j]], counts[cols[j]]
            for col in range(cols[j] + 1, cols[j] + width):
                total += sums[col]
                n += counts[col]
            out[i, j] = total / np.float32(n)


def is_ready() -> bool:
    """Whether means can be taken without waiting for the compiler."""
    return bool(cast("Any", fill_means).signatures)
