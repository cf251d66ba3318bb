"""`rampviewer` for notebooks and scripts: open, process, save; no window, no Qt."""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rampviewer.io.export import export_run
from rampviewer.io.names import products_wanted
from rampviewer.io.parameter_files import read_parameters
from rampviewer.io.parameter_writer import write_parameters
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.tables import astropy_table
from rampviewer.model.errors import ARGUMENTS, MissingReferenceError
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory.budget import bytes_of
from rampviewer.model.pixel.explanation import Explanation, explain_pixel
from rampviewer.model.runs.fit_notes import fit_notes
from rampviewer.model.runs.jump_detection import detect_exposure, flags_of_skipped
from rampviewer.model.runs.likely_fitting import optional_product
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.results import FitResult, JumpResult
from rampviewer.model.runs.run import Recipe, Run
from rampviewer.model.settings.checks import require
from rampviewer.model.settings.naming import Naming
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.step_parameters import Step, skipped_of
from rampviewer.model.tables.jump_table import jump_table
from rampviewer.model.tables.segment_table import segment_table
from rampviewer.model.text.number_text import rate_text
from rampviewer.pixel_plot import plot_pixel

if TYPE_CHECKING:
    from astropy.table import Table
    from matplotlib.axes import Axes

    from rampviewer.io.references import Given

__all__ = ["Result", "explain", "open", "process", "read_parameters", "write_parameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """Both steps applied to an exposure.

    Attributes
    ----------
    exposure : Exposure
    run : Run
        Parameters, rates, packed jumps and counters.
    jumps : JumpResult
        Flags with their origins, found again when they are first asked for.
    fit : FitResult
        Rates of the exposure and of each integration.
    """

    exposure: Exposure
    run: Run

    def __repr__(self) -> str:
        fit = "" if "ramp_fit" in self.run.recipe.skipped else ".fit "
        return (
            f"<Result of {self.exposure.name} ({self.run.recipe.summary}): "
            f"{self.run.outcome}; {fit}.jumps .notes .plot_pixel() .save()>"
        )

    @cached_property
    def jumps(self) -> JumpResult:
        """Flags and origins: (n_ints, n_groups, n_rows, n_cols) uint8 each."""
        exposure, recipe = self.exposure, self.run.recipe
        if "jump" in recipe.skipped:
            return flags_of_skipped(exposure)
        return detect_exposure(
            replace(exposure, timing=exposure.timing.even),  # as the official step
            recipe.jump,
            delivered_jumps="drop" if recipe.delivered_jumps == "drop" else "keep",
        )

    @cached_property
    def prepared(self) -> Prepared:
        """The exposure with what is global to it, for one pixel after the other."""
        return Prepared.of(self.exposure)

    @property
    def fit(self) -> FitResult:
        """Rates [DN/s] with errors and flags; a ValueError where the fit was skipped."""
        if "ramp_fit" in self.run.recipe.skipped:
            raise ValueError("there are no rates: the ramp fit was skipped")
        return FitResult(
            rate=self.run.rate,
            rateints=self.run.rateints,
            nothing_fitted=self.run.nothing_fitted,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what the file lacked, and on parameters that do not act."""
        fit = fit_notes(self.run.recipe, self.exposure.n_groups)
        return (*self.exposure.notes, *fit)

    def table_of_jumps(self) -> "Table":
        """Return a row for every JUMP_DET: where, origin, step, ratio, sign, threshold.

        Steps are in DN, ratios in sigma; NaN where no difference was compared.
        """
        return astropy_table(jump_table(self.prepared, self.run))

    def segments_of(self, x: int, y: int) -> "Table":
        """Return a row for every segment fitted in one pixel.

        Parameters
        ----------
        x, y : int
            Column and row, counted from 0.

        Returns
        -------
        table : astropy Table
            With units: groups, slope and its errors, intercept, variances, weight.

        Raises
        ------
        TypeError, ValueError
            When `x` or `y` is no whole number, or the pixel is not in the exposure.
        """
        view = explain_pixel(self.prepared, self.run.recipe, x, y, self.run).view
        return astropy_table(segment_table(view))

    def plot_pixel(self, x: int, y: int, *, axes: Any = None) -> "tuple[Axes, Axes]":
        """Draw the ramp of column `x` and row `y`, its segments, and GROUPDQ below.

        Each segment is labelled with its slope [DN/s] and its weight in the rate; jumps
        are ringed, with a legend of where they came from.

        Parameters
        ----------
        x, y : int
            Column and row, counted from 0.
        axes : two matplotlib Axes, optional
            For the ramp [DN] and for GROUPDQ; those of a new figure by default.

        Returns
        -------
        axes : (Axes, Axes)
            For the ramp, and for GROUPDQ.

        Raises
        ------
        ImportError
            When matplotlib is not installed: `pip install rampviewer[matplotlib]`.
        TypeError, ValueError
            When `x` or `y` is no whole number, or the pixel is not in the exposure.
        """
        view = explain_pixel(self.prepared, self.run.recipe, x, y, self.run).view
        rate = rate_text(view.slope, view.err)
        title = f"{self.exposure.name}\nx {x}, y {y}, rate {rate}"
        return plot_pixel(view, title, axes=axes)

    def save(
        self,
        directory: str | os.PathLike[str] = ".",
        *,
        save_opt: bool = False,
        naming: Naming | None = None,
        overwrite: bool = False,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> list[Path]:
        """Write `_jump`, `_rate`, `_rateints` and, with `save_opt`, one more.

        Of a step that was skipped no product is written.

        Parameters
        ----------
        directory : path
            Made when it is not there.
        save_opt : bool
            Whether `_fitopt`, the fits of all segments, is wanted; after a likelihood fit,
            which has none, `_likely_chisq` in its place.
        naming : Naming, optional
            What the official options `output_file`, `suffix`, ... say.
        overwrite : bool
            Whether existing files may be replaced; the opened file never is.
        progress : callable
            Gets (bytes written, bytes) now and then; what it raises ends the writing.

        Returns
        -------
        paths : list of Path
            The files written; without any rate product when nothing could be fitted.

        Raises
        ------
        FileExistsError
            When a product exists and `overwrite` is False; nothing is written then.
        OSError
            When a file cannot be written; an old product is then still whole.
        ValueError
            When a product would replace the opened file, or two would have one name.
        """
        exposure, recipe = self.exposure, self.run.recipe
        optional = optional_product(exposure.n_groups, exposure.timing, recipe.fit)
        products = products_wanted(recipe.skipped, optional if save_opt else "")
        try:
            return export_run(
                exposure,
                self.run,
                Path(directory),
                products=products,
                naming=naming,
                overwrite=overwrite,
                progress=progress,
            )
        except FileExistsError as error:
            raise FileExistsError(f"{error}; overwrite=True replaces them") from None


def open(
    path: str | os.PathLike[str],
    gain: "Given" = None,
    readnoise: "Given" = None,
    *,
    saturation: "Given" = None,
    use_readpatt: bool = True,
    n_pix_grow_sat: int = 1,
    skip_saturation: bool = False,
    fetch_references: bool = False,
    memory_budget: int | str | None = None,
    whole_series: bool = False,
    announce: Callable[[str], None] = lambda _text: None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Exposure:
    """Read a ramp exposure.

    Parameters
    ----------
    path : path
    gain, readnoise : path, number, (n_rows, n_cols) array or None
        A reference file, a number for all pixels or one for each ([electron/DN]; CDS noise
        [DN]), or None: the file of the CRDS cache that header or CRDS_CONTEXT choose.
    saturation : path, number, (n_rows, n_cols) array or None
        Where groups of an uncalibrated exposure are saturated [DN]; not used for others.
    use_readpatt, n_pix_grow_sat, skip_saturation : bool, int, bool
        As in the official step: averaged frames count, too; layers around saturated pixels;
        nothing is flagged.
    fetch_references : bool
        Whether the CRDS server may be asked for what is missing; needs the package `crds`.
    memory_budget : int or str, optional
        Memory to work in, in bytes or as "4GB"; half of what is free if not given. An
        exposure that is too large for it, and all that is made of it, lives in scratch
        files in RAMPVIEWER_SCRATCH, TMPDIR or /var/tmp.
    whole_series : bool
        Whether all segments (`-seg001`, ...) beside a segment are read as one exposure.
    announce : callable
        Gets a sentence with sizes before such an exposure is read.
    progress : callable
        Gets (bytes read, bytes) now and then; what it raises ends the reading.

    Returns
    -------
    exposure : Exposure
        `.notes` are sentences on what the file lacks and what stands in for it.

    Raises
    ------
    MissingReferenceError
        When no gain or no read noise is found: a ValueError with `.kinds`.
    OSError, ValueError
        One sentence that names the file and what is wrong with it.
    """
    try:
        return read_exposure(
            path,
            gain=gain,
            readnoise=readnoise,
            saturation=saturation,
            use_readpatt=use_readpatt,
            n_pix_grow_sat=n_pix_grow_sat,
            skip_saturation=skip_saturation,
            fetch_references=fetch_references,
            memory_budget=None if memory_budget is None else bytes_of(memory_budget),
            whole_series=whole_series,
            announce=announce,
            progress=progress,
        )
    except MissingReferenceError as error:
        raise error.told_as(ARGUMENTS) from None


def process(
    exposure: Exposure,
    jump: JumpParameters | None = None,
    fit: RampFitParameters | None = None,
    delivered_jumps: Literal["keep", "drop"] = "keep",
    *,
    skip: Collection[Step] = (),
    source: str = "",
    n_threads: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Result:
    """Detect jumps and fit the ramps of an exposure.

    Parameters
    ----------
    exposure : Exposure
    jump, fit : parameters, optional
        Official defaults where left out.
    delivered_jumps : "keep" or "drop"
        Whether JUMP_DET flags that are in the exposure stay, as in the official step.
    skip : collection of "jump", "ramp_fit"
        A step to leave out, as by `skip` in a pipeline: without "jump" the flags stay as
        delivered; without "ramp_fit" there are no rates.
    source : str
        Where the parameters come from, for the HISTORY of the products.
    n_threads : int, optional
        All cores by default.
    progress : callable
        Gets (rows done, rows) now and then.

    Returns
    -------
    result : Result

    Raises
    ------
    TypeError, ValueError
        When an argument is not what it must be.
    """
    require("exposure", exposure, Exposure, "rampviewer.open('x_ramp.fits')")
    jump = JumpParameters() if jump is None else jump
    fit = RampFitParameters() if fit is None else fit
    require("jump", jump, JumpParameters, "JumpParameters(rejection_threshold=4.0)")
    require("fit", fit, RampFitParameters, "RampFitParameters(suppress_one_group=True)")
    if delivered_jumps not in ("keep", "drop"):
        raise ValueError(f"delivered_jumps must be keep or drop, got {delivered_jumps!r}")
    skipped = skipped_of(skip)
    recipe = Recipe(
        jump=jump,
        fit=fit,
        delivered_jumps="as_delivered" if "jump" in skipped else delivered_jumps,
        source=source,
        skipped=skipped,
    )
    run = process_exposure(
        Prepared.of(exposure), recipe, n_threads=n_threads, progress=progress
    )
    return Result(exposure=exposure, run=run)


def explain(
    source: Exposure | Result,
    x: int,
    y: int,
    *,
    jump: JumpParameters | None = None,
    fit: RampFitParameters | None = None,
    delivered_jumps: Literal["keep", "drop"] | None = None,
) -> Explanation:
    """Explain all that is decided about one pixel, with the kernels of the image.

    Parameters
    ----------
    source : Exposure or Result
        A result is quicker for several pixels, and knows its parameters; for large events,
        and of MIRI, an exposure alone has to be looked at as a whole.
    x, y : int
        Column and row, counted from 0.
    jump, fit, delivered_jumps : optional
        Those of the result, or else the defaults of `process`, where left out.

    Returns
    -------
    explanation : Explanation
        `print` it, or take `.decision`, `.flags`, `.events`, `.segments`, `.likely`,
        `.why`, `.view`.

    Raises
    ------
    ValueError, TypeError
        When `x`, `y` is no pixel of the exposure, or `source` is something else.
    """
    if isinstance(source, Result):
        prepared, recipe = source.prepared, source.run.recipe
    else:
        require("source", source, Exposure, "rampviewer.open('x_ramp.fits')")
        prepared = Prepared.of(source)
        recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    recipe = replace(
        recipe,
        jump=jump or recipe.jump,
        fit=fit or recipe.fit,
        delivered_jumps=delivered_jumps or recipe.delivered_jumps,
    )
    run = source.run if isinstance(source, Result) else None
    if run is not None and replace(recipe, fit=run.recipe.fit) != run.recipe:
        run = None  # its flags are those of other parameters
    return explain_pixel(prepared, recipe, x, y, run)
