"""A number to step through, round and round."""

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from rampviewer.gui.widgets.number_box import WholeBox

_FORWARD = {Qt.Key.Key_Right, Qt.Key.Key_Up}
_BACK = {Qt.Key.Key_Left, Qt.Key.Key_Down}


class _WrappingSlider(QSlider):
    """A slider whose arrow keys go on at the other end."""

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in _FORWARD and self.value() == self.maximum():
            self.setValue(self.minimum())
        elif event is not None and event.key() in _BACK and self.value() == self.minimum():
            self.setValue(self.maximum())
        else:
            super().keyPressEvent(event)


class IndexSlider(QWidget):
    """Slider and box for a number counted from 0; both wrap at the ends.

    Signals
    -------
    value_edited : int
        The user, and never `set_value` or `set_size`, chose another number.
    """

    value_edited = pyqtSignal(int)

    def __init__(self, name: str, parent: QWidget | None = None, *, of: str = "") -> None:
        super().__init__(parent)
        self._name = f"{name}{of}"
        self._slider = _WrappingSlider(Qt.Orientation.Horizontal)
        self._slider.setMinimumWidth(30)
        self._box = WholeBox()
        self._box.setWrapping(True)
        self._of = QLabel()
        self._of.setProperty("role", "hint")
        self._label = QLabel(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._box)
        layout.addWidget(self._of)
        self._slider.valueChanged.connect(self._edit)
        self._box.valueChanged.connect(self._edit)
        self.set_size(1)

    def value(self) -> int:
        return int(self._box.value())

    def set_size(self, n_values: int) -> None:
        """Let the number run from 0 to n_values - 1."""
        last = max(n_values, 1) - 1
        value = min(self.value(), last)  # a box that wraps would start again at 0
        with QSignalBlocker(self._slider), QSignalBlocker(self._box):
            self._slider.setRange(0, last)
            self._slider.setPageStep(max(1, last // 10))
            self._box.setRange(0, last)
            self._box.setValue(value)
        self._of.setText(f"0\N{EN DASH}{last}")
        for widget in (self._slider, self._box):
            widget.setAccessibleName(self._name)
            widget.setToolTip(f"{self._name}, counted from 0: 0 to {last}")

    def set_value(self, value: int) -> None:
        with QSignalBlocker(self._slider), QSignalBlocker(self._box):
            self._slider.setValue(value)
            self._box.setValue(value)

    def step(self, n_steps: int) -> None:
        """Go on or back as the user would, and say so; it wraps at the ends."""
        value = (self.value() + n_steps) % (self._box.maximum() + 1)
        if value != self.value():
            self._edit(value)

    def set_acting(self, *, acting: bool, reason: str) -> None:
        """Grey it when the number has no effect, for the reason given."""
        self._slider.setEnabled(acting)
        self._box.setEnabled(acting)
        self._label.setEnabled(acting)
        self.setToolTip("" if acting else reason)

    def _edit(self, value: int) -> None:
        self.set_value(value)
        self.value_edited.emit(value)
