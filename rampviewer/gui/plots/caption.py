"""A line above the picture of a plot that says what it shows."""

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

MARGIN = 6  # beside the text [screen pixels]
BESIDE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def caption_height(view: QWidget, caption: str) -> int:
    """Return how much room a caption takes above a plot, 0 without one [screen pixels]."""
    return view.fontMetrics().height() + MARGIN if caption else 0


def write_caption(view: QWidget, caption: str, painter: QPainter) -> None:
    """Write it at the top left of a page, in the letters of the plot."""
    painter.setFont(view.font())
    painter.setPen(view.palette().text().color())
    width = view.width() - 2 * MARGIN
    place = QRectF(MARGIN, 0, width, caption_height(view, caption))
    painter.drawText(place, BESIDE, caption)
