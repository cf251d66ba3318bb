"""Showers: faint extended emission after a hit, found by its mean over a ring."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.facts import groups_wholly
from rampviewer.core.large.areas import all_areas, large_enough
from rampviewer.core.large.deviations import REJECTED, Signal, deviations
from rampviewer.core.large.drawing import expanded
from rampviewer.core.large.ellipses import Shapes
from rampviewer.core.large.events import Event
from rampviewer.core.large.ring import Ring
from rampviewer.core.origin import Origin

LEAST_STEPS = 10  # in the exposure; with fewer no shower is searched for
_UNUSABLE = np.uint8(Dq.DO_NOT_USE)
_SATURATED, _JUMP = np.uint8(Dq.SATURATED), np.uint8(Dq.JUMP_DET)
_NAN = np.float32(np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowerSettings:
    """What finding showers depends on, in the units of the official code.

    The radii are in pixels, the second one is the width of the ring; `max_width` bounds
    full axes [pixel], `groups_masked` counts the groups flagged after that of a shower,
    and `max_amplitude` [electron per group] is the most by which the mean step of a pixel
    may change.
    """

    snr_threshold: float
    min_area: float
    inner_radius: float
    outer_radius: float
    expand_ratio: float
    max_width: float
    groups_masked: int
    max_amplitude: float


def is_searched(flags: U8) -> bool:
    """Whether the exposure has enough steps that are not DO_NOT_USE all over the frame."""
    n_ints, n_groups = flags.shape[:2]
    unusable = int(groups_wholly(flags, int(Dq.DO_NOT_USE)).sum())
    return bool(n_ints * (n_groups - 1) - unusable >= LEAST_STEPS)


def never_used(pixeldq: NDArray[np.uint32]) -> U8:
    """Return 1 for pixels without a shower: (n_rows, n_cols) uint8.

    They are those whose PIXELDQ has a flag that rejects groups, and reference pixels that
    have no other flag.
    """
    rejected = (pixeldq & np.uint32(REJECTED)) != 0
    never: U8 = (rejected | reference_pixels(pixeldq)).astype(np.uint8)
    return never


def reference_pixels(pixeldq: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which pixels are reference pixels and nothing else."""
    return np.asarray(pixeldq == np.uint32(Dq.REFERENCE_PIXEL))


def first_groups(flags: U8, pixeldq: NDArray[np.uint32]) -> list[int]:
    """Return for each integration the first group with a pixel that can be used."""
    reference = reference_pixels(pixeldq)
    return [int(_first_group(ramps, reference)) for ramps in flags]


@kernel
def _first_group(flags: U8, reference: NDArray[np.bool_]) -> int:
    n_groups, n_rows, n_cols = flags.shape
    for g in range(n_groups):
        for row in range(n_rows):
            for col in range(n_cols):
                if flags[g, row, col] & _UNUSABLE == 0 and not reference[row, col]:
                    return g
    return 0


@dataclass(frozen=True, slots=True, eq=False)
class Showers:
    """The search in single groups, each apart from the others.

    Parameters
    ----------
    signal : Signal
    hidden : (n_rows, n_cols) uint8
        Of `never_used`.
    median, sigma : (n_steps, n_rows, n_cols) float32
        Typical step and its noise [electron]; `n_steps` is 1 when all steps share it.
    settings : ShowerSettings
    """

    signal: Signal
    hidden: U8
    median: F32
    sigma: F32
    settings: ShowerSettings
    ring: Ring
    shapes: Shapes

    def of_group(self, integration: int, group: int) -> list[Event]:
        """Return the showers of one group."""
        settings = self.settings
        last_group = group + settings.groups_masked
        step = min(group, len(self.median)) - 1
        snr = np.empty(self.hidden.shape, self.median.dtype)
        deviations(
            self.signal,
            integration,
            group,
            self.hidden,
            self.median[step],
            self.sigma[step],
            snr,
        )
        areas = all_areas(self.ring.exceeds(snr, settings.snr_threshold))
        return [
            Event(
                kind=Origin.SHOWER,
                integration=integration,
                group=group,
                last_group=min(last_group, self.signal.flags.shape[1] - 1),
                n_pixels=int(areas.n_pixels[k]),
                drawn=expanded(
                    self.shapes.ellipse(areas, int(k)),
                    settings.expand_ratio,
                    settings.max_width,
                ),
            )
            for k in np.flatnonzero(large_enough(areas, settings.min_area))
        ]


def flagged_by(
    events: list[Event],
    signal: Signal,
    integration: int,
    reference: NDArray[np.bool_],
    settings: ShowerSettings,
) -> U8:
    """Return the JUMP_DET flags of the showers of one integration.

    Parameters
    ----------
    events : list of Event
        Those of the integration.
    signal : Signal
    integration : int
    reference : (n_rows, n_cols) bool
        Pixels that keep their flags.
    settings : ShowerSettings

    Returns
    -------
    flagged : (n_groups, n_rows, n_cols) uint8
        JUMP_DET or 0. A pixel of which the mean step changes too much has none.
    """
    flags = signal.flags[integration]
    flagged: U8 = np.zeros_like(flags)
    touched = np.zeros(flags.shape[1:], np.bool_)
    for event in events:
        top, left, image = event.drawn.pixels(*touched.shape)
        groups = event.group, event.last_group + 1
        _draw(flags, groups, top, left, image, reference, flagged, touched)
    _revert(signal, integration, touched, settings.max_amplitude, flagged)
    return flagged


@kernel
def _draw(
    flags: U8,
    groups: tuple[int, int],
    top: int,
    left: int,
    image: U8,
    reference: NDArray[np.bool_],
    flagged: U8,
    touched: NDArray[np.bool_],
) -> None:
    """Flag an ellipse from a group to another (exclusive), or to what saturates."""
    first, stop = groups
    for y in range(len(image)):
        row = top + y
        for x in range(image.shape[1]):
            col = left + x
            if image[y, x] == 0 or reference[row, col]:
                continue
            for g in range(first, stop):
                if flags[g, row, col] & _SATURATED:
                    break
                flagged[g, row, col] = _JUMP
                touched[row, col] = True


@kernel
def _revert(
    signal: Signal, i: int, touched: NDArray[np.bool_], limit: float, flagged: U8
) -> None:
    """Take back the flags of pixels whose mean step they change beyond the limit.

    So too where no step is left.
    """
    n_rows, n_cols = touched.shape
    limit_32 = np.float32(limit)
    for row in range(n_rows):
        for col in range(n_cols):
            if not touched[row, col]:
                continue
            before = _mean_step(signal, i, row, col, flagged, np.uint8(0))
            after = _mean_step(signal, i, row, col, flagged, _JUMP)
            # Not `>`: it is no for NaN.
            change = abs(before - after)
            if not (np.isfinite(change) and change <= limit_32):
                flagged[:, row, col] = 0


@kernel
def _mean_step(
    signal: Signal, i: int, row: int, col: int, flagged: U8, bit: np.uint8
) -> np.float32:
    """Return the mean of the steps [electron]; flags in `bit` of `flagged` count too."""
    total, n, earlier = np.float32(0), 0, _NAN
    for g in range(len(flagged)):
        rejected = signal.flags[i, g, row, col] & REJECTED
        rejected |= flagged[g, row, col] & bit
        rejected |= signal.delivered[i, g, row, col] & signal.hidden
        later = _NAN
        if rejected == 0:
            later = signal.sci[i, g, row, col] * signal.gain[row, col]
        step = later - earlier
        if not np.isnan(step):
            total += step
            n += 1
        earlier = later
    return np.float32(np.float64(total) / n)
