"""The fit of a move."""

from dataclasses import fields, replace

import numpy as np

from rampviewer.core.fit.coefficients import coefficients
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.fit.rows import FitOutputs
from rampviewer.core.live.flagged import fit_flagged_rows
from rampviewer.model.runs.likely_fitting import is_likely
from rampviewer.model.runs.passes import Pass
from rampviewer.model.runs.results import RatePlanes

_SHARED = 4  # the planes of an only integration that are those of the exposure


def with_quick_fit(work: Pass, *, shared: bool) -> Pass:
    """Return a pass that fits rows in which every pixel is flagged in a quicker way.

    Parameters
    ----------
    work : Pass
        No row of which is done yet.
    shared : bool
        As it was made with.
    """
    exposure, settings = work.flags.exposure, work.fit.settings
    parameters = work.run.recipe.fit
    is_other = is_likely(exposure.n_groups, exposure.timing, parameters)
    if settings is None or work.fit.fit_rows is None or is_other:
        return work
    table, out = coefficients(settings.stop - settings.first), _outputs(work, shared)

    def fit_rows(inputs: FitInputs, start: int, stop: int) -> None:
        fit_flagged_rows(inputs, start, stop, settings, table, out)

    return replace(work, fit=replace(work.fit, fit_rows=fit_rows))


def _outputs(work: Pass, shared: bool) -> FitOutputs:
    """Return the planes of a pass as the kernels take them."""
    frame, cube = (
        [getattr(planes, item.name) for item in fields(RatePlanes)]
        for planes in (work.fit.rate, work.fit.rateints)
    )
    n = len(FitOutputs._fields) // 2
    if shared:
        cube[:_SHARED] = [np.empty((0, 0, 0), plane.dtype) for plane in cube[:_SHARED]]
    return FitOutputs(*frame[:n], *cube[:n])
