"""How many pixels of a picture have no value, or carry each flag."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from rampviewer.core.dq import Dq, any_set
from rampviewer.gui.work.call_job import CallJob
from rampviewer.gui.work.job_runner import Job, JobRunner

PAUSE_MS: Final = 200
_CHUNK: Final = 64  # rows

Flags = NDArray[np.unsignedinteger[Any]]
Counts = Mapping[Dq, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What was counted; None for what is not shown.

    Attributes
    ----------
    n_nan : int or None
        Pixels of a picture of values that have none.
    flags : mapping or None
        Pixels of a picture of flags that carry each.
    overlaid : mapping or None
        Those that carry each of the flags drawn above the picture.
    """

    n_nan: int | None = None
    flags: Counts | None = None
    overlaid: Counts | None = None


def count_flags(dq: Flags) -> dict[Dq, int]:
    """Return how many pixels of (n_rows, n_cols) carry each flag that occurs."""
    present = int(np.bitwise_or.reduce(np.bitwise_or.reduce(dq, axis=0)))
    bits = [bit for bit in Dq if present & bit]
    # Some rows at a time: a frame of intermediate results is slow to allocate.
    parts = [dq[row : row + _CHUNK] for row in range(0, len(dq), _CHUNK)]
    return {bit: sum(_count(part, bit) for part in parts) for bit in bits}


def count_nan(values: NDArray[Any]) -> int:
    """Return how many values are NaN."""
    if values.dtype.kind != "f":
        return 0
    parts = (values[row : row + _CHUNK] for row in range(0, len(values), _CHUNK))
    return sum(int(np.count_nonzero(np.isnan(part))) for part in parts)


def _count(flags: Flags, bit: Dq) -> int:
    return int(np.count_nonzero(any_set(flags, bit)))


def _statistics(
    values: NDArray[Any] | None, is_flags: bool, overlaid: Flags | None
) -> Statistics:
    is_counted = values is not None and not is_flags
    return Statistics(
        n_nan=count_nan(values) if is_counted and values is not None else None,
        flags=count_flags(values) if is_flags and values is not None else None,
        overlaid=None if overlaid is None else count_flags(overlaid),
    )


class PictureStatistics(QObject):
    """Counts what is shown, a while after that has changed, on a lane if it has one.

    Signals
    -------
    counted : Statistics
        Of the picture that is shown.
    """

    counted = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[Any] | None = None
        self._overlaid: Flags | None = None
        self._is_flags = self._is_stopped = False
        self._lane: JobRunner | None = None
        self._job: Job | None = None  # that counts what is shown
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.count)

    def set_lane(self, lane: JobRunner) -> None:
        """Count on a lane of its own from now on; a whole frame takes tens of ms."""
        self._lane = lane
        lane.step_done.connect(self._take)
        lane.failed.connect(self._fail)

    def set_picture(self, values: NDArray[Any] | None, *, is_flags: bool = False) -> None:
        """Turn to another picture, or none; what was begun for the last one is dropped."""
        self._values, self._is_flags, self._job = values, is_flags, None
        if values is None:
            self._timer.stop()
        else:
            self.renew()

    def set_overlaid(self, groupdq: Flags | None) -> None:
        """Take the flags that are drawn above the picture, if any are."""
        self._overlaid, self._job = groupdq, None
        self.renew()

    def renew(self) -> None:
        """Take that values have changed in place."""
        # Not postponed by a burst of changes, but never more than once per interval.
        if not (self._timer.isActive() or self._is_stopped):
            self._timer.start()

    def stop(self) -> None:
        """Count no more: the window closes."""
        self._timer.stop()
        self._is_stopped = True

    def count(self) -> None:
        """Count what is shown."""
        work = partial(_statistics, self._values, self._is_flags, self._overlaid)
        if self._lane is None:
            self.counted.emit(work())
        else:
            self._job = CallJob(work)
            self._lane.request(self._job)

    def _take(self, job: Job, found: Statistics) -> None:
        if job is self._job:
            self._job = None
            self.counted.emit(found)

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook
