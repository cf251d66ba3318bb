"""One pixel, decided and fitted by the kernels of the image, with all there is to show."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.jump import SIGMA_CLIP, JumpSettings
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.flag_causes import causes_of_pixel
from rampviewer.model.pixel.likely_pixel import (
    LikelyIntegrationFit,
    LikelyPixelFit,
    fit_likely_pixel,
)
from rampviewer.model.pixel.pixel_decision import decide_pixel, flags_of_pixel
from rampviewer.model.pixel.pixel_fit import IntegrationFit, PixelFit, fit_pixel
from rampviewer.model.pixel.pixel_view import (
    Cause,
    Decision,
    EventMark,
    FitView,
    GroupRules,
    IntegrationView,
    LikelyView,
    PixelView,
)
from rampviewer.model.planes.event_marks import event_marks
from rampviewer.model.runs.group_range import used_range
from rampviewer.model.runs.jump_detection import LEAST_GROUPS, jump_settings
from rampviewer.model.runs.large_events import LargeLayer, apply_to_pixel
from rampviewer.model.runs.likely_fitting import LikelyFitter, is_likely
from rampviewer.model.runs.missing_gain import without_gain
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.ramp_fitting import fit_settings
from rampviewer.model.runs.run import Recipe

U8 = NDArray[np.uint8]
JUMP = np.uint8(Dq.JUMP_DET)


class _Flags(NamedTuple):
    """Flags of a pixel, and by integration where they came from."""

    groupdq: U8  # (n_ints, n_groups)
    origin: U8  # (n_ints, n_groups)
    causes: tuple[tuple[Cause, ...], ...]
    marks: tuple[tuple[EventMark, ...], ...]


def inspect_pixel(
    prepared: Prepared,
    recipe: Recipe,
    pixel: Pixel,
    large: LargeLayer | None = None,
    deciding: U8 | None = None,
) -> PixelView:
    """Return what a recipe makes of one pixel, in well under a frame of the screen.

    Parameters
    ----------
    prepared : Prepared
    recipe : Recipe
    pixel : Pixel
    large : LargeLayer, optional
        Snowballs and showers, of a run: one pixel alone cannot tell of them.
    deciding : (n_ints, n_groups, n_rows, n_cols) uint8, optional
        Flags of the whole exposure by which groups of MIRI are trimmed; as delivered if
        not given.

    Raises
    ------
    ValueError
        When read times do not fit the groups.
    """
    exposure = prepared.exposure
    row, col = pixel
    exposure.expect(max(row - 1, 0), row + 2)
    searched = _search_settings(prepared, recipe)
    flags = _flags(exposure, recipe, pixel, searched)
    if large is not None:
        flags = _with_large(flags, large, exposure, pixel)
    deciding = exposure.groupdq if deciding is None else deciding
    settings = fit_settings(deciding, exposure.timing, recipe.fit, exposure.instrument)
    fit = _fit(exposure, recipe, pixel, flags.groupdq, settings)
    parts: tuple[IntegrationFit | LikelyIntegrationFit, ...] = fit.integrations
    return PixelView(
        pixel=pixel,
        integrations=tuple(
            _integration(exposure, pixel, i, part, flags) for i, part in enumerate(parts)
        ),
        decision=_decision(exposure, recipe, pixel, searched),
        slope=fit.slope,
        err=fit.err,
        dq=fit.dq,
        pixeldq=int(exposure.pixeldq[row, col]),
        gain=float(exposure.gain[row, col]),
        readnoise=float(exposure.readnoise[row, col]),
        group_time=exposure.timing.group_time,
        run_name=recipe.title,
        parameters_text=_parameters_text(prepared, recipe),
        var_poisson=fit.var_poisson,
        var_rnoise=fit.var_rnoise,
        chisq=fit.chisq if isinstance(fit, LikelyPixelFit) else math.nan,
        fit=_fit_view(exposure, recipe, settings),
        drops_delivered=recipe.delivered_jumps == "drop",
        stamps=exposure.timing.times.stamps,
    )


def _integration(
    exposure: Exposure,
    pixel: Pixel,
    i: int,
    part: IntegrationFit | LikelyIntegrationFit,
    flags: _Flags,
) -> IntegrationView:
    row, col = pixel
    return IntegrationView(
        signal=exposure.sci[i, :, row, col].copy(),
        groupdq=flags.groupdq[i],
        origin=flags.origin[i],
        segments=part.segments,
        slope=part.slope,
        err=part.err,
        dq=part.dq,
        causes=flags.causes[i],
        marks=flags.marks[i],
        delivered=exposure.groupdq[i, :, row, col].copy(),
        var_poisson=part.var_poisson,
        var_rnoise=part.var_rnoise,
        rules=part.rules if isinstance(part, IntegrationFit) else GroupRules(),
        likely=_likely_view(part) if isinstance(part, LikelyIntegrationFit) else None,
    )


def _parameters_text(prepared: Prepared, recipe: Recipe) -> str:
    if recipe.delivered_jumps == "keep" and not prepared.has_delivered_jumps:
        return recipe.changes or "default parameters"  # there is nothing to keep
    return recipe.summary


def needs_rare_kernels(prepared: Prepared, recipe: Recipe) -> bool:
    """Return whether a pixel takes more than two-point differences and least squares."""
    exposure = prepared.exposure
    if is_likely(exposure.n_groups, exposure.timing, recipe.fit):
        return True
    if not _is_searched(exposure, recipe):
        return False
    settings = jump_settings(prepared.facts, exposure.timing.even, recipe.jump)
    return settings.branch == SIGMA_CLIP


def _fit(
    exposure: Exposure,
    recipe: Recipe,
    pixel: Pixel,
    groupdq: U8,
    settings: FitSettings | None,
) -> PixelFit | LikelyPixelFit:
    pixeldq = _pixeldq(exposure, recipe, pixel)
    if is_likely(exposure.n_groups, exposure.timing, recipe.fit):
        fitter = LikelyFitter.of(exposure, recipe.fit)
        return fit_likely_pixel(exposure, pixel, groupdq, fitter.settings, pixeldq)
    return fit_pixel(exposure, pixel, groupdq, settings, pixeldq)


def _fit_view(exposure: Exposure, recipe: Recipe, settings: FitSettings | None) -> FitView:
    likely = is_likely(exposure.n_groups, exposure.timing, recipe.fit)
    first, last = used_range(recipe.fit, exposure.n_groups)
    trimmed: tuple[int, ...] = ()
    if settings is not None and not likely:
        kept = range(settings.first, settings.stop)
        trimmed = tuple(group for group in range(exposure.n_groups) if group not in kept)
        first, last = max(first, settings.first), min(last, settings.stop - 1)
    return FitView(
        asked=recipe.fit.algorithm,
        is_likely=likely,
        is_uneven=exposure.timing.read_times is not None,
        first_group=first,
        last_group=min(last, exposure.n_groups - 1),
        trimmed=trimmed,
        nothing=settings is None and not likely,
    )


def _likely_view(fit: LikelyIntegrationFit) -> LikelyView:
    return LikelyView(
        chisq=fit.chisq,
        degrees=fit.degrees,
        used=fit.used,
        left_out=fit.left_out,
        fall=fit.fall,
        limit=fit.limit,
        order=fit.order,
    )


def _is_searched(exposure: Exposure, recipe: Recipe) -> bool:
    return recipe.delivered_jumps != "as_delivered" and exposure.n_groups >= LEAST_GROUPS


def _search_settings(prepared: Prepared, recipe: Recipe) -> JumpSettings | None:
    """Return how jumps are searched for, None where they are not.

    As by the official step, times of single reads count only for the fit.
    """
    exposure = prepared.exposure
    if not _is_searched(exposure, recipe):
        return None
    keep = recipe.delivered_jumps != "drop"
    return jump_settings(prepared.facts, exposure.timing.even, recipe.jump, keep)


def _flags(
    exposure: Exposure, recipe: Recipe, pixel: Pixel, settings: JumpSettings | None
) -> _Flags:
    """Return the flags of a pixel without those of large events."""
    none = ((),) * exposure.n_ints
    if settings is not None:
        groupdq, origin = flags_of_pixel(exposure, pixel, settings)
        causes = causes_of_pixel(exposure, pixel, settings, groupdq, origin)
        return _Flags(groupdq, origin, causes, none)
    groupdq = exposure.groupdq[:, :, pixel.row, pixel.col].copy()
    if recipe.delivered_jumps == "drop":
        groupdq &= ~JUMP
    origin = ((groupdq & JUMP) != 0) * np.uint8(Origin.DELIVERED)
    return _Flags(groupdq, origin, none, none)


def _with_large(
    flags: _Flags, large: LargeLayer, exposure: Exposure, pixel: Pixel
) -> _Flags:
    """Put snowballs and showers onto the flags, in place, and return what marked them."""
    apply_to_pixel(large, flags.groupdq, flags.origin, *pixel, exposure.n_cols)
    frame = exposure.n_rows, exposure.n_cols
    return flags._replace(marks=event_marks(large, flags.groupdq, pixel, frame))


def _pixeldq(exposure: Exposure, recipe: Recipe, pixel: Pixel) -> int:
    here = np.s_[pixel.row : pixel.row + 1, pixel.col : pixel.col + 1]
    pixeldq = exposure.pixeldq[here]
    if _is_searched(exposure, recipe):
        pixeldq = without_gain(pixeldq, exposure.gain[here])
    return int(pixeldq[0, 0])


def _decision(
    exposure: Exposure, recipe: Recipe, pixel: Pixel, settings: JumpSettings | None
) -> Decision:
    if settings is not None:
        return decide_pixel(exposure, pixel, recipe.jump, settings)
    branch = "as delivered" if recipe.delivered_jumps == "as_delivered" else "skipped"
    return Decision.none(branch, (exposure.n_ints, max(exposure.n_groups - 1, 0)))
