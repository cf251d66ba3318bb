"""A simulated detector: what every pixel makes of the light."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from rampviewer.core.dq import Dq

F32 = NDArray[np.float32]

BORDER = 4  # reference pixels on each side
OUTPUTS = 4  # amplifiers, side by side
GAIN = 2.05  # [electron/DN]
READNOISE = 15.8  # CDS [electron]
SATURATION = 60_000.0  # [DN]
DARK = 0.002  # [electron/s]
# Bad pixels by kind: share of all pixels and the bits they carry.
BAD_PIXELS = {
    "dead": (3e-4, Dq.DEAD | Dq.DO_NOT_USE),
    "other": (1e-4, Dq.OTHER_BAD_PIXEL | Dq.DO_NOT_USE),
    "hot": (4e-4, Dq.HOT),
    "warm": (1e-3, Dq.WARM),
    "low": (2e-4, Dq.LOW_QE),
    "telegraph": (3e-4, Dq.TELEGRAPH),
    "no_gain": (4e-6, Dq(0)),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detector:
    """Properties of each pixel, (n_rows, n_cols) each.

    `gain` has no holes; `known_gain` is what a reference file says of it: NaN in a few
    pixels.
    """

    gain: F32  # [electron/DN]
    known_gain: F32  # [electron/DN]
    readnoise: F32  # CDS [DN]
    efficiency: F32  # electrons per photon; 0 in reference pixels
    dark: F32  # [electron/s]
    saturation: F32  # [DN]
    telegraph: F32  # height of the steps [electron]; 0 in quiet pixels
    pixeldq: NDArray[np.uint32]


def make_detector(size: int, random: Generator) -> Detector:
    """Return a detector of `size` x `size` pixels, with its border of reference pixels."""
    frame = (size, size)
    gain = _gain(size, random)
    readnoise = READNOISE * random.lognormal(0.0, 0.09, frame) / gain
    efficiency = _flat(size, random)
    dark = DARK * random.lognormal(0.0, 0.5, frame)
    telegraph = np.zeros(frame)
    pixeldq = np.zeros(frame, np.uint32)

    where = _bad_pixels(size, random)
    for kind, pixels in where.items():
        pixeldq.flat[pixels] |= np.uint32(BAD_PIXELS[kind][1])
    efficiency.flat[where["dead"]] = 0.0
    efficiency.flat[where["low"]] *= 0.35
    dark.flat[where["hot"]] += random.lognormal(3.5, 1.2, len(where["hot"]))
    dark.flat[where["warm"]] += random.lognormal(0.0, 0.7, len(where["warm"]))
    telegraph.flat[where["telegraph"]] = random.uniform(60, 400, len(where["telegraph"]))
    readnoise.flat[where["other"]] *= 12.0
    known_gain = gain.astype(np.float32)
    known_gain.flat[where["no_gain"]] = np.nan

    border = np.ones(frame, bool)
    border[BORDER:-BORDER, BORDER:-BORDER] = False
    for plane in (efficiency, dark, telegraph):
        plane[border] = 0.0
    pixeldq[border] = Dq.REFERENCE_PIXEL
    return Detector(
        gain=gain.astype(np.float32),
        known_gain=known_gain,
        readnoise=readnoise.astype(np.float32),
        efficiency=efficiency.astype(np.float32),
        dark=dark.astype(np.float32),
        saturation=(SATURATION * random.normal(1.0, 0.02, frame)).astype(np.float32),
        telegraph=telegraph.astype(np.float32),
        pixeldq=pixeldq,
    )


def _gain(size: int, random: Generator) -> NDArray[np.float64]:
    """Return a gain that differs by amplifier, smoothly, and a little by pixel."""
    output = np.arange(size) * OUTPUTS // size
    by_output = random.normal(1.0, 0.012, OUTPUTS)[output]
    noise: NDArray[np.float64] = random.normal(1.0, 0.006, (size, size))
    return GAIN * by_output * _wave(size, 0.015, random) * noise


def _flat(size: int, random: Generator) -> NDArray[np.float64]:
    noise: NDArray[np.float64] = random.normal(0.93, 0.008, (size, size))
    return noise * _wave(size, 0.04, random)


def _wave(size: int, height: float, random: Generator) -> NDArray[np.float64]:
    """Return a plane around 1 that varies slowly over the detector."""
    y, x = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j]
    fy, fx, phase = random.uniform(0.3, 1.1), random.uniform(0.3, 1.1), random.uniform(0, 6)
    wave: NDArray[np.float64] = 1.0 + height * np.sin(2 * np.pi * (fy * y + fx * x) + phase)
    return wave


def _bad_pixels(size: int, random: Generator) -> dict[str, NDArray[np.int64]]:
    """Return flat indices for each kind; no pixel is of two kinds."""
    counts = {
        kind: max(1, round(share * size**2)) for kind, (share, _) in BAD_PIXELS.items()
    }
    inner = np.arange(BORDER, size - BORDER)
    pixels = (inner[:, None] * size + inner[None, :]).ravel()
    chosen = random.choice(pixels, sum(counts.values()), replace=False)
    parts = np.split(chosen, np.cumsum(list(counts.values()))[:-1])
    return dict(zip(counts, parts, strict=True))
