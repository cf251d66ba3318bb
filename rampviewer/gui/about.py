"""The two boxes of the help menu."""

from PyQt6.QtWidgets import QMessageBox, QWidget

from rampviewer.gui.commands import key_list


def show_keys(parent: QWidget) -> QMessageBox:
    """Open a box that lists the keys."""
    rows = "".join(
        f"<tr><td style='padding-right:18px'><b>{key}</b></td><td>{text}</td></tr>"
        for key, text in key_list()
    )
    return _open(parent, "Keys", f"<table>{rows}</table>")


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
