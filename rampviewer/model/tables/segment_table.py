"""The fitted segments of one pixel as rows of a table."""

from typing import Any, Final

import numpy as np

from rampviewer.model.pixel.pixel_view import PixelView, SegmentView
from rampviewer.model.tables.column_table import Column, ColumnTable, decimals, significant
from rampviewer.model.text.number_text import weight_text

_RATE: Final = "DN / s"
_VARIANCE: Final = "DN2 / s2"
_SHOWN: Final = {_RATE: "DN/s", _VARIANCE: "(DN/s)\N{SUPERSCRIPT TWO}"}


def _number(name: str, title: str, unit: str, description: str) -> Column:
    return Column(
        name=name,
        title=title,
        unit=unit,
        shown_unit=_SHOWN[unit],
        description=description,
        text=significant(5, padded=True),
    )


COLUMNS: Final = (
    Column(name="integration", title="int", description="Integration, from 0"),
    Column(name="first_group", title="first", description="First group used, from 0"),
    Column(name="last_group", title="last", description="Last group used, from 0"),
    _number("slope", "slope", _RATE, "Slope of the segment"),
    _number("err", "error", _RATE, "Error of the slope, sqrt(var_poisson + var_rnoise)"),
    Column(
        name="share",
        title="share",
        description="Share of the segment in the rate of the pixel, 0 to 1",
        text=weight_text,
    ),
    Column(
        name="power",
        title="power",
        description=(
            "Groups count by |(group - middle) / middle|^power, with power 0 all alike; "
            "empty where no weights are needed"
        ),
        text=significant(3),
    ),
    Column(
        name="snr",
        title="S/N",
        description="Signal to noise ratio, from which the power follows",
        text=decimals(1),
    ),
    Column(
        name="intercept",
        title="intercept",
        unit="DN",
        description="Value of the line at time 0, one group before the first one",
        text=decimals(1),
    ),
    Column(
        name="weight",
        title="weight",
        unit="s2 / DN2",
        shown_unit="(DN/s)\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT TWO}",
        description=(
            "1 / var_rnoise, by which least squares combines segments; empty after a "
            "likelihood fit"
        ),
        text=significant(4, padded=True),
    ),
    _number("var_poisson", "var Poisson", _VARIANCE, "Variance by photon noise"),
    _number("var_rnoise", "var read", _VARIANCE, "Variance by read noise"),
)


def segment_table(view: PixelView) -> ColumnTable:
    """Return a table with a row for every fitted segment, by integration and group."""
    rows = [
        _row(i, segment, is_likely=item.likely is not None)
        for i, item in enumerate(view.integrations)
        for segment in item.segments
    ]
    arrays = {
        column.name: np.array(
            [row[column.name] for row in rows],
            int if column.name in ("integration", "first_group", "last_group") else float,
        )
        for column in COLUMNS
    }
    notes = {
        "pixel": f"x {view.pixel.col}, y {view.pixel.row}",
        "run": view.run_name,
        "parameters": view.parameters_text,
        "counting": "x, y, integration and groups count from 0",
    }
    return ColumnTable(columns=COLUMNS, arrays=arrays, notes=notes)


def _row(integration: int, segment: SegmentView, *, is_likely: bool) -> dict[str, Any]:
    variance = segment.var_rnoise
    weight = 1.0 / variance if variance > 0.0 and not is_likely else np.nan
    return {
        "integration": integration,
        "first_group": segment.first_group,
        "last_group": segment.last_group,
        "slope": segment.slope,
        "err": segment.err,
        "share": segment.weight,
        "power": segment.power,
        "snr": segment.snr,
        "intercept": segment.intercept,
        "weight": weight,
        "var_poisson": segment.var_poisson,
        "var_rnoise": variance,
    }
