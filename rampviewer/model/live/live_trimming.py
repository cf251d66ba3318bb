"""Whether a move of the parameters leaves the trimming of MIRI groups as it was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.fit.trimming import is_group_used, user_of_group
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.run import Run
from rampviewer.model.runs.run_flags import flags_of_rows


@dataclass(frozen=True, slots=True, eq=False)
class Trimming:
    """Which groups of all were trimmed, and pixels for whose sake others were not.

    Leading groups, and the last one, are trimmed when no ramp uses them, which depends on
    the flags of the whole exposure. `users` names a pixel for each group at an end that is
    left: as long as it does not change the group stays.
    """

    settings: FitSettings | None
    unused: tuple[int, ...]  # groups trimmed away
    users: dict[int, int]  # pixel, row x n_cols + column, by group

    @classmethod
    def of(cls, exposure: Exposure, run: Run, settings: FitSettings | None) -> "Trimming":
        """Look at the flags of a complete run."""
        last = exposure.n_groups - 1
        if settings is None or exposure.instrument != "MIRI" or last == 0:
            return cls(settings, (), {})
        ends = {settings.first, last} if settings.stop > last else {settings.first}
        used = _rules(settings)
        users = {group: _user(exposure, run, group, used) for group in sorted(ends)}
        cut = () if settings.stop > last else (last,)
        return cls(settings, (*range(settings.first), *cut), users)

    def stays(self, groupdq: NDArray[np.uint8], pixels: NDArray[np.int64]) -> bool:
        """Return whether it stays when some pixels get other flags; False if not surely.

        Parameters
        ----------
        groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
            The new flags of the pixels that change, and of others that no ramp uses.
        pixels : (n,) int64
            Those pixels, row x n_cols + column.
        """
        if self.settings is None:
            return pixels.size == 0
        used = _rules(self.settings)
        if any(is_group_used(groupdq, group, *used) for group in self.unused):
            return False
        return all(
            user not in pixels or is_group_used(groupdq, group, *used)
            for group, user in self.users.items()
        )


def _rules(settings: FitSettings) -> tuple[int, int, bool]:
    return settings.first_used, settings.last_used, settings.suppress_one_group


def _user(exposure: Exposure, run: Run, group: int, used: tuple[int, int, bool]) -> int:
    """Return a pixel that uses a group; nearly always there is one in the first row."""
    for row in range(exposure.n_rows):
        col = user_of_group(flags_of_rows(exposure, run, row, row + 1), group, *used)
        if col >= 0:
            return int(row * exposure.n_cols + col)
    raise AssertionError("a group that is not trimmed is used by some ramp")
