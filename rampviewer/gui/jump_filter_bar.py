"""What rows of the table of jumps to list."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from rampviewer.core.origin import Origin
from rampviewer.model.column_table import ColumnTable
from rampviewer.model.jump_filter import HELP, Area, in_area, matches
from rampviewer.model.jump_table import NEAR, is_near

NARROWEST = 70  # the text field [screen pixels]


class JumpFilterBar(QWidget):
    """Three switches and a text, all of which a row must pass.

    Below them stands what of the text is not understood.

    Signals
    -------
    filters_edited
    """

    filters_edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.primary = QCheckBox("Primary")
        self.near = QCheckBox("Near threshold")
        self.in_view = QCheckBox("In view")
        self.text = QLineEdit()
        self.primary.setToolTip(
            "Only jumps that a difference itself showed: no neighbours, none after a jump"
        )
        self.near.setToolTip(
            f"Only ratios within {100 * NEAR:.0f} % of the threshold that applied: "
            "those that a small move decides about"
        )
        self.in_view.setToolTip("Only pixels that the image shows now")
        self.text.setPlaceholderText("Filter: ratio>20 origin=neighbour ...")
        self.text.setAccessibleName("Filter of the jumps")
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(NARROWEST)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "hint")
        row = QHBoxLayout()
        row.setSpacing(8)
        for box in (self.primary, self.near, self.in_view):
            box.setAccessibleName(f"List only: {box.text().lower()}")
            box.toggled.connect(self.filters_edited)
            row.addWidget(box)
        row.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.problem)
        self.text.textEdited.connect(self.filters_edited)
        self.text.textChanged.connect(self._on_text)
        self._say("")

    @property
    def is_acting(self) -> bool:
        """Whether any filter is set."""
        boxes = (self.primary, self.near, self.in_view)
        return any(box.isChecked() for box in boxes) or bool(self.text.text().strip())

    @property
    def summary(self) -> str:
        """What is set, but for a text that is not understood."""
        boxes = [box for box in (self.primary, self.near, self.in_view) if box.isChecked()]
        text = "" if self.text.property("wrong") else self.text.text().strip()
        return ", ".join(filter(None, [*(box.text().lower() for box in boxes), text]))

    def passing(self, table: ColumnTable, area: Area) -> NDArray[np.bool_] | None:
        """Return which rows to list, None for all; say what of the text is wrong.

        Parameters
        ----------
        table : ColumnTable
            Of jumps.
        area : Area
            What the image shows.
        """
        if not self.is_acting:
            self._say("")
            return None
        mask = np.ones(len(table), np.bool_)
        if self.primary.isChecked():
            mask &= table["origin"] == Origin.PRIMARY
        if self.near.isChecked():
            mask &= is_near(table)
        if self.in_view.isChecked():
            mask &= in_area(table, area)
        try:
            mask &= matches(table, self.text.text())
        except ValueError as error:
            self._say(f"{error}.")
        else:
            self._say("")
        return mask

    def _on_text(self, text: str) -> None:
        # The button that clears the field does not count as an edit.
        if not text:
            self.filters_edited.emit()

    def _say(self, problem: str) -> None:
        """Mark the text as wrong and say why, or as right for ""."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.text.setToolTip(f"{problem}\n\n{HELP}" if problem else HELP)
        if self.text.property("wrong") == bool(problem):
            return
        self.text.setProperty("wrong", bool(problem))
        style = self.text.style()
        if style is not None:  # the style sheet tells the two apart
            style.unpolish(self.text)
            style.polish(self.text)
