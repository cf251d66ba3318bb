"""What changed between two runs, in words."""

from typing import Final

import numpy as np

from rampviewer.core.origin import Origin
from rampviewer.model.runs.run_changes import I64, RunChanges
from rampviewer.model.tables.jump_table import ORIGINS
from rampviewer.model.text.number_text import grouped

NO_CHANGE: Final = "No flag changed: both runs flag the same groups."


def flags_sentence(changes: RunChanges) -> str:
    """Return how many groups are flagged in one of the runs only, and in both."""
    numbers = changes.numbers
    flagged, unflagged, kept = (int(values.sum()) for values in numbers[:3])
    parts = [
        f"{grouped(flagged)} groups new{_by_origin(numbers.flagged)}",
        f"{grouped(unflagged)} gone{_by_origin(numbers.unflagged)}",
        f"{grouped(kept)} in both",
    ]
    for n, word in (
        (numbers.n_saturated, "newly saturated"),
        (numbers.n_unsaturated, "no longer saturated"),
    ):
        if n:
            parts.append(f"{grouped(n)} {word}")
    return f"Flags: {', '.join(parts)}."


def rates_sentence(changes: RunChanges) -> str:
    """Return in how many pixels the rate changed, and by how much."""
    numbers = changes.numbers
    text = (
        f"Rates: {grouped(numbers.n_above_1)} pixels changed by > 1 sigma, "
        f"{grouped(numbers.n_above_3)} by > 3 sigma"
    )
    for n, word in (
        (numbers.n_newly_nan, "newly NaN"),
        (numbers.n_no_longer_nan, "no longer NaN"),
    ):
        if n:
            text += f"; {grouped(n)} {word}"
    return f"{text}."


def cut_sentence(changes: RunChanges) -> str:
    """Return that not all changes are listed, "" when they are."""
    n = len(changes.table)
    if n == changes.n_groups:
        return ""
    return (
        f"Listed are {grouped(n)} of {grouped(changes.n_groups)} changes: those in the "
        "pixels whose rate changed most."
    )


def _by_origin(counts: I64) -> str:
    found = [Origin(number) for number in np.argsort(-counts, kind="stable")]
    named = [f"{grouped(int(counts[o]))} {ORIGINS[o]}" for o in found if counts[o]]
    return f" ({', '.join(named)})" if len(named) > 1 else ""
