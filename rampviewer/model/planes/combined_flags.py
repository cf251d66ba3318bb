"""GROUPDQ of all groups of an integration or of an exposure in one frame."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.memory import pages
from rampviewer.model.memory.budget import IN_MEMORY, Room
from rampviewer.model.memory.scratch import expect, release
from rampviewer.model.runs.bands import do_in_bands
from rampviewer.model.runs.diagnostics import Counts
from rampviewer.model.runs.flag_planes import ROWS, mark_jumps, with_jumps
from rampviewer.model.runs.large_events import LargeLayer, mark_any_group

U8 = NDArray[np.uint8]


class RunJumps(Protocol):
    """What is needed of a run to know where its jumps are."""

    @property
    def jump_bits(self) -> U8: ...
    @property
    def n_jumps(self) -> Counts: ...
    @property
    def large(self) -> LargeLayer | None: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CombinedFlags:
    """The flags that any group of a pixel carries as delivered.

    Found once for an exposure: to look through all groups takes longer than a window may
    wait.
    """

    of_integration: U8  # (n_ints, n_rows, n_cols)
    of_exposure: U8  # (n_rows, n_cols)

    @classmethod
    def of(cls, groupdq: U8, room: Room = IN_MEMORY) -> "CombinedFlags":
        """Join the groups of (n_ints, n_groups, n_rows, n_cols) flags."""
        n_ints, _, *frame = groupdq.shape
        joined = room.empty((n_ints, *frame), np.uint8)
        whole = joined[0] if n_ints == 1 else np.zeros(frame, np.uint8)
        for flags, out in zip(groupdq, joined, strict=True):
            expect(flags)

            def join(start: int, stop: int, flags: U8 = flags, out: U8 = out) -> None:
                rows = slice(start, stop)
                np.bitwise_or.reduce(flags[:, rows], axis=0, out=out[rows])
                whole[rows] |= out[rows]

            do_in_bands(join, *frame)
            release(groupdq)
        release(joined)
        return cls(of_integration=joined, of_exposure=whole)


def any_group_flags(
    delivered: CombinedFlags, run: RunJumps | None, integration: int | None
) -> U8:
    """Return the flags that any group carries: jumps of `run`, other bits as delivered.

    Bits that a snowball removes from a group count all the same.

    Parameters
    ----------
    delivered : CombinedFlags
    run : RunJumps or None
        Without a run the flags are all as delivered.
    integration : int or None
        Counted from 0; None for the groups of all integrations.

    Returns
    -------
    flags : (n_rows, n_cols) uint8
    """
    whole = integration is None
    flags = delivered.of_exposure if whole else delivered.of_integration[integration]
    if run is None:
        return flags
    if whole:
        jumps: U8 = pages.empty(flags.shape, np.uint8)
        for start in range(0, len(flags), ROWS):
            rows = slice(start, start + ROWS)
            np.greater(run.n_jumps[rows], 0, out=jumps[rows].view(np.bool_))
            mark_jumps(jumps[rows], flags[rows])
    else:
        jumps = with_jumps(flags, np.bitwise_or.reduce(run.jump_bits[integration], axis=0))
    if run.large is not None:
        n_ints, n_groups = run.jump_bits.shape[:2]
        first = 0 if integration is None else integration
        last = n_ints if integration is None else integration + 1
        mark_any_group(run.large, jumps, range(first * n_groups, last * n_groups))
    return jumps
