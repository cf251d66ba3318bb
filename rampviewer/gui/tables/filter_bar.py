"""What rows of a table to list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from rampviewer.gui.widgets.wrap_layout import WrapLayout
from rampviewer.model.regions.area import Area
from rampviewer.model.regions.region import Region
from rampviewer.model.regions.shapes import Shape
from rampviewer.model.tables.arrangement import Passing
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.jump_filter import in_area, in_shape, matches

NARROWEST = 110  # the text field [screen pixels]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A check box, and which rows it leaves."""

    text: str
    tip: str
    passing: Callable[[ColumnTable, Area], Mask]


IN_VIEW = Switch(
    text="In view", tip="Only pixels that the image shows now", passing=in_area
)
IN_REGION = "In region"
REGION_TIP = "Only pixels of the selected region: {}"
NO_REGION_TIP = "Select a region in the image first, or draw one (Shift+R)"


class FilterBar(QWidget):
    """Switches and a text, all of which a row must pass.

    They go on in another row where the window is narrow. Below them stands what of the
    text is not understood.

    Parameters
    ----------
    switches : sequence of Switch
    rows : str
        What is filtered, in the plural.
    example : str
        Stands in the empty text field.
    text_help : str
        What can be typed.

    Signals
    -------
    filters_edited
    """

    filters_edited = pyqtSignal()

    def __init__(
        self,
        switches: Sequence[Switch],
        rows: str,
        example: str,
        text_help: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._help = text_help
        self.boxes = {switch: QCheckBox(switch.text) for switch in switches}
        self.in_region = QCheckBox(IN_REGION)
        self._region: Region | None = None
        self._lifted: tuple[str, ...] | None = None  # what was set before, to be kept
        self.text, self.problem = QLineEdit(), QLabel()
        self.text.setPlaceholderText(f"Filter: {example} ...")
        self.text.setAccessibleName(f"Filter of the {rows}")
        self._row = WrapLayout()
        self._lay_out()
        self._connect()
        self._say("")
        self.set_region(None)

    def _lay_out(self) -> None:
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(NARROWEST)
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "hint")
        for switch, box in self.boxes.items():
            box.setToolTip(switch.tip)
        self._row.setSpacing(6)
        for box in self._all_boxes:
            box.setAccessibleName(f"List only: {box.text().lower()}")
            self._row.addWidget(box)
        self._row.addWidget(self.text)
        self._row.stretch_last()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._row)
        column.addWidget(self.problem)

    def _connect(self) -> None:
        for box in self._all_boxes:
            box.toggled.connect(self._on_edit)
        self.text.textEdited.connect(self._on_edit)
        self.text.textChanged.connect(self._on_text)

    @property
    def _all_boxes(self) -> tuple[QCheckBox, ...]:
        return *self.boxes.values(), self.in_region

    def add_tools(self, *tools: QWidget) -> None:
        """Let more widgets stand after the text."""
        for tool in tools:
            self._row.addWidget(tool)

    @property
    def follows_region(self) -> bool:
        """Whether what is listed depends on the selected region."""
        return self.in_region.isChecked()

    @property
    def follows_view(self) -> bool:
        """Whether what is listed depends on what the image shows."""
        return IN_VIEW in self.boxes and self.boxes[IN_VIEW].isChecked()

    @property
    def is_acting(self) -> bool:
        """Whether any filter is set."""
        return any((self._checked(), self._shape, self.text.text().strip()))

    @property
    def summary(self) -> str:
        """What is set, but for a text that is not understood."""
        text = "" if self.text.property("wrong") else self.text.text().strip()
        names = [switch.text.lower() for switch in self._checked()]
        if self._region is not None and self._shape is not None:
            names.append(f"in {self._region.name}")
        return ", ".join(filter(None, [*names, text]))

    def set_region(self, region: Region | None) -> None:
        """Take the selected region; without one the switch for it is grey."""
        self._region = region
        self.in_region.setEnabled(region is not None)
        tip = NO_REGION_TIP if region is None else REGION_TIP.format(region.name)
        self.in_region.setToolTip(tip)

    def clear(self) -> None:
        """Let all rows pass."""
        for box in self._all_boxes:
            box.setChecked(False)
        self.text.clear()

    def lift(self) -> None:
        """Let all rows pass for now: what is kept is what was set before."""
        before = self.state()
        self.clear()
        self._lifted = before
        self.filters_edited.emit()

    def state(self) -> tuple[str, ...]:
        """Return what is set, to be kept: the text, and the names of switches."""
        if self._lifted is not None:
            return self._lifted
        return self.text.text(), *(switch.text for switch in self._checked())

    def set_state(self, state: Sequence[str]) -> None:
        """Set what was kept; names that are not known are passed over.

        No region is selected in a new window: the switch for it is not kept.
        """
        text, *names = state
        for switch, box in self.boxes.items():
            box.setChecked(switch.text in names)
        self.text.setText(text)
        self.filters_edited.emit()

    def passing(self, table: ColumnTable, area: Area) -> Passing | None:
        """Return what tells which rows to list, None for all; say what text is wrong.

        Parameters
        ----------
        table : ColumnTable
            Of the same columns, it may be empty.
        area : Area
            What the image shows.
        """
        if not self.is_acting:
            self._say("")
            return None
        text, checked, shape = self.text.text(), self._checked(), self._shape
        try:
            matches(table.first(0), text)
        except ValueError as error:
            self._say(f"{error}.")
            text = ""
        else:
            self._say("")

        def passing(table: ColumnTable) -> Mask:
            # Perhaps in another thread: it looks at no widget.
            mask = matches(table, text)
            for switch in checked:
                mask &= switch.passing(table, area)
            if shape is not None:
                mask &= in_shape(table, shape)
            return mask

        return passing

    @property
    def _shape(self) -> Shape | None:
        """What rows must be in, None for anywhere."""
        is_wanted = self._region is not None and self.in_region.isChecked()
        return self._region.shape if is_wanted and self._region else None

    def _checked(self) -> list[Switch]:
        return [switch for switch, box in self.boxes.items() if box.isChecked()]

    def _on_text(self, text: str) -> None:
        # The button that clears the field does not count as an edit.
        if not text:
            self._on_edit()

    def _on_edit(self) -> None:
        self._lifted = None
        self.filters_edited.emit()

    def _say(self, problem: str) -> None:
        """Mark the text as wrong and say why, or as right for ""."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.text.setToolTip(f"{problem}\n\n{self._help}" if problem else self._help)
        if self.text.property("wrong") == bool(problem):
            return
        self.text.setProperty("wrong", bool(problem))
        style = self.text.style()
        if style is not None:  # the style sheet tells the two apart
            style.unpolish(self.text)
            style.polish(self.text)
