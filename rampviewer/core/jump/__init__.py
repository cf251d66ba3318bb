"""Jump detection with two-point differences: blocks of rows, and one pixel explained."""

from rampviewer.core.jump.clip_rows import wholly_flagged
from rampviewer.core.jump.pixel_trace import PixelTrace
from rampviewer.core.jump.row_block import detect_rows
from rampviewer.core.jump.settings import (
    ITERATIVE,
    SIGMA_CLIP,
    SINGLE_PASS,
    TOO_FEW_GROUPS,
    JumpSettings,
)
from rampviewer.core.jump.trace import trace_pixel

__all__ = [
    "ITERATIVE",
    "SIGMA_CLIP",
    "SINGLE_PASS",
    "TOO_FEW_GROUPS",
    "JumpSettings",
    "PixelTrace",
    "detect_rows",
    "trace_pixel",
    "wholly_flagged",
]
