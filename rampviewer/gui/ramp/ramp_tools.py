"""What of a ramp is drawn, and how."""

from dataclasses import replace

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtGui import QActionGroup, QKeySequence
from PyQt6.QtWidgets import QMenu, QToolButton, QWidget

from rampviewer.gui.ramp.ramp_look import ARRANGEMENTS, Arrangement, RampLook
from rampviewer.gui.ramp.sibling_button import SiblingButton
from rampviewer.gui.widgets.wrap_layout import WrapLayout

TIPS = {
    "side by side": "One plot for each integration",
    "concatenated": "One behind the other on one axis, with dashed lines between them",
    "overlaid": "One over the other; the integration chosen is drawn in full",
}


class RampTools(QWidget):
    """Buttons above the plots of a ramp.

    Signals
    -------
    look_edited : RampLook
        The user wants other panels, error bars, another arrangement or x axis.
    unit_edited : str
        Unit of the x axis, "time" or "group".
    hold_edited : bool
        Whether the ranges of the axes stay when another pixel is shown.
    fit_clicked
    siblings_edited : tuple of (int, Sibling)
        The siblings to draw, each with its place in the list.
    """

    look_edited = pyqtSignal(object)
    unit_edited = pyqtSignal(str)
    hold_edited = pyqtSignal(bool)
    fit_clicked = pyqtSignal()
    siblings_edited = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = RampLook()
        self.steps = _tool(
            "Steps", "Show the two-point differences below the ramp, in sigma", "T"
        )
        self.residuals = _tool(
            "Residuals", "Show the residuals of the segment fits, in sigma", "R"
        )
        self.bars = _tool(
            "Error bars",
            "Draw the sigma of a two-point difference at each group",
            "E",
        )
        self.zero = _tool(
            "From zero",
            "Draw ramps less the signal in their first good group, so that they compare",
            "Z",
        )
        self.siblings = SiblingButton()
        self.arrangement = _tool("", "How the integrations stand", "I")
        self.unit = _tool("x: time", "x axis as time [s] or as group, counted from 0", "X")
        self.hold = _tool(
            "Hold",
            "Keep the ranges of the axes when another pixel is shown; "
            "zooming with the wheel or the mouse switches it on",
            "H",
        )
        self.fit = _tool("Fit", "Show the whole ramp again", "")
        self._fill_menu()
        self._lay_out()
        self.set_look(self._look)
        self._connect()

    def set_look(self, look: RampLook) -> None:
        """Show what is drawn."""
        self._look = look
        pairs = (
            (self.steps, look.steps),
            (self.residuals, look.residuals),
            (self.bars, look.bars),
            (self.zero, look.from_zero),
            (self.unit, look.unit == "group"),
        )
        for button, is_on in pairs:
            with QSignalBlocker(button):
                button.setChecked(is_on)
        _rename(self.unit, f"x: {look.unit}")
        _rename(self.arrangement, look.arrangement.capitalize())
        for action in self._choices.actions():
            action.setChecked(action.data() == look.arrangement)

    def look(self) -> RampLook:
        return self._look

    def set_hold(self, hold: bool) -> None:
        with QSignalBlocker(self.hold):
            self.hold.setChecked(hold)

    def set_several(self, several: bool) -> None:
        """Offer arrangements of several integrations, or none."""
        self.arrangement.setVisible(several)

    def _connect(self) -> None:
        self.steps.toggled.connect(lambda on: self._edit(replace(self._look, steps=on)))
        self.residuals.toggled.connect(
            lambda on: self._edit(replace(self._look, residuals=on))
        )
        self.bars.toggled.connect(lambda on: self._edit(replace(self._look, bars=on)))
        self.zero.toggled.connect(lambda on: self._edit(replace(self._look, from_zero=on)))
        self.siblings.siblings_edited.connect(self.siblings_edited)
        self.arrangement.clicked.connect(self._next)
        self._choices.triggered.connect(lambda action: self._arrange(action.data()))
        self.unit.toggled.connect(self._change_unit)
        self.hold.toggled.connect(self.hold_edited)
        self.fit.clicked.connect(self.fit_clicked)

    def _next(self) -> None:
        at = ARRANGEMENTS.index(self._look.arrangement)
        self._arrange(ARRANGEMENTS[(at + 1) % len(ARRANGEMENTS)])

    def _arrange(self, arrangement: Arrangement) -> None:
        self._edit(replace(self._look, arrangement=arrangement))

    def _edit(self, look: RampLook) -> None:
        self.set_look(look)
        self.look_edited.emit(look)

    def _change_unit(self, by_group: bool) -> None:
        self._edit(replace(self._look, unit="group" if by_group else "time"))
        self.unit_edited.emit(self._look.unit)

    def _fill_menu(self) -> None:
        menu = QMenu(self.arrangement)
        menu.setToolTipsVisible(True)
        self._choices = QActionGroup(self)
        for name in ARRANGEMENTS:
            action = menu.addAction(name.capitalize())
            assert action is not None
            action.setCheckable(True)
            action.setData(name)
            action.setToolTip(TIPS[name])
            self._choices.addAction(action)
        self.arrangement.setMenu(menu)
        self.arrangement.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def _lay_out(self) -> None:
        toggles = (self.steps, self.residuals, self.bars, self.zero, self.unit, self.hold)
        for button in toggles:
            button.setCheckable(True)
            button.setProperty("role", "toggle")
        bar = WrapLayout(self)
        bar.setContentsMargins(4, 2, 2, 0)
        bar.setSpacing(5)
        for button in (*toggles[:4], self.siblings, self.arrangement):
            bar.addWidget(button)
        bar.begin_right()
        for button in (self.unit, self.hold, self.fit):
            bar.addWidget(button)


def _tool(text: str, tip: str, key: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(tip)
    button.setToolTip(f"{tip} ({key})" if key else tip)
    if key:
        button.setShortcut(QKeySequence(key))
    return button


def _rename(button: QToolButton, text: str) -> None:
    key = button.shortcut()  # Qt forgets it with the old text
    button.setText(text)
    button.setShortcut(key)
