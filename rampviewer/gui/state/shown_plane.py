"""The array on screen: a plane of a complete run, and rows of the pass in progress."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.gui.image.frame_copies import FrameCopies
from rampviewer.gui.image.stretch import Frame
from rampviewer.model.exposure import Exposure
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.planes.plane import Plane, moved_values, plane_values
from rampviewer.model.runs.processing import Tile
from rampviewer.model.runs.run import Run

Counted = NDArray[np.unsignedinteger[Any]]
Pixels = tuple[NDArray[np.int64], NDArray[np.int64]]


class Difference:
    """A frame minus another, taken only where it is looked at."""

    def __init__(self, frame: NDArray[np.float32], base: NDArray[np.float32]) -> None:
        self._frame, self._base = frame, base
        self.shape, self.size, self.dtype = frame.shape, frame.size, frame.dtype

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, part: Any) -> NDArray[np.float32]:
        difference: NDArray[np.float32] = self._frame[part] - self._base[part]
        return difference


@dataclass(slots=True, eq=False)
class Partial:
    """The pass in progress: its run, and the rows of it that are complete."""

    run: Run
    bands: list[tuple[int, int]] = field(default_factory=list)


class ShownPlane:
    """Which plane is on screen, and its values.

    Runs are frozen: rows of a pass in progress go into a copy.
    """

    def __init__(self, plane: Plane = Plane.RATE) -> None:
        self.plane, self.integration, self.group = plane, 0, 0
        self.minus: int | None = None  # group that a difference is taken to, if chosen
        self._values: NDArray[Any] | None = None
        self._copies = FrameCopies()
        self._partial: Partial | None = None
        self.n_changed: Counted | None = None  # see `plane_values`
        self.pinned: Run | None = None  # what rates are compared with, if not as delivered

    def number_drawn(self, shown: int) -> int:
        """Return the number of the run that is drawn: a difference is always live."""
        return 1 if self.plane.is_comparison else shown

    @property
    def is_against_pinned(self) -> bool:
        """Whether the values say how the live run differs from the pinned one."""
        return self.pinned is not None and self.plane.is_rate_difference

    def base(self, delivered: Run | None) -> Run | None:
        """Return what a difference is taken to."""
        return self.pinned if self.is_against_pinned else delivered

    @property
    def is_series(self) -> bool:
        """Whether the values grow from group to group."""
        is_chosen = self.plane is Plane.GROUP_DIFFERENCE and self.minus is not None
        return self.plane is Plane.GROUP or is_chosen

    def of_group(self, exposure: Exposure, group: int) -> Frame:
        """Return the values for another group of a series."""
        ramp, is_group = exposure.sci[self.integration], self.plane is Plane.GROUP
        frame: NDArray[np.float32] = ramp[group]
        if is_group or self.minus is None:
            return frame
        return Difference(frame, ramp[self.minus])

    def heading(self, number: int) -> str:
        text = self.plane.heading(self.integration, self.group, self.minus)
        if self.is_against_pinned and self.pinned is not None:
            text = self.plane.label_against(pinned_text(self.pinned))
        if number == 0 and self.plane.comes_from_run:
            text += ", flags as delivered"
        if self.plane is Plane.CHANGED_FLAGS and self.n_changed is None:
            text += ", being counted"
        return text

    def compose(
        self, exposure: Exposure, run: Run | None, base: Run | None, number: int
    ) -> NDArray[Any]:
        """Return the values of run `number`: of the complete one, where newer of the pass.

        Parameters
        ----------
        exposure : Exposure
        run : Run or None
            The complete run of that number, if there is one.
        base : Run or None
            What a difference is taken to.
        """
        if not self.plane.comes_from_run:
            self._values = self._of(exposure, run, base)
            return self._values
        self._values = self._copies.copy(
            exposure.pixeldq.shape, lambda rows: self._of(exposure, run, base, rows)
        )
        if self._partial is not None and self.is_passing(number):
            self._copy(exposure, self._partial.run, base, self._partial.bands)
        return self._values

    def take(
        self, exposure: Exposure, tile: Tile, base: Run | None, number: int
    ) -> tuple[tuple[int, int], ...]:
        """Keep the rows of a tile; return those that changed on screen."""
        partial = self._partial
        if partial is None or partial.run is not tile.run:
            partial = self._partial = Partial(tile.run)
        partial.bands += tile.bands
        is_drawn = tile.run.number == number and self.plane.comes_from_run
        if self._values is None or not is_drawn:
            return ()
        self._copy(exposure, tile.run, base, tile.bands)
        return tile.bands

    def touch(self, exposure: Exposure, delta: Delta, base: Run | None) -> Pixels | None:
        """Take the new values of some pixels; return where they are on screen, if they are.

        Parameters
        ----------
        exposure : Exposure
        delta : Delta
            Of the run that is drawn, with pixels.
        base : Run or None
            What a difference is taken to.
        """
        if self._values is None or not self.plane.comes_from_run:
            return None
        pixels = delta.pixels
        assert pixels is not None
        values = moved_values(delta, self.plane, self.integration, base)
        if values is not None:
            self._values.reshape(-1)[pixels] = values
        rows = pixels // exposure.n_cols  # `divmod` takes several times longer
        return rows, pixels - rows * exposure.n_cols

    def is_passing(self, number: int) -> bool:
        """Return whether there are rows of a pass in progress, of run `number`."""
        return self._partial is not None and self._partial.run.number == number

    def forget_values(self) -> None:
        """Keep no values until they are composed again."""
        self._values = None

    def forget_pass(self, number: int | None = None) -> None:
        """Forget the rows of the pass in progress; with `number`, only if they are its."""
        if self._partial is not None and number in (None, self._partial.run.number):
            self._partial = None

    def _copy(
        self,
        exposure: Exposure,
        run: Run,
        base: Run | None,
        bands: list[tuple[int, int]] | tuple[tuple[int, int], ...],
    ) -> None:
        assert self._values is not None
        for start, stop in bands:
            rows = slice(start, stop)
            self._values[rows] = self._of(exposure, run, base, rows)

    def _of(
        self,
        exposure: Exposure,
        run: Run | None,
        base: Run | None,
        rows: slice = slice(None),
    ) -> NDArray[Any]:
        return plane_values(
            exposure,
            run,
            self.plane,
            self.integration,
            self.group,
            minus=self.minus,
            base=base,
            n_changed=self.n_changed,
            rows=rows,
        )


def pinned_text(run: Run) -> str:
    """Return "pinned (4 sigma)"."""
    return f"pinned {run.recipe.title.removeprefix('run 1 ')}"
