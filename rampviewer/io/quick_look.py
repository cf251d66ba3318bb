"""Which exposures are looked at without being calibrated, and what is said of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

UNCALIBRATED_MODEL = "Level1bModel"
GUIDING = (
    "FGS_ID-IMAGE",
    "FGS_ID-STACK",
    "FGS_ACQ1",
    "FGS_ACQ2",
    "FGS_TRACK",
    "FGS_FINEGUIDE",
)


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


class SaturationRule(NamedTuple):
    """What the official saturation step is told, by its names.

    Attributes
    ----------
    use_readpatt : bool
        Whether the frames that were averaged into a group count, too.
    n_pix_grow_sat : int
        How far around a saturated pixel its neighbours are flagged, too [pixel].
    skip_saturation : bool
        Whether the step is left out: no level is looked for, and nothing flagged.
    """

    use_readpatt: bool = True
    n_pix_grow_sat: int = 1
    skip_saturation: bool = False


def quick_look(level: str, rule: SaturationRule, *, has_flags: bool) -> str:
    """Return what is not corrected in an uncalibrated exposure.

    Parameters
    ----------
    level : str
        What its groups were compared with, "" for nothing.
    rule : SaturationRule
    has_flags : bool
        Whether the file has flags of groups.
    """
    if level:
        saturated = f"groups are flagged as saturated by one level for each pixel, {level}"
        if not rule.use_readpatt:
            saturated += ", without regard to averaged frames (use_readpatt off)"
        if rule.n_pix_grow_sat != 1:
            saturated += f", and {rule.n_pix_grow_sat} pixels around (n_pix_grow_sat)"
    elif rule.skip_saturation:
        saturated = "saturation was not searched for, as wanted (skip_saturation)"
    elif has_flags:
        saturated = "saturation was not searched for"
    else:
        saturated = "nothing is flagged as saturated"
    return (
        "Quick look only: this exposure is uncalibrated. Bias, dark current and linearity "
        f"are not corrected, and {saturated}."
    )
