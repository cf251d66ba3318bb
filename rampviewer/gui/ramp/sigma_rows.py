"""The panels in sigma below the ramps: two-point differences, residuals."""

from PyQt6.QtCore import QPointF

from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_plot import RampPlot
from rampviewer.gui.ramp.ramp_rows import RampRows
from rampviewer.gui.ramp.step_data import (
    origins_in,
    residual_limits,
    residual_marks,
    step_limits,
    step_marks,
)
from rampviewer.model.pixel.deviation import (
    applied_thresholds,
    branch_text,
    compared_text,
    deviations,
    stayed_text,
    step_sigma,
)
from rampviewer.model.pixel.pixel_view import PixelView

TOO_FEW = "No difference was compared: fewer than two can be used."
NO_SIGMA = "No residual in sigma: without differences to compare, no sigma is known."
NO_FIT = "No residual: nothing could be fitted."
HOW_TO_DRAG = "Drag the line to change it."


class SigmaRows:
    """Fills and scales the panels in sigma of all columns."""

    def __init__(self, rows: RampRows) -> None:
        self._rows = rows
        self.is_held = False  # a threshold is being dragged
        self._look = RampLook()
        self._steps = self._residuals = (-1.0, 1.0)

    def show_view(self, view: PixelView, plots: list[RampPlot], look: RampLook) -> None:
        self._look = look
        if look.steps:
            self._show_steps(view, plots)
        if look.residuals:
            self._show_residuals(view, plots)

    def set_ranges(self, plots: list[RampPlot]) -> None:
        """Show all that is not far off, on one scale in all columns."""
        if self._look.steps and not self.is_held:
            plots[0].steps.view_box.show_range(y=self._steps)
        if self._look.residuals:
            plots[0].residuals.view_box.show_range(y=self._residuals)

    def tip_at(self, plots: list[RampPlot], scene: QPointF) -> str:
        """Return what is said about a threshold below the mouse, "" beside them."""
        for plot in plots:
            box, thresholds = plot.steps.view_box, plot.thresholds
            if box.isVisible() and box.sceneBoundingRect().contains(scene):
                line = thresholds.line_at(thresholds.mapFromScene(scene).y())
                if line is not None:
                    return f"{line.name} = {line.sigma:g} sigma. {HOW_TO_DRAG}"
        return ""

    def _show_steps(self, view: PixelView, plots: list[RampPlot]) -> None:
        decision, bars = view.decision, self._look.bars
        values, lines = deviations(decision), applied_thresholds(decision)
        branch, compared = branch_text(decision), compared_text(decision)
        message = "" if lines else TOO_FEW if compared else branch
        for number, plot in enumerate(plots):
            column = plot.column
            plot.steps.show_marks(
                step_marks(column.parts, decision, values, bars=bars),
                step_marks(column.faint, decision, values, faint=True),
            )
            plot.thresholds.set_lines(lines, labelled=number == 0)
            plot.thresholds.set_message(message)
        told = (compared, branch, stayed_text(decision)) if compared else ("", "", "")
        self._rows.step_head.set_text(
            *("   ".join(text for text in texts if text) for texts in _shorter(told))
        )
        self._rows.step_head.set_origins(origins_in(view))
        self._steps = step_limits(decision)

    def _show_residuals(self, view: PixelView, plots: list[RampPlot]) -> None:
        sigma, bars = step_sigma(view), self._look.bars
        known = sigma > 0
        marks = []
        for plot in plots:
            column = plot.column
            shown = residual_marks(column.parts, view, sigma, bars=bars)
            faint = residual_marks(column.faint, view, sigma, bars=False)
            plot.residuals.show_marks(shown, faint)
            marks += [shown, faint]
        fitted = any(item.segments for item in view.integrations)
        message = "" if known and fitted else NO_SIGMA if fitted else NO_FIT
        for plot in plots:
            plot.residuals.band.set_message(message)
        text = "residual of the segment fits"
        unit = f" in sigma of a two-point difference, {sigma:.2f} DN" if known else ""
        self._rows.residual_head.set_text(f"{text}{unit}", text)
        self._residuals = residual_limits(marks)


def _shorter(told: tuple[str, str, str]) -> tuple[tuple[str, ...], ...]:
    compared, branch, stayed = told
    name, _, counts = branch.partition(", ")
    if not stayed:
        return told, (compared, branch), (branch,), (name,)
    # Median and sigma tell more than what is compared, and than how many could be.
    found = f"{name}, {counts.rpartition(', ')[2]}"
    return told, (branch, stayed), (found, stayed), (branch,), (name,)
