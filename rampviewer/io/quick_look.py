"""What an uncalibrated exposure needs to be looked at: saturation flags, the raw frame."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.fits_file import find, read_array
from rampviewer.model.scratch import release

UNCALIBRATED_MODEL = "Level1bModel"
GUIDING = (
    "FGS_ID-IMAGE",
    "FGS_ID-STACK",
    "FGS_ACQ1",
    "FGS_ACQ2",
    "FGS_TRACK",
    "FGS_FINEGUIDE",
)
BELOW_FLOOR = np.uint8(Dq.AD_FLOOR | Dq.DO_NOT_USE)


def refuse_guide_star(path: Path, header: Mapping[str, Any]) -> None:
    """Raise for an exposure of a guide star.

    Raises
    ------
    ValueError
        With a sentence on why it is not opened.
    """
    kind = str(header.get("EXP_TYPE", "")).strip().upper()
    if kind in GUIDING:
        raise ValueError(
            f"{path.name} is a guide-star exposure ({kind}): its reads are subtracted from "
            "each other and make no ramp in which jumps could be found"
        )


def is_uncalibrated(path: Path, header: Mapping[str, Any]) -> bool:
    """Return whether it is called uncalibrated and no step says that it was applied."""
    called = header.get("DATAMODL") == UNCALIBRATED_MODEL
    named = path.name.lower().split(".")[0].endswith("_uncal")
    applied = any(header.get(step) == "COMPLETE" for step in ("S_SATURA", "S_LINEAR"))
    return (called or named) and not applied


def quick_look(level: str, *, has_flags: bool) -> str:
    """Return what is not corrected in an uncalibrated exposure.

    Parameters
    ----------
    level : str
        What its groups were compared with, "" for nothing.
    has_flags : bool
        Whether the file has flags of groups.
    """
    if level:
        saturated = f"groups are flagged as saturated by one level for each pixel, {level}"
    elif has_flags:
        saturated = "saturation was not searched for"
    else:
        saturated = "nothing is flagged as saturated"
    return (
        "Quick look only: this exposure is uncalibrated. Bias, dark current and linearity "
        f"are not corrected, and {saturated}."
    )


def flag_saturation(
    sci: NDArray[np.float32],
    groupdq: NDArray[np.uint8],
    level: NDArray[np.float32],
    zeroframe: NDArray[np.float32] | None = None,
) -> None:
    """Flag groups from the first one that reaches the level on, and their neighbours.

    That is the rule of the official step without what it adds for averaged frames. What
    is not above 0 is below the floor of the converter and not used. Values of the first
    frame that fail become 0, which stands for unknown.

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
    """
    for ramp, flags in zip(sci, groupdq, strict=True):
        reached = np.zeros(level.shape, np.bool_)
        for plane, bits in zip(ramp, flags, strict=True):
            reached |= plane >= level
            bits[grown(reached)] |= np.uint8(Dq.SATURATED)
            bits[plane <= 0] |= BELOW_FLOOR
        release(sci, groupdq)
    for frame in () if zeroframe is None else zeroframe:
        frame[grown(frame >= level) | (frame <= 0)] = 0


def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask with the eight neighbours of its pixels: charge spills into them."""
    padded = np.pad(mask, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    result: NDArray[np.bool_] = rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]
    return result


def unchecked(
    path: Path, hdus: fits.HDUList, level: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Return where a saturation reference says that its level means nothing."""
    result = np.isnan(level)
    dq = find(hdus, "DQ")
    if dq is not None and tuple(dq.shape) == level.shape:
        flags = read_array(path, dq, np.uint32)
        result |= (flags & np.uint32(_no_check_bit(hdus))) > 0
    return result


def _no_check_bit(hdus: fits.HDUList) -> int:
    """Return the bit that stands for NO_SAT_CHECK in this very file."""
    table: Any = find(hdus, "DQ_DEF")
    if table is None or table.data is None:
        return int(Dq.NO_SAT_CHECK)
    values = [
        int(row["VALUE"])
        for row in table.data
        if str(row["NAME"]).strip() == Dq.NO_SAT_CHECK.name
    ]
    return sum(values)
