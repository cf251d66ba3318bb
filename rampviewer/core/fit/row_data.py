"""One row of an exposure, copied to where a pixel is quick to read."""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, U8, U32, borrowing_kernel, kernel

Scalar = TypeVar("Scalar", bound=np.generic)

# Planes of a full frame lie a power of two apart, where all groups of a pixel compete for
# the same few places of the cache; rows of this room must not.
PADDING = 16


class FitInputs(NamedTuple):
    """The arrays of an exposure, C-contiguous; none is written to.

    `groupdq` may hold fewer rows than the others: its row 0 is row `dq_row_start` of them.
    """

    sci: F32  # (n_ints, n_groups, n_rows, n_cols) [DN]
    groupdq: U8  # (n_ints, n_groups, n_dq_rows, n_cols)
    dq_row_start: int
    pixeldq: U32  # (n_rows, n_cols)
    gain: F32  # (n_rows, n_cols) [electron/DN]
    readnoise: F32  # (n_rows, n_cols) CDS [DN]
    zeroframe: F32  # (n_ints, n_rows, n_cols) [DN], or (0, 0, 0)
    dark_current: F32  # (n_rows, n_cols) [electron/s], or (0, 0)


def fit_inputs(
    sci: F32,
    groupdq: U8,
    dq_row_start: int,
    pixeldq: U32,
    gain: F32,
    readnoise: F32,
    zeroframe: F32 | None,
    dark_current: F32 | None,
) -> FitInputs:
    """Return the arrays as the kernels take them, as read-only views."""
    if zeroframe is None:
        zeroframe = np.empty((0, 0, 0), np.float32)
    if dark_current is None:
        dark_current = np.empty((0, 0), np.float32)
    return FitInputs(
        _locked(sci),
        _locked(groupdq),
        dq_row_start,
        _locked(pixeldq),
        _locked(gain),
        _locked(readnoise),
        _locked(zeroframe),
        _locked(dark_current),
    )


def _locked(array: NDArray[Scalar]) -> NDArray[Scalar]:
    # An array that may be written to is another type for numba: one of the two is enough.
    view = array.view()
    view.flags.writeable = False
    return view


class RowData(NamedTuple):
    """One row; `sci`, `groupdq` and `zeroframe` are longer than it."""

    sci: F32  # (n_ints, n_groups, >= n_cols) [DN]
    groupdq: U8  # (n_ints, n_groups, >= n_cols)
    pixeldq: U32  # (n_cols,)
    gain: F32  # (n_cols,) [electron/DN]
    readnoise: F32  # (n_cols,) CDS [DN]
    zeroframe: F32  # (n_ints, >= n_cols) [DN], 0 where there is none
    dark_current: F32  # (n_cols,) [electron/s]


class RowRoom(NamedTuple):
    """Room for one row after the other."""

    sci: F32  # (n_ints, n_groups, >= n_cols)
    groupdq: U8  # (n_ints, n_groups, >= n_cols)
    zeroframe: F32  # (n_ints, >= n_cols)
    dark_current: F32  # (n_cols,)


@kernel
def row_room(inputs: FitInputs) -> RowRoom:
    """Return room for rows of this exposure."""
    n_ints, n_groups, _, n_cols = inputs.sci.shape
    width = n_cols + PADDING
    return RowRoom(
        np.empty((n_ints, n_groups, width), np.float32),
        np.empty((n_ints, n_groups, width), np.uint8),
        np.zeros((n_ints, width), np.float32),
        np.zeros(n_cols, np.float32),
    )


@borrowing_kernel
def copy_values(source: F32, target: F32) -> None:
    """Copy a line to the start of one that may be longer."""
    for x in range(source.size):
        target[x] = source[x]


@borrowing_kernel
def copy_flags(source: U8, target: U8) -> None:
    """Copy a line to the start of one that may be longer."""
    for x in range(source.size):
        target[x] = source[x]


@kernel
def row_data(inputs: FitInputs, row: int, room: RowRoom) -> RowData:
    """Return row `row` of the exposure, copied to `room`."""
    dq_row = row - inputs.dq_row_start
    n_ints, n_groups = room.sci.shape[:2]
    for i in range(n_ints):
        for g in range(n_groups):
            copy_values(inputs.sci[i, g, row], room.sci[i, g])
            copy_flags(inputs.groupdq[i, g, dq_row], room.groupdq[i, g])
    for i in range(inputs.zeroframe.shape[0]):
        copy_values(inputs.zeroframe[i, row], room.zeroframe[i])
    if inputs.dark_current.size > 0:
        copy_values(inputs.dark_current[row], room.dark_current)
    return RowData(
        room.sci,
        room.groupdq,
        inputs.pixeldq[row],
        inputs.gain[row],
        inputs.readnoise[row],
        room.zeroframe,
        room.dark_current,
    )
