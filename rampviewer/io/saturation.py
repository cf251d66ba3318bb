"""Flags of saturation for exposures that no step has flagged yet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.fits_file import find, find_image, read_array
from rampviewer.model.memory.scratch import release

Bits = NDArray[np.uint8]
BELOW_FLOOR: Final = np.uint8(Dq.AD_FLOOR | Dq.DO_NOT_USE)
BEYOND: Final = 65_536.0  # what stands for the level where nothing is checked [DN]
_SATURATED, _UNUSED = np.uint8(Dq.SATURATED), np.uint8(Dq.DO_NOT_USE)


class Averages(NamedTuple):
    """Which frames were averaged into each group.

    Attributes
    ----------
    frames : sequence of sequences of int
        Their numbers, counted from the reset on.
    is_irs2 : bool
        Whether the rule for raw frames of NIRSpec in its IRS2 mode applies.
    """

    frames: Sequence[Sequence[int]]
    is_irs2: bool = False

    @classmethod
    def of_pattern(
        cls, n_groups: int, n_frames: int, *, is_irs2: bool = False
    ) -> "Averages":
        """Return groups of so many frames; those dropped between them do not count."""
        starts = range(1, n_groups * n_frames + 1, n_frames)
        return cls([range(first, first + n_frames) for first in starts], is_irs2)


def flag_saturation(
    sci: NDArray[np.float32],
    groupdq: Bits,
    level: NDArray[np.float32],
    zeroframe: NDArray[np.float32] | None = None,
    averages: Averages | None = None,
    n_grow: int = 1,
) -> None:
    """Flag groups from the first one that reaches the level on, and their neighbours.

    What is not above 0 is below the floor of the converter and not used. Values of the
    first frame that fail become 0, which stands for unknown. The average of frames stays
    below a level that the last of them reached: such a group, before the first saturated
    one, is not used either. Those are the rules of the official step; like it without a
    SUPERBIAS reference, the bias counts as 0.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols) float32
        [DN]
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
        Written to.
    level : (n_rows, n_cols) float32
        [DN]; infinite where nothing counts as saturated.
    zeroframe : (n_ints, n_rows, n_cols) float32, optional
        Written to.
    averages : Averages, optional
        Not given: groups before the first saturated one are not searched.
    n_grow : int
        How far around a pixel its neighbours are flagged, too [pixel].
    """
    for ramp, flags in zip(sci, groupdq, strict=True):
        reached = np.zeros(level.shape, np.bool_)
        for plane, bits in zip(ramp, flags, strict=True):
            reached |= plane >= level
            bits[grown(reached, n_grow)] |= _SATURATED
            bits[plane <= 0] |= BELOW_FLOOR
        if averages is not None:
            _flag_averages(ramp, flags, level, averages, n_grow)
        release(sci, groupdq)
    for frame in () if zeroframe is None else zeroframe:
        frame[grown(frame >= level, n_grow) | (frame <= 0)] = 0


def _flag_averages(
    ramp: NDArray[np.float32],
    flags: Bits,
    level: NDArray[np.float32],
    averages: Averages,
    n_grow: int,
) -> None:
    """Flag groups in which a frame saturated that the average does not show."""
    is_checked = np.isfinite(level)
    limit = np.where(is_checked, level, np.float32(BEYOND))
    is_third = len(ramp) > 2
    if averages.is_irs2 and is_third:
        sudden = _sudden(ramp, limit, averages.frames) & (ramp[2] >= limit)
        flags[1][grown(sudden, n_grow)] |= _SATURATED
    if averages.is_irs2:
        return
    for k in range(len(ramp) - 1):
        share = float(np.mean(averages.frames[k])) / averages.frames[k][-1]
        if share == 1:  # one frame: it shows all by itself
            continue
        lowered = limit * np.where(is_checked, share, 1.0)
        is_next = (flags[k + 1] & _SATURATED) != 0
        is_free = (flags[k] & (_SATURATED | _UNUSED)) == 0
        hidden = (ramp[k] >= lowered) & is_free & is_next
        flags[k][grown(hidden, n_grow)] |= _UNUSED
    if is_third:
        is_third_only = (flags[2] & ~flags[1] & _SATURATED) != 0
        flags[1][is_third_only & _sudden(ramp, limit, averages.frames)] |= _UNUSED


def _sudden(
    ramp: NDArray[np.float32], limit: NDArray[np.float32], frames: Sequence[Sequence[int]]
) -> NDArray[np.bool_]:
    """Return where the second group rose so that its last frame alone may be saturated.

    The slope of the first group would not bring the third one to the limit.
    """
    slope = ramp[0].astype(np.float64) / float(np.mean(frames[0]))
    room = (limit - ramp[0]) / np.float32(len(frames[1]))
    result: NDArray[np.bool_] = ramp[1] - ramp[0] > room
    result &= slope * frames[2][-1] < limit
    return result


def grown(mask: NDArray[np.bool_], n_pixels: int = 1) -> NDArray[np.bool_]:
    """Return a mask with so many layers around its pixels: charge spills into them.

    One layer are the eight neighbours, two a square of 25 pixels.
    """
    for _ in range(n_pixels):
        padded = np.pad(mask, 1)
        rows = padded[:-2] | padded[1:-1] | padded[2:]
        mask = rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]
    return mask


def reference_flags(
    path: Path, hdus: fits.HDUList, level: NDArray[np.float32]
) -> NDArray[np.uint32]:
    """Return the flags of the pixels of a saturation reference, as bits of `Dq`.

    NO_SAT_CHECK is set where the level is NaN, too.
    """
    result = np.zeros(level.shape, np.uint32)
    dq = find_image(hdus, "DQ")
    if dq is not None and tuple(dq.shape) == level.shape:
        flags = read_array(path, dq, np.uint32)
        for value, bit in _bits(hdus):
            result[(flags & np.uint32(value)) > 0] |= np.uint32(bit)
    result[np.isnan(level)] |= np.uint32(Dq.NO_SAT_CHECK)
    return result


def _bits(hdus: fits.HDUList) -> list[tuple[int, Dq]]:
    """Return each bit of the flags in this very file, and the flag that it stands for."""
    table: Any = find(hdus, "DQ_DEF")
    if table is None or table.data is None or len(table.data) == 0:
        return [(int(bit), bit) for bit in Dq]
    names = {str(bit.name): bit for bit in Dq}
    rows = [(int(row["VALUE"]), str(row["NAME"]).strip()) for row in table.data]
    # In a signed column the highest bit is a negative number.
    return [(value & 0xFFFF_FFFF, names[name]) for value, name in rows if name in names]
