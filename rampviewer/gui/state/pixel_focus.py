"""The selected pixel and the one under the mouse, and what is known of them."""

from rampviewer.model.exposure import Pixel
from rampviewer.model.kernels.warm_up import Ready
from rampviewer.model.pixel.inspection import inspect_pixel, needs_rare_kernels
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe


class PixelFocus:
    """Two pixels, fitted as the run on screen is.

    They are fitted on the GUI thread, which must not wait for a compiler: until `ready`
    says that their kernels are, nothing is known of them.
    """

    def __init__(self) -> None:
        self.selected: Pixel | None = None
        self.hovered: Pixel | None = None
        self.selected_view: PixelView | None = None
        self.hover_view: PixelView | None = None
        self.ready = Ready.NOTHING

    @property
    def read_out(self) -> PixelView | None:
        """What is known of the hovered pixel, or else of the selected one."""
        return self.hover_view or self.selected_view

    def fit(
        self, prepared: Prepared | None, recipe: Recipe, large: LargeLayer | None
    ) -> None:
        """Fit both pixels with a recipe."""
        self.selected_view = self.view_of(self.selected, prepared, recipe, large)
        self.fit_hovered(prepared, recipe, large)

    def fit_hovered(
        self, prepared: Prepared | None, recipe: Recipe, large: LargeLayer | None
    ) -> None:
        """Fit the pixel under the mouse only."""
        self.hover_view = self.view_of(self.hovered, prepared, recipe, large)

    def view_of(
        self,
        pixel: Pixel | None,
        prepared: Prepared | None,
        recipe: Recipe,
        large: LargeLayer | None,
    ) -> PixelView | None:
        """Return a pixel fitted with a recipe; None while that cannot be done."""
        if prepared is None or pixel is None or self.ready is Ready.NOTHING:
            return None
        if self.ready is not Ready.EVERYTHING and needs_rare_kernels(prepared, recipe):
            return None
        return inspect_pixel(prepared, recipe, pixel, large)
