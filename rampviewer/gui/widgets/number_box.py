"""Boxes for numbers: they keep what is typed, and leave the window its keys."""

from PyQt6.QtCore import QEvent, QLocale, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence, QWheelEvent
from PyQt6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

_HISTORY = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class ExactBox(QDoubleSpinBox):
    """Shows a number with the digits that it has and takes any other."""

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())  # a decimal point, as in every parameter file
        self.setDecimals(12)
        self.setRange(0.0, 1e9)
        self.setSingleStep(0.1)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if unit:
            self.setSuffix(f" {unit}")

    def event(self, event: QEvent | None) -> bool:
        is_new = self.cleanText() != self.textFromValue(self.value())
        is_for_window = _is_for_window(event, "eE,.", is_new=is_new)
        return not is_for_window and super().event(event)

    def textFromValue(self, v: float) -> str:
        return f"{v:.12g}"

    def wheelEvent(self, e: QWheelEvent | None) -> None:
        _wheel_only_with_focus(self, e)


class WholeBox(QSpinBox):
    """A spin box for whole numbers."""

    def event(self, event: QEvent | None) -> bool:
        is_new = self.cleanText() != self.textFromValue(self.value())
        return not _is_for_window(event, "", is_new=is_new) and super().event(event)


class CountBox(WholeBox):
    """The same, and a passing mouse wheel does not turn it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, e: QWheelEvent | None) -> None:
        _wheel_only_with_focus(self, e)


class NumberLine(QLineEdit):
    """A line for a number, of any digits or none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""

    @property
    def is_new(self) -> bool:
        """Whether another text was typed than is shown."""
        return self.text().strip() != self._shown

    def show_text(self, text: str) -> None:
        """Show the beginning of a text."""
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)

    def event(self, a0: QEvent | None) -> bool:
        is_for_window = _is_history(a0) and not self.is_new
        return not is_for_window and super().event(a0)


def _is_for_window(event: QEvent | None, own: str, *, is_new: bool) -> bool:
    """Return whether a key is a shortcut of the window: one that no number has in it.

    Of letters, comma and point those in `own` may be part of a number. The keys to undo and
    redo are for the window, too, unless what was typed is new and no value yet: a box has
    nothing to take back once its value was taken.
    """
    if _is_history(event):
        return not is_new
    is_asked = event is not None and event.type() == QEvent.Type.ShortcutOverride
    if not (is_asked and isinstance(event, QKeyEvent)):
        return False
    shift, text = Qt.KeyboardModifier.ShiftModifier, event.text()
    is_typed = not event.modifiers() & ~shift and (text.isalpha() or text in (",", "."))
    return is_typed and text not in own


def _is_history(event: QEvent | None) -> bool:
    """Return whether somebody asks who takes the keys to undo or redo."""
    is_asked = event is not None and event.type() == QEvent.Type.ShortcutOverride
    return (
        is_asked
        and isinstance(event, QKeyEvent)
        and any(event.matches(key) for key in _HISTORY)
    )


def _wheel_only_with_focus(box: QSpinBox | QDoubleSpinBox, e: QWheelEvent | None) -> None:
    """Turn the box if it has the focus; else let the wheel scroll what is around it."""
    if e is None or not box.hasFocus():
        if e is not None:
            e.ignore()
        return
    if isinstance(box, QSpinBox):
        QSpinBox.wheelEvent(box, e)
    else:
        QDoubleSpinBox.wheelEvent(box, e)
