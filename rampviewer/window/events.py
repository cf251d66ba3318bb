"""Snowballs and showers: their list, their ellipses in the images, and going to them."""

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from PyQt6.QtCore import QObject

from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.state.plane_source import PlaneSource
from rampviewer.gui.state.run_shelf import LIVE
from rampviewer.gui.tables.events_panel import (
    DELIVERED_TEXT,
    OFF_TEXT,
    SKIPPED_TEXT,
    WORDS,
    EventsPanel,
)
from rampviewer.gui.tables.table_memory import remember_table
from rampviewer.gui.work.call_job import CallJob
from rampviewer.gui.work.job_runner import Job
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.sentence_places import Place
from rampviewer.model.planes.event_ellipses import Ellipses
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.run import Recipe
from rampviewer.model.tables.event_table import EventList, event_list, shower_steps
from rampviewer.window.feature import Parts
from rampviewer.window.saving import single_lane, table_flow
from rampviewer.window.second_image import SecondImage

KEY = "event_ellipses"  # in the settings
LIFTED_NOTE = "The filters of the events are lifted: they left out the one to be shown."
OFF_NOTE = "Large events are not looked for: the tab Events says how they are."


class Subject(NamedTuple):
    """What a list is made of."""

    layer: LargeLayer
    recipe: Recipe


class Events(QObject):
    """The panel with what fills it, and the ellipses in both images.

    Events come from the large-event layer of the live run. While that is of parameters
    before, so are they, and are shown as out of date.
    """

    def __init__(self, second: SecondImage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.panel, self._second = EventsPanel(), second
        self.lane, self.saving_lane = single_lane(self), single_lane(self)
        self._of: Subject | None = None  # what is or will be listed
        self._job: Job | None = None  # makes the list of that
        self._made: EventList | None = None  # of that, once it is there
        self._listed: EventList | None = None  # on screen
        self._seen: Ellipses | None = None  # of the rows that pass the filters
        self._why = ""  # there is none on screen
        self._current = -1  # row of what is listed
        self._pending = 0  # steps to go when there is a list
        self.tabs = (("Events", self.panel),)

    def connect(self, parts: Parts) -> None:
        """Connect the panel with the rest of the window."""
        self._parts, self._session = parts, parts.session
        panel, session, window = self.panel, parts.session, parts.window
        self._images: tuple[tuple[PlaneSource, ImagePanel], ...] = (
            (session.first, parts.image),
            (session.second, self._second.panel),
        )
        self.saving = table_flow(self.saving_lane, parts)
        self._action = window.action("ellipses")
        self._action.setChecked(parts.settings.value(KEY, True, bool))
        panel.set_ellipses(shown=self._action.isChecked())
        remember_table(parts.settings, "events", panel)
        # What the user does ...
        panel.place_chosen.connect(self._go)
        panel.search_clicked.connect(self._search)
        panel.ellipses_edited.connect(self._action.setChecked)
        panel.save_clicked.connect(
            lambda table: self.saving.ask(table, "events", session.exposure)
        )
        parts.pixel.place_clicked.connect(self._take_named)
        self._action.toggled.connect(self._show_ellipses)
        window.action("next_event").triggered.connect(lambda: self._step(1))
        window.action("previous_event").triggered.connect(lambda: self._step(-1))
        # ... and what changes.
        panel.listed_changed.connect(self._take_listed)
        panel.current_changed.connect(self._take_current)
        session.exposure_changed.connect(self._begin)
        session.recipe_changed.connect(lambda _recipe: self._follow())
        session.runs_changed.connect(lambda _runs, _shown: self._follow())
        session.pixel_changed.connect(self._take_pixel)
        parts.image.area_changed.connect(panel.set_area)
        for source, image in self._images:
            source.plane_changed.connect(partial(self._draw, source, image))
        self.lane.step_done.connect(self._take)
        self.lane.failed.connect(self._fail)

    def close(self) -> None:
        """End the work; what is being saved is finished first."""
        self.lane.close()
        self.saving_lane.finish()

    # What there is to list

    def _begin(self, _exposure: Exposure) -> None:
        """Begin with another exposure."""
        self._of = self._made = None
        self._end(WORDS.wait)

    def _follow(self) -> None:
        """List the events of the live run, or say why there are none."""
        session = self._session
        why = self._why_none()
        if why:
            if why != self._why:
                self._end(why)
            return
        self._why = ""
        run, exposure = session.runs.get(LIVE), session.exposure
        if run is None or exposure is None or not session.is_complete:
            self._set_outdated(is_outdated=True)
            self.panel.show_work()
            return
        assert run.large is not None
        of = Subject(run.large, run.recipe)
        if of != self._of:  # layers are told apart by what they are, not by values
            self._of, self._made = of, None
            work = partial(event_list, exposure, run.recipe, run.large)
            self._job = CallJob(work)
            self.lane.request(self._job)
        elif self._made is not None:
            self._list()

    def _why_none(self) -> str:
        """Return why no event can be listed, now or soon; "" if they can."""
        session = self._session
        if session.shown_recipe.delivered_jumps == "as_delivered":
            return DELIVERED_TEXT
        if not session.recipe.wants_large:
            return OFF_TEXT
        run = session.runs.get(LIVE)
        is_skipped = session.is_complete and run is not None and run.large is None
        return SKIPPED_TEXT if is_skipped else ""

    def _take(self, job: Job, events: EventList) -> None:
        if job is not self._job or self._of is None:
            return
        self._made, self._job = events, None
        self._follow()

    def _list(self) -> None:
        """Show the list that is there, unless it is shown."""
        self._set_outdated(is_outdated=False)
        if self._listed is not self._made:
            self._listed = self._made
            prepared = self._session.prepared
            assert self._listed is not None
            assert self._of is not None
            assert prepared is not None
            jump = self._of.recipe.jump
            self.panel.show_events(self._listed, jump, shower_steps(prepared))
        n, self._pending = self._pending, 0
        if n:
            self.panel.step(n)

    def _end(self, text: str) -> None:
        """List nothing, and say why."""
        self._why, self._pending = text, 0
        self._listed = self._seen = None
        self.panel.show_nothing(text)
        self._draw_all()

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook

    def _set_outdated(self, *, is_outdated: bool) -> None:
        self.panel.set_outdated(is_outdated=is_outdated)
        for _source, image in self._images:
            image.view.events.set_outdated(is_outdated=is_outdated)

    # What the images show

    def _draw_all(self) -> None:
        for source, image in self._images:
            self._draw(source, image)

    def _draw(self, source: PlaneSource, image: ImagePanel, *_step: object) -> None:
        _, group = _shown_by(source)
        image.view.events.show_ellipses(self._drawn_on(source), group, self._current)

    def _drawn_on(self, source: PlaneSource) -> Ellipses | None:
        """Return what stands in an image: of its step, or of any."""
        if self._seen is None or not self._action.isChecked():
            return None
        return self._seen.chosen(self._seen.at_step(*_shown_by(source)))

    def _show_ellipses(self, is_shown: bool) -> None:
        self._parts.settings.setValue(KEY, is_shown)
        self.panel.set_ellipses(shown=is_shown)
        self._draw_all()

    def _take_listed(self) -> None:
        """Draw what is listed."""
        if self._listed is not None:
            ellipses = self._listed.ellipses
            rows = np.isin(ellipses.row, self.panel.listed_rows)
            self._seen = ellipses.chosen(rows)
            self._draw_all()

    # Which event is the current one

    def _take_current(self, row: int) -> None:
        if row != self._current:
            self._current = row
            self._draw_all()

    def _take_pixel(self, pixel: Pixel | None) -> None:
        """Make the event that a pixel is in the current one, unless that is."""
        events, seen = self._listed, self._seen
        if pixel is None or events is None or seen is None:
            return
        if self._current >= 0:
            own = seen.chosen(seen.row == self._current)
            if own.holding(pixel).any() or events.centre_of(self._current) == pixel:
                return
        row = -1
        for source, _image in self._images:
            if row < 0 and source.is_on:
                row = seen.row_at(pixel, *_shown_by(source))
        self.panel.make_current(row)

    def _take_named(self, place: Place) -> None:
        """Make the event that a sentence names the current one, and show all of it."""
        events, here = self._listed, self._session.step
        if place.pixel is None or events is None:
            return
        integration = here[0] if place.integration is None else place.integration
        group = here[1] if place.group is None else place.group
        row = events.row_named(place.pixel, integration, group)
        if row >= 0:
            if row not in self.panel.listed_rows:
                self.panel.filters.lift()
                self._parts.messages.show_note(LIFTED_NOTE)
            self.panel.make_current(row)
            self._show_all_of(row)

    def _go(self, pixel: Pixel, integration: int, group: int) -> None:
        self._parts.go(pixel, integration, group)
        self._show_all_of(self._current)

    def _show_all_of(self, row: int) -> None:
        """Show all of an event in both images."""
        events = self._listed
        assert events is not None
        view = self._parts.image.view
        view.bring_into_view(events.centre_of(row), events.reach_of(row))

    def _step(self, n: int) -> None:
        """Go to another event, once they are listed."""
        session = self._session
        if session.prepared is None:
            return
        why = self._why_none()
        if why:
            self._parts.messages.show_note(OFF_NOTE if why == OFF_TEXT else why)
        elif self._listed is not None:
            self.panel.step(n)
        else:
            self._pending = n

    def _search(self, name: str) -> None:
        change: dict[str, Any] = {name: True}
        session = self._session
        session.set_jump_parameters(replace(session.recipe.jump, **change))


def _shown_by(source: PlaneSource) -> tuple[int | None, int | None]:
    """Return the integration and the group that an image is of, None for all of them."""
    plane = source.plane
    return (
        source.integration if plane.has_integration else None,
        source.group if plane.has_group else None,
    )
