"""How pinned pixels look, wherever they are drawn.

Their colours (Okabe and Ito's) are told apart with any colour vision; each comes twice,
and the two differ in glyph and line. The number of a pin stands beside it, too.
"""

from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import Qt

from rampviewer.model.pins import MOST_PINS

_COLORS: Final = ("#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#0072B2")
_SYMBOLS: Final = ("o", "s", "t1", "d", "p", "t", "h", "star", "t2", "t3", "+", "x")


@dataclass(frozen=True, slots=True)
class RampStyle:
    """Colour, pyqtgraph symbol and line of a ramp that is drawn over another one."""

    color: str
    symbol: str
    line: Qt.PenStyle = Qt.PenStyle.SolidLine


def pin_style(number: int) -> RampStyle:
    """Return the look of pin `number`, from 1 to `MOST_PINS`."""
    n_colors = len(_COLORS)
    line = Qt.PenStyle.SolidLine if number <= n_colors else Qt.PenStyle.DashLine
    return RampStyle(_COLORS[(number - 1) % n_colors], _SYMBOLS[number - 1], line)


PIN_STYLES: Final = tuple(pin_style(number) for number in range(1, MOST_PINS + 1))
