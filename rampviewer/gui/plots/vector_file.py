"""A plot as SVG, item by item.

Qt's writer of SVG goes on with the clip of an item for all that is painted after it, and
axes, titles and numbers would be cut off by the plot beside them. So each item is painted
with a clip that is set anew.
"""

from pathlib import Path

import pyqtgraph as pg
from PyQt6.QtCore import QLineF, QRectF
from PyQt6.QtGui import QPainter, QPainterPath, QTransform
from PyQt6.QtSvg import QSvgGenerator
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem

from rampviewer.gui.plots.caption import caption_height, write_caption


def write_svg(view: pg.GraphicsView, path: Path, caption: str = "") -> None:
    """Write what a view shows, below a caption.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    # The older version of the format knows no clipping: a plot that is zoomed would run
    # over its axes.
    drawing, above = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11), QRectF(view.rect())
    above.setHeight(caption_height(view, caption))
    plot = QRectF(view.rect()).translated(0, above.height())
    page = above | plot
    drawing.setFileName(str(path))
    drawing.setSize(page.size().toSize())
    drawing.setViewBox(page)
    drawing.setResolution(view.logicalDpiX())  # letters of as many pixels as on screen
    drawing.setTitle(view.accessibleName() or path.stem)
    painter = QPainter()
    if not painter.begin(drawing):
        raise OSError(f"{path} could not be written")
    view.scene().prepareForPaint()  # pyqtgraph moves what is in a plot only then
    painter.fillRect(page, view.backgroundBrush())
    painter.setClipRect(page)
    write_caption(view, caption, painter)
    for item in reversed(view.items()):
        painter.save()
        _paint_item(item, view, plot, painter)
        painter.restore()
    painter.end()


def _paint_item(
    item: QGraphicsItem, view: pg.GraphicsView, page: QRectF, painter: QPainter
) -> None:
    if (
        not item.isVisible()
        or item.flags() & QGraphicsItem.GraphicsItemFlag.ItemHasNoContents
    ):
        return
    down = QTransform.fromTranslate(page.x(), page.y())
    place, clip = item.deviceTransform(view.viewportTransform()) * down, QPainterPath()
    clip.addRect(page)
    if item.isClipped():
        clip = clip.intersected(place.map(item.clipPath()))
    if clip.isEmpty():
        return
    painter.setClipPath(clip)
    painter.setOpacity(item.effectiveOpacity())
    if isinstance(item, pg.InfiniteLine):
        _draw_line(item, place, painter)
        return
    painter.setWorldTransform(place)
    option = QStyleOptionGraphicsItem()
    option.exposedRect = item.boundingRect()
    item.paint(painter, option, None)


def _draw_line(item: pg.InfiniteLine, place: QTransform, painter: QPainter) -> None:
    """Draw a line across a plot in pixels of the page.

    Its own units may be 10 000 times as long one way as the other, and then some programs
    that show SVG leave it out.
    """
    ends = item.boundingRect()
    painter.setPen(item.currentPen)
    painter.drawLine(place.map(QLineF(ends.left(), 0.0, ends.right(), 0.0)))
