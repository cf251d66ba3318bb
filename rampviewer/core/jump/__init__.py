"""Jump detection with two-point differences: blocks of rows, and one pixel explained."""

from rampviewer.core.jump.pixel_trace import PixelTrace
from rampviewer.core.jump.row_block import detect_rows
from rampviewer.core.jump.settings import (
    ITERATIVE,
    SINGLE_PASS,
    TOO_FEW_GROUPS,
    JumpSettings,
)
from rampviewer.core.jump.trace import trace_pixel

__all__ = [
    "ITERATIVE",
    "SINGLE_PASS",
    "TOO_FEW_GROUPS",
    "JumpSettings",
    "PixelTrace",
    "detect_rows",
    "trace_pixel",
]
