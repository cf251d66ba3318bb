"""Words in a plot: labels of segments, and the box that heads them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFont, QPainter

from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_labels import (
    FAR,
    GAP,
    Box,
    along_each,
    around,
    candidates,
    choose,
    place_in_corner,
    place_in_corners,
    within,
)
from rampviewer.gui.widgets.clipping import clipped
from rampviewer.model.text.number_text import many

F64 = NDArray[np.float64]
POINT_SIZE = 3.0  # [pixel] what is to be seen of a point around its centre
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

    @property
    def kinds(self) -> tuple[tuple[str, ...], ...]:
        """Those that may stand beside lines, from long to tiny."""
        return self.long, self.short, self.tiny


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
        self.occupied: Callable[[], F64] = lambda: NO_BOXES
        self._letters = Lettering(font)
        self._text, self._muted = QColor(), QColor()
        self._ground, self._back = QColor(), QColor()

    def set_labels(self, labels: Labels) -> None:
        self.labels = labels
        self.update()

    def set_occupied(self, occupied: Callable[[], F64]) -> None:
        """Ask `occupied` which boxes (n, 4) [pixel] to leave free where that can be."""
        self.occupied = occupied

    def set_colors(self, colors: RampColors) -> None:
        self._text, self._muted = colors.segment, colors.muted
        self._ground, self._back = QColor(colors.background), QColor(colors.background)
        self._back.setAlpha(215)
        self.update()

    def layout(self) -> list[tuple[Box, str]]:
        """Return what is written where, in pixels of the view."""
        return layouts([self], PlotRow.of([self._view_box]).apart())[0]

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        written = layouts(layers, row.apart())
        for layer, found, area in zip(layers, written, row.areas, strict=True):
            layer.draw_texts(painter, found, area)

    def draw_texts(
        self, painter: QPainter, written: list[tuple[Box, str]], plot: QRectF
    ) -> None:
        """Write labels into a plot [pixel of the canvas]."""
        letters = self._letters
        painter.setFont(letters.font)
        painter.setPen(self._text)
        for box, text in written:
            area = QRectF(*box).translated(plot.topLeft())
            painter.fillRect(area, self._back)
            letters.centered(painter, area, text)
        if self.labels.nan_at:
            with clipped(painter, plot):
                painter.setPen(self._muted)
                for missing in self.nan_boxes():
                    area = missing.translated(plot.topLeft())
                    painter.fillRect(area, self._ground)  # a line there would cross it out
                    letters.centered(painter, area, "NaN")

    def nan_boxes(self) -> list[QRectF]:
        """Return where it is said that there is no datum, in pixels of the view."""
        if not self.labels.nan_at:
            return []
        height = self._letters.height
        top = self.boundingRect().height() - height
        xs = self.to_pixels(np.array(self.labels.nan_at), np.zeros(1))[0].tolist()
        return [QRectF(x - 14, top, 28, height) for x in xs]

    def sizes(self, texts: tuple[str, ...], room: Box) -> list[tuple[float, float]]:
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

    def legend(self, obstacles: F64, room: Box) -> list[tuple[Box, str]]:
        """Return the fullest box of labels that covers nothing, or that covers least.

        Where even that would hide a point, it is said only how many segments there are, or
        nothing.
        """
        texts = self._legends(room)
        fullest = next(texts, None)
        if fullest is None:
            return []
        box, covered = place_in_corner(self._size(fullest), obstacles, room)
        if covered == 0:
            return [(box, fullest)]
        count = many(len(self.labels.tiny), "seg")  # as in the status bar
        for offered in ([fullest, *texts], [count]):
            sizes = [self._size(text) for text in offered]
            placed = zip(place_in_corners(sizes, obstacles, room), offered, strict=True)
            seen = [
                (area, box, text) for (box, area), text in placed if not self._hides(box)
            ]
            if seen:
                _, box, text = min(seen, key=itemgetter(0))  # the fullest of equal ones
                return [(box, text)]
        return []

    def _hides(self, box: Box) -> bool:
        """Return whether a datum would stand behind a box [pixel of the view]."""
        left, top, width, height = box
        x, y = self.to_pixels(*self.labels.points.T)
        across = (x > left - POINT_SIZE) & (x < left + width + POINT_SIZE)
        down = (y > top - POINT_SIZE) & (y < top + height + POINT_SIZE)
        return bool((across & down).any())

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


def layouts(layers: Sequence[LabelOverlay], row: PlotRow) -> list[list[tuple[Box, str]]]:
    """Return what is written where in each plot of a row, in pixels of its view."""
    rooms: list[Box] = [
        (MARGIN, 0.0, area.width() - 2 * MARGIN, area.height()) for area in row.areas
    ]
    found: list[list[tuple[Box, str]]] = [[] for _ in layers]
    obstacles, ends = obstacles_in(layers, row)
    more = [_joined(own, layer) for own, layer in zip(obstacles, layers, strict=True)]
    waiting = [n for n, layer in enumerate(layers) if layer.labels.long]
    for kind, taken in (
        (0, more),
        (1, more),
        (2, more),
        (0, obstacles),
        (1, obstacles),
        (2, obstacles),
    ):
        tried = [n for n in waiting if taken is obstacles or more[n] is not obstacles[n]]
        fits = _fitting(layers, kind, rooms, tried)
        for (n, _), boxes in zip(fits, _beside(fits, ends, rooms), strict=True):
            placed = choose(boxes, taken[n])
            if placed:
                found[n] = list(zip(placed, layers[n].labels.kinds[kind], strict=True))
        waiting = [n for n in waiting if not found[n]]
    for n in waiting:
        found[n] = layers[n].legend(obstacles[n], rooms[n])
    return found


def _joined(obstacles: F64, layer: LabelOverlay) -> F64:
    """Return obstacles with what should be left free, too: the same where that is none."""
    more = layer.occupied()
    return np.concatenate((obstacles, more)) if len(more) else obstacles


def _fitting(
    layers: Sequence[LabelOverlay], kind: int, rooms: list[Box], waiting: list[int]
) -> list[tuple[int, list[tuple[float, float]]]]:
    """Return (plot, sizes) where all labels of a kind may stand beside their lines."""
    found = []
    for n in waiting:
        labels, room = layers[n].labels, rooms[n]
        sizes = layers[n].sizes(labels.kinds[kind], room) if labels.beside else []
        if sizes and max(height for _, height in sizes) <= room[3]:
            found.append((n, sizes))
    return found


def _beside(
    fits: list[tuple[int, list[tuple[float, float]]]], ends: list[F64], rooms: list[Box]
) -> list[F64]:
    """Return for each of the plots the places beside its lines, (n, k, 4)."""
    if not fits:
        return []
    lines = np.concatenate([ends[n] for n, _ in fits])
    sizes = np.array([size for _, own in fits for size in own])
    room = np.array([rooms[n] for n, own in fits for _ in own])
    places = candidates(lines, sizes, room)
    return np.split(places, np.cumsum([len(own) for _, own in fits])[:-1])


def obstacles_in(
    layers: Sequence[LabelOverlay], row: PlotRow
) -> tuple[list[F64], list[F64]]:
    """Return the boxes (n, 4) that labels must not cover in each plot, and its lines."""
    plots = range(len(layers))
    x, y, plot = row.points([layer.labels.points for layer in layers])
    ends, of_line = row.lines([layer.labels.segments for layer in layers])
    lines = [ends[of_line == n] for n in plots]
    if np.abs(ends).max(initial=0.0) >= FAR:
        sizes = [(area.width(), area.height()) for area in row.areas]
        cut = [within(own, *size) for own, size in zip(lines, sizes, strict=True)]
        ends, of_line = np.concatenate(cut), np.repeat(plots, [len(own) for own in cut])
    boxes, line = along_each(ends)
    taken = np.concatenate((around(x, y, POINT_RADIUS), boxes))
    of_box = np.concatenate((plot, of_line[line]))
    found = [taken[of_box == n] for n in plots]
    for n, layer in enumerate(layers):
        if layer.labels.nan_at:
            missing = [box.getRect() for box in layer.nan_boxes()]
            found[n] = np.concatenate((found[n], missing))
    return found, lines
