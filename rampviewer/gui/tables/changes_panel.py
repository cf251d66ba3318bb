"""What changed from the flags as delivered to the live run."""

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QPushButton, QWidget

from rampviewer.gui.tables.filter_bar import IN_VIEW, FilterBar, Mask, Switch
from rampviewer.gui.tables.place_table import PlaceTable, Words
from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.model.runs.run_changes import RunChanges
from rampviewer.model.tables.change_table import COLUMNS, HELP, is_gained
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.text.change_text import (
    NO_CHANGE,
    cut_sentence,
    flags_sentence,
    rates_sentence,
)

CLOSED_TEXT = (
    "What the live run flags otherwise than the file is listed here: open a ramp exposure."
)
NOT_DELIVERED_TEXT = (
    "The file was delivered without jump flags to compare yours with. Compare with a run "
    "without any jumps, or pin the live run (Ctrl+3), change a parameter, and choose Rate, "
    "live minus pinned under Show."
)
SATURATION_TEXT = (
    "Saturation that an earlier snowball step wrote cannot be told from the detector's: it "
    "stays in both runs and is no change."
)
SHORT_SATURATION_TEXT = "Saturation stays in both."
OFFER_TEXT = "Compare with no jumps"
WORDS = Words(
    row="change",
    rows="changes",
    counted="change",
    keys=("Shift+P", "Shift+N"),
    whole="from the flags as delivered to the live run",
    wait="What changed is listed here once both runs are complete.",
    none=NO_CHANGE,
)


def _is_moved(table: ColumnTable, _area: object) -> Mask:
    # A rate that came or went moved further than any.
    is_new = np.isnan(table["before"]) ^ np.isnan(table["after"])
    moved: Mask = is_new | (np.abs(table["difference"]) > 1)
    return moved


SWITCHES = (
    Switch(
        text="New flags",
        tip="Only flags, or saturation, of the live run that the file does not have",
        passing=lambda table, _area: is_gained(table),
    ),
    Switch(
        text="Rate > 1 sigma",
        tip="Only pixels whose rate changed by more than its error, came or went",
        passing=_is_moved,
    ),
    IN_VIEW,
)


class ChangesPanel(PlaceTable):
    """The `PlaceTable` of `change_table`, below what changed in numbers.

    Signals
    -------
    comparison_clicked : nothing
        The user wants to compare although no jump was delivered.
    """

    comparison_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        filters = FilterBar(SWITCHES, "changes", "flagged difference<-3", HELP)
        super().__init__(COLUMNS, WORDS, filters, sort_by="", parent=parent)
        self._is_delivered = False
        self.flags, self.rates = ElidedLabel(), ElidedLabel()
        names = ("Flags that changed", "Rates that changed")
        for label, name in zip((self.flags, self.rates), names, strict=True):
            label.setAccessibleName(name)
            label.hide()
            self.above.addWidget(label)
            self.follow_outdated(label)
        self.above.setSpacing(0)
        self.offer = QPushButton(OFFER_TEXT)
        self.offer.setToolTip("Run 0 is made then: the rates without any jump")
        self.offer.clicked.connect(self.comparison_clicked)
        self.offers.addStretch(1)
        self.offers.addWidget(self.offer)
        self.offers.addStretch(1)
        self.show_nothing(CLOSED_TEXT)

    def show_changes(self, changes: RunChanges) -> None:
        """Show what changed, in numbers and in a table."""
        flags, rates = flags_sentence(changes), rates_sentence(changes)
        cut = cut_sentence(changes)
        note = SATURATION_TEXT if self._is_delivered else ""
        everything = "\n".join(filter(None, (flags, rates, cut, note)))
        short = SHORT_SATURATION_TEXT if note else ""
        self.flags.set_text(" ".join(filter(None, (flags, short))), everything)
        self.rates.set_text(" ".join(filter(None, (rates, cut))), everything)
        self.flags.show()
        self.rates.show()
        self.offer.hide()
        self.show_table(changes.table)

    def show_nothing(self, text: str) -> None:
        super().show_nothing(text)
        self.flags.hide()
        self.rates.hide()
        self.offer.setVisible(text == NOT_DELIVERED_TEXT)

    def set_delivered(self, *, is_delivered: bool) -> None:
        """Say what cannot be told, of an exposure that was delivered with jumps."""
        self._is_delivered = is_delivered
