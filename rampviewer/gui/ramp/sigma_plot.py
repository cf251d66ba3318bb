"""A plot of values in sigma, x-linked with the ramp above it."""

from PyQt6.QtGui import QColor, QFont

from rampviewer.core.dq import Dq
from rampviewer.gui.plots.line_overlay import LineOverlay
from rampviewer.gui.plots.linked_box import LinkedBox
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.sigma_band import SigmaBand
from rampviewer.gui.ramp.sigma_layer import SigmaLayer, SigmaMarks
from rampviewer.gui.widgets.flag_styles import style_of
from rampviewer.gui.widgets.glyphs import Glyph

POINT, FAINT_POINT = 6.0, 4.0  # [pixel]


class SigmaPlot:
    """Differences or residuals of the integrations in one plot."""

    def __init__(self, view_box: LinkedBox, band: SigmaBand, font: QFont) -> None:
        self.view_box, self.band = view_box, band
        self.lines = LineOverlay(view_box, QColor(style_of(Dq.JUMP_DET).color))
        self.faint = SigmaLayer(view_box, font)  # of integrations drawn behind
        self.marks = SigmaLayer(view_box, font)

    def show_marks(self, marks: SigmaMarks, faint: SigmaMarks) -> None:
        self.marks.set_marks(marks)
        self.faint.set_marks(faint)

    def set_colors(self, colors: RampColors) -> None:
        for part in (self.lines, self.band, self.faint, self.marks):
            part.set_colors(colors)
        self.marks.set_common(Glyph("o", colors.text.name(), POINT, 255, 1.0))
        self.faint.set_common(Glyph("o", colors.muted.name(), FAINT_POINT, 200, 0.5))
