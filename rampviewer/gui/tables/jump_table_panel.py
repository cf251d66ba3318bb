"""All jumps of the run on screen, to go from one to the next."""

from PyQt6.QtWidgets import QWidget

from rampviewer.gui.tables.jump_filter_bar import JumpFilterBar
from rampviewer.gui.tables.place_table import PlaceTable, Words
from rampviewer.model.runs.run import Run
from rampviewer.model.tables.jump_table import COLUMNS

CLOSED_TEXT = "Jumps are listed here: open a ramp exposure."
WAIT_TEXT = "The jumps are listed here once the run is complete."
NONE_TEXT = "No group of this run carries JUMP_DET: a lower threshold may find jumps."
DELIVERED_TEXT = "The file was delivered without jumps: the live run looks for them."
SKIPPED_TEXT = "Jump detection was skipped: the exposure has too few usable groups."
MANY_TEXT = "{} flags are too many to list: a higher threshold leaves fewer."
WORDS = Words(
    row="jump",
    rows="jumps",
    counted="flag",
    keys=("P", "N"),
    whole="in the whole run",
    wait=WAIT_TEXT,
    none=NONE_TEXT,
)


class JumpTablePanel(PlaceTable):
    """The `PlaceTable` of `jump_table`."""

    filters: JumpFilterBar

    def __init__(self, parent: QWidget | None = None) -> None:
        filters = JumpFilterBar()
        super().__init__(COLUMNS, WORDS, filters, sort_by="ratio", parent=parent)
        self._show_ratio_early()
        self.show_nothing(CLOSED_TEXT)

    def _show_ratio_early(self) -> None:
        """Let step and ratio stand before the origin: a narrow window shows them."""
        heads = self.view.horizontalHeader()
        assert heads is not None
        names = [column.name for column in COLUMNS]
        heads.moveSection(names.index("origin"), names.index("ratio"))


def none_text(run: Run) -> str:
    """Return why a run may have no jumps, and what could be done."""
    if run.recipe.delivered_jumps == "as_delivered":
        return DELIVERED_TEXT
    return SKIPPED_TEXT if run.jump_skipped or run.n_primary < 0 else NONE_TEXT
