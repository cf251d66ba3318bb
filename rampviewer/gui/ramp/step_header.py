"""The line above a panel in sigma: what it shows, and what its glyphs mean."""

from PyQt6.QtGui import QFont, QPainter
from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from rampviewer.core.origin import Origin
from rampviewer.gui.ramp.text_strip import TextStrip
from rampviewer.gui.widgets.flag_styles import style_of_origin
from rampviewer.gui.widgets.glyphs import Glyph

SIZE = 9.0  # of a glyph [pixel]
GAP = 12.0  # between the text and the entries of the legend [pixel]


class StepHeader(TextStrip):
    """A sentence on the left, and on the right a legend of the origins in the plot."""

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self.origins: tuple[Origin, ...] = ()

    def set_origins(self, origins: tuple[Origin, ...]) -> None:
        """Explain the glyphs of these origins."""
        if origins != self.origins:
            self.origins = origins
            self.update()

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        painter.setFont(self._letters.font)
        painter.setPen(self._color)
        text, legend = self.layout_for(self.rect().width())
        self._letters.from_left(painter, self.rect(), text)
        for x, origin in legend:
            style = style_of_origin(origin)
            self._draw_entry(painter, x, Glyph.of(style, SIZE), style.label)

    def layout_for(self, width: float) -> tuple[str, list[tuple[float, Origin]]]:
        """Return the text and (x, origin) of the legend for so many pixels.

        The text is the longest one that fits beside the whole legend. A legend for which
        there is no room at all is left out: the tooltip of a group names its origin too.
        """
        sizes = [self._entry(origin) for origin in self.origins]
        total = sum(sizes)
        for text in (self.text, *self.shorter):
            used = self._letters.width_of(text)
            if used + GAP + total <= width:
                starts = [width - sum(sizes[n:]) for n in range(len(sizes))]
                return text, list(zip(starts, self.origins, strict=True))
        return self.fitting(width), []

    def _entry(self, origin: Origin) -> float:
        return self._entry_width(SIZE, style_of_origin(origin).label) + GAP
