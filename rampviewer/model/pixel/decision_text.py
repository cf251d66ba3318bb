"""How jump detection decided about a pixel, as plain text."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from rampviewer.model.pixel.flag_text import ranges_text
from rampviewer.model.pixel.pixel_view import Decision, PixelView

BRANCH_WORDS: Final[dict[str, str]] = {
    "iterative": (
        "Branch: iterative. The most deviant difference is flagged and removed, "
        "then median and sigma are taken again. Sizes are compared, whatever their sign."
    ),
    "single pass": (
        "Branch: single pass. All differences are compared at once with the median "
        "over all groups and integrations."
    ),
    "sigma clip": (
        "Branch: sigma clip. What is too many sigma off the median of its own kind is "
        "clipped, up to five times over; the last median and sigma decide. "
        "A group in which every pixel of the frame is flagged loses these flags."
    ),
    "as delivered": (
        "As delivered: the flags are those of the file, rampviewer searched for no jump."
    ),
    "skipped": "Jump detection was skipped: the exposure has too few usable groups.",
}


def ratio_text(ratio: float, limit: float) -> str:
    """Return "11.3 sigma > 4", with decimals until the rounded number tells the truth."""
    if math.isnan(limit):
        return f"{ratio:.1f} sigma"
    sign = ">" if ratio > limit else "<" if ratio < limit else "="
    for decimals in range(1, 9):
        text = f"{ratio:.{decimals}f}"
        shown = float(text)
        if (shown > limit) == (ratio > limit) and (shown < limit) == (ratio < limit):
            break
    return f"{text} sigma {sign} {limit:g}"


def decision_lines(view: PixelView) -> Iterator[str]:
    """Yield the branch, what could be used, and the threshold that applied."""
    decision = view.decision
    yield BRANCH_WORDS.get(decision.branch, f"Branch: {decision.branch}.")
    if decision.branch in ("as delivered", "skipped"):
        return
    if view.fit is not None and view.fit.is_uneven:
        yield (
            "The groups count as evenly spaced here, as in the official step, "
            "whatever read_times say."
        )
    n_all = decision.difference.size
    yield f"{decision.n_differences} of {n_all} two-point differences could be used."
    if not decision.threshold_name:
        yield "No threshold applied: too few differences could be used."
    else:
        yield (
            f"Threshold that applied: {decision.threshold_name} = "
            f"{decision.threshold:g} sigma."
        )
    if decision.branch == "iterative":
        yield from _threshold_remarks(decision)
    if decision.branch == "sigma clip":
        yield from _clip_lines(decision)


def _threshold_remarks(decision: Decision) -> Iterator[str]:
    n_ints, n_differences = decision.difference.shape
    if n_ints * n_differences < 4:
        plural = "s" if n_ints > 1 else ""
        yield (
            "rejection_threshold can never apply to this exposure: "
            f"{n_differences + 1} groups in {n_ints} integration{plural} give "
            f"{n_ints * n_differences} differences, it needs 4."
        )
    elif decision.threshold_name not in ("", "rejection_threshold"):
        yield (
            "rejection_threshold did not apply to this pixel: "
            "fewer than 4 differences could be used."
        )


def _clip_lines(decision: Decision) -> Iterator[str]:
    n_ints, n_differences = decision.order.shape
    if decision.only_use_ints:
        yield "only_use_ints: each group is compared with itself in the other integrations."
        for k in range(n_differences):
            clipped = np.flatnonzero(decision.order[:, k]).tolist()
            if clipped:
                ints = ", ".join(map(str, clipped))
                yield f"group {k + 1}: {_bounds_text(decision, [k])}; clipped in int {ints}"
    else:
        yield "All groups of all integrations are compared with each other."
        yield _bounds_text(decision, list(range(n_differences)))
        for i in range(n_ints):
            clipped = (np.flatnonzero(decision.order[i]) + 1).tolist()
            if clipped:
                yield f"int {i} {ranges_text(clipped)}: clipped"
    if decision.lost is not None:
        for i, k in np.argwhere(decision.lost).tolist():
            yield (
                f"int {i} group {k + 1}: clipped, but the flag went, "
                "because every pixel of the group had it"
            )


def _bounds_text(decision: Decision, columns: list[int]) -> str:
    """Return median, sigma and bounds of differences that are compared with each other."""
    medians = decision.median[:, columns]
    compared = np.argwhere(~np.isnan(medians))
    if not len(compared):
        return "nothing could be compared"
    i, k = compared[0]
    median, sigma = float(medians[i, k]), float(decision.sigma[:, columns][i, k])
    reach = decision.threshold * sigma
    return (
        f"median {median:.1f}, sigma {sigma:.2f}, kept from {median - reach:.1f} "
        f"to {median + reach:.1f} electron"
    )


def difference_lines(decision: Decision) -> Iterator[str]:
    """Yield a heading and the numbers of each difference at the stage that decided it.

    Nothing where no difference was looked at.
    """
    if np.isnan(decision.difference).all():
        return
    if decision.interval is None:
        yield "Two-point differences [electron]"
    else:
        yield "Two-point differences over their own times [electron/s]"
    for i, k in np.ndindex(decision.difference.shape):
        yield f"  int {i} group {k + 1}: {_numbers_text(decision, i, k)}"


def _numbers_text(decision: Decision, i: int, k: int) -> str:
    time = 1.0 if decision.interval is None else float(decision.interval[k])
    step, median, sigma = (
        float(values[i, k]) / time
        for values in (decision.difference, decision.median, decision.sigma)
    )
    ratio, limit = float(decision.ratio[i, k]), float(decision.limit[i, k])
    over = "" if decision.interval is None else f" over {time:g} s"
    if math.isnan(step):
        return "not usable"
    if math.isnan(ratio):
        return f"{step:.1f}{over}, not compared"
    return (
        f"{step:.1f}{over}, median {median:.1f}, sigma {sigma:.2f}, "
        f"{ratio_text(ratio, limit)}{_verdict(decision, i, k)}"
    )


def _verdict(decision: Decision, i: int, k: int) -> str:
    if decision.lost is not None and decision.lost[i, k]:
        return ", clipped, flag lost"
    if not decision.order[i, k]:
        return ""
    if decision.branch == "sigma clip":
        return ", clipped"
    if decision.branch == "single pass":
        return ", flagged"
    return f", removal {decision.order[i, k]}"
