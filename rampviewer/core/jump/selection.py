"""Medians without sorting.

References
----------
C. A. R. Hoare, "Algorithm 65: FIND", Communications of the ACM 4 (1961), 321.
"""

import numpy as np

from rampviewer.core._jit import F32, F64, kernel


@kernel
def select(values: F32 | F64, n: int, place: int) -> float:
    """Return what would stand at `place` if values[:n] were sorted; they are rearranged.

    Values before `place` are then at most as large, values behind it at least. The new
    order is part of what callers rely on, see `sigma_clip.clip_bounds`.
    """
    first, last = 0, n - 1
    while first < last:
        pivot = values[place]
        i, j = first, last
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i, j = i + 1, j - 1
        if j < place:
            first = i
        if place < i:
            last = j
    return float(values[place])


@kernel
def select_middle(values: F32 | F64, n: int) -> tuple[float, float]:
    """Return the two values in the middle of values[:n], the same twice if n is odd.

    NaN when there is no value.
    """
    if n < 1:
        return np.nan, np.nan
    upper = select(values, n, n // 2)
    lower = upper
    if n % 2 == 0:
        lower = values[0]
        for i in range(1, n // 2):
            lower = max(lower, values[i])
    return np.float64(lower), np.float64(upper)
