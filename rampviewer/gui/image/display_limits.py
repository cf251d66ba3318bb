"""The limits of the picture shown: computed by a rule, typed, dragged, held."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.gui.image.display_bar import DisplayBar
from rampviewer.gui.image.frame_item import FrameItem
from rampviewer.gui.image.histogram_bar import HistogramBar
from rampviewer.gui.image.limits_memory import Ends, LimitsMemory
from rampviewer.gui.image.look_settings import ChosenLimits
from rampviewer.gui.image.stretch import Limits, LimitsRule, Sampler

LEAST_INSIDE = 0.01  # share of the values that limits of another session must show


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """What limits are for.

    Attributes
    ----------
    values : (n_rows, n_cols) float32 or uint32
    kind : str
        Pictures of one kind share their limits.
    name : str
        Tells it from others of its kind.
    usual : LimitsRule
        For a kind for which the user chose none.
    is_partial : bool
        Whether it is still being made.
    ends : callable or None
        Gives the first and the last of the series that it belongs to.
    """

    values: NDArray[Any]
    kind: str
    name: str
    usual: LimitsRule = LimitsRule.ZSCALE
    is_partial: bool = False
    ends: Ends | None = None


class DisplayLimits(QObject):
    """Decides about limits and shows them in bar, histogram and image.

    Signals
    -------
    limits_chosen : str, ChosenLimits
        The user chose a rule, or limits, for a kind of picture.
    hold_chosen : bool
        The user wants limits to be held, or not.
    """

    limits_chosen = pyqtSignal(str, object)
    hold_chosen = pyqtSignal(bool)

    def __init__(
        self, bar: DisplayBar, histogram: HistogramBar, frame: FrameItem, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bar, self._histogram, self._frame = bar, histogram, frame
        self._sampler = Sampler()
        self._memory = LimitsMemory(sample=self._sampler.of)
        self._picture: Picture | None = None
        self._bad: NDArray[np.bool_] | None = None
        self._chosen: dict[str, ChosenLimits] = {}
        self._waiting: dict[str, Limits] = {}  # of another session, to be judged by values
        bar.rule_edited.connect(self._choose_rule)
        bar.reset_clicked.connect(self._reset)
        bar.limits_edited.connect(self.type_limits)
        bar.hold_edited.connect(self._hold)
        histogram.limits_edited.connect(self.set_by_hand)

    @property
    def limits(self) -> Limits:
        return self._memory.limits

    @property
    def rule(self) -> LimitsRule:
        return self._memory.rule

    def show_picture(self, picture: Picture | None) -> None:
        """Turn to another picture; None for one that has no limits."""
        self._picture = picture
        self._sampler.forget()
        if picture is None:
            return
        chosen = self._chosen.get(picture.kind)
        is_by_rule = chosen is not None and chosen.limits is None
        rule = chosen.rule if chosen is not None and is_by_rule else picture.usual
        self._memory.is_partial = picture.is_partial
        is_new = self._memory.show_kind(picture.kind, picture.name, rule)
        self._revise(is_new=is_new)

    def revise(self) -> None:
        """Take that values of the picture changed in place."""
        self._sampler.forget()
        self._revise(is_new=False)

    def complete(self) -> None:
        """Judge the picture as a whole: no more of it is to come."""
        if self._memory.is_partial:
            self._memory.is_partial = False
            self.revise()

    def forget(self) -> None:
        """Compute the limits of every kind anew: for another exposure."""
        is_holding = self._memory.is_holding
        self._memory = LimitsMemory(is_holding=is_holding, sample=self._sampler.of)
        self._waiting = {
            kind: chosen.limits
            for kind, chosen in self._chosen.items()
            if chosen.limits is not None
        }

    def set_bad(self, bad: NDArray[np.bool_] | None) -> None:
        """Leave these pixels, (n_rows, n_cols), out."""
        self._bad = bad

    def set_chosen(self, chosen: Mapping[str, ChosenLimits], *, is_holding: bool) -> None:
        """Take what the user chose in earlier sessions."""
        self._chosen = dict(chosen)
        self._memory.is_holding = is_holding
        self._bar.set_hold(is_holding)
        self.forget()

    def set_still(self, is_still: bool) -> None:
        """Change no limits while pictures follow one another by themselves."""
        self._memory.is_still = is_still
        if self._picture is None:
            return
        if not is_still:
            self.revise()
        elif self._picture.ends is not None and self._memory.span(
            self._picture.ends, self._mask()
        ):
            self._show(is_wide=True)

    def sample(self) -> NDArray[np.float64]:
        """Return some of the values that were there when this was last asked to judge."""
        if self._picture is None:
            return np.empty(0)
        return self._sampler.of(self._picture.values, self._mask())

    def type_limits(self, limits: Limits) -> None:
        """Take limits as typed: they may be anywhere."""
        self.set_by_hand(limits)
        self._histogram.show_around(limits, self.sample())

    def set_by_hand(self, limits: Limits) -> None:
        """Take limits that no rule changes any more."""
        self._memory.set_by_hand(limits)
        self._show()
        self._choose(ChosenLimits(LimitsRule.MANUAL, limits))

    def _choose_rule(self, rule: LimitsRule) -> None:
        if self._picture is None:
            return
        picture = self._picture
        self._sampler.forget()  # values may have changed since
        self._memory.compute(rule, picture.values, self._mask(), picture.ends)
        self._show(is_wide=True)
        limits = self._memory.limits if rule is LimitsRule.MANUAL else None
        self._choose(ChosenLimits(rule, limits))

    def _reset(self) -> None:
        """Compute limits from what is shown alone."""
        if self._picture is None:
            return
        self._sampler.forget()
        is_manual = self.rule is LimitsRule.MANUAL
        rule = self._picture.usual if is_manual else self.rule
        self._memory.compute(rule, self._picture.values, self._mask(), is_alone=True)
        self._show(is_wide=True)
        self._choose(ChosenLimits(rule))

    def _choose(self, chosen: ChosenLimits) -> None:
        if self._picture is not None:
            self._waiting.pop(self._picture.kind, None)
            self._chosen[self._picture.kind] = chosen
            self.limits_chosen.emit(self._picture.kind, chosen)

    def _hold(self, is_holding: bool) -> None:
        self._memory.is_holding = is_holding
        if self._picture is not None and not is_holding:
            if self.rule is not LimitsRule.MANUAL:
                self._memory.compute(self.rule, self._picture.values, self._mask())
            self._show(is_wide=True)
        self.hold_chosen.emit(is_holding)

    def _revise(self, *, is_new: bool) -> None:
        picture = self._picture
        if picture is None:
            return
        is_taken = self._take_up(picture)
        if is_taken or self._memory.revise(picture.values, self._mask(), picture.ends):
            self._show(is_wide=True)
        elif is_new:
            self._show()
            self._histogram.follow(self.limits, self.sample())

    def _take_up(self, picture: Picture) -> bool:
        """Take limits of another session if the values are about there, and say whether."""
        if picture.kind not in self._waiting:
            return False
        sample = self.sample()
        if not sample.size:
            return False
        limits = self._waiting.pop(picture.kind)
        inside = (sample >= limits.low) & (sample <= limits.high)
        is_fit = float(np.mean(inside)) >= LEAST_INSIDE
        if is_fit:
            self._memory.set_by_hand(limits)
        return is_fit

    def _mask(self) -> NDArray[np.bool_] | None:
        if self._bad is None or self._picture is None:
            return None
        return self._bad if self._bad.shape == self._picture.values.shape else None

    def _show(self, *, is_wide: bool = False) -> None:
        """Show the limits, and if need be a part of the histogram that has them."""
        limits, memory = self.limits, self._memory
        self._frame.set_limits(limits)
        self._histogram.set_limits(limits)
        self._bar.set_limits(limits, memory.rule, is_held_over=memory.is_held_over)
        if is_wide:
            self._histogram.show_around(limits, self.sample())
