"""Which jump had a group flagged that is none itself, found by the kernels of the image."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.jump import TOO_FEW_GROUPS, JumpSettings, detect_rows
from rampviewer.core.jump.rates import rates_of
from rampviewer.core.jump.spread import causes_after
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.pixel_view import Cause

U8 = NDArray[np.uint8]
_STEPS = ((-1, 0), (0, -1), (0, 1), (1, 0))  # (rows, columns) to each neighbour


def causes_of_pixel(
    exposure: Exposure, pixel: Pixel, settings: JumpSettings, groupdq: U8, origin: U8
) -> tuple[tuple[Cause, ...], ...]:
    """Return the causes of the flags of a pixel, for each integration by group.

    Parameters
    ----------
    exposure : Exposure
    pixel : Pixel
    settings : JumpSettings
    groupdq, origin : (n_ints, n_groups) uint8
        Of the pixel, after jump detection.
    """
    found: list[tuple[int, Cause]] = []
    if settings.branch != TOO_FEW_GROUPS:
        if np.any(origin == Origin.NEIGHBOR):
            found += _from_neighbors(exposure, pixel, settings, origin)
        if np.any(origin == Origin.AFTER_JUMP):
            found += _after_jumps(exposure, pixel, settings, groupdq, origin)
    found.sort(key=lambda item: item[1].group)
    return tuple(
        tuple(cause for i, cause in found if i == integration)
        for integration in range(exposure.n_ints)
    )


def _from_neighbors(
    exposure: Exposure, pixel: Pixel, settings: JumpSettings, origin: U8
) -> Iterator[tuple[int, Cause]]:
    flagged = origin == Origin.NEIGHBOR
    for step in _STEPS:
        other = Pixel(pixel.row + step[0], pixel.col + step[1])
        if not (0 <= other.row < exposure.n_rows and 0 <= other.col < exposure.n_cols):
            continue
        # In a frame of these two only the one can be what flags the other.
        by_it = _origin_in_pair(exposure, pixel, other, settings) == Origin.NEIGHBOR
        for i, group in np.argwhere(flagged & by_it).tolist():
            yield i, Cause(group=group, pixel=other, jump_group=group)


def _origin_in_pair(
    exposure: Exposure, pixel: Pixel, other: Pixel, settings: JumpSettings
) -> U8:
    """Return the origin (n_ints, n_groups) of the flags of a pixel with one neighbour."""
    first = Pixel(min(pixel.row, other.row), min(pixel.col, other.col))
    rows = slice(first.row, max(pixel.row, other.row) + 1)
    cols = slice(first.col, max(pixel.col, other.col) + 1)
    delivered = np.ascontiguousarray(exposure.groupdq[:, :, rows, cols])
    flags, origin = np.empty_like(delivered), np.empty_like(delivered)
    row, col = pixel.row - first.row, pixel.col - first.col
    detect_rows(
        np.ascontiguousarray(exposure.sci[:, :, rows, cols]),
        delivered,
        np.ascontiguousarray(exposure.gain[rows, cols]),
        np.ascontiguousarray(exposure.readnoise[rows, cols]),
        row,
        row + 1,
        settings,
        flags,
        origin,
    )
    return origin[:, :, row, col]


def _after_jumps(
    exposure: Exposure, pixel: Pixel, settings: JumpSettings, groupdq: U8, origin: U8
) -> Iterator[tuple[int, Cause]]:
    row, col = pixel
    signal = exposure.sci[:, :, row, col].ravel() * exposure.gain[row, col]
    rates = rates_of(signal, exposure.groupdq[:, :, row, col].ravel(), settings)
    for p, q in causes_after(rates, settings, groupdq.ravel(), origin.ravel()):
        i, group = divmod(int(p), exposure.n_groups)
        jump_group = int(q) % exposure.n_groups
        yield i, Cause(group=group, pixel=pixel, jump_group=jump_group)
