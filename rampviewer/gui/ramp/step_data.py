"""What the plots in sigma draw of a pixel."""

import numpy as np

from rampviewer.core.origin import Origin
from rampviewer.gui.ramp.ramp_data import F64, Part
from rampviewer.gui.ramp.sigma_layer import SigmaMarks
from rampviewer.gui.widgets.flag_styles import style_of_origin
from rampviewer.gui.widgets.glyphs import Glyph
from rampviewer.model.pixel.deviation import applied_thresholds, residuals
from rampviewer.model.pixel.pixel_view import Decision, PixelView

FLAG_SIZE = 11.0  # [pixel]
ABOVE, BELOW = 2.2, 1.5  # of the largest threshold, seen above and below 0
LEAST_REACH, MOST_REACH = 3.0, 12.0  # of residuals [sigma]
LIMITS_WITHOUT = (-5.0, 9.0)  # [sigma] where no threshold applied
FAINT_FLAG_SIZE = 7.0
GLYPHS, FAINT_GLYPHS = (
    {origin: Glyph.of(style_of_origin(origin), size) for origin in Origin}
    for size in (FLAG_SIZE, FAINT_FLAG_SIZE)
)

NO_MARKS = SigmaMarks()


def step_marks(
    parts: tuple[Part, ...],
    decision: Decision,
    values: F64,
    *,
    bars: bool = False,
    faint: bool = False,
) -> SigmaMarks:
    """Return a mark for each difference, at the group that it leads to.

    Parameters
    ----------
    parts : tuple of Part
    decision : Decision
    values : (n_ints, n_groups - 1) float64
        `deviations` [sigma].
    """
    if not parts:
        return NO_MARKS
    numbered = decision.branch == "iterative" and not faint
    looks = FAINT_GLYPHS if faint else GLYPHS
    x, y, glyphs, words = [np.empty(0)], [np.empty(0)], [], []
    for part in parts:
        origins = part.item.origin
        value = values[part.integration]
        known = np.isfinite(value) | (origins[1:] != Origin.NONE)
        groups = np.flatnonzero(known) + 1
        x.append(part.axis.of(groups.astype(float)))
        y.append(value[groups - 1])
        glyphs += [
            looks[Origin(origin)] if origin != Origin.NONE else None
            for origin in origins[groups].tolist()
        ]
        orders = decision.order[part.integration, groups - 1].tolist()
        words += [f"#{order}" if numbered and order else "" for order in orders]
    return SigmaMarks(
        np.concatenate(x),
        np.concatenate(y),
        tuple(glyphs),
        1.0 if bars else float("nan"),
        tuple(words),
    )


def residual_marks(
    parts: tuple[Part, ...], view: PixelView, sigma: float, *, bars: bool
) -> SigmaMarks:
    """Return a mark for each group that a segment uses; `sigma` is that of a step [DN]."""
    if not parts:
        return NO_MARKS
    x, y = [np.empty(0)], [np.empty(0)]
    for part in parts:
        value = residuals(part.item, view.times) / sigma
        groups = np.flatnonzero(np.isfinite(value))
        x.append(part.axis.of(groups.astype(float)))
        y.append(value[groups])
    found = np.concatenate(y)
    bar = 1.0 if bars else float("nan")
    return SigmaMarks(np.concatenate(x), found, (), bar, ("",) * found.size)


def step_limits(decision: Decision) -> tuple[float, float]:
    """Return the range of the y axis: jumps far beyond a threshold must not flatten it."""
    lines = applied_thresholds(decision)
    if not lines:
        return LIMITS_WITHOUT
    largest = max(line.sigma for line in lines)
    return -max(BELOW * largest, 2.0), max(ABOVE * largest, 3.0)


def residual_limits(marks: list[SigmaMarks]) -> tuple[float, float]:
    """Return the range of the y axis of residuals."""
    sizes = np.abs(np.concatenate([np.empty(0), *(each.y for each in marks)]))
    reach = 1.2 * float(sizes.max(initial=0.0))
    reach = min(max(reach, LEAST_REACH), MOST_REACH)
    return -reach, reach


def origins_in(view: PixelView) -> tuple[Origin, ...]:
    """Return the origins of the flags of a pixel, group 0 apart, for a legend."""
    found = np.concatenate([item.origin[1:] for item in view.integrations])
    return tuple(Origin(n) for n in np.unique(found).tolist() if n != Origin.NONE)
