"""What is global to an exposure: found once, then passed to every block of rows."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, U8, kernel
from rampviewer.core.dq import Dq


@kernel
def groups_wholly(groupdq: U8, bit: int) -> NDArray[np.bool_]:
    """Return which groups carry `bit` in each of their pixels.

    Parameters
    ----------
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
    bit : int
        One or more bits of `Dq`; a pixel counts when any of them is set.

    Returns
    -------
    wholly : (n_ints, n_groups) bool
    """
    n_ints, n_groups, n_rows, n_cols = groupdq.shape
    wholly = np.ones((n_ints, n_groups), np.bool_)
    for i in range(n_ints):
        for g in range(n_groups):
            for row in range(n_rows):
                n_set = 0
                flags = groupdq[i, g, row]
                for col in range(n_cols):
                    n_set += (flags[col] & bit) != 0
                # Nearly always the first row already decides.
                if n_set < n_cols:
                    wholly[i, g] = False
                    break
    return wholly


def median_gain(gain: F32) -> float:
    """Return the median gain of the frame [electron/DN]; NaN pixels do not count.

    It is rounded to float32 as the limits of after-jump flagging are. NaN when no pixel
    has a gain.
    """
    if np.isnan(gain).all():
        return float("nan")
    return float(np.nanmedian(gain))


@dataclass(frozen=True, eq=False)
class ExposureFacts:
    """Facts of a whole exposure that decide about each of its pixels.

    Parameters
    ----------
    unusable : (n_ints, n_groups) bool
        Groups that are DO_NOT_USE in every pixel.
    gain : (n_rows, n_cols) float32
        [electron/DN]
    """

    unusable: NDArray[np.bool_]
    gain: F32
    # What `model.jump_detection.with_wiped_groups` found, by the parameters it depends on.
    _wiped: dict[tuple[float, int, int], U8] = field(default_factory=dict, init=False)

    @classmethod
    def of(cls, groupdq: U8, gain: F32) -> "ExposureFacts":
        """Look through the flags of an exposure once."""
        return cls(groups_wholly(groupdq, int(Dq.DO_NOT_USE)), gain)

    @property
    def n_ints(self) -> int:
        return int(self.unusable.shape[0])

    @property
    def n_groups(self) -> int:
        return int(self.unusable.shape[1])

    @property
    def n_usable_groups(self) -> int:
        """Groups of the worst integration that are not wholly DO_NOT_USE."""
        return self.n_groups - int(self.unusable.sum(axis=1).max())

    @property
    def n_usable_groups_in_all(self) -> int:
        """Groups of all integrations that are not wholly DO_NOT_USE."""
        return int(self.unusable.size - self.unusable.sum())

    def remember_wiped(self, key: tuple[float, int, int], wiped: NDArray[np.bool_]) -> None:
        """Keep which groups lose their flags when sigma clipping with these parameters."""
        self._wiped[key] = wiped.astype(np.uint8)

    def wiped_groups(self, key: tuple[float, int, int]) -> U8:
        """Return (n_ints x n_groups,) uint8: 1 where a group is known to lose its flags."""
        known = self._wiped.get(key)
        return np.zeros(self.unusable.size, np.uint8) if known is None else known

    # A median of four million values takes a while, and few parameters ask for it.
    @cached_property
    def median_gain(self) -> float:
        """Median gain of the frame [electron/DN]."""
        return median_gain(self.gain)
