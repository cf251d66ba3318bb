"""The tables of the window: jumps of the run, segments of the pixel, and their wiring."""

from PyQt6.QtCore import QObject

from rampviewer.gui.tables.jump_listing import JumpListing
from rampviewer.gui.tables.jump_table_panel import (
    MANY_TEXT,
    WAIT_TEXT,
    JumpTablePanel,
    none_text,
)
from rampviewer.gui.tables.segment_table_panel import SegmentTablePanel
from rampviewer.gui.tables.table_memory import remember_table
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Run
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.text.number_text import grouped
from rampviewer.window.feature import Parts
from rampviewer.window.saving import single_lane, table_flow


class Tables(QObject):
    """Both panels with what fills them; `connect` ties them to the other parts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jumps, self.segments = JumpTablePanel(), SegmentTablePanel()
        self.listing_lane, self.saving_lane = single_lane(self), single_lane(self)
        self.order_lane = single_lane(self)
        self.jumps.set_lane(self.order_lane)
        self._run: Run | None = None  # on screen
        self._pending = 0  # steps to go when there is a list
        self.tabs = (("Segments", self.segments), ("Jumps", self.jumps))

    def connect(self, parts: Parts) -> None:
        """Connect the panels with each other and with the rest of the window."""
        self._parts, self._session = parts, parts.session
        session, image, window = parts.session, parts.image, parts.window
        jumps, segments = self.jumps, self.segments
        self.listing = JumpListing(self._source, self.listing_lane, self)
        self.saving = table_flow(self.saving_lane, parts)
        listing, saving = self.listing, self.saving
        remember_table(parts.settings, "jumps", jumps)
        # What the user does ...
        jumps.place_chosen.connect(parts.go)
        jumps.shown_changed.connect(listing.set_wanted)
        segments.group_clicked.connect(session.first.set_step)
        window.action("next_jump").triggered.connect(lambda: self._step(1))
        window.action("previous_jump").triggered.connect(lambda: self._step(-1))
        jumps.save_clicked.connect(
            lambda table: saving.ask(table, "jumps", session.exposure)
        )
        segments.save_clicked.connect(
            lambda table: saving.ask(table, "segments", session.exposure)
        )
        # ... and what changes.
        session.exposure_changed.connect(self._forget)
        session.recipe_changed.connect(lambda _recipe: listing.renew())
        session.runs_changed.connect(self._take_runs)
        session.view_changed.connect(segments.show_view)
        session.pixel_changed.connect(jumps.show_pixel)
        image.area_changed.connect(jumps.set_area)
        listing.outdated.connect(lambda: jumps.set_outdated(is_outdated=True))
        listing.work_begun.connect(jumps.show_work)
        listing.table_changed.connect(self._show_table)
        listing.refused.connect(lambda n: jumps.show_nothing(MANY_TEXT.format(grouped(n))))

    def close(self) -> None:
        """End the work; what is being saved is finished first."""
        self.listing.stop()
        self.listing_lane.close()
        self.order_lane.close()
        self.saving_lane.finish()

    def _source(self) -> tuple[Prepared, Run] | None:
        prepared, run = self._session.prepared, self._run
        if prepared is None or run is None or not self._session.is_complete:
            return None
        self._session.settle()
        return prepared, run

    def _take_runs(self, runs: tuple[Run, ...], shown: int) -> None:
        # Not asked of the session: a run that was given away is copied before a move.
        self._run = next((run for run in runs if run.number == shown), None)
        self.listing.renew()

    def _forget(self, _exposure: object) -> None:
        self._pending = 0
        self.jumps.show_nothing(WAIT_TEXT)
        self.listing.forget()

    def _show_table(self, table: ColumnTable, run: Run) -> None:
        self.jumps.show_table(table, none_text(run))
        n, self._pending = self._pending, 0
        if n:
            self.jumps.step(n)
            self.listing.set_wanted(self.jumps.isVisible())

    def _step(self, n: int) -> None:
        """Go to another jump, once the jumps of the run on screen are listed."""
        if self.listing.table is not None:
            self.jumps.step(n)
        elif self._session.prepared is not None:
            self._pending = n
            self.listing.set_wanted(True)
