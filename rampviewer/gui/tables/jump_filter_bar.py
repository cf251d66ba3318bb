"""What rows of the table of jumps to list."""

from PyQt6.QtWidgets import QWidget

from rampviewer.core.origin import Origin
from rampviewer.gui.tables.filter_bar import IN_VIEW, FilterBar, Switch
from rampviewer.model.tables.jump_filter import HELP
from rampviewer.model.tables.jump_table import NEAR, is_near

PRIMARY = Switch(
    text="Primary",
    tip="Only jumps that a difference itself showed: no neighbours, none after a jump",
    passing=lambda table, _area: table["origin"] == Origin.PRIMARY,
)
NEAR_THRESHOLD = Switch(
    text="Near threshold",
    tip=(
        f"Only ratios within {100 * NEAR:.0f} % of the threshold that applied: "
        "those that a small move decides about"
    ),
    passing=lambda table, _area: is_near(table),
)


class JumpFilterBar(FilterBar):
    """The `FilterBar` of the jumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        switches = (PRIMARY, NEAR_THRESHOLD, IN_VIEW)
        super().__init__(switches, "jumps", "ratio>20 origin=neighbour", HELP, parent)
        self.primary, self.near, self.in_view = (self.boxes[item] for item in switches)
