"""A row of widgets that goes on in another row where it does not fit."""

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class WrapLayout(QLayout):
    """Places widgets beside one another, and below where there is no room.

    Those after `begin_right` stand at the right end, if all are in one row.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._right_from: int | None = None

    def begin_right(self) -> None:
        """Place what is added from now on at the right end."""
        self._right_from = len(self._items)

    def addItem(self, a0: QLayoutItem | None) -> None:
        if a0 is not None:
            self._items.append(a0)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, a0: int) -> int:
        margins = self.contentsMargins()
        places = self._places(a0 - margins.left() - margins.right())
        bottom = max((place.bottom() + 1 for _, place in places), default=0)
        return bottom + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() + self.spacing() for _, item in shown)
        return self._with_margins(max(width - self.spacing(), 0), self._row_height())

    def minimumSize(self) -> QSize:
        widths = (item.minimumSize().width() for _, item in self._shown())
        return self._with_margins(max(widths, default=0), self._row_height())

    def setGeometry(self, a0: QRect) -> None:
        super().setGeometry(a0)
        area = self.contentsRect()
        for item, place in self._places(area.width()):
            item.setGeometry(place.translated(area.topLeft()))

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        """Return where each item stands in so many pixels, from the left upper corner."""
        found: list[tuple[int, QLayoutItem, QRect]] = []
        x = y = 0
        for number, item in self._shown():
            size = item.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + self._row_height() + self.spacing()
            found.append((number, item, QRect(x, y, size.width(), self._row_height())))
            x += size.width() + self.spacing()
        away = (
            width - (x - self.spacing()) if y == 0 and self._right_from is not None else 0
        )
        return [
            (item, place.translated(away if number >= (self._right_from or 0) else 0, 0))
            for number, item, place in found
        ]

    def _shown(self) -> list[tuple[int, QLayoutItem]]:
        return [pair for pair in enumerate(self._items) if not pair[1].isEmpty()]

    def _row_height(self) -> int:
        heights = (item.sizeHint().height() for _, item in self._shown())
        return max(heights, default=0)

    def _with_margins(self, width: int, height: int) -> QSize:
        margins = self.contentsMargins()
        return QSize(
            width + margins.left() + margins.right(),
            height + margins.top() + margins.bottom(),
        )
