"""The files opened last, remembered between sessions."""

import os
from pathlib import Path

from PyQt6.QtCore import QSettings, pyqtSignal
from PyQt6.QtWidgets import QMenu, QWidget

KEY = "recent_files"
MOST = 10
LONGEST = 48  # letters of a folder that are shown


def folder_text(path: Path) -> str:
    """Return the folder of a file, its beginning cut where it is long."""
    folder = str(path.parent)
    home = str(Path.home())
    if folder == home or folder.startswith(home + os.sep):
        folder = "~" + folder[len(home) :]
    if len(folder) <= LONGEST:
        return folder
    return "\N{HORIZONTAL ELLIPSIS}" + folder[-LONGEST:]


def _escaped(text: str) -> str:
    """Return a text whose ampersands are shown, not taken for a shortcut."""
    return text.replace("&", "&&")


class RecentFilesMenu(QMenu):
    """Lists the files opened last, newest first; those that are gone are left out.

    Signals
    -------
    file_chosen : Path
    """

    file_chosen = pyqtSignal(object)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__("Open &recent", parent)
        self._settings = settings
        self.aboutToShow.connect(self._fill)
        self.setToolTipsVisible(True)
        self._fill()

    def remember(self, path: Path) -> None:
        """Put `path` on top of the list."""
        names = [str(path.resolve()), *(str(p) for p in self.paths())]
        self._settings.setValue(KEY, list(dict.fromkeys(names))[:MOST])
        self._fill()

    def paths(self) -> list[Path]:
        stored = self._settings.value(KEY) or []
        names = [stored] if isinstance(stored, str) else stored
        return [path for path in map(Path, names) if path.is_file()]

    def _fill(self) -> None:
        self.clear()
        for path in self.paths():
            # What follows the tabulator stands in a column of its own, to the right.
            action = self.addAction(
                "\t".join(map(_escaped, (path.name, folder_text(path))))
            )
            assert action is not None
            action.setToolTip(str(path))
            action.triggered.connect(lambda _=False, p=path: self.file_chosen.emit(p))
        if self.isEmpty():
            empty = self.addAction("No files yet")
            assert empty is not None
            empty.setEnabled(False)
