"""One sentence across the window: what went wrong, or what was done."""

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

SHORTEST_MS = 4_000  # a note stays, and longer ...
LETTER_MS = 60  # ... for each letter that there is to read, but ...
LONGEST_MS = 8_000  # ... not longer: it covers what stands at the same place


class MessageBar(QFrame):
    """Shows one message, hidden while there is none. It ends as a sentence does.

    An error stays until it is closed, replaced, or what it is about went well. A note goes
    when there was time to read it, but not from under the mouse; what is under way is said
    until it is done.

    Signals
    -------
    error_shown : str
        The user is told of an error.
    """

    error_shown = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._about = ""
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.label.setAccessibleName("Message")
        close = QToolButton()
        close.setText("\N{MULTIPLICATION SIGN}")
        close.setAutoRaise(True)
        close.setAccessibleName("Close the message")
        close.setToolTip("Close the message")
        close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 1, 4, 1)
        layout.addWidget(self.label, 1)
        layout.addWidget(close)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self._leave)
        self.hide()

    def show_error(self, text: str, about: str = "") -> None:
        """Show what went wrong; `about` names what it is about, see `end`."""
        self._show(text, "error")
        self._about = about
        self.error_shown.emit(text)

    def show_note(self, text: str, about: str = "") -> None:
        """Show what was done, for as long as it takes to read it; `about` as of errors."""
        self._show(text, "note")
        self._about = about
        self.timer.start(min(SHORTEST_MS + LETTER_MS * len(text), LONGEST_MS))

    def show_work(self, text: str, about: str = "") -> None:
        """Show what is under way, until another message comes, `end` or `clear`."""
        self._show(text, "note")
        self._about = about

    def end(self, about: str) -> None:
        """Take a message away that is no longer true: what it is about has changed."""
        if self._about == about:
            self.clear()

    def clear(self) -> None:
        self.timer.stop()
        self._about = ""
        self.label.clear()
        self.hide()

    def _leave(self) -> None:
        if self.underMouse():
            self.timer.start(SHORTEST_MS)
        else:
            self.clear()

    def _show(self, text: str, kind: str) -> None:
        self.timer.stop()
        self._about = ""
        self.setProperty("kind", kind)
        style = self.style()
        if style is not None:  # the style sheet tells the kinds apart
            style.unpolish(self)
            style.polish(self)
        self.label.setText(_sentence(text))
        self.show()
        self.raise_()  # above what stands at the same place


def _sentence(text: str) -> str:
    """Return a text that ends with one full stop, or what else may end one."""
    if text.endswith("..") and not text.endswith("..."):
        return text.removesuffix(".")
    return text if not text or text[-1] in ".?!" else f"{text}."
