"""The fit of one pixel, segment by segment, for the eye."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.fit.coefficients import POWERS, coefficients
from rampviewer.core.fit.optional import (
    N_SEGMENT_VALUES,
    SEG_CLASS,
    SEG_SLOPE,
    SEG_SNR,
    SEG_VAR_POISSON,
    SEG_VAR_RNOISE,
    SEG_WEIGHT,
    SEG_YINT,
    segments_of_pixel,
)
from rampviewer.core.fit.row_data import fit_inputs
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.fit.work import (
    ERR,
    SLOPE,
    VAR_POISSON,
    VAR_RNOISE,
    ZEROFRAME,
    RampWork,
)
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.pixel_view import GroupRules, SegmentView
from rampviewer.model.timing import GroupTimes

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
_CHARGELOSS = int(Dq.CHARGELOSS)  # an operation on an enum takes longer than the fit


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationFit:
    """Segments and rate of one integration of a pixel."""

    segments: tuple[SegmentView, ...]
    slope: float  # [DN/s]; NaN when nothing could be fitted
    err: float  # [DN/s]
    dq: int
    var_poisson: float  # [(DN/s)^2]
    var_rnoise: float  # [(DN/s)^2]
    rules: GroupRules


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelFit:
    """Fit of one pixel, equal to what the planes of the exposure show there."""

    integrations: tuple[IntegrationFit, ...]
    slope: float  # of the whole exposure [DN/s]; NaN when nothing could be fitted
    err: float  # [DN/s]
    dq: int
    var_poisson: float  # [(DN/s)^2]
    var_rnoise: float  # [(DN/s)^2]


def fit_pixel(
    exposure: Exposure,
    pixel: Pixel,
    groupdq: U8,
    settings: FitSettings | None,
    pixeldq: int | None = None,
) -> PixelFit:
    """Fit one pixel with the kernels that fit the image, in microseconds.

    Parameters
    ----------
    exposure : Exposure
    pixel : Pixel
    groupdq : (n_ints, n_groups) uint8
        Flags of the pixel to fit with.
    settings : FitSettings or None
        From `fit_settings`; None means that nothing of the exposure can be fitted.
    pixeldq : int, optional
        Flags of the pixel, those of the exposure if not given.
    """
    row, col = pixel
    delivered = exposure.pixeldq[row, col]
    flags = np.full((1, 1), delivered if pixeldq is None else pixeldq, np.uint32)
    if settings is None:
        return _unfitted(exposure.n_ints, int(flags[0, 0] | np.uint32(Dq.DO_NOT_USE)))

    def cut(array: F32) -> F32:
        return np.ascontiguousarray(array[..., row : row + 1, col : col + 1])

    zeroframe, dark = exposure.zeroframe, exposure.dark_current
    inputs = fit_inputs(
        cut(exposure.sci),
        np.ascontiguousarray(groupdq, np.uint8)[..., None, None],
        0,
        flags,
        cut(exposure.gain),
        cut(exposure.readnoise),
        None if zeroframe is None else cut(zeroframe),
        None if dark is None else cut(dark),
    )
    n_groups = settings.stop - settings.first
    values = np.empty((exposure.n_ints, n_groups, N_SEGMENT_VALUES))
    work = segments_of_pixel(inputs, (0, 0), settings, coefficients(n_groups), values)
    with np.errstate(all="ignore"):  # infinite data, gains of 0
        return _fit_of(work, values, settings, groupdq, exposure.timing.times)


def _unfitted(n_ints: int, dq: int) -> PixelFit:
    rate = dict.fromkeys(("slope", "err", "var_poisson", "var_rnoise"), np.nan)
    nothing = IntegrationFit(segments=(), dq=dq, rules=GroupRules(), **rate)
    return PixelFit(integrations=(nothing,) * n_ints, dq=dq, **rate)


def _fit_of(
    work: RampWork, values: F64, settings: FitSettings, groupdq: U8, times: GroupTimes
) -> PixelFit:
    """Return what the kernels left in `work` and `values`."""
    counts = work.n_fitted.tolist()
    total = sum(values[i, :n, SEG_WEIGHT].sum() for i, n in enumerate(counts))
    suppressed = _suppressed(work, settings, groupdq)
    integrations = []
    for i, n in enumerate(counts):
        segments = tuple(
            _segment(work, i, k, values[i, k], total, settings, times) for k in range(n)
        )
        integrations.append(
            IntegrationFit(
                segments=segments,
                dq=int(work.flags[i]),
                rules=GroupRules(
                    suppressed=suppressed[i],
                    zeroframe=bool(work.single[i] == ZEROFRAME),
                    chargeloss=bool(int(work.seen[i]) & _CHARGELOSS),
                ),
                **_rate(work.fits[i]),
            )
        )
    return PixelFit(
        integrations=tuple(integrations),
        dq=int(work.flags[-1]),
        **_rate(work.fits[-1]),
    )


def _rate(fit: F64) -> dict[str, float]:
    return {
        "slope": float(fit[SLOPE]),
        "err": float(fit[ERR]),
        "var_poisson": float(fit[VAR_POISSON]),
        "var_rnoise": float(fit[VAR_RNOISE]),
    }


def _suppressed(work: RampWork, settings: FitSettings, groupdq: U8) -> list[bool]:
    """Return in which integrations the only good group was rejected."""
    first, stop = settings.first, settings.stop
    used = slice(
        max(settings.first_used - first, 0), max(settings.last_used + 1 - first, 0)
    )
    rejected = work.dq & ~groupdq[:, first:stop] & np.uint8(Dq.DO_NOT_USE)
    return [bool(groups.any()) for groups in rejected[:, used]]


def _segment(
    work: RampWork,
    i: int,
    k: int,
    row: F64,
    total: float,
    settings: FitSettings,
    times: GroupTimes,
) -> SegmentView:
    """Return segment `k` of integration `i` with groups counted as in the whole ramp."""
    start, stop = int(work.starts[i, k]), int(work.stops[i, k])
    slope = float(row[SEG_SLOPE])
    step = slope * settings.group_time
    # The kernels count from the first group left by trimming, the axis of the panel from
    # time 0.
    is_line = stop - start > 1
    value = float(row[SEG_YINT]) + step * start if is_line else work.ramp[i, start]
    first_group = settings.first + start
    return SegmentView(
        first_group=first_group,
        last_group=settings.first + stop - 1,
        slope=slope,
        err=float(np.sqrt(row[SEG_VAR_POISSON] + row[SEG_VAR_RNOISE])),
        intercept=float(value - slope * times.of(first_group)),
        var_poisson=float(row[SEG_VAR_POISSON]),
        var_rnoise=float(row[SEG_VAR_RNOISE]),
        weight=float(np.float64(row[SEG_WEIGHT]) / total),
        snr=float(row[SEG_SNR]),
        power=np.nan if np.isnan(row[SEG_CLASS]) else POWERS[int(row[SEG_CLASS])],
    )
