"""Every JUMP_DET of a run as one row of a table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.jump import TOO_FEW_GROUPS, JumpSettings, detect_rows
from rampviewer.core.jump.listing import FlagList, list_flags
from rampviewer.core.origin import Origin
from rampviewer.model.errors import CancelledError
from rampviewer.model.runs.bands import cores
from rampviewer.model.runs.jump_detection import jump_settings
from rampviewer.model.runs.large_events import apply
from rampviewer.model.runs.passes import FlagSource
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Run
from rampviewer.model.runs.run_flags import flags_of_rows
from rampviewer.model.tables.column_table import Column, ColumnTable, decimals, significant

U8 = NDArray[np.uint8]
NEAR: Final = 0.2  # of a threshold: how far a ratio near it is off at most
ORIGINS: Final = {
    Origin.NONE: "not recorded",
    Origin.DELIVERED: "delivered",
    Origin.PRIMARY: "primary",
    Origin.NEIGHBOR: "neighbour",
    Origin.AFTER_JUMP: "after jump",
    Origin.SNOWBALL: "snowball",
    Origin.SNOWBALL_CORE: "snowball core",
    Origin.CARRIED_OVER: "carried over",
    Origin.SHOWER: "shower",
    Origin.MANUAL: "by hand",
}
COLUMNS: Final = (
    Column(name="x", title="x", description="Column of the pixel, from 0"),
    Column(name="y", title="y", description="Row of the pixel, from 0"),
    Column(name="integration", title="int", description="Integration, from 0"),
    Column(name="group", title="group", description="Group that is flagged, from 0"),
    Column(
        name="origin",
        title="origin",
        description="What set the flag",
        words=tuple(ORIGINS[origin] for origin in Origin),
    ),
    Column(
        name="step",
        title="step",
        unit="DN",
        description="Difference to the group before",
        text=decimals(1),
    ),
    Column(
        name="ratio",
        title="ratio",
        shown_unit="sigma",
        description=(
            "|difference - median| / sigma, at the stage that decided about the group"
        ),
        text=decimals(2),
    ),
    Column(
        name="sign",
        title="sign",
        description=(
            "Whether the step is above (+) or below (-) the median. Cosmic rays are "
            "above: what is below is noise"
        ),
        text=lambda sign: "+" if sign > 0 else "\N{MINUS SIGN}" if sign < 0 else "",
    ),
    Column(
        name="threshold",
        title="threshold",
        shown_unit="sigma",
        description="Threshold that the ratio was compared with at that stage",
        text=significant(6),
    ),
)


def jump_table(
    prepared: Prepared,
    run: Run,
    *,
    n_threads: int | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ColumnTable:
    """Return a table with a row for every JUMP_DET of a run, by y, x and group.

    The numbers are those of the kernels that decide; they are NaN where nothing was
    compared, as in the first group of an integration or of flags as delivered.

    Parameters
    ----------
    prepared : Prepared
    run : Run
        Complete, of that exposure.
    n_threads : int, optional
        All cores by default.

    Raises
    ------
    CancelledError
        When `is_cancelled`.
    """
    exposure = prepared.exposure
    source = FlagSource.of(prepared, run.recipe)
    settings = source.settings or undecided(prepared, run)

    def work(start: int, stop: int) -> tuple[int, FlagList, U8]:
        flags = flags_of_rows(exposure, run, start, stop)
        origin = flag_origins(prepared, run, source, start, stop)
        # What the core of a snowball left of its group is of the core before it.
        origin[origin == Origin.SNOWBALL_CORE] = Origin.CARRIED_OVER
        noise = exposure.gain, exposure.readnoise
        found = list_flags(exposure.sci, exposure.groupdq, noise, start, settings, flags)
        planes = origin.reshape(-1, *origin.shape[2:])
        return start, found, planes[found.plane, found.row - start, found.col]

    parts = exposure.over_bands(work, n_threads or cores(), is_cancelled)
    in_order = sorted(parts, key=lambda part: part[0])
    found = FlagList(*map(np.concatenate, zip(*_lists(in_order), strict=True)))
    origin = np.concatenate([part[2] for part in in_order])
    return _table(found, origin, exposure.n_groups, table_notes(prepared, run))


def is_near(table: ColumnTable) -> NDArray[np.bool_]:
    """Return which rows have a ratio within `NEAR` of the threshold that applied."""
    threshold = table["threshold"]
    near: NDArray[np.bool_] = np.abs(table["ratio"] - threshold) <= NEAR * threshold
    return near


@dataclass(frozen=True, slots=True, eq=False)
class JumpTableJob:
    """Yields the `jump_table` of a run, unless something newer is wanted first."""

    prepared: Prepared
    run: Run

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[ColumnTable]:
        def is_over() -> bool:
            return is_cancelled() or is_outdated()

        if is_over():
            raise CancelledError
        yield jump_table(self.prepared, self.run, is_cancelled=is_over)


def _lists(parts: list[tuple[int, FlagList, U8]]) -> list[FlagList]:
    return [found for _, found, _ in parts]


def undecided(prepared: Prepared, run: Run) -> JumpSettings:
    """Return settings under which no difference is compared with anything."""
    timing = prepared.exposure.timing.even
    settings = jump_settings(prepared.facts, timing, run.recipe.jump)
    return settings._replace(branch=TOO_FEW_GROUPS)


def flag_origins(
    prepared: Prepared, run: Run, source: FlagSource, start: int, stop: int
) -> U8:
    """Return the origin of each flag in some rows, (n_ints, n_groups, n, n_cols) uint8.

    Where the saturated core of a snowball was written it is that, also of a jump there.
    `source` is that of the recipe of the run.
    """
    exposure = prepared.exposure
    shape = exposure.n_ints, exposure.n_groups, stop - start, exposure.n_cols
    if source.settings is None:
        return np.full(shape, np.uint8(Origin.DELIVERED))
    flags, origin = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
    detect_rows(
        exposure.sci,
        exposure.groupdq,
        exposure.gain,
        exposure.readnoise,
        start,
        stop,
        source.settings,
        flags,
        origin,
    )
    if run.large is not None:
        apply(run.large, flags, origin, start, stop)
    return origin


def _table(
    found: FlagList, origin: U8, n_groups: int, notes: dict[str, str]
) -> ColumnTable:
    off = found.difference - np.where(np.isnan(found.median), 0.0, found.median)
    # Where nothing was compared the step itself has a sign.
    sign = np.sign(np.where(np.isnan(off), found.step, off))
    arrays = {
        "x": found.col,
        "y": found.row,
        "integration": found.plane // np.int32(n_groups),
        "group": found.plane % np.int32(n_groups),
        "origin": origin,
        "step": found.step,
        "ratio": found.ratio,
        "sign": np.nan_to_num(sign).astype(np.int8),
        "threshold": found.limit,
    }
    return ColumnTable(columns=COLUMNS, arrays=arrays, notes=notes)


def table_notes(prepared: Prepared, run: Run) -> dict[str, str]:
    """Return what a table about the flags of a run says of itself."""
    exposure = prepared.exposure
    return {
        "exposure": exposure.name,
        "run": run.recipe.title,
        "parameters": run.recipe.summary,
        "counting": "x, y, integration and group count from 0",
    }
