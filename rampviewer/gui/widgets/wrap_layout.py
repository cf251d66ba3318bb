"""A row of widgets that goes on in another row where it does not fit."""

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class WrapLayout(QLayout):
    """Places widgets beside one another, and below where there is no room.

    Those after `begin_right` stand at the right end, if all are in one row. The one added
    before `stretch_last` takes all room that its row has left.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._right_from: int | None = None
        self._stretched: QLayoutItem | None = None

    def begin_right(self) -> None:
        """Place what is added from now on at the right end."""
        self._right_from = len(self._items)

    def stretch_last(self) -> None:
        """Make what was added last as wide as its row allows, and at least its minimum."""
        self._stretched = self._items[-1]

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
        found: list[tuple[QLayoutItem, QRect]] = []
        rows, height = self._rows(width), self._row_height()
        for number, row in enumerate(rows):
            widths = [self._width_of(item) for _, item in row]
            left = width - sum(widths) - self.spacing() * (len(row) - 1)
            is_right = len(rows) == 1 and self._right_from is not None
            x, y = 0, number * (height + self.spacing())
            for (place, item), least in zip(row, widths, strict=True):
                wide = least + (max(left, 0) if item is self._stretched else 0)
                away = left if is_right and place >= (self._right_from or 0) else 0
                found.append((item, QRect(x + away, y, wide, height)))
                x += wide + self.spacing()
        return found

    def _rows(self, width: int) -> list[list[tuple[int, QLayoutItem]]]:
        """Return what stands in each row, with its number among all items."""
        rows: list[list[tuple[int, QLayoutItem]]] = []
        x = 0
        for number, item in self._shown():
            wide = self._width_of(item)
            if not rows or x + wide > width:
                rows.append([])
                x = 0
            rows[-1].append((number, item))
            x += wide + self.spacing()
        return rows

    def _width_of(self, item: QLayoutItem) -> int:
        """Return the least width that an item is given."""
        is_stretched = item is self._stretched
        return (item.minimumSize() if is_stretched else item.sizeHint()).width()

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
