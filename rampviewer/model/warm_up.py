"""Makes the kernels ready before anybody waits for them."""

from dataclasses import replace

import numpy as np

from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.inspection import inspect_pixel
from rampviewer.model.live import LiveRun
from rampviewer.model.live_delta import apply
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.prepared import Prepared
from rampviewer.model.processing import process_exposure
from rampviewer.model.run import Recipe
from rampviewer.model.timing import Timing


def warm_up() -> None:
    """Compile, or load from the cache, every kernel of processing and inspection.

    The first time ever this takes seconds; it belongs on a worker.
    """
    shape = (1, 5, 3, 4)
    sci = np.arange(60, dtype=np.float32).reshape(shape)
    sci[:, 2:, 1, 1] += 100  # a jump, for what follows from one
    exposure = Exposure.from_arrays(
        sci=sci,
        groupdq=np.zeros(shape, np.uint8),
        pixeldq=np.zeros(shape[2:], np.uint32),
        gain=1.0,
        readnoise=1.0,
        timing=Timing(frame_time=1.0, group_time=1.0),
    )
    prepared = Prepared.of(exposure)
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    process_exposure(prepared, recipe, n_threads=1)
    inspect_pixel(prepared, recipe, Pixel(1, 2))
    after = JumpParameters(after_jump_flag_dn1=50.0, after_jump_flag_time1=1.0)
    inspect_pixel(prepared, replace(recipe, jump=after), Pixel(1, 1))
    _move_live(prepared, recipe)


def _move_live(prepared: Prepared, recipe: Recipe) -> None:
    """Move a threshold across the jump of one pixel, and a rule for its neighbours."""
    live = LiveRun(prepared, n_threads=1, most_pixels=prepared.exposure.pixeldq.size)
    run = live.move_to(recipe).run
    live.prepare()
    for threshold, time in ((1e4, 0.0), (4.0, 0.0), (4.0, 1.0)):
        jump = JumpParameters(
            rejection_threshold=threshold,
            after_jump_flag_dn1=50.0,
            after_jump_flag_time1=time,
        )
        run = apply(live.move_to(replace(recipe, jump=jump)), run)
