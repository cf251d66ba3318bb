"""A y axis for low plots."""

from typing import Any

from PyQt6.QtGui import QFont, QFontMetricsF

from rampviewer.gui.plots.quick_axis import QuickAxis


class FittingAxis(QuickAxis):
    """An axis on the left whose label is as long as there is room.

    pyqtgraph lets a long label run into the plots above and below.
    """

    def __init__(self, font: QFont, names: tuple[str, ...], **options: Any) -> None:
        self._names = names
        super().__init__("left", font, **options)
        self.setStyle(maxTickLevel=1)  # the finest ticks take longest and tell nothing
        if names:
            self.setLabel(names[0])

    def name_for(self, height: float) -> str:
        """Return the label in a plot of this height [pixel]."""
        metrics = QFontMetricsF(self.label.font())
        fits = (n for n in self._names if metrics.horizontalAdvance(n) + 8 <= height)
        return next(fits, self._names[-1])

    def set_names(self, names: tuple[str, ...]) -> None:
        """Write another label, from long to short."""
        if names != self._names:
            self._names = names
            self.resizeEvent()

    def resizeEvent(self, event: Any = None) -> None:
        # The base class calls this while it is being made, too.
        if self._names and hasattr(self, "label"):
            name = self.name_for(self.size().height())
            if name != self.labelText:
                self.setLabel(name)
        super().resizeEvent(event)
