"""What stands above a plot: the integrations that it shows."""

import math
from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFont, QPainter
from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from rampviewer.gui.ramp.text_strip import TextStrip

GAP = 8.0  # between names [pixel]


class ColumnHead(TextStrip):
    """Names the integration of a plot or, where several stand behind one another, each."""

    def __init__(self, font: QFont, view_box: Any) -> None:
        super().__init__(font)
        self._view_box = view_box
        self.heads: tuple[tuple[float, tuple[str, ...]], ...] = ()
        self._needed: list[float] = []  # for each of its texts
        view_box.sigXRangeChanged.connect(lambda *_: self.update())

    def set_heads(self, heads: tuple[tuple[float, tuple[str, ...]], ...]) -> None:
        """Name several integrations, each by the first text that fits above its middle.

        `heads` are (x of the middle, texts from long to short).
        """
        if heads != self.heads:
            self.heads = heads
            self.setToolTip("\n".join(texts[0] for _, texts in heads[:20]))
            self.update()

    def widths(self) -> list[float]:
        """Return what each of its texts needs, from the longest on [pixel]."""
        return [self._letters.width_of(text) for text in (self.text, *self.shorter)]

    def set_needed(self, widths: list[float]) -> None:
        """Say as much as heads beside it, of which none needs more than these widths."""
        if widths != self._needed:
            self._needed = widths
            self.update()

    def fitting(self, width: float) -> str:
        own = self.text, *self.shorter
        if len(own) != len(self._needed):
            return super().fitting(width)
        fits = (
            text for text, needed in zip(own, self._needed, strict=True) if needed <= width
        )
        return next(fits, super().fitting(width))

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        if len(self.heads) == 1:
            super().paint(painter, option, widget)
            return
        assert painter is not None
        painter.setFont(self._letters.font)
        painter.setPen(self._color)
        for area, text in self.placed():
            self._letters.centered(painter, area, text)

    def placed(self) -> list[tuple[QRectF, str]]:
        """Return what is written where; all names are equally long."""
        (low, high), _ = self._view_box.viewRange()
        scale = self.rect().width() / ((high - low) or 1.0)
        middles = [(x - low) * scale for x, _ in self.heads]
        if len(middles) < 2 or scale == 0:
            return []
        pitch = middles[1] - middles[0]
        n_texts = len(self.heads[0][1])
        widths = [
            max(self._letters.width_of(texts[n]) for _, texts in self.heads)
            for n in range(n_texts)
        ]
        n = next((n for n, width in enumerate(widths) if width <= pitch - GAP), n_texts - 1)
        every = max(1, math.ceil((widths[n] + GAP) / pitch))
        found, free_from = [], 0.0
        named = list(zip(middles, self.heads, strict=True))[::every]
        for middle, (_, texts) in named:
            width = self._letters.width_of(texts[n]) + 2
            left = middle - width / 2
            if left >= free_from and left + width <= self.rect().width() + GAP:
                found.append((QRectF(left, 0, width, self.rect().height()), texts[n]))
                free_from = left + width + GAP / 2
        return found


def level_heads(heads: Sequence[ColumnHead]) -> None:
    """Let heads of plots side by side say equally much."""
    needed = [max(row) for row in zip(*(head.widths() for head in heads), strict=False)]
    for head in heads:
        head.set_needed(needed)
