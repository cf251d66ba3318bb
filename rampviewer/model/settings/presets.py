"""Named sets of parameters for an instrument: those that come along, and the user's."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any, Final

from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.step_parameters import KINDS, SKIP, Step

Values = Mapping[Step, Mapping[str, Any]]

_NEAR_INFRARED: Final[dict[str, Values]] = {
    "Snowballs": {"jump": {"expand_large_events": True}, "ramp_fit": {}},
    "Likelihood fit": {"jump": {}, "ramp_fit": {"algorithm": "LIKELY"}},
}
_MIRI: Final[dict[str, Values]] = {
    "Showers": {"jump": {"find_showers": True}, "ramp_fit": {}},
    "Likelihood fit": {"jump": {}, "ramp_fit": {"algorithm": "LIKELY"}},
}


def built_in(instrument: str) -> tuple[ParameterSet, ...]:
    """Return the sets that come along: what the instrument has, else the defaults."""
    values = _MIRI if instrument == "MIRI" else _NEAR_INFRARED
    return tuple(ParameterSet(name=name, values=values[name]) for name in values)


def of_parameters(
    name: str,
    jump: JumpParameters,
    fit: RampFitParameters,
    skipped: frozenset[Step] = frozenset(),
) -> ParameterSet:
    """Return parameters under a name, with the steps that are to be skipped."""
    values: Values = {"jump": asdict(jump), "ramp_fit": asdict(fit)}
    return ParameterSet(name=name, values=values, options=_options(skipped))


def called_after(preset: str) -> str:
    """Return what parameters are called that are those of a preset of this name."""
    return f"preset {preset}"


def to_text(presets: tuple[ParameterSet, ...]) -> str:
    """Return sets as one text, to be kept."""
    return json.dumps(
        {preset.name: {**preset.values, SKIP: sorted(preset.skipped)} for preset in presets}
    )


def from_text(text: str) -> tuple[ParameterSet, ...]:
    """Return the sets of a text; what another version wrote is left out.

    The first version did not write which steps are skipped: none is.
    """
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return ()
    presets = []
    for name, values in found.items() if isinstance(found, dict) else ():
        try:
            preset = ParameterSet(
                name=name,
                values={step: values[step] for step in KINDS},
                options=_options(values.get(SKIP, [])),
            )
            _ = preset.jump, preset.fit  # refuses what is no parameter, or out of range
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        presets.append(preset)
    return tuple(presets)


def _options(skipped: Collection[str]) -> dict[Step, dict[str, bool]]:
    if not {*skipped} <= KINDS.keys():
        raise ValueError(f"no step is called {', '.join(skipped)}")
    return {step: {SKIP: True} for step in KINDS if step in skipped}
