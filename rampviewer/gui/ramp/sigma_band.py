"""What lies behind values in sigma: the band of one sigma, thresholds to drag."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QPainter, QPen

from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.painter_arrays import draw_lines
from rampviewer.gui.plots.plot_note import draw_note
from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_labels import are_free
from rampviewer.model.pixel.deviation import AppliedThreshold

NEAR = 5.0  # [pixel] a line can be grasped from so far
LEAST = 0.01  # threshold that a drag can reach [sigma]


class SigmaBand(Overlay):
    """The level 0, one sigma around it, and a sentence where there is nothing to show."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=0)
        self.message = ""
        self._letters = Lettering(font)
        self._muted, self._band, self._back = QColor(), QColor(), QColor()

    def set_message(self, message: str) -> None:
        if message != self.message:
            self.message = message
            self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._muted, self._band = colors.muted, QColor(colors.segment)
        self._back = colors.background
        self._band.setAlpha(34)
        self.update()

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        told = [number for number, layer in enumerate(layers) if layer.message]
        if told:
            super().draw_row(painter, [layers[n] for n in told], row.only(told))
        silent = [number for number, layer in enumerate(layers) if not layer.message]
        if silent:
            layers[silent[0]].draw_levels(painter, row.only(silent))

    def draw_levels(self, painter: QPainter, row: PlotRow) -> None:
        """Draw the band and the level 0 of all plots."""
        upper, zero, lower = row.levels((1.0, 0.0, -1.0))
        tops, bottoms = upper[:, 1].tolist(), lower[:, 1].tolist()
        for area, top, bottom in zip(row.areas, tops, bottoms, strict=True):
            band = QRectF(area.left(), top, area.width(), bottom - top)
            painter.fillRect(band, self._band)
        painter.setPen(QPen(self._muted, 1.0))
        draw_lines(painter, zero)

    def draw(self, painter: QPainter) -> None:
        """Write the sentence."""
        painter.setFont(self._letters.font)
        room = self.boundingRect()
        draw_note(painter, room, self.message, self._muted, self._back)


@dataclass(frozen=True, slots=True)
class _Held:
    name: str
    sign: float


class ThresholdLines(SigmaBand):
    """The thresholds that applied, above and below 0; each can be dragged.

    Signals
    -------
    dragged : str, float
        The user moves the threshold of this name to a value [sigma].
    released
    """

    dragged = pyqtSignal(str, float)
    released = pyqtSignal()

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, font)
        self.setZValue(5)
        self.lines: tuple[AppliedThreshold, ...] = ()
        self.is_labelled = True
        self._occupied: Callable[[], list[QRectF]] = list
        self._held: _Held | None = None
        self._color = QColor()

    def set_lines(self, lines: tuple[AppliedThreshold, ...], *, labelled: bool) -> None:
        if (lines, labelled) != (self.lines, self.is_labelled):
            self.lines, self.is_labelled = lines, labelled
            self.update()

    def set_occupied(self, occupied: Callable[[], list[QRectF]]) -> None:
        """Ask `occupied` which areas [pixel] the names should not cover."""
        self._occupied = occupied

    def set_colors(self, colors: RampColors) -> None:
        self._color = colors.threshold
        super().set_colors(colors)

    def line_at(self, y: float) -> AppliedThreshold | None:
        """Return the threshold that is drawn at a height [pixel], None beside them."""
        held = self._near(y)
        return next((line for line in self.lines if held and line.name == held.name), None)

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        super().draw_row(painter, layers, row)
        for number, layer in enumerate(layers):
            if layer.lines and layer.is_labelled:
                layer.draw_lines(painter, row)  # the same ones in all plots
                left_top = row.areas[number].topLeft()
                painter.setFont(layer._letters.font)
                for area, text in layer.labels():
                    area.translate(left_top)
                    painter.fillRect(area, layer._back)
                    layer._letters.centered(painter, area, text)

    def draw_lines(self, painter: QPainter, row: PlotRow) -> None:
        """Draw the thresholds in all plots."""
        painter.setPen(QPen(self._color, 1.5))
        levels = [s * line.sigma for line in self.lines for s in (1.0, -1.0)]
        draw_lines(painter, row.levels(levels).reshape(-1, 4))

    def labels(self) -> list[tuple[QRectF, str]]:
        """Return what is written where: names by their lines, off the marks if they can."""
        found: list[tuple[QRectF, str]] = []
        rect, occupied = self.boundingRect(), self._occupied()
        for line in self.lines:
            taken = [other for other, _ in found]
            places = [
                (text, [area for area in self._areas(line, text) if rect.contains(area)])
                for text in self._fitting(line, rect.width() - 8)
            ]
            tried = [(places, [*occupied, *taken]), (places[:1], taken)]
            free = (
                (area, text)
                for offered, others in tried
                for text, areas in offered
                if (area := _first_free(areas, others)) is not None
            )
            if (best := next(free, None)) is not None:
                found.append(best)
        return found

    def hoverEvent(self, event: Any) -> None:
        """Offer to take a drag, as pyqtgraph asks for it."""
        near = not event.isExit() and self._near(event.pos().y()) is not None
        if near and event.acceptDrags(Qt.MouseButton.LeftButton):
            self.setCursor(Qt.CursorShape.SplitVCursor)
        else:
            self.unsetCursor()

    def mouseDragEvent(self, event: Any) -> None:
        """Follow a drag that began on a line."""
        if event.isStart() and event.button() == Qt.MouseButton.LeftButton:
            self._held = self._near(event.buttonDownPos().y())
        if self._held is None:
            event.ignore()
            return
        event.accept()
        self.dragged.emit(self._held.name, self._sigma_at(event.pos().y(), self._held.sign))
        if event.isFinish():
            self._held = None
            self.released.emit()

    def _areas(self, line: AppliedThreshold, text: str) -> list[QRectF]:
        """Return where the name may stand, the best place first."""
        rect, height = self.boundingRect(), self._letters.height
        width = self._letters.width_of(text) + 4
        up, down = self.rows((line.sigma, -line.sigma))
        places = (
            (up, up - height - 1),
            (down, down + 2),
            (up, up + 2),
            (down, down - height),
        )
        tops = [top for level, top in places if 0 <= level <= rect.height()]
        room = rect.width() - width
        return [
            QRectF(x, top, width, height)
            for top in tops
            for x in (3.0, room - 3, room / 2, room / 4, room * 3 / 4)
        ]

    def _fitting(self, line: AppliedThreshold, room: float) -> list[str]:
        """Return what may be written, from long to short."""
        texts = (f"{line.name} {line.sigma:g}", f"{line.sigma:g} sigma", f"{line.sigma:g}")
        fits = [t for t in texts if self._letters.width_of(t) + 4 <= room]
        return fits or [texts[-1]]

    def _near(self, y: float) -> _Held | None:
        found = [
            (abs(level - y), _Held(line.name, sign))
            for line in self.lines
            for sign, level in zip(
                (1.0, -1.0), self.rows((line.sigma, -line.sigma)), strict=True
            )
        ]
        away, held = min(found, key=lambda pair: pair[0], default=(NEAR + 1, None))
        return held if away <= NEAR else None

    def _sigma_at(self, y: float, sign: float) -> float:
        """Return the threshold at a height, in steps that can be read off [sigma]."""
        y0, y1 = map(float, self._view_box.viewRange()[1])
        height = self.boundingRect().height() or 1.0
        within = min(max(y, 0.0), height)
        sigma = max(LEAST, sign * (y1 - within / height * (y1 - y0)))
        return round(sigma, 2 if sigma < 10 else 1)


def _first_free(areas: list[QRectF], others: list[QRectF]) -> QRectF | None:
    """Return the first area that touches none of the others."""
    if not others:
        return areas[0] if areas else None
    free = np.flatnonzero(are_free(_boxes(areas), _boxes(others)))
    return areas[int(free[0])] if free.size else None


def _boxes(areas: list[QRectF]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([area.getRect() for area in areas], np.float64).reshape(-1, 4)
