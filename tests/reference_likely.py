"""The official likelihood fit, called on arrays as its pipeline step calls it."""

import logging
from types import SimpleNamespace
from typing import Any

import numpy as np
from jwst.ramp_fitting.ramp_fit_step import set_groupdq
from stcal.ramp_fitting.ramp_fit import ramp_fit
from stdatamodels.jwst.datamodels import dqflags


class _Model(SimpleNamespace):
    def hasattr(self, name: str) -> bool:
        return hasattr(self, name)


def reference_likely(
    sci,
    groupdq,
    pixeldq,
    gain,
    readnoise,
    timing,
    *,
    instrument="NIRCAM",
    zeroframe=None,
    dark_current=None,
    firstgroup=None,
    lastgroup=None,
) -> tuple[Any, Any, None]:
    """Return the dictionaries of arrays of the reference: rate, integrations, None."""
    exposure = SimpleNamespace(
        frame_time=timing.frame_time,
        group_time=timing.group_time,
        groupgap=timing.groupgap,
        nframes=timing.n_frames,
        drop_frames1=timing.drop_frames1,
        read_times=timing.read_times and [list(times) for times in timing.read_times],
    )
    model = _Model(
        data=sci.astype(np.float32),
        groupdq=groupdq.astype(np.uint8),
        pixeldq=pixeldq.astype(np.uint32),
        meta=SimpleNamespace(
            instrument=SimpleNamespace(name=instrument), exposure=exposure
        ),
    )
    if zeroframe is not None:
        model.zeroframe = zeroframe.astype(np.float32)
    if dark_current is not None:
        model.average_dark_current = dark_current.astype(np.float32)
    if firstgroup is not None or lastgroup is not None:
        set_groupdq(firstgroup, lastgroup, sci.shape[1], model.groupdq, dqflags.group)
    logging.disable(logging.CRITICAL)
    try:
        with np.errstate(all="ignore"):
            return ramp_fit(
                model,
                False,
                readnoise.astype(np.float32),
                gain.astype(np.float32),
                "LIKELY",
                "optimal",
                "1",
                dqflags.pixel,
            )
    finally:
        logging.disable(logging.NOTSET)
