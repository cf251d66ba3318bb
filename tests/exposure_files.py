"""Small ramp files, with gain and read noise beside them."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.io.demo import DemoFiles, demo_files, write_demo
from rampviewer.model.exposure import Exposure
from rampviewer.model.simulate import Simulated, SimulationSettings, simulate

SIMULATED = lru_cache(maxsize=None)(simulate)


def simulated_exposure(size=64, n_groups=10, n_ints=1, seed=1) -> Exposure:
    """Return a simulated exposure; it is made once and must not be written to."""
    settings = SimulationSettings(size=size, n_groups=n_groups, n_ints=n_ints, seed=seed)
    return SIMULATED(settings).exposure


def write_exposure(folder: Path, exposure: Exposure, name="sim_ramp.fits") -> DemoFiles:
    """Write an exposure, its gain and its read noise into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rate = np.zeros(exposure.sci.shape[2:], np.float32)
    simulated = Simulated(exposure=exposure, rate=rate, deposits=())
    return write_demo(folder / name, simulated)


def write_simulated(folder: Path, name="sim_ramp.fits", **settings) -> DemoFiles:
    """Write a simulated exposure: cosmic rays, saturation, bad and reference pixels.

    What was written before is copied: most tests begin with the same few files.
    """
    files = demo_files(folder / name)
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in zip(files, _contents(name, **settings), strict=True):
        path.write_bytes(content)
    return files


@lru_cache(maxsize=32)
def _contents(name: str, **settings) -> tuple[bytes, ...]:
    with TemporaryDirectory() as folder:
        files = write_exposure(Path(folder), simulated_exposure(**settings), name)
        return tuple(path.read_bytes() for path in files)


def with_jump_flags(exposure: Exposure, n_flags=300, seed=5) -> Exposure:
    """Return the exposure as if an earlier step had left JUMP_DET in some groups."""
    groupdq = exposure.groupdq.copy()
    places = np.random.default_rng(seed).choice(groupdq.size, n_flags, replace=False)
    groupdq.flat[places] |= np.uint8(Dq.JUMP_DET)
    return replace(exposure, groupdq=groupdq)
