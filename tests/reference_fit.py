"""The official ramp fits, called on arrays as the pipeline step calls them."""

import logging
from types import SimpleNamespace
from typing import Any

import numpy as np
from jwst.ramp_fitting.ramp_fit_step import set_groupdq
from stcal.ramp_fitting.likely_fit import LIKELY_MIN_NGROUPS
from stcal.ramp_fitting.ramp_fit import ramp_fit
from stdatamodels.jwst.datamodels import dqflags

from rampviewer.model.timing import Timing


class _Model(SimpleNamespace):
    def hasattr(self, name: str) -> bool:
        return hasattr(self, name)


def _model_of(sci, groupdq, pixeldq, timing, instrument, zeroframe, dark_current) -> _Model:
    exposure = SimpleNamespace(
        frame_time=timing.frame_time,
        group_time=timing.group_time,
        groupgap=timing.groupgap,
        nframes=timing.n_frames,
        drop_frames1=timing.drop_frames1,
        read_times=timing.read_times and [list(times) for times in timing.read_times],
    )
    instrument = SimpleNamespace(name=instrument)
    model = _Model(
        data=sci.astype(np.float32),
        groupdq=groupdq.astype(np.uint8),
        pixeldq=pixeldq.astype(np.uint32),
        meta=SimpleNamespace(instrument=instrument, exposure=exposure),
    )
    if zeroframe is not None:
        model.zeroframe = zeroframe.astype(np.float32)
    if dark_current is not None:
        model.average_dark_current = dark_current.astype(np.float32)
    return model


def _algorithm(wanted: str, timing: Timing, n_groups: int) -> str:
    """Return the algorithm that the step takes, as it says in a message."""
    if n_groups < LIKELY_MIN_NGROUPS:
        return "OLS_C"
    return "LIKELY" if timing.read_times else wanted


def reference_fit(
    sci,
    groupdq,
    pixeldq,
    gain,
    readnoise,
    timing,
    *,
    algorithm="OLS_C",
    instrument="NIRCAM",
    zeroframe=None,
    dark_current=None,
    suppress_one_group=True,
    firstgroup=None,
    lastgroup=None,
    segments=False,
) -> tuple[Any, Any, Any]:
    """Return the three dictionaries of arrays of the reference, or three times None."""
    model = _model_of(sci, groupdq, pixeldq, timing, instrument, zeroframe, dark_current)
    if firstgroup is not None or lastgroup is not None:
        set_groupdq(firstgroup, lastgroup, sci.shape[1], model.groupdq, dqflags.group)
    algorithm = _algorithm(algorithm, timing, sci.shape[1])
    logging.disable(logging.CRITICAL)
    try:
        with np.errstate(all="ignore"):
            return ramp_fit(
                model,
                segments,
                readnoise.astype(np.float32),
                gain.astype(np.float32),
                algorithm,
                "optimal",
                "1",
                dqflags.pixel,
                suppress_one_group=suppress_one_group,
            )
    finally:
        logging.disable(logging.NOTSET)


def reference_likely(*arguments, **options) -> tuple[Any, Any, Any]:
    """Do the same by likelihood."""
    return reference_fit(*arguments, algorithm="LIKELY", **options)
