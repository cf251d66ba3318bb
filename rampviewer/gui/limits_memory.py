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


class LimitsMemory:
    """Remembers limits by kind of plane, and computes them where there are none yet."""

    def __init__(self) -> None:
        self._kind = ""
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

    def show_kind(self, kind: str) -> bool:
        """Turn to a kind of plane; return whether it is another than before."""
        is_new, self._kind = kind != self._kind, kind
        return is_new

    def compute(self, rule: LimitsRule, values: NDArray[Any], bad: Mask | None) -> None:
        """Compute the limits by a rule, from all values there are now.

        Manual limits stay as they are; where there is no value, the old ones stay.
        """
        limits = None if rule is LimitsRule.MANUAL else limits_by(rule, values, bad)
        self._held[self._kind] = _Held(
            limits or self.limits, rule, sample_of(values, bad).size
        )

    def revise(self, values: NDArray[Any], bad: Mask | None) -> bool:
        """Compute limits that rest on far fewer values than there are now; return if so.

        An image that is just being processed starts with few values or none.
        """
        held = self._now
        if held.rule is LimitsRule.MANUAL:
            return False
        n_values = sample_of(values, bad).size
        if n_values == 0 or n_values <= _GROWTH * held.n_judged:
            return False
        self.compute(held.rule, values, bad)
        return True

    def set_by_hand(self, limits: Limits) -> None:
        self._held[self._kind] = replace(self._now, limits=limits, rule=LimitsRule.MANUAL)
