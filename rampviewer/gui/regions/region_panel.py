"""The selected region: its ramp, its statistics, its name."""

from html import escape
from typing import get_args

from PyQt6.QtCore import QEvent, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.plots.plot_source import PlotSource
from rampviewer.gui.regions.region_plots import RegionPlots
from rampviewer.gui.tables.table_button import TableButton
from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.model.regions.region import Regions
from rampviewer.model.regions.region_ramp import HOW, MOST_SINGLES, Average
from rampviewer.model.regions.region_summary import RegionSummary
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.region_table import (
    histogram_table,
    pixel_lines,
    region_table,
    value_lines,
)

CLOSED_TEXT = "The pixels of a region are averaged here: open a ramp exposure."
NONE_TEXT = (
    "Draw a region: press Shift+R for a rectangle, Shift+C for a circle or Shift+G for a "
    "polygon, or a button above the image, then drag in the image."
)
UNSELECTED_TEXT = "Select a region: click its line in the image, or press Ctrl+]."
WAIT_TEXT = "Averaging the pixels of the region ..."
OUTSIDE_TEXT = "No pixel of this frame lies in the region."
UNUSABLE_TEXT = "All pixels in the region are reference pixels or DO_NOT_USE."
NAME_TIP = "The selected region; type another name (F2)"
TEXT_TIP = (
    "Left out are reference pixels and those that PIXELDQ says DO_NOT_USE of.\n"
    "N is the number of pixels that made a value of the ramp, jumps are the groups with "
    "JUMP_DET in the integration of the ramp, those near or after others included.\n"
    "Below are the statistics of the plane on screen."
)
NARROW = 560  # below this width there is room for one plot beside the numbers [pixel]
NUMBERS, NARROW_NUMBERS = 230, 206  # room of them [pixel]
LEAST_NAME = 56  # room of it [pixel]
LEAST_PLOT = 160  # of its width [pixel]
OUTDATED_TIP = "Of what was shown before: this is being made anew"


class RegionPanel(QWidget):
    """Shows what the pixels of the selected region have in common.

    Signals
    -------
    region_chosen : int
        The user wants the region of this number selected.
    name_edited : str
        The user wants another name for the selected one.
    average_edited : str
        Mean or median is wanted.
    singles_edited : bool
        Whether the ramps of single pixels are wanted.
    delete_clicked
    save_clicked : ColumnTable
        The user wants the ramp as a file.
    shown_changed : bool
        Whether the panel can be seen.
    room_edited : bool, int
        The user gave the numbers so much room [pixel] where the panel is narrow, or not.
    """

    region_chosen = pyqtSignal(int)
    name_edited = pyqtSignal(str)
    average_edited = pyqtSignal(str)
    singles_edited = pyqtSignal(bool)
    delete_clicked = pyqtSignal()
    save_clicked = pyqtSignal(object)
    shown_changed = pyqtSignal(bool)
    room_edited = pyqtSignal(bool, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._regions = Regions()
        self._summary: RegionSummary | None = None
        self._is_open = False
        self._rooms = {False: NUMBERS, True: NARROW_NUMBERS}  # of numbers, if narrow or not
        self.names, self.average = QComboBox(), QComboBox()
        self.singles = QCheckBox("Pixels")
        self.histogram = QToolButton()  # in place of the ramp, where there is room for one
        self.where = ElidedLabel()
        self.delete = QToolButton()
        self.button = TableButton("groups of the region", self._table)
        self.plots = RegionPlots()
        self.text, self.message = QLabel(), QLabel(CLOSED_TEXT)
        self._both = QSplitter(Qt.Orientation.Horizontal)
        self._pages = QStackedWidget()
        self._name_parts()
        self._lay_out()
        self._connect()
        self._update()

    def _name_parts(self) -> None:
        self.names.setEditable(True)
        self.names.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.names.setCompleter(None)
        self.names.setMinimumContentsLength(7)
        self.names.setMinimumWidth(LEAST_NAME)
        self.average.addItems(get_args(Average))
        self.singles.setChecked(True)
        self.delete.setText("Delete")
        self.histogram.setText("Histogram")
        self.histogram.setCheckable(True)
        self.histogram.setProperty("role", "toggle")
        self.histogram.hide()
        for part, name, tip in (
            (self.names, "Region", NAME_TIP),
            (self.average, "Average", HOW),
            (
                self.singles,
                "Show ramps of single pixels",
                f"Draw the ramps of at most {MOST_SINGLES} of the pixels, evenly picked",
            ),
            (
                self.histogram,
                "Show the histogram in place of the ramp",
                "Show the histogram in place of the ramp: there is no room for both",
            ),
            (self.delete, "Delete the region", "Delete the selected region (Del)"),
        ):
            part.setAccessibleName(name)
            part.setToolTip(tip)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        for part in (self.names, self.average, self.singles, self.histogram):
            top.addWidget(part)
        top.addWidget(self.where, 1)
        top.addWidget(self.delete)
        top.addWidget(self.button)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setAccessibleName("Statistics of the region")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setMargin(4)
        self.text.setToolTip(TEXT_TIP)
        scroll = QScrollArea()
        scroll.setAccessibleName("Numbers of the region")
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.text)
        self._both.addWidget(self.plots)
        self._both.addWidget(scroll)
        self._both.setStretchFactor(0, 1)
        self._both.setSizes([480, self._rooms[False]])
        self._both.setChildrenCollapsible(False)
        self.plots.setMinimumWidth(LEAST_PLOT)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setProperty("role", "hint")
        for page in (self.message, self._both):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        line = self.names.lineEdit()
        assert line is not None
        self.names.activated.connect(self.region_chosen)
        line.editingFinished.connect(self._on_name)
        self.average.textActivated.connect(self.average_edited)
        self.singles.toggled.connect(self.plots.set_singles_shown)
        self.singles.toggled.connect(self.singles_edited)
        self.histogram.toggled.connect(lambda _on: self._arrange())
        self.delete.clicked.connect(self.delete_clicked)
        self.button.save_clicked.connect(self.save_clicked)
        self._both.splitterMoved.connect(lambda _place, _index: self._on_split())

    def set_average(self, average: Average) -> None:
        """Say how pixels are averaged."""
        self.average.setCurrentText(average)

    def set_singles(self, *, shown: bool) -> None:
        """Draw the ramps of single pixels, or not."""
        with QSignalBlocker(self.singles):
            self.singles.setChecked(shown)
        self.plots.set_singles_shown(shown)

    def set_room(self, *, is_narrow: bool, room: int) -> None:
        """Give the numbers so much room [pixel] while the panel is narrow, or is not."""
        self._rooms[is_narrow] = room
        if is_narrow == (self.width() < NARROW):
            self._share()

    def show_regions(self, regions: Regions) -> None:
        """List regions; the summary of the selected one follows."""
        before, self._regions = self._regions, regions
        if regions.current is None or regions.selected != before.selected:
            self._summary = None
        names = [item.name for item in regions.items]
        with QSignalBlocker(self.names):
            if [self.names.itemText(k) for k in range(self.names.count())] != names:
                self.names.clear()
                self.names.addItems(names)
            self.names.setCurrentIndex(regions.selected)
            self.names.setEditText(regions.current.name if regions.current else "")
        self._update()

    def show_summary(self, summary: RegionSummary) -> None:
        """Show what was found of the selected region."""
        self._summary = summary
        self.set_outdated(is_outdated=False)
        self.plots.show_summary(summary)
        self.text.setText(_html(summary))
        self._update()

    def show_exposure(self) -> None:
        """Forget what was found: another exposure is open."""
        self._is_open, self._summary = True, None
        self._update()

    def set_outdated(self, *, is_outdated: bool) -> None:
        """Grey the numbers while others are being made."""
        if self.text.property("outdated") == is_outdated:
            return
        self.text.setProperty("outdated", is_outdated)
        self.text.setToolTip(OUTDATED_TIP if is_outdated else TEXT_TIP)
        style = self.text.style()
        if style is not None:  # the style sheet greys it
            style.unpolish(self.text)
            style.polish(self.text)

    def plot(self) -> PlotSource:
        """Return ramp and histogram, to be copied or saved."""
        return PlotSource(
            name="region",
            view=self.plots,
            is_empty=lambda: bool(self._message()),
            table=self._table,
            more={"region_histogram": self._bins},
        )

    def edit_name(self) -> None:
        """Let the user type a name."""
        if self.names.isEnabled():
            line = self.names.lineEdit()
            assert line is not None
            line.setFocus()
            line.selectAll()

    def changeEvent(self, a0: QEvent | None) -> None:
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.PaletteChange:
            self.plots.set_palette(self.palette())

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        self._arrange()

    def showEvent(self, a0: QShowEvent | None) -> None:
        super().showEvent(a0)
        self.shown_changed.emit(True)

    def hideEvent(self, a0: QHideEvent | None) -> None:
        super().hideEvent(a0)
        self.shown_changed.emit(False)

    def _arrange(self) -> None:
        """Show what there is room for."""
        is_narrow = self.width() < NARROW
        if is_narrow == self.histogram.isHidden():
            self.histogram.setVisible(is_narrow)
            self.where.setVisible(not is_narrow)
            self._share()
        is_either = is_narrow and self.histogram.isChecked()
        self.plots.set_parts_shown(ramp=not is_either, histogram=is_either or not is_narrow)

    def _share(self) -> None:
        """Give the numbers their room, and the plots the rest."""
        room = self._rooms[self.width() < NARROW]
        self._both.setSizes([max(self.width() - room, LEAST_PLOT), room])

    def _on_split(self) -> None:
        is_narrow = self.width() < NARROW
        self._rooms[is_narrow] = self._both.sizes()[1]
        self.room_edited.emit(is_narrow, self._rooms[is_narrow])

    def _on_name(self) -> None:
        if self._regions.current is not None:
            self.name_edited.emit(self.names.currentText())
            self.names.setEditText(self._regions.current.name)

    def _table(self) -> ColumnTable:
        assert self._summary is not None  # else the button is grey
        return region_table(self._summary)

    def _bins(self) -> ColumnTable:
        assert self._summary is not None
        return histogram_table(self._summary)

    def _update(self) -> None:
        regions, message = self._regions, self._message()
        self.message.setText(message)
        self._pages.setCurrentIndex(0 if message else 1)
        self.names.setEnabled(bool(regions.items))
        self.delete.setEnabled(regions.current is not None)
        self.button.setEnabled(not message)
        where = regions.current.summary if regions.current else ""
        self.where.set_text(where)
        self.names.setToolTip("\n".join(filter(None, (NAME_TIP, where))))

    def _message(self) -> str:
        """Return why there is nothing to see, or ""."""
        summary = self._summary
        if not self._is_open:
            return CLOSED_TEXT
        if self._regions.current is None:
            return UNSELECTED_TEXT if self._regions.items else NONE_TEXT
        if summary is None:
            return WAIT_TEXT
        if not summary.n_inside:
            return OUTSIDE_TEXT
        return "" if summary.n_used else UNUSABLE_TEXT


def _html(summary: RegionSummary) -> str:
    rows = []
    for heading, lines in (
        (f"Integration {summary.ramp.integration}", pixel_lines(summary)),
        (summary.heading, value_lines(summary)),
    ):
        rows.append(f"<tr><td colspan='2'><b>{escape(heading)}</b></td></tr>")
        rows += [
            f"<tr><td>{escape(name)}&nbsp;&nbsp;</td><td>{escape(value)}</td></tr>"
            for name, value in lines
        ]
    return f"<table cellspacing='0'>{''.join(rows)}</table>"
