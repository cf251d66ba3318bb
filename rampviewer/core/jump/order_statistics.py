"""Sorted columns of many pixels at once, by sorting networks.

A network compares the same places whatever the values are. So one comparison can be made
for a whole row of the detector, where it is one vector instruction for many pixels.

References
----------
K. E. Batcher, "Sorting networks and their applications", AFIPS 1968; merge exchange.
"""

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, F64, I64, borrowing_kernel, kernel


@kernel
def sorting_network(n: int, wanted: NDArray[np.bool_]) -> I64:
    """Return the comparisons that sort `n` values, smallest first.

    Parameters
    ----------
    n : int
    wanted : (n,) bool
        Places of the sorted list that matter; the other ones may end up wrong.

    Returns
    -------
    pairs : (n_pairs, 2) int64
        Places to compare and exchange, in this order.
    """
    n_pairs, span, bits = 0, 1, 1
    while 2 * span < n:
        span, bits = 2 * span, bits + 1
    # Each of the bits (bits + 1) / 2 rounds compares a place once at most.
    pairs = np.empty((n * bits * (bits + 1) // 4 + 1, 2), np.int64)
    step = span
    while step > 0 and n > 1:
        reach, offset, distance = span, 0, step
        while True:
            for i in range(n - distance):
                if i & step == offset:
                    pairs[n_pairs, 0], pairs[n_pairs, 1] = i, i + distance
                    n_pairs += 1
            if reach == step:
                break
            distance, reach, offset = reach - step, reach // 2, step
        step //= 2
    return _needed(pairs[:n_pairs], wanted)


@kernel
def _needed(pairs: I64, wanted: NDArray[np.bool_]) -> I64:
    """Drop the comparisons on which no wanted place depends."""
    depends = wanted.copy()
    kept = np.empty_like(pairs)
    n_kept = 0
    for k in range(len(pairs) - 1, -1, -1):
        i, j = pairs[k]
        if depends[i] or depends[j]:
            depends[i] = depends[j] = True
            kept[n_kept, 0], kept[n_kept, 1] = i, j
            n_kept += 1
    return kept[:n_kept][::-1].copy()


@borrowing_kernel
def _compare_rows(lesser: F32 | F64, greater: F32 | F64) -> None:
    zero = np.float32(0.0)
    for x in range(lesser.size):
        # A value stored where it was read becomes a masked store, ten times as slow on many
        # processors. That of a sum does not; -0 becomes 0, which orders as well.
        a, b = lesser[x] + zero, greater[x] + zero
        lesser[x] = a if a < b else b
        greater[x] = b if a < b else a


@borrowing_kernel
def sort_columns(values: F32, pairs: I64) -> None:
    """Sort each column of `values` in place.

    Parameters
    ----------
    values : (n, n_cols) float32
        A column that holds NaN is left in disorder.
    pairs : (n_pairs, 2) int64
        Of `sorting_network`.
    """
    for k in range(len(pairs)):
        _compare_rows(values[pairs[k, 0]], values[pairs[k, 1]])


@borrowing_kernel
def sort_lanes(values: F32 | F64, n_lanes: int, pairs: I64) -> None:
    """Do the same as `sort_columns` for the first `n_lanes` columns."""
    for k in range(len(pairs)):
        _compare_rows(values[pairs[k, 0], :n_lanes], values[pairs[k, 1], :n_lanes])
