"""The likelihood fit of one pixel, for the eye."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.fit.row_data import FitInputs, fit_inputs
from rampviewer.core.likely.listed import fit_listed
from rampviewer.core.likely.outputs import LikelyOutputs
from rampviewer.core.likely.rows import fit_rows
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.trace import SearchTrace, trace_search
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.pixel_view import SegmentView
from rampviewer.model.runs.likely_fitting import empty_likely_planes
from rampviewer.model.timing import GroupTimes

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
Flags = NDArray[np.bool_]


class LinePiece(NamedTuple):
    """Groups in a row that the fit connects: a line of the common slope through them."""

    first_group: int  # inclusive, counted from 0
    last_group: int
    intercept: float  # value at time 0, as that of a SegmentView [DN]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LikelyIntegrationFit:
    """Fit of one integration of a pixel.

    `used` and `left_out` are (n_groups - 1,) bool for the differences from each group to
    the next: those the fit uses, and those that could be used but have a jump for the fit.
    So are `fall`, `limit` and `order`, which say how: see `LikelyView`.
    """

    segments: tuple[SegmentView, ...]  # one from the first to the last group used, or none
    pieces: tuple[LinePiece, ...]
    used: Flags
    left_out: Flags
    fall: F64
    limit: F64
    order: I64
    slope: float  # [DN/s]; NaN when nothing could be fitted
    err: float  # [DN/s]
    var_poisson: float  # [(DN/s)^2]
    var_rnoise: float  # [(DN/s)^2]
    chisq: float  # NaN when nothing could be fitted
    degrees: int  # of freedom: differences used, within the first group too, less the slope
    dq: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LikelyPixelFit:
    """Likelihood fit of one pixel, equal to what the planes of the exposure show there."""

    integrations: tuple[LikelyIntegrationFit, ...]
    slope: float  # of the whole exposure [DN/s]; NaN when nothing could be fitted
    err: float  # [DN/s]
    var_poisson: float  # [(DN/s)^2]
    var_rnoise: float  # [(DN/s)^2]
    chisq: float  # summed over the integrations; NaN if that of one is
    dq: int


def fit_likely_pixel(
    exposure: Exposure,
    pixel: Pixel,
    groupdq: U8,
    settings: LikelySettings,
    pixeldq: int | None = None,
) -> LikelyPixelFit:
    """Fit one pixel with the kernels that fit the image.

    Parameters
    ----------
    exposure : Exposure
    pixel : Pixel
    groupdq : (n_ints, n_groups) uint8
        Flags of the pixel to fit with.
    settings : LikelySettings
        From `LikelyFitter.of`.
    pixeldq : int, optional
        Flags of the pixel, those of the exposure if not given.
    """
    inputs = _inputs(exposure, pixel, groupdq, pixeldq)
    out = empty_likely_planes(exposure.n_ints, 1, 1)
    here = np.zeros(1, np.int64)
    use = fit_listed(inputs, here, here, settings, out)[:, 0].astype(bool)
    fit_rows(inputs, 0, 1, settings, out)  # in the arithmetic of the image, if that differs
    # With a zero frame the first difference is one within the first group.
    start = 1 if settings.has_zeroframe else 0
    trace = SearchTrace._make(
        values[:, start:] for values in trace_search(inputs, settings)
    )
    shares = _shares(out)
    integrations = tuple(
        _integration(exposure, inputs, out, use[i], shares[i], i, settings, trace)
        for i in range(exposure.n_ints)
    )
    return LikelyPixelFit(
        integrations=integrations,
        slope=float(out.slope[0, 0]),
        err=float(out.err[0, 0]),
        var_poisson=float(out.var_poisson[0, 0]),
        var_rnoise=float(out.var_rnoise[0, 0]),
        chisq=float(out.chisq[0, 0]),
        dq=int(out.dq[0, 0]),
    )


def _inputs(
    exposure: Exposure, pixel: Pixel, groupdq: U8, pixeldq: int | None
) -> FitInputs:
    row, col = pixel
    delivered = exposure.pixeldq[row, col]

    def cut(array: F32) -> F32:
        return np.ascontiguousarray(array[..., row : row + 1, col : col + 1])

    zeroframe, dark = exposure.zeroframe, exposure.dark_current
    return fit_inputs(
        cut(exposure.sci),
        np.ascontiguousarray(groupdq, np.uint8)[..., None, None],
        0,
        np.full((1, 1), delivered if pixeldq is None else pixeldq, np.uint32),
        cut(exposure.gain),
        cut(exposure.readnoise),
        None if zeroframe is None else cut(zeroframe),
        None if dark is None else cut(dark),
    )


def _shares(out: LikelyOutputs) -> F64:
    """Return the share of each integration in the slope of the exposure, NaN for none.

    The photon noise of each integration is taken at the common slope.
    """
    slope, poisson, read = (
        plane[:, 0, 0].astype(np.float64)
        for plane in (out.int_slope, out.int_var_poisson, out.int_var_rnoise)
    )
    with np.errstate(all="ignore"):
        ratio = float(out.slope[0, 0]) / slope
        ratio[~np.isfinite(ratio) | (ratio < 0)] = 0.0
        weights: F64 = 1.0 / (poisson * ratio + read)
        return weights / np.nansum(weights)


def _integration(
    exposure: Exposure,
    inputs: FitInputs,
    out: LikelyOutputs,
    use: Flags,
    share: float,
    i: int,
    settings: LikelySettings,
    trace: SearchTrace,
) -> LikelyIntegrationFit:
    used = use[1:] if settings.has_zeroframe else use
    good = inputs.groupdq[i, :, 0, 0] == 0
    groups = np.arange(good.size)
    good &= (groups >= settings.first_used) & (groups <= settings.last_used)
    slope = float(out.int_slope[i, 0, 0])
    is_fitted = not np.isnan(slope)
    signal, times = inputs.sci[i, :, 0, 0], exposure.timing.times
    pieces = _pieces(used, signal, slope, times) if is_fitted else ()
    segment = _segment(pieces, out, share, i)
    return LikelyIntegrationFit(
        segments=(segment,) if segment is not None else (),
        pieces=pieces,
        used=used & is_fitted,
        left_out=good[1:] & good[:-1] & ~used,
        fall=trace.fall[i],
        limit=trace.limit[i],
        order=trace.order[i],
        slope=slope,
        err=float(out.int_err[i, 0, 0]),
        var_poisson=float(out.int_var_poisson[i, 0, 0]),
        var_rnoise=float(out.int_var_rnoise[i, 0, 0]),
        chisq=float(out.int_chisq[i, 0, 0]),
        degrees=max(int(use.sum()) - 1, 0) if is_fitted else 0,
        dq=int(out.int_dq[i, 0, 0]),
    )


def _pieces(
    used: Flags, signal: F32, slope: float, clock: GroupTimes
) -> tuple[LinePiece, ...]:
    """Return a line for each run of differences used, through the mean of its groups."""
    edges = np.diff(np.concatenate([[0], used.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    pieces = []
    for first, last in zip(starts.tolist(), stops.tolist(), strict=True):
        times = clock.of(np.arange(first, last + 1))
        offsets = signal[first : last + 1].astype(np.float64) - slope * times
        pieces.append(LinePiece(first, last, float(offsets.mean())))
    return tuple(pieces)


def _segment(
    pieces: tuple[LinePiece, ...], out: LikelyOutputs, share: float, i: int
) -> SegmentView | None:
    """Return the fit as one segment from the first group used to the last."""
    if not pieces:
        return None
    poisson, read = out.int_var_poisson[i, 0, 0], out.int_var_rnoise[i, 0, 0]
    return SegmentView(
        first_group=pieces[0].first_group,
        last_group=pieces[-1].last_group,
        slope=float(out.int_slope[i, 0, 0]),
        err=float(out.int_err[i, 0, 0]),
        intercept=pieces[0].intercept,
        var_poisson=float(poisson),
        var_rnoise=float(read),
        weight=float(share),
    )
