"""Every parameter of both steps."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.parameters.parameter_groups import (
    FIT_GROUPS,
    JUMP_GROUPS,
    PROCESSED_NOTE,
    SWITCHED,
    ParameterGroup,
    Shape,
    idle_reasons,
)
from rampviewer.gui.parameters.parameter_row import ParameterRow
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

WIDEST = 640  # of a row: the eye goes from the name to its value [screen pixels]
FIELDS = {item.name: item for item in (*fields(JumpParameters), *fields(RampFitParameters))}


class ParameterPanel(QWidget):
    """Edits the parameters of jump detection and of the ramp fit.

    Signals
    -------
    jump_parameters_edited : JumpParameters
    fit_parameters_edited : RampFitParameters
        The user gave a valid value; with an invalid one the parameters stay as they are
        and the row says what is wrong.
    folding_edited : list of str
        The user folded a group, or unfolded one: the titles of those that can be seen.
    """

    jump_parameters_edited = pyqtSignal(JumpParameters)
    fit_parameters_edited = pyqtSignal(RampFitParameters)
    folding_edited = pyqtSignal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jump, self._fit = JumpParameters(), RampFitParameters()
        self._shape: Shape | None = None
        self._rows: dict[str, ParameterRow] = {}
        self._heads: dict[str, QToolButton] = {}  # by title
        self._lay_out()
        self._grey()

    def show_parameters(self, jump: JumpParameters, fit: RampFitParameters) -> None:
        """Show both sets of parameters."""
        if (jump, fit) == (self._jump, self._fit):
            return
        old = (self._jump, self._fit)
        self._jump, self._fit = jump, fit
        for name, row in self._rows.items():
            is_jump = hasattr(jump, name)
            value = getattr(jump if is_jump else fit, name)
            if value != getattr(old[0 if is_jump else 1], name):
                row.set_value(value)
        self._grey()

    def set_shape(
        self, n_ints: int, n_groups: int, n_usable_groups: int | None = None
    ) -> None:
        """Grey what cannot act on an exposure of this shape.

        `n_usable_groups` counts the groups that are not DO_NOT_USE all over the frame;
        without it, all are.
        """
        usable = n_groups if n_usable_groups is None else n_usable_groups
        self._shape = Shape(n_ints=n_ints, n_groups=n_groups, n_usable_groups=usable)
        for name, row in self._rows.items():
            row.set_last(n_groups - 1)
            is_jump = hasattr(self._jump, name)
            row.set_value(getattr(self._jump if is_jump else self._fit, name))
        self._grey()

    def set_processed(self, is_processed: bool) -> None:
        """Note what a finished jump step has left in the file that is open."""
        row = self._rows["expand_large_events"]
        row.set_note(PROCESSED_NOTE if is_processed else "")
        self._grey()

    @property
    def unfolded(self) -> list[str]:
        """The titles of the groups whose parameters can be seen."""
        return [title for title, head in self._heads.items() if head.isChecked()]

    def set_unfolded(self, titles: Sequence[str]) -> None:
        """Show the parameters of these groups, and fold all others."""
        for title, head in self._heads.items():
            with QSignalBlocker(self):
                head.setChecked(title in titles)

    def row(self, name: str) -> ParameterRow:
        """Return the row of a parameter by its official name."""
        return self._rows[name]

    def _edit(self, name: str, value: Any) -> None:
        try:
            if hasattr(self._jump, name):
                self._put(replace(self._jump, **{name: value}), self._fit)
            else:
                self._put(self._jump, replace(self._fit, **{name: value}))
        except ValueError as error:
            self._rows[name].refuse(f"{error}; the old value stays.")

    def _reset_all(self) -> None:
        self._put(JumpParameters(), RampFitParameters())

    def _put(self, jump: JumpParameters, fit: RampFitParameters) -> None:
        old_jump, old_fit = self._jump, self._fit
        self.show_parameters(jump, fit)
        if jump != old_jump:
            self.jump_parameters_edited.emit(jump)
        if fit != old_fit:
            self.fit_parameters_edited.emit(fit)

    def _grey(self) -> None:
        reasons = idle_reasons(self._shape, self._jump)
        for name, row in self._rows.items():
            row.set_reason(reasons.get(name, ""), shown=name not in SWITCHED)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(2)
        column.setContentsMargins(4, 2, 4, 2)
        for group in (*JUMP_GROUPS[:-2], *FIT_GROUPS, *JUMP_GROUPS[-2:]):
            column.addWidget(self._group(group))
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName("Parameters")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content.setMaximumWidth(WIDEST)
        area.setWidget(content)
        bar = area.verticalScrollBar()
        assert bar is not None
        # No row is ever cut: the area is as wide as the widest needs, beside its bar.
        area.setMinimumWidth(content.minimumSizeHint().width() + bar.sizeHint().width())
        reset = QPushButton("Reset all")
        reset.setToolTip("Set every parameter back to its default")
        reset.clicked.connect(self._reset_all)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(reset)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area, 1)
        outer.addLayout(foot)

    def _group(self, group: ParameterGroup) -> QWidget:
        """Return a group that folds; see `ParameterGroup.folded`."""
        box, body = QWidget(), QWidget()
        head = QToolButton()
        head.setText(group.title)
        head.setCheckable(True)
        head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        head.setAutoRaise(True)
        bold = head.font()
        bold.setBold(True)
        head.setFont(bold)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(8, 0, 0, 6)
        rows.setSpacing(0)
        for name in group.names:
            row = ParameterRow(FIELDS[name])
            row.value_edited.connect(lambda value, name=name: self._edit(name, value))
            self._rows[name] = row
            rows.addWidget(row)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(body)
        head.setChecked(not group.folded)
        head.setArrowType(_arrow(head.isChecked()))
        if group.folded:  # to show what is shown would lay out every row, twice
            body.hide()
        head.toggled.connect(body.setVisible)
        head.toggled.connect(lambda on: head.setArrowType(_arrow(on)))
        head.toggled.connect(lambda _on: self.folding_edited.emit(self.unfolded))
        self._heads[group.title] = head
        return box


def _arrow(is_unfolded: bool) -> Qt.ArrowType:
    return Qt.ArrowType.DownArrow if is_unfolded else Qt.ArrowType.RightArrow
