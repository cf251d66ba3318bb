"""Which plane, integration and group to look at."""

from functools import reduce

from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QWidget,
)

from rampviewer.core.dq import SENTENCES, Dq
from rampviewer.gui.flag_styles import GROUP_BITS, style_of
from rampviewer.gui.index_slider import IndexSlider
from rampviewer.model.planes import Plane

SWATCH = 16  # [pixel]
CHECK_MARK = (QPointF(3, 8), QPointF(6.5, 12), QPointF(13, 4))
FLAGS_TIP = (
    "Draw flags above the image: those of the group shown or, where the plane does not "
    "depend on the group, those that any group carries"
)


class PlaneBar(QWidget):
    """Chooses a plane, its integration and group, and the flags to draw above it.

    Signals
    -------
    plane_edited : Plane
    integration_edited, group_edited : int
        Counted from 0.
    minus_edited : int or None
        Which group a group difference is taken to; None is the one before.
    overlay_edited : Dq
        The bits of GROUPDQ that the user wants drawn: of the group chosen or, where the
        plane does not depend on the group, of any group.
    """

    plane_edited = pyqtSignal(object)
    integration_edited = pyqtSignal(int)
    group_edited = pyqtSignal(int)
    minus_edited = pyqtSignal(object)
    overlay_edited = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None, *, of: str = "") -> None:
        super().__init__(parent)
        self._of = f" of the {of}" if of else ""  # for names
        self._plane = QComboBox()
        self._integration = IndexSlider("Integration", of=self._of)
        self._group = IndexSlider("Group", of=self._of)
        self._minus = IndexSlider("Minus group", of=self._of)
        self._previous = QCheckBox("the one before")
        self._flags = QToolButton()
        self._actions: dict[Dq, QAction] = {}
        self._sizes = (1, 1)
        self._build()
        self._plane.activated.connect(self._on_plane)
        self._integration.value_edited.connect(self.integration_edited)
        self._group.value_edited.connect(self._on_group)
        self._minus.value_edited.connect(self._on_minus)
        self._previous.clicked.connect(self._on_previous)
        self._show_acting()

    def _build(self) -> None:
        for plane in Plane:
            self._plane.addItem(f"{plane.label}{_bracketed(plane.unit)}", plane)
        self._plane.setAccessibleName(f"Plane{self._of}")
        self._plane.setToolTip(f"What the {self._of[8:] or 'image'} shows")
        menu = QMenu(self._flags)
        menu.setToolTipsVisible(True)
        for bit in GROUP_BITS:
            menu.addAction(self._action_of(bit))
        self._flags.setMenu(menu)
        self._flags.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._flags.setAccessibleName(f"Flags above the {self._of[8:] or 'image'}")
        self._flags.setToolTip(FLAGS_TIP)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(QLabel("Show"))
        top.addWidget(self._plane, 1)
        top.addWidget(self._flags)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(3)
        layout.setHorizontalSpacing(12)
        layout.addLayout(top, 0, 0, 1, 2)
        layout.addWidget(self._integration, 1, 0)
        layout.addWidget(self._group, 1, 1)
        layout.addWidget(self._previous, 2, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._minus, 2, 1)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        self._previous.setChecked(True)
        self._previous.setAccessibleName(f"Minus the group before{self._of}")
        self._previous.setToolTip("Take each group's difference to the group before it")
        self._name_flags()

    def _action_of(self, bit: Dq) -> QAction:
        style = style_of(bit)
        action = QAction(_swatch(QColor(style.color)), style.label, self)
        action.setCheckable(True)
        action.setToolTip(SENTENCES[bit])
        action.triggered.connect(self._on_flags)
        self._actions[bit] = action
        return action

    def plane(self) -> Plane:
        return Plane(self._plane.currentData())

    def set_sizes(self, n_ints: int, n_groups: int) -> None:
        """Take the numbers of integrations and groups of another exposure."""
        self._sizes = (n_ints, n_groups)
        self._integration.set_size(n_ints)
        self._group.set_size(n_groups)
        self._minus.set_size(n_groups)
        self.set_minus(None)
        self._show_acting()

    def set_plane(self, plane: Plane) -> None:
        self._plane.setCurrentIndex(list(Plane).index(plane))
        self._show_acting()

    def set_integration(self, integration: int) -> None:
        self._integration.set_value(integration)

    def set_group(self, group: int) -> None:
        self._group.set_value(group)
        self._follow_group()

    def set_minus(self, group: int | None) -> None:
        """Show which group a difference is taken to; None is the one before."""
        self._previous.setChecked(group is None)
        if group is not None:
            self._minus.set_value(group)
        self._follow_group()

    def set_overlay(self, bits: Dq) -> None:
        for bit, action in self._actions.items():
            action.setChecked(bool(bit & bits))
        self._name_flags()

    def step_integration(self, n_steps: int) -> None:
        """Go on or back by some integrations, as the user would."""
        self._integration.step(n_steps)

    def step_group(self, n_steps: int) -> None:
        """Go on or back by some groups, as the user would."""
        self._group.step(n_steps)

    def _overlay(self) -> Dq:
        on = [bit for bit, action in self._actions.items() if action.isChecked()]
        return reduce(Dq.__or__, on, Dq(0))

    def _name_flags(self) -> None:
        n_on = sum(action.isChecked() for action in self._actions.values())
        self._flags.setText(f"Flags ({n_on})" if n_on else "Flags")

    def _on_plane(self) -> None:
        self._show_acting()
        self.plane_edited.emit(self.plane())

    def _on_group(self, group: int) -> None:
        self._follow_group()
        self.group_edited.emit(group)

    def _on_minus(self, group: int) -> None:
        self._previous.setChecked(False)
        self.minus_edited.emit(group)

    def _on_previous(self, is_previous: bool) -> None:
        self._follow_group()
        self.minus_edited.emit(None if is_previous else self._minus.value())

    def _follow_group(self) -> None:
        if self._previous.isChecked():
            self._minus.set_value(max(self._group.value() - 1, 0))

    def _on_flags(self) -> None:
        self._name_flags()
        self.overlay_edited.emit(self._overlay())

    def _show_acting(self) -> None:
        plane = self.plane()
        for widget in (self._minus, self._previous):
            widget.setVisible(plane is Plane.GROUP_DIFFERENCE)
        for slider, wanted, n_values, name in (
            (self._integration, plane.has_integration, self._sizes[0], "integration"),
            (self._group, plane.has_group, self._sizes[1], "group"),
        ):
            if n_values == 1:
                slider.set_acting(acting=False, reason=f"There is only one {name}")
            else:
                reason = f"{plane.label} does not depend on the {name}"
                slider.set_acting(acting=wanted, reason=reason)


def _swatch(color: QColor) -> QIcon:
    # A menu that shows an icon shows no check mark: the icon of a chosen flag has one.
    icon = QIcon()
    for state in (QIcon.State.Off, QIcon.State.On):
        image = QPixmap(SWATCH, SWATCH)
        image.fill(color)
        if state is QIcon.State.On:
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for width, ink in ((5, "white"), (2.5, "black")):
                painter.setPen(QPen(QColor(ink), width))
                painter.drawPolyline(QPolygonF(CHECK_MARK))
            painter.end()
        icon.addPixmap(image, QIcon.Mode.Normal, state)
        icon.addPixmap(image, QIcon.Mode.Active, state)
    return icon


def _bracketed(unit: str) -> str:
    counted = ("jumps", "group", "groups", "segments")  # the label says it already
    return f" [{unit}]" if unit and unit not in counted else ""
