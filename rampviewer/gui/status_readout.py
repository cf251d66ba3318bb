"""The read-out of the pixel under the mouse."""

from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from rampviewer.gui.elided_label import ElidedLabel
from rampviewer.model.pixel_text import readout
from rampviewer.model.pixel_view import PixelView

EMPTY_TEXT = "Move the mouse over the image to read a pixel"
TIP = (
    "x and y, group and integration are counted from 0; the rate, the number of jumps and "
    "of segments are those of the whole exposure, the flags those of the group"
)


class StatusReadout(QWidget):
    """One line of fixed width type: its numbers stay where they are while they change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = QLabel()
        self._base.setToolTip("Pixels, groups and integrations are counted from 0")
        self.set_frozen(False)
        self._line = ElidedLabel(EMPTY_TEXT)
        self._line.setToolTip(TIP)
        self._line.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.addWidget(self._base)
        layout.addWidget(self._line, 1)

    def show_view(
        self, view: PixelView | None, integration: int = 0, group: int = 0
    ) -> None:
        """Show a pixel at a group; None when no pixel is under the mouse.

        A group or integration that the exposure lacks is taken as its last.
        """
        if view is None:
            self._line.set_text(EMPTY_TEXT, TIP)
            return
        integration = min(integration, len(view.integrations) - 1)
        group = min(group, view.integrations[integration].signal.size - 1)
        text = readout(view, integration, group)
        self._line.set_text(text, f"{text}\n{TIP}")

    def set_frozen(self, is_frozen: bool) -> None:
        """Say whether the mouse changes what is read out."""
        self._base.setText("0-based, frozen (F)" if is_frozen else "0-based")

    def text(self) -> str:
        """Return the whole line, cut or not."""
        return self._line.text()
