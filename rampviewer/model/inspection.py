"""One pixel, decided and fitted by the kernels of the image, with all there is to show."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.facts import ExposureFacts
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.flag_causes import causes_of_pixel
from rampviewer.model.jump_detection import (
    LEAST_GROUPS,
    decide_pixel,
    flags_of_pixel,
    jump_settings,
    without_gain,
)
from rampviewer.model.large_events import LargeLayer, apply_to_pixel
from rampviewer.model.likely_fitting import LikelyFitter, is_likely
from rampviewer.model.likely_pixel import (
    LikelyIntegrationFit,
    LikelyPixelFit,
    fit_likely_pixel,
)
from rampviewer.model.pixel_fit import IntegrationFit, PixelFit, fit_pixel
from rampviewer.model.pixel_view import Cause, Decision, IntegrationView, PixelView
from rampviewer.model.prepared import Prepared
from rampviewer.model.ramp_fitting import fit_settings
from rampviewer.model.run import Recipe

U8 = NDArray[np.uint8]
JUMP = np.uint8(Dq.JUMP_DET)


def inspect_pixel(
    prepared: Prepared, recipe: Recipe, pixel: Pixel, large: LargeLayer | None = None
) -> PixelView:
    """Return what a recipe makes of one pixel, in well under a frame of the screen.

    Parameters
    ----------
    prepared : Prepared
    recipe : Recipe
    pixel : Pixel
    large : LargeLayer, optional
        Snowballs and showers, of a run: one pixel alone cannot tell of them.

    Raises
    ------
    ValueError
        When read times do not fit the groups.
    """
    exposure = prepared.exposure
    row, col = pixel
    groupdq, origin, causes = _flags(prepared, recipe, pixel)
    if large is not None:
        apply_to_pixel(large, groupdq, origin, row, col, exposure.n_cols)
    fit = _fit(exposure, recipe, pixel, groupdq)
    parts: tuple[IntegrationFit | LikelyIntegrationFit, ...] = fit.integrations
    integrations = tuple(
        IntegrationView(
            signal=exposure.sci[i, :, row, col].copy(),
            groupdq=groupdq[i],
            origin=origin[i],
            segments=part.segments,
            slope=part.slope,
            err=part.err,
            dq=part.dq,
            causes=causes[i],
        )
        for i, part in enumerate(parts)
    )
    return PixelView(
        pixel=pixel,
        integrations=integrations,
        decision=_decision(exposure, recipe, pixel, prepared.facts),
        slope=fit.slope,
        err=fit.err,
        dq=fit.dq,
        pixeldq=int(exposure.pixeldq[row, col]),
        gain=float(exposure.gain[row, col]),
        readnoise=float(exposure.readnoise[row, col]),
        group_time=exposure.timing.group_time,
        run_name=recipe.title,
        parameters_text=recipe.summary,
    )


def _fit(
    exposure: Exposure, recipe: Recipe, pixel: Pixel, groupdq: U8
) -> PixelFit | LikelyPixelFit:
    pixeldq = _pixeldq(exposure, recipe, pixel)
    if is_likely(exposure.n_groups, exposure.timing, recipe.fit):
        fitter = LikelyFitter.of(exposure, recipe.fit)
        return fit_likely_pixel(exposure, pixel, groupdq, fitter.settings, pixeldq)
    settings = fit_settings(
        exposure.groupdq, exposure.timing, recipe.fit, exposure.instrument
    )
    return fit_pixel(exposure, pixel, groupdq, settings, pixeldq)


def _is_searched(exposure: Exposure, recipe: Recipe) -> bool:
    return recipe.delivered_jumps != "as_delivered" and exposure.n_groups >= LEAST_GROUPS


def _flags(
    prepared: Prepared, recipe: Recipe, pixel: Pixel
) -> tuple[U8, U8, tuple[tuple[Cause, ...], ...]]:
    """Return (groupdq, origin), (n_ints, n_groups) uint8 each, and causes."""
    exposure = prepared.exposure
    keep = recipe.delivered_jumps != "drop"
    if _is_searched(exposure, recipe):
        settings = jump_settings(prepared.facts, exposure.timing.even, recipe.jump, keep)
        groupdq, origin = flags_of_pixel(exposure, pixel, settings)
        causes = causes_of_pixel(exposure, pixel, settings, groupdq, origin)
        return groupdq, origin, causes
    groupdq = exposure.groupdq[:, :, pixel.row, pixel.col].copy()
    if not keep:
        groupdq &= ~JUMP
    origin = ((groupdq & JUMP) != 0) * np.uint8(Origin.DELIVERED)
    return groupdq, origin, ((),) * exposure.n_ints


def _pixeldq(exposure: Exposure, recipe: Recipe, pixel: Pixel) -> int:
    here = np.s_[pixel.row : pixel.row + 1, pixel.col : pixel.col + 1]
    pixeldq = exposure.pixeldq[here]
    if _is_searched(exposure, recipe):
        pixeldq = without_gain(pixeldq, exposure.gain[here])
    return int(pixeldq[0, 0])


def _decision(
    exposure: Exposure, recipe: Recipe, pixel: Pixel, facts: ExposureFacts
) -> Decision:
    if _is_searched(exposure, recipe):
        keep = recipe.delivered_jumps == "keep"
        if exposure.timing.read_times is not None:  # as the official step, without them
            exposure = replace(exposure, timing=exposure.timing.even)
        return decide_pixel(exposure, pixel, recipe.jump, keep, facts=facts)
    delivered = recipe.delivered_jumps == "as_delivered"
    shape = (exposure.n_ints, max(exposure.n_groups - 1, 0))
    nothing = np.full(shape, np.nan)
    return Decision(
        branch="as delivered" if delivered else "skipped",
        n_differences=0,
        threshold=float("nan"),
        threshold_name="",
        difference=nothing,
        ratio=nothing,
        median=nothing,
        sigma=nothing,
        limit=nothing,
        order=np.zeros(shape, np.int64),
    )
