"""The window: where the panels stand, its menus, and files dropped on it."""

from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QByteArray, QPoint, QSettings, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPaintEvent,
)
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QScrollArea,
    QSplitter,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.files.recent_files import RecentFilesMenu
from rampviewer.gui.shell.commands import MENUS, Command
from rampviewer.gui.widgets.focus_edge import edge_plots_and_lists
from rampviewer.gui.widgets.painting import paint_again
from rampviewer.gui.widgets.snug_tabs import SnugTabs

START_SIZE = QSize(1400, 900)
WIDE_SIZE = QSize(1880, 1040)  # with two images
WIDE_SCREEN = 1900  # from this width on there are two images [screen pixels]
RIGHT_SHARE = 0.36  # of the width, that two images leave to the ramp
WIDEST_PANEL = 430  # below the ramp, before it scrolls [screen pixels]
FRAME = 6  # of a window, beside and below [screen pixels]
PAINT_TURNS = 3  # one that ends the change, one to prepare the picture, one to paint it


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The panels, by the place where they stand."""

    top: tuple[QWidget, ...]  # one above the other, at one place
    image: tuple[QWidget, ...]
    second: tuple[QWidget, ...]  # beside the image, while it is wanted
    ramp: QWidget
    tabs: tuple[tuple[str, QWidget], ...]
    bottom: tuple[QWidget, ...]
    status: tuple[QWidget, ...]  # the last one takes the room that is left


class MainWindow(QMainWindow):
    """Lays the panels out; knows none of them.

    Signals
    -------
    file_dropped : Path
    painted
        For the first time: what slows that down may begin.
    paint_begins
        All of the window is painted in the next turn: what that takes may be found now.
    closing
        The window is about to close.
    """

    file_dropped = pyqtSignal(object)
    painted = pyqtSignal()
    paint_begins = pyqtSignal()
    closing = pyqtSignal()

    def __init__(self, places: Places, settings: QSettings) -> None:
        super().__init__()
        self._settings = settings
        self._alone = 0.0  # share of the first image before the second was shown
        self._is_painted, self._paint_ends = False, QTimer(self)
        self._paint_ends.setSingleShot(True)
        self._paint_ends.timeout.connect(self.painted)
        self._paint_begins = QTimer(self)
        self._paint_begins.setSingleShot(True)
        self._paint_begins.setInterval(1)  # one of no time ends in the turn that starts it
        self._paint_begins.timeout.connect(self._near_painting)
        self._turns = 0  # before the window is painted
        self.setAcceptDrops(True)
        self.setWindowTitle("rampviewer")
        self.recent = RecentFilesMenu(settings, self)
        self.actions_by_name: dict[str, QAction] = {}
        self._menus: list[QMenu] = []
        self.submenus: list[tuple[str, QMenu]] = []  # that are listed, by where
        self._fill_menus()
        self.add_menu("open", self.recent)
        self._second = _column(places.second, stretched=places.second[-1])
        self._second.hide()
        self._images = QSplitter(Qt.Orientation.Horizontal)
        self._tabs = SnugTabs()
        self._right = QSplitter(Qt.Orientation.Vertical)
        self._splitter = self._lay_out(places)
        edge_plots_and_lists(self)
        self.action("next_panel").triggered.connect(lambda: self._step_panel(1))
        self.action("previous_panel").triggered.connect(lambda: self._step_panel(-1))
        status = self.statusBar()
        assert status is not None
        for number, widget in enumerate(places.status):
            status.addPermanentWidget(widget, number)
        status.setSizeGripEnabled(False)
        self._restore()

    def action(self, name: str) -> QAction:
        """Return a menu entry: its `triggered` is for the wiring."""
        return self.actions_by_name[name]

    def add_menu(self, above: str, menu: QMenu) -> None:
        """Put a menu into that of the command `above`, below that."""
        entry = self.actions_by_name[above]
        parent = next(m for m in self._menus if entry in m.actions())
        after = parent.actions()[parent.actions().index(entry) + 1 :]
        parent.insertMenu(after[0] if after else None, menu)
        where = f"{parent.title()} > {menu.title()}".replace("&", "")
        self.list_menu(where, menu)

    def list_menu(self, where: str, menu: QMenu) -> None:
        """Let the list of commands know what is in a menu of a panel, or in one added."""
        self.submenus.append((where, menu))

    def show_title(self, name: str | None) -> None:
        self.setWindowTitle(f"{name} - rampviewer" if name else "rampviewer")

    @property
    def is_second_shown(self) -> bool:
        """Whether the image has another one beside it."""
        return not self._second.isHidden()

    def show_second(self, *, shown: bool) -> None:
        """Make room for a second image beside the first, or give it back to the ramp."""
        if shown == self.is_second_shown:
            return
        self._second.setVisible(shown)
        left, right = self._splitter.sizes()
        width = left + right
        if shown:
            self._alone = left / width if width else 0.0
            half = min(left, round((1 - RIGHT_SHARE) * width / 2))
            left = 2 * half
            self._images.setSizes([half, half])
        else:
            left = round(self._alone * width) or left // 2
        self._splitter.setSizes([left, width - left])

    def paint_next_turn(self) -> None:
        """Paint nothing for some turns of the event loop, and then all of the window.

        What is shown changes as a whole, but to change and to paint it is no single stall.
        """
        self.setUpdatesEnabled(False)
        self._turns = PAINT_TURNS
        self._paint_begins.start()

    def _near_painting(self) -> None:
        """Prepare for it in one turn, and paint in the next."""
        self._turns -= 1
        if self._turns == 1:
            self.paint_begins.emit()
        if self._turns:
            self._paint_begins.start()
        else:
            paint_again(self)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and _dropped_path(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        path = _dropped_path(event) if event is not None else None
        if event is not None and path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self._paint_ends.start(0)  # the panels are painted in this turn, too

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if typed_in := self.focusWidget():
            typed_in.clearFocus()  # it gives its value now, not to panels that ended
        self._settings.setValue("geometry", self.saveGeometry())
        for key, splitter in self._splitters.items():
            self._settings.setValue(key, splitter.saveState())
        self._settings.setValue("panel", self._tabs.tabText(self._tabs.currentIndex()))
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self._paint_ends.stop()
        self.closing.emit()
        super().closeEvent(event)

    @property
    def _splitters(self) -> dict[str, QSplitter]:
        """Those that the user moves, by the key that they are remembered under."""
        return {"splitter": self._splitter, "images": self._images, "right": self._right}

    def _step_panel(self, n: int) -> None:
        index = (self._tabs.currentIndex() + n) % self._tabs.count()
        self._tabs.setCurrentIndex(index)

    def _lay_out(self, places: Places) -> QSplitter:
        self._images.addWidget(_column(places.image, stretched=places.image[-1]))
        self._images.addWidget(self._second)
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName("Panels")
        for title, panel in places.tabs:
            self._tabs.addTab(_scrolled(panel), title)
        right = self._right
        right.addWidget(places.ramp)
        right.addWidget(self._tabs)
        right.setSizes([620, 280])
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self._images)
        both.addWidget(right)
        both.setSizes([640, 760])
        for splitter in (both, right, self._images):
            splitter.setChildrenCollapsible(False)
        bottom = QWidget()
        row = QHBoxLayout(bottom)
        row.setContentsMargins(4, 0, 0, 0)  # in line with the panels above
        for index, widget in enumerate(places.bottom):
            row.addWidget(widget, index)
        centre = _column((_pile(places.top), both, bottom), stretched=both)
        self.setCentralWidget(centre)
        return both

    def _fill_menus(self) -> None:
        bar = self.menuBar()
        assert bar is not None
        for title, sections in MENUS.items():
            menu = _menu(bar.addMenu(title))
            self._menus.append(menu)
            menu.setToolTipsVisible(True)  # they say why an entry is grey
            for number, section in enumerate(sections):
                if number:
                    menu.addSeparator()
                for command in section:
                    self._add(menu, command)

    def _add(self, menu: QMenu, command: Command) -> None:
        action = _action(menu.addAction(command.text))
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setCheckable(command.is_checkable)
        self.actions_by_name[command.name] = action

    def _fit_to_screen(self) -> None:
        """Leave no part of the window, nor of its frame, outside of a small screen."""
        # Not yet shown, the window itself would name the first of several screens.
        screen = QGuiApplication.screenAt(self.geometry().center()) or self.screen()
        style = self.style()
        if screen is None or style is None or self.isMaximized() or self.isFullScreen():
            return
        # The frame is the window manager's, and unknown before the window is shown.
        bar = style.pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight) + FRAME
        room = screen.availableGeometry().adjusted(FRAME, bar, -FRAME, -FRAME)
        self.resize(self.size().boundedTo(room.size()))
        if not room.contains(self.geometry()):
            self.move(room.topLeft() - QPoint(FRAME, bar))

    def _restore(self) -> None:
        screen = QGuiApplication.primaryScreen()
        is_wide = screen is not None and screen.availableGeometry().width() >= WIDE_SCREEN
        if self._settings.value("second_image", is_wide, bool):
            self.show_second(shown=True)
        geometry = self._settings.value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(WIDE_SIZE if self.is_second_shown else START_SIZE)
        self._fit_to_screen()
        for key, splitter in self._splitters.items():
            state = self._settings.value(key)
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
        panel = self._settings.value("panel", "")
        for index in range(self._tabs.count()):
            if self._tabs.tabText(index) == panel:
                self._tabs.setCurrentIndex(index)


def _scrolled(panel: QWidget) -> QWidget:
    """Let a panel scroll sideways that is too wide for two images on a small screen."""
    if panel.minimumSizeHint().width() <= WIDEST_PANEL:
        return panel
    area = QScrollArea()
    area.setAccessibleName(panel.accessibleName())
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(panel)
    area.setMinimumWidth(WIDEST_PANEL)
    return area


def _column(widgets: tuple[QWidget, ...], stretched: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(4, 4, 4, 4)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget, int(widget is stretched))
    return column


def _pile(widgets: tuple[QWidget, ...]) -> QWidget:
    """Put widgets at one place: the last one that is visible covers the others."""
    pile = QWidget()
    layout = QGridLayout(pile)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 0, 0)
    return pile


def _menu(menu: QMenu | None) -> QMenu:
    assert menu is not None
    return menu


def _action(action: QAction | None) -> QAction:
    assert action is not None
    return action


def _dropped_path(event: QDropEvent) -> Path | None:
    """Return the first local file that is being dropped, None if there is none."""
    data = event.mimeData()
    urls = data.urls() if data is not None else []
    return next((Path(url.toLocalFile()) for url in urls if url.isLocalFile()), None)
