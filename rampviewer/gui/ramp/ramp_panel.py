"""The ramp of one pixel, with what was decided about it."""

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from rampviewer.gui.plots.plot_source import PlotSource
from rampviewer.gui.ramp.other_rows import PinnedViews
from rampviewer.gui.ramp.ramp_grid import RampGrid
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_tools import RampTools
from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.model.pixel.pixel_text import group_text
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.sibling_ramps import Sibling, SiblingRamp
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.ramp_table import ramp_table

LEAST_HEIGHT = 300  # of ramp and steps, still legible [screen pixels]
EMPTY_TEXT = "The ramp of a pixel:\nclick it in the image"


class RampPanel(QWidget):
    """Shows the selected pixel, or the one under the mouse while there is one.

    Signals
    -------
    group_clicked : int, int
        The user clicked a group: integration, group.
    threshold_edited : str, float
        The user drags the threshold of this name to a value [sigma].
    look_edited : RampLook
        The user wants other panels, error bars, or another arrangement.
    siblings_edited : tuple of (int, Sibling)
        The user wants the ramps of these siblings as well; `show_sibling_ramps` is due.
    """

    group_clicked = pyqtSignal(int, int)
    threshold_edited = pyqtSignal(str, float)
    look_edited = pyqtSignal(object)
    siblings_edited = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Ramp of the pixel")
        self._selected: PixelView | None = None
        self._hovered: PixelView | None = None
        self._pinned: PinnedViews = ()
        self._drawn: tuple[PixelView | None, bool] | None = None
        self._is_painted = True  # or soon will be
        self._current = (0, 0)
        self.grid, self.tools = RampGrid(), RampTools()
        self.grid.setMinimumHeight(LEAST_HEIGHT)
        self._lay_out()
        self.tools.unit_edited.connect(self.grid.set_unit)
        self.tools.hold_edited.connect(self.grid.set_hold)
        self.tools.fit_clicked.connect(self._fit_ranges)
        self.tools.look_edited.connect(self.grid.set_look)
        self.tools.look_edited.connect(self.look_edited)
        self.tools.siblings_edited.connect(self._want_siblings)
        self.grid.group_clicked.connect(self.group_clicked)
        self.grid.threshold_edited.connect(self.threshold_edited)
        self.grid.zoomed.connect(lambda: self._set_hold(True))
        self._update()

    def set_look(self, look: RampLook) -> None:
        """Draw other panels, or the integrations in another arrangement."""
        self.tools.set_look(look)
        self.grid.set_unit(look.unit)
        self.grid.set_look(look)

    def look(self) -> RampLook:
        """Return what is drawn, and how."""
        return self.tools.look()

    def show_view(self, view: PixelView | None) -> None:
        """Show the selected pixel; None empties the panel and ends a zoom."""
        self._selected = view
        if view is None:
            self._set_hold(False)
        self._update()

    def show_hover(self, view: PixelView | None) -> None:
        """Show the pixel under the mouse; None goes back to the selected one."""
        self._hovered = view
        self._update()

    def paint_now(self) -> None:
        """Paint another pixel before anything else is done: the hand waits."""
        if not self._is_painted:
            self._is_painted = True
            self.grid.paint_now()

    def show_pins(self, pinned: PinnedViews) -> None:
        """Draw pinned pixels over the one shown; one without a view is only named."""
        self._pinned = pinned
        self.grid.others.set_pins(pinned)
        self.grid.show_others()

    def show_siblings(self, siblings: tuple[Sibling, ...], reason: str = "") -> None:
        """Offer siblings to be drawn; without any, `reason` says why."""
        self.tools.siblings.show_siblings(siblings, reason)
        self._name_siblings()

    def untick_sibling(self, sibling: Sibling) -> None:
        """Draw a sibling no longer: it cannot be read."""
        self.tools.siblings.untick(sibling)
        self._name_siblings()

    def show_sibling_ramps(self, ramps: tuple[SiblingRamp, ...]) -> None:
        """Draw these ramps of siblings while their pixel is the one shown."""
        self.grid.others.set_siblings(ramps)
        self.grid.show_others()

    def set_group(self, integration: int, group: int) -> None:
        """Mark the group that the image shows and say what is known about it."""
        self._current = (integration, group)
        self.grid.set_group(integration, group)
        self._describe_group()

    def shown(self) -> PixelView | None:
        """Return the view that is on screen."""
        return self._hovered if self._hovered is not None else self._selected

    def plots(self) -> tuple[PlotSource, ...]:
        """Return the plots of the ramp, to be copied or saved together."""
        return (
            PlotSource(
                name="ramp",
                view=self.grid,
                is_empty=lambda: self.shown() is None,
                table=self._table,
            ),
        )

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self.grid.set_palette(self.palette())

    def _lay_out(self) -> None:
        self._group_line = ElidedLabel()
        line = QHBoxLayout()
        line.setContentsMargins(4, 0, 4, 0)
        line.addWidget(self._group_line)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addLayout(line)
        column.addWidget(self.grid, 1)
        empty = QLabel(EMPTY_TEXT)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("role", "empty")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(page)

    def _update(self) -> None:
        view, is_selected = self.shown(), self._hovered is None
        if self._drawn and self._drawn[0] is view and self._drawn[1] == is_selected:
            return  # a click tells of the pixel selected, then of none below the mouse
        before = self._drawn[0] if self._drawn else None
        self._drawn = view, is_selected
        # The hand waits for another pixel; parameters that it drags come many in a turn.
        self._is_painted = bool(before and view and before.pixel == view.pixel)
        self._pages.setCurrentIndex(0 if view is None else 1)
        if view is not None:
            self.tools.set_several(len(view.integrations) > 1)
            self.grid.show_view(view, "selected" if is_selected else "hover")
        self._describe_group()

    def _table(self) -> ColumnTable:
        view = self.shown()
        assert view is not None
        pinned = [other for _pin, other in self._pinned if other is not None]
        return ramp_table(view, pinned)

    def _describe_group(self) -> None:
        view = self.shown()
        integration, group = self._current
        known = view is not None and integration < len(view.integrations)
        if view is None or not known or group >= view.integrations[integration].signal.size:
            self._group_line.set_text("")
        else:
            self._group_line.set_text(group_text(view, integration, group))

    def _want_siblings(self, ticked: tuple[tuple[int, Sibling], ...]) -> None:
        self._name_siblings()
        self.siblings_edited.emit(ticked)

    def _name_siblings(self) -> None:
        self.grid.others.want_siblings(self.tools.siblings.ticked)
        self.grid.show_others()

    def _set_hold(self, hold: bool) -> None:
        self.tools.set_hold(hold)
        self.grid.set_hold(hold)

    def _fit_ranges(self) -> None:
        self._set_hold(False)
        self.grid.fit_ranges()
