"""What there is to say about one pixel, in sentences."""

from html import escape

from PyQt6.QtCore import QEvent, QObject, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QLabel, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from rampviewer.gui.work.later import Later
from rampviewer.model.pixel.pixel_text import position_text, sections
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.pixel.sentence_places import Place, parts_of

LINE = "margin-top:0px; margin-bottom:2px; margin-left:10px"
EMPTY_TEXT = (
    "How the rate of a pixel came about is said here: click it in the image, or press N to "
    "go to a jump."
)
CORNER = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
TIP = "Copy SCI, GROUPDQ, parameters, decisions and segments as Markdown, for a ticket"


class _Page(QTextBrowser):
    """A text whose links the Tab key goes through, but not from a widget within it."""

    def focusNextPrevChild(self, next: bool) -> bool:
        if self.hasFocus():
            return super().focusNextPrevChild(next)
        return QWidget.focusNextPrevChild(self, next)


class PixelPanel(QWidget):
    """Sentences on the selected pixel; the text can be selected and scrolls.

    Pixels, groups and integrations that a sentence names are links.

    Signals
    -------
    place_clicked : Place
        The user wants to go there.
    report_clicked
        The user wants all about the pixel on the clipboard.
    """

    place_clicked = pyqtSignal(object)
    report_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = _Page()
        self._text.setAccessibleName("Explanation of the pixel")
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._on_link)
        self.hint = QLabel(EMPTY_TEXT)  # Qt shows but one line of a placeholder
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "hint")
        self.report = QToolButton()
        self.report.setText("Copy report")
        self.report.setToolTip(TIP)
        self.report.setAccessibleName(TIP)
        self.report.hide()
        self.report.clicked.connect(self.report_clicked)
        self.report.installEventFilter(self)
        self._lay_out()
        self._view: PixelView | None = None
        self._later = Later(self._show, self)  # a page takes longer than the ramp
        self._shown = ""
        self._places: tuple[Place, ...] = ()

    def show_view(self, view: PixelView | None) -> None:
        """Show the sentences on a pixel, soon; None empties the panel.

        The place that was read stays in sight, so that a number can be watched while a
        threshold moves.
        """
        self.report.setVisible(view is not None)
        self.hint.setVisible(view is None)
        self._view = view
        self._later.request()

    def changeEvent(self, a0: QEvent | None) -> None:
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.PaletteChange:
            self._shown = ""  # a page keeps the colours of links that it was made with
            self._later.request()

    def showEvent(self, a0: QShowEvent | None) -> None:
        super().showEvent(a0)
        self._show()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Bring the button, which scrolls with the text, into sight for the keyboard."""
        bar = self._text.verticalScrollBar()
        if bar is not None and a1 is not None and a1.type() == QEvent.Type.FocusIn:
            bar.setValue(0)
        return super().eventFilter(a0, a1)

    def text(self) -> str:
        """Return what is on screen, or soon will be."""
        self._later.act_now()
        return self._text.toPlainText()

    def _show(self) -> None:
        if not self.isVisible():
            return  # until it is
        places: list[Place] = []
        page = "" if self._view is None else _html(self._view, places)
        if page == self._shown:
            return
        self._shown, self._places = page, tuple(places)
        bar = self._text.verticalScrollBar()
        assert bar is not None
        at = bar.value()
        self._text.setHtml(page)
        bar.setValue(at)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text)
        corner = QVBoxLayout(self._text.viewport())  # the text keeps all of the height
        corner.setContentsMargins(0, 4, 4, 0)
        corner.addWidget(self.report, 0, CORNER)
        corner.addWidget(self.hint, 1)

    def _on_link(self, url: QUrl) -> None:
        self.place_clicked.emit(self._places[int(url.path())])


def _html(view: PixelView, places: list[Place]) -> str:
    """Return the page; a link is the number of its place."""
    parts = [f"<h3>Pixel {escape(position_text(view))}</h3>"]
    for section in sections(view):
        parts.append(f"<p style='margin-bottom:2px'><b>{escape(section.title)}</b></p>")
        parts += [
            f"<p style='{LINE}'>{_linked(line, places)}</p>" for line in section.lines
        ]
    return "".join(parts)


def _linked(line: str, places: list[Place]) -> str:
    text = ""
    for words, place in parts_of(line):
        if place is None:
            text += escape(words)
            continue
        link = f"<a href='{len(places)}' style='text-decoration:none'>{escape(words)}</a>"
        text += link
        places.append(place)
    return text
