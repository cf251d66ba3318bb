"""A page on the selected pixel, as a file."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QFileDialog

from rampviewer.gui.files.file_work import stem_of
from rampviewer.gui.files.picture import FOLDER
from rampviewer.gui.files.sheet import SheetContent, is_picture, saving_steps
from rampviewer.gui.shell.exposure_line import summary
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.window.feature import Parts
from rampviewer.window.saving import picture_files, single_lane, write_later

NO_PIXEL = "Select a pixel first: click it in the image."
NOT_YET = "The image is still being processed: save the sheet when it is complete."
END = object()
KINDS = "PNG (*.png);;PDF (*.pdf)"


class Sheets(QObject):
    """Image, ramp and reasons of the selected pixel on one page, as they are on screen."""

    tabs = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lane = single_lane(self)
        self._saving: Iterator[None] = iter(())  # a step in each turn of the event loop
        self._turns = QTimer(self)
        self._turns.timeout.connect(self._step)

    def connect(self, parts: Parts) -> None:
        """Connect the menu."""
        self._parts = parts
        self._plane = Plane.RATE
        self._files = picture_files(self.lane, parts)
        parts.session.first.plane_changed.connect(self._take_plane)
        parts.window.action("sheet").triggered.connect(self._ask)

    def close(self) -> None:
        """Finish what is being written."""
        self._finish()
        self.lane.finish()

    def content(self) -> SheetContent | None:
        """Return what is on screen; None, with the reason told, where a part is missing."""
        session, messages = self._parts.session, self._parts.messages
        pixel, run, exposure = session.pixel, session.run, session.exposure
        view = None if pixel is None else session.view_of(pixel)
        if view is None or exposure is None or session.prepared is None:
            messages.show_note(NO_PIXEL)
            return None
        picture = self._parts.image.picture()
        if run is None or picture is None:
            messages.show_note(NOT_YET)
            return None
        values, heading = picture  # also what it is compared with, as a pinned run
        look, limits = self._parts.image.look()
        return SheetContent(
            lines=summary(exposure, self._parts.line.parameters),
            values=values,
            bad=session.prepared.unusable,
            plane=self._plane,
            heading=heading,
            view=view,
            step=session.step,
            look=look,
            limits=limits,
            ramp_look=self._parts.ramp.look(),
        )

    def save(self, content: SheetContent, path: Path) -> None:
        """Write a sheet, while the window goes on, and say so."""
        self._finish()  # one that was begun before
        self._saving = self._save(content, path)
        self._turns.start(0)
        self._step()  # a path that cannot be is told of at once

    def _save(self, content: SheetContent, path: Path) -> Iterator[None]:
        try:
            yield from saving_steps(content, path, partial(write_later, self._files))
            if is_picture(path):  # a thread writes it, and tells what becomes of it
                return
        except (ValueError, OSError) as error:
            self._parts.messages.show_error(f"{error}.")
        else:
            self._parts.settings.setValue(FOLDER, str(path.parent))
            self._parts.messages.show_note(f"Saved {path}.")

    def _step(self) -> None:
        if next(self._saving, END) is END:
            self._turns.stop()

    def _finish(self) -> None:
        self._turns.stop()
        for _ in self._saving:
            pass

    def _take_plane(self, plane: Plane, _integration: int, _group: int) -> None:
        self._plane = plane

    def _ask(self) -> None:
        content = self.content()
        if content is None:
            return
        folder = str(self._parts.settings.value(FOLDER, ""))
        dialog = QFileDialog(self._parts.window, "Save a sheet", folder, KINDS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(
            lambda kind: dialog.setDefaultSuffix("pdf" if "pdf" in kind else "png")
        )
        dialog.selectFile(self._name(content.view.pixel))
        dialog.fileSelected.connect(lambda name: self.save(content, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _name(self, pixel: Pixel) -> str:
        exposure = self._parts.session.exposure
        return f"{stem_of(exposure)}_x{pixel.col}_y{pixel.row}"
