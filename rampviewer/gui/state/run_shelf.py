"""The complete runs of an exposure, and the jobs that make those that are missing."""

from rampviewer.core.dq import Dq
from rampviewer.gui.state.live_follower import ImageJob, LiveFollower
from rampviewer.gui.state.plane_writer import PlaneWriter
from rampviewer.gui.state.scene import Scene
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.live.live_job import LiveJob
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import ProcessJob
from rampviewer.model.runs.run import Recipe, Run

DELIVERED, LIVE = 0, 1  # numbers of runs


class RunShelf:
    """Keeps at most one run of each number: 0 as delivered, 1 live.

    Parameters
    ----------
    prepared : Prepared
    writer : PlaneWriter

    Attributes
    ----------
    runs : dict of int to Run
        The complete ones, which need not be those of what is set now. Their planes are
        still written to until `writer` has settled.
    """

    def __init__(self, prepared: Prepared, writer: PlaneWriter) -> None:
        self.prepared = prepared
        self.runs: dict[int, Run] = {}
        self._writer = writer
        self._asked: LiveJob | None = None  # the last job, if it was for the live run
        self._follower = LiveFollower(prepared, writer)

    def is_current(self, number: int, recipe: Recipe) -> bool:
        """Return whether there is a complete run of what is set."""
        run = self.runs.get(number)
        if run is None or run.is_large_stale:
            return False
        return run.recipe == recipe_of(number, recipe)

    def lend(self, number: int) -> Run:
        """Return a run whose planes will stay as they are, whatever comes."""
        self._writer.settle()
        return self._follower.lend(self.runs[number])

    def missing(self, shown: int, recipe: Recipe, *, needs_delivered: bool) -> int | None:
        """Return the run to make next: the one shown or else the other, if needed."""
        needed = {LIVE}
        if self.prepared.has_delivered_jumps or needs_delivered or shown == DELIVERED:
            needed.add(DELIVERED)
        for number in (shown, LIVE + DELIVERED - shown):
            if number in needed and not self.is_current(number, recipe):
                return number
        return None

    def scene(self, shown: int, recipe: Recipe, overlay: Dq) -> Scene:
        """Return what there is to draw when the run of a number is shown."""
        is_comparable = self.is_current(DELIVERED, recipe)
        return Scene(
            prepared=self.prepared,
            runs=self.runs,
            settle=self._writer.settle,
            shown=shown,
            base=self.runs[DELIVERED] if is_comparable else None,
            overlay=overlay,
        )

    def job(self, number: int, recipe: Recipe, rows: tuple[int, int]) -> ImageJob | None:
        """Return the job that makes a run, the rows that are on screen first.

        None where it is the same as the last one: that is under way, or done.
        """
        recipe = recipe_of(number, recipe)
        if number == DELIVERED:
            self._asked = None  # it would never be done, if it waits still
            return ProcessJob(self.prepared, recipe, number, rows, gives_way=True)
        if self._asked is not None and self._asked.recipe == recipe:
            return None
        self._asked = LiveJob(self.prepared, self._follower.live, recipe, rows)
        return self._asked

    def is_followed(self, job: LiveJob) -> bool:
        """Return whether a job moves the live run that is followed now."""
        return job.live is self._follower.live

    def follow(self, delta: Delta) -> Run | None:
        """Return the live run that a move leads to; None, and begin anew, if unknown."""
        run = self._follower.follow(delta, self.runs.get(LIVE))
        if run is None:
            self.begin_anew()
        return run

    def begin_anew(self) -> None:
        """Follow another live run: how far the worker went with this one is not known."""
        self._follower = LiveFollower(self.prepared, self._writer)
        self._asked = None


def recipe_of(number: int, recipe: Recipe) -> Recipe:
    """Return what a run is made by when the live run is by `recipe`."""
    # Without a search for jumps the run is the same whatever the threshold.
    return Recipe.as_delivered(recipe.fit) if number == DELIVERED else recipe
