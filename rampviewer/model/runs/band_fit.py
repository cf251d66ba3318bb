"""The fit that the parameters ask for, ready for bands of rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.fit.settings import FitSettings
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.likely_fitting import (
    LikelyFitter,
    empty_likely_planes,
    is_likely,
    likely_planes_of,
)
from rampviewer.model.runs.ramp_fitting import (
    RampFitter,
    empty_planes,
    nothing_fitted,
    planes_of,
)
from rampviewer.model.runs.results import RatePlanes
from rampviewer.model.settings.parameters import RampFitParameters


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BandFit:
    """Fits rows into the planes `rate` and `rateints`, from any number of threads.

    `fit_rows` takes the inputs and rows [start, stop); it is None when nothing of the
    exposure can be fitted, or shall be. `settings` say which groups count, None if none
    does.
    """

    rate: RatePlanes
    rateints: RatePlanes
    settings: FitSettings | None
    fit_rows: Callable[[FitInputs, int, int], None] | None

    @classmethod
    def of(
        cls,
        exposure: Exposure,
        parameters: RampFitParameters,
        settings: FitSettings | None,
        pixeldq: NDArray[np.uint32],
        *,
        shared: bool = False,
    ) -> "BandFit":
        """Make room for the planes.

        Parameters
        ----------
        exposure : Exposure
        parameters : RampFitParameters
        settings : FitSettings or None
            Of `fit_settings`: None when nothing can be fitted by least squares.
        pixeldq : (n_rows, n_cols) uint32
        shared : bool
            Whether planes of least squares may be those of rate and rateints both.

        Raises
        ------
        ValueError
            When read times do not fit the groups.
        """
        room = exposure.n_ints, exposure.n_rows, exposure.n_cols, exposure.room
        if is_likely(exposure.n_groups, exposure.timing, parameters):
            likely, out = LikelyFitter.of(exposure, parameters), empty_likely_planes(*room)
            rate, rateints = likely_planes_of(out)
            return cls(
                rate=rate,
                rateints=rateints,
                settings=settings,
                fit_rows=lambda inputs, a, b: likely.fit_rows(inputs, a, b, out),
            )
        if settings is None:
            nothing = nothing_fitted(exposure.n_ints, pixeldq, exposure.room)
            return cls(
                rate=nothing.rate, rateints=nothing.rateints, settings=None, fit_rows=None
            )
        fitter = RampFitter.of(exposure, settings)
        planes = empty_planes(*room, shared=shared)
        rate, rateints = planes_of(planes)
        return cls(
            rate=rate,
            rateints=rateints,
            settings=settings,
            fit_rows=lambda inputs, a, b: fitter.fit_rows(inputs, a, b, planes),
        )

    @classmethod
    def left_out(cls, exposure: Exposure, settings: FitSettings | None) -> "BandFit":
        """Return what fits no row; its planes are NaN, and take no memory."""
        frame = exposure.n_rows, exposure.n_cols
        return cls(
            rate=_no_rates(frame),
            rateints=_no_rates((exposure.n_ints, *frame)),
            settings=settings,
            fit_rows=None,
        )


def _no_rates(shape: tuple[int, ...]) -> RatePlanes:
    """Return planes that cannot be written to: one value stands for all."""
    nothing = np.broadcast_to(np.float32(np.nan), shape)
    unused = np.broadcast_to(np.uint32(Dq.DO_NOT_USE), shape)
    return RatePlanes(
        slope=nothing, dq=unused, var_poisson=nothing, var_rnoise=nothing, err=nothing
    )
