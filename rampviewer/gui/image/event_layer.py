"""Ellipses of large events above an image."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QGraphicsItem

from rampviewer.core.origin import Origin
from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.painter_arrays import draw_lines, draw_pictures
from rampviewer.gui.widgets.flag_styles import style_of_origin
from rampviewer.model.planes.event_ellipses import Ellipses

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
SMALL = 7.0  # half axis: what is no larger is drawn as a ring [screen pixels]
RING = 6.0  # its radius [screen pixels]
# Of so many in view at most, the largest first: with a halo, as ellipses, at all.
MOST_HALOS, MOST_LINES, MOST = 20, 60, 1500
ERROR = 0.15  # of an outline [screen pixels]
FEWEST_SEGMENTS, MOST_SEGMENTS = 20, 120
DASH, GAP = 3, 2  # segments
STRONG, HALO = 3.0, 2.0  # width of a line, of what is beside it [screen pixels]
OUTDATED = 0.45  # opacity of ellipses that are out of date
_KINDS: Final = (Origin.SHOWER, Origin.SNOWBALL_CORE, Origin.SNOWBALL)


class Look(NamedTuple):
    """How an ellipse looks; `is_later` where it flags a group after that of its event."""

    kind: Origin
    is_later: bool

    @property
    def color(self) -> QColor:
        return QColor(style_of_origin(self.kind).color)

    @property
    def halo(self) -> QColor:
        """One that the colour stands out from."""
        return QColor("#FFFFFF" if self.color.lightnessF() < 0.4 else "#000000")


class EventLayer(Overlay):
    """Draws ellipses in the colours of what they flag, on a halo, at any zoom.

    Those of events of an earlier group, which flag the group shown as well, are dashed;
    those of the selected event are stronger.
    """

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=8.5)
        self.ellipses: Ellipses | None = None
        self.shown_group: int | None = None
        self.selected = -1
        # Painted anew when they change, and not with every change of the image below.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setVisible(False)

    def show_ellipses(
        self, ellipses: Ellipses | None, group: int | None = None, selected: int = -1
    ) -> None:
        """Draw other ellipses.

        Parameters
        ----------
        ellipses : Ellipses or None
        group : int or None
            The one that the image shows, if it shows one.
        selected : int
            The row whose ellipses are stronger, -1 for none.
        """
        self.ellipses, self.shown_group, self.selected = ellipses, group, selected
        # What has nothing to draw costs nothing.
        self.setVisible(ellipses is not None and len(ellipses) > 0)
        self.update()

    def set_outdated(self, *, is_outdated: bool) -> None:
        """Draw them faintly while others are being looked for."""
        self.setOpacity(OUTDATED if is_outdated else 1.0)

    def draw(self, painter: QPainter) -> None:
        if self.ellipses is None:
            return
        seen = self.ellipses.chosen(self._in_view(self.ellipses))
        order = np.argsort(-seen.reach, kind="stable")
        strong = seen.row == self.selected
        others = order[~strong[order]][:MOST]
        is_small = self._scale() * seen.reach[others] <= SMALL
        large = others[~is_small]
        small = np.concatenate((others[is_small], large[MOST_LINES:]))
        large = large[:MOST_LINES][::-1]  # small ones above large ones
        self._draw_rings(painter, seen, small)
        self._draw_lines(painter, seen, large[:-MOST_HALOS], with_halo=False)
        self._draw_lines(painter, seen, large[-MOST_HALOS:], with_halo=True)
        self._draw_strong(painter, seen, order[strong[order]])

    def outlines(self, ellipses: Ellipses, more: float = 0.0) -> F64:
        """Return outlines (n, n_segments, 4): x and y of both ends of segments [pixel].

        `more` is how much larger they are drawn [pixel].
        """
        scale, (x, y) = self._scale(), self._centres(ellipses)
        along, across = (
            np.maximum(scale * radius, RING)[:, None] + more
            for radius in (ellipses.radius_2, ellipses.radius_1)
        )
        # So many that a segment is nowhere further from a circle than `ERROR`.
        n = 2 * np.pi * np.sqrt(max(along.max(), across.max()) / (8 * ERROR))
        n_dashes = int(np.clip(n, FEWEST_SEGMENTS, MOST_SEGMENTS)) // (DASH + GAP)
        turn = np.linspace(0.0, 2 * np.pi, n_dashes * (DASH + GAP) + 1)
        u, v = along * np.cos(turn), across * np.sin(turn)
        cos, sin = np.cos(ellipses.angle)[:, None], np.sin(ellipses.angle)[:, None]
        # Rows count upwards, pixels of the screen downwards.
        points = x[:, None] + u * sin - v * cos, y[:, None] - u * cos - v * sin
        ends = np.stack(points, axis=2)
        return np.concatenate((ends[:, :-1], ends[:, 1:]), axis=2)

    def _draw_lines(
        self, painter: QPainter, seen: Ellipses, places: I64, *, with_halo: bool
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for look, of_look in self._by_look(seen, places):
            chosen = seen.chosen(of_look)
            # Thin lines: anything else takes ten times as long.
            if with_halo:
                painter.setPen(QPen(look.halo, 1.0))
                _draw(painter, self.outlines(chosen, 1.0), look)
            painter.setPen(QPen(look.color, 1.0))
            _draw(painter, self.outlines(chosen), look)

    def _draw_strong(self, painter: QPainter, seen: Ellipses, places: I64) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for look, of_look in self._by_look(seen, places):
            outlines = self.outlines(seen.chosen(of_look))
            for color, width in ((look.halo, STRONG + HALO), (look.color, STRONG)):
                painter.setPen(QPen(color, width))
                _draw(painter, outlines, look)

    def _draw_rings(self, painter: QPainter, seen: Ellipses, places: I64) -> None:
        device = painter.device()
        ratio = float(device.devicePixelRatio()) if device is not None else 1.0
        x, y = self._centres(seen)
        for look, of_look in self._by_look(seen, places):
            draw_pictures(painter, x[of_look], y[of_look], _ring(look, ratio), ratio)

    def _by_look(self, seen: Ellipses, places: I64) -> Iterator[tuple[Look, I64]]:
        """Yield places that look alike."""
        is_later = np.zeros(len(places), np.bool_)
        if self.shown_group is not None:
            is_later = seen.group[places] < self.shown_group
        for kind in _KINDS:
            for later in (True, False):
                alike = (seen.kind[places] == kind) & (is_later == later)
                if alike.any():
                    yield Look(kind, later), places[alike]

    def _in_view(self, ellipses: Ellipses) -> NDArray[np.bool_]:
        x, y = self._centres(ellipses)
        reach = np.maximum(self._scale() * ellipses.reach, RING) + STRONG
        rect = self.boundingRect()
        inside: NDArray[np.bool_] = (x > rect.left() - reach) & (x < rect.right() + reach)
        inside &= (y > rect.top() - reach) & (y < rect.bottom() + reach)
        return inside

    def _centres(self, ellipses: Ellipses) -> tuple[F64, F64]:
        return self.to_pixels(ellipses.x.astype(float), ellipses.y.astype(float))

    def _scale(self) -> float:
        """Return how many pixels of the screen one of the detector spans."""
        left, right = self._view_box.viewRange()[0]
        return float(self.boundingRect().width() / ((right - left) or 1.0))


def _draw(painter: QPainter, outlines: F64, look: Look) -> None:
    if look.is_later:
        outlines = outlines[:, np.arange(outlines.shape[1]) % (DASH + GAP) < DASH]
    draw_lines(painter, outlines.reshape(-1, 4))


@lru_cache(maxsize=32)
def _ring(look: Look, ratio: float) -> QPixmap:
    """Return a ring for a screen with `ratio` device pixels in a pixel."""
    side = int(2 * (RING + HALO)) + 1
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)  # while it is drawn
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    square = QRectF(side / 2 - RING, side / 2 - RING, 2 * RING, 2 * RING)
    for color, width in ((look.halo, 3.2), (look.color, 1.4)):
        pen = QPen(color, width)
        if look.is_later:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([4.0 / width, 2.4 / width])
        painter.setPen(pen)
        painter.drawEllipse(square)
    painter.end()
    pixmap.setDevicePixelRatio(1.0)
    return pixmap
