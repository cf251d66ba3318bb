"""The look of the image, remembered between sessions."""

import math
from typing import NamedTuple

from PyQt6.QtCore import QSettings

from rampviewer.gui.image.display_bar import Look
from rampviewer.gui.image.stretch import Limits, LimitsRule, Stretch


class ChosenLimits(NamedTuple):
    """A rule that the user chose, and for the manual one the limits."""

    rule: LimitsRule
    limits: Limits | None = None


def remember_look(settings: QSettings, look: Look, section: str = "look") -> None:
    """Keep colour map and peaks for the next session."""
    settings.setValue(f"{section}/color_map", look.color_map)
    settings.setValue(f"{section}/reversed", look.is_reversed)
    settings.setValue(f"{section}/keeps_peaks", look.keeps_peaks)


def remembered_look(settings: QSettings, section: str = "look") -> Look:
    """Return the look of the last session, the default one if there was none.

    Stretches are remembered by themselves, for each kind of plane.
    """
    default = Look()
    try:
        return Look(
            settings.value(f"{section}/color_map", default.color_map, str),
            settings.value(f"{section}/reversed", default.is_reversed, bool),
            default.stretch,
            settings.value(f"{section}/keeps_peaks", default.keeps_peaks, bool),
        )
    except ValueError:  # written by another version
        return default


def remember_stretch(
    settings: QSettings, kind: str, stretch: Stretch, section: str = "look"
) -> None:
    """Keep the stretch of a kind of plane for the next session."""
    settings.setValue(f"{section}/stretches/{kind}", stretch.value)


def remembered_stretches(settings: QSettings, section: str = "look") -> dict[str, Stretch]:
    """Return the stretches that the user chose in earlier sessions, by kind of plane."""
    known = {stretch.value: stretch for stretch in Stretch}
    settings.beginGroup(f"{section}/stretches")
    named = {kind: str(settings.value(kind)) for kind in settings.childKeys()}
    settings.endGroup()
    return {kind: known[name] for kind, name in named.items() if name in known}


def remember_limits(
    settings: QSettings, kind: str, chosen: ChosenLimits, section: str = "look"
) -> None:
    """Keep rule or limits of a kind of plane for the next session."""
    parts = [chosen.rule.name, *map(repr, chosen.limits or ())]
    settings.setValue(f"{section}/limits/{kind}", " ".join(parts))


def remembered_limits(
    settings: QSettings, section: str = "look"
) -> dict[str, ChosenLimits]:
    """Return the rules and limits that the user chose in earlier sessions, by kind."""
    settings.beginGroup(f"{section}/limits")
    texts = {kind: str(settings.value(kind)) for kind in settings.childKeys()}
    settings.endGroup()
    found = {kind: _limits_in(text) for kind, text in texts.items()}
    return {kind: chosen for kind, chosen in found.items() if chosen is not None}


def remember_hold(settings: QSettings, *, is_holding: bool, section: str = "look") -> None:
    """Keep for the next session whether limits are held."""
    settings.setValue(f"{section}/holds_limits", is_holding)


def remembered_hold(settings: QSettings, section: str = "look") -> bool:
    """Return whether limits were held; they are if nobody said."""
    return bool(settings.value(f"{section}/holds_limits", True, bool))


def _limits_in(text: str) -> ChosenLimits | None:
    """Return what was written, None if this version does not know it."""
    name, *numbers = text.split()
    rules = {rule.name: rule for rule in LimitsRule}
    if name not in rules:
        return None
    if rules[name] is not LimitsRule.MANUAL:
        return ChosenLimits(rules[name])
    try:
        low, high = (float(number) for number in numbers)
    except ValueError:
        return None
    is_usable = math.isfinite(low) and math.isfinite(high) and low < high
    return ChosenLimits(LimitsRule.MANUAL, Limits(low, high)) if is_usable else None
