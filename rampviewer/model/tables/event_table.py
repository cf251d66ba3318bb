"""Snowballs and showers of a run, as rows of a table and as ellipses to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.planes.event_ellipses import Ellipses
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe
from rampviewer.model.tables.column_table import Column, ColumnTable, decimals

I64 = NDArray[np.int64]
NONE: Final = -1  # no row
# What a row is, by its place among the words of the column "kind".
KINDS: Final = (Origin.SNOWBALL, Origin.SNOWBALL_CORE, Origin.SHOWER)
SNOWBALL, LONE_CORE, SHOWER = range(3)
HELP: Final = (
    "Words and conditions, all of which must hold:\n"
    "snowball, lone-core, shower (kind)\n"
    "group=5   int=0   x<100   size>=50   core>10   major=5..20\n"
    "512,300 (the pixel x,y of the centre)"
)
COLUMNS: Final = (
    Column(
        name="kind",
        title="kind",
        description=(
            "Snowball, shower, or a lone core: an area that saturates at once, and was "
            "extended as that of a snowball, without a snowball around it"
        ),
        words=("snowball", "lone core", "shower"),
    ),
    Column(name="integration", title="int", description="Integration, from 0"),
    Column(name="group", title="group", description="Group that it is found in, from 0"),
    Column(
        name="last_group",
        title="to group",
        description="Last group that it flags; the core of a snowball stays saturated",
    ),
    Column(name="x", title="x", description="Column of the centre, from 0"),
    Column(name="y", title="y", description="Row of the centre, from 0"),
    Column(
        name="size",
        title="size",
        unit="pixel",
        description="Pixels of the area that it is found by, before any is added",
    ),
    Column(
        name="core",
        title="core",
        unit="pixel",
        description="Pixels of its saturated core",
        text=decimals(0),
    ),
    Column(
        name="minor",
        title="semi-minor",
        unit="pixel",
        description="Half the minor axis of the ellipse that is flagged",
    ),
    Column(
        name="major",
        title="semi-major",
        unit="pixel",
        description="Half the major axis of the ellipse that is flagged",
    ),
    Column(
        name="angle",
        title="angle",
        unit="deg",
        description=(
            "From the y axis towards the x axis to the major axis of the ellipse; none of "
            "a circle"
        ),
        text=decimals(0),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventList:
    """Large events; the core of a snowball stands in the row of the snowball.

    Attributes
    ----------
    table : ColumnTable
        A row for each event, by integration, group and as they were found.
    ellipses : Ellipses
        One or more for each row.
    """

    table: ColumnTable
    ellipses: Ellipses

    def row_named(self, pixel: Pixel, integration: int, group: int) -> int:
        """Return the row of an event, or core, found around a pixel; -1 for none."""
        all_of = self.ellipses
        same = (all_of.x == pixel.col) & (all_of.y == pixel.row)
        same &= (all_of.integration == integration) & (all_of.group == group)
        return int(all_of.row[np.argmax(same)]) if same.any() else NONE

    def centre_of(self, row: int) -> Pixel:
        """Return the pixel in the middle of the event of a row."""
        return Pixel(int(self.table["y"][row]), int(self.table["x"][row]))

    def reach_of(self, row: int) -> int:
        """Return how far the ellipses of a row go from its centre at most [pixel]."""
        own = self.ellipses.chosen(self.ellipses.row == row)
        x, y = self.table["x"][row], self.table["y"][row]
        away = np.maximum(np.abs(own.x - x), np.abs(own.y - y))
        return int((away + own.reach).max())

    @property
    def summary(self) -> str:
        """How many there are, in words."""
        numbers = np.bincount(self.table["kind"], minlength=len(KINDS)).tolist()
        bare = np.isnan(self.table["core"]) & (self.table["kind"] == SNOWBALL)
        names = ("snowball", "lone core", "shower")
        parts = [
            f"{n} {name}{'' if n == 1 else 's'}"
            for n, name in zip(numbers, names, strict=True)
            if n
        ]
        if bare.any():
            parts[0] += f" ({np.count_nonzero(bare)} without a saturated core)"
        return ", ".join(parts)


def shower_steps(prepared: Prepared) -> int:
    """Return in how many steps of an exposure showers can be looked for."""
    exposure = prepared.exposure
    unusable = int(prepared.facts.unusable.sum())
    return exposure.n_ints * (exposure.n_groups - 1) - unusable


def event_list(exposure: Exposure, recipe: Recipe, layer: LargeLayer) -> EventList:
    """Return what a layer holds.

    Parameters
    ----------
    exposure : Exposure
    recipe : Recipe
        What the layer was found with.
    layer : LargeLayer
    """
    kinds = [KINDS.index(event.kind) for event in layer.events]
    order = sorted(
        range(len(kinds)),
        key=lambda n: (layer.events[n].integration, layer.events[n].group, kinds[n]),
    )
    events = [layer.events[n] for n in order]
    owners = _owners(events)
    alone = owners == np.arange(len(events))
    rows = np.cumsum(alone) - 1
    ellipses = Ellipses.of(events, rows[owners])
    notes = {
        "exposure": exposure.name,
        "run": recipe.title,
        "parameters": recipe.summary,
        "counting": "x, y, integration and group count from 0",
    }
    table = ColumnTable(
        columns=COLUMNS, arrays=_arrays(events, ellipses, alone), notes=notes
    )
    return EventList(table=table, ellipses=ellipses)


def _owners(events: Sequence[Event]) -> I64:
    """Return for each event that whose row it stands in: of cores their snowballs."""
    owners = np.arange(len(events))
    by_step: dict[tuple[int, int], list[int]] = {}
    for n, event in enumerate(events):
        if event.kind == Origin.SNOWBALL and event.core_radius is not None:
            by_step.setdefault((event.integration, event.group), []).append(n)
    snowballs = {
        step: Ellipses.of([events[n] for n in places], np.array(places))
        for step, places in by_step.items()
    }
    for n, event in enumerate(events):
        if event.kind != Origin.SNOWBALL_CORE:
            continue
        # A core may saturate in the group after that of its snowball.
        for group in (event.group, event.group - 1):
            around = snowballs.get((event.integration, group))
            owner = NONE if around is None else _nearest(around, event)
            if owner != NONE:
                owners[n] = owner
                break
    return owners


def _nearest(snowballs: Ellipses, core: Event) -> int:
    """Return the row of the snowball, nearest by its centre, that a core lies in, or -1."""
    inside = snowballs.holding(Pixel(core.drawn.y, core.drawn.x))
    if not inside.any():
        return NONE
    away = np.hypot(snowballs.x - core.drawn.x, snowballs.y - core.drawn.y)
    return int(snowballs.row[np.argmin(np.where(inside, away, np.inf))])


def _arrays(
    events: Sequence[Event], ellipses: Ellipses, alone: NDArray[np.bool_]
) -> dict[str, NDArray[np.generic]]:
    own = ellipses.chosen(alone)
    last_group = own.last_group.copy()
    np.maximum.at(last_group, ellipses.row, ellipses.last_group)
    first = [
        event for event, is_alone in zip(events, alone.tolist(), strict=True) if is_alone
    ]
    circle = own.radius_1 == own.radius_2
    return {
        "kind": np.array([KINDS.index(event.kind) for event in first], np.int64),
        "integration": own.integration,
        "group": own.group,
        "last_group": last_group,
        "x": own.x,
        "y": own.y,
        "size": np.array([event.n_pixels for event in first], np.int64),
        "core": np.array([_core_size(event) for event in first], np.float64),
        "minor": own.radius_1,
        "major": own.radius_2,
        "angle": np.where(circle, np.nan, [event.drawn.angle for event in first]),
    }


def _core_size(event: Event) -> float:
    """Return the pixels of the saturated core, NaN where none was needed."""
    if event.kind == Origin.SNOWBALL_CORE:
        return float(event.n_pixels)
    if event.core_radius is None:
        return float("nan")
    return round(np.pi * event.core_radius**2)  # the circle is as large as the core
