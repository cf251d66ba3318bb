"""Other products of the exposure, drawn over the ramp of the pixel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from PyQt6.QtCore import QObject

from rampviewer.gui.work.background import background_thread
from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.sibling_ramps import Sibling, SiblingRamp
from rampviewer.window.feature import Parts
from rampviewer.window.files import list_siblings, open_sibling

ABOUT = "siblings"  # of errors
APART = "/"  # names of files, in which it cannot be
KEY = "ramp/siblings"  # in the settings: the names of those that are drawn
NONE_FOUND = "No other ramp is beside {}: none has its name with another ending."
NO_FILE = "This exposure was not read from a file: nothing can be beside it."


class Cube(Protocol):
    """Where the ramps of a sibling are."""

    def ramp(self, pixel: Pixel) -> SiblingRamp: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Opening:
    """Finds siblings or, given some, opens them one by one."""

    exposure: Exposure
    siblings: tuple[Sibling, ...] | None = None

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[object]:
        if self.siblings is None:
            yield list_siblings(self.exposure)
            return
        for sibling in self.siblings:
            if is_cancelled() or is_outdated():
                raise CancelledError
            try:
                yield sibling, open_sibling(self.exposure, sibling)
            except (OSError, ValueError) as error:
                yield sibling, error


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """Reads the ramps of one pixel."""

    pixel: Pixel
    cubes: tuple[tuple[Sibling, Cube], ...]

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[tuple[tuple[SiblingRamp, ...], tuple[tuple[Sibling, Exception], ...]]]:
        ramps, errors = list[SiblingRamp](), list[tuple[Sibling, Exception]]()
        for sibling, cube in self.cubes:
            if is_cancelled() or is_outdated():
                raise CancelledError
            try:
                ramps.append(cube.ramp(self.pixel))
            except OSError as error:
                errors.append((sibling, error))
        yield tuple(ramps), tuple(errors)


class Siblings(QObject):
    """Looks for siblings when an exposure is opened, and reads single ramps of them.

    One lane finds and opens, which may take long where files are compressed; another one
    reads, and the pixel under the mouse wins over those that it has left.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tabs = ()
        self.opening, self.reading = (
            JobRunner(background_thread(), self) for _ in range(2)
        )
        self._exposure: Exposure | None = None
        self._ticked: tuple[Sibling, ...] = ()
        self._cubes: dict[Sibling, Cube] = {}
        self._pixel: Pixel | None = None  # that the ramp panel shows

    def connect(self, parts: Parts) -> None:
        """Connect the lanes with session and ramp panel."""
        self._ramp, self._messages = parts.ramp, parts.messages
        button, settings = parts.ramp.tools.siblings, parts.settings
        button.set_wanted(filter(None, str(settings.value(KEY, "")).split(APART)))
        parts.ramp.siblings_edited.connect(self._want)
        parts.ramp.siblings_edited.connect(
            lambda _ticked: settings.setValue(KEY, APART.join(button.wanted))
        )
        parts.session.exposure_changed.connect(self._search)
        parts.session.readout_changed.connect(self._follow)
        self.opening.step_done.connect(self._take_opened)
        self.opening.failed.connect(self._fail)
        self.reading.step_done.connect(self._take_ramps)
        self.reading.failed.connect(self._fail)

    def close(self) -> None:
        """End all work."""
        self.opening.close()
        self.reading.close()

    def _search(self, exposure: Exposure) -> None:
        self._exposure, self._pixel = exposure, None
        self._ticked, self._cubes = (), {}
        self.opening.drop()
        self.reading.drop()
        self._ramp.show_siblings((), "Looking for other products ...")
        if exposure.path is None:
            self._ramp.show_siblings((), NO_FILE)
        else:
            self.opening.request(_Opening(exposure))

    def _want(self, ticked: tuple[tuple[int, Sibling], ...]) -> None:
        """Open what is ticked, and forget what is no longer so."""
        self._ticked = tuple(sibling for _, sibling in ticked)
        self._cubes = {s: cube for s, cube in self._cubes.items() if s in self._ticked}
        self._messages.end(ABOUT)
        unknown = tuple(s for s in self._ticked if s not in self._cubes)
        if unknown and self._exposure is not None:
            self.opening.request(_Opening(self._exposure, unknown))
        self._read()

    def _take_opened(self, job: Job, found: object) -> None:
        if not isinstance(job, _Opening) or job.exposure is not self._exposure:
            return
        if job.siblings is None:
            assert isinstance(found, tuple)
            self._offer(job.exposure, found)
            return
        assert isinstance(found, tuple)
        sibling, cube = found
        if isinstance(cube, Exception):
            self._refuse(sibling, cube)
        elif sibling in self._ticked:
            self._cubes[sibling] = cube
            self._read()

    def _offer(self, exposure: Exposure, found: tuple[Sibling, ...]) -> None:
        self._ramp.show_siblings(found, NONE_FOUND.format(exposure.name))
        self._want(self._ramp.tools.siblings.ticked)  # by name, as before

    def _follow(self, view: PixelView | None, _integration: int, _group: int) -> None:
        pixel = view.pixel if view is not None else None
        if pixel != self._pixel:
            self._pixel = pixel
            self._read()

    def _read(self) -> None:
        if self._pixel is not None and self._cubes:
            cubes = tuple((s, self._cubes[s]) for s in self._ticked if s in self._cubes)
            self.reading.request(_Reading(self._pixel, cubes))

    def _take_ramps(self, job: Job, found: object) -> None:
        assert isinstance(job, _Reading)
        assert isinstance(found, tuple)
        ramps, errors = found
        for sibling, error in errors:
            if self._cubes.pop(sibling, None) is not None:
                self._refuse(sibling, error)
        if job.pixel == self._pixel:
            self._ramp.show_sibling_ramps(
                tuple(ramp for ramp in ramps if ramp.sibling in self._ticked)
            )

    def _refuse(self, sibling: Sibling, error: Exception) -> None:
        self._ticked = tuple(other for other in self._ticked if other != sibling)
        self._ramp.untick_sibling(sibling)
        self._messages.show_error(f"{error}.", ABOUT)

    def _fail(self, job: Job, error: Exception) -> None:
        if isinstance(job, _Opening) and isinstance(error, OSError):
            self._ramp.show_siblings((), f"{error}.")
        else:
            raise error  # reported by the exception hook
