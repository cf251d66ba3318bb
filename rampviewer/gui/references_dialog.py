"""Asks for gain and read noise: a file or a number each."""

from pathlib import Path

from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

Choice = Path | float | None
HINT = (
    "Each is a FITS file or one number for all pixels: gain in electron/DN, read noise "
    "in DN, as the reference files have it (noise of a difference of two reads). An empty "
    "line looks for the file in the local CRDS cache (CRDS_PATH)."
)


def parse_choice(text: str) -> Choice:
    """Return the number or the path that `text` states, None for an empty text.

    Raises
    ------
    ValueError
        When it is a number that is not positive and finite, or a file that is not there.
    """
    text = text.strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        path = Path(text).expanduser()
        if not path.is_file():
            raise ValueError(f"{text} is neither a number nor a file") from None
        return path
    if not 0 < number < float("inf"):
        raise ValueError(f"{text} is not a positive number")
    return number


class ReferencesDialog(QDialog):
    """One line each for gain and read noise; empty means: look in the CRDS cache."""

    def __init__(
        self, reason: str, folder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Gain and read noise")
        self.setMinimumWidth(560)
        self._folder = folder
        self.gain_edit, gain_row = self._row("GAIN")
        self.readnoise_edit, readnoise_row = self._row("READNOISE")
        self.gain_edit.setPlaceholderText("file, or a number in electron/DN")
        self.readnoise_edit.setPlaceholderText("file, or a number in DN (CDS noise)")
        form = QFormLayout()
        form.addRow("&Gain", gain_row)
        form.addRow("&Read noise", readnoise_row)
        message = QLabel(reason)
        message.setWordWrap(True)
        hint = QLabel(HINT)
        hint.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self._accept_if_valid)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(message)
        layout.addLayout(form)
        for widget in (hint, self.problem, buttons):
            layout.addWidget(widget)

    def set_choices(self, gain: Choice, readnoise: Choice) -> None:
        """Fill in what is in use now."""
        self.gain_edit.setText("" if gain is None else str(gain))
        self.readnoise_edit.setText("" if readnoise is None else str(readnoise))

    def choices(self) -> tuple[Choice, Choice]:
        """Return gain and read noise as stated."""
        return parse_choice(self.gain_edit.text()), parse_choice(self.readnoise_edit.text())

    def _row(self, kind: str) -> tuple[QLineEdit, QWidget]:
        edit, browse, row = QLineEdit(), QPushButton("Browse..."), QWidget()
        edit.setAccessibleName(f"{kind} file or number")
        browse.setAccessibleName(f"Browse for a {kind} file")
        browse.setAutoDefault(False)
        browse.clicked.connect(lambda: self._browse(kind, edit))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(edit)
        layout.addWidget(browse)
        return edit, row

    def _browse(self, kind: str, edit: QLineEdit) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            f"Choose the {kind} reference file",
            edit.text() or self._folder,
            "FITS files (*.fits *.fits.gz);;All files (*)",
        )
        if name:
            edit.setText(name)

    def _accept_if_valid(self) -> None:
        try:
            self.choices()
        except ValueError as error:
            self.problem.setText(f"{error}.")
            return
        self.accept()
