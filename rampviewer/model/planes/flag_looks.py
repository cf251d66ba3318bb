"""One colour, one glyph and one name for every flag, wherever it is drawn.

The eight bits of GROUPDQ, which meet on one ramp, have colours that readers with any colour
vision tell apart (Okabe and Ito's, and a brown) and a glyph each, as a group may carry
several. The bits of PIXELDQ above them only meet in a map and a table and share glyphs by
family. Glyphs have the names of pyqtgraph.
"""

from types import MappingProxyType
from typing import Final

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin

BIT_LOOKS: Final = MappingProxyType(
    {
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
)

ORIGIN_LOOKS: Final = MappingProxyType(
    {
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
)
