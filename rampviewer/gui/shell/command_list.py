"""The list of all commands with their keys: to read, to search, and to carry out."""

from collections.abc import Iterator, Mapping, Sequence

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QAction, QKeyEvent, QKeySequence, QPalette
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.shell.commands import MENUS, PANEL_KEYS, SEPARATE, Command

HINT = "Type to search; Enter carries out what is chosen. Keys of panels stand last."
NOTHING = "No command has these words in it: type others."
HEADS = ("Keys", "What it does", "Where")
WIDTH, HEIGHT = 640, 620
_NAME = Qt.ItemDataRole.UserRole
Submenus = Sequence[tuple[str, QMenu]]  # whose entries come and go, by where they are
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class CommandList(QDialog):
    """Lists what the menus and the panels know; what cannot be done now is greyed.

    Parameters
    ----------
    actions : mapping of str to QAction
        By the names of the commands.
    submenus : sequence of (str, QMenu)
    """

    def __init__(
        self,
        actions: Mapping[str, QAction],
        submenus: Submenus = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Commands and keys")
        self.resize(WIDTH, HEIGHT)
        self._actions, self._submenus = actions, submenus
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
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        layout.addWidget(self.hint)
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
        for where, entry in self._entries():
            self._add(("", _plain(entry), where), entry)
        for keys, text in PANEL_KEYS:
            self._add((keys, text, "panel"))

    def _entries(self) -> Iterator[tuple[str, QAction]]:
        """Yield the entries of the submenus, as they are now."""
        for where, menu in self._submenus:
            yield from _leaves(where, menu)

    def _add_command(self, command: Command, menu: str) -> None:
        keys = [QKeySequence(key) for key in command.keys]
        shown = SEPARATE.join(
            key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys
        )
        self._add((shown, command.plain, menu), self._actions[command.name], command.name)

    def _add(
        self, texts: tuple[str, ...], action: QAction | None = None, name: str = ""
    ) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        grey = self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        for col, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setData(_NAME, name)
            if action is not None and not action.isEnabled():
                item.setForeground(grey)
                item.setToolTip(action.toolTip())
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
        self.hint.setText(HINT if first >= 0 else NOTHING)

    def _carry_out(self, row: int) -> None:
        action = self._action(row) if row >= 0 else None
        if action is not None and action.isEnabled():
            self.accept()
            action.trigger()

    def _action(self, row: int) -> QAction | None:
        """Return what a row carries out; the entry of a submenu may be another one now."""
        item = self.table.item(row, 0)
        if item is not None and item.data(_NAME):
            return self._actions[item.data(_NAME)]
        place = self._text(row, 2), self._text(row, 1)
        found = (it for where, it in self._entries() if (where, _plain(it)) == place)
        return next(found, None)

    def _is_listed(self, row: int) -> bool:
        return not self.table.isRowHidden(row)

    def _text(self, row: int, col: int) -> str:
        item = self.table.item(row, col)
        assert item is not None
        return item.text()


def _leaves(where: str, menu: QMenu) -> Iterator[tuple[str, QAction]]:
    for action in menu.actions():
        below = action.menu()
        if below is not None:
            yield from _leaves(f"{where} > {_plain(action)}", below)
        elif not action.isSeparator():
            yield where, action


def _plain(action: QAction) -> str:
    """Return the text of an entry without marks for the menu, in one line."""
    marked = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
    return marked.replace("\t", "  ").removesuffix("...")


def show_commands(
    actions: Mapping[str, QAction], submenus: Submenus, parent: QWidget
) -> CommandList:
    """Open the list of commands."""
    dialog = CommandList(actions, submenus, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
