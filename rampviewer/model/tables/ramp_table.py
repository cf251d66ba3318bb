"""The ramps of pixels as rows of a table: one for each group."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import describe
from rampviewer.model.pixel.pixel_text import position_text
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.tables.column_table import Column, ColumnTable, decimals, significant

COLUMNS: Final = (
    Column(name="x", title="x", description="Column of the pixel, from 0"),
    Column(name="y", title="y", description="Row of the pixel, from 0"),
    Column(name="integration", title="int", description="Integration, from 0"),
    Column(name="group", title="group", description="Group, from 0"),
    Column(
        name="time",
        title="time",
        unit="s",
        description="(group + 1) x group time",
        text=significant(6),
    ),
    Column(
        name="signal",
        title="signal",
        unit="DN",
        description="Counts of the group",
        text=decimals(2),
    ),
    Column(name="groupdq", title="GROUPDQ", description="Flags of the run shown"),
    Column(name="flags", title="flags", description="Names of these flags"),
    Column(
        name="difference",
        title="difference",
        unit="electron",
        description="To the group before",
        text=decimals(1),
    ),
    Column(
        name="median",
        title="median",
        unit="electron",
        description="That the difference was compared with",
        text=decimals(1),
    ),
    Column(
        name="sigma",
        title="sigma",
        unit="electron",
        description="Of the difference",
        text=decimals(2),
    ),
    Column(
        name="ratio",
        title="ratio",
        shown_unit="sigma",
        description="How far the difference is off the median",
        text=decimals(3),
    ),
    Column(
        name="threshold",
        title="threshold",
        shown_unit="sigma",
        description="That the ratio was compared with",
        text=significant(6),
    ),
)


def ramp_table(view: PixelView, pinned: Sequence[PixelView] = ()) -> ColumnTable:
    """Return all groups of a pixel, and of pinned ones, with what was decided there."""
    others = [other for other in pinned if other.pixel != view.pixel]
    found = [_arrays(each) for each in (view, *others)]
    return ColumnTable(
        columns=COLUMNS,
        arrays={
            column.name: np.concatenate([arrays[column.name] for arrays in found])
            for column in COLUMNS
        },
        notes={
            "pixel": ", ".join([position_text(view), *(["and pins"] if others else [])]),
            "run": view.run_name,
            "parameters": view.parameters_text,
        },
    )


def _arrays(view: PixelView) -> dict[str, NDArray[Any]]:
    """Return the columns of one pixel."""
    n_ints, n_groups = len(view.integrations), view.integrations[0].signal.size
    groupdq = np.concatenate([item.groupdq for item in view.integrations])
    group = np.tile(np.arange(n_groups), n_ints)
    decision = view.decision
    found = {
        "difference": decision.difference,
        "median": decision.median,
        "sigma": decision.sigma,
        "ratio": decision.ratio,
        "threshold": decision.limit,
    }
    none = ((0, 0), (1, 0))  # the first group has no difference
    steps = {
        name: np.pad(values, none, constant_values=np.nan).ravel()
        for name, values in found.items()
    }
    return {
        "x": np.full(groupdq.size, view.pixel.col),
        "y": np.full(groupdq.size, view.pixel.row),
        "integration": np.repeat(np.arange(n_ints), n_groups),
        "group": group,
        "time": view.times.of(group),
        "signal": np.concatenate([item.signal for item in view.integrations]),
        "groupdq": groupdq,
        "flags": np.array([describe(int(flags)) for flags in groupdq]),
        **steps,
    }
