"""The picture of a frame inside a pyqtgraph view."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QImage, QPainter, QTransform
from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from rampviewer.core.dq import Dq
from rampviewer.gui.image.block_means import BlockMeans
from rampviewer.gui.image.color_tables import flag_table, overlay_table, value_table
from rampviewer.gui.image.frame_render import (
    BlockPeaks,
    ScreenAxis,
    colors_of_flags,
    colors_of_overlay,
    colors_of_values,
)
from rampviewer.gui.image.stretch import Limits, Stretch

ALL_BITS = 0xFFFF_FFFF
OVERLAY_OPACITY = 0.85
U32 = NDArray[np.uint32]
Index = NDArray[np.int64]


class FrameItem(pg.GraphicsObject):  # type: ignore[misc]
    """Draws a frame pixel by pixel of the screen; pixel (0, 0) is centred on (0, 0).

    The colours of what is visible are kept, so that a marker moving above costs nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._values: NDArray[Any] = np.empty((0, 0), np.float32)
        self._means = BlockMeans(self._values)
        self._keeps_peaks = False
        self._peaks = BlockPeaks(self._values)
        self._troughs = BlockPeaks(self._values, np.fmin)
        self._is_flags = False
        self._overlay: NDArray[np.uint8] | None = None
        self._overlay_peaks = BlockPeaks(self._values)
        self._limits = Limits(0.0, 1.0)
        self._table = value_table("viridis", Stretch.LINEAR)
        self._flag_table = flag_table(QColor("black"))
        self._flag_mask = ALL_BITS
        self._overlay_bits, self._overlay_opacity = Dq(0), OVERLAY_OPACITY
        self._overlay_table = overlay_table(Dq(0), OVERLAY_OPACITY)
        self._kept: tuple[object, list[QImage]] | None = None
        self._is_marked = False  # what is drawn is not of the values and flags of now

    def set_frame(self, values: NDArray[Any], *, is_flags: bool) -> None:
        """Draw these values from now on; they may change in place, see `mark_rows`."""
        if values.shape != self._values.shape:
            self.prepareGeometryChange()
        if values is not self._values or is_flags != self._is_flags:
            self._values, self._is_flags = values, is_flags
            self._means = BlockMeans(values)
            self._peaks = BlockPeaks(values, np.bitwise_or if is_flags else np.fmax)
            self._troughs = BlockPeaks(values, np.fmin)
        else:
            self.mark_rows(0, len(values))
        self.refresh()

    def mark_rows(self, start: int, stop: int) -> None:
        """Say that values of rows start to stop (exclusive) changed; draws nothing yet."""
        self._means.mark_rows(start, stop)
        self._peaks.mark_rows(start, stop)
        self._troughs.mark_rows(start, stop)
        self._is_marked = True

    def mark_pixels(self, rows: Index, cols: Index) -> None:
        """Say that the values of these pixels changed; draws nothing yet."""
        self._means.mark_pixels(rows, cols)
        self._peaks.mark_pixels(rows, cols)
        self._troughs.mark_pixels(rows, cols)
        self._is_marked = True

    def set_overlay(self, groupdq: NDArray[np.uint8] | None, bits: Dq) -> None:
        """Draw these bits of a (n_rows, n_cols) GROUPDQ plane above the frame."""
        was_clear = self._overlay is None
        self._overlay, self._overlay_bits = (groupdq if bits else None), bits
        if self._overlay is not None:
            self._overlay_peaks = BlockPeaks(self._overlay, np.bitwise_or)
        if not (was_clear and self._overlay is None):
            self._color_overlay()

    def mark_overlay(self, groupdq: NDArray[np.uint8], bits: Dq) -> bool:
        """Take other flags in place of those drawn above the frame; draws nothing yet.

        Returns
        -------
        taken : bool
            Whether the same bits are drawn; else they are to be set.
        """
        if self._overlay is None or bits != self._overlay_bits:
            return False
        self._overlay = groupdq
        self._overlay_peaks = BlockPeaks(groupdq, np.bitwise_or)
        self._is_marked = True
        return True

    def set_overlay_opacity(self, opacity: float) -> None:
        """Draw flags above the frame with this opacity, 0 to 1."""
        self._overlay_opacity = opacity
        self._color_overlay()

    def set_limits(self, limits: Limits) -> None:
        self._limits = limits
        self.refresh()

    def set_peaks(self, *, kept: bool) -> None:
        """Let single bright pixels outshine the mean where pixels meet on the screen."""
        self._keeps_peaks = kept
        self.refresh()

    def set_table(self, table: U32) -> None:
        """Take the colours of values from a `value_table`."""
        self._table = table
        self.refresh()

    def set_flag_colors(self, none: QColor, mask: int) -> None:
        """Draw only flags within `mask`, and `none` where there is none of them."""
        self._flag_table, self._flag_mask = flag_table(none), mask
        self.refresh()

    def _color_overlay(self) -> None:
        self._overlay_table = overlay_table(self._overlay_bits, self._overlay_opacity)
        self.refresh()

    def refresh(self) -> None:
        """Draw again, with the values as they are now."""
        self._kept = None
        self.update()

    def refresh_marked(self) -> None:
        """Do so unless all that was said to have changed is drawn already."""
        if self._is_marked:
            self.refresh()

    def boundingRect(self) -> QRectF:
        n_rows, n_cols = self._values.shape
        return QRectF(-0.5, -0.5, n_cols, n_rows)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 - given by Qt
        widget: QWidget | None = None,
    ) -> None:
        device = painter.device()
        if device is None or not self._values.size:
            return
        ratio, was_marked = device.devicePixelRatioF(), self._is_marked
        corner, images = self._pictures(painter.worldTransform(), ratio)
        # The colours are already those of the screen's pixels: no transform, no smoothing.
        painter.save()
        painter.resetTransform()
        for image in images:
            painter.drawImage(corner, image)
        painter.restore()
        if widget is None:  # a picture to copy or save: the screen shows what it did
            self._is_marked = was_marked

    def prepare(self) -> None:
        """Find the colours that are to be painted next, in a turn of their own."""
        plot, scene = self.getViewWidget(), self.scene()
        if plot is None or scene is None or not (plot.isVisible() and self._values.size):
            return
        scene.prepareForPaint()  # as before it is painted: views take their ranges
        world = self.deviceTransform(plot.viewportTransform())
        self._pictures(world, plot.viewport().devicePixelRatioF())

    def _pictures(self, world: QTransform, ratio: float) -> tuple[QPointF, list[QImage]]:
        """Return the pictures of frame and flags, and where they begin."""
        view = world.mapRect(self.viewRect())
        cols = ScreenAxis.of(
            world.m11() * ratio,
            world.dx() * ratio,
            self._values.shape[1],
            (view.left() * ratio, view.right() * ratio),
        )
        rows = ScreenAxis.of(
            world.m22() * ratio,
            world.dy() * ratio,
            self._values.shape[0],
            (view.top() * ratio, view.bottom() * ratio),
        )
        corner = QPointF(cols.first / ratio, rows.first / ratio)
        if not (rows.index.size and cols.index.size):
            return corner, []
        return corner, self._images(world, view, ratio, rows, cols)

    def _images(
        self,
        world: QTransform,
        view: QRectF,
        ratio: float,
        rows: ScreenAxis,
        cols: ScreenAxis,
    ) -> list[QImage]:
        where = (world, view, ratio)
        if self._kept is not None and self._kept[0] == where:
            return self._kept[1]
        if self._is_flags:
            colors = colors_of_flags(
                self._values, self._peaks, rows, cols, self._flag_mask, self._flag_table
            )
        else:
            low, high = self._limits
            peaks = self._peaks if self._keeps_peaks else None
            # Limits that reach as far below zero as above it belong to a difference.
            is_difference = -low >= 0.9 * abs(high)
            troughs = self._troughs if self._keeps_peaks and is_difference else None
            colors = colors_of_values(
                self._values,
                self._means,
                rows,
                cols,
                self._limits,
                self._table,
                peaks,
                troughs,
            )
        images = [_image_of(colors, QImage.Format.Format_RGB32, ratio)]
        if self._overlay is not None:
            colors = colors_of_overlay(
                self._overlay, self._overlay_peaks, rows, cols, self._overlay_table
            )
            form = QImage.Format.Format_ARGB32_Premultiplied
            images.append(_image_of(colors, form, ratio))
        self._kept, self._is_marked = (where, images), False
        return images


def _image_of(colors: U32, form: QImage.Format, ratio: float) -> QImage:
    height, width = colors.shape
    data = np.ascontiguousarray(colors)
    borrowed = QImage(data.data, width, height, 4 * width, form)  # type: ignore[call-overload]
    image: QImage = borrowed.copy()  # one that owns its pixels
    image.setDevicePixelRatio(ratio)
    return image
