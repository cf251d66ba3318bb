"""An exposure with what every pass needs to know of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.facts import ExposureFacts
from rampviewer.core.gain_marks import mark_gain
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory import pages
from rampviewer.model.planes.combined_flags import CombinedFlags
from rampviewer.model.runs.bands import do_in_bands


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """An exposure with what is global to it, found once for all passes."""

    exposure: Exposure
    facts: ExposureFacts
    seen: Dq  # flags that any group has as delivered
    unusable: NDArray[np.bool_]  # (n_rows, n_cols), DO_NOT_USE in PIXELDQ as delivered
    pixeldq: NDArray[np.uint32]  # (n_rows, n_cols) after jump detection: `without_gain`
    any_group: CombinedFlags

    @classmethod
    def of(cls, exposure: Exposure) -> "Prepared":
        """Look through an exposure; takes as long as reading its flags once."""
        any_group = CombinedFlags.of(exposure.groupdq, exposure.room)
        unusable = pages.empty(exposure.pixeldq.shape, np.bool_)
        marked = pages.empty(exposure.pixeldq.shape, np.uint32)

        def look(start: int, stop: int) -> None:
            here = slice(start, stop)
            found = marked[here], unusable[here]
            mark_gain(exposure.pixeldq[here], exposure.gain[here], *found)

        do_in_bands(look, exposure.n_rows, exposure.n_cols)
        return cls(
            exposure=exposure,
            facts=ExposureFacts.of(exposure.groupdq, exposure.gain),
            seen=_union(any_group.of_exposure),
            unusable=unusable,
            pixeldq=marked,
            any_group=any_group,
        )

    def __repr__(self) -> str:
        return f"<Prepared {self.exposure.name}>"

    @property
    def has_delivered_jumps(self) -> bool:
        """Whether any group has JUMP_DET as delivered."""
        return Dq.JUMP_DET in self.seen

    def last_usable_group(self, integration: int) -> int:
        """Return the last group that is not DO_NOT_USE in all pixels; else the last."""
        return self.usable_ends(integration)[1]

    def usable_ends(self, integration: int) -> tuple[int, int]:
        """Return first and last group that are not DO_NOT_USE in all pixels, if any is."""
        unusable = self.facts.unusable[integration]
        usable = np.flatnonzero(~unusable)
        ends = usable if usable.size else np.arange(unusable.size)
        return int(ends[0]), int(ends[-1])


def _union(flags: NDArray[np.uint8]) -> Dq:
    # Over rows first: over all at once numpy takes one value after the other.
    return Dq(int(np.bitwise_or.reduce(np.bitwise_or.reduce(flags, axis=0))))
