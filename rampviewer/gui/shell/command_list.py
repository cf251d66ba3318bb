"""The list of all commands with their keys: to read, to search, and to carry out."""

from collections.abc import Mapping

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QAction, QKeyEvent, QKeySequence, QPalette
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.shell.commands import MENUS, PANEL_KEYS, SEPARATE, Command

HINT = "Type to search; Enter carries out what is chosen. Keys of panels stand last."
HEADS = ("Keys", "What it does", "Where")
WIDTH, HEIGHT = 640, 620
_NAME = Qt.ItemDataRole.UserRole
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class CommandList(QDialog):
    """Lists what the menus and the panels know; what cannot be done now is greyed.

    Parameters
    ----------
    actions : mapping of str to QAction
        By the names of the commands.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle("Commands and keys")
        self.resize(WIDTH, HEIGHT)
        self._actions = actions
        self.search, self.table = QLineEdit(), QTableWidget(0, len(HEADS))
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search the commands")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self._set_up_table()
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        hint = QLabel(HINT)
        hint.setWordWrap(True)
        layout.addWidget(hint)
        self._fill()
        self._filter("")
        self.search.setFocus()

    def listed(self) -> list[tuple[str, str]]:
        """Return keys and texts of the rows that are listed now."""
        rows = [row for row in range(self.table.rowCount()) if self._is_listed(row)]
        return [(self._text(row, 0), self._text(row, 1)) for row in rows]

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Let keys that move in the list act while the search has the keyboard."""
        if isinstance(a1, QKeyEvent) and a1.type() == QEvent.Type.KeyPress:
            if a1.key() in _MOVES:
                self.table.keyPressEvent(a1)
                return True
            if a1.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._carry_out(self.table.currentRow())
                return True
        return super().eventFilter(a0, a1)

    def _set_up_table(self) -> None:
        table = self.table
        table.setAccessibleName("Commands and keys")
        table.setHorizontalHeaderLabels(HEADS)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.itemActivated.connect(lambda item: self._carry_out(item.row()))
        rows, heads = table.verticalHeader(), table.horizontalHeader()
        assert rows is not None
        assert heads is not None
        rows.hide()
        heads.setHighlightSections(False)
        heads.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        heads.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        heads.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)

    def _fill(self) -> None:
        for menu, sections in MENUS.items():
            for section in sections:
                for command in section:
                    self._add_command(command, menu.replace("&", ""))
        for keys, text in PANEL_KEYS:
            self._add((keys, text, "panel"), "", is_enabled=True)

    def _add_command(self, command: Command, menu: str) -> None:
        keys = [QKeySequence(key) for key in command.keys]
        shown = SEPARATE.join(
            key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys
        )
        is_enabled = self._actions[command.name].isEnabled()
        self._add((shown, command.plain, menu), command.name, is_enabled=is_enabled)

    def _add(self, texts: tuple[str, ...], name: str, *, is_enabled: bool) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        grey = self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        for col, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setData(_NAME, name)
            if not is_enabled:
                item.setForeground(grey)
                item.setToolTip(self._actions[name].toolTip())
            self.table.setItem(row, col, item)

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        first = -1
        for row in range(self.table.rowCount()):
            line = " ".join(self._text(row, col) for col in range(len(HEADS))).lower()
            is_listed = all(word in line for word in words)
            self.table.setRowHidden(row, not is_listed)
            if is_listed and first < 0:
                first = row
        self.table.setCurrentCell(first, 1)

    def _carry_out(self, row: int) -> None:
        item = self.table.item(row, 0)
        action = self._actions.get(item.data(_NAME)) if item is not None else None
        if action is not None and action.isEnabled():
            self.accept()
            action.trigger()

    def _is_listed(self, row: int) -> bool:
        return not self.table.isRowHidden(row)

    def _text(self, row: int, col: int) -> str:
        item = self.table.item(row, col)
        assert item is not None
        return item.text()


def show_commands(actions: Mapping[str, QAction], parent: QWidget) -> CommandList:
    """Open the list of commands."""
    dialog = CommandList(actions, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
