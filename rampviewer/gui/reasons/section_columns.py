"""Sections of sentences, set in columns of a given height."""

from collections.abc import Iterator, Sequence
from html import escape

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter, QPaintEvent, QTextDocument
from PyQt6.QtWidgets import QWidget

from rampviewer.model.pixel.pixel_text import Section

SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # of letters, the first that fits [point]
GAP = 24  # between columns [screen pixels]
ROOM = 5  # below a section [screen pixels]
LINE = "margin-top:0px; margin-bottom:1px; margin-left:8px"
MORE = "More is in the report on the pixel."

Place = tuple[QPointF, QTextDocument]


class SectionColumns(QWidget):
    """Draws sections one below the other, in so many columns, as large as they fit.

    A section stands in one column; what does not fit at the smallest size is left out, and
    that is said.
    """

    def __init__(
        self, sections: Sequence[Section], n_columns: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sections, self._n_columns = tuple(sections), n_columns
        self._placed: list[Place] = []
        self._laid_out_for = (0, 0)

    def is_complete(self) -> bool:
        """Return whether all sections find room."""
        return self._fit()[1]

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002 - as Qt has it
        if self._laid_out_for != (self.width(), self.height()):
            self._laid_out_for = (self.width(), self.height())
            self._placed, _ = self._fit()
        painter = QPainter(self)
        for place, document in self._placed:
            painter.translate(place)
            document.drawContents(painter)
            painter.translate(-place)
        painter.end()

    def _fit(self) -> tuple[list[Place], bool]:
        placed: list[Place] = []
        for size in SIZES:
            documents = [self._document(section, size) for section in self._sections]
            placed = list(self._places(documents))
            if len(placed) == len(documents):
                return placed, True
        left_out = self._document(Section(MORE, ()), SIZES[-1])
        place = QPointF(0.0, self.height() - left_out.size().height())
        return [*placed[:-1], (place, left_out)], False

    def _places(
        self, documents: Sequence[QTextDocument]
    ) -> Iterator[tuple[QPointF, QTextDocument]]:
        """Yield where documents stand, until there is no more room."""
        step = (self.width() + GAP) / self._n_columns
        column, y = 0, 0.0
        for document in documents:
            height = document.size().height()
            if y > 0 and y + height > self.height():
                column, y = column + 1, 0.0
            if column == self._n_columns or height > self.height():
                return
            yield QPointF(column * step, y), document
            y += height + ROOM

    def _document(self, section: Section, size: float) -> QTextDocument:
        document = QTextDocument()
        font = self.font()
        font.setPointSizeF(size)
        document.setDefaultFont(font)
        document.setDocumentMargin(0)
        color = self.palette().text().color().name()
        lines = "".join(f"<p style='{LINE}'>{escape(line)}</p>" for line in section.lines)
        head = f"<p style='margin-bottom:1px'><b>{escape(section.title)}</b></p>"
        document.setHtml(f"<body style='color:{color}'>{head}{lines}</body>")
        document.setTextWidth((self.width() + GAP) / self._n_columns - GAP)
        return document
