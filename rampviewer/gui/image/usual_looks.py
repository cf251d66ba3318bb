"""How each kind of plane looks until the user decides."""

from typing import Final, NamedTuple

from rampviewer.gui.image.stretch import LimitsRule, Stretch
from rampviewer.model.planes.plane import Plane


class Usual(NamedTuple):
    """Stretch and limits that suit a plane."""

    stretch: Stretch = Stretch.LINEAR
    rule: LimitsRule = LimitsRule.ZSCALE


# Logarithmic from the background on: faint structure and the cores of stars are seen at
# once, however bright the background is.
_WIDE: Final = Usual(Stretch.LOG, LimitsRule.SKY)
_USUAL: Final = {
    Plane.RATE: _WIDE,
    Plane.ERROR: _WIDE,
    Plane.GROUP: _WIDE,
    Plane.RATEINTS: _WIDE,
    Plane.RATEINTS_ERROR: _WIDE,
    Plane.LARGEST_RATIO: Usual(Stretch.LOG, LimitsRule.PERCENTILE),
    Plane.FIRST_JUMP: Usual(Stretch.LINEAR, LimitsRule.PERCENTILE),
    Plane.FIRST_SATURATED: Usual(Stretch.LINEAR, LimitsRule.PERCENTILE),
    Plane.CHISQ: Usual(Stretch.ASINH, LimitsRule.PERCENTILE),
}


def usual_look(plane: Plane) -> Usual:
    """Return the look of a plane; counts, numbers of groups and differences are linear."""
    return _USUAL.get(plane, Usual())
