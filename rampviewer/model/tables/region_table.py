"""A region in numbers: the table of its ramp, and lines of statistics."""

import math
from typing import Final

import numpy as np

from rampviewer.model.regions.region_ramp import HOW
from rampviewer.model.regions.region_statistics import FlagStatistics, ValueStatistics
from rampviewer.model.regions.region_summary import RegionSummary
from rampviewer.model.tables.column_table import Column, ColumnTable, significant
from rampviewer.model.text.number_text import grouped

Line = tuple[str, str]
COLUMNS: Final = (
    Column(name="group", title="group", description="Group, from 0"),
    Column(
        name="time",
        title="time",
        unit="s",
        description="(group + 1) x group time",
        text=significant(7),
    ),
    Column(
        name="signal",
        title="signal",
        unit="DN",
        description="Ramp of the region, steps of good neighbouring groups added up",
        text=significant(7),
    ),
    Column(
        name="error",
        title="error",
        unit="DN",
        description="Standard error of the signal",
        text=significant(4),
    ),
    Column(name="n", title="n", description="Pixels that made the value"),
    Column(name="n_good", title="good", description="Pixels whose group is good"),
)


def histogram_table(summary: RegionSummary) -> ColumnTable:
    """Return the histogram of a region, one row for each bin.

    Raises
    ------
    ValueError
        When flags are on screen.
    """
    found = summary.statistics
    if isinstance(found, FlagStatistics):
        raise ValueError(f"{summary.heading} holds flags: they have no histogram")
    bins, unit = found.histogram, summary.plane.unit
    columns = (
        Column(name="low", title="low", unit=unit, description="Lower edge of the bin"),
        Column(name="high", title="high", unit=unit, description="Upper edge of the bin"),
        Column(name="n_pixels", title="pixels", description="Pixels in the bin"),
    )
    arrays = {"low": bins.edges[:-1], "high": bins.edges[1:], "n_pixels": bins.counts}
    notes = _notes(summary) | {
        "values": summary.heading,
        "outside": f"{bins.n_below} pixels below all bins, {bins.n_above} above",
    }
    return ColumnTable(columns=columns, arrays=arrays, notes=notes)


def region_table(summary: RegionSummary) -> ColumnTable:
    """Return the ramp of a region, one row for each group."""
    ramp = summary.ramp
    groups = np.arange(ramp.signal.size)
    return ColumnTable(
        columns=COLUMNS,
        arrays={
            "group": groups,
            "time": summary.times.of(groups),
            "signal": ramp.signal,
            "error": ramp.error,
            "n": ramp.n,
            "n_good": ramp.n_good,
        },
        notes={
            **_notes(summary),
            "average": ramp.average,
            "method": HOW.replace("\n", " "),
            "integration": str(ramp.integration),
            "rows": f"{ramp.average} ramp of {summary.region.name}",
            "counting": "x, y, integration and group count from 0",
        },
    )


def _notes(summary: RegionSummary) -> dict[str, str]:
    return {
        "exposure": summary.exposure_name,
        "run": summary.run_title,
        "parameters": summary.run_summary,
        "region": f"{summary.region.name}: {summary.region.summary}",
        "pixels": f"{summary.n_used} used of {summary.n_inside}",
    }


def pixel_lines(summary: RegionSummary) -> tuple[Line, ...]:
    """Return how many pixels there are, and how many jumps in them, as names and values."""
    ramp, n_out = summary.ramp, summary.n_inside - summary.n_used
    rate = ramp.jump_rate
    return (
        ("pixels used", grouped(summary.n_used)),
        ("left out, bad", grouped(n_out)),
        ("N per group", _range(ramp.n.min(initial=summary.n_used), ramp.n.max(initial=0))),
        ("jumps", f"{grouped(ramp.n_flags)} in {grouped(ramp.n_flagged)} pixels"),
        ("jump rate", "none searched" if math.isnan(rate) else f"{rate:.3g} /pixel/s"),
    )


def value_lines(summary: RegionSummary) -> tuple[Line, ...]:
    """Return the statistics of the plane on screen as names and values with units."""
    found = summary.statistics
    if isinstance(found, FlagStatistics):
        flags = ((bit.name or "", grouped(n)) for bit, n in found.counts)
        return (("no flag", grouped(found.n_clear)), *flags)
    return _statistics_lines(found, summary.plane.unit)


def _statistics_lines(found: ValueStatistics, unit: str) -> tuple[Line, ...]:
    values = (
        ("mean", found.mean),
        ("median", found.median),
        ("std", found.std),
        ("min", found.minimum),
        ("max", found.maximum),
        ("sum", found.total),
    )
    lines = [(name, _value(value, unit)) for name, value in values]
    return (*lines, ("NaN", f"{grouped(found.n_nan)} of {grouped(found.n)}"))


def _value(value: float, unit: str) -> str:
    return "NaN" if math.isnan(value) else f"{value:.6g} {unit}".strip()


def _range(low: int, high: int) -> str:
    return grouped(low) if low == high else f"{grouped(low)} to {grouped(high)}"
