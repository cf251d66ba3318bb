"""A plot as a picture: on the clipboard, as PNG, as SVG; and as numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyqtgraph as pg
from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QGuiApplication, QImage, QPainter

from rampviewer.gui.plots.caption import caption_height, write_caption
from rampviewer.model.tables.column_table import ColumnTable

SHARPER = 2  # pixels of a picture for each one of the screen


def _nothing() -> None:
    """Do nothing: all is drawn."""


def _no_caption() -> str:
    """Return nothing: the plot says itself what it shows."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlotSource:
    """One plot of a panel.

    Attributes
    ----------
    name : str
        As its commands have it, and for a file name.
    view : GraphicsView
        What is drawn.
    is_empty : callable
        Whether there is nothing in it yet.
    table : callable
        Gives the numbers behind it; raises ValueError where they are too many.
    more : mapping of str to callable
        Further tables by the names of their commands, of plots that share a view.
    draw_now : callable
        Draws what would be drawn only later.
    caption : callable
        Says what it shows, above the picture; "" where the plot does.
    """

    name: str
    view: pg.GraphicsView
    is_empty: Callable[[], bool]
    table: Callable[[], ColumnTable]
    more: Mapping[str, Callable[[], ColumnTable]] = field(default_factory=dict)
    draw_now: Callable[[], None] = _nothing
    caption: Callable[[], str] = _no_caption

    @property
    def title(self) -> str:
        """What it is called in sentences."""
        return self.name.replace("_", " ")

    @property
    def tables(self) -> Mapping[str, Callable[[], ColumnTable]]:
        """All tables by the names of their commands."""
        return {self.name: self.table, **self.more}

    @property
    def commands(self) -> tuple[str, ...]:
        """The names of the commands that copy and save it."""
        numbers = (f"save_{name}_numbers" for name in self.tables)
        return (f"copy_{self.name}", f"save_{self.name}", *numbers)


def picture_of(source: PlotSource) -> QImage:
    """Return what a plot shows, sharper than on the screen."""
    source.draw_now()
    view, caption = source.view, source.caption()
    above = caption_height(view, caption)
    size = QSize(view.width(), view.height() + above) * SHARPER
    picture = QImage(size, QImage.Format.Format_ARGB32)
    picture.fill(view.backgroundBrush().color())
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SHARPER, SHARPER)
    write_caption(view, caption, painter)
    painter.resetTransform()
    view.render(painter, QRectF(picture.rect().adjusted(0, above * SHARPER, 0, 0)))
    painter.end()
    return picture


def copy_picture(source: PlotSource) -> None:
    """Put what a plot shows on the clipboard."""
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setImage(picture_of(source))


def save_vectors(source: PlotSource, path: Path) -> None:
    """Save what a plot shows as SVG.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    from rampviewer.gui.plots.vector_file import write_svg  # noqa: PLC0415 - seldom used

    source.draw_now()
    write_svg(source.view, path, source.caption())
