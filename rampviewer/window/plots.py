"""Copying and saving of single plots: as a picture, or as the numbers behind them."""

from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QCursor
from PyQt6.QtWidgets import QFileDialog, QMenu
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

from rampviewer.gui.files.file_work import stem_of
from rampviewer.gui.files.picture import FOLDER, ask_picture
from rampviewer.gui.plots.plot_source import (
    PlotSource,
    copy_picture,
    picture_of,
    save_vectors,
)
from rampviewer.window.feature import Parts
from rampviewer.window.saving import picture_files, single_lane, table_flow, write_later

NOTHING = "There is nothing in the {} yet."


class Plots(QObject):
    """A menu for each plot, by the right mouse button, and the same in the menu bar."""

    tabs = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._more: tuple[PlotSource, ...] = ()
        self.lane, self.pictures = single_lane(self), single_lane(self)

    def connect(self, parts: Parts) -> None:
        """Connect menu bar, plots and messages."""
        self._parts = parts
        self.saving = table_flow(self.lane, parts)
        self._files = picture_files(self.pictures, parts)
        action = parts.window.action
        action("screenshot").triggered.connect(self._ask_window)
        for source in (*parts.image.plots(), *parts.ramp.plots(), *self._more):
            action(f"copy_{source.name}").triggered.connect(partial(self._copy, source))
            action(f"save_{source.name}").triggered.connect(partial(self._ask, source))
            for name in source.tables:
                action(f"save_{name}_numbers").triggered.connect(
                    partial(self._ask_numbers, source, name)
                )
            scene = source.view.scene()
            scene.sigMouseClicked.connect(partial(self._open_menu, source))

    def reach(self, sources: tuple[PlotSource, ...]) -> None:
        """Copy and save these, too; to be called before `connect`."""
        self._more = sources

    def close(self) -> None:
        """Finish what is being saved."""
        self.lane.finish()
        self.pictures.finish()

    def _open_menu(self, source: PlotSource, event: MouseClickEvent) -> None:
        if event.button() != Qt.MouseButton.RightButton or event.isAccepted():
            return
        event.accept()
        menu = QMenu(self._parts.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in source.commands:
            menu.addAction(self._parts.window.action(name))
        menu.popup(QCursor.pos())

    def _copy(self, source: PlotSource) -> None:
        if self._is_empty(source):
            return
        copy_picture(source)
        self._parts.messages.show_note(f"Copied the picture of the {source.title}.")

    def _ask(self, source: PlotSource) -> None:
        if self._is_empty(source):
            return
        settings = self._parts.settings
        folder = str(settings.value(FOLDER, ""))
        kinds = "PNG (*.png);;SVG, sharp at any size (*.svg)"
        title = f"Save the picture of the {source.title}"
        dialog = QFileDialog(self._parts.window, title, folder, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(
            lambda kind: dialog.setDefaultSuffix("svg" if "svg" in kind else "png")
        )
        dialog.selectFile(f"{stem_of(self._parts.session.exposure)}_{source.name}")
        dialog.fileSelected.connect(lambda name: self._save(source, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, source: PlotSource, path: Path) -> None:
        suffix = path.suffix.lower()
        if suffix == ".png":
            write_later(self._files, picture_of(source), path)
            return
        self._parts.settings.setValue(FOLDER, str(path.parent))
        try:
            if suffix != ".svg":
                raise ValueError(f"{path.name} must end in .png or .svg")
            save_vectors(source, path)
        except (ValueError, OSError) as error:
            self._parts.messages.show_error(f"{error}.")
        else:
            self._parts.messages.show_note(f"Saved {path}.")

    def _ask_window(self) -> None:
        parts, write = self._parts, partial(write_later, self._files)
        ask_picture(parts.window, parts.settings, parts.session.exposure, write)

    def _ask_numbers(self, source: PlotSource, name: str) -> None:
        if self._is_empty(source):
            return
        try:
            table = source.tables[name]()
        except ValueError as error:
            self._parts.messages.show_error(f"{error}.")
        else:
            self.saving.ask(table, name, self._parts.session.exposure)

    def _is_empty(self, source: PlotSource) -> bool:
        """Return whether there is nothing to take, and say so."""
        is_empty = source.is_empty()
        if is_empty:
            self._parts.messages.show_note(NOTHING.format(source.title))
        return is_empty
