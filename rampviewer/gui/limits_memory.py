"""The limits of each kind of plane, held until the user asks for others."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.gui.stretch import Limits, LimitsRule, limits_by, sample_of

Mask = NDArray[np.bool_]

_NO_LIMITS: Final = Limits(0.0, 1.0)
_GROWTH: Final = 1.25  # so many more values make the limits worth another look


@dataclass(frozen=True, slots=True)
class _Held:
    limits: Limits = _NO_LIMITS
    rule: LimitsRule = LimitsRule.ZSCALE
    n_judged: int = 0  # values of the sample that the limits were computed from
    source: str = ""  # picture they were computed from
    is_partial: bool = False  # that picture was still being made


class LimitsMemory:
    """Remembers limits by kind of plane, and computes them where there are none yet.

    Each picture of a kind has a name, its `source`. Limits are held from one picture to the
    next as long as `is_holding`; otherwise each picture gets its own.
    """

    def __init__(self, *, is_holding: bool = True) -> None:
        self.is_holding = is_holding
        self.is_partial = False  # whether the picture shown is still being made
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

    def compute(self, rule: LimitsRule, values: NDArray[Any], bad: Mask | None) -> None:
        """Compute the limits by a rule, from all values there are now.

        Manual limits stay as they are; where there is no value, the old ones stay.
        """
        limits = None if rule is LimitsRule.MANUAL else limits_by(rule, values, bad)
        self._held[self._kind] = _Held(
            limits or self.limits,
            rule,
            sample_of(values, bad).size,
            self._source,
            self.is_partial,
        )

    def revise(self, values: NDArray[Any], bad: Mask | None) -> bool:
        """Compute limits that no longer hold; return if there were such.

        They are those of another picture, unless limits are held, and those that rest on
        far fewer values than there are now: an image that is just being processed starts
        with few or none. When it is complete, it is judged once more.
        """
        held = self._now
        if held.rule is LimitsRule.MANUAL:
            return False
        n_values = sample_of(values, bad).size
        is_own = self.is_holding or not self.is_held_over
        is_final = self.is_partial or not held.is_partial
        if n_values == 0:
            return False
        if is_own and is_final and n_values <= _GROWTH * held.n_judged:
            return False
        self.compute(held.rule, values, bad)
        return True

    def set_by_hand(self, limits: Limits) -> None:
        self._held[self._kind] = replace(self._now, limits=limits, rule=LimitsRule.MANUAL)
