"""The ramp of one pixel: its integrations side by side."""

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.elided_label import ElidedLabel
from rampviewer.gui.ramp_grid import RampGrid
from rampviewer.model.pixel_text import group_text
from rampviewer.model.pixel_view import PixelView

EMPTY_TEXT = "The ramp of a pixel:\nclick it in the image"


class RampPanel(QWidget):
    """Shows the selected pixel, or the one under the mouse while there is one.

    Signals
    -------
    group_clicked : int, int
        The user clicked a group: integration, group.
    """

    group_clicked = pyqtSignal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Ramp of the pixel")
        self._selected: PixelView | None = None
        self._hovered: PixelView | None = None
        self._current = (0, 0)
        self.grid = RampGrid()
        self._unit = _tool(
            "x: time",
            "Show the x axis as time [s] or as group, counted from 0",
            "Unit of the x axis",
        )
        self._hold = _tool(
            "Hold range",
            "Keep the ranges of the axes when another pixel is shown; "
            "zooming with the wheel or the mouse switches it on",
            "Hold the ranges of the axes",
        )
        self._fit = _tool("Fit", "Show the whole ramp again", "Fit the axes to the ramp")
        self._unit.setCheckable(True)
        self._hold.setCheckable(True)
        self._lay_out()
        self._unit.toggled.connect(self._change_unit)
        self._hold.toggled.connect(self.grid.set_hold)
        self._fit.clicked.connect(self._fit_ranges)
        self.grid.group_clicked.connect(self.group_clicked)
        self.grid.zoomed.connect(lambda: self._hold.setChecked(True))
        self._update()

    def show_view(self, view: PixelView | None) -> None:
        """Show the selected pixel; None empties the panel and ends a zoom."""
        self._selected = view
        if view is None:
            self._hold.setChecked(False)
        self._update()

    def show_hover(self, view: PixelView | None) -> None:
        """Show the pixel under the mouse; None goes back to the selected one."""
        self._hovered = view
        self._update()

    def set_group(self, integration: int, group: int) -> None:
        """Mark the group that the image shows and say what is known about it."""
        self._current = (integration, group)
        self.grid.set_group(integration, group)
        self._describe_group()

    def shown(self) -> PixelView | None:
        """Return the view that is on screen."""
        return self._hovered if self._hovered is not None else self._selected

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self.grid.set_palette(self.palette())

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(4, 2, 2, 0)
        self._group_line = ElidedLabel()
        bar.addWidget(self._group_line, 1)
        for button in (self._unit, self._hold, self._fit):
            bar.addWidget(button)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(bar)
        column.addWidget(self.grid, 1)
        empty = QLabel(EMPTY_TEXT)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("role", "empty")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(page)

    def _update(self) -> None:
        view = self.shown()
        self._pages.setCurrentIndex(0 if view is None else 1)
        if view is not None:
            self.grid.show_view(view, "selected" if self._hovered is None else "hover")
        self._describe_group()

    def _describe_group(self) -> None:
        view = self.shown()
        integration, group = self._current
        known = view is not None and integration < len(view.integrations)
        if view is None or not known or group >= view.integrations[integration].signal.size:
            self._group_line.set_text("")
        else:
            self._group_line.set_text(group_text(view, integration, group))

    def _change_unit(self, by_group: bool) -> None:
        self._unit.setText("x: group" if by_group else "x: time")
        self.grid.set_unit("group" if by_group else "time")

    def _fit_ranges(self) -> None:
        self._hold.setChecked(False)
        self.grid.fit_ranges()


def _tool(text: str, tip: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(name)
    return button
