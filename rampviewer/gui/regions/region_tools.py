"""Buttons that choose what the mouse draws."""

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from rampviewer.model.regions.region import KINDS

SIDE = 16  # of an icon [pixel]
TIPS = {
    "rectangle": "Draw a rectangle: drag from corner to corner (Shift+R)",
    "circle": "Draw a circle: drag from its centre (Shift+C)",
    "polygon": "Draw a polygon: click its corners, double click the last (Shift+G)",
}


class RegionTools(QWidget):
    """One button for each kind of region; the one pressed is in use.

    Signals
    -------
    tool_edited : str
        Kind of region to draw, "" for none.
    """

    tool_edited = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.buttons = {kind: QToolButton() for kind in KINDS}
        for kind, button in self.buttons.items():
            button.setCheckable(True)
            button.setProperty("role", "toggle")
            button.setToolTip(TIPS[kind])
            button.setAccessibleName(f"Draw a {kind}")
            button.toggled.connect(
                lambda is_on, kind=kind: self.tool_edited.emit(kind if is_on else "")
            )
            row.addWidget(button)
        self._color()

    def set_tool(self, kind: str) -> None:
        """Show which tool is in use, "" for none."""
        for name, button in self.buttons.items():
            with QSignalBlocker(button):
                button.setChecked(name == kind)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._color()

    def _color(self) -> None:
        palette = self.palette()
        off, on = palette.buttonText().color(), palette.highlightedText().color()
        for kind, button in self.buttons.items():
            icon = QIcon()
            for color, state in ((off, QIcon.State.Off), (on, QIcon.State.On)):
                icon.addPixmap(_picture(kind, color), QIcon.Mode.Normal, state)
            button.setIcon(icon)


def _picture(kind: str, color: QColor) -> QPixmap:
    image = QPixmap(2 * SIDE, 2 * SIDE)
    image.setDevicePixelRatio(2)
    image.fill(QColor(0, 0, 0, 0))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5))
    if kind == "rectangle":
        painter.drawRect(QRectF(2, 3.5, 12, 9))
    elif kind == "circle":
        painter.drawEllipse(QRectF(2, 2, 12, 12))
    else:
        corners = ((2, 6), (9, 2), (14, 7), (11, 14), (4, 13))
        painter.drawPolygon(QPolygonF([QPointF(*place) for place in corners]))
    painter.end()
    return image
