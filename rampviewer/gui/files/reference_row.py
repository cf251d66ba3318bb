"""One reference: what is in use, from where, and what is to take its place."""

from pathlib import Path
from typing import Final

from PyQt6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.exposure import Reference
from rampviewer.model.settings.reference_choices import Choice

TITLES: Final[dict[ReferenceKind, str]] = {
    "gain": "&Gain [electron/DN]",
    "readnoise": "Read &noise [DN, of a difference of two reads]",
    "saturation": "&Saturation level [DN]",
}
NOTHING: Final = "nothing"


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


def origin(reference: Reference | None) -> str:
    """Return what is in use and where it is from."""
    if reference is None:
        return NOTHING
    if reference.source == "scalar":
        return f"{reference.name} for all pixels, a number that was given"
    if reference.source == "header":
        return f"{reference.name} for all pixels, from the header of the exposure"
    if reference.source == "array":
        return "an array in memory"
    name = Path(reference.name).name
    if reference.source == "file":
        return f"{name}, a file that was given"
    chosen = f", context {reference.context}" if reference.context else ""
    return f"{name}, from the CRDS cache{chosen}"


def place(reference: Reference | None) -> str:
    """Return the folder of a file in use, "" where there is no file."""
    if reference is None or reference.source not in ("file", "crds"):
        return ""
    return str(Path(reference.name).absolute().parent)


class ReferenceRow(QWidget):
    """Title, what is in use, and a line for a file or a number.

    Parameters
    ----------
    kind : "gain", "readnoise" or "saturation"
    folder : str
        Where the dialog for files begins.
    """

    def __init__(
        self, kind: ReferenceKind, folder: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kind, self._folder = kind, folder
        self.edit, browse = QLineEdit(), QPushButton("Browse...")
        self.edit.setPlaceholderText("file, or a number; empty: look for it in CRDS")
        self.edit.setAccessibleName(f"{kind.upper()} file or number")
        browse.setAccessibleName(f"Browse for a {kind.upper()} file")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        title = QLabel(TITLES[kind])
        title.setBuddy(self.edit)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        self.in_use, self.where = ElidedLabel(""), ElidedLabel("")
        line = QHBoxLayout()
        line.addWidget(self.edit)
        line.addWidget(browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addWidget(title)
        layout.addWidget(self.in_use)
        layout.addWidget(self.where)
        layout.addLayout(line)
        self.in_use.hide()
        self.where.hide()

    def show_reference(self, reference: Reference | None) -> None:
        """Show what is in use now."""
        text, where = f"In use: {origin(reference)}", place(reference)
        self.in_use.set_text(text)
        self.where.set_text(f"In: {where}", where)
        self.in_use.show()
        self.where.setVisible(bool(where))

    def set_choice(self, choice: Choice) -> None:
        self.edit.setText("" if choice is None else str(choice))

    def choice(self) -> Choice:
        """Return what is stated; raise ValueError where it can be nothing."""
        return parse_choice(self.edit.text())

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            f"Choose the {self._kind.upper()} reference file",
            self.edit.text() or self._folder,
            "References (*.fits *.fits.gz *.asdf);;All files (*)",
        )
        if name:
            self.edit.setText(name)
