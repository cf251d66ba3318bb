"""What is timed: exposures, parameters, and the parts of the work."""

from dataclasses import dataclass, field, replace

import numpy as np

from rampviewer.model.exposure import Exposure
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.simulate import SimulationSettings, simulate
from rampviewer.model.timing import Timing

SNOWBALLS_PER_MEGAPIXEL = 30


@dataclass(frozen=True, kw_only=True)
class Case:
    """One exposure and what is done to it.

    The frame is as high as wide unless `n_cols` says so. `parts` are any of "jump", "fit",
    "calls" (the two array functions one after the other) and "both" (the two in one go,
    where rampviewer has a way of its own).
    """

    size: int
    n_groups: int
    n_cols: int = 0
    n_ints: int = 1
    instrument: str = "NIRCAM"
    jump: JumpParameters = field(default_factory=JumpParameters)
    fit: RampFitParameters = field(default_factory=RampFitParameters)
    parts: tuple[str, ...] = ("jump", "fit", "calls", "both")
    many_snowballs: bool = False
    dirty: bool = False  # any flag, NaN and bad gain in a few per cent of the pixels
    uneven: bool = False  # each group later after the one before it than that was

    @property
    def frame(self) -> tuple[int, int]:
        return self.size, self.n_cols or self.size

    @property
    def shape_text(self) -> str:
        return f"{self.size}x{self.frame[1]}x{self.n_groups}x{self.n_ints}"

    def timing(self, even: Timing) -> Timing:
        """Return the timing of the case, from that of an even one."""
        if not self.uneven:
            return even
        seconds = even.group_time * np.cumsum(1 + np.arange(self.n_groups) / 4)
        return replace(even, read_times=tuple((float(time),) for time in seconds))


_SNOWBALLS = JumpParameters(expand_large_events=True)
_SHOWERS = JumpParameters(find_showers=True)
_LIKELY = RampFitParameters(algorithm="LIKELY")


def _miri(size: int, n_cols: int, n_groups: int, n_ints: int = 1) -> Case:
    return Case(
        size=size, n_cols=n_cols, n_groups=n_groups, n_ints=n_ints, instrument="MIRI"
    )


def _jump(case: Case) -> Case:
    return replace(case, parts=("jump",))


def _fit(case: Case) -> Case:
    return replace(case, parts=("fit",))


def _snowballs(size: int) -> Case:
    return _jump(Case(size=size, n_groups=10, jump=_SNOWBALLS, many_snowballs=True))


FULL = {
    "10 groups": Case(size=2048, n_groups=10),
    "10 groups, dirty": Case(size=2048, n_groups=10, dirty=True),
    "10 groups, 1/4": Case(size=1024, n_groups=10),
    "10 groups, 1/16": Case(size=512, n_groups=10),
    "5 groups": Case(size=2048, n_groups=5),
    "MIRI, 2 x 40": _miri(1024, 1032, 40, 2),
    "uneven": _jump(Case(size=256, n_groups=10, uneven=True)),
    "snowballs": _snowballs(2048),
    "showers, MIRI": _jump(replace(_miri(1024, 1032, 20), jump=_SHOWERS)),
    "sigma clip": _jump(Case(size=64, n_groups=5, n_ints=120)),
    "sigma clip, long": _jump(Case(size=128, n_groups=10, n_ints=200)),
    "likely": _fit(Case(size=256, n_groups=10, fit=_LIKELY)),
    "likely, 1/4": _fit(Case(size=1024, n_groups=10, fit=_LIKELY)),
}
QUICK = {
    "10 groups": Case(size=512, n_groups=10),
    "10 groups, dirty": Case(size=512, n_groups=10, dirty=True),
    "5 groups": Case(size=512, n_groups=5),
    "MIRI, 2 x 12": _miri(256, 264, 12, 2),
    "uneven": _jump(Case(size=64, n_groups=10, uneven=True)),
    "snowballs": _snowballs(512),
    "showers, MIRI": _jump(replace(_miri(128, 136, 20), jump=_SHOWERS)),
    "sigma clip": _jump(Case(size=64, n_groups=5, n_ints=120)),
    "likely": _fit(Case(size=128, n_groups=10, fit=_LIKELY)),
}


def exposure_of(case: Case, seed: int) -> Exposure:
    """Return the simulated exposure of a case."""
    settings = SimulationSettings(
        size=max(case.frame), n_groups=case.n_groups, n_ints=case.n_ints, seed=seed
    )
    exposure = part_of(simulate(settings).exposure, *case.frame)
    if case.many_snowballs:
        add_snowballs(exposure, seed)
    if case.dirty:
        add_dirt(exposure, seed)
    return exposure


def part_of(exposure: Exposure, n_rows: int, n_cols: int, instrument: str = "") -> Exposure:
    """Return the lower left corner of an exposure."""
    corner = (..., slice(0, n_rows), slice(0, n_cols))
    return Exposure.from_arrays(
        sci=exposure.sci[corner],
        groupdq=exposure.groupdq[corner],
        pixeldq=exposure.pixeldq[corner],
        gain=exposure.gain[corner],
        readnoise=exposure.readnoise[corner],
        timing=exposure.timing,
        instrument=instrument,
    )


def add_snowballs(exposure: Exposure, seed: int) -> None:
    """Add round jumps with saturated cores, many more than a real exposure has."""
    rng = np.random.default_rng(seed)
    n_rows, n_cols = exposure.n_rows, exposure.n_cols
    for _ in range(max(3, n_rows * n_cols * SNOWBALLS_PER_MEGAPIXEL // 10**6)):
        group = rng.integers(1, exposure.n_groups)
        row, col, core = (
            rng.integers(0, n_rows),
            rng.integers(0, n_cols),
            rng.integers(2, 7),
        )
        reach = 3 * core
        rows = slice(max(0, row - reach), row + reach + 1)
        cols = slice(max(0, col - reach), col + reach + 1)
        y, x = np.mgrid[
            rows.start : min(rows.stop, n_rows), cols.start : min(cols.stop, n_cols)
        ]
        distance = np.hypot(y - row, x - col)
        exposure.sci[:, group:, rows, cols] += np.where(distance < reach, 3000.0, 0.0)
        exposure.groupdq[:, group:, rows, cols] |= np.where(distance < core, 2, 0).astype(
            np.uint8
        )


def add_dirt(exposure: Exposure, seed: int) -> None:
    """Add flags of every kind, samples that are no numbers, and gains that cannot be."""
    rng = np.random.default_rng(seed)

    def some(share: float) -> tuple[np.ndarray, ...]:
        n = int(share * exposure.n_rows * exposure.n_cols)
        return tuple(rng.integers(0, size, n) for size in exposure.shape)

    flagged, missing = some(0.03), some(0.01)
    exposure.groupdq[flagged] |= rng.integers(0, 256, flagged[0].size).astype(np.uint8)
    exposure.sci[missing] = np.nan
    for bad in (0.0, -1.0, np.nan):
        exposure.gain[some(0.002)[2:]] = bad
