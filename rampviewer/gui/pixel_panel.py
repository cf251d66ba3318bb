"""What there is to say about one pixel, in sentences."""

from html import escape

from PyQt6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from rampviewer.model.pixel_text import position_text, sections
from rampviewer.model.pixel_view import PixelView

LINE = "margin-top:0px; margin-bottom:2px; margin-left:10px"
EMPTY_TEXT = "How the rate of a pixel came about is said here: click it in the image."


class PixelPanel(QWidget):
    """Sentences on the selected pixel; the text can be selected and scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QTextBrowser()
        self._text.setAccessibleName("Explanation of the pixel")
        self._text.setPlaceholderText(EMPTY_TEXT)
        self._text.setOpenLinks(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text)
        self._shown = ""

    def show_view(self, view: PixelView | None) -> None:
        """Show the sentences on a pixel; None empties the panel.

        The place that was read stays in sight, so that a number can be watched while a
        threshold moves.
        """
        page = "" if view is None else _html(view)
        if page == self._shown:
            return
        self._shown = page
        bar = self._text.verticalScrollBar()
        assert bar is not None
        at = bar.value()
        self._text.setHtml(page)
        bar.setValue(at)

    def text(self) -> str:
        """Return what is on screen."""
        return self._text.toPlainText()


def _html(view: PixelView) -> str:
    parts = [f"<h3>Pixel {escape(position_text(view))}</h3>"]
    for section in sections(view):
        parts.append(f"<p style='margin-bottom:2px'><b>{escape(section.title)}</b></p>")
        parts += [f"<p style='{LINE}'>{escape(line)}</p>" for line in section.lines]
    return "".join(parts)
