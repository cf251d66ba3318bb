"""A spin box that keeps every typed value exactly."""

from PyQt6.QtCore import QEvent, QLocale, Qt
from PyQt6.QtGui import QKeyEvent, QWheelEvent
from PyQt6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget


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
        return not _is_for_window(event) and super().event(event)

    def textFromValue(self, v: float) -> str:
        return f"{v:.12g}"

    def wheelEvent(self, e: QWheelEvent | None) -> None:
        _wheel_only_with_focus(self, e)


class CountBox(QSpinBox):
    """A spin box that a passing mouse wheel does not turn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent | None) -> bool:
        return not _is_for_window(event) and super().event(event)

    def wheelEvent(self, e: QWheelEvent | None) -> None:
        _wheel_only_with_focus(self, e)


def _is_for_window(event: QEvent | None) -> bool:
    """Return whether a key is a shortcut of the window: a letter that no number has."""
    is_asked = event is not None and event.type() == QEvent.Type.ShortcutOverride
    if not (is_asked and isinstance(event, QKeyEvent)):
        return False
    is_bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
    return is_bare and event.text().isalpha() and event.text() not in "eE"


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
