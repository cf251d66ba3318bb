"""What became of each pixel in a pass, as pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.diagnostics import diagnose_rows
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.flag_lanes import MOST_GROUPS, FlagCounts
from rampviewer.model.memory import pages

F32 = NDArray[np.float32]
Counts = NDArray[np.uint8] | NDArray[np.uint32]

_NUMBERS = np.append(np.arange(255, dtype=np.float32), np.float32(np.nan))  # by their byte
# A range of groups without any: what is left to a fit that is not made.
_NOTHING_USED = FitSettings(
    group_time=1.0,
    frame_time=1.0,
    first_group_time=1.0,
    noise_divisor=1.0,
    pedestal_groups=0.0,
    first=0,
    stop=1,
    first_used=1,
    last_used=0,
    suppress_one_group=True,
    drop_first_jump=False,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diagnostics:
    """Planes (n_rows, n_cols) that say how a rate came about.

    The first groups are the earliest of any integration, counted from 0 within it, and
    the largest number of their type where there is none; see `group_numbers`.
    """

    first_jump: Counts  # with JUMP_DET, of any origin
    first_saturated: Counts
    n_good: Counts  # groups the fit may use, without a flag but PERSISTENCE, in all
    n_segments: Counts  # fitted, over all integrations
    # Largest |difference - median| / sigma of a pixel over all its differences, with the
    # median and sigma of the first stage, by which the most deviant one is judged [sigma];
    # NaN where nothing was compared.
    largest_ratio: F32

    @classmethod
    def empty(cls, shape: tuple[int, int, int, int]) -> "Diagnostics":
        """Return uninitialised planes for an exposure of this shape."""
        return cls(
            first_jump=empty_counts(shape),
            first_saturated=empty_counts(shape),
            n_good=empty_counts(shape),
            n_segments=empty_counts(shape),
            largest_ratio=pages.empty(shape[2:], np.float32),
        )


def empty_counts(shape: tuple[int, int, int, int]) -> Counts:
    """Return an uninitialised plane for numbers of groups of such an exposure.

    Less to write is quicker, and few exposures need more than bytes.
    """
    n_ints, n_groups, n_rows, n_cols = shape
    kind = np.uint8 if n_ints * n_groups <= MOST_GROUPS else np.uint32
    return pages.empty((n_rows, n_cols), kind)


def group_numbers(plane: Counts) -> F32:
    """Return a plane of first groups as float32, NaN where there is none."""
    numbers: F32 = pages.empty(plane.shape, np.float32)
    if plane.dtype == np.uint8:  # a table takes half as long
        return np.take(_NUMBERS, plane, out=numbers, mode="clip")
    np.copyto(numbers, plane)
    np.copyto(numbers, np.float32(np.nan), where=plane == np.iinfo(plane.dtype).max)
    return numbers


def diagnose(
    inputs: FitInputs,
    rows: tuple[int, int],
    settings: FitSettings | None,
    planes: Diagnostics,
    n_jumps: Counts,
    jump_bits: NDArray[np.uint8],
) -> None:
    """Fill rows [start, stop) of `planes`, but for the ratio, and of the jumps.

    Parameters
    ----------
    inputs : FitInputs
        With the flags after jump detection.
    rows : (int, int)
    settings : FitSettings or None
        None where nothing is fitted: no group is good then.
    planes : Diagnostics
    n_jumps : (n_rows, n_cols) uint8 or uint32
        Filled with the groups with JUMP_DET over all integrations.
    jump_bits : (n_ints, n_groups, n_rows, ceil(n_cols / 8)) uint8
        Filled with JUMP_DET of each group, packed along the columns.
    """
    out = FlagCounts(
        n_jumps=n_jumps,
        first_jump=planes.first_jump,
        first_saturated=planes.first_saturated,
        n_good=planes.n_good,
        n_segments=planes.n_segments,
    )
    diagnose_rows(inputs, *rows, settings or _NOTHING_USED, out, jump_bits)
