"""One colour, one glyph and one name for every flag, wherever it is drawn.

The eight bits of GROUPDQ, which meet on one ramp, have colours that readers with any colour
vision tell apart (Okabe and Ito's, and a brown) and a glyph each, as a group may carry
several. The bits of PIXELDQ above them only meet in a map and a table and share glyphs by
family.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QColor, QPen

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin


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


_BITS: Final = {
    Dq.DO_NOT_USE: ("#858585", "x"),
    Dq.SATURATED: ("#E69F00", "s"),
    Dq.JUMP_DET: ("#D55E00", "o"),
    Dq.DROPOUT: ("#0072B2", "d"),
    Dq.OUTLIER: ("#CC79A7", "star"),
    Dq.PERSISTENCE: ("#56B4E9", "t1"),
    Dq.AD_FLOOR: ("#009E73", "t"),
    Dq.CHARGELOSS: ("#7A4E2A", "p"),
    # Where a pixel is, rather than what is wrong with it.
    Dq.NON_SCIENCE: ("#5B6770", "|"),
    Dq.REFERENCE_PIXEL: ("#3D7A9E", "|"),
    Dq.BAD_REF_PIXEL: ("#A9BBC6", "|"),
    # Behaviour of the detector.
    Dq.DEAD: ("#7A0019", "+"),
    Dq.HOT: ("#FF3B30", "+"),
    Dq.WARM: ("#FF8F66", "+"),
    Dq.LOW_QE: ("#6B4E9B", "+"),
    Dq.RC: ("#B07AD9", "+"),
    Dq.TELEGRAPH: ("#E25BD0", "+"),
    Dq.NONLINEAR: ("#2FB7A5", "+"),
    Dq.OPEN: ("#4466E8", "+"),
    Dq.ADJ_OPEN: ("#9CB2FF", "+"),
    Dq.OTHER_BAD_PIXEL: ("#B5838D", "+"),
    # What calibration could not know.
    Dq.UNRELIABLE_ERROR: ("#9C6B30", "t2"),
    Dq.UNRELIABLE_BIAS: ("#C58B4A", "t2"),
    Dq.UNRELIABLE_DARK: ("#7D7A2E", "t2"),
    Dq.UNRELIABLE_SLOPE: ("#E0B58A", "t2"),
    Dq.UNRELIABLE_FLAT: ("#A39C5A", "t2"),
    Dq.NO_FLAT_FIELD: ("#5D8C3E", "t3"),
    Dq.NO_GAIN_VALUE: ("#8CC152", "t3"),
    Dq.NO_LIN_CORR: ("#B9E089", "t3"),
    Dq.NO_SAT_CHECK: ("#3F6B4F", "t3"),
    Dq.FLUX_ESTIMATED: ("#00D08A", "h"),
    Dq.MSA_FAILED_OPEN: ("#F7A8C9", "h"),
}

_ORIGINS: Final = {
    Origin.NONE: ("#858585", "x", "not a jump"),
    Origin.DELIVERED: ("#858585", "s", "delivered"),
    Origin.PRIMARY: ("#D55E00", "o", "primary"),
    Origin.NEIGHBOR: ("#56B4E9", "d", "neighbour"),
    Origin.AFTER_JUMP: ("#009E73", "t2", "after a jump"),
    Origin.SNOWBALL: ("#CC79A7", "h", "snowball"),
    Origin.SNOWBALL_CORE: ("#E69F00", "p", "snowball core"),
    Origin.CARRIED_OVER: ("#0072B2", "t1", "carried over"),
    Origin.SHOWER: ("#7A4E2A", "star", "shower"),
    Origin.MANUAL: ("#9467BD", "+", "set by hand"),
}

STYLES: Final = MappingProxyType({bit: FlagStyle(*_BITS[bit], str(bit.name)) for bit in Dq})
ORIGIN_STYLES: Final = MappingProxyType(
    {origin: FlagStyle(*look) for origin, look in _ORIGINS.items()}
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
