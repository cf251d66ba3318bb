"""Which references were given for an exposure, remembered between sessions."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QSettings

from rampviewer.model.settings.reference_choices import Choice, ReferenceChoices

KEY = "given_references"
MOST = 20  # exposures
NAMES = ("gain", "readnoise", "saturation")


class ReferenceMemory:
    """Keeps what the user gave, and fills it in when the same exposure lacks it."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def keep(self, path: Path, choices: ReferenceChoices) -> None:
        """Remember the files and numbers that an exposure was opened with, if any."""
        given = {name: getattr(choices, name) for name in NAMES}
        found = {name: _stored(value) for name, value in given.items() if value is not None}
        if not found:
            return
        key = str(path.resolve())
        others = {old: item for old, item in self._read().items() if old != key}
        kept = list({key: found, **others}.items())[:MOST]
        self._settings.setValue(KEY, json.dumps(dict(kept)))

    def filled(self, path: Path, choices: ReferenceChoices) -> ReferenceChoices:
        """Return choices with what was given before; not with files that are gone."""
        found = self._read().get(str(path.resolve()), {})

        def either(given: Choice, name: str) -> Choice:
            return _choice(found.get(name)) if given is None else given

        return replace(
            choices,
            gain=either(choices.gain, "gain"),
            readnoise=either(choices.readnoise, "readnoise"),
            saturation=either(choices.saturation, "saturation"),
        )

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(str(self._settings.value(KEY, "")) or "{}")
        except ValueError:
            return {}
        return {
            str(path): item
            for path, item in (found.items() if isinstance(found, dict) else ())
            if isinstance(item, dict)
        }


def _stored(choice: Choice) -> str | float | None:
    return str(choice.resolve()) if isinstance(choice, Path) else choice


def _choice(stored: object) -> Choice:
    if isinstance(stored, str):
        path = Path(stored)
        return path if path.is_file() else None
    is_number = isinstance(stored, int | float) and not isinstance(stored, bool)
    return float(stored) if is_number else None  # type: ignore[arg-type]
