"""Regions drawn above the image, and what of them is below the mouse."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.model.regions.region import Regions
from rampviewer.model.regions.shapes import Place, Shape

REACH = 6.0  # of the mouse around a line or a handle [screen pixels]
HANDLE = 7.0  # side of a handle [screen pixels]
FEW_HANDLES = 12.0  # between handles: closer ones are not drawn [screen pixels]
BRIGHT, BELOW = "#FFFFFF", "#000000"
ODD_EVEN = Qt.FillRule.OddEvenFill
LABEL_ALPHA = 150  # of what is below a name


class Hit(NamedTuple):
    """What is below the mouse: a handle (from 0), or the line or inside of a region."""

    number: int
    handle: int = -1
    is_inside: bool = False


class RegionLayer(Overlay):
    """Draws regions, their names, handles of the selected one, and a draft.

    Lines are drawn twice, dark below bright, so that they show on every colour; those of
    regions that are not selected are dashed.
    """

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=9)
        self.regions = Regions()
        self._lines: list[NDArray[np.float64]] = []
        self._draft: NDArray[np.float64] | None = None
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._made: dict[int, QPolygonF] = {}  # of the lines, at the range `_made_at`
        self._made_at: object = None

    def set_regions(self, regions: Regions) -> None:
        self.regions = regions
        self._lines = [item.shape.outline() for item in regions.items]
        self._made_at = None
        self.update()

    def set_draft(self, points: NDArray[np.float64] | None) -> None:
        """Draw a line (n, 2) of what is being drawn, or none."""
        self._draft = points
        self.update()

    def hit(self, at: QPointF) -> Hit | None:
        """Return what is at a place of the view box [screen pixels], the selected first."""
        selected = self.regions.selected
        if selected >= 0:
            shape = self.regions.items[selected].shape
            handle = self._handle_at(shape, at)
            if handle >= 0:
                return Hit(selected, handle)
        others = [n for n in range(len(self._lines)) if n != selected][::-1]
        for number in [selected, *others] if selected >= 0 else others:
            if self._is_near_line(self._lines[number], at) or self._label(number).contains(
                at
            ):
                return Hit(number)
        if selected >= 0 and self._line(selected).containsPoint(at, ODD_EVEN):
            return Hit(selected, is_inside=True)
        return None

    def draw(self, painter: QPainter) -> None:
        selected = self.regions.selected
        for number in sorted(range(len(self._lines)), key=lambda n: n == selected):
            self._draw_line(painter, self._line(number), is_selected=number == selected)
            self._draw_name(painter, number)
        if selected >= 0:
            self._draw_handles(painter, self.regions.items[selected].shape)
        if self._draft is not None:
            self._draw_line(painter, self._polygon(self._draft), is_selected=True)

    def _line(self, number: int) -> QPolygonF:
        """Return the line of a region, made once for a range of the view."""
        at = self._view_box.viewRange(), self.boundingRect()
        if at != self._made_at:
            self._made, self._made_at = {}, at
        if number not in self._made:
            self._made[number] = self._polygon(self._lines[number])
        return self._made[number]

    def _polygon(self, points: NDArray[np.float64]) -> QPolygonF:
        x, y = self.to_pixels(points[:, 1], points[:, 0])
        return QPolygonF(
            [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]
        )

    def _draw_line(self, painter: QPainter, line: QPolygonF, *, is_selected: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if is_selected else 1.2
        for color, wide in ((BELOW, width + 2.0), (BRIGHT, width)):
            pen = QPen(QColor(color), wide)
            if not is_selected:
                pen.setDashPattern([6.0 / wide, 4.0 / wide])
            painter.setPen(pen)
            painter.drawPolyline(line)

    def _draw_handles(self, painter: QPainter, shape: Shape) -> None:
        painter.setPen(QPen(QColor(BELOW), 1.0))
        painter.setBrush(QColor(BRIGHT))
        for place in self._handles(shape):
            half = HANDLE / 2
            painter.drawRect(QRectF(place.x() - half, place.y() - half, HANDLE, HANDLE))
        painter.setBrush(QColor(0, 0, 0, 0))

    def _draw_name(self, painter: QPainter, number: int) -> None:
        label = self._label(number)
        shade = QColor(BELOW)
        shade.setAlpha(LABEL_ALPHA)
        painter.fillRect(label, shade)
        painter.setPen(QColor(BRIGHT))
        painter.setFont(self._font)
        base = label.bottom() - self._metrics.descent()
        painter.drawText(QPointF(label.left() + 2, base), self.regions.items[number].name)

    def _label(self, number: int) -> QRectF:
        """Return where the name stands: above the left end of the region."""
        metrics = self._metrics
        width = metrics.horizontalAdvance(self.regions.items[number].name) + 4
        box = self._line(number).boundingRect()
        top = box.top() - metrics.height() - HANDLE
        return QRectF(box.left(), top, width, metrics.height())

    def _handles(self, shape: Shape) -> list[QPointF]:
        """Return the places of handles; of a small rectangle only its corners."""
        polygon = self._polygon(np.array(shape.handles, float))
        box = polygon.boundingRect()
        is_small = min(box.width(), box.height()) < 2 * FEW_HANDLES
        n = 4 if shape.kind == "rectangle" and is_small else polygon.size()
        return [polygon.at(number) for number in range(n)]

    def _handle_at(self, shape: Shape, at: QPointF) -> int:
        away = [(place - at).manhattanLength() for place in self._handles(shape)]
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= 1.5 * REACH else -1

    def _is_near_line(self, points: NDArray[np.float64], at: QPointF) -> bool:
        x, y = self.to_pixels(points[:, 1], points[:, 0])
        ends = x + 1j * y
        start, along = ends[:-1], np.diff(ends)
        place = complex(at.x(), at.y()) - start
        length = np.abs(along) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.nan_to_num((place * along.conj()).real / length)
        away = np.abs(place - np.clip(part, 0.0, 1.0) * along)
        return bool(away.min() <= REACH)


def line_through(places: list[Place]) -> NDArray[np.float64] | None:
    """Return a line (n, 2) through places, None for too few."""
    return np.array(places, float) if len(places) > 1 else None
