"""One processing of an exposure, complete and frozen."""

from dataclasses import dataclass, field, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.runs.diagnostics import Counts, Diagnostics
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.results import RatePlanes, counts
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.step_parameters import STEP_WORDS, Step

DeliveredJumps = Literal["keep", "drop", "as_delivered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a processing depends on besides the exposure.

    `delivered_jumps`: "keep" adds to the delivered JUMP_DET flags, as the official step
    does, "drop" removes them first, "as_delivered" detects nothing and fits with the flags
    as read.

    `source` names where the parameters come from; it does not tell recipes apart.

    `skipped` holds steps that the user wants skipped: no product of theirs is written, and
    the others say so. Without the jump step `delivered_jumps` must be "as_delivered".
    """

    jump: JumpParameters
    fit: RampFitParameters
    delivered_jumps: DeliveredJumps = "keep"
    source: str = field(default="", compare=False)
    skipped: frozenset[Step] = frozenset()

    @classmethod
    def as_delivered(cls, fit: RampFitParameters) -> "Recipe":
        """Return the recipe that searches for no jump."""
        return cls(jump=JumpParameters(), fit=fit, delivered_jumps="as_delivered")

    @property
    def wants_large(self) -> bool:
        """Whether snowballs or showers are searched for."""
        is_searched = self.delivered_jumps != "as_delivered"
        return is_searched and (self.jump.expand_large_events or self.jump.find_showers)

    @property
    def title(self) -> str:
        """A name for the screen."""
        if self.delivered_jumps == "as_delivered":
            return "run 0 (as delivered)"
        return f"run 1 ({self.jump.rejection_threshold:g} sigma)"

    @property
    def summary(self) -> str:
        """The recipe in one line: what becomes of delivered jumps, and `changes`."""
        skipped = [f"{STEP_WORDS[step]} skipped" for step in sorted(self.skipped)]
        treated = f"delivered jumps: {self.delivered_jumps}"
        if self.delivered_jumps == "as_delivered":
            treated = "jumps as delivered"
        parts = (treated, *skipped, self.changes)
        return ", ".join(filter(None, parts))

    @property
    def changes(self) -> str:
        """Every parameter that is not at its default, in one line; "" without any."""
        changed = [
            f"{item.name}={getattr(part, item.name)}"
            for part in (self.jump, self.fit)
            for item in fields(part)
            if getattr(part, item.name) != item.default
        ]
        return ", ".join(changed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """Products of one recipe.

    Attributes
    ----------
    number : int
        0 is "as delivered".
    recipe : Recipe
        All parameters.
    rate, rateints : RatePlanes
        Of an only integration, planes of `rateints` may be those of `rate`: the same
        memory in another shape. Where the fit is skipped they hold nothing.
    pixeldq : (n_rows, n_cols) uint32
        Flags of the pixels after jump detection.
    jump_bits : (n_ints, n_groups, n_rows, ceil(n_cols / 8)) uint8
        JUMP_DET of every group, packed along the columns; the other bits of the groups are
        as delivered, but for those that `large` writes: see `flags_of_run`.
    n_jumps : (n_rows, n_cols)
        JUMP_DET over all integrations.
    diagnostics : Diagnostics
        What the planes of the window are made of.
    large : LargeLayer or None
        Snowballs and showers; None where none were looked for.
    n_primary : int
        JUMP_DET before neighbours, delivered ones that were kept among them; negative
        where none were searched for.
    n_extended : int
        Snowballs or showers.
    jump_skipped : bool
        Whether there are fewer than three groups.
    nothing_fitted : bool
        Whether no ramp of the exposure can be fitted, or the fit is skipped.
    keeps_jumps : bool
        Whether there are delivered JUMP_DET among those counted.
    """

    number: int
    recipe: Recipe
    rate: RatePlanes
    rateints: RatePlanes
    pixeldq: NDArray[np.uint32]
    jump_bits: NDArray[np.uint8]
    n_jumps: Counts
    diagnostics: Diagnostics
    large: LargeLayer | None
    n_primary: int
    n_extended: int
    jump_skipped: bool
    nothing_fitted: bool
    keeps_jumps: bool = False

    def __repr__(self) -> str:
        return f"<Run {self.number} ({self.recipe.summary}): {self.outcome}>"

    @property
    def is_large_stale(self) -> bool:
        """Whether large events are wanted, and `large` is missing or of another recipe."""
        if self.jump_skipped or not self.recipe.wants_large:
            return False
        return self.large is None or self.large.parameters != self.recipe.jump

    @property
    def outcome(self) -> str:
        """Numbers of jumps and the shape of the rate, in words."""
        found = counts(self.n_primary, self.n_extended, keeps_jumps=self.keeps_jumps)
        if self.recipe.delivered_jumps == "as_delivered":
            found = "jumps as delivered"
        fitted = (
            "nothing fitted" if self.nothing_fitted else f"rate {self.rate.slope.shape}"
        )
        if "ramp_fit" in self.recipe.skipped:
            fitted = "no rates"
        return f"{'jumps skipped' if self.jump_skipped else found}, {fitted}"
