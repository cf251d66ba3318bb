"""The products of a run, as files."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rampviewer.io.names import STANDARD
from rampviewer.io.products import write_products
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.ramp_fitting import fit_exposure
from rampviewer.model.runs.run import Run
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.settings.naming import Naming


def export_run(
    exposure: Exposure,
    run: Run,
    directory: Path,
    *,
    products: Sequence[str] = STANDARD,
    overwrite: bool = False,
    naming: Naming | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Path]:
    """Write products of a complete run and return their paths.

    Parameters
    ----------
    exposure : Exposure
    run : Run
    directory : Path
        Made when it is not there.
    products : sequence of str
        Any of "jump", "rate", "rateints" and what `optional_product` says. Segments are
        fitted again for "fitopt": a run does not keep them.
    overwrite : bool
        Whether existing files may be replaced.
    naming : Naming, optional
        What the official output options say.
    progress : callable
        Gets (bytes written, bytes) now and then; what it raises ends the writing.

    Raises
    ------
    FileExistsError
        When a file exists and `overwrite` is False; nothing is written then.
    OSError
        When a file cannot be written; an old product is then still whole.
    """
    segments = None
    if "fitopt" in products:
        segments = fit_exposure(
            exposure,
            run.recipe.fit,
            groupdq=flags_of_run(exposure, run),
            pixeldq=run.pixeldq,
            segments=True,
        ).segments
    return write_products(
        exposure,
        run,
        directory,
        segments=segments,
        overwrite=overwrite,
        naming=naming,
        which=tuple(products),
        progress=progress,
    )
