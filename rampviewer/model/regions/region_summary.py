"""Everything that is shown of a region, made in one go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.planes.plane import Plane
from rampviewer.model.regions.region import Region
from rampviewer.model.regions.region_pixels import RegionPixels
from rampviewer.model.regions.region_ramp import Average, RegionRamp, region_ramp
from rampviewer.model.regions.region_statistics import (
    FlagStatistics,
    ValueStatistics,
    flag_statistics_of,
    statistics_of,
)
from rampviewer.model.regions.shapes import area_of
from rampviewer.model.runs.run import Run
from rampviewer.model.timing import GroupTimes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionSummary:
    """A region of one run: its ramp, and the values on screen inside it.

    The flags of a plane of flags are those of all its pixels.
    """

    region: Region
    ramp: RegionRamp
    statistics: ValueStatistics | FlagStatistics
    plane: Plane
    heading: str  # of the plane
    n_inside: int
    n_used: int
    times: GroupTimes
    exposure_name: str
    run_title: str
    run_summary: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionJob:
    """Yields the `RegionSummary` of what is on screen.

    Run and values may change in place meanwhile: whoever changes them asks anew and drops
    what this job yields.

    Attributes
    ----------
    run : Run or None
        Whose flags count; those as delivered without one.
    values : (n_rows, n_cols) array
        The plane on screen.
    """

    exposure: Exposure
    run: Run | None
    region: Region
    average: Average
    values: NDArray[Any]
    plane: Plane
    heading: str
    integration: int

    @property
    def n_samples(self) -> int:
        """How much there is to do: groups of pixels that are looked at."""
        area = area_of(self.region.shape, self.exposure.n_rows, self.exposure.n_cols)
        return area.n_rows * area.n_cols * self.exposure.n_groups

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[RegionSummary]:
        def is_over() -> bool:
            return is_cancelled() or is_outdated()

        if is_over():
            raise CancelledError
        yield self._summary(is_over)

    def _summary(self, is_over: Callable[[], bool]) -> RegionSummary:
        exposure, run = self.exposure, self.run
        dq = exposure.pixeldq if run is None else run.pixeldq
        pixels = RegionPixels.of(self.region.shape, dq)
        if is_over():
            raise CancelledError
        return RegionSummary(
            region=self.region,
            ramp=region_ramp(
                exposure, run, pixels, self.integration, self.average, is_cancelled=is_over
            ),
            statistics=self._statistics(pixels),
            plane=self.plane,
            heading=self.heading,
            n_inside=pixels.n_inside,
            n_used=pixels.n_used,
            times=exposure.timing.times,
            exposure_name=exposure.name,
            run_title="flags as delivered" if run is None else run.recipe.title,
            run_summary="" if run is None else run.recipe.summary,
        )

    def _statistics(self, pixels: RegionPixels) -> ValueStatistics | FlagStatistics:
        if self.plane.is_flags:
            part = self.values[pixels.area.rows, pixels.area.cols]
            return flag_statistics_of(part[pixels.inside])
        return statistics_of(pixels.values(self.values))
