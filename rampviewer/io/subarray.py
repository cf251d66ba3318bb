"""Cut a reference file to the part of the detector that was read out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rampviewer.io.stripes import FULL, Stripes, is_striped, n_positions

Value = TypeVar("Value", np.float32, np.uint32)
KEYWORDS = ("SUBSTRT1", "SUBSTRT2", "SUBSIZE1", "SUBSIZE2")
FULL_FRAMES = {"MIRI": (1024, 1032)}  # (n_rows, n_cols); all others are square


class Target(NamedTuple):
    """The exposure a reference is for."""

    path: Path
    header: Mapping[str, Any]
    frame: tuple[int, int]  # (n_rows, n_cols)
    position: int = 0  # of stripes that are read at several in turn


class Corner(NamedTuple):
    """Detector position of the first pixel of an array, counted from 1."""

    row: int
    col: int


def cut_to_subarray(
    data: NDArray[Value], header: Mapping[str, Any], path: Path, target: Target
) -> tuple[NDArray[Value], tuple[str, ...]]:
    """Return the part of a reference that belongs to the exposure, and notes.

    Positions come from SUBSTRT1 and SUBSTRT2 of both files, sizes from the arrays. A
    reference without these keywords is taken for a full frame when it has that size. Where
    a position is unknown, only an array of the very shape of the exposure is accepted,
    with a note. For an exposure that was read out in stripes, the lines that were read are
    put together from a reference with all lines.

    Parameters
    ----------
    data : (n_rows, n_cols) float32 or uint32
        The whole reference, or its flags.
    header, path : mapping, Path
        Its keywords and file.
    target : Target

    Raises
    ------
    ValueError
        When the reference does not cover the exposure or positions are unknown.
    """
    reference = _corner(header, path) or _full_frame_corner(header, data.shape)
    exposure = _corner(target.header, target.path)
    is_cut_so = (reference, data.shape) == (exposure, target.frame)
    # One with several positions has more lines than a frame of it.
    is_cut_so = is_cut_so and n_positions(target.path, target.header) == 0
    if is_striped(target.path, target.header) and not is_cut_so:
        return _put_together(data, reference, path, target), ()
    if reference is None or exposure is None:
        return _same_shape(data, path, target, missing_in_reference=reference is None)
    top, left = exposure.row - reference.row, exposure.col - reference.col
    n_rows, n_cols = target.frame
    inside = top >= 0 and left >= 0
    if not inside or top + n_rows > data.shape[0] or left + n_cols > data.shape[1]:
        raise ValueError(
            f"{path.name} ({_extent(reference, data.shape)}) does not cover "
            f"{target.path.name} ({_extent(exposure, target.frame)})"
        )
    return data[top : top + n_rows, left : left + n_cols], ()


def _corner(header: Mapping[str, Any], path: Path) -> Corner | None:
    """Return where an array starts, None unless all four keywords are there."""
    if any(header.get(key) in (None, "") for key in KEYWORDS):
        return None
    try:
        corner = Corner(row=int(header["SUBSTRT2"]), col=int(header["SUBSTRT1"]))
    except ValueError as error:
        raise ValueError(
            f"{path.name} has a subarray corner that is no number (SUBSTRT1, SUBSTRT2)"
        ) from error
    if min(corner) < 1:
        raise ValueError(
            f"{path.name} has an impossible subarray corner: "
            f"SUBSTRT1 is {corner.col} and SUBSTRT2 is {corner.row}, both count from 1"
        )
    return corner


def _full_frame_corner(header: Mapping[str, Any], shape: tuple[int, ...]) -> Corner | None:
    instrument = str(header.get("INSTRUME", "")).strip().upper()
    full = FULL_FRAMES.get(instrument, (FULL, FULL))
    return Corner(row=1, col=1) if shape == full else None


def _same_shape(
    data: NDArray[Value], path: Path, target: Target, *, missing_in_reference: bool
) -> tuple[NDArray[Value], tuple[str, ...]]:
    without = path if missing_in_reference else target.path
    if data.shape != target.frame:
        raise ValueError(
            f"{path.name} {data.shape} cannot be cut to {target.path.name} {target.frame}: "
            f"{without.name} lacks {', '.join(KEYWORDS)}"
        )
    note = (
        f"{without.name} lacks SUBSTRT and SUBSIZE; {path.name} is used as it is, "
        "because it has the shape of the exposure."
    )
    return data, (note,)


def _put_together(
    data: NDArray[Value], corner: Corner | None, path: Path, target: Target
) -> NDArray[Value]:
    """Return the lines of a reference that the stripes of an exposure consist of."""
    try:
        stripes = Stripes.of_header(target.header)
        lines = stripes.lines(target.frame[stripes.axis], target.position)
    except ValueError as error:
        raise ValueError(
            f"{path.name} cannot be cut to the stripes of {target.path.name}: {error}"
        ) from error
    exposure = _corner(target.header, target.path)
    if corner is None or exposure is None:
        without = path if corner is None else target.path
        raise ValueError(
            f"{path.name} {data.shape} cannot be cut to the stripes of {target.path.name}: "
            f"{without.name} lacks {', '.join(KEYWORDS)}"
        )
    fast = 1 - stripes.axis
    first, n_fast = exposure[fast] - corner[fast], target.frame[fast]
    has_all_lines = corner[stripes.axis] == 1 and data.shape[stripes.axis] == FULL
    if not has_all_lines or first < 0 or first + n_fast > data.shape[fast]:
        raise ValueError(
            f"{path.name} ({_extent(corner, data.shape)}) does not cover the stripes of "
            f"{target.path.name}, which are somewhere in {FULL} "
            f"{('rows', 'columns')[stripes.axis]}"
        )
    whole_lines = np.take(data, np.arange(first, first + n_fast), axis=fast)
    return np.take(whole_lines, lines, axis=stripes.axis)


def _extent(corner: Corner, shape: tuple[int, ...]) -> str:
    return (
        f"columns {corner.col} to {corner.col + shape[1] - 1}, "
        f"rows {corner.row} to {corner.row + shape[0] - 1}"
    )
