"""One large event: what was found where, and the ellipse drawn around it."""

from dataclasses import dataclass

from rampviewer.core.large.drawing import Drawn
from rampviewer.core.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A snowball, the saturated core of one, or a shower.

    `kind` is SNOWBALL, SNOWBALL_CORE or SHOWER. It was found in `group` of `integration`
    on an area of `n_pixels`; flags were set in the ellipse `drawn`, from `group` up to
    `last_group` (inclusive). `core_radius` is, of a snowball, the radius of a circle as
    large as its saturated core [pixel]; None when none was needed. `carried` is, of a
    saturated core, the ellipse before it was extended, which the next integration may be
    flagged in.
    """

    kind: Origin
    integration: int
    group: int
    last_group: int
    n_pixels: int
    drawn: Drawn
    core_radius: float | None = None
    carried: Drawn | None = None
