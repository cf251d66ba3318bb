"""Titles of panels that stand closer together where there is little room."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPaintEvent, QPalette, QResizeEvent
from PyQt6.QtWidgets import (
    QStyle,
    QStyleOptionFocusRect,
    QStyleOptionTab,
    QStylePainter,
    QTabBar,
    QTabWidget,
    QWidget,
)

LEAST_BESIDE = 5  # a title on each side [screen pixels]


class SnugTabs(QTabWidget):
    """A tab widget that narrows its tabs before it hides any behind arrows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        bar = _Bar(self)
        bar.setAccessibleName("Titles of the panels")
        self.setTabBar(bar)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        bar = self.tabBar()
        if bar is not None:  # it keeps the size of its tabs until something is set anew
            bar.setElideMode(bar.elideMode())
        super().resizeEvent(a0)


class _Bar(QTabBar):
    """Draws titles by itself: a style would leave the usual room beside them."""

    def tabSizeHint(self, index: int) -> QSize:
        usual = super().tabSizeHint(index)
        parent = self.parentWidget()
        room = parent.width() if parent is not None else self.width()
        widths = [super(_Bar, self).tabSizeHint(n).width() for n in range(self.count())]
        if sum(widths) <= room:
            return usual
        text = self.fontMetrics().horizontalAdvance(self.tabText(index))
        least = min(text + 2 * LEAST_BESIDE, usual.width())
        share = -(-(sum(widths) - room) // self.count())
        return QSize(max(least, usual.width() - share), usual.height())

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        painter, selected = QStylePainter(self), self.currentIndex()
        others = [n for n in range(self.count()) if n != selected]
        for index in [*others, *([selected] if selected >= 0 else [])]:
            option = QStyleOptionTab()
            self.initStyleOption(option, index)
            painter.drawControl(QStyle.ControlElement.CE_TabBarTabShape, option)
            self._draw_title(painter, option, is_selected=index == selected)

    def _draw_title(
        self, painter: QStylePainter, option: QStyleOptionTab, *, is_selected: bool
    ) -> None:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
        role = QPalette.ColorRole.WindowText
        painter.drawItemText(
            option.rect, int(flags), option.palette, self.isEnabled(), option.text, role
        )
        if is_selected and self.hasFocus():
            frame = QStyleOptionFocusRect()
            frame.initFrom(self)
            frame.rect = option.rect.adjusted(3, 4, -3, -3)
            painter.drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, frame)
