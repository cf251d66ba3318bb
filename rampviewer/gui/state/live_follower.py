"""The run on screen, kept up with the live run of the worker."""

from functools import partial

from rampviewer.gui.state.plane_writer import PlaneWriter
from rampviewer.model.live.live_delta import Delta, fill, followed, put_pixels, room_like
from rampviewer.model.live.live_job import LiveJob
from rampviewer.model.live.live_move import NUMBER
from rampviewer.model.live.live_run import LiveRun
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import ProcessJob
from rampviewer.model.runs.run import Run

ImageJob = LiveJob | ProcessJob  # makes what the image shows


class LiveFollower:
    """Applies what the moves of one `LiveRun` change, in their order.

    `live` itself is used by the worker only. The values are written by `writer`, which is
    to settle before any of them is read.
    """

    def __init__(self, prepared: Prepared, writer: PlaneWriter) -> None:
        self.live = LiveRun(prepared)
        self._writer = writer
        self._generation = 0
        self._lent: Run | None = None

    def lend(self, run: Run) -> Run:
        """Return a run whose planes will stay as they are, whatever comes."""
        if run.number == NUMBER:  # no other one ever changes
            self._lent = run
        return run

    def follow(self, delta: Delta, run: Run | None) -> Run | None:
        """Return the run that a move leads to from `run`.

        Unless that was lent its planes change in place. None means that a move before this
        one was never told of: only a whole run can follow.
        """
        is_next = delta.generation == self._generation + 1
        if delta.pixels is None:
            self._generation = delta.generation
            return delta.run
        if run is None or not is_next:
            return None
        self._generation = delta.generation
        target = run
        if run is self._lent:
            target = room_like(run)
            self._writer.write(partial(fill, target, run))
        self._writer.write(partial(put_pixels, delta, target))
        return followed(delta, target)
