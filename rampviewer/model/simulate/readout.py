"""From the light that falls on a detector to its groups, with noise and saturation."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.model.runs.bands import ROWS_PER_BAND, bands, over_bands
from rampviewer.model.simulate.detector import Detector
from rampviewer.model.simulate.particles import Deposits

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

OFFSET = 28.0  # noise of the reset, left over in each integration [electron]
TOGGLE = 0.25  # chance that a telegraph pixel changes its state from group to group


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readout:
    """What there is to read out.

    Parameters
    ----------
    detector : Detector
    rate : (n_rows, n_cols) float32
        Electrons that the light and the dark current free [electron/s].
    seconds : tuple of float
        Time that each group adds [s].
    particles : tuple of tuple of Deposits
        By integration and group.
    """

    detector: Detector
    rate: F32
    seconds: tuple[float, ...]
    particles: tuple[tuple[Deposits, ...], ...]


def read_out(readout: Readout, seed: SeedSequence, n_threads: int) -> tuple[F32, U8]:
    """Return SCI [DN] and GROUPDQ, (n_ints, n_groups, n_rows, n_cols).

    Each band of rows has random numbers of its own: the number of threads changes nothing.
    """
    n_rows, n_cols = readout.rate.shape
    shape = (len(readout.particles), len(readout.seconds), n_rows, n_cols)
    sci, groupdq = np.empty(shape, np.float32), np.zeros(shape, np.uint8)
    tasks = bands(n_rows, ROWS_PER_BAND)
    seeds = dict(zip(tasks, seed.spawn(len(tasks)), strict=True))

    def work(start: int, stop: int) -> None:
        random = default_rng(seeds[start, stop])
        for integration in range(shape[0]):
            _fill(readout, integration, slice(start, stop), random, sci, groupdq)

    for _ in over_bands(work, tasks, n_threads):
        pass
    for integration in groupdq:
        _grow_saturation(integration)
    return sci, groupdq


def _fill(
    readout: Readout,
    integration: int,
    rows: slice,
    random: Generator,
    sci: F32,
    groupdq: U8,
) -> None:
    """Write the groups of one integration in `rows` of `sci` and `groupdq`."""
    detector = readout.detector
    rate, gain = readout.rate[rows], detector.gain[rows]
    n_cols = rate.shape[1]
    noise = detector.readnoise[rows] * np.float32(0.5**0.5)  # of one read [DN]
    signal = OFFSET * random.standard_normal(rate.shape, np.float32)
    noisy = np.nonzero(detector.telegraph[rows])
    step = detector.telegraph[rows][noisy]
    state = random.integers(0, 2, len(step))
    full = np.zeros(rate.shape, bool)
    for group, seconds in enumerate(readout.seconds):
        signal += random.poisson(rate * seconds)
        pixels, charge = readout.particles[integration][group].between(
            rows.start * n_cols, rows.stop * n_cols
        )
        # Reference pixels do not see particles either.
        signal.flat[pixels] += charge * (detector.efficiency[rows].flat[pixels] > 0)
        state ^= random.random(len(step)) < TOGGLE
        counts = signal.copy()
        counts[noisy] += step * state
        counts /= gain
        full |= counts >= detector.saturation[rows]
        np.minimum(counts, detector.saturation[rows], out=counts)
        counts += noise * random.standard_normal(rate.shape, np.float32)
        sci[integration, group, rows] = counts
        groupdq[integration, group, rows][full] = Dq.SATURATED


def _grow_saturation(groupdq: U8) -> None:
    """Flag the neighbours of saturated pixels too, in place: charge spills over to them."""
    n_rows, n_cols = groupdq.shape[1:]
    for plane in groupdq:
        row, col = np.nonzero(plane & Dq.SATURATED)
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                y = np.clip(row + dy, 0, n_rows - 1)
                x = np.clip(col + dx, 0, n_cols - 1)
                plane[y, x] |= np.uint8(Dq.SATURATED)
