"""Weighted least squares as one dot product: the coefficients of every segment."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, borrowing_kernel

# Exponents of the weights |(group - middle) / middle|^P by class of signal to noise ratio.
POWERS = (0.0, 0.4, 1.0, 3.0, 6.0, 10.0)
CLASS_LIMITS = (5.0, 10.0, 20.0, 50.0, 100.0)


class Coefficients(NamedTuple):
    """Fits of all segment lengths up to that of the ramp, for each class of weights.

    The weights are symmetric about the middle of a segment, so the slope is a sum over the
    pairs of groups at equal distance from it: `pair[c, offset + k]` times (value of the
    k-th group from the end minus that of the k-th from the start), with the offset of
    `pair_offset`. The middle group of an odd number is a pair with itself.
    """

    pair: F64  # (n_classes, n_pairs) [1/group]
    weight: F64  # (n_classes, n_pairs) of either group of the pair
    weight_sum: F64  # (n_classes, n_groups + 1)
    moment: F64  # (n_classes, n_groups + 1) weighted squares of the distance [group^2]


@borrowing_kernel
def pair_offset(length: int) -> int:
    """Return where the pairs of a segment of `length` groups start in `pair`."""
    return length * length // 4


@borrowing_kernel
def power_class(snr: float) -> int:
    """Return the class of weights; a ratio that is NaN gets the highest."""
    if snr < 5.0:
        return 0
    if snr < 10.0:
        return 1
    if snr < 20.0:
        return 2
    if snr < 50.0:
        return 3
    return 4 if snr < 100.0 else 5


@lru_cache(maxsize=8)
def coefficients(n_groups: int) -> Coefficients:
    """Return the coefficients of all segments of 3 to `n_groups` groups."""
    n_pairs = (n_groups + 1) ** 2 // 4
    pair = np.zeros((len(POWERS), n_pairs))
    weights = np.zeros((len(POWERS), n_pairs))
    weight_sum = np.zeros((len(POWERS), n_groups + 1))
    moment = np.zeros((len(POWERS), n_groups + 1))
    for length in range(3, n_groups + 1):
        middle = (length - 1) / 2.0
        distance = np.arange(length) - middle
        # Single precision: the reference raises to the power in it.
        base = np.abs(distance * (1.0 / middle)).astype(np.float32)
        places = slice(length**2 // 4, length**2 // 4 + (length + 1) // 2)
        outer = slice(None, (length + 1) // 2)
        for c, power in enumerate(POWERS):
            weight = (base ** np.float32(power)).astype(np.float64)
            spread = np.sum(weight * distance**2)
            weight_sum[c, length] = weight.sum()
            moment[c, length] = spread
            pair[c, places] = -(weight * distance)[outer] / spread
            weights[c, places] = weight[outer]
    return Coefficients(pair, weights, weight_sum, moment)
