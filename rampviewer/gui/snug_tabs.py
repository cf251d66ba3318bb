"""Titles of panels that stand closer together where there is little room."""

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QTabBar, QTabWidget, QWidget

LEAST_BESIDE = 5  # a title on each side [screen pixels]


class SnugTabs(QTabWidget):
    """A tab widget that narrows its tabs before it hides any behind arrows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabBar(_Bar(self))


class _Bar(QTabBar):
    def tabSizeHint(self, index: int) -> QSize:
        usual = super().tabSizeHint(index)
        parent = self.parentWidget()
        room = parent.width() if parent is not None else self.width()
        widths = [super(_Bar, self).tabSizeHint(n).width() for n in range(self.count())]
        if sum(widths) <= room:
            return usual
        text = self.fontMetrics().horizontalAdvance(self.tabText(index))
        least = min(text + 2 * LEAST_BESIDE, usual.width())
        spare = sum(widths) - room
        # From each the same, and from none more than it has.
        share = -(-spare // self.count())
        return QSize(max(least, usual.width() - share), usual.height())
