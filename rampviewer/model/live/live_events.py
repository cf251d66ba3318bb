"""The pixels that a move of a threshold can change, found without looking at any other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rampviewer.core.jump import SINGLE_PASS, JumpSettings
from rampviewer.core.live.events import Events, find_events
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.bands import bands

I64 = NDArray[np.int64]
_LAST_BIN = 4096  # holds what is infinite
_ROWS = 16  # looked through at a time


def thresholds_of(settings: JumpSettings) -> tuple[float, ...]:
    """Return the thresholds that decide, in the order of the kinds of events."""
    if settings.branch == SINGLE_PASS:
        return (settings.threshold,)
    return settings.threshold, settings.threshold_3, settings.threshold_2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventIndex:
    """Pixels sorted by the thresholds at which they gain or lose a jump.

    It knows every change at or above `floor` [sigma], in one branch of the detection. Bins
    are finest at the floor, where most events are, and go on to infinity.
    """

    branch: int
    floor: float
    pixels: NDArray[np.uint32]  # (n_events,) row x n_cols + column, bin after bin
    first: I64  # (n_kinds x n_bins + 1,) where each bin begins

    @classmethod
    def of(
        cls,
        exposure: Exposure,
        settings: JumpSettings,
        floor: float,
        n_threads: int,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> "EventIndex":
        """Look through an exposure whose groups are all alike.

        Parameters
        ----------
        exposure : Exposure
        settings : JumpSettings
            Of any thresholds.
        floor : float
            Above 0 [sigma].
        n_threads : int
        is_cancelled : callable

        Raises
        ------
        CancelledError
            When `is_cancelled`.
        """
        lowest = settings._replace(
            threshold=floor, threshold_3=floor, threshold_2=floor, keep_delivered=0
        )
        data = exposure.sci.reshape(-1, exposure.n_rows, exposure.n_cols)
        delivered = exposure.groupdq.reshape(data.shape)
        noise = exposure.gain, exposure.readnoise

        def work(start: int, stop: int) -> Events:
            events: Events = find_events(data, delivered, noise, (start, stop), lowest)
            return events

        # Small bands: whoever cancels does not wait.
        tasks = bands(exposure.n_rows, _ROWS)
        pixels, places = [], []
        for found in exposure.over_bands(work, n_threads, is_cancelled, tasks=tasks):
            pixels.append(found.pixel.astype(np.uint32))
            bins = _bins(found.critical, floor) + found.kind * np.int64(_LAST_BIN + 1)
            places.append(bins.astype(np.uint16))
        order = np.argsort(np.concatenate(places), kind="stable")
        if is_cancelled():
            raise CancelledError
        counts = np.bincount(np.concatenate(places), minlength=3 * (_LAST_BIN + 1))
        first = np.concatenate(([0], np.cumsum(counts)))
        listed = np.concatenate(pixels)[order]
        return cls(branch=settings.branch, floor=floor, pixels=listed, first=first)

    def covers(self, settings: JumpSettings) -> bool:
        """Return whether all changes at these thresholds and above are known."""
        is_high = min(thresholds_of(settings)) >= self.floor
        return settings.branch == self.branch and is_high

    def between(self, old: JumpSettings, new: JumpSettings) -> list[I64]:
        """Return lists of pixels: every one that changes between two sets of thresholds."""
        return [
            self._part(kind, min(a, b), max(a, b))
            for kind, (a, b) in enumerate(
                zip(thresholds_of(old), thresholds_of(new), strict=True)
            )
            if a != b
        ]

    def n_between(self, old: JumpSettings, new: JumpSettings, least: float) -> int:
        """Return how many events there are in the lists of `between` from `least` on."""
        both = zip(thresholds_of(old), thresholds_of(new), strict=True)
        ends = [
            self._ends(kind, max(min(a, b), least), max(a, b))
            for kind, (a, b) in enumerate(both)
            if a != b and max(a, b) >= least
        ]
        return sum(stop - start for start, stop in ends)

    def above(self, settings: JumpSettings) -> list[I64]:
        """Return lists of pixels: every one in which jumps are found."""
        return [
            self._part(kind, threshold, np.inf)
            for kind, threshold in enumerate(thresholds_of(settings))
        ]

    def _part(self, kind: int, low: float, high: float) -> I64:
        start, stop = self._ends(kind, low, high)
        return self.pixels[start:stop].astype(np.int64)

    def _ends(self, kind: int, low: float, high: float) -> tuple[int, int]:
        """Return which of `pixels` [start, stop) are in the bins of two thresholds."""
        start, stop = _bins([low, high], self.floor) + kind * (_LAST_BIN + 1)
        return int(self.first[start]), int(self.first[stop + 1])


def _bins(critical: ArrayLike, floor: float) -> I64:
    """Return the bins of values, at least `floor`; the same for events and thresholds.

    No rounding puts a larger value into a lower bin.
    """
    bins: I64 = (_LAST_BIN * (1.0 - floor / np.asarray(critical))).astype(np.int64)
    return bins
