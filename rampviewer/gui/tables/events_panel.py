"""All snowballs and showers of the run on screen, to go from one to the next."""

from typing import Final

import numpy as np
from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QPushButton, QToolButton, QWidget

from rampviewer.core.large.showers import LEAST_STEPS
from rampviewer.gui.tables.filter_bar import IN_VIEW, FilterBar, Mask, Switch
from rampviewer.gui.tables.place_table import PlaceTable, Words
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.event_table import COLUMNS, HELP, SHOWER, SNOWBALL, EventList
from rampviewer.model.text.number_text import grouped

CLOSED_TEXT = "Snowballs and showers are listed here: open a ramp exposure."
OFF_TEXT = (
    "Neither snowballs (expand_large_events)\nnor showers (find_showers) are looked for."
)
DELIVERED_TEXT = (
    "The run on screen has the flags as delivered, which do not say what event they are "
    "from. Show your own run (Ctrl+2) to list those that it finds."
)
SKIPPED_TEXT = (
    "Jump detection was skipped, and with it the search for large events: the exposure has "
    "too few usable groups."
)
OUTDATED_TEXT = "out of date"
NO_SNOWBALL = (
    "No snowball was found: a smaller min_jump_area or min_sat_area lets smaller ones count"
)
NO_SHOWER = (
    "No shower was found: a lower extend_snr_threshold or extend_min_area lets fainter and "
    "smaller ones count"
)
FEW_STEPS = (
    f"Showers are looked for in exposures with {LEAST_STEPS} usable steps or more; this "
    "one has {}"
)
SNOWBALLS, SHOWERS = "expand_large_events", "find_showers"
WORDS: Final = Words(
    row="event",
    rows="events",
    counted="event",
    keys=("Alt+P", "Alt+N"),
    whole="in the whole run",
    wait="Large events are listed here once the run is complete.",
    none="No large event was found.",
)


def _is_clear(table: ColumnTable, _area: object) -> Mask:
    kind = table["kind"]
    clear: Mask = (kind == SHOWER) | ((kind == SNOWBALL) & ~np.isnan(table["core"]))
    return clear


CLEAR = Switch(
    text="Clear ones",
    tip=(
        "Leave out lone cores, as of bright stars, and snowballs without a saturated\n"
        "core: nearer to the edge than edge_size none is asked for, and any cosmic ray\n"
        "larger than min_jump_area counts as a snowball"
    ),
    passing=_is_clear,
)


class EventsPanel(PlaceTable):
    """The `PlaceTable` of an `EventList`.

    Signals
    -------
    search_clicked : str
        The user wants events to be looked for; the name of the parameter.
    ellipses_edited : bool
        Whether the user wants to see ellipses in the images.
    """

    search_clicked = pyqtSignal(str)
    ellipses_edited = pyqtSignal(bool)

    _counted, _n_all = "", 0  # how many there are, in words and as a number
    _is_outdated = False

    def __init__(self, parent: QWidget | None = None) -> None:
        filters = FilterBar((CLEAR, IN_VIEW), "events", "shower size>50", HELP)
        filters.boxes[CLEAR].setChecked(True)  # others may be a hundred times as many
        key = ("x", "y", "integration", "group", "kind")
        super().__init__(COLUMNS, WORDS, filters, sort_by="size", key=key, parent=parent)
        self.ellipses = QToolButton()
        self.ellipses.setText("Ellipses")
        self.ellipses.setCheckable(True)
        self.ellipses.setProperty("role", "toggle")
        self.ellipses.setToolTip("Draw the events that are listed in the images (L)")
        self.ellipses.setAccessibleName("Draw the events in the images")
        self.ellipses.toggled.connect(self.ellipses_edited)
        filters.add_tools(self.ellipses)
        self.buttons = {
            SNOWBALLS: QPushButton("Look for snowballs"),
            SHOWERS: QPushButton("Look for showers"),
        }
        tips = "in near infrared detectors", "in MIRI"
        self.offers.addStretch(1)
        for (name, button), tip in zip(self.buttons.items(), tips, strict=True):
            button.setToolTip(f"Switch {name} on, as under Parameters: for events {tip}")
            button.clicked.connect(lambda _on, name=name: self.search_clicked.emit(name))
            self.offers.addWidget(button)
        self.offers.addStretch(1)
        self.show_nothing(CLOSED_TEXT)

    def show_events(self, events: EventList, jump: JumpParameters, n_steps: int) -> None:
        """List other events.

        Parameters
        ----------
        events : EventList
        jump : JumpParameters
            What they were looked for with.
        n_steps : int
            How many usable steps the exposure has.
        """
        self._counted, self._n_all = events.summary, len(events.table)
        self._offer(snowballs=not jump.expand_large_events, showers=not jump.find_showers)
        self.show_table(events.table, none_text(jump, n_steps))

    def show_nothing(self, text: str) -> None:
        self._counted = ""
        is_off = text == OFF_TEXT
        self._offer(snowballs=is_off, showers=is_off)
        super().show_nothing(text)

    def set_outdated(self, *, is_outdated: bool) -> None:
        super().set_outdated(is_outdated=is_outdated)
        self._is_outdated = is_outdated
        self._show_count(self.view.currentIndex().row())

    def set_ellipses(self, *, shown: bool) -> None:
        """Say whether the images show ellipses."""
        with QSignalBlocker(self.ellipses):
            self.ellipses.setChecked(shown)

    def _show_count(self, row: int) -> None:
        super()._show_count(row)
        if self._counted:
            self.count.setToolTip(f"{self._counted} in the whole run")
            n, n_all = len(self.listed_rows), self._n_all
            if row < 0 and n < n_all:
                self.count.setText(f"{grouped(n)} of {grouped(n_all)} {WORDS.rows}")
        if self._is_outdated and self._counted:
            self.count.setText(OUTDATED_TEXT)

    def _offer(self, *, snowballs: bool, showers: bool) -> None:
        self.buttons[SNOWBALLS].setVisible(snowballs)
        self.buttons[SHOWERS].setVisible(showers)


def none_text(jump: JumpParameters, n_steps: int) -> str:
    """Return why a run may have no large event, and what could be done."""
    parts = []
    if jump.expand_large_events:
        parts.append(NO_SNOWBALL)
    if jump.find_showers:
        is_searched = n_steps >= LEAST_STEPS
        parts.append(NO_SHOWER if is_searched else FEW_STEPS.format(n_steps))
    return "".join(f"{part}. " for part in parts).strip()
