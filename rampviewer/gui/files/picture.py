"""A picture of the window, as a file."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QSettings
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QFileDialog, QWidget

from rampviewer.gui.files.file_work import stem_of
from rampviewer.model.exposure import Exposure

FOLDER = "picture_folder"  # in the settings


def save_picture(window: QWidget, path: Path) -> None:
    """Save what the window shows as PNG.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    write_picture(window.grab().toImage(), path)


def write_picture(picture: QImage, path: Path) -> Path:
    """Write a picture as PNG, in any thread; return the path.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    if not picture.save(str(path), "PNG"):
        raise OSError(f"{path} could not be written")
    return path


def ask_picture(
    window: QWidget,
    settings: QSettings,
    exposure: Exposure | None,
    write: Callable[[QImage, Path], None],
) -> QFileDialog:
    """Let the user choose where a picture of the window goes, and have it written there.

    Parameters
    ----------
    exposure : Exposure or None
        What is open: the picture is named after it.
    write : callable
        Takes the picture and its path.
    """
    folder = str(settings.value(FOLDER, ""))
    dialog = QFileDialog(window, "Save a picture of the window", folder, "PNG (*.png)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("png")
    dialog.selectFile(f"{stem_of(exposure)}.png")

    dialog.fileSelected.connect(lambda name: write(window.grab().toImage(), Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
