"""A page on one pixel without a window: read, process, draw, write."""

from dataclasses import dataclass, field
from pathlib import Path

from rampviewer import __version__
from rampviewer.gui.files.sheet import SheetContent, check_suffix, save_sheet
from rampviewer.gui.shell.exposure_line import summary
from rampviewer.gui.shell.qt_application import make_qt_application, without_platform_notes
from rampviewer.gui.shell.sentences import outside_sentence
from rampviewer.gui.widgets.theme import apply_theme
from rampviewer.io.atomic import make_folder
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.planes.plane import Plane, plane_values
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.reference_choices import ReferenceChoices


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOrder:
    """What a sheet is made of, and where it goes.

    Attributes
    ----------
    step : (int, int)
        Integration and group of a plane that has such; also marked in the ramp.
    """

    path: Path
    pixel: Pixel
    output: Path
    recipe: Recipe
    plane: Plane = Plane.RATE
    step: tuple[int, int] = (0, 0)
    references: ReferenceChoices = field(default_factory=ReferenceChoices)


def write_sheet(order: SheetOrder) -> None:
    """Write a page on one pixel of an exposure; no display is needed.

    The folder of the page is made when it is not there.

    Raises
    ------
    ValueError, OSError
        With a sentence that names the file.
    """
    check_suffix(order.output)
    given = order.references
    exposure = read_exposure(
        order.path,
        gain=given.gain,
        readnoise=given.readnoise,
        saturation=given.saturation,
        use_readpatt=given.use_readpatt,
        n_pix_grow_sat=given.n_pix_grow_sat,
        skip_saturation=given.skip_saturation,
        fetch_references=given.fetch,
    )
    _check(exposure, order)
    prepared = Prepared.of(exposure)
    run = process_exposure(prepared, order.recipe)
    qt = make_qt_application(["rampviewer"], __version__)
    with without_platform_notes():
        apply_theme(qt, "light")
        content = SheetContent(
            lines=summary(exposure, order.recipe.source or "defaults"),
            values=plane_values(exposure, run, order.plane, *order.step),
            bad=prepared.unusable,
            plane=order.plane,
            heading=order.plane.heading(*order.step),
            view=inspect_pixel(prepared, order.recipe, order.pixel, run.large),
            step=order.step,
        )
        make_folder(order.output.parent)
        save_sheet(content, order.output)


def _check(exposure: Exposure, order: SheetOrder) -> None:
    pixel, (integration, group) = order.pixel, order.step
    if pixel.row >= exposure.n_rows or pixel.col >= exposure.n_cols:
        raise ValueError(outside_sentence(pixel, exposure).rstrip("."))
    if integration >= exposure.n_ints or group >= exposure.n_groups:
        raise ValueError(
            f"{exposure.name} has {exposure.n_ints} x {exposure.n_groups} groups "
            f"(integrations x groups): there is no group {group} of integration "
            f"{integration}"
        )
