"""How the plots of a ramp are laid out, remembered between sessions."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from PyQt6.QtCore import QSettings

Arrangement = Literal["side by side", "concatenated", "overlaid"]
XUnit = Literal["time", "group"]
ARRANGEMENTS: Final[tuple[Arrangement, ...]] = get_args(Arrangement)


@dataclass(frozen=True, slots=True)
class RampLook:
    """What is drawn of a pixel, and how its integrations stand."""

    steps: bool = True  # the panel of two-point differences
    residuals: bool = False  # the panel of residuals of the fit
    bars: bool = False  # error bars
    arrangement: Arrangement = "side by side"
    from_zero: bool = False  # ramps less the signal in their first good group
    unit: XUnit = "time"  # of the x axis


def remember_ramp_look(settings: QSettings, look: RampLook) -> None:
    """Keep the layout for the next session."""
    settings.setValue("ramp/steps", look.steps)
    settings.setValue("ramp/residuals", look.residuals)
    settings.setValue("ramp/bars", look.bars)
    settings.setValue("ramp/arrangement", look.arrangement)
    settings.setValue("ramp/from_zero", look.from_zero)
    settings.setValue("ramp/unit", look.unit)


def remembered_ramp_look(settings: QSettings) -> RampLook:
    """Return the layout of the last session, the default one if there was none."""
    default = RampLook()
    told = settings.value("ramp/arrangement", default.arrangement, str)
    return RampLook(
        settings.value("ramp/steps", default.steps, bool),
        settings.value("ramp/residuals", default.residuals, bool),
        settings.value("ramp/bars", default.bars, bool),
        next((name for name in ARRANGEMENTS if name == told), default.arrangement),
        settings.value("ramp/from_zero", default.from_zero, bool),
        "group" if settings.value("ramp/unit", default.unit, str) == "group" else "time",
    )
