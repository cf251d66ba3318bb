"""A picture of the window, as a file."""

from pathlib import Path

from PyQt6.QtCore import QSettings
from PyQt6.QtWidgets import QFileDialog, QWidget

from rampviewer.gui.file_work import stem_of
from rampviewer.model.exposure import Exposure


def save_picture(window: QWidget, path: Path) -> None:
    """Save what the window shows as PNG.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    if not window.grab().save(str(path), "PNG"):
        raise OSError(f"the picture could not be written to {path}")


def ask_picture(
    window: QWidget, settings: QSettings, exposure: Exposure | None
) -> QFileDialog:
    """Let the user choose where a picture of the window goes, and save it there.

    Parameters
    ----------
    exposure : Exposure or None
        What is open: the picture is named after it.
    """
    folder = str(settings.value("picture_folder", ""))
    dialog = QFileDialog(window, "Save a picture of the window", folder, "PNG (*.png)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("png")
    dialog.selectFile(f"{stem_of(exposure)}.png")

    def save(name: str) -> None:
        settings.setValue("picture_folder", str(Path(name).parent))
        save_picture(window, Path(name))

    dialog.fileSelected.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
