"""What a ramp fit does otherwise than its parameters say."""

from collections.abc import Iterator

from rampviewer.core.likely.settings import MIN_GROUPS
from rampviewer.model.runs.group_range import range_note
from rampviewer.model.runs.run import Recipe
from rampviewer.model.text.number_text import many


def fit_notes(recipe: Recipe, n_groups: int) -> Iterator[str]:
    """Yield a sentence on each parameter of the fit that does not act as stated.

    Parameters
    ----------
    recipe : Recipe
    n_groups : int
        Of the exposure.
    """
    if "ramp_fit" in recipe.skipped:
        return
    if note := range_note(recipe.fit, n_groups):
        yield note
    if recipe.fit.algorithm == "LIKELY" and n_groups < MIN_GROUPS:
        yield (
            f"algorithm LIKELY is ignored, as by the official step, because it needs "
            f"{MIN_GROUPS} groups and the exposure has {many(n_groups, 'group')}: rates "
            "are fitted by least squares (OLS_C)."
        )
