"""One item that paints what is in all plots of a grid."""

from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPen
from PyQt6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QStyleOptionGraphicsItem,
    QWidget,
)

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.widgets.clipping import clipped

BELOW_AXES = -50.0  # their ticks reach into the plots
_SMOOTH = QPainter.RenderHint.Antialiasing


@dataclass(frozen=True, slots=True, eq=False)
class _Plot:
    box: Any
    overlays: tuple[Overlay, ...]  # from the lowest

    def shows(self, level: int) -> bool:
        return level < len(self.overlays) and self.overlays[level].isVisible()


class PlotCanvas(QGraphicsObject):
    """Paints the overlays of the plots in a layout, and a frame around each plot.

    Qt asks an item of a scene for its outlines, clips it and keeps its painter safe: for
    dozens of items that takes longer than what they paint. They still take the mouse.
    Plots of a row have the same overlays: each is painted for all of them in one go.
    """

    def __init__(self, layout: Any) -> None:
        super().__init__(layout)
        self._rect = QRectF(layout.rect())
        self._rows: list[list[_Plot]] = []
        self._frame = QPen()
        self.setZValue(BELOW_AXES)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        layout.geometryChanged.connect(lambda: self._resize(layout.rect()))

    def adopt(self, box: Any, row: int = 0) -> None:
        """Paint from now on what is in a view box of the layout, in its row of plots."""
        overlays = tuple(item for item in box.childItems() if isinstance(item, Overlay))
        for overlay in overlays:
            overlay.paint_on(self)
        # No pyqtgraph item is in the box, so nothing is left to be painted or cut off.
        box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        box.borderRect.setVisible(False)
        box.sigRangeChanged.connect(self._repaint)
        while len(self._rows) <= row:
            self._rows.append([])
        self._rows[row].append(_Plot(box, overlays))

    def set_frame(self, pen: QPen) -> None:
        """Draw the frame of each plot like this."""
        self._frame = pen
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        for plots in self._rows:
            shown = [plot for plot in plots if plot.box.isVisible()]
            if shown:
                self._paint_row(painter, shown)

    def _paint_row(self, painter: QPainter, plots: list[_Plot]) -> None:
        row, smooth = PlotRow.of([plot.box for plot in plots]), _SMOOTH
        with clipped(painter, row.whole):
            for level in range(max(len(plot.overlays) for plot in plots)):
                numbers = [n for n, plot in enumerate(plots) if plot.shows(level)]
                if numbers:
                    layers = [plots[n].overlays[level] for n in numbers]
                    painter.setRenderHint(smooth, False)
                    layers[0].draw_row(painter, layers, row.only(numbers))
        painter.setRenderHint(smooth, False)
        painter.setPen(self._frame)
        painter.drawRects(*row.areas)

    def _repaint(self) -> None:
        self.update()

    def _resize(self, rect: QRectF) -> None:
        self.prepareGeometryChange()
        self._rect = QRectF(rect)
        self.update()
