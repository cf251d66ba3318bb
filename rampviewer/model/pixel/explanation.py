"""All that was decided about one pixel, in numbers and in sentences."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.pixel.pixel_reasons import why_rate
from rampviewer.model.pixel.pixel_text import flag_sentence, full_text
from rampviewer.model.pixel.pixel_view import (
    Cause,
    Decision,
    EventMark,
    LikelyView,
    PixelView,
    SegmentView,
)
from rampviewer.model.pixel.place import pixel_at
from rampviewer.model.runs.passes import FlagSource
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe, Run
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.text.number_text import many, rate_text

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
_BY_EVENTS: Final = (Dq.JUMP_DET, Dq.SATURATED)  # what snowballs and showers set


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagNote:
    """One flag of one group, and where it came from."""

    integration: int
    group: int
    flag: Dq  # a single bit
    origin: Origin
    causes: tuple[Cause, ...]  # jumps that had it flagged, of a neighbour or before it
    marks: tuple[EventMark, ...]  # snowballs and showers that set it, or would have
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
        """Column of the pixel."""
        return self.view.pixel.col

    @property
    def y(self) -> int:
        """Row of the pixel."""
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
        """`Origin` of each JUMP_DET, and of SATURATED that a snowball wrote."""
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
    def likely(self) -> tuple[LikelyView | None, ...]:
        """What the likelihood fit of each integration left out; None of least squares."""
        return tuple(item.likely for item in self.view.integrations)

    @property
    def events(self) -> tuple[Event, ...]:
        """Snowballs and showers whose flags are on the pixel."""
        found = (event for item in self.view.integrations for event in item.events)
        return tuple(dict.fromkeys(found))

    @property
    def why(self) -> str:
        """Why the rate is NaN or 0; "" when it is neither."""
        return why_rate(self.view)

    def __str__(self) -> str:
        return full_text(self.view)

    def __repr__(self) -> str:
        n_jumps = int(np.count_nonzero(self.groupdq & Dq.JUMP_DET))
        n_segments = sum(map(len, self.segments))
        return (
            f"<Explanation of x {self.x}, y {self.y}: rate "
            f"{rate_text(self.view.slope, self.view.err)}, {many(n_jumps, 'jump')}, "
            f"{many(n_segments, 'segment')}; print it, or take .decision .flags .events "
            ".segments .likely .why .view>"
        )


def explain_pixel(
    prepared: Prepared, recipe: Recipe, x: int, y: int, run: Run | None = None
) -> Explanation:
    """Explain the pixel in column `x` and row `y`, counted from 0.

    Parameters
    ----------
    prepared : Prepared
    recipe : Recipe
    x, y : int
    run : Run, optional
        With flags of the same recipe, which spares a look at the whole exposure where
        that decides: for large events, and about the groups of MIRI.

    Raises
    ------
    TypeError, ValueError
        When `x` or `y` is no whole number, or the pixel is not in the exposure.
    """
    exposure = prepared.exposure
    pixel = pixel_at(exposure, x, y)
    FlagSource.of(prepared, recipe)  # finds groups of which sigma clipping takes the flags
    is_miri = exposure.instrument == "MIRI"
    if run is None and (is_miri or recipe.wants_large):
        # The flags do not hang on the fit: take the quickest.
        run = process_exposure(prepared, replace(recipe, fit=RampFitParameters()))
    view = inspect_pixel(
        prepared,
        recipe,
        pixel,
        None if run is None else run.large,
        flags_of_run(exposure, run) if run is not None and is_miri else None,
    )
    return Explanation(view=view)


def _notes(view: PixelView, integration: int, group: int) -> list[FlagNote]:
    item = view.integrations[integration]
    text = flag_sentence(view, integration, group)
    return [
        FlagNote(
            integration=integration,
            group=group,
            flag=flag,
            origin=item.origin_of(group, flag),
            causes=item.causes_of(group) if flag is Dq.JUMP_DET else (),
            marks=item.marks_of(group, flag) if flag in _BY_EVENTS else (),
            text=text,
        )
        for flag in list(Dq)[:8]
        if int(item.groupdq[group]) & flag
    ]
