"""The two boxes of the help menu."""

from PyQt6.QtWidgets import QMessageBox, QWidget

KEYS = (
    ("Click", "select a pixel"),
    ("Arrow keys", "select the next pixel"),
    ("Shift + arrow keys", "go on by ten pixels"),
    ("Move the mouse", "see the ramp of the pixel below it"),
    ("Wheel, +, -", "zoom the image"),
    ("Drag", "move the image"),
    ("Double click, Home, Ctrl+0", "show the whole image"),
    ("1", "one pixel of the detector on one of the screen"),
    (",  .", "previous, next group"),
    ("Page Up, Page Down", "previous, next integration"),
    ("P, N", "previous, next jump of the list"),
    ("T, R, E", "show steps, residuals, error bars of the ramp"),
    ("I", "side by side, concatenated or overlaid integrations"),
    ("X, H", "ramp against time or group; hold its ranges"),
    ("Drag a threshold line", "change that threshold"),
    ("Ctrl+O, Ctrl+E", "open, export"),
    ("Ctrl+1, Ctrl+2", "run as delivered, live run"),
    ("Esc", "cancel what is being computed"),
    ("Ctrl+Shift+P", "save a picture of the window"),
    ("F1", "this list"),
    ("Ctrl+Q", "quit"),
)


def show_keys(parent: QWidget) -> QMessageBox:
    """Open a box that lists the keys."""
    rows = "".join(
        f"<tr><td style='padding-right:18px'><b>{key}</b></td><td>{text}</td></tr>"
        for key, text in KEYS
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
