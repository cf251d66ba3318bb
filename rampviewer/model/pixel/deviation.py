"""By how much the differences and the fit of a pixel are off, in sigma."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.pixel.pixel_view import Decision, IntegrationView, PixelView
from rampviewer.model.timing import GroupTimes

F64 = NDArray[np.float64]
FEW: Final = {
    3: "four_group_rejection_threshold",
    2: "three_group_rejection_threshold",
}
NOT_SEARCHED: Final = {
    "as delivered": "As delivered: rampviewer searched for no jump.",
    "skipped": "Jump detection was skipped: too few groups.",
}


@dataclass(frozen=True, slots=True)
class AppliedThreshold:
    """A threshold that differences of a pixel were compared with."""

    name: str  # of the parameter
    sigma: float


def deviations(decision: Decision) -> F64:
    """Return the ratio of each difference with the sign of its deviation.

    The iterative branch compares absolute differences, so there a large negative step
    lies above the median.

    Returns
    -------
    deviations : (n_ints, n_groups - 1) float64
        [sigma]; NaN where a difference was not compared.
    """
    iterative = decision.branch == "iterative"
    size = np.abs(decision.difference) if iterative else decision.difference
    return np.copysign(decision.ratio, size - decision.median)


def applied_thresholds(decision: Decision) -> tuple[AppliedThreshold, ...]:
    """Return the thresholds that applied, first that with all differences in use.

    In the iterative branch others follow when removals left 3 or 2 differences.
    """
    if not decision.threshold_name:
        return ()
    first = AppliedThreshold(decision.threshold_name, decision.threshold)
    if decision.branch != "iterative":
        return (first,)
    found = {first.name: first}
    for stage in range(int(decision.order.max(initial=0)) + 1):
        removed = (decision.order > 0) & (decision.order <= stage)
        n_left = decision.n_differences - int(np.count_nonzero(removed))
        limits = decision.limit[~removed & np.isfinite(decision.limit)]
        if n_left in FEW and limits.size:
            name, sigma = FEW[n_left], _limit_at(decision, stage)
            found.setdefault(name, AppliedThreshold(name, sigma))
    return tuple(found.values())


def _limit_at(decision: Decision, stage: int) -> float:
    """Return the limit of the differences that were decided at a stage [sigma]."""
    decided = decision.order == stage + 1
    if not decided.any():
        decided = (decision.order == 0) & np.isfinite(decision.limit)
    return float(decision.limit[decided][0])


def branch_text(decision: Decision) -> str:
    """Return the branch, how many differences were usable, and how many it removed."""
    if decision.branch in NOT_SEARCHED:
        return NOT_SEARCHED[decision.branch]
    n_all = decision.difference.size
    text = f"{decision.branch}, {decision.n_differences} of {n_all} differences usable"
    n_off = int(np.count_nonzero(decision.order))
    verb = {"iterative": "removed", "sigma clip": "clipped"}.get(decision.branch, "above")
    return f"{text}, {n_off} {verb}"


def compared_text(decision: Decision) -> str:
    """Return what the deviations are of: steps, or their size, from the median."""
    if decision.branch in NOT_SEARCHED:
        return ""
    size = "|step|" if decision.branch == "iterative" else "step"
    return f"{size} \N{MINUS SIGN} median"


def stayed_text(decision: Decision) -> str:
    """Return median and sigma of the differences that stayed, at the stage that decided.

    Where they vary, as from group to group, there is nothing to tell: "".
    """
    stayed = (decision.order == 0) & np.isfinite(decision.sigma)
    pairs = set(zip(decision.median[stayed], decision.sigma[stayed], strict=True))
    if len(pairs) != 1:
        return ""
    ((median, sigma),) = pairs
    return f"median {median:.1f}, sigma {sigma:.2f} electron"


def step_sigma(view: PixelView) -> float:
    """Return the sigma of a two-point difference that is no jump [DN]; NaN if unknown.

    It is that of the differences that stayed; their median where they differ.
    """
    decision = view.decision
    sigma = decision.sigma[(decision.order == 0) & np.isfinite(decision.sigma)]
    return float(np.median(sigma)) / view.gain if sigma.size else float("nan")


def residuals(item: IntegrationView, times: GroupTimes) -> F64:
    """Return by how much each group lies above the line of its segment.

    Returns
    -------
    residuals : (n_groups,) float64
        [DN]; NaN for groups in no segment.
    """
    found = np.full(item.signal.size, np.nan)
    for segment in item.segments:
        groups = np.arange(segment.first_group, segment.last_group + 1)
        line = segment.intercept + segment.slope * times.of(groups)
        found[groups] = item.signal[groups] - line
    return found
