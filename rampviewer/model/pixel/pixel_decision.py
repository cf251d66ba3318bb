"""Jump detection in single pixels, by the kernels of the image."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.jump import (
    ITERATIVE,
    SIGMA_CLIP,
    SINGLE_PASS,
    TOO_FEW_GROUPS,
    JumpSettings,
    detect_rows,
    trace_pixel,
)
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.pixel_view import Decision
from rampviewer.model.settings.parameters import JumpParameters

U8 = NDArray[np.uint8]

_BRANCH_NAMES: Final = {
    ITERATIVE: "iterative",
    SINGLE_PASS: "single pass",
    SIGMA_CLIP: "sigma clip",
    TOO_FEW_GROUPS: "skipped",
}


def flags_of_pixel(
    exposure: Exposure, pixel: Pixel, settings: JumpSettings
) -> tuple[U8, U8]:
    """Return (groupdq, origin), (n_ints, n_groups) uint8 each, of one pixel.

    They are those that `detect_rows` gives for the whole exposure, found with no more
    than the pixel and its neighbours.
    """
    row, col = pixel
    rows = slice(max(row - 1, 0), row + 2)
    cols = slice(max(col - 1, 0), col + 2)
    delivered = np.ascontiguousarray(exposure.groupdq[:, :, rows, cols])
    flags, origin = np.empty_like(delivered), np.empty_like(delivered)
    local_row, local_col = row - rows.start, col - cols.start
    detect_rows(
        np.ascontiguousarray(exposure.sci[:, :, rows, cols]),
        delivered,
        np.ascontiguousarray(exposure.gain[rows, cols]),
        np.ascontiguousarray(exposure.readnoise[rows, cols]),
        local_row,
        local_row + 1,
        settings,
        flags,
        origin,
    )
    here = np.s_[:, :, local_row, local_col]
    return flags[here].copy(), origin[here].copy()


def decide_pixel(
    exposure: Exposure, pixel: Pixel, parameters: JumpParameters, settings: JumpSettings
) -> Decision:
    """Return how jump detection decides for one pixel, by the kernels of the image.

    `settings` are those that `jump_settings` gave for these parameters.
    """
    row, col = pixel
    arguments = (
        exposure.sci[:, :, row, col].ravel(),
        exposure.groupdq[:, :, row, col].ravel(),
        exposure.gain[row, col],
        exposure.readnoise[row, col],
    )
    trace, lost = trace_pixel(*arguments, settings), None
    shape = exposure.n_ints, exposure.n_groups
    if settings.wiped.any():
        full = settings._replace(wiped=np.zeros_like(settings.wiped))
        found = trace_pixel(*arguments, full).order > trace.order
        lost = found.reshape(shape)[:, 1:]
    by_name = {
        name: values.reshape(shape)[:, 1:] for name, values in trace._asdict().items()
    }
    n_usable = int(np.count_nonzero(~np.isnan(trace.difference)))
    name = _threshold_name(settings.branch, n_usable)
    return Decision(
        branch=_BRANCH_NAMES[settings.branch],
        n_differences=n_usable,
        threshold=getattr(parameters, name) if name else float("nan"),
        threshold_name=name,
        only_use_ints=bool(settings.by_integration),
        lost=lost,
        interval=settings.steps if settings.uneven else None,
        **by_name,
    )


def _threshold_name(branch: int, n_usable: int) -> str:
    if branch in (SINGLE_PASS, SIGMA_CLIP) or (branch == ITERATIVE and n_usable >= 4):
        return "rejection_threshold"
    if branch == ITERATIVE and n_usable >= 2:
        count = {2: "three", 3: "four"}[n_usable]
        return f"{count}_group_rejection_threshold"
    return ""
