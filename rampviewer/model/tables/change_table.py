"""Groups whose flags changed from one run to another, as rows of a table."""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.jump.listing import FlagList
from rampviewer.model.planes.rate_difference import sigma_difference
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Run
from rampviewer.model.tables import jump_table
from rampviewer.model.tables.column_table import Column, ColumnTable, decimals, significant

U8 = NDArray[np.uint8]
_JUMP, _SATURATED = int(Dq.JUMP_DET), int(Dq.SATURATED)
# By the bits that are set and those that are cleared.
_KINDS: Final = {
    (_JUMP, 0): "flagged",
    (0, _JUMP): "unflagged",
    (_SATURATED, 0): "saturated",
    (0, _SATURATED): "unsaturated",
    (_SATURATED, _JUMP): "jump to saturated",
    (_JUMP, _SATURATED): "saturated to jump",
    (_JUMP | _SATURATED, 0): "both set",
    (0, _JUMP | _SATURATED): "both cleared",
}
WORDS: Final = tuple(_KINDS.values())
HELP: Final = (
    "Words and conditions, all of which must hold:\n"
    "flagged, unflagged, saturated ... (change)   primary, delivered ... (origin)\n"
    "group=5   int=0   x<100   step>=500   ratio=3..4   difference<-3\n"
    "512,300 (the pixel x,y)"
)


def _kind_of() -> U8:
    numbers = np.full(16, len(WORDS), np.uint8)  # no word for what stays
    for old in range(4):
        for new in range(4):
            bits = 2 * (new & ~old), 2 * (old & ~new)
            if bits in _KINDS:
                numbers[4 * old + new] = WORDS.index(_KINDS[bits])
    return numbers


# By 4 x old + new flags, each of which counts 1 for SATURATED and 2 for JUMP_DET.
KIND_OF: Final = _kind_of()
_SHARED: Final = {column.name: column for column in jump_table.COLUMNS}
COLUMNS: Final = (
    *(_SHARED[name] for name in ("x", "y", "integration", "group")),
    Column(
        name="change",
        title="change",
        description=(
            "What became of JUMP_DET (flagged, unflagged) and of SATURATED in the group; "
            "or of both"
        ),
        words=WORDS,
    ),
    Column(
        name="origin",
        title="origin",
        description="What set the flag that is new or, if none is, the one that is gone",
        words=_SHARED["origin"].words,
    ),
    *(_SHARED[name] for name in ("step", "ratio", "threshold")),
    Column(
        name="before",
        title="before",
        unit="DN/s",
        description="Rate of the pixel in the earlier run, as delivered",
        text=significant(6),
    ),
    Column(
        name="after",
        title="after",
        unit="DN/s",
        description="Rate of the pixel in the later run, the live one",
        text=significant(6),
    ),
    Column(
        name="difference",
        title="difference",
        shown_unit="sigma",
        description=(
            "Rate after minus rate before, in units of the larger of their two errors"
        ),
        text=decimals(2),
    ),
)


_GAINED: Final = np.array([gained != 0 for gained, _ in _KINDS])


def is_gained(table: ColumnTable) -> NDArray[np.bool_]:
    """Return which rows have a flag that is new."""
    gained: NDArray[np.bool_] = _GAINED[table["change"]]
    return gained


class Changed(Protocol):
    """Groups that changed, (n,) each; see `run_changes`."""

    @property
    def kind(self) -> U8: ...
    @property
    def origin(self) -> U8: ...


def change_table(
    prepared: Prepared, before: Run, after: Run, changed: Changed, listed: FlagList
) -> ColumnTable:
    """Return a row for each of the groups `changed`, in their order.

    Parameters
    ----------
    prepared : Prepared
    before, after : Run
    changed : Changed
    listed : FlagList
        What the two-point differences say of the same groups, in the same order.
    """
    n_groups = prepared.exposure.n_groups
    pixels = listed.row.astype(np.int64), listed.col.astype(np.int64)
    arrays = {
        "x": listed.col,
        "y": listed.row,
        "integration": listed.plane // np.int32(n_groups),
        "group": listed.plane % np.int32(n_groups),
        "change": changed.kind,
        "origin": changed.origin,
        "step": listed.step,
        "ratio": listed.ratio,
        "threshold": listed.limit,
        "before": before.rate.slope[pixels],
        "after": after.rate.slope[pixels],
        "difference": sigma_difference(before.rate, after.rate, pixels),
    }
    notes = jump_table.table_notes(prepared, after)
    notes["before"] = before.recipe.title
    return ColumnTable(columns=COLUMNS, arrays=arrays, notes=notes)
