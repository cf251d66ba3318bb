"""Stretch, limits and colour map."""

from dataclasses import dataclass

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon, QImage, QPixmap
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from rampviewer.gui.image.color_tables import COLOR_MAPS, colors_of
from rampviewer.gui.image.limit_edit import LimitEdit
from rampviewer.gui.image.stretch import Limits, LimitsRule, Stretch, widened

HELD = "{}, held"
RULE_TIP = (
    "Where the limits come from. From sky: from just below the background to nearly the "
    "brightest pixel, as suits a logarithm.\nLimits that are held from group to group are "
    "wide enough for the last group, too.\nHeld: the rule gave them for another picture of "
    "this kind, as for another group."
)
HOLD_TIP = (
    "On: limits are held while you step through groups and integrations, so that colours "
    "compare.\nOff: each picture gets its own limits by the rule."
)
PEAKS_TIP = (
    "Zoomed out, each pixel of the screen shows the mean of the detector pixels below it.\n"
    "With peaks, one beyond the limits is shown instead: single pixels stay to be found,\n"
    "but look more frequent than they are."
)
_ICON_WIDTH, _ICON_HEIGHT = 36, 10


@dataclass(frozen=True, slots=True)
class Look:
    """How values become colours, apart from the limits.

    `keeps_peaks` acts where several detector pixels meet on one of the screen: it is drawn
    as the brightest of them if that is beyond the limit, and not as their mean.
    """

    color_map: str = "viridis"
    is_reversed: bool = False
    stretch: Stretch = Stretch.LINEAR
    keeps_peaks: bool = False

    def __post_init__(self) -> None:
        if self.color_map not in COLOR_MAPS:
            raise ValueError(f"color_map must be one of {COLOR_MAPS}: {self.color_map!r}")


class DisplayBar(QWidget):
    """Controls for the look of the image; `ImagePanel` makes its own and answers it.

    Signals
    -------
    look_edited : Look
        The user chose a colour map or a stretch.
    rule_edited : LimitsRule
        The user wants limits by this rule.
    reset_clicked : nothing
        The user wants limits for the picture shown.
    limits_edited : Limits
        The user typed a limit.
    hold_edited : bool
        The user wants limits to be held from picture to picture, or not.
    fit_clicked, one_to_one_clicked : nothing
        The user wants to see the whole frame, or one detector pixel on one of the screen.
    """

    look_edited = pyqtSignal(object)
    rule_edited = pyqtSignal(object)
    reset_clicked = pyqtSignal()
    limits_edited = pyqtSignal(object)
    hold_edited = pyqtSignal(bool)
    fit_clicked = pyqtSignal()
    one_to_one_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits = Limits(0.0, 1.0)
        self._rule = _RuleBox()
        self._low, self._high = LimitEdit(), LimitEdit()
        self._reset = _button("↺")
        self._hold = QCheckBox("hold")
        self._hold.setChecked(True)
        self._stretch, self._map = QComboBox(), QComboBox()
        self._reverse = QCheckBox("reversed")
        self._peaks = QCheckBox("peaks")
        self._fit, self._one = _button("Fit"), _button("1:1")
        self._fill()
        self._name()
        self._lay_out()
        self._connect()

    def _fill(self) -> None:
        for rule in LimitsRule:
            self._rule.addItem(rule.value, rule)
        self._rule.setMinimumContentsLength(len(LimitsRule.SKY.value) + 1)
        self._stretch.addItems([stretch.value for stretch in Stretch])
        for name in COLOR_MAPS:
            self._map.addItem(_icon_of(name), name)
        self._map.setIconSize(QPixmap(_ICON_WIDTH, _ICON_HEIGHT).size())

    def _name(self) -> None:
        for widget, name, tip in (
            (
                self._rule,
                "Limits rule",
                RULE_TIP,
            ),
            (
                self._reset,
                "Reset limits",
                "Compute the limits again, for the picture shown alone, as it is now",
            ),
            (self._hold, "Hold limits", HOLD_TIP),
            (self._stretch, "Stretch", "How colours are spread between the limits"),
            (self._map, "Colour map", "Colours from the lower to the upper limit"),
            (self._reverse, "Reverse colour map", "Swap dark and bright"),
            (self._peaks, "Keep peaks", PEAKS_TIP),
            (self._fit, "Fit image", "Show the whole image (Home, or a double click)"),
            (self._one, "One to one", "One detector pixel on one screen pixel (1)"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        for box, name, which in (
            (self._low, "Lower limit", "first"),
            (self._high, "Upper limit", "last"),
        ):
            box.setAccessibleName(name)
            box.set_tip(f"Value shown with the {which} colour")

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(4)
        bottom.setSpacing(6)
        for upper in (
            self._rule,
            self._low,
            QLabel("\N{EN DASH}"),
            self._high,
            self._reset,
            self._hold,
        ):
            top.addWidget(upper)
        for lower in (self._stretch, self._map, self._reverse, self._peaks):
            bottom.addWidget(lower)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(3)
        for row, (text, line, end) in enumerate(
            (("Limits", top, self._fit), ("Stretch", bottom, self._one))
        ):
            line.addStretch(1)
            line.addWidget(end)
            layout.addWidget(QLabel(text), row, 0, Qt.AlignmentFlag.AlignRight)
            layout.addLayout(line, row, 1)

    def _connect(self) -> None:
        self._rule.activated.connect(self._on_rule)
        self._low.editingFinished.connect(self._on_typed)
        self._high.editingFinished.connect(self._on_typed)
        self._reset.clicked.connect(self.reset_clicked)
        self._hold.clicked.connect(self.hold_edited)
        self._stretch.activated.connect(self._on_look)
        self._map.activated.connect(self._on_look)
        self._reverse.clicked.connect(self._on_look)
        self._peaks.clicked.connect(self._on_look)
        self._fit.clicked.connect(self.fit_clicked)
        self._one.clicked.connect(self.one_to_one_clicked)

    def look(self) -> Look:
        return Look(
            self._map.currentText(),
            self._reverse.isChecked(),
            Stretch(self._stretch.currentText()),
            self._peaks.isChecked(),
        )

    def set_look(self, look: Look) -> None:
        with QSignalBlocker(self._reverse):
            self._map.setCurrentText(look.color_map)
            self._reverse.setChecked(look.is_reversed)
            self._peaks.setChecked(look.keeps_peaks)
            self._stretch.setCurrentText(look.stretch.value)

    def set_hold(self, is_holding: bool) -> None:
        self._hold.setChecked(is_holding)

    def set_limits(
        self, limits: Limits, rule: LimitsRule, *, is_held_over: bool = False
    ) -> None:
        """Show limits and the rule they came from; what was typed stays as typed.

        Limits that the rule gave for another picture are called held.
        """
        self._limits = limits
        for index, each in enumerate(LimitsRule):
            is_held = is_held_over and each is rule
            self._rule.setItemText(
                index, HELD.format(each.value) if is_held else each.value
            )
        self._rule.setCurrentIndex(list(LimitsRule).index(rule))
        for box, value in zip((self._low, self._high), limits, strict=True):
            box.set_value(value)

    def set_values_shown(self, *, shown: bool) -> None:
        """Grey what has no meaning for flags."""
        for widget in (
            self._rule,
            self._low,
            self._high,
            self._reset,
            self._hold,
            self._stretch,
            self._map,
            self._reverse,
            self._peaks,
        ):
            widget.setEnabled(shown)

    def _on_rule(self) -> None:
        self.rule_edited.emit(LimitsRule(self._rule.currentData()))

    def _on_look(self) -> None:
        self.look_edited.emit(self.look())

    def _on_typed(self) -> None:
        typed = self._low.value, self._high.value
        for box in (self._low, self._high):
            box.setCursorPosition(0)
        if typed != tuple(self._limits):
            self.limits_edited.emit(widened(*typed))


class _RuleBox(QComboBox):
    """Has room for "held" from the start, where there is some: nothing moves later."""

    def sizeHint(self) -> QSize:
        added = self.fontMetrics().horizontalAdvance(HELD.format(""))
        return super().sizeHint() + QSize(added, 0)  # Qt measures once, when none is held


def _button(text: str) -> QToolButton:
    button = QToolButton()  # as wide as its text: there are many in a narrow row
    button.setText(text)
    return button


def _icon_of(color_map: str) -> QIcon:
    colors = colors_of(color_map)
    strip = QImage(colors.tobytes(), 256, 1, 768, QImage.Format.Format_RGB888)
    return QIcon(QPixmap.fromImage(strip).scaled(_ICON_WIDTH, _ICON_HEIGHT))
