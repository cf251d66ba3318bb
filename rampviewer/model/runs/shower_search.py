"""The search for showers over all groups of an exposure, on a few threads."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.large.clipped import clipped_steps
from rampviewer.core.large.deviations import Signal, typical_steps
from rampviewer.core.large.ellipses import Shapes
from rampviewer.core.large.events import Event
from rampviewer.core.large.marks import GroupMarks, marks_of
from rampviewer.core.large.ring import Ring
from rampviewer.core.large.showers import (
    Showers,
    ShowerSettings,
    first_groups,
    flagged_by,
    is_searched,
    never_used,
    reference_pixels,
)
from rampviewer.core.origin import Origin
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure

F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShowerSearch:
    """Finds showers and the flags that they set.

    Parameters
    ----------
    exposure : Exposure
    signal : Signal
        Its data and the flags after two-point differences and snowballs.
    pixeldq : (n_rows, n_cols) uint32
        Flags of pixels after jump detection.
    settings : ShowerSettings
    by_sigma_clip : bool
        Whether the typical step is found for each group apart, over the integrations.
    n_threads : int
    is_cancelled : callable
    """

    exposure: Exposure
    signal: Signal
    pixeldq: NDArray[np.uint32]
    settings: ShowerSettings
    by_sigma_clip: bool
    n_threads: int
    is_cancelled: Callable[[], bool]

    def events(self) -> list[Event]:
        """Return the showers by integration and group.

        Raises
        ------
        CancelledError
            When `is_cancelled`.
        """
        flags = self.signal.flags
        if not is_searched(flags):
            return []
        median, sigma = self._typical()
        search = Showers(
            self.signal,
            never_used(self.pixeldq),
            median,
            sigma,
            self.settings,
            Ring(self.settings.inner_radius, self.settings.outer_radius),
            Shapes(),
        )
        firsts = first_groups(flags, self.pixeldq)
        groups = [
            (i, g)
            for i, first in enumerate(firsts)
            for g in range(first + 1, flags.shape[1])
        ]
        # Groups in place of bands; each thread has a few of them in memory.
        found = self.exposure.over_bands(
            search.of_group, self.n_threads, self.is_cancelled, tasks=groups, made=[flags]
        )
        events = [event for showers in found for event in showers]
        return sorted(events, key=lambda event: (event.integration, event.group))

    def _typical(self) -> tuple[F32, F32]:
        """Return the median step and its noise [electron]: (n_steps, n_rows, n_cols)."""
        exposure = self.exposure
        n_steps = exposure.n_groups - 1 if self.by_sigma_clip else 1
        shape = (n_steps, exposure.n_rows, exposure.n_cols)
        median, sigma = np.empty(shape, np.float32), np.empty(shape, np.float32)
        n_frames = exposure.timing.n_frames

        def work(start: int, stop: int) -> None:
            if self.by_sigma_clip:
                clipped_steps(self.signal, start, stop, median, sigma)
            else:
                arguments = self.signal, exposure.readnoise, n_frames, start, stop
                typical_steps(*arguments, median, sigma)

        with warnings.catch_warnings():
            # Pixels without any step. Here, because all threads share what is ignored.
            warnings.simplefilter("ignore")
            for _ in exposure.over_bands(
                work, self.n_threads, self.is_cancelled, made=[self.signal.flags]
            ):
                pass
        return median, sigma

    def marks(self, events: list[Event]) -> list[GroupMarks]:
        """Return the flags of the events.

        Raises
        ------
        CancelledError
            When `is_cancelled`.
        """
        marks: list[GroupMarks] = []
        n_groups, reference = self.exposure.n_groups, reference_pixels(self.pixeldq)
        for i in sorted({event.integration for event in events}):
            if self.is_cancelled():
                raise CancelledError
            own = [event for event in events if event.integration == i]
            flagged = flagged_by(own, self.signal, i, reference, self.settings)
            for g in range(min(event.group for event in own), n_groups):
                origin = np.full_like(flagged[g], Origin.SHOWER)
                marks.append((i * n_groups + g, marks_of(flagged[g], origin)))
        return marks
