"""Which plane, integration and group to look at."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from rampviewer.core.dq import Dq
from rampviewer.gui.image.group_movie import GroupMovie
from rampviewer.gui.widgets.index_slider import IndexSlider
from rampviewer.model.planes.plane import Plane

FLAGS_TIP = (
    "Draw flags above the image (D): those of the group shown or, where the plane does not "
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
        self._movie = GroupMovie(of=self._of)
        self._bits, self._wanted = Dq(0), Dq.JUMP_DET  # drawn, and to draw when switched on
        self._is_stepping = False  # the movie goes on
        self._sizes = (1, 1)
        self._build()
        self._plane.activated.connect(self._on_plane)
        self._integration.value_edited.connect(self._on_integration)
        self._group.value_edited.connect(self._on_group)
        self._minus.value_edited.connect(self._on_minus)
        self._movie.step_due.connect(self._play_on)
        self._flags.clicked.connect(self.toggle_overlay)
        self._previous.clicked.connect(self._on_previous)
        self._show_acting()

    def _build(self) -> None:
        for plane in Plane:
            self._plane.addItem(f"{plane.label}{_bracketed(plane.unit)}", plane)
        self._plane.setAccessibleName(f"Plane{self._of}")
        self._plane.setToolTip(f"What the {self._of[8:] or 'image'} shows")
        self._flags.setText("Flags")
        self._flags.setCheckable(True)
        self._flags.setProperty("role", "toggle")
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
        groups = QHBoxLayout()
        groups.setSpacing(2)
        groups.addWidget(self._group, 1)
        groups.addWidget(self._movie)
        layout.addLayout(groups, 1, 1)
        layout.addWidget(self._previous, 2, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._minus, 2, 1)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        self._previous.setChecked(True)
        self._previous.setAccessibleName(f"Minus the group before{self._of}")
        self._previous.setToolTip("Take each group's difference to the group before it")

    @property
    def movie(self) -> GroupMovie:
        """What plays the groups."""
        return self._movie

    def plane(self) -> Plane:
        return Plane(self._plane.currentData())

    def set_sizes(self, n_ints: int, n_groups: int) -> None:
        """Take the numbers of integrations and groups of another exposure."""
        self._movie.stop()
        self._sizes = (n_ints, n_groups)
        self._integration.set_size(n_ints)
        self._group.set_size(n_groups)
        self._minus.set_size(n_groups)
        self.set_minus(None)
        self._show_acting()

    def show_base(self, other: str) -> None:
        """Name differences of rates after the run that they are taken to; "" as usual."""
        for number, plane in enumerate(Plane):
            if plane.is_rate_difference:
                label = plane.label_against(other)
                self._plane.setItemText(number, f"{label}{_bracketed(plane.unit)}")

    def set_plane(self, plane: Plane) -> None:
        self._plane.setCurrentIndex(list(Plane).index(plane))
        self._show_acting()

    def set_integration(self, integration: int) -> None:
        self._halt(integration != self._integration.value())
        self._integration.set_value(integration)

    def set_group(self, group: int) -> None:
        self._halt(group != self._group.value())
        self._group.set_value(group)
        self._follow_group()

    def set_minus(self, group: int | None) -> None:
        """Show which group a difference is taken to; None is the one before."""
        self._previous.setChecked(group is None)
        if group is not None:
            self._minus.set_value(group)
        self._follow_group()

    def set_overlay(self, bits: Dq) -> None:
        self._bits, self._wanted = bits, bits or self._wanted
        self._flags.setChecked(bool(bits))

    def set_wanted(self, bits: Dq) -> None:
        """Take the flags to draw when they are switched on."""
        self._wanted = bits or self._wanted

    def toggle_overlay(self) -> None:
        """Draw the flags that were last drawn, or none, as the user would."""
        bits = Dq(0) if self._bits else self._wanted
        self.set_overlay(bits)
        self.overlay_edited.emit(bits)

    def step_integration(self, n_steps: int) -> None:
        """Go on or back by some integrations, as the user would."""
        self._integration.step(n_steps)

    def step_group(self, n_steps: int) -> None:
        """Go on or back by some groups, as the user would."""
        self._group.step(n_steps)

    def _on_plane(self) -> None:
        self._show_acting()
        self.plane_edited.emit(self.plane())

    def _on_integration(self, integration: int) -> None:
        self._halt(True)
        self.integration_edited.emit(integration)

    def _on_group(self, group: int) -> None:
        self._halt(True)
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

    def _halt(self, is_moved: bool) -> None:
        """End the movie, as something else has moved the group or integration."""
        if is_moved and not self._is_stepping:
            self._movie.stop()

    def _play_on(self) -> None:
        self._is_stepping = True
        is_last = self._group.value() == self._sizes[1] - 1
        if is_last and self._movie.takes_integrations:
            self._integration.step(1)
        self._group.step(1)
        self._is_stepping = False

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
        one = "There is only one group" if self._sizes[1] == 1 else ""
        reason = one or f"{plane.label} does not depend on the group"
        self._movie.set_acting(acting=plane.has_group and not one, reason=reason)


def _bracketed(unit: str) -> str:
    counted = ("jumps", "group", "groups", "segments")  # the label says it already
    return f" [{unit}]" if unit and unit not in counted else ""
