"""The pinned pixels as a list, with what makes such lists."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.pins.pin_table import PinTable
from rampviewer.gui.ramp.other_rows import PinnedViews
from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.gui.widgets.number_box import CountBox
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import MOST_PINS
from rampviewer.model.pixel.pixel_choice import RULES, Choice, Rule

EMPTY_TEXT = (
    "Pin pixels to compare their ramps: Space pins the one under the mouse, "
    "or choose a list above."
)
MOST_SEED = 9_999
_RULES: dict[Rule, tuple[str, str]] = {
    "random": (
        "Random pixels",
        "Drawn with the seed beside it, so that they can be had again; "
        "chosen once more, the next seed is taken",
    ),
    "grid": ("Grid of 9 pixels", "In the middles of 3 x 3 equal parts of the frame"),
    "brightest": ("Brightest pixels", "With the highest rates of the run on screen"),
    "jumps": ("Most jumps", "With most groups flagged as jumps in the run on screen"),
    "ratio": (
        "Largest ratio",
        "With the largest deviations of a difference, in sigma, of the run on screen",
    ),
}


FEW_DIGITS, SOME_DIGITS = 44, 58  # room of boxes [screen pixels]


class PinPanel(QWidget):
    """A row for each pinned pixel; a row that is clicked is selected in the image.

    Signals
    -------
    pin_clicked
        The user wants the selected pixel pinned, or no longer so.
    pixel_chosen : Pixel
        The user wants to see a pinned pixel.
    remove_clicked : Pixel
    clear_clicked
    list_chosen : Choice
        The user wants these pixels pinned instead.
    previous_clicked
        ... or those that were pinned before.
    load_clicked
    save_clicked
    """

    pin_clicked = pyqtSignal()
    pixel_chosen = pyqtSignal(object)
    remove_clicked = pyqtSignal(object)
    clear_clicked = pyqtSignal()
    list_chosen = pyqtSignal(object)
    previous_clicked = pyqtSignal()
    load_clicked = pyqtSignal()
    save_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawn: Choice | None = None  # the random pixels that were wanted last
        self.table = PinTable()
        self.message = QLabel(EMPTY_TEXT)
        self.note, self.below = ElidedLabel(), QLabel()
        self._told = ("", "")  # how many there are, and which list they are
        self.pin = _button("Pin", "Pin the selected pixel, or unpin it (Space)")
        self.remove = _button("Remove", "Unpin the pixel of the row that is marked (Del)")
        self.clear = _button("Clear", "Unpin all pixels")
        self.lists = _button("Lists", f"Pin other pixels instead, {MOST_PINS} at most")
        self.n_pixels, self.seed = CountBox(), CountBox()
        self._pages, self.menu = QStackedWidget(), QMenu(self)
        self._fill_menu()
        self._lay_out()
        self._connect()
        self.set_ready(is_open=False, has_run=False)
        self.show_pins((), "", has_previous=False)

    def show_pins(self, pinned: PinnedViews, note: str, *, has_previous: bool) -> None:
        """List pinned pixels; `note` says which list they are."""
        self.table.show_pins(pinned)
        self._told = f"{len(pinned)} of {MOST_PINS}", note
        self._place_note()
        self._pages.setCurrentWidget(self.table if pinned else self.message)
        for part in (self.remove, self.clear, self.save):
            part.setEnabled(bool(pinned))
        self.previous.setEnabled(has_previous)
        if not note:
            self._drawn = None

    def show_pixel(self, pixel: Pixel | None) -> None:
        """Mark the row of the selected pixel, if it has one."""
        self.table.mark(pixel)

    def set_ready(self, *, is_open: bool, has_run: bool) -> None:
        """Offer what can be pinned: with an exposure, and what needs a complete run."""
        for part in (self.pin, self.lists, self.load):
            part.setEnabled(is_open)
        for rule in RULES:
            is_known = has_run or Choice(rule).plane is None
            self.rules[rule].setEnabled(is_open and is_known)
            why = "" if is_known else "; not before the run on screen is complete"
            self.rules[rule].setToolTip(f"{_RULES[rule][1]}{why}")

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        self._place_note()

    def _place_note(self) -> None:
        """Say which list it is beside the buttons, or below them if it does not fit."""
        count, name = self._told
        whole = f"{count}: {name}" if name else count
        fits = self.fontMetrics().horizontalAdvance(whole) <= self.note.width()
        self.note.set_text(whole if fits else count, whole)
        self.below.setText(name)
        self.below.setVisible(not fits and bool(name))

    def _choose(self, rule: Rule) -> None:
        for box in (self.n_pixels, self.seed):
            box.interpretText()  # typed, and not left yet
        choice = Choice(rule, self.n_pixels.value(), self.seed.value())
        if rule == "random":
            if choice == self._drawn:
                self.seed.setValue(self.seed.value() + 1)
                choice = Choice(rule, self.n_pixels.value(), self.seed.value())
            self._drawn = choice
        self.list_chosen.emit(choice)

    def _connect(self) -> None:
        self.pin.clicked.connect(self.pin_clicked)
        self.remove.clicked.connect(self._remove)
        self.clear.clicked.connect(self.clear_clicked)
        self.table.pixel_chosen.connect(self.pixel_chosen)
        self.table.delete_pressed.connect(self._remove)

    def _remove(self) -> None:
        pixel = self.table.marked()
        if pixel is not None:
            self.remove_clicked.emit(pixel)

    def _fill_menu(self) -> None:
        menu = self.menu
        menu.setToolTipsVisible(True)
        self.rules: dict[Rule, QAction] = {}
        for rule in RULES:
            self.rules[rule] = _entry(menu, _RULES[rule][0])
            self.rules[rule].triggered.connect(lambda _on, rule=rule: self._choose(rule))
        menu.addSeparator()
        self.previous = _entry(menu, "Previous list")
        self.previous.triggered.connect(lambda _on: self.previous_clicked.emit())
        self.load, self.save = _entry(menu, "Load..."), _entry(menu, "Save as CSV...")
        self.load.setToolTip(
            "Text with a line x,y for each pixel; a saved table of jumps will do as well"
        )
        self.load.triggered.connect(lambda _on: self.load_clicked.emit())
        self.save.triggered.connect(lambda _on: self.save_clicked.emit())
        self.lists.setMenu(menu)
        self.lists.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _lay_out(self) -> None:
        self.n_pixels.setRange(1, MOST_PINS)
        self.n_pixels.setValue(9)
        self.n_pixels.setToolTip("How many pixels a list is to have")
        self.n_pixels.setAccessibleName("Pixels in a list")
        self.seed.setRange(1, MOST_SEED)
        self.seed.setToolTip("Seed of random pixels: the same seed gives the same pixels")
        self.seed.setAccessibleName("Seed of random pixels")
        self.below.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setProperty("role", "hint")
        self.n_pixels.setMaximumWidth(FEW_DIGITS)
        self.seed.setMaximumWidth(SOME_DIGITS)
        top = QHBoxLayout()
        top.setSpacing(3)
        for widget in (self.pin, self.remove, self.clear):
            top.addWidget(widget)
        top.addWidget(self.note, 1)
        top.addWidget(self.lists)
        for name, box in (("pixels", self.n_pixels), ("seed", self.seed)):
            top.addWidget(QLabel(name))
            top.addWidget(box)
        for page in (self.message, self.table):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.below)
        column.addWidget(self._pages, 1)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def _entry(menu: QMenu, text: str) -> QAction:
    action = menu.addAction(text)
    assert action is not None
    return action
