"""Flags as delivered against those of the live run: map, numbers, list."""

from PyQt6.QtCore import QObject

from rampviewer.gui.state.rest_work import RestWork
from rampviewer.gui.tables.changes_panel import NOT_DELIVERED_TEXT, WORDS, ChangesPanel
from rampviewer.gui.tables.table_memory import remember_table
from rampviewer.model.exposure import Exposure
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Run
from rampviewer.model.runs.run_changes import RunChanges, RunChangesJob
from rampviewer.window.feature import Parts
from rampviewer.window.saving import single_lane, table_flow

NOTHING_NOTE = (
    "No jump was delivered with this file: the tab Changes says what can be compared."
)


class Changes(QObject):
    """The panel with what fills it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.panel = ChangesPanel()
        self.lane, self.saving_lane = single_lane(self), single_lane(self)
        self.order_lane = single_lane(self)
        self.panel.set_lane(self.order_lane)
        self.work = RestWork(self._subject, RunChangesJob, self.lane, self)
        self._is_asked = False  # for a comparison although no jump was delivered
        self._is_map = False  # whether an image shows where flags changed
        self._pending = 0  # steps to go when there is a list
        self.tabs = (("Changes", self.panel),)

    def connect(self, parts: Parts) -> None:
        """Connect the panel with the rest of the window."""
        self._parts, self._session = parts, parts.session
        self._sources = parts.session.first, parts.session.second
        panel, work, session, window = self.panel, self.work, parts.session, parts.window
        self.saving = table_flow(self.saving_lane, parts)
        remember_table(parts.settings, "changes", panel)
        # What the user does ...
        panel.place_chosen.connect(parts.go)
        panel.shown_changed.connect(lambda _shown: self._want())
        panel.comparison_clicked.connect(self._compare)
        panel.save_clicked.connect(
            lambda table: self.saving.ask(table, "changes", session.exposure)
        )
        window.action("next_change").triggered.connect(lambda: self._step(1))
        window.action("previous_change").triggered.connect(lambda: self._step(-1))
        # ... and what changes.
        session.exposure_changed.connect(self._forget)
        session.recipe_changed.connect(lambda _recipe: work.renew())
        session.runs_changed.connect(self._take_runs)
        for source in self._sources:
            source.plane_changed.connect(lambda *_step: self._take_plane())
        session.pixel_changed.connect(panel.show_pixel)
        parts.image.area_changed.connect(panel.set_area)
        work.outdated.connect(lambda: panel.set_outdated(is_outdated=True))
        work.work_begun.connect(panel.show_work)
        work.made.connect(self._show)

    def close(self) -> None:
        """End the work; what is being saved is finished first."""
        self.work.stop()
        self.lane.close()
        self.order_lane.close()
        self.saving_lane.finish()

    def _subject(self) -> tuple[Prepared, Run, Run] | None:
        # The live run may be moved in place while it is read: that renews the work, and
        # what was made of a mixture is dropped.
        prepared, both = self._session.prepared, self._session.both
        if prepared is None or both is None or not self._is_compared(prepared):
            return None
        self._session.settle()
        return prepared, *both

    def _is_compared(self, prepared: Prepared) -> bool:
        return prepared.has_delivered_jumps or self._is_asked

    def _take_runs(self, _runs: tuple[Run, ...], _shown: int) -> None:
        both = self._session.both
        if self.work.is_of(self._session.prepared, *(both or ())):
            return  # the other one is on screen, nothing else
        self.work.renew()

    def _take_plane(self) -> None:
        on = [source for source in self._sources if source.is_on]
        prepared = self._session.prepared
        is_shown = any(source.needs_delivered for source in on)
        if is_shown and prepared is not None and not self._is_compared(prepared):
            self._compare()
        self._is_map = any(source.plane is Plane.CHANGED_FLAGS for source in on)
        self._want()

    def _want(self) -> None:
        self.work.set_wanted(self.panel.isVisible() or self._is_map or self._pending != 0)

    def _compare(self) -> None:
        self._is_asked = True
        self.panel.show_nothing(WORDS.wait)
        self._session.need_delivered(needed=True)
        self.work.renew()

    def _forget(self, _exposure: Exposure) -> None:
        prepared = self._session.prepared
        assert prepared is not None
        is_delivered = prepared.has_delivered_jumps
        if self._is_asked:
            self._is_asked = False
            self._session.need_delivered(needed=False)
        self._pending = 0
        self.panel.set_delivered(is_delivered=is_delivered)
        self.panel.show_nothing(WORDS.wait if is_delivered else NOT_DELIVERED_TEXT)
        self.work.forget()

    def _show(self, changes: RunChanges, _subject: object) -> None:
        self.panel.show_changes(changes)
        for source in self._sources:
            source.set_changed(changes.n_changed)
        n, self._pending = self._pending, 0
        if n:
            self.panel.step(n)
            self._want()

    def _step(self, n: int) -> None:
        """Go to another change, once they are listed."""
        prepared = self._session.prepared
        if self.work.result is not None:
            self.panel.step(n)
        elif prepared is not None and self._is_compared(prepared):
            self._pending = n
            self._want()
        elif prepared is not None:
            self._parts.messages.show_note(NOTHING_NOTE)
