"""Filters and order of a table, remembered between sessions."""

import json

from PyQt6.QtCore import QSettings, Qt

from rampviewer.gui.tables.column_table_view import ColumnTableView
from rampviewer.gui.tables.filter_bar import FilterBar
from rampviewer.gui.tables.place_table import PlaceTable


def remember_table(settings: QSettings, name: str, table: PlaceTable) -> None:
    """Set filters and order of a table as they were left, and keep them from now on."""
    _remember_filters(settings, f"filters/{name}", table.filters)
    _remember_order(settings, f"orders/{name}", table.view)


def _remember_filters(settings: QSettings, key: str, filters: FilterBar) -> None:
    state = _texts_in(settings, key)
    if state:
        filters.set_state(state)
    filters.filters_edited.connect(
        lambda: settings.setValue(key, json.dumps(filters.state()))
    )


def _remember_order(settings: QSettings, key: str, view: ColumnTableView) -> None:
    """Remember by which column, by its name, and which way rows are sorted."""
    heads = view.horizontalHeader()
    assert heads is not None
    names = ["", *view.column_names]
    ways = {way.name: way for way in Qt.SortOrder}
    match _texts_in(settings, key):
        case [name, way] if name in names and way in ways:
            view.sortByColumn(names.index(name) - 1, ways[way])
    heads.sortIndicatorChanged.connect(
        lambda number, way: settings.setValue(
            key, json.dumps([names[number + 1], way.name])
        )
    )


def _texts_in(settings: QSettings, key: str) -> list[str]:
    """Return the texts that were written, none if this version does not know them."""
    try:
        found = json.loads(str(settings.value(key, "")) or "[]")
    except ValueError:
        return []
    is_known = isinstance(found, list) and all(isinstance(item, str) for item in found)
    return found if is_known else []
