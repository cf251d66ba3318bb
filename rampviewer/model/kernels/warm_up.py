"""Makes the kernels ready before anybody waits for them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import Enum, auto

import numpy as np

from rampviewer.core.flag_lanes import MOST_GROUPS
from rampviewer.core.window_means import fill_means
from rampviewer.model.exposure import Pixel
from rampviewer.model.kernels.first_compile import (
    compile_first,
    never,
    smallest_exposure,
    start_first_helper,
    start_helper,
    wait_for,
)
from rampviewer.model.live.live_delta import apply
from rampviewer.model.live.live_run import LiveRun
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.tables.jump_table import jump_table


class Ready(Enum):
    """How far the kernels are."""

    NOTHING = auto()
    PIXELS = auto()  # a rate, and its pixels if nothing rare is asked for
    EVERYTHING = auto()


def warm_up(is_cancelled: Callable[[], bool] = never) -> Iterator[Ready]:
    """Compile, or load from the cache, the kernels of window and processing by and by.

    The first time ever this takes a minute; it belongs on a worker. A kernel is compiled to
    its end; a second process that compiles beside this one ends when it is cancelled.

    Parameters
    ----------
    is_cancelled : callable

    Yields
    ------
    ready : Ready
        What is.

    Raises
    ------
    CancelledError
        When it is cancelled while it waits for the other process.
    """
    first_helper = start_first_helper()
    prepared = Prepared.of(smallest_exposure())
    compile_first(prepared, first_helper, is_cancelled)
    helper = None if first_helper is None else start_helper("rare")
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    run = process_exposure(prepared, recipe, n_threads=1)
    inspect_pixel(prepared, recipe, Pixel(1, 2))
    after = JumpParameters(after_jump_flag_dn1=50.0, after_jump_flag_time1=1.0)
    inspect_pixel(prepared, replace(recipe, jump=after), Pixel(1, 1))
    yield Ready.PIXELS
    _move_live(prepared, recipe)
    _reduce_image()
    jump_table(prepared, run, n_threads=1)
    yield Ready.PIXELS
    if helper is not None:
        wait_for(helper, is_cancelled)
    use_rare(prepared)
    yield Ready.EVERYTHING


def use_rare(prepared: Prepared) -> None:
    """Process more groups than a byte counts, and look at a pixel in rare ways.

    These are sigma clipping, over both axes, and the likelihood fit.
    """
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    many = Prepared.of(smallest_exposure(n_groups=MOST_GROUPS + 1))
    process_exposure(many, replace(recipe, delivered_jumps="as_delivered"), n_threads=1)
    for only_ints in (True, False):
        jump = JumpParameters(minimum_sigclip_groups=1, only_use_ints=only_ints)
        inspect_pixel(prepared, replace(recipe, jump=jump), Pixel(1, 1))
    likely = RampFitParameters(algorithm="LIKELY")
    inspect_pixel(prepared, replace(recipe, fit=likely), Pixel(1, 1))


def _reduce_image() -> None:
    """Take means as an image does whose pixels meet on those of the screen."""
    place, values = np.zeros(1, np.int64), np.zeros((1, 1), np.float32)
    fill_means(values, place, place, 1, 1, np.empty_like(values))


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
