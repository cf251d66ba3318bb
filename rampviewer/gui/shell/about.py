"""The box that says what this is."""

from PyQt6.QtWidgets import QMessageBox, QWidget


def show_about(parent: QWidget, version: str) -> QMessageBox:
    """Open a box that says what this is."""
    return _open(
        parent,
        "About rampviewer",
        f"<h3>rampviewer {version}</h3><p>See, tune and understand jump detection and "
        "ramp fitting of infrared exposures.</p><p>BSD 3-Clause License.</p>",
    )


def _open(parent: QWidget, title: str, text: str) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=parent)
    box.addButton(QMessageBox.StandardButton.Close)
    box.finished.connect(box.deleteLater)
    box.open()
    return box
