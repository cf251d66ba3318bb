"""One parameter: its name, its value, its default and what is wrong with it."""

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from rampviewer.gui.widgets.number_box import CountBox, NumberLine

if TYPE_CHECKING:
    from dataclasses import Field

FIELD_WIDTH = 88  # [pixel]
ALGORITHMS = ("OLS_C", "LIKELY")


class ParameterRow(QWidget):
    """Edits one dataclass field.

    Signals
    -------
    value_edited : object
        The user gave another value; a text that is no number comes as it was typed.
    """

    value_edited = pyqtSignal(object)

    def __init__(self, item: "Field[Any]", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = item.name
        self.default = item.default
        self._value: object = item.default
        self._editor = editor_of(item)
        self._tip = tip_of(item)
        self._label = QLabel(
            f"{item.metadata['text']} (default\N{NO-BREAK SPACE}{_shown(item.default)})"
        )
        self._label.setWordWrap(True)
        self._label.setBuddy(self._editor)
        self._hint = QLabel(item.name)
        self._hint.setProperty("role", "hint")
        self._hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.hide()
        self._reset = QToolButton()
        self._reset.setText("↺")
        self._reset.setToolTip(f"Reset to {_shown(item.default)}")
        self._reset.setAccessibleName(f"Reset {item.name}")
        self._editor.set_name(item.name)
        self._reason = self._note = ""
        for widget in (self._label, self._hint, self._editor):
            widget.setToolTip(self._tip)
        self._lay_out(QLabel(item.metadata["unit"]))
        self._editor.edited.connect(self._edit)
        self._reset.clicked.connect(lambda: self._edit(self.default))
        self.set_value(item.default)

    def set_value(self, value: object) -> None:
        self._value = value
        self._editor.set_value(value)
        self._reset.setEnabled(value != self.default and self._editor.isEnabled())
        self._say("")

    def set_last(self, group: int) -> None:
        """Take the number of the last group, if this is the number of a group."""
        if isinstance(self._editor, OptionalEditor):
            self._editor.set_last(group)

    def refuse(self, sentence: str) -> None:
        """Go back to the value before and say what was wrong with the new one."""
        self._editor.set_value(self._value)
        self._say(sentence)

    def set_reason(self, reason: str, *, shown: bool = True) -> None:
        """Grey the row and say why; an empty reason makes it usable."""
        is_new = reason not in self._tip  # else the row says so anyway
        if reason != self._reason:
            self._reason = reason
            for widget in (self._label, self._hint, self._editor):
                widget.setEnabled(not reason)
                widget.setToolTip(f"{self._tip}\n{reason}" if is_new else self._tip)
        self._reset.setEnabled(not reason and self._value != self.default)
        self._say(reason if shown and is_new else self._note)

    def set_note(self, sentence: str) -> None:
        """Say what the open exposure makes of the parameter, where nothing is wrong."""
        self._note = sentence

    def message(self) -> str:
        """Return the sentence below the row."""
        return self._message.text()

    def _say(self, sentence: str) -> None:
        if sentence != self._message.text():  # else the whole panel is laid out again
            self._message.setText(sentence)
            self._message.setVisible(bool(sentence))

    def _edit(self, value: object) -> None:
        if value != self._value or type(value) is not type(self._value):
            self.value_edited.emit(value)

    def _lay_out(self, unit: QLabel) -> None:
        unit.setMinimumWidth(unit.fontMetrics().horizontalAdvance("group") + 4)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 3, 0, 3)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._label, 0, 0, 1, 4)
        for column, widget in enumerate((self._hint, self._editor, unit, self._reset)):
            grid.addWidget(widget, 1, column)
        grid.addWidget(self._message, 2, 0, 1, 4)
        grid.setColumnStretch(0, 1)


def tip_of(item: "Field[Any]") -> str:
    """Return the sentence on a parameter with its official name, bound and default."""
    unit = f" [{item.metadata['unit']}]" if item.metadata["unit"] else ""
    least = item.metadata["least"]
    bound = "" if least is None else f", at least {least}"
    return (
        f"{item.metadata['text']}{unit}.\n"
        f"{item.name}, default {_shown(item.default)}{bound}"
    )


def editor_of(item: "Field[Any]") -> "Editor":
    """Return the widget that suits the type of a parameter."""
    if item.default is None:
        return OptionalEditor()
    if isinstance(item.default, bool):
        return SwitchEditor()
    if isinstance(item.default, str):
        return ChoiceEditor()
    return NumberEditor(type(item.default))


class Editor(QWidget):
    """Base: holds a value, silent when it is set.

    Signals
    -------
    edited : object
        The user gave another value.
    """

    edited = pyqtSignal(object)

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            layout.addWidget(widget)
        self._widgets = widgets
        self.setFocusProxy(widgets[-1])
        self.setFixedWidth(FIELD_WIDTH)

    def set_name(self, name: str) -> None:
        """Tell screen readers what is edited."""
        self.setAccessibleName(name)
        for widget in self._widgets:
            widget.setAccessibleName(name)

    def set_value(self, value: Any) -> None:
        """Show `value`."""
        raise NotImplementedError


class NumberEditor(Editor):
    """A line in which any number can be typed; it keeps the digits."""

    def __init__(self, kind: type) -> None:
        self.line = NumberLine()
        super().__init__(self.line)
        self._kind = kind
        self.line.editingFinished.connect(self._finish)

    def set_value(self, value: Any) -> None:
        self.line.show_text(_shown(value))

    def _finish(self) -> None:
        text = self.line.text().strip()
        if not self.line.is_new:
            return
        for kind in (self._kind, float):
            try:
                value = kind(text)
            except ValueError:
                continue
            self.edited.emit(value)
            return
        self.edited.emit(text)


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self) -> None:
        self.box = QCheckBox()
        super().__init__(self.box)
        self.box.toggled.connect(self.edited.emit)

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(value)


class OptionalEditor(Editor):
    """A switch, and a count that matters when it is on."""

    def __init__(self) -> None:
        self.box = QCheckBox()
        self.count = CountBox()
        super().__init__(self.box, self.count)
        self.box.setToolTip("On: use the group given; off: no limit")
        self.count.setRange(0, 9999)
        self.count.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.count.setEnabled(False)
        self.box.toggled.connect(self._toggle)
        self.count.valueChanged.connect(self.edited.emit)

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self.box), QSignalBlocker(self.count):
            self.box.setChecked(value is not None)
            self.count.setEnabled(value is not None)
            if value is not None:
                self.count.setValue(value)

    def set_last(self, last: int) -> None:
        """Let the count go up to `last`."""
        with QSignalBlocker(self.count):
            self.count.setMaximum(last)

    def _toggle(self, on: bool) -> None:
        self.count.setEnabled(on)
        self.edited.emit(self.count.value() if on else None)


class ChoiceEditor(Editor):
    """One of the algorithms."""

    def __init__(self) -> None:
        self.box = QComboBox()
        self.box.addItems(ALGORITHMS)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        super().__init__(self.box)
        self.box.currentTextChanged.connect(self.edited.emit)

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setCurrentText(value)


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return repr(value).removesuffix(".0").strip("'")
