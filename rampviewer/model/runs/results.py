"""What comes out of the two steps."""

from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]


def listed(owner: Any, *names: str) -> str:
    """Return the names of attributes that are arrays, with their shapes."""
    shapes = {
        name: getattr(owner, name).shape
        for name in names
        if getattr(owner, name) is not None
    }
    return ", ".join(
        " ".join(f".{name}" for name in group) + f" {shape}"
        for shape, group in groupby(shapes, shapes.__getitem__)
    )


def counts(n_primary: int, n_extended: int, *, keeps_jumps: bool = False) -> str:
    """Return the numbers of jumps in words; with `keeps_jumps` delivered ones count too."""
    kinds = "primary and delivered jumps" if keeps_jumps else "primary jumps"
    primary = f"{n_primary} {kinds}" if n_primary >= 0 else "jumps not counted"
    return f"{primary}, {n_extended} large events"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JumpResult:
    """Flags after jump detection.

    Attributes
    ----------
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
        Flags of the groups.
    pixeldq : (n_rows, n_cols) uint32
        Flags of the pixels.
    origin : (n_ints, n_groups, n_rows, n_cols) uint8
        Where each JUMP_DET came from: a value of `rampviewer.core.origin.Origin`.
    n_primary : int
        JUMP_DET bits before neighbours were flagged, delivered ones that were kept among
        them, as the official step counts; negative where none were searched for.
    n_extended : int
        Snowballs or showers.
    skipped : bool
        Whether there were too few groups, so that the flags are as they were.
    keeps_jumps : bool
        Whether there are delivered JUMP_DET among them.
    """

    groupdq: U8
    pixeldq: U32
    origin: U8
    n_primary: int
    n_extended: int
    skipped: bool = False  # as by the official step, S_JUMP is SKIPPED then
    keeps_jumps: bool = False

    def __repr__(self) -> str:
        numbers = self.n_primary, self.n_extended
        found = counts(*numbers, keeps_jumps=self.keeps_jumps)
        found = "skipped" if self.skipped else found
        return f"<JumpResult {found}: {listed(self, 'groupdq', 'origin', 'pixeldq')}>"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RatePlanes:
    """A rate with its quality: (n_rows, n_cols), or (n_ints, n_rows, n_cols) each.

    All are float32 but `dq`, and NaN where nothing could be fitted.

    Attributes
    ----------
    slope, err : array
        Rate and its uncertainty [DN/s].
    dq : array of uint32
        Flags, with DO_NOT_USE where there is no rate.
    var_poisson, var_rnoise : array
        Variances from photon and read noise [(DN/s)^2].
    chisq : array or None
        Of a likelihood fit only; that of the rate sums the integrations.
    """

    slope: F32
    dq: U32
    var_poisson: F32
    var_rnoise: F32
    err: F32
    chisq: F32 | None = None

    def __repr__(self) -> str:
        names = ("slope", "err", "dq", "var_poisson", "var_rnoise", "chisq")
        return f"<RatePlanes {listed(self, *names)}>"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Fits of all segments, packed as in the official fitopt product, all in float32.

    The first seven are 0 where a pixel has fewer segments than `n_segments`, `crmag` where
    it has fewer jumps than `n_crs`. Units are those of the official product, mixed as they
    are.

    Attributes
    ----------
    slope : (n_ints, n_segments, n_rows, n_cols)
        [DN/s]
    sigslope : (n_ints, n_segments, n_rows, n_cols)
        Uncertainty of the slope from read noise alone [electron/group].
    yint : (n_ints, n_segments, n_rows, n_cols)
        Value of the line at the first group that is fitted at all [DN].
    sigyint : (n_ints, n_segments, n_rows, n_cols)
        Its uncertainty from read noise alone [electron].
    weights : (n_ints, n_segments, n_rows, n_cols)
        1 / `var_rnoise` [(DN/s)^-2].
    var_poisson, var_rnoise : (n_ints, n_segments, n_rows, n_cols)
        Variances of the slope from photon and read noise [(DN/s)^2].
    pedestal : (n_ints, n_rows, n_cols)
        Signal at the beginning of the integration [DN].
    crmag : (n_ints, n_crs, n_rows, n_cols)
        Step into each group with a jump [DN].
    """

    slope: F32
    sigslope: F32
    yint: F32
    sigyint: F32
    weights: F32
    var_poisson: F32
    var_rnoise: F32
    pedestal: F32
    crmag: F32

    def __repr__(self) -> str:
        return f"<Segments {listed(self, *(item.name for item in fields(self)))}>"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitResult:
    """Rates of the exposure and of each integration.

    Attributes
    ----------
    rate : RatePlanes
        Of the exposure, (n_rows, n_cols) each.
    rateints : RatePlanes
        Of each integration, (n_ints, n_rows, n_cols) each.
    segments : Segments or None
        Fits of the single segments, where they were asked for.
    nothing_fitted : bool
        Whether no pixel of the exposure can be fitted (the official step then writes no
        product); the planes are NaN with DO_NOT_USE set.
    """

    rate: RatePlanes
    rateints: RatePlanes
    segments: Segments | None = None
    nothing_fitted: bool = False

    def __repr__(self) -> str:
        state = "nothing fitted: " if self.nothing_fitted else ""
        shapes = f".rate {self.rate.slope.shape}, .rateints {self.rateints.slope.shape}"
        segments = "" if self.segments is None else ", .segments"
        return f"<FitResult {state}{shapes}{segments}>"

    @property
    def chisq(self) -> F32 | None:
        """Chi-square of the likelihood fit, (n_rows, n_cols); None after least squares."""
        return self.rate.chisq
