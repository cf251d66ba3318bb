"""A spin box that keeps every typed value exactly."""

from PyQt6.QtCore import QLocale, Qt
from PyQt6.QtGui import QWheelEvent
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

    def wheelEvent(self, e: QWheelEvent | None) -> None:
        _wheel_only_with_focus(self, e)


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
