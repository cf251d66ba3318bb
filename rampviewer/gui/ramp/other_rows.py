"""What the plots of a pixel show besides it: pinned pixels, other products."""

from rampviewer.gui.pins.pin_looks import pin_style
from rampviewer.gui.ramp.other_layer import Entry
from rampviewer.gui.ramp.other_ramps import (
    Curve,
    OtherRamp,
    curve_of,
    pin_ramp,
    sibling_ramp,
    sibling_style,
    widened,
    zero_groups_of,
)
from rampviewer.gui.ramp.ramp_columns import Column
from rampviewer.gui.ramp.ramp_data import XAxis
from rampviewer.gui.ramp.ramp_plot import RampPlot
from rampviewer.gui.ramp.ramp_rows import RampRows
from rampviewer.model.pins import Pin
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.sibling_ramps import Sibling, SiblingRamp

Places = tuple[tuple[int, XAxis], ...]  # of integrations in a plot
PinnedViews = tuple[tuple[Pin, PixelView | None], ...]


class OtherRows:
    """Fills the layers of other ramps in all columns, and their legend."""

    def __init__(self, rows: RampRows) -> None:
        self._rows = rows
        self._pins: tuple[OtherRamp, ...] = ()
        self._siblings: tuple[tuple[Sibling, OtherRamp], ...] = ()
        self._wanted: tuple[tuple[int, Sibling], ...] = ()
        self._entries: dict[str, tuple[Entry, ...]] = {"pins": (), "siblings": ()}
        self._curves: list[Curve] = []
        self._known: dict[tuple[Places, bool], dict[OtherRamp, Curve]] = {}  # of pins

    def set_pins(self, pinned: PinnedViews) -> None:
        """Draw these pixels over the one shown; those without a view are only named."""
        self._known = {}
        self._pins = tuple(pin_ramp(pin, view) for pin, view in pinned if view is not None)
        self._name("pins", tuple(_pin_entry(pin) for pin, _ in pinned))

    def want_siblings(self, wanted: tuple[tuple[int, Sibling], ...]) -> None:
        """Name these siblings, each with its place in the list; their ramps follow."""
        self._wanted = wanted
        shown = {sibling for _, sibling in wanted}
        self._siblings = tuple(pair for pair in self._siblings if pair[0] in shown)
        self._name(
            "siblings", tuple(_sibling_entry(number, each) for number, each in wanted)
        )

    def set_siblings(self, ramps: tuple[SiblingRamp, ...]) -> None:
        """Draw these ramps while their pixel is the one shown."""
        numbers = {sibling: number for number, sibling in self._wanted}
        self._siblings = tuple(
            (ramp.sibling, sibling_ramp(ramp, sibling_style(numbers[ramp.sibling])))
            for ramp in ramps
            if ramp.sibling in numbers
        )

    def is_waiting(self, view: PixelView) -> bool:
        """Return whether those of another pixel are known, and of this one will be soon."""
        pixels = {ramp.pixel for _, ramp in self._siblings}
        return bool(pixels) and view.pixel not in pixels

    def show_view(self, view: PixelView, plots: list[RampPlot], *, zero: bool) -> None:
        """Draw what there is over the plots of a pixel."""
        groups = zero_groups_of(view.integrations) if zero else None
        pins = [ramp for ramp in self._pins if ramp.pixel != view.pixel]
        siblings = [ramp for _, ramp in self._siblings if ramp.pixel == view.pixel]
        others = [*pins, *siblings]
        self._curves = []
        for plot in plots:
            found = self._curves_in(plot.column, others, groups)
            plot.others.set_curves(found)
            self._curves += found

    def limits(self, limits: tuple[float, float]) -> tuple[float, float]:
        """Return a range of the y axis in which all that is drawn can be seen [DN]."""
        return widened(limits, self._curves)

    def _curves_in(
        self,
        column: Column,
        others: list[OtherRamp],
        groups: tuple[int | None, ...] | None,
    ) -> list[Curve]:
        places = tuple((part.integration, part.axis) for part in column.parts)
        known = self._known.setdefault((places, groups is None), {})
        found = []
        for other in others:
            curve = known.get(other)
            if curve is None:
                curve = curve_of(other, column, groups)
                if other.zero is not None:  # else it follows the pixel shown
                    known[other] = curve
            found.append(curve)
        return found

    def _name(self, kind: str, entries: tuple[Entry, ...]) -> None:
        self._entries[kind] = entries
        self._rows.show_legend(self._entries["pins"] + self._entries["siblings"])


def _pin_entry(pin: Pin) -> Entry:
    row, col = pin.pixel
    texts = (f"{pin.number}: x {col}, y {row}", f"{pin.number}: {col},{row}")
    return Entry(pin_style(pin.number), (*texts, str(pin.number)), is_filled=True)


def _sibling_entry(number: int, sibling: Sibling) -> Entry:
    note = f" ({sibling.note})" if sibling.note else ""
    texts = (f"{sibling.name}{note}", sibling.name)
    return Entry(sibling_style(number), texts, is_filled=False)
