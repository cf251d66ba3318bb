"""How flags are drawn in the window; which colour and glyph each has: `flag_looks`."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QColor, QPen

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.planes.flag_looks import BIT_LOOKS, ORIGIN_LOOKS


@dataclass(frozen=True, slots=True)
class FlagStyle:
    """How one flag looks.

    `color` is "#rrggbb", `symbol` a pyqtgraph symbol, `label` the name to print. Glyphs are
    drawn hollow, so that the datum below and a second flag stay visible.
    """

    color: str
    symbol: str
    label: str

    def pen(self, width: float = 1.6, *, dashed: bool = False) -> QPen:
        """Return a cosmetic pen for the outline of a glyph, or for a line."""
        pen = QPen(QColor(self.color), width)
        pen.setCosmetic(True)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen

    def brush(self, alpha: int = 0) -> QBrush:
        """Return the brush inside a glyph; clear as a rule, `alpha` is 0 to 255."""
        color = QColor(self.color)
        color.setAlpha(alpha)
        return QBrush(color)


STYLES: Final = MappingProxyType(
    {bit: FlagStyle(*BIT_LOOKS[bit], str(bit.name)) for bit in Dq}
)
ORIGIN_STYLES: Final = MappingProxyType(
    {origin: FlagStyle(*look) for origin, look in ORIGIN_LOOKS.items()}
)
GROUP_BITS: Final = tuple(bit for bit in Dq if bit < 1 << 8)  # what GROUPDQ can hold


def style_of(bit: Dq) -> FlagStyle:
    """Return how one data-quality bit looks.

    Raises
    ------
    KeyError
        When `bit` is not exactly one bit.
    """
    return STYLES[bit]


def style_of_origin(origin: Origin) -> FlagStyle:
    """Return how a jump flag of this origin looks."""
    return ORIGIN_STYLES[origin]
