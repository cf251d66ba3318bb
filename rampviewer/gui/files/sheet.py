"""One page on one pixel: the image, its ramp, and why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QMarginsF, QPoint, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
)
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from rampviewer.gui.files.picture import write_picture
from rampviewer.gui.image.color_tables import value_table
from rampviewer.gui.image.display_bar import Look
from rampviewer.gui.image.frame_view import FrameView
from rampviewer.gui.image.histogram_bar import HistogramBar
from rampviewer.gui.image.stretch import Limits, LimitsRule, limits_by, sample_of
from rampviewer.gui.ramp.ramp_grid import RampGrid
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.reasons.section_columns import SectionColumns
from rampviewer.gui.widgets.theme import palette_of
from rampviewer.model.pixel.pixel_text import position_text, sections
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.planes.plane import Plane

SIZE = QSize(1414, 1000)  # as wide to high as A4 [screen pixels]
SHARPER = 2  # pixels of a PNG for each of these
N_COLUMNS = 3
SUFFIXES = (".png", ".pdf")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetContent:
    """What a sheet shows.

    Parameters
    ----------
    lines : sequence of str
        Below the title: file, configuration, parameters.
    values : (n_rows, n_cols) array
        Of `plane`, under the heading.
    limits : Limits, optional
        As on screen; zscale where left out.
    """

    lines: Sequence[str]
    values: NDArray[Any]
    bad: NDArray[Any]
    plane: Plane
    heading: str
    view: PixelView
    step: tuple[int, int] = (0, 0)
    look: Look = field(default_factory=Look)
    limits: Limits | None = None
    ramp_look: RampLook = field(default_factory=RampLook)


class Sheet(QWidget):
    """The page, in light colours whatever the theme; it is drawn and never shown."""

    def __init__(self, content: SheetContent) -> None:
        super().__init__()
        self._content = content
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setAutoFillBackground(True)
        self.setFixedSize(SIZE)

    def steps(self) -> Iterator[None]:
        """Put the page together, step by step: all at once would be a stall."""
        content = self._content
        self._image = FrameView()
        yield
        self._histogram, self._ramp = HistogramBar(), RampGrid()
        yield
        self.sentences = SectionColumns(sections(content.view), N_COLUMNS)
        self._lay_out(content)
        self._color()
        yield
        self._show_image(content)
        self.show()  # gives every part its size
        self._image.fit()
        yield
        self._show_ramp(content)

    def draw(self, painter: QPainter) -> None:
        """Draw the page at the origin of a painter."""
        self.render(painter, QPoint(0, 0))

    def _lay_out(self, content: SheetContent) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setHorizontalSpacing(14)
        layout.setVerticalSpacing(6)
        title = QLabel(f"Pixel {position_text(content.view)}")
        font = title.font()
        font.setPointSizeF(1.5 * font.pointSizeF())
        font.setBold(True)
        title.setFont(font)
        lines = QLabel("\n".join(content.lines))
        lines.setWordWrap(True)
        heading = QLabel(content.heading)
        heading.setProperty("role", "title")
        layout.addWidget(title, 0, 0, 1, 2)
        layout.addWidget(lines, 1, 0, 1, 2)
        layout.addWidget(heading, 2, 0)
        layout.addWidget(self._image, 3, 0)
        layout.addWidget(self._histogram, 4, 0)
        layout.addWidget(self._ramp, 2, 1, 3, 1)
        layout.addWidget(self.sentences, 5, 0, 1, 2)
        self._histogram.setFixedHeight(84)
        layout.setColumnStretch(0, 9)
        layout.setColumnStretch(1, 11)
        layout.setRowStretch(3, 6)
        layout.setRowStretch(5, 4)

    def _color(self) -> None:
        """Give every part the colours of paper, for a style sheet hands none of them on."""
        colors = palette_of("light")
        colors.setColor(QPalette.ColorRole.Window, QColor("white"))
        for part in (self, *self.findChildren(QWidget)):
            part.setPalette(colors)
        self._ramp.set_palette(colors)

    def _show_image(self, content: SheetContent) -> None:
        values, look, is_flags = content.values, content.look, content.plane.is_flags
        table = value_table(look.color_map, look.stretch, is_reversed=look.is_reversed)
        frame = self._image.frame
        frame.set_frame(values, is_flags=is_flags)
        frame.set_table(table)
        frame.set_flag_colors(self.palette().alternateBase().color(), 0xFFFF_FFFF)
        frame.set_peaks(kept=look.keeps_peaks)
        self._image.set_shape(*values.shape)
        self._image.set_selected(content.view.pixel)
        self._histogram.setVisible(not is_flags)
        if is_flags:
            return
        limits = content.limits or limits_by(LimitsRule.ZSCALE, values, content.bad)
        if limits is not None:
            sample = sample_of(values, content.bad)
            frame.set_limits(limits)
            self._histogram.set_table(table)
            self._histogram.set_unit(content.plane.unit)
            self._histogram.set_limits(limits)
            self._histogram.show_around(limits, sample)
            n_nan = int(np.count_nonzero(np.isnan(values)))
            self._histogram.show_sample(sample, n_nan, values.size)
            self._histogram.draw_now()

    def _show_ramp(self, content: SheetContent) -> None:
        self._ramp.set_look(content.ramp_look)
        self._ramp.show_view(content.view, "")
        self._ramp.set_group(*content.step)


def save_sheet(content: SheetContent, path: Path) -> None:
    """Write the sheet as PNG, or as PDF with lines and letters, by the suffix of the path.

    Raises
    ------
    ValueError
        When the path has another suffix.
    OSError
        When the file cannot be written.
    """
    for _ in saving_steps(content, path, write_picture):
        pass


def saving_steps(
    content: SheetContent, path: Path, write: Callable[[QImage, Path], object]
) -> Iterator[None]:
    """Write the sheet, step by step; a picture, which any thread can write, by `write`.

    Raises
    ------
    ValueError, OSError
        As `save_sheet`.
    """
    is_png = is_picture(path)
    sheet = Sheet(content)
    try:
        yield from sheet.steps()
        yield
        if is_png:
            write(_picture_of(sheet), path)
        else:
            _save_page(sheet, path)
    finally:
        sheet.close()
        sheet.deleteLater()


def is_picture(path: Path) -> bool:
    """Return whether a sheet is saved as PNG here.

    Raises
    ------
    ValueError
        When the path does not end as a sheet can.
    FileNotFoundError
        When its folder is not there.
    """
    check_suffix(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path.parent} is no directory")
    return path.suffix.lower() == ".png"


def _picture_of(sheet: Sheet) -> QImage:
    picture = QImage(SHARPER * SIZE, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(SHARPER)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    sheet.draw(painter)
    painter.end()
    return picture


def check_suffix(path: Path) -> None:
    """Raise ValueError unless a path ends as a sheet can."""
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path.name} must end in .png or .pdf")


def _save_page(sheet: Sheet, path: Path) -> None:
    page = QPdfWriter(str(path))
    page.setTitle(sheet.windowTitle())
    page.setCreator("rampviewer")
    page.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    page.setPageOrientation(QPageLayout.Orientation.Landscape)
    page.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter()
    if not painter.begin(page):
        raise OSError(f"{path} could not be written")
    painter.scale(page.width() / SIZE.width(), page.height() / SIZE.height())
    sheet.draw(painter)
    painter.end()
