"""Takes a table out of the window: to the clipboard or to a file."""

from collections.abc import Callable

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMenu, QToolButton, QWidget

from rampviewer.gui.tables.column_table_view import text_of
from rampviewer.model.tables.column_table import ColumnTable

MOST_COPIED = 100_000  # rows: more would halt the window for long


class TableButton(QToolButton):
    """A menu: copy what is listed, or save it.

    Parameters
    ----------
    name : str
        What the rows are, in the plural.
    listed : callable
        Gives the table as it is listed.

    Signals
    -------
    save_clicked : ColumnTable
        The user wants it as a file.
    """

    save_clicked = pyqtSignal(object)

    def __init__(
        self, name: str, listed: Callable[[], ColumnTable], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._listed = listed
        self.setText("Save")
        self.setToolTip(f"Copy or save the {name} that are listed")
        self.setAccessibleName(f"Copy or save the {name}")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.save, self.copy = (
            menu.addAction(text) for text in ("Save as CSV or ECSV...", "Copy as text")
        )
        assert self.save is not None
        assert self.copy is not None
        self.copy.setToolTip(f"At most {MOST_COPIED:,} rows")
        self.save.triggered.connect(lambda: self.save_clicked.emit(self._listed()))
        self.copy.triggered.connect(self._copy)
        self.setMenu(menu)

    def _copy(self) -> None:
        clipboard, table = QGuiApplication.clipboard(), self._listed()
        if clipboard is not None:
            rows = np.arange(min(len(table), MOST_COPIED))
            clipboard.setText(text_of(table, rows))
