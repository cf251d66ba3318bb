"""What the window tells in passing, as sentences."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from rampviewer.model.errors import REFERENCE_NAMES, MissingReferenceError
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

DELIVERED_NOTE = (
    "This file carries jump flags already: run 0 shows them as delivered, the live run "
    "starts without them. Saturation that an earlier snowball step wrote cannot be told "
    "from the detector's, and stays in both."
)
KEPT_NOTE = (
    "This file carries jump flags already: run 0 shows them as delivered, the live run "
    "keeps them and adds its own, as the result did that is shown."
)
MOST_NAMED = 3  # parameters in one sentence


def opened_sentences(prepared: Prepared, recipe: Recipe, *, kept: bool = False) -> str:
    """Return what is worth knowing of an exposure just opened, "" if nothing is.

    `kept` says whether jumps that were delivered stay.
    """
    exposure = prepared.exposure
    notes = [*exposure.notes, exposure.room.sentence(exposure.name, exposure.shape)]
    if prepared.has_delivered_jumps:
        notes.append(KEPT_NOTE if kept else DELIVERED_NOTE)
    notes += [kept_sentence(recipe), offered_sentence(prepared, recipe)]
    return " ".join(filter(None, notes))


def offered_sentence(prepared: Prepared, recipe: Recipe) -> str:
    """Return that the file was made with other parameters, "" when it was not."""
    delivered = prepared.exposure.delivered
    if delivered is None or delivered.applied_to(recipe.jump, recipe.fit) == (
        recipe.jump,
        recipe.fit,
    ):
        return ""
    return (
        f"The file was made with other parameters ({delivered.summary}): "
        "Run > Use the delivered parameters takes them."
    )


def kept_sentence(recipe: Recipe) -> str:
    """Return which parameters are not the defaults, "" when all are."""
    changed = [
        f"{item.name} {getattr(values, item.name)}"
        for values, default in (
            (recipe.jump, JumpParameters()),
            (recipe.fit, RampFitParameters()),
        )
        for item in fields(values)
        if getattr(values, item.name) != getattr(default, item.name)
    ]
    if not changed:
        return ""
    named, n_more = ", ".join(changed[:MOST_NAMED]), len(changed) - MOST_NAMED
    more = f" and {n_more} more" if n_more > 0 else ""
    return f"The parameters stay as you set them: {named}{more}."


def missing_sentence(path: Path, error: MissingReferenceError) -> str:
    """Return what is missing and why, in the words of the window; of two, why the first."""
    names = [REFERENCE_NAMES[kind] for kind in error.kinds]
    what = " and no ".join(names)
    # A name of a file may have a colon in it, too.
    _, _, why = error.reason.partition(f" has no {names[0]}: ")
    return (
        f"{path.name} has no {what}: {why}. "
        "Choose a file or type a number for what is missing."
    )


def outside_sentence(pixel: Pixel, exposure: Exposure) -> str:
    """Return that an exposure does not have a pixel."""
    return (
        f"Pixel x {pixel.col} y {pixel.row} is outside of {exposure.name}, "
        f"which has {exposure.n_cols} x {exposure.n_rows} pixels."
    )


def exported_sentence(paths: Sequence[Path], n_wanted: int) -> str:
    """Return what was exported, and that a rate is missing if fewer than wanted were."""
    names = ", ".join(path.name for path in paths)
    text = f"Exported {names} to {paths[0].parent}."
    if len(paths) < n_wanted:
        text += " No rate could be fitted, so that there is no rate product."
    return text
