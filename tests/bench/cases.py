"""What is timed: exposures, parameters, and the parts of the work."""

from dataclasses import dataclass, field

import numpy as np

from rampviewer.model.exposure import Exposure
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.simulate import SimulationSettings, simulate

SNOWBALLS_PER_MEGAPIXEL = 30


@dataclass(frozen=True, kw_only=True)
class Case:
    """One exposure and what is done to it.

    `parts` are any of "jump", "fit" and "both" (the two in one go, where rampviewer has a
    way of its own).
    """

    size: int
    n_groups: int
    n_ints: int = 1
    instrument: str = "NIRCAM"
    jump: JumpParameters = field(default_factory=JumpParameters)
    fit: RampFitParameters = field(default_factory=RampFitParameters)
    parts: tuple[str, ...] = ("jump", "fit", "both")
    many_snowballs: bool = False

    @property
    def shape_text(self) -> str:
        return f"{self.size}x{self.size}x{self.n_groups}x{self.n_ints}"


def _others(small: bool) -> dict[str, Case]:
    """Return the algorithms that are off by default."""
    return {
        "snowballs": Case(
            size=512 if small else 2048,
            n_groups=10,
            jump=JumpParameters(expand_large_events=True),
            parts=("jump",),
            many_snowballs=True,
        ),
        "showers": Case(
            size=128 if small else 1024,
            n_groups=20,
            instrument="MIRI",
            jump=JumpParameters(find_showers=True),
            parts=("jump",),
        ),
        "sigma clip": Case(
            size=64 if small else 128,
            n_groups=5,
            n_ints=120,
            parts=("jump",),
        ),
        "likely": Case(
            size=128 if small else 512,
            n_groups=10,
            fit=RampFitParameters(algorithm="LIKELY"),
            parts=("fit",),
        ),
    }


FULL = {
    "10 groups": Case(size=2048, n_groups=10),
    "5 groups": Case(size=2048, n_groups=5),
    "2 x 40 groups": Case(size=1024, n_groups=40, n_ints=2, instrument="MIRI"),
    **_others(small=False),
}
QUICK = {
    "10 groups": Case(size=512, n_groups=10),
    "5 groups": Case(size=512, n_groups=5),
    "2 x 12 groups": Case(size=256, n_groups=12, n_ints=2),
    **_others(small=True),
}


def exposure_of(case: Case, seed: int) -> Exposure:
    """Return the simulated exposure of a case."""
    settings = SimulationSettings(
        size=case.size, n_groups=case.n_groups, n_ints=case.n_ints, seed=seed
    )
    exposure = simulate(settings).exposure
    if case.many_snowballs:
        add_snowballs(exposure, seed)
    return exposure


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
