"""What became of each pixel in a pass, as pictures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.diagnostics import FlagDiagnostics, diagnose_rows
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.flag_lanes import NO_GROUP

F32 = NDArray[np.float32]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]

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
    `NO_GROUP` where there is none; see `group_numbers`.
    """

    first_jump: U16  # with JUMP_DET, of any origin
    first_saturated: U16
    n_good: (
        U16 | U32
    )  # groups the fit may use and without a flag but PERSISTENCE, all integrations
    n_segments: NDArray[np.unsignedinteger[Any]]  # fitted, over all integrations
    # Largest |difference - median| / sigma of a pixel over all its differences, with the
    # median and sigma of the first stage, by which the most deviant one is judged [sigma];
    # NaN where nothing was compared.
    largest_ratio: F32

    @classmethod
    def empty(cls, shape: tuple[int, int, int, int]) -> "Diagnostics":
        """Return uninitialised planes for an exposure of this shape."""
        n_ints, n_groups, *frame = shape
        # Less to write is quicker, and few exposures need more.
        count: type[np.unsignedinteger[Any]] = np.uint16
        if n_ints * n_groups >= 2**16:
            count = np.uint32
        return cls(
            first_jump=np.empty(frame, np.uint16),
            first_saturated=np.empty(frame, np.uint16),
            n_good=np.empty(frame, count),
            n_segments=np.empty(frame, count),
            largest_ratio=np.empty(frame, np.float32),
        )


def group_numbers(plane: U16) -> F32:
    """Return a plane of first groups as float32, NaN where there is none."""
    numbers = plane.astype(np.float32)
    numbers[plane == NO_GROUP] = np.nan
    return numbers


def diagnose(
    inputs: FitInputs,
    rows: tuple[int, int],
    settings: FitSettings | None,
    planes: Diagnostics,
    n_jumps: U32,
) -> None:
    """Fill all but the ratio in rows [start, stop) of `planes`, and of `n_jumps`.

    Parameters
    ----------
    inputs : FitInputs
        With the flags after jump detection.
    rows : (int, int)
    settings : FitSettings or None
        None where nothing is fitted: no group is good then.
    planes : Diagnostics
    n_jumps : (n_rows, n_cols) uint32
        Filled with the groups with JUMP_DET over all integrations.
    """
    out = FlagDiagnostics(
        n_jumps=n_jumps,
        first_jump=planes.first_jump,
        first_saturated=planes.first_saturated,
        n_good=planes.n_good,
        n_segments=planes.n_segments,
    )
    diagnose_rows(inputs, *rows, settings or _NOTHING_USED, out)
