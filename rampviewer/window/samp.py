"""Images and places from and to other programs, once the user asks for it."""

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.gui.shell.sentences import outside_sentence
from rampviewer.gui.work.background import background_thread
from rampviewer.gui.work.call_job import CallJob
from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.runs.run import Run
from rampviewer.window.feature import Parts

if TYPE_CHECKING:
    from rampviewer.io.samp_link import SampLink

CONNECTED = "Connected with SAMP: images and places of other programs arrive here."
NOT_YET = "The rate image is still being processed: send it when it is complete."


class Samp(QObject):
    """The connection with a SAMP hub; off until the user switches it on.

    Signals
    -------
    file_received : Path
        Another program sent an image: a ramp exposure can be opened.
    """

    tabs = ()
    file_received = pyqtSignal(object)
    _arrived = pyqtSignal(str, object)  # from a thread of the link

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link: SampLink | None = None
        self._joined: SampLink | None = None  # the last one, perhaps not taken yet
        self._lane = JobRunner(background_thread(), self)
        self._folder: TemporaryDirectory[str] | None = None

    def connect(self, parts: Parts) -> None:
        """Connect the menu."""
        self._parts, action = parts, parts.window.action
        action("samp_send").setEnabled(False)
        action("samp").toggled.connect(self._switch)
        action("samp_send").triggered.connect(self._send)
        self._arrived.connect(self._receive)
        self._lane.step_done.connect(self._take)
        self._lane.failed.connect(self._fail)

    def close(self) -> None:
        """Leave the hub and take away what was sent."""
        self._lane.close()
        self._leave()
        if self._joined is not None:  # it came about while the window closed
            self._joined.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _switch(self, is_on: bool) -> None:
        if is_on:
            self._lane.request(CallJob(self._join))
        else:
            self._leave()

    def _join(self) -> "SampLink":
        # Worker thread: the hub may take its time.
        from rampviewer.io.samp_link import SampLink  # noqa: PLC0415 - seldom needed

        self._joined = SampLink(self._arrived.emit)
        return self._joined

    def _leave(self) -> None:
        link, self.link = self.link, None
        self._parts.window.action("samp_send").setEnabled(False)
        if link is not None:
            link.close()

    def _take(self, _job: Job, result: object) -> None:
        """Take the link, or say how many programs took an image."""
        if isinstance(result, int):
            takers = "1 program" if result == 1 else f"{result} programs"
            self._parts.messages.show_note(f"Sent the rate image to {takers}.")
            return
        link: SampLink = result  # type: ignore[assignment]
        if not self._parts.window.action("samp").isChecked():
            link.close()
            return
        self.link = link
        self._parts.window.action("samp_send").setEnabled(True)
        self._parts.messages.show_note(CONNECTED)

    def _fail(self, _job: Job, error: Exception) -> None:
        if not isinstance(error, OSError | ValueError):
            raise error
        self._parts.messages.show_error(f"{error}.")
        self._leave()
        self._parts.window.action("samp").setChecked(False)

    def _send(self) -> None:
        session, link = self._parts.session, self.link
        run, exposure = session.run, session.exposure
        if run is None or exposure is None or link is None:
            self._parts.messages.show_note(NOT_YET)
            return
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="rampviewer-samp-")
        folder = Path(self._folder.name)
        self._lane.request(CallJob(partial(_send_rate, link, exposure, run, folder)))

    def _receive(self, mtype: str, parameters: Mapping[str, str]) -> None:
        from rampviewer.io import samp_link  # noqa: PLC0415 - seldom needed

        messages = self._parts.messages
        try:
            if mtype == samp_link.IMAGE:
                self.file_received.emit(samp_link.local_path(parameters))
            elif mtype == samp_link.SKY:
                self._point(*samp_link.number_pair(parameters, "ra", "dec"))
            else:
                x, y = samp_link.number_pair(parameters, "x", "y")
                self._select(y, x)
        except ValueError as error:
            messages.show_error(f"SAMP: {error}.")

    def _point(self, ra: float, dec: float) -> None:
        exposure = self._parts.session.exposure
        if exposure is None or exposure.sky is None:
            raise ValueError("nothing with places on the sky is open")
        self._select(*exposure.sky.pixel(ra, dec))

    def _select(self, row: float, col: float) -> None:
        exposure = self._parts.session.exposure
        if exposure is None:
            raise ValueError("a pixel arrived, but no exposure is open")
        if not (math.isfinite(row) and math.isfinite(col)):
            raise ValueError("the place is outside the image")
        pixel = Pixel(row=round(row), col=round(col))
        if not (0 <= pixel.row < exposure.n_rows and 0 <= pixel.col < exposure.n_cols):
            raise ValueError(outside_sentence(pixel, exposure).rstrip("."))
        self._parts.session.set_pixel(pixel)
        self._parts.image.bring_into_view(pixel)


def _send_rate(link: "SampLink", exposure: Exposure, run: Run, folder: Path) -> int:
    """Write the rate product and offer it; return how many programs take images."""
    from rampviewer.io.export import export_run  # noqa: PLC0415 - seldom needed

    paths = export_run(exposure, run, folder, products=("rate",), overwrite=True)
    if not paths:
        raise ValueError("No ramp can be fitted, so there is no rate image to send")
    return link.send_image(paths[0], paths[0].stem)
