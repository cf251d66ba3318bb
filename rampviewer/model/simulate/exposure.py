"""A simulated exposure, from the sky to the groups."""

import os
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from rampviewer.model.exposure import Exposure
from rampviewer.model.simulate.detector import make_detector
from rampviewer.model.simulate.particles import Deposits, deposits, snowballs
from rampviewer.model.simulate.readout import Readout, read_out
from rampviewer.model.simulate.sky import sky_rate
from rampviewer.model.timing import Timing

F32 = NDArray[np.float32]

# The pattern BRIGHT1 of NIRCam: one frame is kept, the next one dropped.
FRAME_TIME = 10.73677  # [s]
TIMING = Timing(frame_time=FRAME_TIME, group_time=2 * FRAME_TIME, n_frames=1, groupgap=1)
SMALLEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSettings:
    """What to simulate; equal settings give equal exposures.

    Parameters
    ----------
    size : int
        Rows and columns of the square frame, reference pixels included [pixel].
    n_groups, n_ints : int
    seed : int

    Raises
    ------
    ValueError
        When a number is out of range.
    """

    size: int = 2048
    n_groups: int = 10
    n_ints: int = 1
    seed: int = 1

    def __post_init__(self) -> None:
        least = {"size": SMALLEST, "n_groups": 1, "n_ints": 1, "seed": 0}
        for name, bound in least.items():
            value = getattr(self, name)
            if value < bound:
                raise ValueError(f"{name} must be at least {bound}, got {value}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulated:
    """A simulated exposure and the truth behind it.

    Parameters
    ----------
    exposure : Exposure
    rate : (n_rows, n_cols) float32
        Rate without noise and particles [DN/s].
    deposits : tuple of tuple of Deposits
        Charge left by particles, by integration and group.
    """

    exposure: Exposure
    rate: F32
    deposits: tuple[tuple[Deposits, ...], ...]


def simulate(settings: SimulationSettings) -> Simulated:
    """Return a NIRCam-like exposure of stars and galaxies with all that disturbs ramps.

    Bias, reference pixels and linearity count as corrected: the groups stand where
    jump detection expects them.
    """
    # One stream of random numbers for each purpose: the sky of a seed stays the same
    # whatever the number of groups.
    of_sky, of_detector, of_particles, of_noise = SeedSequence(settings.seed).spawn(4)
    detector = make_detector(settings.size, default_rng(of_detector))
    sky = sky_rate(settings.size, default_rng(of_sky))
    rate = sky * detector.efficiency + detector.dark
    particles = tuple(
        _particles_of_integration(settings, default_rng(seed))
        for seed in of_particles.spawn(settings.n_ints)
    )
    readout = Readout(
        detector=detector, rate=rate, seconds=group_seconds(settings), particles=particles
    )
    sci, groupdq = read_out(readout, of_noise, n_threads=os.cpu_count() or 1)
    exposure = Exposure.from_arrays(
        sci,
        groupdq,
        detector.pixeldq,
        detector.known_gain,
        detector.readnoise,
        TIMING,
        instrument="NIRCAM",
        detector="NRCA2",
        keywords=MappingProxyType({"TARGNAME": "SIMULATED", "READPATT": "BRIGHT1"}),
    )
    return Simulated(exposure=exposure, rate=rate / detector.gain, deposits=particles)


def group_seconds(settings: SimulationSettings) -> tuple[float, ...]:
    """Return the time from the group before (or the reset) to each group [s]."""
    return (TIMING.frame_time, *[TIMING.group_time] * (settings.n_groups - 1))


def _particles_of_integration(
    settings: SimulationSettings, random: Generator
) -> tuple[Deposits, ...]:
    seconds = group_seconds(settings)
    balls = snowballs(settings.size, sum(seconds), settings.n_groups, random)
    return tuple(
        deposits(settings.size, time, [b for b in balls if b[0] == group], random)
        for group, time in enumerate(seconds)
    )
