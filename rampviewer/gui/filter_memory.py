"""The filters of a table, remembered between sessions."""

import json

from PyQt6.QtCore import QSettings

from rampviewer.gui.filter_bar import FilterBar


def remember_filters(settings: QSettings, name: str, filters: FilterBar) -> None:
    """Set the filters as they were left, and keep them from now on.

    Parameters
    ----------
    settings : QSettings
    name : str
        Of the table.
    filters : FilterBar
    """
    key = f"filters/{name}"
    state = _state_in(str(settings.value(key, "")))
    if state:
        filters.set_state(state)
    filters.filters_edited.connect(
        lambda: settings.setValue(key, json.dumps(filters.state()))
    )


def _state_in(text: str) -> tuple[str, ...]:
    """Return what was written, nothing if this version does not know it."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return ()
    is_known = isinstance(found, list) and all(isinstance(item, str) for item in found)
    return tuple(found) if is_known else ()
