"""Statistics of the values of a plane inside a region."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, any_set

F64 = NDArray[np.float64]
MOST_BINS, LEAST_BINS = 60, 8
TAIL: Final = 0.5  # of the values, on each side, that need not be in the histogram [%]
MARGIN: Final = 0.25  # beside the others, as a part of their range


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histogram:
    """How many values are in each bin, and how many lie outside of all bins."""

    counts: NDArray[np.int64]  # (n_bins,)
    edges: F64  # (n_bins + 1,)
    n_below: int
    n_above: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ValueStatistics:
    """What the values of a plane are like; in its unit. NaN where there is no value.

    `std` has n - 1 below the root. NaN values count in `n_nan` only.
    """

    n: int
    n_nan: int
    mean: float
    median: float
    std: float
    minimum: float
    maximum: float
    total: float
    histogram: Histogram


@dataclass(frozen=True, slots=True)
class FlagStatistics:
    """How many pixels have each flag that any has, and how many have none."""

    n: int
    n_clear: int
    counts: tuple[tuple[Dq, int], ...]


def statistics_of(values: NDArray[Any]) -> ValueStatistics:
    """Return the statistics of values (n,)."""
    known = values.astype(np.float64)
    known = known[~np.isnan(known)]
    n, some = known.size, known.size > 0
    return ValueStatistics(
        n=values.size,
        n_nan=values.size - n,
        mean=float(known.mean()) if some else np.nan,
        median=float(np.median(known)) if some else np.nan,
        std=float(known.std(ddof=1)) if n > 1 else np.nan,
        minimum=float(known.min()) if some else np.nan,
        maximum=float(known.max()) if some else np.nan,
        total=float(known.sum()) if some else np.nan,
        histogram=histogram_of(known, whole=values.dtype.kind in "ui"),
    )


def flag_statistics_of(values: NDArray[Any]) -> FlagStatistics:
    """Return the statistics of data-quality values (n,)."""
    counts = [
        (bit, int(np.count_nonzero(any_set(values, bit))))
        for bit in Dq
        if bit <= np.iinfo(values.dtype).max
    ]
    return FlagStatistics(
        values.size,
        int(np.count_nonzero(values == 0)),
        tuple((bit, n) for bit, n in counts if n),
    )


def histogram_of(values: F64, *, whole: bool = False) -> Histogram:
    """Return the histogram of values (n,) without NaN.

    Values far from almost all others are left out and counted, so that they do not squeeze
    the others into one bin. Bins of `whole` numbers hold as many numbers each.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Histogram(
            counts=np.zeros(1, np.int64), edges=np.array([0.0, 1.0]), n_below=0, n_above=0
        )
    low, high = np.percentile(finite, [TAIL, 100 - TAIL]).tolist()
    reach = MARGIN * (high - low)
    low, high = (
        max(low - reach, float(finite.min())),
        min(high + reach, float(finite.max())),
    )
    edges = _edges(low, high, finite.size, whole)
    counts, _ = np.histogram(finite, edges)
    return Histogram(
        counts=counts,
        edges=edges,
        n_below=int(np.count_nonzero(values < edges[0])),
        n_above=int(np.count_nonzero(values > edges[-1])),
    )


def _edges(low: float, high: float, n: int, whole: bool) -> F64:
    n_bins = int(np.clip(np.sqrt(n), LEAST_BINS, MOST_BINS))
    if whole:
        low, high = np.floor(low), np.ceil(high)
        width = max(1, int(np.ceil((high - low + 1) / n_bins)))
        n_bins = int((high - low) // width) + 1
        return low - 0.5 + width * np.arange(n_bins + 1.0)
    if not high > low:
        half = 0.5 * abs(low) or 0.5
        return np.array([low - half, low + half])
    edges: F64 = np.linspace(low, high, n_bins + 1)
    return edges
