"""Makes the kernels ready before anybody waits for them."""

from dataclasses import replace

from rampviewer.model.exposure import Pixel
from rampviewer.model.first_compile import compile_first, smallest_exposure
from rampviewer.model.inspection import inspect_pixel
from rampviewer.model.jump_table import jump_table
from rampviewer.model.live import LiveRun
from rampviewer.model.live_delta import apply
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.prepared import Prepared
from rampviewer.model.processing import process_exposure
from rampviewer.model.run import Recipe


def warm_up() -> None:
    """Compile, or load from the cache, every kernel of processing and inspection.

    The first time ever this takes seconds; it belongs on a worker.
    """
    prepared = Prepared.of(smallest_exposure())
    compile_first(prepared)
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    run = process_exposure(prepared, recipe, n_threads=1)
    jump_table(prepared, run, n_threads=1)
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
