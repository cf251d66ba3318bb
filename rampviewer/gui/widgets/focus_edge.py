"""A line around what has the keyboard, for widgets that do not show it themselves."""

from PyQt6.QtCore import QEvent, QObject, QRect, Qt
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QAbstractScrollArea, QWidget

WIDTH = 1  # of the line, that letters at the edge stay whole [screen pixels]


class FocusEdge(QObject):
    """Draws a line along the inner edge of a widget while that has the keyboard.

    Plots, texts and lists are painted alike with the keyboard and without. The line takes
    no room, and what is below it is not painted anew.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._sides: tuple[QWidget, ...] = ()  # made when they are needed first
        widget.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        kind = a1.type() if a1 is not None else None
        if kind == QEvent.Type.FocusIn:
            self._show()
        elif kind == QEvent.Type.FocusOut:
            for side in self._sides:
                side.hide()
        elif kind == QEvent.Type.Resize and self._sides:
            self._place()
        return super().eventFilter(a0, a1)

    def _show(self) -> None:
        if not self._sides:
            self._sides = tuple(_side(self._widget) for _ in range(4))
            self._place()
        for side in self._sides:
            side.show()
            side.raise_()

    def _place(self) -> None:
        width, height = self._widget.width(), self._widget.height()
        places = (
            QRect(0, 0, width, WIDTH),
            QRect(0, height - WIDTH, width, WIDTH),
            QRect(0, WIDTH, WIDTH, height - 2 * WIDTH),
            QRect(width - WIDTH, WIDTH, WIDTH, height - 2 * WIDTH),
        )
        for side, place in zip(self._sides, places, strict=True):
            side.setGeometry(place)


def edge_plots_and_lists(window: QWidget) -> None:
    """Give an edge to everything in a window that scrolls and takes the keyboard."""
    for area in window.findChildren(QAbstractScrollArea):
        if area.focusPolicy() & Qt.FocusPolicy.TabFocus:
            FocusEdge(area)


def _side(parent: QWidget) -> QWidget:
    side = QWidget(parent)
    side.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    side.setBackgroundRole(QPalette.ColorRole.Link)
    side.setAutoFillBackground(True)
    return side
