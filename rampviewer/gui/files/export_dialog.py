"""Asks where to export, and what."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

TEXTS: Mapping[str, str] = {
    "jump": "Ramp with jump flags",
    "rate": "Rate image",
    "rateints": "Rates of each integration",
    "fitopt": "Segment fits (optional results)",
    "likely_chisq": "Chi-square of the fit (optional results)",
}
OFF_AT_FIRST = frozenset({"fitopt", "likely_chisq"})


class ExportDialog(QDialog):
    """Shows the names that will be written, and which of them exist already.

    Parameters
    ----------
    path_of : callable
        Gives the path in a folder of a product ("jump", "rate", ...); raises ValueError
        where that must not be written.
    folder : Path
    run_name : str
        What is exported.
    products : sequence of str
        What there is to choose from, keys of `TEXTS`.

    Signals
    -------
    export_clicked
        The user wants what is chosen; the dialog stays until it is accepted.
    """

    export_clicked = pyqtSignal()

    def __init__(
        self,
        path_of: Callable[[Path, str], Path],
        folder: Path,
        run_name: str,
        products: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export products")
        self.setMinimumWidth(620)
        self._path_of = path_of
        self.folder_edit = QLineEdit(str(folder))
        self.folder_edit.setAccessibleName("Folder")
        self.boxes: dict[str, QCheckBox] = {}
        self._notes: dict[str, QLabel] = {}
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        export = buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        assert export is not None
        self.export_button = export
        buttons.accepted.connect(self.export_clicked)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(f"Exports {run_name}."))
        layout.addLayout(self._folder_row())
        layout.addLayout(self._product_grid(products))
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.folder_edit.textChanged.connect(self._update)
        self._update()

    def _folder_row(self) -> QHBoxLayout:
        browse = QPushButton("Browse...")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        where = QHBoxLayout()
        where.addWidget(QLabel("Folder"))
        where.addWidget(self.folder_edit, 1)
        where.addWidget(browse)
        return where

    def _product_grid(self, products: Sequence[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, key in enumerate(products):
            self.boxes[key], self._notes[key] = QCheckBox(TEXTS[key]), QLabel()
            self.boxes[key].setChecked(key not in OFF_AT_FIRST)
            self.boxes[key].toggled.connect(self._update)
            grid.addWidget(self.boxes[key], row, 0)
            grid.addWidget(self._notes[key], row, 1)
        return grid

    def folder(self) -> Path:
        return Path(self.folder_edit.text().strip()).expanduser()

    def chosen(self) -> list[str]:
        """Return the keys of the products to write."""
        return [key for key, box in self.boxes.items() if box.isChecked()]

    def existing(self) -> list[Path]:
        """Return the chosen files that are there already."""
        paths = [self._path_of(self.folder(), key) for key in self.chosen()]
        return [path for path in paths if path.exists()]

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Export to", str(self.folder()))
        if name:
            self.folder_edit.setText(name)

    def _update(self) -> None:
        refused = [reason for key in self._notes if (reason := self._name_product(key))]
        if not self.folder_edit.text().strip():
            self._disable("Choose a folder.")
        elif refused:
            self._disable(refused[0])
        elif not self.chosen():
            self._disable("Choose at least one product.")
        else:
            self.problem.setText(
                "Existing files are replaced after a question." if self.existing() else ""
            )
            self.export_button.setEnabled(True)

    def _name_product(self, key: str) -> str:
        """Show the name of a product; return why it is refused if it is chosen."""
        try:
            path = self._path_of(self.folder(), key)
        except ValueError as error:
            self._notes[key].setText("(the opened file)")
            return f"{error}" if self.boxes[key].isChecked() else ""
        self._notes[key].setText(f"{path.name}{'  (exists)' if path.exists() else ''}")
        return ""

    def _disable(self, reason: str) -> None:
        self.problem.setText(reason)
        self.export_button.setEnabled(False)
