"""Runs and segments of random numbers, as if an exposure had been processed."""

import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.diagnostics import Diagnostics
from rampviewer.model.runs.results import RatePlanes, Segments
from rampviewer.model.runs.run import Recipe, Run
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposures import packed_jumps


def planes(shape: tuple[int, ...], rng: np.random.Generator) -> RatePlanes:
    floats = [rng.normal(5, 1, shape).astype(np.float32) for _ in range(4)]
    floats[0].flat[0] = np.nan
    dq = rng.integers(0, 1 << 32, shape, np.uint32)
    return RatePlanes(
        slope=floats[0], dq=dq, var_poisson=floats[1], var_rnoise=floats[2], err=floats[3]
    )


def random_run(
    rng: np.random.Generator, exposure: Exposure, delivered="keep", **changes
) -> tuple[Run, np.ndarray]:
    """Return a run of random planes, and its flags."""
    jumps = rng.random(exposure.sci.shape) < 0.1
    groupdq = exposure.groupdq & ~np.uint8(Dq.JUMP_DET) | jumps * np.uint8(Dq.JUMP_DET)
    n_ints, _, *frame = exposure.sci.shape
    recipe = Recipe(
        jump=JumpParameters(rejection_threshold=3.75),
        fit=RampFitParameters(firstgroup=1),
        delivered_jumps=delivered,
    )
    values = {
        "number": 1,
        "recipe": recipe,
        "rate": planes(tuple(frame), rng),
        "rateints": planes((n_ints, *frame), rng),
        "pixeldq": exposure.pixeldq | np.uint32(1 << 19),
        "jump_bits": packed_jumps(groupdq),
        "n_jumps": ((groupdq & 4) > 0).sum(axis=(0, 1), dtype=np.uint32),
        "diagnostics": Diagnostics.empty(exposure.sci.shape),
        "large": None,
        "n_primary": 30,
        "n_extended": 2,
        "jump_skipped": False,
        "nothing_fitted": False,
    }
    return Run(**{**values, **changes}), groupdq


def random_segments(rng: np.random.Generator, shape: tuple[int, int, int, int]) -> Segments:
    """Return three segments of each ramp."""

    def cube(*shape):
        return rng.normal(size=shape).astype(np.float32)

    n_ints, _, *frame = shape
    names = ["slope", "sigslope", "yint", "sigyint", "weights", "var_poisson", "var_rnoise"]
    return Segments(
        **{name: cube(n_ints, 3, *frame) for name in names},
        pedestal=cube(n_ints, *frame),
        crmag=cube(n_ints, 1, *frame),
    )
