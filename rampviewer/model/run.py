"""One processing of an exposure, complete and frozen."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.results import RatePlanes

DeliveredJumps = Literal["keep", "drop", "as_delivered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a processing depends on besides the exposure.

    `delivered_jumps`: "keep" adds to the delivered JUMP_DET flags, as the official step
    does, "drop" removes them first, "as_delivered" detects nothing and fits with the flags
    as read.
    """

    jump: JumpParameters
    fit: RampFitParameters
    delivered_jumps: DeliveredJumps = "keep"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """Products of one recipe.

    `jump_bits` holds JUMP_DET of every group, packed with `numpy.packbits` in C order of
    (n_ints, n_groups, n_rows, n_cols); the other bits of the groups are as delivered.
    """

    number: int  # 0 is "as delivered"
    recipe: Recipe
    rate: RatePlanes
    rateints: RatePlanes
    pixeldq: NDArray[np.uint32]  # (n_rows, n_cols), after jump detection
    jump_bits: NDArray[np.uint8]
    n_primary: int
    n_extended: int
    jump_skipped: bool  # fewer than three groups
    nothing_fitted: bool

    @property
    def name(self) -> str:
        if self.recipe.delivered_jumps == "as_delivered":
            return f"run {self.number}: as delivered"
        return f"run {self.number}: {self.recipe.jump.rejection_threshold:g} sigma"
