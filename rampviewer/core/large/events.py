"""One large event: what was found where, and the ellipse drawn around it."""

from dataclasses import dataclass

from rampviewer.core.large.drawing import Drawn
from rampviewer.core.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A snowball, the saturated core of one, or a shower.

    `kind` is SNOWBALL, SNOWBALL_CORE or SHOWER. It was found in `group` of `integration`
    on an area of `n_pixels`; flags were set in the ellipse `drawn`. `core_radius` is, of a
    snowball, the radius of a circle as large as its saturated core [pixel]; NaN when none
    was needed.
    """

    kind: Origin
    integration: int
    group: int
    n_pixels: int
    drawn: Drawn
    core_radius: float = float("nan")
