"""Words in and above a plot: labels of segments, a line of text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFont, QPainter
from PyQt6.QtWidgets import (
    QGraphicsItem,
    QGraphicsWidget,
    QStyleOptionGraphicsItem,
    QWidget,
)

from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_labels import (
    GAP,
    Box,
    Line,
    along,
    around,
    place_beside,
    place_in_corner,
    place_in_corners,
    within,
)

F64 = NDArray[np.float64]
POINT_RADIUS = 7.0  # [pixel] what a label keeps away from a point
MARGIN = 3.0  # [pixel] what it keeps away from the frame, at the sides
UNITS = "DN/s, weight"  # heads a box of labels that are too short to say it
MAX_LEGEND_LINES, FEW_LEGEND_LINES = 12, 5


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What the labels say and what they must not cover, in units of the view."""

    segments: F64  # (n, 4): x0, y0, x1, y1 of each line
    long: tuple[str, ...]  # one label for each segment, of one or two lines
    short: tuple[str, ...]
    tiny: tuple[str, ...]  # one line each, for the narrowest plots
    legend: tuple[str, ...]
    points: F64  # (n, 2)
    nan_at: tuple[float, ...] = ()  # x of the groups without a datum
    beside: bool = True  # each label by its line, if they fit; else in a box


NO_LABELS = Labels(
    segments=np.empty((0, 4)),
    long=(),
    short=(),
    tiny=(),
    legend=(),
    points=np.empty((0, 2)),
)


NO_BOXES = np.empty((0, 4))


class LabelOverlay(Overlay):
    """Labels of the segments: beside their lines if they fit, else in a box."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=10)
        self.labels = NO_LABELS
        self._occupied: Callable[[], F64] = lambda: NO_BOXES
        self._letters = Lettering(font)
        self._text, self._muted = QColor(), QColor()
        self._ground, self._back = QColor(), QColor()

    def set_labels(self, labels: Labels) -> None:
        self.labels = labels
        self.update()

    def set_occupied(self, occupied: Callable[[], F64]) -> None:
        """Ask `occupied` which boxes (n, 4) [pixel] to leave free where that can be."""
        self._occupied = occupied

    def set_colors(self, colors: RampColors) -> None:
        self._text, self._muted = colors.segment, colors.muted
        self._ground, self._back = QColor(colors.background), QColor(colors.background)
        self._back.setAlpha(215)
        self.update()

    def layout(self) -> list[tuple[Box, str]]:
        """Return what is written where, in pixels of the view."""
        if not self.labels.long:
            return []
        rect = self.boundingRect()
        room = (MARGIN, 0.0, rect.width() - 2 * MARGIN, rect.height())
        obstacles, lines = self._obstacles()
        if self.labels.beside:
            long, short, tiny = self.labels.long, self.labels.short, self.labels.tiny
            more = self._occupied()
            if len(more):
                more = np.concatenate((obstacles, more))
            around_all = ((long, more), (short, more)) if len(more) else ()
            own = ((texts, obstacles) for texts in (long, short, tiny))
            for texts, taken in (*around_all, *own):
                sizes = self._sizes(texts, room)
                placed = sizes and place_beside(lines, sizes, taken, room)
                if placed:
                    return list(zip(placed, texts, strict=True))
        return self._legend(obstacles, room)

    def draw(self, painter: QPainter) -> None:
        letters = self._letters
        painter.setFont(letters.font)
        painter.setPen(self._text)
        for box, text in self.layout():
            area = QRectF(*box)
            painter.fillRect(area, self._back)
            letters.centered(painter, area, text)
        painter.setPen(self._muted)
        for area in self._nan_boxes():
            painter.fillRect(area, self._ground)  # a line at the group would cross it out
            letters.centered(painter, area, "NaN")

    def _obstacles(self) -> tuple[F64, list[Line]]:
        points = self.points_to_pixels(self.labels.points)
        ends = self.points_to_pixels(self.labels.segments.reshape(-1, 2)).reshape(-1, 4)
        lines: list[Line] = [(x0, y0, x1, y1) for x0, y0, x1, y1 in ends.tolist()]
        seen = within(ends, self._rect.width(), self._rect.height())
        taken = [around(points[:, 0], points[:, 1], POINT_RADIUS), along(seen)]
        if self.labels.nan_at:
            taken.append(np.array([box.getRect() for box in self._nan_boxes()]))
        return np.concatenate(taken), lines

    def _nan_boxes(self) -> list[QRectF]:
        if not self.labels.nan_at:
            return []
        height = self._letters.height
        top = self.boundingRect().height() - height
        xs = self.to_pixels(np.array(self.labels.nan_at), np.zeros(1))[0]
        return [QRectF(x - 14, top, 28, height) for x in xs]

    def _sizes(self, texts: tuple[str, ...], room: Box) -> list[tuple[float, float]]:
        """Return the sizes of texts; none when one of them is wider than `room`."""
        found = []
        for text in texts:
            size = self._size(text)
            if size[0] > room[2]:
                return []
            found.append(size)
        return found

    def _size(self, text: str) -> tuple[float, float]:
        width, height = self._letters.size_of(text)
        return width + 6, height + 2

    def _legend(self, obstacles: F64, room: Box) -> list[tuple[Box, str]]:
        """Return the fullest box of labels that covers nothing, or that covers least."""
        texts = self._legends(room)
        fullest = next(texts, None)
        if fullest is None:
            return []
        box, covered = place_in_corner(self._size(fullest), obstacles, room)
        if covered == 0:
            return [(box, fullest)]
        rest = [fullest, *texts]
        placed = place_in_corners([self._size(text) for text in rest], obstacles, room)
        least = min(covered for _, covered in placed)
        found = zip(placed, rest, strict=True)
        return [next((box, text) for (box, area), text in found if area == least)]

    def _legends(self, room: Box) -> Iterator[str]:
        """Yield texts that fit into `room`, from the fullest to the shortest."""
        n_fit = int((room[3] - 12) / self._letters.line_spacing) - 1
        short = (UNITS, *(text.replace("\n", ", ") for text in self.labels.short))
        tiny = (UNITS, *self.labels.tiny)
        for n in {min(n_fit, MAX_LEGEND_LINES): 0, min(n_fit, FEW_LEGEND_LINES): 0}:
            if n < 1:
                return
            for texts in (self.labels.legend, short, tiny, self.labels.tiny):
                shown = list(texts[:n])
                if len(texts) > n:
                    shown.append(f"and {len(texts) - n} more")
                text = "\n".join(shown)
                if self._size(text)[0] <= room[2] - 2 * GAP:
                    yield text


class TextStrip(QGraphicsWidget):
    """One line of text above a plot, cut with an ellipsis where it does not fit."""

    def __init__(self, font: QFont, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._letters = Lettering(font)
        self._color = QColor()
        self.text = ""
        self.shorter: tuple[str, ...] = ()
        height = self._letters.height + 2
        self.setMinimumHeight(height)
        self.setMaximumHeight(height)
        self.setMinimumWidth(1)

    def set_text(self, text: str, *shorter: str) -> None:
        """Show `text`, or the first of the shorter ones for which there is room."""
        if (text, shorter) != (self.text, self.shorter):
            self.text, self.shorter = text, shorter
            self.setToolTip(text)
            self.update()

    def set_color(self, color: QColor) -> None:
        self._color = color
        self.update()

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        painter.setFont(self._letters.font)
        painter.setPen(self._color)
        area = self.rect()
        self._letters.centered(painter, area, self.fitting(area.width() - 4))

    def fitting(self, width: float) -> str:
        """Return what is written in so many pixels."""
        texts = (self.text, *self.shorter)
        for text in texts:
            if self._letters.width_of(text) <= width:
                return text
        return self._letters.cut(texts[-1], width)
