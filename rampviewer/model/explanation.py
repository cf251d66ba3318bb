"""All that was decided about one pixel, in numbers and in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.inspection import inspect_pixel
from rampviewer.model.pixel_reasons import why_rate
from rampviewer.model.pixel_text import group_text, plain_text, ratio_text
from rampviewer.model.pixel_view import Cause, Decision, PixelView, SegmentView
from rampviewer.model.prepared import Prepared
from rampviewer.model.run import Recipe

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagNote:
    """One flag of one group, and where it came from."""

    integration: int
    group: int
    flag: Dq  # a single bit
    origin: Origin
    causes: tuple[Cause, ...]  # jumps that had it flagged, of a neighbour or before it
    text: str  # a sentence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """How the rate of one pixel came about; `str` gives it in sentences.

    Arrays over differences are (n_ints, n_groups - 1), those over groups
    (n_ints, n_groups). Everything counts from 0.

    Attributes
    ----------
    view : PixelView
        All the numbers, as the window has them.
    """

    view: PixelView

    @property
    def x(self) -> int:
        return self.view.pixel.col

    @property
    def y(self) -> int:
        return self.view.pixel.row

    @property
    def decision(self) -> Decision:
        """Branch, differences, median, sigma, ratio, limit and order of removal."""
        return self.view.decision

    @property
    def groupdq(self) -> U8:
        """Flags of each group after jump detection."""
        return np.array([item.groupdq for item in self.view.integrations])

    @property
    def origin(self) -> U8:
        """`Origin` of each JUMP_DET."""
        return np.array([item.origin for item in self.view.integrations])

    @property
    def flags(self) -> tuple[FlagNote, ...]:
        """Every flag of every group with its origin."""
        return tuple(
            note
            for i, item in enumerate(self.view.integrations)
            for group in np.flatnonzero(item.groupdq).tolist()
            for note in _notes(self.view, i, group)
        )

    @property
    def segments(self) -> tuple[tuple[SegmentView, ...], ...]:
        """Fitted segments of each integration."""
        return tuple(item.segments for item in self.view.integrations)

    @property
    def events(self) -> tuple[Event, ...]:
        """Snowballs and showers whose flags are on the pixel."""
        return tuple(event for item in self.view.integrations for event in item.events)

    @property
    def why(self) -> str:
        """Why the rate is NaN or 0; "" when it is neither."""
        return why_rate(self.view)

    def __str__(self) -> str:
        lines = [f"  {line}" for line in _difference_lines(self.decision)]
        numbers = "\n".join(["Two-point differences [electron]", *lines])
        return f"{plain_text(self.view)}\n\n{numbers}"


def explain_pixel(prepared: Prepared, recipe: Recipe, x: int, y: int) -> Explanation:
    """Explain the pixel in column `x` and row `y`, counted from 0.

    Raises
    ------
    ValueError
        When the pixel is not in the exposure.
    UnsupportedOptionError
        When the recipe asks for an algorithm that is not there.
    """
    n_rows, n_cols = prepared.exposure.n_rows, prepared.exposure.n_cols
    if not (0 <= x < n_cols and 0 <= y < n_rows):
        raise ValueError(
            f"x {x}, y {y} is not in the exposure: x goes from 0 to {n_cols - 1}, "
            f"y from 0 to {n_rows - 1}"
        )
    return Explanation(view=inspect_pixel(prepared, recipe, Pixel(y, x)))


def _difference_lines(decision: Decision) -> Iterator[str]:
    """Yield the numbers of each difference at the stage that decided it."""
    for i, k in np.ndindex(decision.difference.shape):
        values = [
            getattr(decision, name)[i, k]
            for name in ("difference", "median", "sigma", "ratio", "limit")
        ]
        text = f"int {i} group {k + 1}: "
        if np.isnan(values[0]):
            yield f"{text}not usable"
        elif np.isnan(values[3]):
            yield f"{text}{values[0]:.1f}, not compared"
        else:
            step, median, sigma, ratio, limit = values
            removal = f", removal {decision.order[i, k]}" if decision.order[i, k] else ""
            yield (
                f"{text}{step:.1f}, median {median:.1f}, sigma {sigma:.2f}, "
                f"{ratio_text(ratio, limit)}{removal}"
            )


def _notes(view: PixelView, integration: int, group: int) -> list[FlagNote]:
    item = view.integrations[integration]
    text = group_text(view, integration, group)
    found = []
    for flag in (bit for bit in Dq if int(item.groupdq[group]) & bit):
        is_jump = flag is Dq.JUMP_DET
        found.append(
            FlagNote(
                integration=integration,
                group=group,
                flag=flag,
                origin=Origin(int(item.origin[group])) if is_jump else Origin.DELIVERED,
                causes=item.causes_of(group) if is_jump else (),
                text=text,
            )
        )
    return found
