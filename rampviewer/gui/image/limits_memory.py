"""The limits of each kind of plane, held until the user asks for others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.gui.image.stretch import (
    Frame,
    Limits,
    LimitsRule,
    Sample,
    limits_by,
    sample_of,
)

Mask = NDArray[np.bool_]
Ends = Callable[[], Sequence[Frame]]  # gives first and last of a series, or nothing

_NO_LIMITS: Final = Limits(0.0, 1.0)
_GROWTH: Final = 1.25  # so many more values make the limits worth another look
_MANY_BELOW: Final = 0.2  # share of the values below the limits, where these are too high


@dataclass(frozen=True, slots=True)
class _Held:
    limits: Limits = _NO_LIMITS
    rule: LimitsRule = LimitsRule.ZSCALE
    # Values of the sample that the limits were computed from; equal ones count as one, as
    # those of a difference before anything has changed.
    n_judged: int = 0
    source: str = ""  # picture they were computed from
    is_partial: bool = False  # that picture was still being made
    is_alone: bool = False  # the user wants them for that picture, whatever follows


class LimitsMemory:
    """Remembers limits by kind of plane, and computes them where there are none yet.

    Each picture of a kind has a name, its `source`. Limits are held from one picture to the
    next as long as `is_holding`; otherwise each picture gets its own. `sample` gives the
    values of a picture that limits are judged by, as `sample_of`.
    """

    def __init__(self, *, is_holding: bool = True, sample: Sample = sample_of) -> None:
        self.is_holding, self._sample = is_holding, sample
        self.is_partial = False  # whether the picture shown is still being made
        self.is_still = False  # whether limits that there are stay, as in a movie
        self._kind = self._source = ""
        self._held: dict[str, _Held] = {}

    @property
    def limits(self) -> Limits:
        return self._now.limits

    @property
    def rule(self) -> LimitsRule:
        return self._now.rule

    @property
    def _now(self) -> _Held:
        return self._held.get(self._kind, _Held())

    @property
    def is_held_over(self) -> bool:
        """Whether the limits are the rule's for another picture than the one shown."""
        is_computed = self.rule is not LimitsRule.MANUAL and self._now.n_judged > 0
        return is_computed and self._now.source != self._source

    def show_kind(
        self, kind: str, source: str, rule: LimitsRule = LimitsRule.ZSCALE
    ) -> bool:
        """Turn to a picture of a kind; return whether it is another than before.

        `rule` is that of a kind which was never shown.
        """
        self._held.setdefault(kind, _Held(rule=rule))
        is_new = (kind, source) != (self._kind, self._source)
        self._kind, self._source = kind, source
        return is_new

    def compute(
        self,
        rule: LimitsRule,
        values: Frame,
        bad: Mask | None,
        ends: Ends | None = None,
        *,
        is_alone: bool = False,
    ) -> None:
        """Compute the limits by a rule, from all values there are now.

        Manual limits stay as they are; where there is no value, the old ones stay.

        Parameters
        ----------
        rule : LimitsRule
        values : (n_rows, n_cols) float32 or uint32
        bad : (n_rows, n_cols) bool or None
            Pixels to leave out.
        ends : callable or None
            Gives first and last picture of the series, which count while limits are held.
        is_alone : bool
            Whether the limits are for this picture, whatever the others are.
        """
        is_manual = rule is LimitsRule.MANUAL
        limits = None if is_manual else limits_by(rule, values, bad, self._sample)
        if limits is not None and ends is not None and self.is_holding:
            found = [limits, *_limits_of(ends()[-1:], rule, bad)]
            limits = Limits(limits.low, max(each.high for each in found))
        self._held[self._kind] = _Held(
            limits or self.limits,
            rule,
            _n_telling(self._sample(values, bad)),
            self._source,
            self.is_partial,
            is_alone,
        )

    def revise(self, values: Frame, bad: Mask | None, ends: Ends | None = None) -> bool:
        """Compute limits that no longer hold; return if there were such.

        They are those of another picture, unless limits are held, and those that rest on
        far fewer values than there are now: an image that is just being processed starts
        with few or none. When it is complete, it is judged once more. Of a series, limits
        above most of the background are made lower. Parameters are those of `compute`.
        """
        held = self._now
        if held.rule is LimitsRule.MANUAL or (self.is_still and held.n_judged):
            return False
        sample = self._sample(values, bad)
        is_own = self.is_holding or not self.is_held_over
        is_final = self.is_partial or not held.is_partial
        if sample.size == 0:
            return False
        if is_own and is_final and sample.size <= _GROWTH * held.n_judged:
            n_below = np.count_nonzero(sample < held.limits.low)
            is_too_high = n_below > _MANY_BELOW * sample.size
            if ends is None or held.is_alone or not is_too_high:
                return False
            return self._widen((values,), bad)
        self.compute(held.rule, values, bad, ends)
        return True

    def span(self, ends: Ends, bad: Mask | None) -> bool:
        """Let limits suit a whole series, before it is played; return if they changed.

        Those that were typed, or asked for one picture, stay.
        """
        held = self._now
        if held.rule is LimitsRule.MANUAL or held.is_alone or not held.n_judged:
            return False
        is_wider = self._widen(ends(), bad)
        self._held[self._kind] = replace(self._now, source="")  # of no picture alone
        return is_wider

    def _widen(self, pictures: Sequence[Frame], bad: Mask | None) -> bool:
        held = self._now
        found = [held.limits, *_limits_of(pictures, held.rule, bad)]
        limits = Limits(min(each.low for each in found), max(each.high for each in found))
        self._held[self._kind] = replace(held, limits=limits)
        return limits != held.limits

    def set_by_hand(self, limits: Limits) -> None:
        self._held[self._kind] = replace(self._now, limits=limits, rule=LimitsRule.MANUAL)


def _limits_of(
    pictures: Sequence[Frame], rule: LimitsRule, bad: Mask | None
) -> list[Limits]:
    """Return the limits of each picture that has values."""
    each = (limits_by(rule, values, bad) for values in pictures)
    return [limits for limits in each if limits is not None]


def _n_telling(sample: NDArray[np.float64]) -> int:
    """Return how many values limits rest on: one where all are alike."""
    return 1 if sample.size and np.ptp(sample) == 0 else sample.size
