"""Flags above the images and the movie of groups: their wiring in the window."""

from PyQt6.QtCore import QObject

from rampviewer.core.dq import Dq
from rampviewer.gui.image.frame_item import OVERLAY_OPACITY
from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.gui.widgets.layouts import settle_layouts
from rampviewer.window.feature import Parts
from rampviewer.window.saving import single_lane
from rampviewer.window.second_image import SecondImage

SPEED, FLAGS, OPACITY = "movie_speed", "flags_drawn", "flags_opacity"  # in the settings
MOVIE_TIP = "Play the groups of the image that shows one; any other step ends it"


class ImageTools(QObject):
    """What the menu does with the image and the one beside it."""

    tabs = ()

    def __init__(self, second: SecondImage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._second = second
        self._lanes = single_lane(self), single_lane(self)

    def connect(self, parts: Parts) -> None:
        """Connect the menu with both bars and images."""
        self._parts = parts
        session, action = parts.session, parts.window.action
        self._bars = (parts.plane_bar, self._second.bar)
        self._panels = parts.image, self._second.panel
        for panel, lane in zip(self._panels, self._lanes, strict=True):
            panel.statistics.set_lane(lane)
        for source, bar, panel in zip(
            (session.first, session.second), self._bars, self._panels, strict=True
        ):
            bar.set_wanted(Dq(parts.settings.value(FLAGS, int(Dq.JUMP_DET), int) & 0xFF))
            opacity = float(parts.settings.value(OPACITY, OVERLAY_OPACITY, float))
            panel.overlay.set_opacity(opacity)
            panel.overlay.opacity_edited.connect(
                lambda value: parts.settings.setValue(OPACITY, value)
            )
            bar.overlay_edited.connect(self._set_overlay)
            panel.overlay_edited.connect(self._set_overlay)
            source.overlay_changed.connect(
                lambda _flags, bits, bar=bar: bar.set_overlay(bits)
            )
            bar.movie.set_speed(parts.settings.value(SPEED, bar.movie.speed, float))
            bar.movie.speed_edited.connect(self._set_speed)
            bar.movie.toggled.connect(self._check_movie)
            bar.movie.toggled.connect(panel.limits.set_still)
            source.plane_changed.connect(self._check_bars)
        session.first.overlay_changed.connect(self._check_flags)
        action("flags").triggered.connect(parts.plane_bar.toggle_overlay)
        action("second_image").toggled.connect(self._check_bars)
        action("movie").triggered.connect(self._play)
        action("faster").triggered.connect(lambda: self._bar.movie.change_speed(1))
        action("slower").triggered.connect(lambda: self._bar.movie.change_speed(-1))
        session.exposure_changed.connect(self._check_bars)
        self._check_bars()
        self._check_flags(None, Dq(0))

    def close(self) -> None:
        """End the movie, and the counting."""
        for bar in self._bars:
            bar.movie.stop()
        for panel, lane in zip(self._panels, self._lanes, strict=True):
            panel.statistics.stop()
            lane.close()

    def _set_overlay(self, bits: Dq) -> None:
        """Draw other flags: legends come and go with them."""
        self._parts.window.paint_next_turn()
        self._parts.session.set_overlay(bits)
        settle_layouts()

    @property
    def _bar(self) -> PlaneBar:
        """The bar whose groups are played: of the first image that shows a group."""
        first, second = self._bars
        is_other = self._parts.session.second.is_on and second.movie.isEnabled()
        return second if is_other and not first.movie.isEnabled() else first

    def _play(self, is_playing: bool) -> None:
        movie = self._bar.movie
        if is_playing:
            movie.play()
        else:
            for bar in self._bars:
                bar.movie.stop()

    def _set_speed(self, speed: float) -> None:
        self._parts.settings.setValue(SPEED, speed)
        for bar in self._bars:
            bar.movie.set_speed(speed)

    def _check_movie(self, *_: object) -> None:
        playing = any(bar.movie.is_playing for bar in self._bars)
        self._parts.window.action("movie").setChecked(playing)

    def _check_bars(self, *_: object) -> None:
        is_open = self._parts.session.exposure is not None
        movie = self._bar.movie
        action = self._parts.window.action("movie")
        action.setEnabled(is_open and movie.isEnabled())
        reason = MOVIE_TIP if movie.isEnabled() else movie.toolTip()
        action.setToolTip(reason if is_open else "Open an exposure first")

    def _check_flags(self, _flags: object, bits: Dq) -> None:
        if bits:
            self._parts.settings.setValue(FLAGS, int(bits))
        self._parts.window.action("flags").setChecked(bool(bits))
